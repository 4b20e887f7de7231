#!/usr/bin/env python3
"""The project's boundary: what is read and written for a project lies beneath its folder, whatever its links say."""
import json
import os

import boxes
from boxes import case

FINE = "wfc: 1\nworkflows: {main: {stages: {a: {transform: 1}}}}\n"
OUTSIDE = "TOPSECRET of another folder\n"
LEADS_OUT = "leads out of the project's folder"
SMALL = 2 << 30


def outside(box, text=OUTSIDE, name="outside.txt"):
    path = os.path.join(box.folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def link(box, target, name):
    path = box.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.remove(path)
    os.symlink(target, path)


def wfc(box, verb, *arguments, **options):
    """Under a limit that an endless file would break."""
    command = [os.path.join(box.bin_dir, "wfc"), verb, *arguments]
    limits = f'ulimit -c 0; {"" if is_sanitized() else f"ulimit -v {SMALL // 1024};"} exec "$@"'
    return box.execute(["sh", "-c", limits, "sh", *command], timeout=30, **options)


def is_sanitized():
    return "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ


# Where the text of a project may come from: a row names a file, and what the project is that uses it.

AGENT = """wfc: 1
workflows: {main: {output: "${stages.a.output}", stages: {a: {agent: r, timeout: 1s}}}}
models: {default: [{provider: scripted, fixture: f.yaml}]}
agents: {r: {system: hi, prompt: p.md}}
security: {allow: {llm: [default]}}
"""
ROWS = {
    "a prompt": ("p.md", AGENT, {"f.yaml": "a: [ok]\n"}),
    "a prompt in a folder": ("prompts/p.md", AGENT.replace("p.md", "prompts/p.md"), {"f.yaml": "a: [ok]\n"}),
    "a fixture": ("f.yaml", AGENT, {"p.md": "say hi\n"}),
    "a specification": ("specs/a.md", FINE + 'specs: {files: ["specs/*.md"]}\n', {}),
    "the root file": ("wfc.yaml", FINE, {}),
    "a section's file": ("agents.yaml", FINE, {}),
    "a file of a section's folder": ("tools/x.yaml", FINE, {}),
    "a workflow's file": ("workflows/x.yaml", FINE, {}),
    "a schema": ("schemas/s.json", FINE, {}),
}


def prepare(box, row):
    name, root, files = ROWS[row]
    for path, text in ({"wfc.yaml": root} | files).items():
        box.write(path, text)
    return name


def make_refusal_case(row, kind):
    def refuse(box):
        name = prepare(box, row)
        if kind == "pipe":
            if os.path.lexists(box.path(name)):
                os.remove(box.path(name))
            os.makedirs(os.path.dirname(box.path(name)), exist_ok=True)
            os.mkfifo(box.path(name))
        else:
            link(box, {"relative": os.path.relpath(outside(box), os.path.dirname(box.path(name))), "absolute": outside(box),
                       "device": "/dev/zero", "environment": "/proc/self/environ"}[kind], name)
        for verb in ("check", "guard", "run", "compile", "simulate"):
            done = wfc(box, verb, box.project_folder, env={"SHOWN": "TOPSECRET"})
            if verb == "guard" and done.code == 4:
                continue  # there is no specification to guard
            if verb in ("check", "guard") or row != "a specification":
                assert done.code in (1, 2), (verb, done.code, done.stdout, done.stderr)
            said = done.stdout + done.stderr
            assert "TOPSECRET" not in said, (verb, said)
            if verb == "check":
                assert (LEADS_OUT if kind != "pipe" else "it is not a file") in said and name in said, said
                assert kind == "pipe" or "--allow-outside" in said, said
    refuse.__name__ = f"refused: {row} as {kind}"
    return case(refuse)


for each in ROWS:
    for how in ("relative", "absolute", "device", "environment", "pipe"):
        make_refusal_case(each, how)


@case
def a_link_as_a_folder_leads_out_too(box):
    os.mkdir(os.path.join(box.folder, "shared"))
    outside(box, "say TOPSECRET\n", "shared/p.md")
    box.write("wfc.yaml", AGENT.replace("p.md", "prompts/p.md"))
    box.write("f.yaml", "a: [ok]\n")
    link(box, "../shared", "prompts")
    done = wfc(box, "check", box.project_folder)
    assert done.code == 1 and LEADS_OUT in done.stdout and "K004" in done.stdout, done.stdout
    os.remove(box.path("prompts"))
    outside(box, "agents: {x: {system: TOPSECRET, prompt: p}}\n", "shared/x.yaml")
    link(box, "../shared", "agents")
    done = wfc(box, "check", box.project_folder)
    assert done.code == 2 and LEADS_OUT in done.stderr and "TOPSECRET" not in done.stdout + done.stderr, done.stderr


@case
def links_within_the_project_are_read(box):
    box.write("wfc.yaml", AGENT)
    box.write("real/p.md", "say hi")
    box.write("real/f.yaml", "a: [ok]\n")
    box.write("real/tools.yaml", "tools: {}\n")
    link(box, "real/p.md", "p.md")
    link(box, box.path("real/f.yaml"), "f.yaml")
    link(box, "real/tools.yaml", "tools.yaml")
    assert box.run().expect(0).stdout == "ok\n"
    assert "say hi" in box.run().text("transcripts/a.jsonl")


@case
def links_out_are_read_where_they_are_allowed_and_that_is_said(box):
    box.write("wfc.yaml", AGENT)
    box.write("f.yaml", "a: [ok]\n")
    target = outside(box, "say hi\n")
    link(box, "../outside.txt", "p.md")
    for verb in ("check", "compile", "inspect", "run", "simulate"):
        done = wfc(box, verb, box.project_folder, "--allow-outside")
        assert done.code == 0, (verb, done.stdout, done.stderr)
        assert f"p.md was read from outside the project: {os.path.realpath(target)} (--allow-outside)" in done.stderr, (verb, done.stderr)
    done = wfc(box, "check", box.project_folder, "--allow-outside", "--format", "json")
    json.loads(done.stdout)
    link(box, "/dev/zero", "p.md")
    assert wfc(box, "check", box.project_folder, "--allow-outside").code == 1


@case
def paths_that_lead_out_by_themselves_are_never_read(box):
    outside(box)
    for path in ("../outside.txt.md", os.path.join(box.folder, "outside.txt.md"), "a/../../outside.txt.md"):
        box.write("wfc.yaml", AGENT.replace("p.md", path))
        box.write("f.yaml", "a: [ok]\n")
        done = wfc(box, "check", box.project_folder, "--allow-outside")
        assert done.code == 1 and "is not a path below the project's folder" in done.stdout, done.stdout


@case
def a_large_specification_is_not_read_to_its_end(box):
    box.write("wfc.yaml", FINE + 'specs: {files: ["specs/*.md"]}\n')
    path = box.write("specs/a.md", "---\nlast_review: 2026-01-01\n---\n")
    with open(path, "ab") as file:
        file.truncate(1 << 40)
    done = wfc(box, "check", box.project_folder)
    assert done.code == 1 and "it is larger than 16 MiB" in done.stdout, (done.code, done.stdout, done.stderr)


# --fix

NEEDS_FIX = "wfc: 1\nworkflows:\n  main:\n    stages:\n      a: {transform: 1}\n      b: {transform: 2, needs: [a]}\n"


@case
def a_fix_is_never_written_through_a_link_out(box):
    path = outside(box, NEEDS_FIX, "real.yaml")
    link(box, "../real.yaml", "wfc.yaml")
    for options in ([], ["--allow-outside"], ["--allow-outside", "--unsafe-fixes"]):
        done = wfc(box, "check", "--fix", *options, box.project_folder)
        assert done.code == 2, (done.code, done.stdout, done.stderr)
        with open(path, encoding="utf-8") as file:
            assert file.read() == NEEDS_FIX
    assert os.path.islink(box.path("wfc.yaml"))


@case
def a_fix_is_never_written_through_a_folder_that_leads_out(box):
    os.mkdir(os.path.join(box.folder, "shared"))
    text = "workflow: x\nstages:\n  a: {transform: 1}\n  b: {transform: 2, needs: [a]}\n"
    path = outside(box, text, "shared/x.yaml")
    box.write("wfc.yaml", FINE.replace("workflows", "main: main\nworkflows"))
    link(box, "../shared", "workflows")
    for options in ([], ["--allow-outside"]):
        assert wfc(box, "check", "--fix", *options, box.project_folder).code == 2
        with open(path, encoding="utf-8") as file:
            assert file.read() == text


@case
def a_fix_is_written_where_a_link_within_leads(box):
    box.write("real/root.yaml", NEEDS_FIX, mode=0o640)
    link(box, "real/root.yaml", "wfc.yaml")
    wfc(box, "check", "--fix", box.project_folder).expect(0)
    assert "after: [a]" in box.read("real/root.yaml") and os.path.islink(box.path("wfc.yaml"))
    assert os.stat(box.path("real/root.yaml")).st_mode & 0o777 == 0o640


@case
def a_plan_is_not_written_through_a_link_of_the_project(box):
    """Nobody typed the name of the file, so a link of that name is not what anybody meant."""
    box.write("wfc.yaml", FINE)
    precious = outside(box)
    link(box, "../outside.txt", "main.plan.bin")
    command = [os.path.join(box.bin_dir, "wfc"), "compile", "."]
    done = box.execute(["sh", "-c", f'cd "{box.project_folder}"; exec "$@"', "sh", *command]).expect(0)
    assert "wrote main.plan.bin" in done.stderr
    with open(precious, encoding="utf-8") as file:
        assert file.read() == OUTSIDE
    assert not os.path.islink(box.path("main.plan.bin"))


# The workspace

READER = """wfc: 1
EXECUTION
workflows: {main: {output: "${stages.a.output.text}", stages: {a: {tool: fs.read, with: {path: f}, timeout: 1s}}}}
"""


def elsewhere(box):
    folder = os.path.join(box.folder, "elsewhere")
    os.mkdir(folder)
    outside(box, "ELSEWHERE", "elsewhere/f")
    return folder


@case
def a_workspace_elsewhere_is_a_finding(box):
    folder = elsewhere(box)
    os.symlink("../elsewhere", box.path("link"))
    os.symlink(folder, box.path("absolute"))
    for workspace in (folder, "../elsewhere", "a/../../elsewhere", "..", "/", "link", "absolute", "./link/.", "~"):
        box.write("wfc.yaml", READER.replace("EXECUTION", f"execution: {{workspace: '{workspace}'}}"))
        done = wfc(box, "check", box.project_folder)
        if workspace != "~":  # a folder of that name, as far as anybody knows
            assert done.code == 1 and "K004" in done.stdout and "--workspace" in done.stdout, (workspace, done.stdout)
        for verb in ("run", "compile"):
            done = wfc(box, verb, box.project_folder)
            assert done.code in (1, 2) or workspace == "~", (verb, workspace, done.stdout, done.stderr)
            assert "ELSEWHERE" not in done.stdout + done.stderr
        assert os.listdir(folder) == ["f"]


@case
def a_workspace_elsewhere_is_named_on_the_command_line(box):
    folder = elsewhere(box)
    box.write("wfc.yaml", READER.replace("EXECUTION\n", ""))
    assert box.run("--workspace", folder).expect(0).stdout == "ELSEWHERE\n"


@case
def a_workspace_within_is_used_also_through_a_link(box):
    box.write("data/f", "within")
    os.symlink("data", box.path("link"))
    for workspace in ("data", "./data/", "link"):
        box.write("wfc.yaml", READER.replace("EXECUTION", f"execution: {{workspace: {workspace}}}"))
        wfc(box, "check", box.project_folder).expect(0)
        assert box.run().expect(0).stdout == "within\n"


@case
def a_plan_does_not_follow_a_link_that_was_put_there_later(box):
    folder = elsewhere(box)
    box.write("data/f", "within")
    box.write("wfc.yaml", READER.replace("EXECUTION", "execution: {workspace: data}"))
    plan = box.compile()
    os.rename(box.path("data"), box.path("moved"))
    os.symlink("../elsewhere", box.path("data"))
    done = box.run_plan(plan).expect(2)
    assert "leads out" in done.stderr and "--workspace" in done.stderr, done.stderr
    assert os.listdir(folder) == ["f"]
    assert box.run_plan(plan, "--workspace", folder).expect(0).stdout == "ELSEWHERE\n"


# Secrets

SECRET = """wfc: 1
secrets: {TOKEN: {file: 'FILE'}}
workflows: {main: {output: "${stages.a.output}", stages: {a: {run: [sh, -c, 'printf %s "$TOKEN" | wc -c'], env: {TOKEN: '${secret.TOKEN}'}, effect: read, timeout: 5s}}}}
security: {allow: {exec: [sh], secret: [TOKEN]}}
"""


@case
def a_secret_of_the_project_lies_in_it(box):
    key = outside(box, "0123456789abcdef\n", "key")
    box.write("wfc.yaml", SECRET.replace("FILE", "key"))
    box.write("key", "0123456789\n")
    assert box.run().expect(0).stdout == "10\n"
    link(box, "../key", "key")
    done = box.run().expect(2)
    assert "the file `key` cannot be read" in done.stderr and LEADS_OUT in done.stderr, done.stderr
    done = box.run("--allow-outside").expect(0)
    assert done.stdout == "16\n" and "(--allow-outside)" in done.stderr, done.stderr
    link(box, "/dev/zero", "key")
    assert box.run("--allow-outside", timeout=30).expect(2)
    # What is written as an absolute path was meant.
    box.write("wfc.yaml", SECRET.replace("FILE", key))
    assert box.run().expect(0).stdout == "16\n"


@case
def a_secret_above_the_project_is_a_finding(box):
    outside(box, "0123456789abcdef\n", "key")
    box.write("wfc.yaml", SECRET.replace("FILE", "../key"))
    done = wfc(box, "check", box.project_folder)
    assert done.code == 1 and "K004" in done.stdout, done.stdout


boxes.main()
