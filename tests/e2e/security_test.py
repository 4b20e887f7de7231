#!/usr/bin/env python3
"""What was proved is enforced: denials at the moment of use, modes, the audit log, secrets, and plans that were tampered with.

Usage: security_test.py BIN_DIR [FILTER]
"""
import base64
import hashlib
import json
import os
import urllib.parse

from harness import USAGE, case, check, contains, equal, exists, main, read
from plans import seal, writer

# At the moment of use

@case
def dynamic_path_is_checked_when_used(bench):
    project = writer(bench)
    project.run("-i", "path=reports/a.txt").completed()
    equal(read(project.path("reports/a.txt")), "hello")
    run = project.run("-i", "path=elsewhere.txt").failed("w", "denied")
    check(not exists(project.path("elsewhere.txt")))
    contains(run.error("w")["message"], "elsewhere.txt")
    # Nor by another spelling, or through a link inside the workspace.
    os.symlink(".", project.path("reports/up"))
    for path in ("reports/../elsewhere.txt", "./elsewhere.txt", "reports/up/../../elsewhere.txt"):
        project.run("-i", "path=" + path).failed("w")
    check(not exists(project.path("elsewhere.txt")))


@case
def stage_and_tool_scopes_narrow_what_the_project_allows(bench):
    project = bench.project("""
        wfc: 1
        security:
          allow: {fs.read: ["**"]}
          grants:
            - {to: "stage:main.narrow", allow: {fs.read: ["public/**"]}}
            - {to: "tool:careful", deny: {fs.read: ["**/*.key"]}}
        tools: {careful: {builtin: fs.read, timeout: 5s}}
        workflows:
          main:
            input: {fields: {path: string}}
            stages:
              narrow: {tool: fs.read, with: {path: "${input.path}"}, on_error: continue}
              plain: {tool: fs.read, with: {path: "${input.path}"}, on_error: continue}
              own: {tool: fs.read, with: {path: "${input.path}"}, capabilities: {deny: {fs.read: ["private/**"]}}, on_error: continue}
              tool: {tool: careful, with: {path: "${input.path}"}, on_error: continue}
    """, {"public/a": "x", "private/b.key": "x"})
    equal(project.run("-i", "path=public/a").completed().statuses,
          {"narrow": "succeeded", "own": "succeeded", "plain": "succeeded", "tool": "succeeded"})
    run = project.run("-i", "path=private/b.key").partial()
    equal(run.statuses, {"narrow": "tolerated", "own": "tolerated", "plain": "succeeded", "tool": "tolerated"})


@case
def dynamic_command_is_checked_when_used(bench):
    project = bench.project("""
        wfc: 1
        security: {allow: {exec: [echo yes, "printf"]}}
        workflows:
          main:
            input: {fields: {program: string, word: string}}
            output: ${stages.r.output}
            stages:
              r: {run: ["${input.program}", "${input.word}"], effect: read, timeout: 9s}
    """)
    contains(project.run("-i", "program=echo", "-i", "word=yes").completed().out, "yes")
    contains(project.run("-i", "program=printf", "-i", "word=any").completed().out, "any")
    project.run("-i", "program=echo", "-i", "word=no").failed("r", "denied")
    project.run("-i", "program=cat", "-i", "word=/etc/passwd").failed("r", "denied")
    project.run("-i", "program=echo yes", "-i", "word=x").failed("r", "denied")


# Modes

@case
def dry_run_performs_nothing_from_write_up(bench):
    for project, arguments in ((writer(bench), ["--dry-run"]), (writer(bench), ["--mode", "dry_run"]), (writer(bench, "dry_run"), ["--mode", "dry_run"])):
        run = project.run("-i", "path=reports/a.txt", *arguments).completed()
        check(not exists(project.path("reports")), os.listdir(project.folder))
        check(run.stage("w")["simulated"])
        equal(run.manifest["mode"], "dry_run")
        equal(sorted(run.json), ["path", "sha256", "size"])


@case
def dry_run_reads_for_real_and_yields_what_the_tool_says(bench):
    project = bench.project("""
        wfc: 1
        security: {allow: {exec: [touch, echo], fs.write: ["out"]}}
        tools:
          make: {command: [touch, out], writes: [out], effect: write, timeout: 9s, returns: {fields: {n: {type: integer, minimum: 2}}}, parse: json}
          said: {command: [touch, out], writes: [out], effect: write, timeout: 9s, dry_run: nothing done}
        workflows:
          main:
            output: ["${stages.real.output.trim()}", "${stages.simulated.output}", "${stages.said.output}"]
            stages:
              real: {run: [echo, real], effect: read, timeout: 9s}
              simulated: {tool: make}
              said: {tool: said}
    """)
    run = project.run("--dry-run").completed()
    equal(run.json, ["real", {"n": 2}, "nothing done"])
    equal({stage["stage"]: stage["simulated"] for stage in run.manifest["stages"]}, {"real": False, "said": True, "simulated": True})
    check(not exists(project.path("out")))


