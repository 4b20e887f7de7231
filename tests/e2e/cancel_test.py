#!/usr/bin/env python3
"""Ctrl-C, and what else asks a run to end: the first cancels as a failure does, the second kills.

Usage: cancel_test.py BIN_DIR [FILTER]
"""
import os
import signal

from commands_test import lives
from harness import CANCELLED, case, check, contains, equal, exists, main, read, wait_for


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
def terms_that_come_while_the_run_computes_agree_with_its_status(bench):
    """Whichever comes first, the exit code is that of the status; no TERM ends the process by itself."""
    loop = "${size(lists.range(300).map(i, size(lists.range(300).map(j, i + j))))}"
    computing = "\n".join(f'b{i}: {{after: [a], transform: "{loop}"}}' for i in range(50))
    flow = bench.flow(f"a: {{run: [touch, ready], effect: read}}\n{computing}")
    run = flow.start()
    run.wait_for_file("ready")
    for _ in range(3):
        run.process.send_signal(signal.SIGTERM)
    ended = run.finish()
    check(ended.code in (0, CANCELLED), ended)
    if ended.code == 0:
        contains(ended.err, "completed")


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
def whatever_asks_a_run_to_end_is_an_interrupt(bench):
    """A closed terminal (HUP), a spent processor budget (XCPU), Ctrl-\\ (QUIT): cleanup runs, the command ends, all is recorded."""
    stages = """
        slow: {run: [sh, slow.sh], effect: write, timeout: 60s}
        cleanup: {run: [touch, cleaned], effect: write, join: settled, after: [slow]}
    """
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU):
        flow = bench.flow(stages, files={"slow.sh": "echo $$ > pid; : > ready\nsleep 50; touch effect\n"})
        run = flow.start()
        run.wait_for_file("ready")
        run.process.send_signal(number)
        ended = run.finish().ended(CANCELLED, "cancelled")
        equal(ended.statuses, {"slow": "cancelled", "cleanup": "succeeded"}, number)
        check(exists(flow.path("cleaned")) and not exists(flow.path("effect")))
        check(not lives(int(read(flow.path("pid")))), "the command still runs", number)
        equal((ended.events[-1]["type"], len(ended.audit)), ("run_finished", 2))


@case
def hang_up_of_a_terminal_ends_the_run(bench):
    """The run's terminal is gone too, so that nothing can be written to it."""
    stages = "slow: {run: [sh, slow.sh], effect: write, timeout: 60s}\ncleanup: {run: [touch, cleaned], effect: write, join: settled, after: [slow]}"
    flow = bench.flow(stages, files={"slow.sh": ": > ready\nsleep 50\n"})
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(flow.folder)
        os.execve(bench.tool("wfc"), ["wfc", "run", "."], os.environ | {"TERM": "xterm"})
    wait_for(lambda: exists(flow.path("ready")), "the command")
    os.close(terminal)
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) in (CANCELLED, 7), True)
    check(exists(flow.path("cleaned")))


@case
def run_below_nohup_goes_on(bench):
    flow = bench.flow("a: {run: [sh, a.sh], effect: read}", output="${stages.a.output}",
                      files={"a.sh": ": > ready\nuntil [ -e go ]; do sleep 0.01; done; echo whole\n"})
    process = bench.popen(["sh", "-c", 'trap "" HUP; exec "$0" run .', bench.tool("wfc")], cwd=flow.folder)
    wait_for(lambda: exists(flow.path("ready")), "the command")
    process.send_signal(signal.SIGHUP)
    flow.write("go", "")
    out, _ = process.communicate(timeout=60)
    equal((process.returncode, out), (0, b"whole\n"))


if __name__ == "__main__":
    main()
