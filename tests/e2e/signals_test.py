#!/usr/bin/env python3
"""Ctrl-C: the first cancels, the second kills."""
import os
import signal
import time

import boxes
from boxes import case, is_alive, wait_until

ALL = '{exec: ["*"], fs.read: ["**"], fs.write: ["**"]}'


def has(box, name):
    return os.path.exists(box.path(name)) and box.read(name).endswith("\n")


def finish(process, box, seconds=30):
    stdout, stderr = process.communicate(timeout=seconds)
    return boxes.Run(type("Done", (), {"returncode": process.returncode, "stdout": stdout, "stderr": stderr}), box.run_root)


@case
def an_interrupt_cancels_as_a_failure_does(box):
    box.workflow("""
      slow: {run: [sh, -c, "echo $$ > pid; exec sleep 300"], writes: ["*"]}
      later: {run: [touch, later], writes: ["*"], after: [slow]}
      cleanup: {run: [sh, -c, "echo $0 > cleaned", "${run.status}"], writes: ["*"], after: [slow], join: settled}""", allow=ALL)
    process = box.start()
    wait_until(lambda: has(box, "pid"), "the stage runs")
    process.send_signal(signal.SIGINT)
    run = finish(process, box).expect(130)
    assert not is_alive(int(box.read("pid")))
    assert box.read("cleaned") == "cancelled\n" and not os.path.exists(box.path("later"))
    statuses = {stage["stage"]: stage["status"] for stage in run.manifest["stages"]}
    assert statuses == {"slow": "cancelled", "later": "cancelled", "cleanup": "succeeded"}, statuses
    assert run.manifest["status"] == "cancelled"
    assert "cancel_requested" in [event["type"] for event in run.lines("events.jsonl")]


@case
def a_second_interrupt_kills_what_does_not_listen(box):
    box.workflow("""
      stubborn: {run: [sh, -c, "trap '' TERM INT; echo $$ > pid; while :; do sleep 1; done"], writes: ["*"]}""", allow=ALL)
    process = box.start()
    wait_until(lambda: has(box, "pid"), "the stage runs")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    run = finish(process, box).expect(130)
    assert time.monotonic() - started < 4, "it did not wait for TERM to be heard"
    wait_until(lambda: not is_alive(int(box.read("pid"))), "the child has ended", 5)
    assert run.manifest["status"] == "cancelled"


@case
def a_termination_signal_cancels_too(box):
    box.workflow("""
      slow: {run: [sh, -c, "echo $$ > pid; exec sleep 300"], writes: ["*"]}""", allow=ALL)
    process = box.start()
    wait_until(lambda: has(box, "pid"), "the stage runs")
    process.send_signal(signal.SIGTERM)
    finish(process, box).expect(130)
    assert not is_alive(int(box.read("pid")))


@case
def an_interrupt_ends_a_wait_for_a_retry(box):
    box.workflow("""
      again: {run: [sh, -c, "echo x >> tries; exit 1"], writes: ["*"], retry: {max: 5, on: [exit], backoff: {initial: 60s, factor: 1, max: 60s}}}""",
                 allow=ALL)
    process = box.start()
    wait_until(lambda: has(box, "tries"), "the first attempt was made")
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    finish(process, box, 10).expect(130)
    assert box.read("tries") == "x\n"


boxes.main()
