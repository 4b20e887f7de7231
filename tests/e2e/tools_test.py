#!/usr/bin/env python3
"""The built-in tools on real files and real repositories.

Usage: tools_test.py BIN_DIR [FILTER]
"""
import hashlib
import os
import subprocess

from harness import SECURITY, case, check, contains, equal, exists, main, read

GIT_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
                   "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org", "GIT_AUTHOR_DATE": "2024-05-06T07:08:09Z",
                   "GIT_COMMITTER_DATE": "2024-05-06T07:08:09Z"}


def git(folder, *words):
    done = subprocess.run(["git", "-c", "init.defaultBranch=main", *words], cwd=folder, env=GIT_ENVIRONMENT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def call(bench, tool, arguments, files=None, security=SECURITY):
    """A project that calls one tool with constant arguments and gives its output."""
    return bench.flow(f"a: {{tool: {tool}, with: {arguments}}}", output="${stages.a.output}", files=files, security=security)


def calling(bench, tool, argument, files=None, security=SECURITY):
    """The same with one argument from the input, so that only the run can judge it."""
    return bench.flow(f'a: {{tool: {tool}, with: {argument}}}', keys="input: {fields: {x: string}}", output="${stages.a.output}", files=files,
                      security=security)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# fs.list

TREE = {"src/b.txt": "bb", "src/a.txt": "a", "src/deep/c.md": "ccc", "other/d.txt": "", ".hidden": "h"}


@case
def list_gives_paths_and_sizes_in_order(bench):
    flow = call(bench, "fs.list", '{root: src}', TREE)
    equal(flow.run().completed().json,
          {"files": [{"path": "src/a.txt", "size": 1}, {"path": "src/b.txt", "size": 2}, {"path": "src/deep/c.md", "size": 3}], "truncated": False})


@case
def list_defaults_to_the_whole_workspace_without_git_and_wfc(bench):
    flow = call(bench, "fs.list", "{}", TREE | {".git/config": "x", ".wfc/secret": "x", "src/.git/HEAD": "x", "src/.wfc/y": "x"})
    paths = [file["path"] for file in flow.run().completed().json["files"]]
    equal(paths, [".hidden", "other/d.txt", "src/a.txt", "src/b.txt", "src/deep/c.md", "wfc.yaml"])


@case
def list_by_glob(bench):
    for glob, expected in (("**/*.txt", ["other/d.txt", "src/a.txt", "src/b.txt"]), ("src/*", ["src/a.txt", "src/b.txt"]), ("*/?.md", []),
                           ("src/**", ["src/a.txt", "src/b.txt", "src/deep/c.md"])):
        paths = [file["path"] for file in call(bench, "fs.list", f'{{glob: "{glob}"}}', TREE).run().completed().json["files"]]
        equal(paths, expected, glob)


@case
def list_is_truncated_at_max_files(bench):
    equal(call(bench, "fs.list", "{root: src, max_files: 2}", TREE).run().completed().json,
          {"files": [{"path": "src/a.txt", "size": 1}, {"path": "src/b.txt", "size": 2}], "truncated": True})
    equal(call(bench, "fs.list", "{root: src, max_files: 3}", TREE).run().completed().json["truncated"], False)


@case
def list_does_not_follow_links(bench):
    flow = call(bench, "fs.list", "{root: src}", TREE)
    os.symlink("/etc", flow.path("src/etc"))
    os.symlink("/etc/passwd", flow.path("src/passwd"))
    os.symlink("..", flow.path("src/loop"))
    paths = [file["path"] for file in flow.run().completed().json["files"]]
    check(not [path for path in paths if path.startswith(("src/etc/", "src/loop/"))], paths)


@case
def list_of_what_is_not_there_fails(bench):
    calling(bench, "fs.list", '{root: "${input.x}"}').run("-i", "x=missing").failed("a", "io")


# fs.read

@case
def read_gives_text_and_digest(bench):
    flow = call(bench, "fs.read", "{path: a.txt}", {"a.txt": "Grüße\n"})
    equal(flow.run().completed().json, {"path": "a.txt", "text": "Grüße\n", "sha256": sha256("Grüße\n"), "truncated": False})


@case
def read_is_truncated_at_max_bytes(bench):
    text = "aé" * 10
    read_file = call(bench, "fs.read", "{path: a.txt, max_bytes: 5}", {"a.txt": text}).run().completed().json
    equal((read_file["text"], read_file["truncated"]), ("aéa", True))
    big = call(bench, "fs.read", "{path: a.txt}", {"a.txt": "x" * (1 << 20) + "y"}).run().completed().json
    equal((len(big["text"]), big["truncated"]), (1 << 20, True))


@case
def ways_out_of_the_workspace_are_refused(bench):
    flow = calling(bench, "fs.read", '{path: "${input.x}"}', {"a.txt": "x", "src/b.txt": "x"})
    os.symlink("/etc/passwd", flow.path("link"))
    os.symlink("/etc", flow.path("folder"))
    os.symlink("../../../../../../../../etc/passwd", flow.path("src/up"))
    for path in ("/etc/passwd", "../x", "src/../../x", "link", "folder/passwd", "src/up", "/proc/self/environ", "..", ""):
        run = flow.run("-i", "x=" + path).failed("a")
        check("root:" not in run.out + run.err, run)
    flow.run("-i", "x=src/b.txt").completed()


@case
def read_of_a_folder_or_a_pipe_fails_and_does_not_hang(bench):
    flow = calling(bench, "fs.read", '{path: "${input.x}"}', {"src/b.txt": "x"})
    os.mkfifo(flow.path("pipe"))
    for path in ("src", "pipe", "missing"):
        flow.run("-i", "x=" + path).failed("a")


# fs.write

@case
def write_replaces_creates_and_appends(bench):
    flow = call(bench, "fs.write", '{path: out/deep/a.txt, text: "one"}')
    equal(flow.run().completed().json, {"path": "out/deep/a.txt", "sha256": sha256("one"), "size": 3})
    equal(read(flow.path("out/deep/a.txt")), "one")
    flow = call(bench, "fs.write", "{path: a.txt, text: new}", {"a.txt": "old and longer"})
    flow.run().completed()
    equal(read(flow.path("a.txt")), "new")
    flow = call(bench, "fs.write", "{path: a.txt, text: new, how: create}", {"a.txt": "old"})
    flow.run().failed("a", "io")
    equal(read(flow.path("a.txt")), "old")
    flow = call(bench, "fs.write", "{path: a.txt, text: new, how: append}", {"a.txt": "old"})
    equal(flow.run().completed().json, {"path": "a.txt", "sha256": sha256("oldnew"), "size": 6})
    equal(read(flow.path("a.txt")), "oldnew")


@case
def write_stays_in_the_workspace_and_out_of_git_and_wfc(bench):
    flow = calling(bench, "fs.write", '{path: "${input.x}", text: x}', {".git/config": "kept", "src/.git/config": "kept"})
    outside = flow.path("../outside")
    os.mkdir(outside)
    os.symlink(outside, flow.path("link"))
    os.symlink(os.path.join(outside, "file"), flow.path("dangling"))
    for path in (".git/config", ".git/hooks/post-commit", ".wfc/x", "src/.git/config", "../outside/f", "/tmp/wfc-e2e-never", "link/f", "src", ".git", "."):
        flow.run("-i", "x=" + path).failed("a")
    flow.run("-i", "x=dangling")  # the link may be replaced, but not written through
    equal(os.listdir(outside), [])
    equal((read(flow.path(".git/config")), read(flow.path("src/.git/config"))), ("kept", "kept"))
    check(not exists("/tmp/wfc-e2e-never"))


# text.search

@case
def search_gives_places(bench):
    files = {"a.txt": "one\ntwo two\n", "src/b.txt": "é two", "wfc.txt": "none"}
    flow = call(bench, "text.search", '{pattern: "t[w]o", glob: "**/*.txt"}', files)
    found = flow.run().completed().json
    equal(found["truncated"], False)
    equal([(match["path"], match["line"], match["text"]) for match in found["matches"]],
          [("a.txt", 2, "two two"), ("src/b.txt", 1, "é two")])
    equal([match["column"] for match in found["matches"]], [1, 3])


@case
def search_is_truncated_at_max_matches(bench):
    flow = call(bench, "text.search", "{pattern: x, root: src, max_matches: 3}", {"src/a.txt": "x\n" * 10})
    found = flow.run().completed().json
    equal((len(found["matches"]), found["truncated"]), (3, True))


@case
def search_takes_linear_time_patterns_only(bench):
    flow = calling(bench, "text.search", '{pattern: "${input.x}"}', {"a.txt": "a" * 100_000})
    flow.run("-i", "x=(").failed("a")
    flow.run("-i", r"x=(a)\1").failed("a")
    flow.run("-i", "x=(a*)*b").completed()


# git

def repository(flow):
    git(flow.folder, "init", "-q")
    flow.write("a.txt", "one\ntwo\n")
    flow.write("old.txt", "a file\nthat moves\nsomewhere else\n")
    flow.write("gone.txt", "x\n")
    git(flow.folder, "add", "a.txt", "old.txt", "gone.txt")
    git(flow.folder, "commit", "-q", "-m", "first: \"quoted\" subject")
    flow.write("a.txt", "one\nthree\n")
    git(flow.folder, "add", "a.txt")
    git(flow.folder, "commit", "-q", "-m", "second")


@case
def log_gives_commits_newest_first(bench):
    flow = call(bench, "git.log", "{}")
    repository(flow)
    commits = flow.run().completed().json["commits"]
    equal([commit["subject"] for commit in commits], ["second", 'first: "quoted" subject'])
    equal(commits[0]["sha"], git(flow.folder, "rev-parse", "HEAD"))
    contains(commits[0]["author"], "Ada")
    contains(commits[0]["date"], "2024-05-06")


@case
def log_by_path_and_max(bench):
    flow = call(bench, "git.log", "{path: old.txt}")
    repository(flow)
    equal(len(flow.run().completed().json["commits"]), 1)
    flow = call(bench, "git.log", "{max: 1}")
    repository(flow)
    equal([commit["subject"] for commit in flow.run().completed().json["commits"]], ["second"])


@case
def log_outside_a_repository_fails(bench):
    call(bench, "git.log", "{}").run().failed("a")


@case
def diff_gives_what_changed(bench):
    flow = call(bench, "git.diff", "{base: HEAD~1}")
    repository(flow)
    flow.write("a.txt", "one\nfour\n")
    flow.write("added.txt", "new\n")
    os.remove(flow.path("gone.txt"))
    git(flow.folder, "mv", "old.txt", "new.txt")
    git(flow.folder, "add", "added.txt")
    files = {file["path"]: file for file in flow.run().completed().json["files"]}
    equal({path: file["status"] for path, file in files.items()},
          {"a.txt": "modified", "added.txt": "added", "gone.txt": "deleted", "new.txt": "renamed"})
    contains(files["a.txt"]["patch"], "-two", "+four")
    equal(files["new.txt"]["old_path"], "old.txt")


@case
def diff_with_a_base_that_is_an_option_fails(bench):
    flow = calling(bench, "git.diff", '{base: "${input.x}"}')
    repository(flow)
    for base in ("--output=owned", "-O/etc/passwd", "no-such-branch"):
        flow.run("-i", "x=" + base).failed("a")
    check(not exists(flow.path("owned")))


@case
def configuration_of_a_repository_runs_nothing(bench):
    flow = bench.flow("log: {tool: git.log}\ndiff: {tool: git.diff, with: {base: HEAD~1}}", output='["${stages.log.output}", "${stages.diff.output}"]')
    repository(flow)
    flow.write("own.sh", "#!/bin/sh\ntouch owned\n")
    os.chmod(flow.path("own.sh"), 0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.sshCommand", "diff.x.textconv", "diff.x.command", "filter.x.clean"):
        git(flow.folder, "config", key, flow.path("own.sh"))
    git(flow.folder, "config", "log.showSignature", "true")
    flow.write(".gitattributes", "*.txt diff=x filter=x\n")
    flow.run()
    check(not exists(flow.path("owned")), "the repository's configuration ran a program")


# echo, and denials

@case
def echo_gives_its_input(bench):
    equal(call(bench, "echo", '{a: [1, {b: null}], c: "x"}').run().completed().json, {"a": [1, {"b": None}], "c": "x"})


@case
def built_in_under_another_name(bench):
    flow = bench.flow("a: {tool: sources, with: {root: src}}", head="tools: {sources: {builtin: fs.list, timeout: 5s}}", output="${size(stages.a.output.files)}",
                      files=TREE)
    equal(flow.run().completed().out, "3\n")


DENYING = 'security: {allow: {fs.read: ["**"]}, deny: {fs.read: ["**/.env", "secrets/**"]}}\n'
HIDDEN = {"a.txt": "find me", ".env": "find me", "src/.env": "find me", "secrets/deep/key": "find me", "src/b.txt": "find me"}


@case
def denied_paths_are_left_out_of_listings(bench):
    paths = [file["path"] for file in call(bench, "fs.list", "{}", HIDDEN, DENYING).run().completed().json["files"]]
    equal(paths, ["a.txt", "src/b.txt", "wfc.yaml"])
    found = call(bench, "text.search", "{pattern: find me, glob: '**'}", HIDDEN, DENYING).run().completed().json["matches"]
    equal([match["path"] for match in found if match["path"] != "wfc.yaml"], ["a.txt", "src/b.txt"])


@case
def denied_paths_are_refused_on_use(bench):
    flow = calling(bench, "fs.read", '{path: "${input.x}"}', HIDDEN, DENYING)
    os.symlink("src", flow.path("alias"))
    for path in (".env", "src/.env", "secrets/deep/key", "src//.env", "./.env", "alias/.env"):
        run = flow.run("-i", "x=" + path).failed("a")
        check("find me" not in run.out, run)
    run = flow.run("-i", "x=.env").failed("a", "denied")
    denied = [line for line in run.audit if not line["allowed"]]
    equal([(line["capability"], line["subject"]) for line in denied], [("fs.read", ".env")])


@case
def listing_below_a_dynamic_root_keeps_to_the_grant(bench):
    security = 'security: {allow: {fs.read: ["src/**"]}}\n'
    flow = calling(bench, "fs.list", '{root: "${input.x}"}', HIDDEN, security)
    equal([file["path"] for file in flow.run("-i", "x=src").completed().json["files"]], ["src/.env", "src/b.txt"])
    flow.run("-i", "x=secrets").failed("a", "denied")


if __name__ == "__main__":
    main()
