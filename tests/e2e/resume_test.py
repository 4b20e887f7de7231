#!/usr/bin/env python3
"""Runs that are killed and resumed: nothing that ended is done again, and nothing that must not be repeated is.

Usage: resume_test.py BIN_DIR [FILTER]

WFC_KILLS=N kills N runs at random instants instead of a few.
"""
import glob
import json
import os
import random
import signal
import sqlite3
import time

from harness import Run, case, check, contains, equal, exists, main, read, run_folders, wait_for

PARKED = 6
KILLS = int(os.environ.get("WFC_KILLS", "12"))

# `work NAME` adds a line to the ledger; a line is written at once or not at all. Runs in parallel, with a body, a retry and a fallback.
LEDGER = """#!/bin/sh
echo "$1" >> ledger
sleep 0.0$((${2:-5}))
echo "$1 done"
"""
FAILING = """#!/bin/sh
echo "$1" >> ledger
exit 3
"""
STAGES = """
    read_one: {run: [./work, read_one, 3], effect: read}
    keyed: {run: [./work, keyed, 4], effect: write, idempotent: true}
    first: {run: [./work, first, 2], effect: write, after: read_one}
    second: {run: [./work, second, 2], effect: write, after: first}
    third: {run: [./work, third, 2], effect: write, after: second}
    tried: {run: [./failing, tried], effect: read, retry: {max: 2, on: [exit], backoff: {initial: 5ms}}, on_error: {fallback: {transform: "'instead'"}}}
    pick: {decide: "run.seed == -1 ? 'b' : 'a'", routes: {a: {stages: {inner: {run: [./work, inner, 2], effect: write}}, output: "${stages.inner.output}"}, b: {transform: 1}}}
"""
OUTPUT = "{k: \"${stages.keyed.output}\", t: \"${stages.third.output}\", f: \"${stages.tried.output}\", p: \"${stages.pick.output}\"}"
UNKEYED = ("first", "second", "third", "inner")


def ledger_project(bench):
    project = bench.flow(STAGES, output=OUTPUT, files={"work": LEDGER, "failing": FAILING})
    for name in ("work", "failing"):
        os.chmod(project.path(name), 0o755)
    return project


def lines(project):
    return read(project.path("ledger")).split() if exists(project.path("ledger")) else []


def resume(project, folder, *arguments):
    done = project.bench.start_and_wait(["wfc", "resume", folder, *arguments], cwd=project.folder)
    run = Run(done, project.run_root, run_folders(project.run_root))
    run.folder = folder
    return run


def resolve(project, folder, *arguments):
    done = project.bench.start_and_wait(["wfc", "resolve", folder, *arguments], cwd=project.folder)
    run = Run(done, project.run_root, run_folders(project.run_root))
    run.folder = folder
    return run


def facts(folder):
    with sqlite3.connect(f"file:{folder}/run.db?mode=ro", uri=True) as database:
        return database.execute("select seq, type, scope, node from events order by seq").fetchall()


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
    expected = ledger_project(bench).run().completed().json
    draw = random.Random(20261130)
    for number in range(KILLS):
        project = ledger_project(bench)
        started = project.start()
        wait_for(lambda: glob.glob(os.path.join(project.run_root, "*", "*", "run.db")), "the record")
        time.sleep(draw.random() * 0.25)
        started.process.send_signal(signal.SIGKILL)
        started.process.communicate()
        folder = sorted(run_folders(project.run_root))[-1]
        run, said = go_on(project, folder, draw)
        check(run is not None, f"kill {number}")
        equal(run.json, expected, run)
        for name in UNKEYED:
            count = lines(project).count(name)
            check(count <= 1 + said.count(name), f"{name} was made {count} times", lines(project))
        equal(run.manifest["status"], "completed")


def go_on(project, folder, draw):
    """Resumes until the run ends, kills some of the resumptions too, and answers for what is in doubt."""
    said = []
    for _ in range(40):
        if draw.random() < 0.3:
            process = project.bench.popen(["wfc", "resume", folder], cwd=project.folder)
            time.sleep(draw.random() * 0.1)
            process.kill()
            process.communicate()
            continue
        run = resume(project, folder)
        while run.code == PARKED:
            equal(run.manifest["status"], "in_doubt", run)
            stage = run.err.split("wfc resolve ")[1].split()[1]
            name = stage.rsplit(".", 1)[-1]
            if draw.random() < 0.5:
                said.append(name)
                run = resolve(project, folder, stage, "--repeat")
            else:
                run = resolve(project, folder, stage, "--done", f"{name} done")
        if run.code == 2 and "no record" in run.err:
            return project.run(), said  # killed before anything was on the disk
        if run.code == 0:
            return run, said
        raise AssertionError(str(run))
    return None, said


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
    equal(resume(project, folder).code, PARKED)
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
    started.process.kill()
    started.process.communicate()
    folder = sorted(run_folders(project.run_root))[-1]
    run = resume(project, folder).completed()
    kinds = [(event["type"], event.get("stage")) for event in run.events]
    equal(kinds[0], ("run_started", None))
    equal(kinds.count(("stage_finished", "a")), 1)
    equal(kinds.count(("stage_finished", "slow")), 1)
    equal(kinds[-1], ("run_finished", None))
    equal([event["seq"] for event in run.events], list(range(len(run.events))))
    equal(run.statuses, {"a": "succeeded", "slow": "succeeded"})
    equal(run.stage("slow")["attempts"], 1)
    check("stage_finished a" not in run.err and " a " not in run.err, "what happened before is not shown again", run)


main()
