#!/usr/bin/env python3
"""Runs that are looked at: while they are driven, and when they have ended, were killed or are damaged.

Usage: runs_test.py BIN_DIR [FILTER]
"""
import json
import os
import signal

from harness import ROOT, case, check, contains, equal, events_text, main, read, run_folders, wait_for, write
from kills import ledger_project, lines, resolve, resume
from run_folder_test import problems

SLOW = 'slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: read}'
IN_DOUBT = """
    slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: write}
    other: {run: [sh, -c, "echo other"], effect: read}
"""


def events(project, run, *arguments):
    return project.wfc("runs", "events", run, *arguments)


def are_in_order(project, folder):
    """Checks the events of a run: they are numbered, begin with its start, and their times never fall."""
    told = events(project, folder, "--format", "json")
    equal(told.code, 0, told)
    listed = [json.loads(line) for line in told.out.splitlines()]
    equal([event["seq"] for event in listed], list(range(len(listed))))
    equal(listed[0]["type"], "run_started")
    times = [event["time_ms"] for event in listed]
    equal(times, sorted(times))


def killed(project):
    """The folder of a run that was killed while a command of it ran."""
    started = project.start()
    started.wait_for_file("ledger")
    started.process.kill()
    started.process.communicate()
    return sorted(run_folders(project.run_root))[-1]


@case
def the_events_are_those_that_the_run_told(bench):
    project = ledger_project(bench)
    run = project.run("--format", "json")
    are_in_order(project, run.folder)
    live = [line for line in run.err.splitlines() if line.startswith("{")]
    equal([json.loads(line) for line in live], [{key: value for key, value in event.items() if key != "seq"} for event in run.events])


@case
def the_events_of_a_failed_run_have_its_failures(bench):
    project = bench.flow("""
      broken: {run: [sh, -c, "echo out; echo err >&2; exit 3"], effect: read, retry: {max: 1, on: [exit], backoff: {initial: 1ms}}}
      next: {transform: "${stages.broken.output}"}
    """, output="${stages.next.output}")
    run = project.run().failed("broken", "exit")
    are_in_order(project, run.folder)
    told = events(project, "latest")
    equal(told.code, 0, told)
    contains(told.out, "broken", "attempt 1 failed after", "exit:", "tried again in", "failed after", "the run ended: failed")


@case
def the_events_of_a_resumed_run_are_told_by_all_drivers(bench):
    project = bench.flow(IN_DOUBT, output="${stages.slow.output}")
    folder = killed(project)
    equal(events(project, folder).code, 0)
    equal(resume(project, folder).code, 6)
    are_in_order(project, folder)
    resolve(project, folder, "slow", "--done", "yes").completed()
    are_in_order(project, folder)
    told = events(project, os.path.basename(folder)[:20])
    equal(told.out.count("a process began to drive the run"), 3, told)


@case
def a_secret_stands_in_no_event(bench):
    project = bench.flow("""
      show: {run: [sh, -c, "echo it is $TOKEN"], effect: read, env: {TOKEN: "${secret.TOKEN}"}}
    """, head="secrets: {TOKEN: {env: TOKEN}}", output="${stages.show.output}",
        security='security: {allow: {exec: ["*"], secret: ["*"]}}\n')
    run = project.run(env={"TOKEN": "hunter2-hunter2"}).completed()
    are_in_order(project, run.folder)
    contains(events(project, run.folder, "--format", "json").out, "[secret TOKEN]")


@case
def a_run_that_goes_on_can_be_looked_at_and_is_not_disturbed(bench):
    project = bench.flow(SLOW)
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    for _ in range(5):
        told = events(project, folder, "--format", "json")
        equal(told.code, 0, told)
        contains(told.out, '"type":"stage_started"')
    started.interrupt()
    run = started.finish()
    equal(run.code, 130, run)
    check(run.manifest["seal"], run.manifest)
    are_in_order(project, folder)