@case
def mode_that_the_workflow_may_not_run_in_is_refused(bench):
    project = writer(bench)
    project.run("-i", "path=reports/a", "--mode", "analysis_only").says(USAGE, "analysis_only")
    project.run("-i", "path=reports/a", "--mode", "nonsense").says(USAGE, "nonsense")
    project.run("-i", "path=reports/a", "--dry-run", "--mode", "implement").says(USAGE)
    check(not exists(project.path("reports")))


# The audit log

def chain_problem(lines):
    """None where each line follows from the one before, by the hash of its content."""
    previous = None
    for number, line in enumerate(lines):
        content = {key: value for key, value in line.items() if key != "hash"}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if line["seq"] != number or (previous is not None and line["previous"] != previous):
            return f"line {number} does not follow"
        if hashlib.sha256(text.encode()).hexdigest() != line["hash"]:
            return f"line {number} is not what its hash says"
        previous = line["hash"]
    return None


@case
def every_decision_is_a_line_of_a_chain(bench):
    project = bench.project("""
        wfc: 1
        security: {allow: {fs.read: ["**"], exec: [echo], llm: [default], secret: [KEY]}, deny: {fs.read: [b.txt]}}
        secrets: {KEY: {env: KEY}}
        models: {default: [{provider: scripted}]}
        agents: {a: {prompt: hi}}
        workflows:
          main:
            input: {fields: {path: string}}
            stages:
              read: {tool: fs.read, with: {path: "${input.path}"}, on_error: continue}
              say: {run: [echo, hi], env: {KEY: "${secret.KEY}"}, effect: read, timeout: 9s}
              ask: {agent: a, timeout: 9s}
    """, {"a.txt": "a", "b.txt": "b"})
    run = project.run("-i", "path=a.txt", env={"KEY": "a-secret-value"}).completed()
    decisions = {(line["stage"], line["capability"], line["subject"], line["allowed"]) for line in run.audit}
    expected = {("read", "fs.read", "a.txt", True), ("say", "exec", "echo hi", True), ("say", "secret", "KEY", True),
                ("ask", "llm", "default", True)}
    check(expected <= decisions, decisions)
    equal(chain_problem(run.audit), None)
    equal(run.manifest["audit"], {"count": len(run.audit), "head": run.audit[-1]["hash"]})
    run = project.run("-i", "path=b.txt", env={"KEY": "a-secret-value"}).partial()
    check(("read", "fs.read", "b.txt", False) in {(line["stage"], line["capability"], line["subject"], line["allowed"]) for line in run.audit})
    contains([line["reason"] for line in run.audit if not line["allowed"]][0], "b.txt")
    equal(chain_problem(run.audit), None)
    tampered = [dict(line) for line in run.audit]
    tampered[0]["allowed"] = not tampered[0]["allowed"]
    check(chain_problem(tampered), "a changed line would go unnoticed")


# Secrets

