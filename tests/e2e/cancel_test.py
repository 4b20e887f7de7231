#!/usr/bin/env python3
"""Ctrl-C: the first cancels as a failure does, the second kills.

Usage: cancel_test.py BIN_DIR [FILTER]
"""
import signal

from commands_test import lives
from harness import CANCELLED, case, check, contains, equal, main, read, wait_for


@case
def interrupt_cancels_the_run(bench):
    flow = bench.flow("a: {run: [sh, a.sh], effect: read}\nb: {after: [a], transform: x}",
                      files={"a.sh": "trap 'echo bye > bye; exit 1' TERM\n: > ready\nwhile :; do sleep 0.01; done\n"})
    run = flow.start()
    run.wait_for_file("ready")
    run.interrupt()
    ended = run.finish().ended(CANCELLED, "cancelled")
    equal(ended.statuses, {"a": "cancelled", "b": "cancelled"})
    equal((read(flow.path("bye")), ended.out), ("bye\n", ""))
    equal([event["type"] for event in ended.events if event["type"].startswith(("cancel", "run"))], ["run_started", "cancel_requested", "run_finished"])


@case
def cleanup_runs_after_an_interrupt(bench):
    stages = """
        a: {run: [sh, a.sh], effect: read}
        clean: {after: [a], join: settled, run: [tee, cleaned], stdin: "${run.status} ${stages.a.status}", effect: read}
    """
    flow = bench.flow(stages, files={"a.sh": ": > ready\nexec sleep 1000\n"})
    run = flow.start()
    run.wait_for_file("ready")
    run.interrupt()
    ended = run.finish().ended(CANCELLED, "cancelled")
    equal(ended.statuses, {"a": "cancelled", "clean": "succeeded"})
    equal(read(flow.path("cleaned")), "cancelled cancelled")


@case
def second_interrupt_kills(bench):
    """The command ignores TERM, and so does its child; the second Ctrl-C does not wait the five seconds of grace."""
    script = "trap '' TERM\nsh -c 'trap \"\" TERM; echo $$ > grandchild; while :; do sleep 1000; done' &\n" \
             "while [ ! -s grandchild ]; do :; done\necho $$ > child.new; mv child.new child\nwhile :; do sleep 1000; done\n"
    flow = bench.flow("a: {run: [sh, stay.sh], effect: read}\nclean: {after: [a], join: settled, run: [touch, cleaned], effect: read}",
                      files={"stay.sh": script})
    run = flow.start()
    run.wait_for_file("child")
    run.interrupt()
    run.wait_for_line("cancelling")
    run.interrupt()
    ended = run.finish()
    check(ended.code in (CANCELLED, -signal.SIGINT, -signal.SIGKILL), ended)
    for name in ("child", "grandchild"):
        pid = int(read(flow.path(name)))
        wait_for(lambda: not lives(pid), f"the end of the {name}")


@case
def interrupt_during_a_wait_to_retry(bench):
    flow = bench.flow("a: {run: [sh, -c, 'touch tried; exit 1'], effect: read, retry: {max: 3, on: [exit], backoff: {initial: 1h, max: 1h}}}")
    run = flow.start()
    run.wait_for_file("tried")
    run.interrupt()
    run.finish().ended(CANCELLED, "cancelled")


@case
def interrupt_during_a_scripted_delay(bench):
    head = "models: {default: [{provider: scripted, fixture: answers.yaml}]}\nagents: {a: {prompt: hi}}\n"
    stages = "first: {run: [touch, ready], effect: read}\nask: {agent: a, after: [first], timeout: 2h}"
    flow = bench.flow(stages, head=head, files={"answers.yaml": "ask: [{delay: 1h, value: late}]\n"})
    run = flow.start()
    run.wait_for_file("ready")
    run.interrupt()
    ended = run.finish().ended(CANCELLED, "cancelled")
    contains(str(ended.statuses), "cancelled")


@case
def terminate_is_an_interrupt(bench):
    flow = bench.flow("a: {run: [sh, a.sh], effect: read}", files={"a.sh": ": > ready\nexec sleep 1000\n"})
    run = flow.start()
    run.wait_for_file("ready")
    run.process.send_signal(signal.SIGTERM)
    run.finish().ended(CANCELLED, "cancelled")


if __name__ == "__main__":
    main()
