#!/usr/bin/env python3
"""Runs that are cancelled by another process, and runs that go on in the background.

Usage: cancel_test.py BIN_DIR [FILTER]
"""
import contextlib
import json
import os
import signal
import sqlite3
import time

from harness import case, check, contains, equal, exists, main, read, run_folders, wait_for

STAGES = """
  slow: {run: [sh, -c, "echo slow >> ledger; exec sleep 600"], effect: write}
  next: {run: [sh, -c, "echo next >> ledger"], effect: write, after: [slow]}
  clean: {run: [sh, -c, "echo clean >> ledger"], effect: write, after: [next], join: settled}
"""


def lines(project):
    return read(project.folder, "ledger").split() if exists(project.path("ledger")) else []


def cancel(project, run, *options):
    return project.wfc("cancel", run, *options)


def start_slow_run(bench):
    project = bench.flow(STAGES)
    started = project.start()
    started.wait_for_file("ledger")
    return project, started, sorted(run_folders(project.run_root))[-1]


def manifest(folder):
    return json.loads(read(folder, "manifest.json"))


def rows(folder, type):
    with contextlib.closing(sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True)) as database:
        return database.execute("select count(*) from events join types using (type) where name = ?", (type,)).fetchone()[0]


@case
def another_process_cancels_a_run(bench):
    project, started, folder = start_slow_run(bench)
    done = cancel(project, folder)
    equal(done.code, 0, done)
    contains(done.err, f"process {started.process.pid}", "its cleanup runs")
    equal(started.process.wait(60), 130)
    started.process.communicate()
    equal(lines(project), ["slow", "clean"])
    equal(manifest(folder)["status"], "cancelled")
    check(manifest(folder)["seal"], "it rests")
    equal(rows(folder, "cancel_asked"), 1)


@case
def cleanup_can_be_left_out(bench):
    project, started, folder = start_slow_run(bench)
    equal(cancel(project, folder, "--no-cleanup").code, 0)
    equal(started.process.wait(60), 130)
    started.process.communicate()
    equal(lines(project), ["slow"])
    equal(rows(folder, "kill_asked"), 1)


@case
def a_run_that_was_killed_is_cancelled(bench):
    project, started, folder = start_slow_run(bench)
    started.process.kill()
    started.process.communicate()
    done = cancel(project, folder)
    equal(done.code, 0, done)
    contains(done.err, "it was interrupted, and may have been done")
    equal(lines(project), ["slow", "clean"])
    equal(manifest(folder)["status"], "cancelled")
    again = cancel(project, folder)
    equal(again.code, 0, again)
    contains(again.err, "this run had ended, and nothing was done")


@case
def a_run_of_which_nothing_is_left_to_do_is_cancelled_too(bench):
    for effect in ("read", "send"):
        project = bench.flow(f"""
          slow: {{run: [sh, -c, "echo slow >> ledger; exec sleep 600"], effect: {effect}}}
        """)
        started = project.start()
        started.wait_for_file("ledger")
        folder = sorted(run_folders(project.run_root))[-1]
        wait_for(lambda: rows(folder, "began") == 1, "the record of the call")
        started.process.kill()
        started.process.communicate()
        done = cancel(project, folder)
        equal(done.code, 0, done)
        equal(manifest(folder)["status"], "cancelled")
        check(manifest(folder)["seal"], "it rests")


@case
def who_cannot_show_the_token_changes_nothing(bench):
    project, started, folder = start_slow_run(bench)
    os.rename(f"{folder}/resume.token", f"{folder}/taken.token")
    done = cancel(project, folder)
    equal(done.code, 2, done)
    contains(done.err, "resume.token")
    wait_for(lambda: rows(folder, "refused") == 1, "the refusal in the record")
    os.rename(f"{folder}/taken.token", f"{folder}/resume.token")
    equal(cancel(project, folder).code, 0)
    equal(started.process.wait(60), 130)
    started.process.communicate()


@case
def a_stopped_driver_is_named(bench):
    project, started, folder = start_slow_run(bench)
    wait_for(lambda: rows(folder, "decision") == 1, "a record that is written, so that no transaction is open")
    time.sleep(0.2)
    started.process.send_signal(signal.SIGSTOP)
    done = cancel(project, folder)
    started.process.send_signal(signal.SIGCONT)
    equal(done.code, 0, done)
    contains(done.err, "has not taken notice yet", "--take-over")
    equal(started.process.wait(60), 130)  # it has the request still
    started.process.communicate()


@case
def a_run_goes_on_in_the_background(bench):
    project = bench.flow('slow: {run: [sh, -c, "while [ ! -e go ]; do sleep 0.05; done; printf out"], effect: read}', output="${stages.slow.output}")
    done = project.wfc("run", ".", "--detach", "--format", "json")
    equal(done.code, 0, done)
    told = json.loads(done.out)
    folder = told["folder"]
    equal(folder, sorted(run_folders(project.run_root))[-1])
    equal(told["token"], read(folder, "resume.token").strip())
    equal(os.getsid(told["pid"]), told["pid"])
    wait_for(lambda: exists(f"{folder}/manifest.json") and manifest(folder)["status"] == "running", "the run")
    project.write("go", "")
    wait_for(lambda: manifest(folder)["status"] == "completed", "the end of the run")
    wait_for(lambda: '"status": "completed"' in read(folder, "detached.log"), "what the run prints at its end")
    contains(read(folder, "detached.log"), '"output": "out"')


@case
def what_keeps_a_run_from_starting_is_said_before_it_is_detached(bench):
    project = bench.flow("a: {transform: 1}", keys="input: {type: object, properties: {n: {type: integer}}, required: [n]}")
    done = project.wfc("run", ".", "--detach")
    done.says(2, "the input does not fit")
    equal(run_folders(project.run_root), set())
    both = project.wfc("run", ".", "--detach", "--ephemeral")
    both.says(2, "--detach", "--ephemeral")


if __name__ == "__main__":
    main()
