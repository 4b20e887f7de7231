#!/usr/bin/env python3
"""The run's folder: what stands in it, what never does, and what happens when it cannot be written."""
import base64
import json
import os
import resource
import shutil
import subprocess
import urllib.parse

import boxes
from boxes import Skipped, case, check_audit, events_of, events_text

SECRET = 'hunter2 "ä"/+1'


def two_stages(box, more=""):
    box.workflow(f"""
      good: {{run: [echo, fine], effect: read}}
      bad: {{run: ["false"], effect: read, on_error: continue, after: [good]}}{more}""", allow='{exec: ["*"], fs.read: ["**"]}',
                 output="${stages.good.output}")


@case
def a_run_folder_has_everything(box):
    two_stages(box)
    run = box.run("--seed", "7").expect(5)
    assert sorted(os.listdir(run.folder)) == [
        "audit.jsonl", "errors", "lock", "manifest.json", "metrics.jsonl", "plan.bin", "reserve", "resume.token", "run.db",
        "transcripts"]
    assert os.path.basename(os.path.dirname(run.folder)) == "main"
    manifest = run.manifest
    assert manifest["status"] == "partial" and manifest["seed"] == 7 and manifest["workflow"] == "main", manifest
    assert [(each["stage"], each["status"], each["attempts"]) for each in manifest["stages"]] == [("good", "succeeded", 1), ("bad", "tolerated", 1)]
    assert manifest["summary"] == {"stages": 2, "attempts": 2, "by_status": {"succeeded": 1, "tolerated": 1}}
    assert run.error("bad")["code"] == "exit"
    events = events_of(run.folder)
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events][:2] == ["run_started", "stage_started"]
    assert [line["type"] for line in run.lines("metrics.jsonl")] == ["stage", "stage", "run"]


@case
def run_folders_sort_by_time_and_never_collide(box):
    two_stages(box)
    for _ in range(5):
        box.run().expect(5)
    assert len(os.listdir(os.path.join(box.run_root, "main"))) == 5


@case
def without_a_run_root_runs_stand_in_the_workspace(box):
    two_stages(box)
    box.run_root = box.path(".wfc/runs")
    process = box.execute([os.path.join(box.bin_dir, "wfc"), "run", box.project_folder]).expect(5)
    assert process.manifest["status"] == "partial"


@case
def the_recorded_plan_runs_again(box):
    two_stages(box)
    run = box.run().expect(5)
    again = box.run_plan(os.path.join(run.folder, "plan.bin")).expect(5)
    assert again.manifest["plan_sha256"] == run.manifest["plan_sha256"]


@case
def the_manifest_fits_its_published_schema(box):
    """Judged by our own validator, as the input of a workflow."""
    two_stages(box, "\n      never: {transform: 1, if: \"false\"}")
    manifest = os.path.join(box.run().expect(5).folder, "manifest.json")
    shutil.copy(os.path.join(boxes.ROOT, "schemas/run-manifest.schema.json"), box.path("schema.json"))
    judge_folder = os.path.join(box.folder, "judge")
    os.mkdir(judge_folder)
    judge = boxes.Box(box.bin_dir, judge_folder)
    os.makedirs(judge.path("schemas"))
    shutil.copy(box.path("schema.json"), judge.path("schemas/run_manifest.json"))
    judge.workflow("""
      status: {transform: "${input.manifest.status}"}""", output="${stages.status.output}",
                   more="    input: {fields: {manifest: run_manifest}}")
    assert judge.run("-i", "manifest=@" + manifest).expect(0).stdout == "partial\n"
    with open(manifest, encoding="utf-8") as file:
        changed = json.load(file)
    changed["stages"][0]["status"] = "nearly"
    wrong = judge.write("wrong.json", json.dumps(changed))
    assert "/manifest/stages/0/status" in judge.run("-i", "manifest=@" + wrong).expect(2).stderr


@case
def the_audit_is_a_chain_that_the_manifest_ends(box):
    two_stages(box)
    run = box.run().expect(5)
    records = check_audit(run.text("audit.jsonl"))
    assert [(each["stage"], each["capability"], each["subject"], each["allowed"]) for each in records] == [
        ("good", "exec", "echo fine", True), ("bad", "exec", "false", True)], records
    last = json.loads(run.text("audit.jsonl").splitlines()[-1])
    assert run.manifest["audit"] == {"count": 2, "head": last["hash"]}


