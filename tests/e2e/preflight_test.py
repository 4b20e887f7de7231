#!/usr/bin/env python3
"""What is found before anything runs, what is told while it runs, and which plan it is that runs."""
import contextlib
import json
import os
import shutil
import signal
import subprocess

import boxes
from boxes import case, events_of, wait_until

ALL = '{exec: ["*"], fs.write: ["**"]}'


def refused(box, *words):
    run = box.run().expect(2)
    assert len(run.stderr.splitlines()) == 1, run.stderr
    for word in words:
        assert word in run.stderr, run.stderr
    assert not os.path.exists(box.path("made")) and not os.path.exists(box.run_root)


@case
def a_program_that_is_not_there_is_refused_before_anything_runs(box):
    box.write("plain", "no program\n")
    for program, why in (("no-such-program", "no program `no-such-program` in /usr/local/bin"), ("/no/such/program", "no program `/no/such/program`"),
                         ("./plain", "not marked as executable"), ("./none", "none"), ("./sub/../none", "..")):
        box.workflow(f"""
      first: {{run: ["true"], effect: read}}
      second: {{run: ["{program}"], effect: read, after: [first]}}""", allow=ALL)
        refused(box, "`second`", why)
    box.workflow("""
      call: {tool: missing}""", allow=ALL, top="tools: {missing: {command: [no-such-program, x], effect: read}}")
    refused(box, "no-such-program")


@case
def all_that_is_missing_is_said_at_once(box):
    box.workflow("""
      a: {run: [no-such-a], effect: read}
      b: {run: [no-such-b], env: {T: "${secret.TOKEN}"}, effect: read}""", allow='{exec: ["*"], secret: [TOKEN]}', top="secrets: {TOKEN: {env: MY_TOKEN}}")
    run = box.run().expect(2)
    first, *rest = run.stderr.splitlines()
    assert first == "wfc-run: the run cannot begin, because 3 things are missing:" and len(rest) == 3, run.stderr
    for words in (("TOKEN", "`MY_TOKEN` is not there", "stage `b` (wfc.yaml:"), ("no-such-a", "stage `a` (wfc.yaml:", "execution.path"), ("no-such-b", "stage `b`")):
        assert sum(all(word in line for word in words) for line in rest) == 1, f"{words}\n{run.stderr}"
    assert not os.path.exists(box.run_root)


@case
def every_variable_that_is_not_set_is_said(box):
    box.workflow("""
      a: {transform: "${vars.one} ${vars.two} ${vars.three}"}""", top="vars: {one: {env: MY_ONE}, two: {env: MY_TWO}, three: {env: MY_THREE, default: x}}")
    run = box.run().expect(2)
    assert "`MY_ONE`" in run.stderr and "`MY_TWO`" in run.stderr and "MY_THREE" not in run.stderr, run.stderr
    box.run(env={"MY_ONE": "1", "MY_TWO": "2"}).expect(0)


@case
def the_first_line_of_a_script_is_read(box):
    for line, why in (("#!/no/such/shell", "no program `/no/such/shell`"), ("#! /no/such/shell -e", "no program `/no/such/shell`"),
                      ("#!/bin/sh\r", "carriage return"), ("#!/usr/bin/env no-such-language", "`env` finds no program `no-such-language`"),
                      ("#!/usr/bin/env sh -e", "only `env -S`"), ("#!/usr/bin/env -S A=1 no-such-language -u", "no program `no-such-language`")):
        box.write("tool", line + "\n", 0o755)
        box.workflow("      a: {run: [./tool], effect: read}", allow=ALL)
        refused(box, "first line", why, "stage `a`")
    for line in ("#!/bin/sh", "#!/usr/bin/env sh", "#!/usr/bin/env -S sh -e", "#!/usr/bin/env -S A=1 sh"):
        box.write("tool", line + "\nexit 0\n", 0o755)
        box.run().expect(0)


@contextlib.contextmanager
def small_mount(folder, options):
    """A file system of its own at the folder."""
    os.makedirs(folder, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, check=False).returncode != 0:
        raise boxes.Skipped("needs a tmpfs of its own")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@case
def a_workspace_that_cannot_be_written_is_refused_only_if_a_stage_writes(box):
    with small_mount(box.path("closed"), "size=64k,ro"):
        for stage in ("{run: [touch, closed/x], effect: write, writes: [closed/**]}", "{tool: fs.write, with: {path: closed/x, text: x}}"):
            box.workflow(f"      a: {stage}", allow=ALL)
            refused(box, "nothing can be written in", "closed: Read-only file system", "stage `a`", "--workspace")
        for stage, code in (("{run: [ls, closed], effect: read}", 0), ("{run: [touch, x], effect: write, writes: [closed/**, x]}", 0),
                            ("{run: [touch, closed/x], effect: write, writes: [closed/**], on_error: continue}", 5)):
            box.workflow(f"      a: {stage}", allow=ALL)
            box.run().expect(code)


