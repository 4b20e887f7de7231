#!/usr/bin/env python3
"""wfc-run's own words: inputs, outputs, exit codes, and one clear message for whatever cannot be run."""
import json
import os
import resource
import subprocess

import boxes
from boxes import Skipped, case

INPUT = """    input:
      fields:
        text: {type: string, minLength: 1}
        count: {type: integer, default: 3}
        list: {list: string, max: 5}
      optional: [list]"""


def echo(box):
    box.workflow("""
      show: {transform: "${input}"}""", more=INPUT, output="${stages.show.output}")


def one_message(run, code, *words):
    run.expect(code)
    lines = run.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("wfc-run: "), run.stderr
    for word in words:
        assert word in lines[0], f"`{word}` is not in: {lines[0]}"
    assert run.stdout == ""


@case
def inputs_are_read_by_their_schema(box):
    echo(box)
    assert json.loads(box.run("-i", "text=12").expect(0).stdout) == {"text": "12", "count": 3}
    run = box.run("-i", "text=a=b", "-i", "count=7", "-i", 'list=["x"]').expect(0)
    assert json.loads(run.stdout) == {"text": "a=b", "count": 7, "list": ["x"]}


@case
def inputs_come_from_files_and_standard_input(box):
    echo(box)
    path = box.write("in.json", '{"text": "whole", "count": 1}')
    text = box.write("in.txt", "from a file\n")
    assert json.loads(box.run("--input", path).expect(0).stdout) == {"text": "whole", "count": 1}
    assert json.loads(box.run("--input", path, "-i", "count=2").expect(0).stdout) == {"text": "whole", "count": 2}
    assert json.loads(box.run("-i", "text=@" + text).expect(0).stdout)["text"] == "from a file\n"
    assert json.loads(box.run("--input", "-", stdin='{"text": "piped"}').expect(0).stdout)["text"] == "piped"


@case
def an_input_that_does_not_fit_is_one_message_and_no_run(box):
    echo(box)
    one_message(box.run(), 2, "input", "text")
    one_message(box.run("-i", "text=x", "-i", "other=1"), 2, "input", "other")
    one_message(box.run("-i", "text=x", "-i", "count=many"), 2, "count")
    one_message(box.run("-i", "text="), 2, "text")
    one_message(box.run("-i", "text"), 2, "KEY=VALUE")
    one_message(box.run("-i", "text=@/nonexistent/file"), 2, "text", "/nonexistent/file")
    one_message(box.run("--input", "-", stdin="{"), 2)
    one_message(box.run("--input", "-", stdin="[1]"), 2, "input")
    assert not os.path.exists(box.run_root), "a run that is refused leaves no folder"


@case
def a_workflow_without_input_takes_none(box):
    box.workflow("""
      show: {transform: 1}""")
    one_message(box.run("-i", "a=b"), 2, "takes no input")


@case
def an_unset_variable_is_one_message(box):
    box.workflow("""
      show: {transform: "${vars.region}"}""", top="vars: {region: {env: WFC_TEST_REGION}}", output="${stages.show.output}")
    one_message(box.run(), 2, "WFC_TEST_REGION")
    assert box.run(env={"WFC_TEST_REGION": "eu"}).expect(0).stdout == "eu\n"


@case
def what_is_not_a_plan_is_one_message(box):
    echo(box)
    plan = box.compile()
    with open(plan, "rb") as file:
        good = file.read()
    other = os.path.join(box.folder, "other.bin")

    def refused(content, *words):
        with open(other, "wb") as file:
            file.write(content)
        one_message(box.run_plan(other, "-i", "text=x"), 2, other, *words)

    refused(b"")
    refused(b"not a plan at all, but text that is longer than a header would be, to be sure of it", "not a plan")
    refused(good[:-8])
    refused(good[:40])
    refused(good[:100] + bytes([good[100] ^ 1]) + good[101:])
    refused(good[:8] + (99).to_bytes(4, "little") + good[12:], "version")
    one_message(box.run_plan("/nonexistent.plan"), 2, "/nonexistent.plan")
    one_message(box.run_plan(box.folder), 2, box.folder)


@case
def a_missing_workspace_is_one_message(box):
    echo(box)
    one_message(box.run("-i", "text=x", "--workspace", "/nonexistent"), 2, "workspace", "/nonexistent")
    one_message(box.run("-i", "text=x", "--workspace", box.path("wfc.yaml")), 2, "workspace")


@case
def modes_and_options_are_checked(box):
    echo(box)
    one_message(box.run("-i", "text=x", "--mode", "brave"), 2, "brave", "dry_run")
    one_message(box.run("-i", "text=x", "--mode", "review"), 2, "review")
    plan = box.compile()
    one_message(box.run_plan(plan, "--mode", "implement", "--dry-run"), 2)
    one_message(box.run_plan(plan, "--concurrency", "0"), 2)
    one_message(box.run_plan(plan, "--format", "xml"), 2)
    one_message(box.run_plan(plan, "--nonsense"), 2)
    box.run_plan(plan, "--concurrency", "1", "-i", "text=x").expect(0)