@case
def secrets_stand_in_no_record_in_any_form(box):
    box.write("show.py", """import base64, json, os, sys, urllib.parse
secret = os.environ["TOKEN"]
forms = [secret, base64.b64encode(secret.encode()).decode(), base64.b64encode(b"x" + secret.encode()).decode(),
         urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), json.dumps(secret), json.dumps(secret, ensure_ascii=False)]
print(json.dumps(forms, ensure_ascii=False))
print(secret, file=sys.stderr)
sys.exit(int(sys.argv[1]))
""")
    box.workflow("""
      show: {run: [python3, show.py, "0"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, parse: json}
      fails: {run: [python3, show.py, "1"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, on_error: continue}""",
                 allow='{exec: ["*"], secret: [TOKEN]}', top="secrets: {TOKEN: {env: MY_TOKEN}}", output="${stages.show.output}")
    run = box.run(env={"MY_TOKEN": SECRET}).expect(5)
    assert json.loads(run.stdout)[0] == "[secret TOKEN]", run.stdout
    forms = [SECRET, base64.b64encode(SECRET.encode()).decode(), base64.b64encode(b"x" + SECRET.encode()).decode()[4:-4],
             urllib.parse.quote(SECRET, safe=""), urllib.parse.quote_plus(SECRET), json.dumps(SECRET)[1:-1], "hunter2"]
    for path, content in run.records().items():
        for form in forms:
            assert form.encode() not in content, f"{form} in {path}"
    assert "[secret TOKEN]" in events_text(run.folder) and "hunter2" not in run.stdout + run.stderr


@case
def a_secret_that_is_not_set_fails_the_stage_that_needs_it(box):
    box.workflow("""
      fine: {run: ["true"], effect: read}
      needs: {run: ["true"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, on_error: continue, after: [fine]}""",
                 allow='{exec: ["*"], secret: [TOKEN]}', top="secrets: {TOKEN: {env: MY_TOKEN}}")
    run = box.run().expect(5)
    assert run.stage("fine")["status"] == "succeeded" and run.stage("needs")["status"] == "tolerated"


@case
def a_secret_may_come_from_a_file(box):
    secret = os.path.join(box.folder, "token")
    with open(secret, "w", encoding="utf-8") as file:
        file.write("from-a-file\n")
    box.workflow("""
      show: {run: [sh, -c, "printf $TOKEN | wc -c"], env: {TOKEN: "${secret.TOKEN}"}, effect: read, parse: json}""",
                 allow='{exec: ["*"], secret: [TOKEN]}', top=f"secrets: {{TOKEN: {{file: '{secret}'}}}}", output="${stages.show.output}")
    run = box.run().expect(0)
    assert run.stdout == "11\n"
    assert not any(b"from-a-file" in content for content in run.records().values())


def many_lines(box):
    box.workflow("""
      first: {run: [echo, recorded], effect: read}
      loud: {run: [sh, -c, "yes | head -c 900000"], effect: read, after: [first]}
      slow: {run: [sleep, "5"], effect: read, after: [loud]}""", allow='{exec: ["*"]}')


def expect_storage_failure(run):
    run.expect(7)
    complaints = [line for line in run.stderr.splitlines() if line.startswith("wfc-run: ")]
    assert len(complaints) == 1 and "could not be recorded" in complaints[0], run.stderr
    assert "recorded" in events_text(run.folder), "what was recorded is kept"


@case
def a_limit_on_file_sizes_ends_the_run_with_one_message(box):
    many_lines(box)
    plan = box.compile()
    expect_storage_failure(box.run_plan(plan, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))))


@case
def a_full_disk_ends_the_run_with_one_message(box):
    many_lines(box)
    plan = box.compile()
    os.mkdir(box.run_root)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", box.run_root], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        raise Skipped(f"needs a small tmpfs: {mounted.stderr.strip()}")
    try:
        expect_storage_failure(box.run_plan(plan))
    finally:
        subprocess.run(["umount", "-l", box.run_root], check=True)


@case
def a_run_folder_that_cannot_be_made_is_one_message(box):
    two_stages(box)
    box.write("file", "")
    run = box.execute([os.path.join(box.bin_dir, "wfc"), "run", box.project_folder, "--run-root", box.path("file/below")]).expect(2)
    assert len(run.stderr.splitlines()) == 1 and "run root" in run.stderr, run.stderr
    box.write(".wfc", "in the way")
    run = box.execute([os.path.join(box.bin_dir, "wfc"), "run", box.project_folder]).expect(2)
    assert len(run.stderr.splitlines()) == 1 and ".wfc" in run.stderr, run.stderr


boxes.main()