@case
def a_place_without_room_is_refused(box):
    box.workflow("      a: {transform: 1}")
    with small_mount(box.run_root, "size=64k"):
        run = box.run().expect(2)
        assert "too little space" in run.stderr and "64 KiB left" in run.stderr and "--run-root" in run.stderr, run.stderr
        assert os.listdir(box.run_root) == [], os.listdir(box.run_root)


@case
def a_run_root_that_cannot_be_made_is_refused(box):
    box.workflow("      a: {transform: 1}")
    box.write("file", "")
    box.run_root = box.path("file/runs")
    run = box.run().expect(2)
    assert "cannot be made" in run.stderr, run.stderr


def interrupted(box, stages):
    """A run that was killed while its stage `slow` ran; its folder."""
    box.workflow(f"""
      slow: {{run: [sh, -c, ': > ready; until [ -e go ]; do sleep 0.01; done'], effect: read}}{stages}""", allow=ALL)
    run = box.start()
    wait_until(lambda: os.path.exists(box.path("ready")), "the command runs")
    wait_until(lambda: os.path.exists(box.path("done")), "the stage before has ended")
    run.kill()
    run.communicate(timeout=60)
    box.write("go", "")
    root = os.path.join(box.run_root, "main")
    return os.path.join(root, os.listdir(root)[0])


@case
def a_resumed_run_needs_only_what_may_still_run(box):
    tool, later = (os.path.realpath(box.write("../" + name, "#!/bin/sh\nexit 0\n", 0o755)) for name in ("tool", "later"))
    folder = interrupted(box, f"""
      first: {{run: [{tool}], effect: read}}
      second: {{run: [touch, done], effect: write, idempotent: true, after: [first]}}
      last: {{run: [{later}], effect: read, after: [slow]}}""")
    resume = [os.path.join(box.bin_dir, "wfc"), "resume", folder]
    os.remove(tool)
    os.rename(later, later + ".away")
    refusal = box.execute(resume).expect(2)
    assert "cannot go on" in refusal.stderr and "later" in refusal.stderr and "`first`" not in refusal.stderr, refusal.stderr
    os.rename(later + ".away", later)
    box.execute(resume).expect(0)


@case
def a_program_that_may_not_be_needed_or_may_be_made_is_let_pass(box):
    for stages, code in (
        ("a: {run: [no-such-program], effect: read, if: input.never}", 0),
        ("d: {decide: input.never, routes: {true: a, false: b}}\n      a: {run: [no-such-program], effect: read}\n      b: {transform: 1}", 0),
        ("d: {decide: input.never, routes: {true: {run: [no-such-program], effect: read}, false: []}}", 0),
        ("a: {run: [no-such-program], effect: read, on_error: continue}", 5),
        ("a: {run: [no-such-program], effect: read, on_error: {value: none}}", 0),
        ("c: {transform: 1, if: input.never}\n      a: {run: [no-such-program, \"${stages.c.output}\"], effect: read}", 0),
        ("make: {run: [sh, -c, 'cp /bin/true tool'], effect: write}\n      a: {run: [./tool], effect: read, after: [make]}", 0),
    ):
        box.workflow("      " + stages, allow=ALL, more="    input: {fields: {never: {type: boolean, default: false}}}")
        box.run().expect(code)


@case
def a_pretended_stage_needs_no_program(box):
    box.workflow("""
      a: {run: [no-such-program], effect: write}""", allow=ALL)
    box.run("--dry-run").expect(0)
    shutil.rmtree(box.run_root)
    refused(box, "no-such-program")


@case
def only_the_plan_that_is_expected_runs(box):
    box.workflow("""
      a: {run: [touch, made], effect: write}""", allow=ALL)
    plan = box.compile()
    with open(plan, "rb") as file:
        content = file.read()
    identity = content[32:64].hex()
    inspected = box.execute([os.path.join(box.bin_dir, "wfc"), "inspect", plan]).expect(0)
    assert identity in inspected.stdout, inspected.stdout
    other = "0" * 64
    for start in (box.run, lambda *words: box.run_plan(plan, *words)):
        done = start("--expect-digest", other).expect(2)
        assert identity in done.stderr and other in done.stderr and not os.path.exists(box.path("made")), done.stderr
        for form in (identity, "sha256:" + identity, identity.upper()):
            start("--expect-digest", form).expect(0)
        os.remove(box.path("made"))
    for wrong in ("", "abc", "sha256:", "g" * 64, identity + "0"):
        assert box.run_plan(plan, "--expect-digest", wrong).code in ((2,) if wrong else (0, 2)), wrong
    # The header may say what it likes.
    forged = os.path.join(box.folder, "forged.bin")
    changed = bytearray(content)
    changed[32:64] = bytes.fromhex(other)
    with open(forged, "wb") as file:
        file.write(changed)
    box.run_plan(forged, "--expect-digest", other).expect(2)