@case
def a_run_that_is_looked_at_while_it_ends_is_sealed(bench):
    for _ in range(5):
        project = bench.flow("".join(f"s{number}: {{run: [sh, -c, 'echo {number}'], effect: read}}\n" for number in range(20)))
        started = project.start()
        while started.process.poll() is None:
            for folder in run_folders(project.run_root):
                told = events(project, folder)
                check(told.code in (0, 2), told)
        run = started.finish()
        equal(run.code, 0, run)
        check(run.manifest["seal"], "it has no seal", run)


@case
def a_damaged_record_is_named_and_what_is_before_it_is_shown(bench):
    project = ledger_project(bench)
    run = project.run().completed()
    with open(run.path("run.db"), "r+b") as file:
        at = file.read().rindex(b"third done")
        file.seek(at)
        file.write(b"THIRD")
    told = events(project, run.folder)
    told.says(2, run.folder, "run.db was changed since the run was sealed: event ")
    with open(run.path("plan.bin"), "ab") as file:
        file.write(b"x")
    events(project, run.folder).says(2, "plan.bin")


@case
def runs_are_named_by_folder_beginning_or_latest_from_any_folder_inside(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    first, second = project.run(), project.run()
    inner = os.path.join(project.folder, "deep", "inside")
    os.makedirs(inner)

    def told(run):
        return bench.wfc("runs", "events", run, "--format", "json", cwd=inner)
    equal(told("latest").out, events_text(second.folder))
    equal(told(os.path.basename(first.folder)).out, events_text(first.folder))
    told("2").says(2, "`2` is the beginning of 2 runs", first.folder, second.folder)
    told("nonesuch").says(2, "there is no run `nonesuch`")
    bench.wfc("runs", "events", "latest").says(2, "there is no run in .wfc/runs")
    bench.wfc("runs", "events").says(2, "RUN is required")
    bench.wfc("runs").says(2)
    bench.wfc("runs", "events", "latest", "--fromat", "json").says(2, "did you mean `--format`?", "wfc runs events --help")
    ephemeral = project.run("--ephemeral")
    events(project, ephemeral.folder).says(2, "has no run.db")
    again = bench.wfc("resume", "latest", cwd=os.path.dirname(first.folder))
    again.says(2, "has no run.db")


def fits(status):
    """Whether it fits the published schema."""
    schema = json.loads(read(ROOT, "schemas/run-status.schema.json"))
    equal(list(problems(status, schema, schema)), [])


def status(project, run, code):
    """How the run stands, as JSON; `status` ends with the code."""
    told = project.wfc("status", run, "--format", "json")
    equal(told.code, code, told)
    fits(told.json)
    return told.json


@case
def the_status_of_a_run_that_goes_on_says_who_drives_it_and_what_runs(bench):
    project = bench.flow(IN_DOUBT)
    started = project.start()
    started.wait_for_file("ledger")
    folder = wait_for(lambda: sorted(run_folders(project.run_root)), "the run")[-1]
    wait_for(lambda: "stage_finished" in events(project, folder, "--format", "json").out, "the end of the other stage")
    told = status(project, folder, 0)
    equal((told["status"], told["driver"]["pid"], told["driver"]["drives"], told["driver"]["stale"]), ("running", started.process.pid, True, False))
    equal([(stage["stage"], stage["status"], stage["attempt"]) for stage in told["open"]], [("slow", "running", 1)])
    equal(told["stages"], {"total": 2, "by_status": {"running": 1, "succeeded": 1}})
    equal((told["in_doubt"], told["next"]), ([], []))
    text = project.wfc("status", "latest").out
    contains(text, "of `main`: running", f"driven by process {started.process.pid} on", "heartbeat", "running slow, for", "1 succeeded")
    manifest = os.path.join(folder, "manifest.json")

    def seems_stale():
        write(manifest, read(manifest).replace('"heartbeat_at": "202', '"heartbeat_at": "201'))
        told = project.wfc("status", folder)
        return told if told.code == 8 else None
    stale = wait_for(seems_stale, "a heartbeat that is old")
    contains(stale.out, "STALE")
    started.interrupt()
    run = started.finish()
    check(run.manifest["seal"], run.manifest)
    equal(status(project, folder, 130)["status"], "cancelled")


@case
def the_status_of_a_run_that_was_killed_says_what_to_type(bench):
    project = bench.flow(IN_DOUBT, output="${stages.slow.output}")
    folder = killed(project)
    told = status(project, folder, 8)
    equal((told["status"], told["in_doubt"], told["driver"]["drives"]), ("interrupted", ["slow"], False))
    identity = os.path.basename(folder)
    equal(told["next"], [f"wfc resolve {identity} slow {how}" for how in ("--done OUTPUT", "--repeat", "--fail MESSAGE")])
    contains(bench.wfc("status", folder).out, f"next: wfc resolve {folder} slow --done OUTPUT")
    equal(resume(project, folder).code, 6)
    parked = status(project, folder, 6)
    equal((parked["status"], parked["in_doubt"], parked["next"]), ("in_doubt", ["slow"], told["next"]))
    resolve(project, folder, "slow", "--done", "yes").completed()
    ended = status(project, folder, 0)
    equal((ended["status"], ended["next"], ended["open"]), ("completed", [], []))


@case
def the_status_of_a_run_that_only_read_is_to_resume_it(bench):
    project = bench.flow(SLOW)
    folder = killed(project)
    told = status(project, folder, 8)
    equal((told["in_doubt"], told["next"]), ([], [f"wfc resume {os.path.basename(folder)}"]))


@case
def the_status_of_a_failed_run_says_why(bench):
    project = bench.flow("broken: {run: [sh, -c, 'exit 3'], effect: read}")
    run = project.run().failed()
    told = status(project, run.folder, 1)
    equal((told["failed_stage"], told["failure"]["code"]), ("broken", "exit"))
    contains(project.wfc("status", "latest").out, "stage `broken`: exit: ")
    partial = bench.flow("broken: {run: [sh, -c, 'exit 3'], effect: read, on_error: continue}")
    partial.run().partial()
    equal(status(partial, "latest", 5)["status"], "partial")


@case
def a_watch_tells_each_change_and_ends_with_the_run(bench):
    project = bench.flow("""
      slow: {run: [sh, -c, "echo x >> ledger; while ! test -e go; do sleep 0.05; done"], effect: read}
      next: {transform: 1, after: slow}
    """)
    started = project.start()
    started.wait_for_file("ledger")
    watch = project.bench.popen(["wfc", "status", "latest", "--watch"], cwd=project.folder)
    json_watch = project.bench.popen(["wfc", "status", "latest", "--watch", "--format", "json"], cwd=project.folder)
    first = watch.stdout.readline().decode()
    contains(first, "of `main`: running")
    fits(json.loads(json_watch.stdout.readline()))
    project.write("go", "")
    run = started.finish()
    equal(run.code, 0, run)
    out, err = watch.communicate(timeout=60)
    text = out.decode()
    equal(watch.returncode, 0, err)
    contains(text, "succeeded after", "the run ended: completed", "of `main`: completed")
    rest = [json.loads(line) for line in json_watch.communicate(timeout=60)[0].decode().splitlines()]
    equal(json_watch.returncode, 0)
    equal(rest[-1]["status"], "completed")
    for each in rest:
        fits(each)
    check(run.manifest["seal"], "a run that is watched is sealed")


def listed(project, *arguments):
    """The runs as `runs list` says them, by id."""
    told = project.wfc("runs", "list", "--format", "json", *arguments)
    equal(told.code, 0, told)
    return told.json["runs"]


@case
def runs_are_listed_as_they_stand(bench):
    project = bench.flow(IN_DOUBT + "    third: {run: [sh, -c, 'exit 3'], effect: read, after: slow}\n", output="${stages.slow.output}")
    folder = killed(project)
    equal([run["status"] for run in listed(project)], ["interrupted"])
    equal(resume(project, folder).code, 6)
    parked = listed(project)[0]
    equal((parked["run"], parked["workflow"], parked["status"], parked["folder"]), (os.path.basename(folder), "main", "in_doubt", folder))
    equal(parked["stages"], {"settled": 1, "total": 3})
    resolve(project, folder, "slow", "--done", "yes").failed("third")
    process = project.bench.popen(["wfc", "run", "."], cwd=project.folder)
    wait_for(lambda: len(lines(project)) == 2, "the second run")
    statuses = [run["status"] for run in listed(project)]
    equal(statuses, ["running", "failed"])
    process.send_signal(signal.SIGINT)
    process.communicate()
    equal([run["status"] for run in listed(project)], ["cancelled", "failed"])
    equal(len(listed(project, "--limit", "1")), 1)
    equal(listed(project, "--workflow", "other"), [])
    table = project.wfc("runs", "list").out.splitlines()
    contains(table[0], "RUN", "WORKFLOW", "STATUS", "STARTED", "TOOK", "STAGES")
    contains(table[2], os.path.basename(folder), "main", "failed", "ago", "3/3")


@case
def what_can_be_resumed_is_said(bench):
    project = bench.flow(IN_DOUBT)
    project.wfc("resume").says(2, "None of those in .wfc/runs can be gone on with")
    folder = killed(project)
    project.wfc("resume").says(2, "These can be gone on with", os.path.basename(folder), "interrupted")
    equal(resume(project, "latest").code, 6)
    project.wfc("resume").says(2, "in_doubt")
    resolve(project, "latest", "slow", "--done", "yes")
    project.wfc("resume").says(2, "None of those")


@case
def a_broken_manifest_is_listed_and_harms_nothing_else(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    whole = project.run().folder
    contents = {
        "empty": b"",
        "words": b'{"status": 5}',
        "list": b"[]",
        "binary": bytes(range(256)),
        "deep": b"[" * 100000,
        "huge": b'{\n  "a": "' + b"x" * 3_000_000 + b'"\n}',
        "huge stages": b'{\n  "stages": [\n' + b"{},\n" * 500_000 + b"  ],\n",
        "number": b'{"status": "completed", "started_at": "9999-99-99T00:00:00Z", "summary": 7}',
        "long ago": b'{"status": "running", "started_at": "0001-01-01T00:00:00Z", "heartbeat_at": "9999-12-31T00:00:00Z"}',
        "summary": b'{"status": "completed", "started_at": "2026-01-01T00:00:00Z", "summary": {"stages": -5, "by_status": []}}',
    }
    for name, content in contents.items():
        write(os.path.join(project.run_root, "main", f"broken {name}", "manifest.json"), content)
    for name, target in (("a link", whole), ("a_link_to_a_file", "/etc/passwd")):
        os.symlink(target, os.path.join(project.run_root, "main", name))
    os.makedirs(os.path.join(project.run_root, "main", "a folder", "manifest.json"))
    os.makedirs(os.path.join(project.run_root, "main", "pipe"))
    os.mkfifo(os.path.join(project.run_root, "main", "pipe", "manifest.json"))
    os.makedirs(os.path.join(project.run_root, "main", "link"))
    os.symlink("/dev/zero", os.path.join(project.run_root, "main", "link", "manifest.json"))
    runs = {run["run"]: run for run in listed(project)}
    equal(runs.pop(os.path.basename(whole))["status"], "completed")
    equal(runs.pop("broken summary")["status"], "completed")
    equal({run["status"] for run in runs.values()}, {"damaged"})
    equal(set(runs), {f"broken {name}" for name in contents if name != "summary"} | {"a folder", "pipe", "link"})
    check(all(run["problem"] for run in runs.values()), runs)
    contains(project.wfc("runs", "list").out, "damaged")


@case
def a_run_of_many_stages_is_listed_and_told(bench):
    count = 20_000
    project = bench.flow("".join(f"s{number}: {{transform: {number}}}\n" for number in range(count)))
    run = project.run().completed()
    equal(listed(project)[0]["stages"], {"settled": count, "total": count})
    check(os.path.getsize(run.path("manifest.json")) > 1 << 20, "the manifest is large")
    are_in_order(project, run.folder)


@case
def thousands_of_runs_are_listed(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    manifest = read(project.run().path("manifest.json"))
    for number in range(3000):
        write(os.path.join(project.run_root, "main", f"20250101T000000000Z-{number:08x}", "manifest.json"), manifest)
    runs = listed(project)
    equal(len(runs), 3001)
    equal(runs, sorted(runs, key=lambda run: run["run"], reverse=True))


if __name__ == "__main__":
    main()