SECRET = 's3cr3t/"quoted" +ü\\value'
FORMS = {
    "raw": SECRET,
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 of more": base64.b64encode(b"user:" + SECRET.encode() + b"\n").decode(),
    "url": urllib.parse.quote(SECRET, safe=""),
    "form": urllib.parse.quote_plus(SECRET),
    "json": json.dumps(SECRET)[1:-1],
    "utf-8 json": json.dumps(SECRET, ensure_ascii=False)[1:-1],
}
LEAK = """import base64, json, os, sys, urllib.parse
s = os.environ['KEY']
forms = [s, base64.b64encode(s.encode()).decode(), base64.b64encode(b'user:' + s.encode() + b'\\n').decode(), urllib.parse.quote(s, safe=''),
         urllib.parse.quote_plus(s), json.dumps(s, ensure_ascii=False)]
print('\\n'.join(forms))
print('\\n'.join(forms), file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""


def leaking(bench):
    return bench.project("""
        wfc: 1
        security: {allow: {exec: [python3, cat], secret: [KEY, FILED]}}
        secrets: {KEY: {env: API_KEY}, FILED: {file: key.txt}}
        workflows:
          main:
            input: {fields: {code: integer}}
            output: ${stages.leak.output}
            stages:
              leak: {run: [python3, leak.py, "${input.code}"], env: {KEY: "${secret.KEY}"}, effect: read, timeout: 9s}
              again: {run: [cat], stdin: "${stages.leak.output}", effect: read, timeout: 9s}
              filed: {run: [python3, leak.py, "0"], env: {KEY: "${secret.FILED}"}, effect: read, timeout: 9s}
    """, {"leak.py": LEAK, "key.txt": "another-hidden-value"})


def assert_no_secret(run, *values):
    places = {"stdout": run.out, "stderr": run.err}
    for folder, _, names in os.walk(run.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                places[name] = file.read().decode("utf-8", "replace")
    check(len(places) > 6, places.keys())
    for place, text in places.items():
        for value in values:
            check(value not in text, f"{place} holds {value!r}:", text)


@case
def secret_reaches_the_command_and_no_record(bench):
    project = leaking(bench)
    needles = [SECRET, FORMS["base64"], FORMS["url"], FORMS["form"], FORMS["utf-8 json"], FORMS["base64 of more"], "another-hidden-value"]
    run = project.run("-i", "code=0", env={"API_KEY": SECRET}).completed()
    assert_no_secret(run, *needles)
    contains(run.out, "[secret KEY]")
    run = project.run("-i", "code=5", env={"API_KEY": SECRET}).failed("leak", "exit")
    assert_no_secret(run, *needles)
    run = project.run("-i", "code=0", "--format", "json", env={"API_KEY": SECRET}).completed()
    assert_no_secret(run, *needles)


@case
def secret_in_json_output_is_redacted_in_text_of_any_depth(bench):
    project = bench.project("""
        wfc: 1
        security: {allow: {exec: [printenv], secret: [KEY]}}
        secrets: {KEY: {env: API_KEY}}
        workflows:
          main:
            output: {deep: [{text: "${json({'k': stages.leak.output})}", "${stages.leak.output}x": 1}]}
            stages:
              leak: {run: [printenv, KEY], env: {KEY: "${secret.KEY}"}, effect: read, timeout: 9s}
    """.replace('"${stages.leak.output}x": 1', "more: 1"))
    run = project.run(env={"API_KEY": SECRET}).completed()
    assert_no_secret(run, SECRET, FORMS["utf-8 json"])


@case
def secret_that_is_not_set_is_one_clear_message(bench):
    run = leaking(bench).run("-i", "code=0")
    check(run.code in (1, 2), run)
    contains(run.err, "KEY")


# Plans that were tampered with

def tamper(path, old, new):
    """Writes a plan whose text `old` is `new`, of the same length; sealed again."""
    with open(path, "rb") as file:
        plan = file.read()
    check(old in plan and len(old) == len(new), f"{old} is not in the plan")
    changed = path + ".changed"
    with open(changed, "wb") as file:
        file.write(seal(plan.replace(old, new)))
    return changed


@case
def sealing_is_what_the_compiler_does(bench):
    path = writer(bench).compile()
    with open(path, "rb") as file:
        plan = file.read()
    equal(seal(plan), plan)


@case
def plan_whose_grants_were_edited_away_is_denied(bench):
    project = writer(bench)
    plan = project.compile()
    project.run_command(["wfc", "run", plan, "-i", "path=reports/a.txt"]).completed()
    changed = tamper(plan, b"reports/**", b"nothere/**")
    run = project.run_command(["wfc", "run", changed, "-i", "path=reports/b.txt"])
    if run.folder is None:  # refused as a whole is as good
        equal(run.code, USAGE, run)
    else:
        run.failed("w", "denied")
        equal([line["allowed"] for line in run.audit], [False])
    check(not exists(project.path("reports/b.txt")))


@case
def command_whose_grant_was_edited_away_is_denied(bench):
    project = bench.project("""
        wfc: 1
        security: {allow: {exec: [touch made]}}
        workflows: {main: {stages: {t: {run: [touch, made], effect: read, timeout: 9s}}}}
    """)
    plan = project.compile()
    changed = tamper(plan, b"touch made", b"touch nope")
    run = project.run_command(["wfc-run", "run", changed])
    check(run.code != 0, run)
    check(not exists(project.path("made")))
    project.run_command(["wfc-run", "run", plan]).completed()
    check(exists(project.path("made")))


@case
def plan_that_was_changed_without_a_new_checksum_is_refused(bench):
    project = writer(bench)
    path = project.compile()
    with open(path, "rb") as file:
        plan = file.read()
    with open(path, "wb") as file:
        file.write(plan.replace(b"reports/**", b"nothere/**"))
    project.run_command(["wfc", "run", path, "-i", "path=reports/a.txt"]).says_once(USAGE)


if __name__ == "__main__":
    main()