def waiting(box, more=""):
    box.workflow(f"""
      slow: {{run: [sh, -c, ': > ready; until [ -e go ]; do sleep 0.01; done'], effect: read}}
      beside: {{run: [sh, -c, ': > ready2; until [ -e go ]; do sleep 0.01; done'], effect: read}}{more}""", allow=ALL)
    run = box.start()
    wait_until(lambda: os.path.exists(box.path("ready")) and os.path.exists(box.path("ready2")), "the commands run")
    return run


@case
def a_stage_that_runs_is_seen_to_run(box):
    run = waiting(box, "\n      later: {transform: 1, after: [slow]}")
    root = os.path.join(box.run_root, "main")
    folder = os.path.join(root, os.listdir(root)[0])

    def records():
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
            statuses = {stage["stage"]: stage["status"] for stage in json.load(file)["stages"]}
        started = [event["stage"] for event in events_of(folder) if event["type"] == "stage_started"]
        return statuses == {"slow": "running", "beside": "running", "later": "pending"} and sorted(started) == ["beside", "slow"]
    wait_until(records, "the records show what runs", 2)
    box.write("go", "")
    run.communicate(timeout=60)
    assert run.returncode == 0


@case
def a_start_is_told_off_a_terminal(box):
    run = waiting(box, "\n      quick: {transform: 1}")
    first, *lines = [run.stderr.readline() for _ in range(4)]
    folder = os.path.join(box.run_root, "main")
    run_id = os.listdir(folder)[0]
    assert first == f"       run {run_id}  workflow `main`, 3 stages, in {folder}/{run_id}\n", first
    assert any("started slow" in line for line in lines) and not any("started quick" in line for line in lines), lines
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)


@case
def a_failing_command_shows_how_its_output_ended(box):
    box.write("test.sh", "for i in $(seq 100); do echo \"test $i ok\"; done; echo 'FAIL: test_add'\n"
                         "for i in $(seq 60); do echo \"a warning of some length, number $i\" >&2; done; echo 'last words' >&2; exit 1\n")
    box.workflow("""
      check: {run: [sh, test.sh], effect: read}""", allow=ALL)
    run = box.run().expect(1)
    assert "stdout: FAIL: test_add" in run.stderr and "stdout: … (more before)" in run.stderr and "stderr: last words" in run.stderr, run.stderr
    transcript = [line.split("all of it: ")[1] for line in run.stderr.splitlines() if "all of it: " in line]
    assert len(transcript) == 1 and os.path.exists(transcript[0]) and "test 1 ok" in run.transcript("check")[0]["stdout"], run.stderr
    message = run.error("check")["message"]
    assert message.startswith("`sh` exited with 1: … a warning of") and message.endswith(" last words"), message
    assert run.error("check")["details"] == {"exit": 1}
    box.workflow("""
      check: {run: [sh, -c, "echo only this; exit 1"], effect: read}""", allow=ALL)
    assert "stdout: only this" in box.run().expect(1).stderr


@case
def the_routes_that_were_taken_are_told_and_the_rest_in_one_line(box):
    box.workflow("""
      pick: {decide: input.kind, routes: {bug: [fix, tell], question: ask}, default: []}
      fix: {transform: 1}
      tell: {transform: 2}
      ask: {transform: 3}
      body: {decide: size(input.kind), routes: {3: {transform: a}}, default: {transform: b}}
      first: {decide: [{when: input.kind == "question", goto: {transform: c}}, {goto: {transform: d}}]}""",
                 more="    input: {fields: {kind: {type: string}}}")
    told = box.run("-i", "kind=bug").expect(0).stderr
    for line in ('     route pick  to fix, tell: the value is "bug"\n', "     route body  to its body: the value is 3\n",
                 "     route first  to its body: no earlier case holds\n", "   skipped 3 stages  no route or failure called for ask, body.default, first.0\n"):
        assert told.count(line) == 1, f"{line}\n{told}"
    assert told.count("skipped") == 2, told  # and the count in the summary
    told = box.run("-i", "kind=other").expect(0).stderr
    assert "     route pick  to no stage: the default, since no other route has the value\n" in told, told


@case
def a_timeout_says_its_time_and_what_was_printed(box):
    box.workflow("""
      slow: {run: [sh, -c, "echo began; sleep 60"], effect: read, timeout: 1s}""", allow=ALL)
    run = box.run().expect(1)
    assert run.error("slow")["message"] == "took longer than 1s" and "stdout: began" in run.stderr, run.stderr


boxes.main()
