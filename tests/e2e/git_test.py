#!/usr/bin/env python3
"""git.log and git.diff on real repositories, also hostile ones."""
import json
import os

import boxes
from boxes import case
from git_boxes import git

READ = '{fs.read: ["**"]}'


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
def a_work_tree_may_have_been_named_through_a_link(box):
    main, link = os.path.join(box.folder, "main"), os.path.join(box.folder, "link")
    os.mkdir(main)
    os.symlink(".", link)
    git(box, "init", folder=main)
    git(box, "commit", "--allow-empty", "-m", "of the main repository", folder=main)
    os.rmdir(box.project_folder)
    git(box, "worktree", "add", "-b", "other", box.project_folder, folder=main)
    with open(os.path.join(main, ".git/worktrees/project/gitdir"), "w", encoding="utf-8") as file:
        file.write(f"{link}/project/.git\n")
    logger(box)
    assert [each["subject"] for each in json.loads(box.run().expect(0).stdout)["commits"]] == ["of the main repository"]


@case
def a_work_tree_of_a_repository_in_the_workspace_is_read(box):
    main = box.path("main")
    os.mkdir(main)
    git(box, "init", folder=main)
    git(box, "commit", "--allow-empty", "-m", "of the main repository", folder=main)
    git(box, "worktree", "add", "-b", "other", box.path("tree"), folder=main)
    box.workflow("""
      log: {tool: git.log, with: {root: tree}}
      diff: {tool: git.diff, with: {root: tree, base: main}}""", allow=READ,
                 output='["${stages.log.output.commits.map(c, c.subject)}", "${stages.diff.output.files}"]')
    assert json.loads(box.run().expect(0).stdout) == [["of the main repository"], []]


@case
def a_submodule_is_read(box):
    library = os.path.join(box.folder, "library")
    os.mkdir(library)
    git(box, "init", folder=library)
    with open(os.path.join(library, "l.c"), "w", encoding="utf-8") as file:
        file.write("l\n")
    git(box, "add", "l.c", folder=library)
    git(box, "commit", "-m", "of the library", folder=library)
    git(box, "init")
    git(box, "-c", "protocol.file.allow=always", "submodule", "add", library, "lib")
    git(box, "commit", "-m", "of the project")
    box.write("lib/l.c", "changed\n")
    box.workflow("""
      log: {tool: git.log, with: {root: lib}}
      diff: {tool: git.diff, with: {root: lib, base: HEAD}}""", allow=READ,
                 output='["${stages.log.output.commits.map(c, c.subject)}", "${stages.diff.output.files.map(f, f.path)}"]')
    assert json.loads(box.run().expect(0).stdout) == [["of the library"], ["lib/l.c"]]


@case
def a_repository_that_borrows_from_another_in_the_workspace_is_read(box):
    repository(box)
    git(box, "clone", "--shared", ".", "borrower")
    box.workflow("""
      log: {tool: git.log, with: {root: borrower}}""", allow=READ, output="${stages.log.output.commits.map(c, c.subject)}")
    assert json.loads(box.run().expect(0).stdout) == ["first: commit"]


@case
def a_shallow_clone_is_read(box):
    repository(box)
    git(box, "commit", "--allow-empty", "-m", "second")
    git(box, "clone", "--depth=1", "file://" + box.project_folder, "clone")
    box.workflow("""
      log: {tool: git.log, with: {root: clone}}""", allow=READ, output="${stages.log.output.commits.map(c, c.subject)}")
    assert json.loads(box.run().expect(0).stdout) == ["second"]


@case
def names_of_all_kinds_are_a_base(box):
    repository(box)
    git(box, "tag", "-a", "-m", "tagged", "v1")
    git(box, "branch", "feature/deep")
    git(box, "pack-refs", "--all")
    git(box, "branch", "loose")
    git(box, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(box, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    box.write("a.txt", "two\n")
    box.workflow("""
      diff: {tool: git.diff, with: {base: "${input.base}"}}""", allow=READ, output="${size(stages.diff.output.files)}",
                 more="    input: {fields: {base: string}}")
    for base in ("HEAD", "main", "v1", "v1^{commit}", "feature/deep", "loose", "origin/main", "origin", "refs/heads/main", ":/first", "@@"):
        assert box.run("-i", "base=" + base).expect(0).stdout == "1\n", base


@case
def a_repository_of_sha256_is_read(box):
    git(box, "init", "--object-format=sha256")
    box.write("a.txt", "one\n")
    git(box, "add", "a.txt")
    git(box, "commit", "-m", "long names")
    logger(box)
    commits = json.loads(box.run().expect(0).stdout)["commits"]
    assert [len(each["sha"]) for each in commits] == [64]


@case
def an_index_in_two_parts_is_read(box):
    repository(box)
    git(box, "update-index", "--split-index")
    box.write("a.txt", "two\n")
    differ(box)
    assert [each["path"] for each in json.loads(box.run().expect(0).stdout)["files"]] == ["a.txt"]


@case
def line_ends_are_compared_as_the_repository_has_them(box):
    git(box, "init")
    git(box, "config", "core.autocrlf", "true")
    box.write("a.txt", "one\r\ntwo\r\n")
    git(box, "add", "a.txt")
    git(box, "commit", "-m", "first")
    os.utime(box.path("a.txt"), (1, 1))
    differ(box)
    assert json.loads(box.run().expect(0).stdout) == {"files": []}


@case
def a_repository_without_a_commit_fails_as_git_does(box):
    git(box, "init")
    logger(box)
    error = box.run().expect(1).error("log")
    assert error["code"] == "exit" and "does not have any commits yet" in error["message"], error


@case
def a_folder_of_the_repository_shows_its_part(box):
    repository(box)
    box.write("a.txt", "two\n")
    box.write("sub/b.txt", "two\n")
    box.workflow("""
      log: {tool: git.log, with: {root: sub}}
      diff: {tool: git.diff, with: {root: sub, base: main}}""", allow='{fs.read: ["sub", "sub/**"]}',
                 output='["${stages.log.output.commits.map(c, c.subject)}", "${stages.diff.output.files.map(f, f.path)}"]')
    assert json.loads(box.run().expect(0).stdout) == [["first: commit"], ["sub/b.txt"]]


@case
def nothing_is_left_behind(box):
    repository(box)
    temporary = os.path.join(box.folder, "temporary")
    os.mkdir(temporary)
    before = sorted(os.listdir(box.path(".git")))
    logger(box)
    box.run(env={"TMPDIR": temporary}).expect(0)
    assert os.listdir(temporary) == [] and sorted(os.listdir(box.path(".git"))) == before


@case
def a_work_tree_elsewhere_is_denied(box):
    repository(box)
    git(box, "config", "core.worktree", "/")
    differ(box)
    assert box.run().expect(1).error("diff")["code"] == "denied"


boxes.main()
