#!/usr/bin/env python3
"""`wfc simulate` on a real machine: it shows how far it is, can be stopped, and leaves and starts nothing.

Usage: simulate_test.py BIN_DIR [FILTER]
"""
import json
import os
import signal

from harness import CANCELLED, COMPLETED, FAILED, GUARD_SECONDS, case, contains, equal, main

MANIFEST = """
wfc: 1
workflows:
  main:
    input: {fields: {kind: {enum: [keep, drop]}}}
    stages:
      act:
        decide: input.kind
        routes:
          keep: {run: [touch, made], effect: read, timeout: 5s, on_error: continue}
          drop: {transform: dropped}
      count: {transform: "${size(stages.act.output)}"}
security: {allow: {exec: [touch]}}
"""
FOR_EVER = str(2**53)


def read_until(descriptor, text):
    shown = b""
    while text not in shown:
        shown += os.read(descriptor, 4096)
    return shown


@case
def interrupt_ends_it_with_what_was_reached(bench):
    project = bench.project(MANIFEST)
    terminal, end = os.openpty()
    process = bench.popen(["wfc", "simulate", ".", "--runs", FOR_EVER, "--format", "json"], cwd=project.folder, env={"TERM": "xterm"}, stderr=end)
    os.close(end)
    contains(read_until(terminal, b"surprise").decode(), f"of {FOR_EVER}: ")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=GUARD_SECONDS)
    os.close(terminal)
    report = json.loads(out)
    equal((process.returncode, report["interrupted"], report["covered"]), (CANCELLED, True, True), report)


@case
def nothing_is_started_and_nothing_is_left(bench):
    project = bench.project(MANIFEST)
    equal(project.wfc("simulate", ".", "--runs", "200").code, COMPLETED)
    equal(os.listdir(project.folder), ["wfc.yaml"])


@case
def the_run_that_a_report_names_shows_the_failure(bench):
    """With every seed, from the report alone."""
    project = bench.project(MANIFEST.replace("size(stages.act.output)", "stages.act.output[0]").replace("transform: dropped", "transform: []")
                            .replace("[touch, made], ", "[touch, made], parse: lines, "))
    for seed in ("1", "2", "3"):
        report = json.loads(project.wfc("simulate", ".", "--seed", seed, "--format", "json").out)
        for surprise in report["surprises"]:
            shown = project.wfc("simulate", ".", "--seed", seed, "--run", str(surprise["first_run"]), "--format", "json")
            equal(shown.code, FAILED, shown)
            messages = [(each["stage"], each["message"]) for each in json.loads(shown.out)["surprises"]]
            contains(messages, (surprise["stage"], surprise["message"]))
        equal([each["stage"] for each in report["surprises"]][:1], ["count"], report)


if __name__ == "__main__":
    main()
