#!/usr/bin/env python3
"""Bad input: one clear message, the documented exit code, no trace; and a run that had begun keeps what it recorded.

Usage: bad_input_test.py BIN_DIR [FILTER]
"""
import json
import os
import shutil
import struct
import subprocess

from harness import FAILED, NOTHING, STORAGE, USAGE, Skip, case, check, contains, equal, main, read, run_folders
from plans import seal, writer

VERBS = ("check", "compile", "run")


# Nothing to read

@case
def missing_folder(bench):
    for verb in VERBS:
        bench.wfc(verb, "no/such/folder").says_once(USAGE, "no/such/folder")


@case
def empty_folder_and_no_wfc_yaml(bench):
    empty = bench.new_folder()
    full = bench.new_folder()
    open(os.path.join(full, "agents.yaml"), "w", encoding="utf-8").close()
    for verb in VERBS:
        for folder in (empty, full):
            bench.wfc(verb, folder).says_once(NOTHING, "wfc.yaml")
            bench.wfc(verb, cwd=folder).says_once(NOTHING, "wfc.yaml")


@case
def project_without_a_workflow(bench):
    project = bench.project("wfc: 1\nname: empty\n")
    for verb in VERBS:
        project.wfc(verb, ".").says_once(NOTHING, "workflow")


@case
def empty_wfc_yaml(bench):
    for text in ("", "\n", "# only a comment\n", "---\n", "null\n"):
        done = bench.project(text).wfc("check", ".")
        done.says(done.code)
        check(done.code in (FAILED, NOTHING), text, done)


def as_nobody(bench, project, *command):
    """Runs without root's power to read everything."""
    words = [bench.tool(word) if word in ("wfc", "wfc-run") else word for word in command]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            raise Skip("root reads every file, and there is no setpriv")
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *words]
        for folder, folders, files in os.walk(bench.folder):
            for name in folders:
                os.chmod(os.path.join(folder, name), 0o777)
        os.chmod(bench.folder, 0o755)
        path = bench.bin_dir
        while path != "/":
            if not os.stat(path).st_mode & 0o001:
                raise Skip(f"another user cannot reach {bench.bin_dir}")
            path = os.path.dirname(path)
    return project.run_command(words)


@case
def unreadable_files(bench):
    for name in ("wfc.yaml", "agents.yaml", "workflows/more.yaml"):
        project = bench.project("wfc: 1\nworkflows: {main: {stages: {a: {transform: x}}}}\n", {"agents.yaml": "agents: {}\n",
                                "workflows/more.yaml": "workflow: more\nstages: {a: {transform: x}}\n"})
        os.chmod(project.path(name), 0)
        for verb in VERBS:
            as_nobody(bench, project, "wfc", verb, ".").says(USAGE, name)


@case
def unreadable_plan(bench):
    project = bench.project("wfc: 1\nworkflows: {main: {stages: {a: {transform: x}}}}\n")
    plan = project.compile()
    os.chmod(plan, 0)
    as_nobody(bench, project, "wfc-run", "run", plan).says(USAGE, os.path.basename(plan))


@case
def folder_that_cannot_be_written(bench):
    project = bench.flow("a: {transform: x}")
    os.chmod(project.folder, 0o755)
    plan = project.compile()
    if os.geteuid() == 0:
        workspace = "/proc/self"  # where nobody makes a folder
    else:
        workspace = bench.new_folder()
        os.chmod(workspace, 0o555)
    project.run_command(["wfc", "run", plan, "--workspace", workspace]).says_once(USAGE, "cannot be made", "--run-root")


@case
def manifest_that_is_a_folder_a_pipe_or_a_loop(bench):
    for make in (os.mkdir, os.mkfifo, lambda path: os.symlink("wfc.yaml", path), lambda path: os.symlink("/dev/zero", path)):
        folder = bench.new_folder()
        make(os.path.join(folder, "wfc.yaml"))
        done = bench.wfc("check", folder)
        check(done.code in (FAILED, USAGE, NOTHING), done)
        done.says(done.code, "")
        contains(done.out + done.err, "wfc.yaml")


@case
def input_or_plan_that_is_a_pipe(bench):
    """Nobody writes to it, so that reading it would never end."""
    project = bench.flow("a: {transform: x}")
    os.mkfifo(project.path("pipe"))
    for words in (["--input", "pipe"], ["-i", "x=@pipe"], ["--input", "/dev/zero"]):
        project.wfc("run", *words).says_once(USAGE, "it is not a regular file; `-` reads standard input")
    for verb in (["wfc-run", "run"], ["wfc-run", "simulate"], ["wfc", "inspect"]):
        project.run_command([*verb, "pipe"]).says_once(USAGE, "`pipe` is not a regular file")


# Plans

def plan_bytes(bench):
    project = writer(bench)
    with open(project.compile(), "rb") as file:
        return project, file.read()


def refused(project, content, *parts):
    """The plan is refused by run and by inspect, with one message, and nothing is done."""
    project.write("bad.plan.bin", content)
    run = project.run_command(["wfc", "run", "bad.plan.bin", "-i", "path=reports/x"]).says_once(USAGE, "bad.plan.bin", *parts)
    equal(run.folder, None)
    project.wfc("inspect", "bad.plan.bin").says_once(USAGE, "bad.plan.bin")
    project.wfc("inspect", "--verify", "bad.plan.bin").says_once(USAGE, "bad.plan.bin")


@case
def plan_that_is_not_a_plan(bench):
    project, _ = plan_bytes(bench)
    for content in (b"", b"hello\n", b"\x7fELF" + b"\0" * 100, b"\0" * 4096, os.urandom(4096), b"WFCP"):
        refused(project, content)


