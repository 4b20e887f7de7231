#!/usr/bin/env python3
"""Runs that are looked at: while they are driven, and when they have ended, were killed or are damaged.

Usage: runs_test.py BIN_DIR [FILTER]
"""
import json
import os
import signal

from harness import ROOT, case, check, contains, equal, events_text, exists, main, read, run_folders, wait_for, write
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
def what_a_damaged_log_has_lost_is_said(bench):
    project = bench.flow("".join(f"s{number}: {{run: [sh, -c, 'echo {number} >> ledger'], effect: write, after: s{number - 1}}}\n" if number else
                                 "s0: {run: [sh, -c, 'exit 0'], effect: write}\n" for number in range(8))
                         + "slow: {run: [sh, -c, 'exec sleep 600'], effect: read, after: s7}\n")
    started = project.start()
    wait_for(lambda: len(lines(project)) == 7, "all stages but the last")
    folder = sorted(run_folders(project.run_root))[-1]
    wait_for(lambda: [stage["stage"] for stage in project.wfc("status", folder, "--format", "json").json["open"]] == ["slow"], "the last stage")
    started.process.kill()
    started.process.communicate()
    equal(project.wfc("status", folder).code, 8)
    whole = events(project, folder, "--format", "json").out
    with open(os.path.join(folder, "run.db-wal"), "r+b") as file:
        size = file.seek(0, 2)
        check(size > 20_000, "there are frames enough")
        content = file.read() if file.seek(0) == 0 else b""
        for at in (size * 2 // 3, size // 3):
            file.seek(at)
            file.write(bytes([content[at] ^ 1]))
            file.flush()
            told = events(project, folder, "--format", "json")
            told.says(2, "run.db-wal is damaged, and events that were recorded are lost")
            check(whole.startswith(told.out) and len(told.out) < len(whole), told)
    project.wfc("status", folder).says(2, "run.db-wal is damaged")


@case
def a_process_that_was_stopped_is_stale_and_can_be_looked_at(bench):
    project = bench.flow(SLOW)
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    started.process.send_signal(signal.SIGSTOP)
    manifest = os.path.join(folder, "manifest.json")
    write(manifest, read(manifest).replace('"heartbeat_at": "202', '"heartbeat_at": "201'))
    told = project.wfc("status", folder, "--format", "json")
    equal((told.code, told.json["status"], told.json["driver"]["stale"]), (8, "running", True), told)
    equal(listed(project)[0]["status"], "running")
    equal(prune(project, "--keep", "0")["removed"], [])
    started.process.send_signal(signal.SIGCONT)
    started.interrupt()
    equal(started.finish().code, 130)


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
    again.says(0, "this run had ended")  # the newest that has a record


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
    contains(text, "running: run ", "of `main`", f"driven by process {started.process.pid} on", "heartbeat", "running slow, for", "1 succeeded")
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
    contains(first, "running: run ", "of `main`")
    fits(json.loads(json_watch.stdout.readline()))
    project.write("go", "")
    run = started.finish()
    equal(run.code, 0, run)
    out, err = watch.communicate(timeout=60)
    text = out.decode()
    equal(watch.returncode, 0, err)
    contains(text, "succeeded after", "the run ended: completed", "completed: run ")
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


def shown(project, *arguments):
    told = project.wfc("runs", "show", *arguments)
    equal(told.code, 0, told)
    return told


NUMBERS = "for i in $(seq 100); do echo out $i; echo err $i >&2; done; "


@case
def a_failed_run_says_at_once_why(bench):
    project = bench.flow(f"""
      first: {{run: [sh, -c, "exit 1"], effect: read, on_error: {{value: small}}}}
      pick: {{decide: "${{stages.first.output}}", routes: {{small: {{stages: {{deep: {{run: [sh, -c, "{NUMBERS}exit 3"], effect: read, retry: {{max: 1, on: [exit], backoff: {{initial: 1ms}}}}}}}}}}, large: {{transform: 1}}}}}}
      next: {{transform: "${{stages.pick.output}}"}}
      aside: {{decide: "'x'", routes: {{x: {{transform: 1}}, y: {{transform: 2}}}}}}
    """, keys="input: {fields: {word: string}}")
    run = project.run("-i", "word=hello").failed()
    text = shown(project, "latest").out
    contains(text, "failed: run ", "of `main`\n", "stage pick.deep (run)", ": failed\n", "attempt 2: began at", "called: sh -c '" + NUMBERS + "exit 3'",
             "error: exit:", "exit: 3", "standard output, the last 40 of 100 lines:", "standard error, the last 40 of 100 lines:",
             "out 61\n", "err 100\n", f"transcript: {run.folder}/transcripts/pick.deep.jsonl", "what led there:",
             "recovered after", "chose small", "attempt 1 failed after", "tried again in", "next: wfc replay ", f"      wfc run {project.folder} --workflow main --mode implement --input FILE", "(FILE is its input")
    check("out 60\n" not in text and "attempt 1: began" not in text and "aside" not in text and "next  " not in text, text)
    told = shown(project, "latest", "--format", "json").json
    equal((told["input"], told["status"]["status"]), ({"word": "hello"}, "failed"))
    fits(told["status"])
    stage = told["stage"]
    equal((stage["stage"], stage["kind"], stage["status"]), ("pick.deep", "run", "failed"))
    equal([(each["attempt"], each["exit"], each["stdout"].count("\n"), each["failure"]["code"]) for each in stage["attempts"]], [(1, 3, 100, "exit"), (2, 3, 100, "exit")])
    equal([(each["type"], each["stage"]) for each in stage["decisions"]],
          [("attempt_failed", "first"), ("stage_finished", "first"), ("route_chosen", "pick"), ("attempt_failed", "pick.deep"), ("attempt_failed", "pick.deep")])
    contains(shown(project, "latest", "next").out, "stage next (transform)", "cancelled")
    first = shown(project, "latest", "first").out
    contains(first, "stage first (run)", "recovered", "output: small")
    project.wfc("runs", "show", "latest", "nonesuch").says(2, "the run has no stage `nonesuch`")


@case
def a_command_that_was_told_to_end_shows_what_it_had_printed(bench):
    project = bench.flow("slow: {run: [sh, -c, 'echo before; exec sleep 600'], effect: read, timeout: 200ms}")
    project.run().failed("slow", "timeout")
    contains(shown(project, "latest").out, "error: timeout:", "exit: none, it was ended by a signal", "      before\n")


@case
def a_run_that_waits_or_went_well_is_shown_too(bench):
    project = bench.flow(IN_DOUBT, output="${stages.other.output}")
    folder = killed(project)
    equal(resume(project, folder).code, 6)
    contains(shown(project, "latest").out, "in_doubt: run ", "stage slow (run)", "has not ended", "next: wfc resolve ")
    resolve(project, folder, "slow", "--done", "yes").completed()
    contains(shown(project, "latest").out, "completed: run ", "output: other")
    told = shown(project, folder, "slow", "--format", "json").json["stage"]
    equal((told["output"], told["attempts"][0]["called"]["argv"][0]), ("yes\n" if told["output"].endswith("\n") else "yes", "sh"))


@case
def what_is_shown_cannot_control_a_terminal(bench):
    project = bench.flow("""
      bad: {run: [sh, -c, "printf 'a\\\\033[31mb\\\\n' >&2; exit 4"], effect: read}
    """)
    project.run().failed()
    for verb in (("runs", "show"), ("status",), ("runs", "events")):
        told = project.wfc(*verb, "latest")
        check("\x1b" not in told.out, told)
    contains(shown(project, "latest").out, "a\\x1b[31mb")


def prune(project, *arguments):
    told = project.wfc("runs", "prune", "--format", "json", *arguments)
    equal(told.code, 0, told)
    return told.json


def ids(folders):
    return [os.path.basename(folder) for folder in folders]


def aged(folder, year):
    """The run as if it had ended in that year."""
    path = os.path.join(folder, "manifest.json")
    manifest = json.loads(read(path))
    for key in ("started_at", "completed_at", "heartbeat_at"):
        manifest[key] = f"{year}{manifest[key][4:]}"
    write(path, json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


@case
def prune_removes_what_a_limit_says_and_nothing_without_one(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    runs = [project.run().folder for _ in range(5)]
    project.wfc("runs", "prune").says(2, "say which runs to remove: give --older-than, --keep or --max-size")
    project.wfc("runs", "prune", "--keep", "-1").says(2, "is not a number")
    project.wfc("runs", "prune", "--older-than", "soon").says(2, "`soon` is not a time such as 12h or 30d")
    project.wfc("runs", "prune", "--max-size", "1XB").says(2, "`1XB` is not a size")
    equal(prune(project, "--keep", "5")["removed"], [])
    aged(runs[0], 2020)
    dry = prune(project, "--older-than", "30d", "--dry-run")
    equal((dry["dry_run"], [run["run"] for run in dry["removed"]], dry["kept"]), (True, ids(runs[:1]), 4))
    check(dry["freed_bytes"] > 0 and exists(runs[0]), dry)
    told = project.wfc("runs", "prune", "--older-than", "30d")
    contains(told.out, f"removed {os.path.basename(runs[0])}  main  completed", "removed 1 of 5 runs: ", " freed")
    equal(sorted(run_folders(project.run_root)), runs[1:])
    equal([run["run"] for run in prune(project, "--keep", "2")["removed"]], ids(reversed(runs[1:3])))
    equal(sorted(run_folders(project.run_root)), runs[3:])
    size = sum(run["bytes"] for run in prune(project, "--keep", "0", "--dry-run")["removed"])
    equal(prune(project, "--max-size", str(size))["removed"], [])
    equal([run["run"] for run in prune(project, "--max-size", str(size - 1))["removed"]], ids(runs[3:4]))
    equal(sorted(os.listdir(os.path.join(project.run_root, "main"))), ids(runs[4:]))


@case
def prune_keeps_what_is_driven_waits_or_is_not_known(bench):
    project = bench.flow(IN_DOUBT, output="${stages.slow.output}")
    parked = killed(project)
    equal(resume(project, parked).code, 6)
    os.remove(project.path("ledger"))
    interrupted = killed(project)
    os.remove(project.path("ledger"))
    started = project.start()
    started.wait_for_file("ledger")
    driven = sorted(run_folders(project.run_root))[-1]
    damaged = os.path.join(project.run_root, "main", "damaged")
    write(os.path.join(damaged, "manifest.json"), "{")
    told = prune(project, "--keep", "0", "--older-than", "0s", "--max-size", "0")
    equal((told["removed"], told["kept"]), ([], 4))
    check(all(exists(folder) for folder in (parked, interrupted, driven, damaged)))
    started.interrupt()
    started.finish()
    equal([run["run"] for run in prune(project, "--keep", "0")["removed"]], [os.path.basename(driven)])


@case
def prune_cleans_up_what_an_earlier_one_left(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    run = project.run().folder
    left = os.path.join(project.run_root, "main", ".trash-" + os.path.basename(run))
    os.rename(run, left)
    equal(listed(project), [])
    equal((prune(project, "--keep", "5", "--dry-run")["leftovers"], exists(left)), (1, True))
    equal(prune(project, "--keep", "5")["leftovers"], 1)
    check(not exists(left))
    kept = project.run().folder
    os.makedirs(os.path.join(project.run_root, "main", ".trash-" + os.path.basename(kept), "transcripts"))
    equal(len(prune(project, "--keep", "0")["removed"]), 1)
    equal(os.listdir(os.path.join(project.run_root, "main")), [])


@case
def prune_follows_no_link(bench):
    project = bench.flow("a: {transform: 1}", output="${stages.a.output}")
    run = project.run().folder
    outside = os.path.join(bench.folder, "outside")
    write(os.path.join(outside, "precious"), "kept")
    write(os.path.join(outside, "run", "manifest.json"), read(run, "manifest.json"))
    for place in ("other", "main/linked", "main/.trash-linked"):
        os.symlink(outside, os.path.join(project.run_root, place))
    os.symlink(os.path.join(outside, "precious"), os.path.join(run, "transcripts", "a.jsonl"))
    os.symlink(outside, os.path.join(run, "errors", "folder"))
    equal(len(prune(project, "--keep", "0", "--max-size", "0")["removed"]), 1)
    equal(sorted(os.listdir(outside)), ["precious", "run"])
    equal(os.listdir(os.path.join(outside, "run")), ["manifest.json"])
    check(not exists(run))


if __name__ == "__main__":
    main()
