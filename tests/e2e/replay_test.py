#!/usr/bin/env python3
"""Runs that are run again from their records: replay, replay --from, audit, runs rebuild.

Usage: replay_test.py BIN_DIR [FILTER]
"""
import glob
import json
import os
import shutil

from harness import SECURITY, case, check, contains, equal, main, read, run_folders, write
from kills import ledger_project, lines

FILES = ("transcripts/*", "errors/*", "metrics.jsonl", "audit.jsonl")

STAGES = """
  first: {run: [sh, -c, "echo first >> ledger; echo one"], effect: write}
  tried: {run: [sh, -c, "exit 3"], effect: read, on_error: {value: none}}
  second: {run: [sh, -c, "echo second >> ledger; [ -e fixed ] && echo two"], effect: write, after: [first]}
  third: {transform: "${stages.first.output} and ${stages.second.output}"}
  ask: {agent: writer, with: {first: "${stages.first.output}"}}
"""
HEAD = """
agents: {writer: {prompt: "about ${with.first}"}}
"""


def contents(folder):
    return {os.path.relpath(path, folder): read(path) for pattern in FILES for path in glob.glob(os.path.join(folder, pattern))}


def project_of(bench):
    return bench.flow(STAGES, output="${stages.third.output}", head=HEAD)


@case
def a_run_comes_out_as_it_is_recorded(bench):
    project = project_of(bench)
    write(project.path("fixed"), "")
    run = project.run().completed()
    done = project.wfc("replay", run.folder, "--format", "json")
    equal(done.code, 0, done)
    equal(done.json["difference"], None)
    check(done.json["computed"] >= 5 and done.json["facts"] > done.json["computed"], done)
    contains(project.wfc("replay", "latest").out, "the run comes out as it is recorded")
    equal(lines(project), ["first", "second"])


@case
def a_run_that_failed_or_was_cancelled_comes_out_too(bench):
    project = project_of(bench)
    run = project.run().failed("second")
    equal(project.wfc("replay", run.folder).code, 0)
    ledger = ledger_project(bench)
    equal(ledger.wfc("replay", ledger.run().completed().folder).code, 0)


@case
def what_was_lost_is_made_again_byte_for_byte(bench):
    project = project_of(bench)
    run = project.run().failed("second")
    before = contents(run.folder)
    check(len(before) >= 6, sorted(before))
    equal(project.wfc("audit", run.folder).code, 0, project.wfc("audit", run.folder))
    nothing = project.wfc("runs", "rebuild", run.folder, "--format", "json")
    equal((nothing.json["written"], nothing.json["removed"], nothing.json["kept"]), ([], [], len(before)))
    os.truncate(run.path("transcripts/second.jsonl"), 1 << 40)  # no more is read than can matter
    contains(project.wfc("audit", run.folder).out, "transcripts/second.jsonl: is not what is recorded")
    shutil.rmtree(run.path("transcripts"))
    os.remove(run.path("metrics.jsonl"))
    write(run.path("audit.jsonl"), before["audit.jsonl"].replace("allowed", "refused"))
    write(run.path("errors/99-invented.json"), "{}")
    audit = project.wfc("audit", run.folder)
    equal(audit.code, 1, audit)
    contains(audit.out, "metrics.jsonl: is missing", "audit.jsonl: is not what is recorded", "errors/99-invented.json: does not follow", "transcripts/first.jsonl")
    equal(project.wfc("runs", "rebuild", run.folder).code, 0)
    equal(contents(run.folder), before)
    equal(project.wfc("audit", run.folder).code, 0)


@case
def a_manifest_that_was_changed_or_lost_is_found(bench):
    project = project_of(bench)
    run = project.run().failed("second")
    manifest = read(run.path("manifest.json"))
    write(run.path("manifest.json"), manifest.replace('"status": "failed"', '"status": "succeeded"', 1))
    changed = project.wfc("audit", run.folder)
    equal(changed.code, 1, changed)
    contains(changed.out, "manifest.json: its `stages` does not follow from the record")
    os.remove(run.path("manifest.json"))
    equal(project.wfc("runs", "rebuild", run.folder).code, 0)
    made = json.loads(read(run.path("manifest.json")))
    equal(made["stages"], json.loads(manifest)["stages"])
    equal(made["audit"], json.loads(manifest)["audit"])
    equal(made["seal"], None)
    equal(project.wfc("audit", run.folder).code, 0)


