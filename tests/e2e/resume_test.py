#!/usr/bin/env python3
"""Runs that are killed and resumed: nothing that ended is done again, and nothing that must not be repeated is.

Usage: resume_test.py BIN_DIR [FILTER]
"""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess

from boxes import is_alive
from harness import Skip, case, check, contains, equal, exists, main, read, run_folders, wait_for
from kills import PARKED, Campaign, ledger_project, lines, resolve, resume

KILLS = 12
BEGAN = 5  # the number of the fact


def has_row(folder, stage, type):
    """Whether the record has a row of that type about the stage of that number."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True)) as database:
        return database.execute("select count(*) from events where node = ? and type = ?", (stage, type)).fetchone()[0] > 0


@case
def a_finished_run_is_sealed_and_does_nothing_more(bench):
    project = ledger_project(bench)
    run = project.run().completed()
    before = lines(project)
    check(run.manifest["seal"], run.manifest)
    again = resume(project, run.folder).completed()
    equal(again.json, run.json)
    equal(lines(project), before)
    by_id = project.bench.start_and_wait(["wfc", "resume", os.path.basename(run.folder)[:20]], cwd=project.folder)
    equal(by_id.returncode, 0, by_id)


@case
def killed_anywhere_it_ends_as_if_nothing_had_happened(bench):
    campaign = Campaign(bench, 20261130)
    for _ in range(KILLS):
        campaign.kill_one()


@case
def a_call_in_doubt_waits_for_a_person(bench):
    project = bench.flow("""
      slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: write}
      other: {run: [sh, -c, "echo other"], effect: read}
      last: {transform: "${stages.slow.output} and ${stages.other.output}"}
    """, output="${stages.last.output}")
    started = project.start()
    started.wait_for_file("ledger")
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    parked = resume(project, folder)
    equal(parked.code, PARKED, parked)
    contains(parked.err, "stage `slow` was interrupted", "--done OUTPUT", "--repeat", "--fail MESSAGE")
    equal(parked.manifest["status"], "in_doubt")
    check(parked.manifest["seal"], "a parked run is sealed")
    equal(resume(project, folder).code, PARKED)
    resolve(project, folder, "other", "--repeat").says(2, "no call of stage `other` is in doubt")
    run = resolve(project, folder, "slow", "--done", "it was done").completed()
    equal(run.out.strip(), "it was done and other")
    equal(lines(project), ["x"])


@case
def a_call_in_doubt_that_is_cancelled_says_so(bench):
    project = bench.flow("""
      pay: {run: [sh, -c, "echo pay >> ledger; exec sleep 600"], effect: send}
      push: {run: [sh, -c, "echo push >> ledger; exec sleep 600"], effect: send}
    """)
    started = project.start()
    wait_for(lambda: len(lines(project)) == 2, "both calls")
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    run = resolve(project, folder, "push", "--fail", "it did not").failed("push", "rejected")
    equal(run.statuses["pay"], "cancelled")
    contains(run.err, "it was interrupted, and may have been done")
    equal(run.error("pay")["details"], {"in_doubt": True})


@case
def a_call_in_doubt_can_have_failed(bench):
    project = bench.flow("""
      slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: write, on_error: continue}
      last: {transform: "${coalesce(stages.slow.error.message, 'none')}", join: settled}
    """, output="${stages.last.output}")
    started = project.start()
    started.wait_for_file("ledger")
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    resolve(project, folder, "last", "--repeat").says(2, "no call of stage `last` is in doubt; those of `slow` are")
    run = resolve(project, folder, "slow", "--fail", "the table was not there").partial()
    equal(run.out.strip(), "the table was not there")
    equal(run.stage("slow")["error_code"], "rejected")


@case
def one_process_drives_a_run(bench):
    project = bench.flow('slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: read}')
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    held = resume(project, folder)
    held.says(2, str(started.process.pid))
    process = project.bench.popen(["wfc", "resume", folder, "--take-over"], cwd=project.folder)
    wait_for(lambda: lines(project).count("x") == 2, "the second attempt")
    equal(started.process.wait(60), -signal.SIGKILL)
    started.process.communicate()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    equal(process.returncode, 130)


@case
def a_changed_record_is_refused(bench):
    project = ledger_project(bench)
    run = project.run().completed()
    path = os.path.join(run.folder, "run.db")
    with open(path, "r+b") as file:
        content = file.read()
        at = content.rindex(b"third done")
        file.seek(at)
        file.write(b"THIRD")
    resume(project, run.folder).says(2, "run.db")


@case
def another_plan_is_refused(bench):
    project = ledger_project(bench)
    run = project.run().completed()
    other = bench.flow("a: {transform: evil}", output="${stages.a.output}")
    equal(other.wfc("compile", ".", "-o", run.path("plan.bin")).code, 0)
    resume(project, run.folder).says(2, "plan.bin is another plan", "sha256:")


@case
def what_a_person_says_is_held_to_the_stage(bench):
    project = bench.flow("""
      pay: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: send, parse: json, returns: {type: object, properties: {id: {type: integer}}, required: [id]},
            retry: {max: 3, on: [schema]}}
      read: {transform: "${stages.pay.output.id + 1} after ${stages.pay.exit}"}
    """, output="${stages.read.output}")
    started = project.start()
    started.wait_for_file("ledger")
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    resolve(project, folder, "pay", "--done", '{"id": "x"}').says(2, "nothing was changed", "integer")
    resolve(project, folder, "pay", "--done", "no JSON").says(2, "nothing was changed")
    resolve(project, folder, "pay", "--fail", b"caf\xe9").says(2, "UTF-8")
    run = resolve(project, folder, "pay", "--done", '{"id": 7}').completed()
    equal(run.out.strip(), "8 after 0")
    equal(lines(project), ["x"])
    equal(run.transcript("pay")[-1]["how"], "done")


@case
def a_full_disk_leaves_a_run_that_can_be_resumed(bench):
    project = bench.flow("""
      first: {run: [sh, -c, "echo first >> ledger"], effect: write}
      big: {run: [sh, -c, "head -c 600000 /dev/urandom | base64"], effect: read, after: first}
      last: {run: [sh, -c, "echo last >> ledger; echo done"], effect: write, after: big}
    """, output="${stages.last.output}")
    root = project.path("small")
    os.mkdir(root)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "none", root], capture_output=True, check=False).returncode != 0:
        raise Skip("needs a small tmpfs")
    try:
        run = project.run_command(["wfc", "run", ".", "--run-root", root], run_root=root)
        run.says(7, "wfc resume")
        subprocess.run(["mount", "-o", "remount,size=40m", root], check=True)
        again = resume(project, run.folder)
        while again.code == PARKED:
            stage = again.err.split("wfc resolve ")[1].split()[1]
            again = resolve(project, run.folder, stage, "--repeat")
        equal(again.code, 0, again)
        equal(again.out.strip(), "done")
        equal(lines(project).count("first"), 1)
    finally:
        subprocess.run(["umount", "-l", root], check=True)


@case
def nothing_to_resume_is_said(bench):
    project = ledger_project(bench)
    run = project.run("--ephemeral").completed()
    check(not exists(run.path("run.db")), "an ephemeral run has no record")
    resume(project, run.folder).says(2, "--ephemeral")
    resume(project, "nothing").says(2, "there is no run `nothing`")


@case
def the_records_are_whole_after_a_resumption(bench):
    project = bench.flow("""
      a: {run: [sh, -c, "echo a"], effect: read}
      slow: {run: [sh, -c, "echo x >> ledger; test $(wc -l < ledger) = 2 || exec sleep 600; echo b"], effect: read, after: a}
    """, output="${stages.slow.output}")
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    wait_for(lambda: has_row(folder, stage=1, type=BEGAN), "the row that announces `slow`")
    started.process.kill()
    started.process.communicate()
    run = resume(project, folder).completed()
    kinds = [(event["type"], event.get("stage")) for event in run.events]
    equal(kinds[0], ("run_started", None))
    equal(kinds.count(("stage_finished", "a")), 1)
    equal(kinds.count(("stage_finished", "slow")), 1)
    equal(kinds[-1], ("run_finished", None))
    equal([event["seq"] for event in run.events], list(range(len(run.events))))
    equal(run.statuses, {"a": "succeeded", "slow": "succeeded"})
    equal(run.stage("slow")["attempts"], 1)
    times = [(stage["started_at"], stage["completed_at"]) for stage in run.manifest["stages"]]
    check(times[0][1] <= times[1][0] <= times[1][1] <= run.manifest["completed_at"], times)
    again = resume(project, folder).completed()
    equal([(stage["started_at"], stage["completed_at"]) for stage in again.manifest["stages"]], times)
    contains(again.err, "this run had ended, and nothing was done")
    check("stage_finished a" not in run.err and " a " not in run.err, "what happened before is not shown again", run)


def kill_and_leave(project):
    """Kills a run once its only call is recorded; its folder, and the process that the call has left."""
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    wait_for(lambda: has_row(folder, 0, BEGAN), "the record of the call")
    started.process.kill()
    started.process.communicate()
    return folder, int(read(project.folder, "pids").split()[0])


@case
def what_an_interrupted_call_left_is_ended_before_it_is_made_again(bench):
    project = bench.flow("""
      read: {run: [sh, -c, "setsid sleep 601 & echo $! >> pids; echo x >> ledger; wait"], effect: read}
    """)
    folder, left = kill_and_leave(project)
    check(is_alive(left), "what was started outlives the run")
    process = project.bench.popen(["wfc", "resume", folder], cwd=project.folder)
    wait_for(lambda: len(lines(project)) == 2, "the call that is made again")
    check(not is_alive(left), "it ended before")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    contains(err.decode(), f"ended process {left} (`sleep`), which an interrupted call of stage `read` had left")


@case
def what_a_call_in_doubt_left_is_shown_and_ended_if_it_is_repeated(bench):
    project = bench.flow("""
      send: {run: [sh, -c, "[ -e ledger ] || { setsid sleep 602 & echo $! >> pids; echo x >> ledger; wait; }; echo y >> ledger"], effect: send}
    """)
    folder, left = kill_and_leave(project)
    parked = resume(project, folder)
    equal(parked.code, PARKED, parked)
    contains(parked.err, f"process {left} (`sleep`), which it had started, still goes on")
    check(is_alive(left), "it is left alone")
    resolve(project, folder, "send", "--repeat").completed()
    check(not is_alive(left), "it ended before")
    equal(lines(project), ["x", "y"])


@case
def a_refused_answer_changes_nothing(bench):
    project = bench.flow("""
      first: {run: [sh, -c, "echo first; exit 3"], effect: read, on_error: continue}
      slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: write, returns: {type: integer}, parse: json, after: [first]}
    """)
    started = project.start()
    started.wait_for_file("ledger")
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    equal(resume(project, folder).code, PARKED)

    def state():
        names = ["metrics.jsonl", "audit.jsonl", *(f"transcripts/{name}" for name in sorted(os.listdir(f"{folder}/transcripts")))]
        manifest = json.loads(read(folder, "manifest.json"))
        return [read(folder, name) for name in names], manifest["status"], manifest["stages"], manifest["seal"] is not None
    before = state()
    check(before[3] and before[1] == "in_doubt", before)
    resolve(project, folder, "first", "--repeat").says(2, "no call of stage `first` is in doubt")
    equal(state(), before)
    resolve(project, folder, "slow", "--done", "no number").says(2, "nothing was changed")
    equal(state(), before)
    resolve(project, folder, "slow", "--done", "7").partial()
    ended = state()
    resolve(project, folder, "slow", "--repeat").says(2, "no call of stage `slow` is in doubt")
    equal(state(), ended)


@case
def a_copy_of_a_run_that_goes_on_is_refused(bench):
    project = bench.flow('slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: read}')
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    copy = project.path("copy")
    shutil.copytree(folder, copy)
    resume(project, copy).says(2, "is a copy of the run in", str(started.process.pid))
    equal(project.wfc("cancel", copy).code, 2)
    check(started.process.poll() is None, "the run goes on")
    started.interrupt()
    equal(started.finish().code, 130)


main()