@case
def verbs_that_come_later_say_so(box):
    for verb in ("approve", "reject", "open"):
        one_message(box.execute([os.path.join(box.bin_dir, "wfc-run"), verb, "x"]), 2, verb, "not there yet")


@case
def an_output_is_text_or_json(box):
    box.workflow("""
      a: {transform: {b: [1, 2.5, "x"]}}""", output="${stages.a.output}")
    assert json.loads(box.run().expect(0).stdout) == {"b": [1, 2.5, "x"]}
    box.workflow("""
      a: {transform: "two\\nlines"}""", output="${stages.a.output}")
    assert box.run().expect(0).stdout == "two\nlines\n"
    box.workflow("""
      a: {transform: 1}""")
    assert box.run().expect(0).stdout == ""


@case
def json_is_one_object_and_events_are_lines(box):
    box.workflow("""
      a: {transform: 1}
      b: {fail: "on purpose", after: [a], on_error: continue}""", output="${stages.a.output}")
    run = box.run("--format", "json").expect(5)
    result = json.loads(run.stdout)
    assert (result["status"], result["output"], result["workflow"], result["failure"]) == ("partial", 1, "main", None), result
    assert [stage["status"] for stage in result["stages"]] == ["succeeded", "tolerated"]
    assert result["folder"] == run.folder
    events = [json.loads(line) for line in run.stderr.splitlines()]
    assert events[0]["type"] == "run_started" and events[-1]["type"] == "run_finished", events


@case
def a_failure_names_its_stage_and_reason(box):
    box.workflow("""
      ok: {transform: 1}
      broken: {fail: "the ${1 + 1} of them", after: [ok]}""", output="${stages.ok.output}")
    run = box.run().expect(1)
    assert run.stdout == ""
    assert "stage `broken`" in run.stderr and "the 2 of them" in run.stderr, run.stderr
    assert run.manifest["status"] == "failed"


@case
def lines_are_plain_without_a_terminal_and_coloured_when_asked(box):
    box.workflow("""
      a: {transform: 1}""")
    assert "\x1b" not in box.run().expect(0).stderr
    assert "\x1b[32m" in box.run("--color=always").expect(0).stderr


@case
def a_terminal_gets_a_live_tree(box):
    box.workflow("""
      slow: {run: [sleep, "0.6"], effect: read}""", allow='{exec: ["*"]}')
    command = box.command()
    if not os.path.exists("/usr/bin/script"):
        raise Skipped("needs script(1) for a terminal")
    shell = " ".join(f"'{word}'" for word in command)
    run = box.execute(["/usr/bin/script", "-qec", shell, "/dev/null"], env={"TERM": "xterm"}).expect(0)
    assert "running" in run.stdout and "\x1b[1A" in run.stdout and "succeeded" in run.stdout, run.stdout


@case
def what_a_stage_says_cannot_drive_the_terminal(box):
    box.workflow("""
      loud: {run: [printf, '\\033]0;title\\007\\033[2J'], effect: read, returns: {const: x}}""", allow='{exec: ["*"]}')
    assert "\x1b" not in box.run().expect(1).stderr


@case
def an_output_that_cannot_be_written_is_told(box):
    box.workflow("""
      a: {transform: "text"}""", output="${stages.a.output}")
    with open("/dev/full", "w", encoding="utf-8") as full:
        process = subprocess.run(box.command(), stdout=full, stderr=subprocess.PIPE, text=True, env=box.environment(), check=False)
    assert process.returncode != 0 and "cannot write the output" in process.stderr, process


@case
def closed_standard_streams_are_no_danger(box):
    """A file of the run must not become someone's standard output."""
    box.workflow("""
      a: {run: [sh, -c, "echo out; echo err >&2"], effect: read}""", allow='{exec: ["*"]}')
    plan = box.compile()

    def close_all():
        for descriptor in (0, 1, 2):
            os.close(descriptor)

    command = [os.path.join(box.bin_dir, "wfc-run"), "run", plan, "--project", box.project_folder, "--run-root", box.run_root]
    process = subprocess.Popen(command, preexec_fn=close_all, env=box.environment())
    process.wait(timeout=30)
    run = boxes.Run(type("Done", (), {"returncode": process.returncode, "stdout": "", "stderr": ""}), box.run_root)
    assert run.manifest["status"] == "completed"
    assert [event["type"] for event in boxes.events_of(run.folder)][-1] == "run_finished"


@case
def few_descriptors_are_enough(box):
    stages = "\n".join(f"      s{number}: {{run: ['true'], effect: read}}" for number in range(100))
    box.workflow("\n" + stages, allow='{exec: ["*"]}', top="execution: {concurrency: 8}")
    plan = box.compile()
    box.run_plan(plan, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))).expect(0)


boxes.main()