@case
def plan_of_another_version(bench):
    project, plan = plan_bytes(bench)
    for version in (0, 2, 99, 0xFFFFFFFF):
        changed = bytearray(plan)
        struct.pack_into("<I", changed, 8, version)
        refused(project, seal(bytes(changed)), "version")


@case
def plan_cut_short_or_continued(bench):
    project, plan = plan_bytes(bench)
    for length in (1, 8, 63, 64, 65, len(plan) // 2, len(plan) - 1):
        refused(project, plan[:length])
    refused(project, plan + b"\0")


@case
def plan_with_a_flipped_bit(bench):
    project, plan = plan_bytes(bench)
    for at in range(0, len(plan), max(1, len(plan) // 12)):
        changed = bytearray(plan)
        changed[at] ^= 0x10
        refused(project, bytes(changed))


@case
def missing_plan_and_wrong_verbs(bench):
    bench.wfc("run", "no.plan.bin").says_once(USAGE, "no.plan.bin")
    bench.wfc("inspect", "no.plan.bin").says_once(USAGE, "no.plan.bin")
    bench.wfc("inspect").says(USAGE)
    bench.wfc("chekc").says(USAGE, "check")
    bench.wfc("check", "--no-such-option").says(USAGE, "--no-such-option")
    bench.wfc().says(USAGE)
    project, _ = plan_bytes(bench)
    project.run_command(["wfc-run", "run", "no.plan.bin"]).says_once(USAGE, "no.plan.bin")


@case
def manifest_with_findings_is_not_run(bench):
    flow = bench.flow("a: {transform: x, nonsense: 1}")
    for verb in VERBS:
        done = flow.wfc(verb, ".")
        equal(done.code, FAILED, done)
        contains(done.out + done.err, "K001")
    equal(run_folders(flow.run_root), set())


@case
def what_is_not_there_yet_is_said(bench):
    flow = bench.flow("a: {approval: ok?}\nb: {transform: x}")
    checked = flow.wfc("check", ".", "--format", "concise")
    equal(checked.code, 0, checked)
    contains(checked.out, "L001", "approval")
    for verb in ("compile", "run"):
        done = flow.wfc(verb, ".")
        equal(done.code, FAILED, done)
        contains(done.out + done.err, "L001", "approval")


# Storage that fails

FLOOD = """
    first: {run: [echo, recorded], effect: read}
    big: {run: [head, -c, "900000", /dev/zero], effect: read, after: [first]}
    more: {run: [head, -c, "900000", /dev/zero], effect: read, after: [big]}
    last: {run: [touch, reached], effect: read, after: [more]}
"""


def assert_kept(run):
    """What was recorded before the storage failed is there and well-formed."""
    check(run.folder, "there is no run folder", run)
    whole = run.events
    for number, event in enumerate(whole):
        equal(event["seq"], number)
    return whole


@case
def file_size_limit_under_the_run_folder(bench):
    flow = bench.flow(FLOOD)
    plan = flow.compile()
    script = 'ulimit -f 128; exec "$@"'  # 64 KiB or 128 KiB, by the shell
    run = flow.run_command(["sh", "-c", script, "sh", bench.tool("wfc-run"), "run", plan])
    run.says(STORAGE, "larger than allowed", run.folder)
    check(assert_kept(run), "nothing was kept")


@case
def file_size_limit_from_the_start(bench):
    flow = bench.flow("a: {transform: x}")
    plan = flow.compile()
    for command in (["wfc-run", "run", plan], ["wfc", "run", "."], ["wfc", "compile", ".", "-o", "other.bin"]):
        words = [bench.tool(command[0]), *command[1:]]
        run = flow.run_command(["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *words])
        check(run.code in (USAGE, STORAGE), run)
        run.says_once(run.code)


@case
def full_disk_under_the_run_folder(bench):
    flow = bench.flow(FLOOD)
    plan = flow.compile()
    root = bench.new_folder()
    kept = bench.new_folder()
    script = 'mount -t tmpfs -o size=256k tmpfs "$1" && shift && "$@"; code=$?; cp -r "$ROOT_OF_RUNS"/. "$KEPT"; exit $code'
    names = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    probe = subprocess.run([*names, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", root], capture_output=True, check=False)
    if probe.returncode != 0:
        raise Skip("no tmpfs of our own can be mounted here")
    command = [*names, "sh", "-c", script, "sh", root, bench.tool("wfc-run"), "run", plan, "--run-root", root]
    run = flow.run_command(command, run_root=kept, env={"ROOT_OF_RUNS": root, "KEPT": kept})
    run.says(STORAGE, "o space left", "wfc resume")
    check(assert_kept(run), "nothing was kept")


@case
def output_that_cannot_be_printed(bench):
    flow = bench.flow("a: {transform: x}", output="${stages.a.output}")
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full")
    for command in (["run", "."], ["check", "."], ["inspect", flow.compile()]):
        done = flow.run_command(["sh", "-c", 'exec "$@" > /dev/full', "sh", bench.tool("wfc"), *command])
        check(0 <= done.code < 128, done)
        done.says(done.code)


@case
def reader_that_goes_away(bench):
    flow = bench.flow('a: {transform: "${input.t}"}', keys="input: {fields: {t: string}}", output="${stages.a.output}")
    flow.write("t.txt", "x" * 500_000)
    done = flow.run_command(["bash", "-c", 'set -o pipefail; "$@" | head -c 1; echo "${PIPESTATUS[0]}" >&2', "sh", bench.tool("wfc"), "run", ".", "-i", "t=@t.txt"])
    contains(done.out, "x")
    done.says(done.code)


if __name__ == "__main__":
    main()
