#!/usr/bin/env python3
"""`wfc doctor`: what a project or a plan needs, and whether it is here."""
import json
import os
import shutil

import boxes
from boxes import case

ALL = '{exec: ["*"], fs.read: ["**"], fs.write: ["**"], secret: [TOKEN]}'


def doctor(box, *arguments, env=None):
    return box.execute([os.path.join(box.bin_dir, "wfc"), "doctor", *(arguments or [box.project_folder])], env=env)


def findings(box, *arguments, env=None, workflow=0):
    """By subject and name."""
    report = json.loads(doctor(box, box.project_folder, "--format", "json", *arguments, env=env).stdout)
    return {(each["subject"], each["name"]): each for each in report["workflows"][workflow]["findings"]}


def everything(box):
    box.write("bin/ready.sh", "#!/bin/sh\n", 0o755)
    box.workflow("""
      there: {run: ["true"], effect: read}
      gone: {run: [no-such-program], effect: read, env: {T: "${secret.TOKEN}"}}
      perhaps: {run: [no-such-either], effect: read, if: vars.on}
      script: {run: [./bin/ready.sh], effect: read}
      history: {tool: git.log, with: {root: .}, on_error: continue}
      reads: {transform: "${vars.limit}"}""", allow=ALL,
                 top="secrets: {TOKEN: {env: MY_TOKEN}}\nvars: {limit: {env: MY_LIMIT}, on: false}")


@case
def what_is_missing_is_told_with_what_where_and_what_to_do(box):
    everything(box)
    done = doctor(box).expect(1)
    for line in ("missing  program no-such-program", "needed by stage `gone` (wfc.yaml:12:13)", "install it, or add its folder to `execution.path`",
                 "warning  program no-such-either", "missing  secret TOKEN", "the environment variable `MY_TOKEN` is not there",
                 "missing  variable limit", "ok  program true", "3 missing, "):
        assert line in done.stdout, f"{line}\n{done.stdout}"
    assert not os.path.exists(box.run_root) and not os.path.exists(box.path(".wfc"))


@case
def all_there_is_zero(box):
    everything(box)
    box.workflow("      a: {run: [\"true\"], effect: read}", allow=ALL)
    done = doctor(box).expect(0)
    assert done.stdout.endswith("0 missing, 0 warnings, 8 ok\n") and "this machine, for wfc " in done.stdout, done.stdout


@case
def the_report_fits_its_published_schema(box):
    """Judged by our own validator, as the input of a workflow."""
    everything(box)
    done = doctor(box, box.project_folder, "--format", "json").expect(1)
    report = box.write("report.json", done.stdout)
    folder = os.path.join(box.folder, "judge")
    os.mkdir(folder)
    judge = boxes.Box(box.bin_dir, folder)
    os.makedirs(judge.path("schemas"))
    shutil.copy(os.path.join(boxes.ROOT, "schemas/doctor.schema.json"), judge.path("schemas/doctor.json"))
    judge.workflow("""
      count: {transform: "${input.report.summary.missing}"}""", output="${stages.count.output}", more="    input: {fields: {report: doctor}}")
    assert judge.run("-i", "report=@" + report).expect(0).stdout == "3\n"
    changed = json.loads(done.stdout)
    changed["machine"][0]["verdict"] = "nearly"
    wrong = judge.write("wrong.json", json.dumps(changed))
    assert "/report/machine/0/verdict" in judge.run("-i", "report=@" + wrong).expect(2).stderr


@case
def what_is_there_says_where_it_was_found(box):
    everything(box)
    found = findings(box, env={"MY_TOKEN": "long enough to hide", "MY_LIMIT": "3"})
    assert found["program", "true"]["detail"] in ("/bin/true", "/usr/bin/true"), found
    assert found["program", "./bin/ready.sh"]["detail"] == box.path("bin/ready.sh"), found
    assert found["secret", "TOKEN"]["verdict"] == found["variable", "limit"]["verdict"] == "ok", found
    assert found["program", "git"]["verdict"] == "ok" and "(git version " in found["program", "git"]["detail"] or not shutil.which("git"), found
    assert found["workspace", ""]["detail"] == box.project_folder, found
    assert "free in" in found["disk_space", ""]["detail"], found
    assert "long enough" not in json.dumps(list(found.values())), found


@case
def no_program_that_the_plan_names_is_started(box):
    for name in ("git", "tool"):
        box.write("bin/" + name, f"#!/bin/sh\n: > {box.path('started')}\n", 0o755)
    box.workflow("""
      a: {run: [git, --version], effect: read}
      b: {run: [tool], effect: read}
      c: {tool: git.log, with: {root: .}, on_error: continue}""", allow='{exec: ["*"], fs.read: ["**"]}', top=f"execution: {{path: '{box.path('bin')}'}}")
    done = doctor(box)
    assert box.path("bin/git") in done.stdout and not os.path.exists(box.path("started")), done.stdout


@case
def every_workflow_of_a_project_is_looked_at(box):
    box.write("wfc.yaml", f"""wfc: 1
workflows:
  first: {{stages: {{a: {{run: [no-such-a], effect: read, timeout: 5s}}}}}}
  second: {{stages: {{b: {{run: [no-such-b], effect: read, timeout: 5s}}}}}}
security: {{allow: {ALL.replace(", secret: [TOKEN]", "")}}}
""")
    both = doctor(box).expect(1).stdout
    assert "no-such-a" in both and "no-such-b" in both, both
    one = doctor(box, box.project_folder, "--workflow", "second").expect(1).stdout
    assert "no-such-a" not in one and "no-such-b" in one, one


@case
def a_plan_is_looked_at_without_its_project(box):
    box.workflow("      a: {run: [no-such-program], effect: read}", allow=ALL.replace(", secret: [TOKEN]", ""))
    plan = box.compile()
    done = doctor(box, plan).expect(1).stdout
    assert "needed by stage `a`;" in done, done
    doctor(box, plan + ".none").expect(2)
    with open(plan, "r+b") as file:
        file.truncate(100)
    assert plan in doctor(box, plan).expect(2).stderr


@case
def a_project_with_errors_is_one_and_a_wrong_call_two(box):
    box.workflow("      a: {run: [x], effect: read, nonsense: 1}")
    assert "nonsense" in doctor(box).expect(1).stderr
    box.workflow("      a: {transform: 1}")
    doctor(box, box.project_folder, "--mode", "nonsense").expect(2)
    doctor(box, box.project_folder, "--format", "nonsense").expect(2)
    doctor(box, box.project_folder, "--workflow", "nonsense").expect(2)
    empty = os.path.join(box.folder, "empty")
    os.mkdir(empty)
    doctor(box, empty).expect(4)


@case
def a_workspace_that_is_not_there_is_missing(box):
    box.workflow("      a: {transform: 1}")
    done = doctor(box, box.project_folder, "--workspace", box.path("none")).expect(1)
    assert "missing  workspace" in done.stdout and "none" in done.stdout, done.stdout


boxes.main()
