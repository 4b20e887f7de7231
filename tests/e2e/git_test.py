#!/usr/bin/env python3
"""git.log and git.diff on real repositories, also hostile ones."""
import json
import os
import subprocess

import boxes
from boxes import case

READ = '{fs.read: ["**"]}'


def git(box, *arguments, folder=None):
    environment = {"PATH": "/usr/bin:/bin", "HOME": box.folder, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "Ann", f"GIT_{role}_EMAIL": "ann@example.org", f"GIT_{role}_DATE": "2026-01-02T03:04:05+00:00"}
    subprocess.run(["git", "-c", "init.defaultBranch=main", *arguments], cwd=folder or box.project_folder, env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def repository(box):
    git(box, "init")
    box.write("a.txt", "one\n")
    box.write("sub/b.txt", "b\n")
    box.write("secrets/key", "k\n")
    git(box, "add", "a.txt", "sub", "secrets")
    git(box, "commit", "-m", "first: commit")


def differ(box, more_with=""):
    box.workflow(f"""
      diff: {{tool: git.diff, with: {{base: main{more_with}}}}}""", allow=READ, output="${stages.diff.output}")


def logger(box):
    box.workflow("""
      log: {tool: git.log}""", allow=READ, output="${stages.log.output}")


@case
def a_log_has_its_commits(box):
    repository(box)
    git(box, "commit", "--allow-empty", "-m", "second ä")
    logger(box)
    commits = json.loads(box.run().expect(0).stdout)["commits"]
    assert [(each["author"], each["date"], each["subject"]) for each in commits] == [
        ("Ann", "2026-01-02T03:04:05+00:00", "second ä"), ("Ann", "2026-01-02T03:04:05+00:00", "first: commit")], commits
    assert all(len(each["sha"]) == 40 for each in commits)


@case
def a_log_may_be_of_a_path(box):
    repository(box)
    box.write("sub/b.txt", "more\n")
    git(box, "commit", "-am", "of b")
    box.workflow("""
      log: {tool: git.log, with: {root: sub, path: a.txt, max: 5}}""", allow=READ, output="${stages.log.output.commits.map(c, c.subject)}")
    assert json.loads(box.run().expect(0).stdout) == ["first: commit"]


@case
def outside_a_repository_it_fails_and_can_be_tolerated(box):
    box.workflow("""
      log: {tool: git.log, on_error: continue}""", allow=READ, output='${coalesce(stages.log.output.commits, []).size()}')
    run = box.run().expect(5)
    assert run.stdout == "0\n"
    assert run.error("log")["code"] == "exit" and "not a git repository" in run.error("log")["message"]


@case
def a_repository_around_the_workspace_is_not_found(box):
    git(box, "init", folder=box.folder)
    logger(box)
    assert box.run().expect(1).error("log")["code"] == "exit"


@case
def a_diff_is_from_the_merge_base_to_the_work_tree(box):
    repository(box)
    git(box, "checkout", "-b", "topic")
    box.write("a.txt", "two\n")
    git(box, "commit", "-am", "change a")
    git(box, "checkout", "main")
    box.write("only_on_main", "x\n")
    git(box, "add", "only_on_main")
    git(box, "commit", "-m", "main goes on")
    git(box, "checkout", "topic")
    git(box, "mv", "sub/b.txt", "sub/ü.txt")
    box.write("new.txt", "n\n")
    git(box, "add", "new.txt")
    differ(box)
    files = json.loads(box.run().expect(0).stdout)["files"]
    assert [(each["path"], each.get("old_path"), each["status"]) for each in files] == [
        ("a.txt", None, "modified"), ("new.txt", None, "added"), ("sub/ü.txt", "sub/b.txt", "renamed")], files
    assert "-one\n+two\n" in files[0]["patch"]


@case
def a_diff_leaves_out_what_is_denied(box):
    repository(box)
    box.write("a.txt", "two\n")
    box.write("secrets/key", "changed secret\n")
    differ(box)
    with open(box.path("wfc.yaml"), "a", encoding="utf-8") as file:
        file.write('  deny: {fs.read: ["secrets/**"]}\n')
    run = box.run().expect(0)
    assert [each["path"] for each in json.loads(run.stdout)["files"]] == ["a.txt"]
    assert "changed secret" not in run.stdout


@case
def an_unknown_base_is_an_exit_failure(box):
    repository(box)
    box.workflow("""
      diff: {tool: git.diff, with: {base: "${input.base}"}}""", allow=READ, more="    input: {fields: {base: string}}")
    assert box.run("-i", "base=nowhere").expect(1).error("diff")["code"] == "exit"
    assert box.run("-i", "base=--output=made").expect(1).error("diff")["code"] == "schema"
    assert not os.path.exists(box.path("made"))


@case
def nothing_that_a_repository_names_is_run(box):
    """Hooks, filters, monitors, external differs and pagers are programs that whoever made the repository chose."""
    repository(box)
    trap = box.write("trap.sh", "#!/bin/sh\ntouch '%s'\ncat\n" % os.path.join(box.folder, "sprung"), mode=0o755)
    box.write(".gitattributes", "* filter=trap diff=trap\n")
    for key in ("core.fsmonitor", "core.pager", "diff.external", "diff.trap.command", "diff.trap.textconv", "filter.trap.clean",
                "filter.trap.smudge", "filter.trap.process", "core.sshCommand", "gpg.program"):
        git(box, "config", key, trap)
    git(box, "config", "core.hooksPath", box.project_folder)
    git(box, "config", "log.showSignature", "true")
    box.write("a.txt", "two\n")
    box.workflow("""
      log: {tool: git.log}
      diff: {tool: git.diff, with: {base: HEAD}}""", allow=READ, output="${size(stages.diff.output.files)}")
    assert box.run().expect(0).stdout == "1\n"
    assert not os.path.exists(os.path.join(box.folder, "sprung"))


@case
def a_repository_elsewhere_is_denied(box):
    elsewhere = os.path.join(box.folder, "elsewhere")
    os.mkdir(elsewhere)
    git(box, "init", folder=elsewhere)
    git(box, "commit", "--allow-empty", "-m", "not yours", folder=elsewhere)
    box.write(".git", f"gitdir: {elsewhere}/.git\n")
    logger(box)
    run = box.run().expect(1)
    assert run.error("log")["code"] == "denied", run.error("log")
    assert "not yours" not in run.stdout + run.stderr


@case
def a_work_tree_that_its_repository_knows_is_read(box):
    main = os.path.join(box.folder, "main")
    os.mkdir(main)
    git(box, "init", folder=main)
    git(box, "commit", "--allow-empty", "-m", "of the main repository", folder=main)
    os.rmdir(box.project_folder)
    git(box, "worktree", "add", "-b", "other", box.project_folder, folder=main)
    logger(box)
    assert [each["subject"] for each in json.loads(box.run().expect(0).stdout)["commits"]] == ["of the main repository"]


@case
def a_work_tree_elsewhere_is_denied(box):
    repository(box)
    git(box, "config", "core.worktree", "/")
    differ(box)
    assert box.run().expect(1).error("diff")["code"] == "denied"


boxes.main()