@case
def a_run_that_goes_on_is_not_rebuilt(bench):
    project = bench.flow('slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: read}')
    started = project.start()
    started.wait_for_file("ledger")
    folder = sorted(run_folders(project.run_root))[-1]
    project.wfc("runs", "rebuild", folder).says(2, str(started.process.pid))
    equal(project.wfc("audit", folder).code, 0)
    started.interrupt()
    started.finish()
    equal(project.wfc("replay", folder).code, 0, project.wfc("replay", folder))
    equal(project.wfc("audit", folder).code, 0)


@case
def a_changed_byte_of_the_record_is_named(bench):
    project = project_of(bench)
    run = project.run().failed("second")
    with open(run.path("run.db"), "r+b") as file:
        content = file.read()
        file.seek(content.rindex(b"about one"))
        file.write(b"ABOUT")
    audit = project.wfc("audit", run.folder, "--format", "json")
    equal(audit.code, 1, audit)
    check(any(finding["subject"] == "run.db" and finding["result"] == "bad" for finding in audit.json["findings"]), audit)


@case
def a_new_run_goes_on_from_a_stage(bench):
    project = project_of(bench)
    failed = project.run().failed("second")
    equal(lines(project), ["first", "second"])
    write(project.path("fixed"), "")
    run = project.run_command(["wfc", "replay", failed.folder, "--from", "second"]).completed()
    equal(run.out.strip(), "one and two")
    equal(lines(project), ["first", "second", "second"])
    contains(run.err, f"takes over from run {os.path.basename(failed.folder)}", "these stages run again: second (write), third")
    check(run.folder != failed.folder, "it is a run of its own")
    equal(run.statuses["first"], "succeeded")
    for folder in (run.folder, failed.folder):
        equal(project.wfc("replay", folder).code, 0, project.wfc("replay", folder))
        equal(project.wfc("audit", folder).code, 0, project.wfc("audit", folder))


@case
def a_run_that_took_over_comes_out_as_it_is_recorded(bench):
    project = bench.flow("""
      names: {run: [sh, -c, "echo $0", "${run.id}"], effect: read}
      tried: {run: [sh, -c, "echo x >> ledger; [ $(wc -l < ledger) -ge 3 ]"], effect: read, retry: {max: 5, on: [exit], backoff: {initial: 20ms}}}
      last: {run: [sh, -c, "echo last"], effect: read, after: [names, tried]}
    """)
    first = project.run().completed()
    run = project.run_command(["wfc", "replay", first.folder, "--from", "last"]).completed()
    equal(lines(project), ["x"] * 3)
    for folder in (first.folder, run.folder):
        equal(project.wfc("replay", folder).code, 0, project.wfc("replay", folder))


@case
def what_would_stay_failed_or_is_no_stage_is_refused(bench):
    project = project_of(bench)
    failed = project.run().failed("second")
    before = run_folders(project.run_root)
    project.wfc("replay", failed.folder, "--from", "ask").says(2, "stage `second` had not succeeded", "start from that stage")
    started = bench.flow('slow: {run: [sh, -c, "echo x >> ledger; exec sleep 600"], effect: send}').start()
    started.wait_for_file("ledger")
    driven = sorted(run_folders(started.project.run_root))[-1]
    project.wfc("replay", driven, "--from", "slow").says(2, "has not ended")
    started.process.kill()
    started.process.communicate()
    project.wfc("replay", driven, "--from", "slow").says(2, "has not ended", "cancel")
    equal(run_folders(started.project.run_root), {driven})
    project.wfc("replay", failed.folder, "--from", "nobody").says(2, "has no stage `nobody`")
    equal(run_folders(project.run_root), before)
    equal(lines(project), ["first", "second"])


@case
def what_is_missing_is_found_before_a_run_takes_over(bench):
    project = bench.flow("""
      first: {run: [sh, -c, "echo first >> ledger"], effect: write}
      second: {run: [sh, -c, "exit 3"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, after: [first]}
    """, head="secrets: {TOKEN: {env: MY_TOKEN}}", security=SECURITY.replace("llm:", "secret: [TOKEN], llm:"))
    failed = project.run(env={"MY_TOKEN": "long-enough"}).failed("second")
    before = run_folders(project.run_root)
    project.wfc("replay", failed.folder, "--from", "second").says(2, "MY_TOKEN")
    equal(run_folders(project.run_root), before)


main()
