#!/usr/bin/env python3
"""The workspace: what built-in tools reach, and what they never do."""
import hashlib
import json
import os

import boxes
from boxes import case

READ = '{fs.read: ["**"]}'
BOTH = '{fs.read: ["**"], fs.write: ["**"]}'
PATH_INPUT = "    input: {fields: {path: string}}"


def reader(box, allow=READ, deny=""):
    box.workflow("""
      read: {tool: fs.read, with: {path: "${input.path}"}}""", allow=allow, output="${stages.read.output.text}", more=PATH_INPUT)
    if deny:
        with open(box.path("wfc.yaml"), "a", encoding="utf-8") as file:
            file.write(f"  deny: {deny}\n")


@case
def a_file_is_read_with_its_digest(box):
    box.write("a/text.txt", "grüße\n")
    box.workflow("""
      read: {tool: fs.read, with: {path: a/text.txt}}""", allow=READ, output="${stages.read.output}")
    assert json.loads(box.run().expect(0).stdout) == {
        "path": "a/text.txt", "text": "grüße\n", "sha256": hashlib.sha256("grüße\n".encode()).hexdigest(), "truncated": False}


@case
def paths_out_of_the_workspace_are_denied(box):
    with open(os.path.join(box.folder, "outside"), "w", encoding="utf-8") as file:
        file.write("out of bounds")
    os.symlink("../outside", box.path("up"))
    os.symlink(os.path.join(box.folder, "outside"), box.path("absolute"))
    os.symlink("..", box.path("folder"))
    reader(box)
    for path in ("../outside", "a/../../outside", os.path.join(box.folder, "outside"), "up", "absolute", "folder/outside"):
        run = box.run("-i", "path=" + path).expect(1)
        assert run.error("read")["code"] == "denied", (path, run.error("read"))
        assert "out of bounds" not in run.stdout + run.stderr


@case
def links_inside_the_workspace_are_followed_by_reads(box):
    box.write("real/file", "content")
    os.symlink("real/file", box.path("link"))
    reader(box)
    assert box.run("-i", "path=link").expect(0).stdout == "content\n"


@case
def a_link_does_not_get_around_a_denial(box):
    box.write("secrets/key", "hidden")
    os.symlink("secrets/key", box.path("innocent"))
    reader(box, deny='{fs.read: ["secrets/**"]}')
    for path in ("secrets/key", "innocent"):
        run = box.run("-i", "path=" + path).expect(1)
        assert run.error("read")["code"] == "denied", run.error("read")
        assert "hidden" not in run.stdout


@case
def listings_and_searches_leave_out_what_is_denied_reserved_or_linked(box):
    for name in ("src/a.txt", "src/.env", "secrets/key", ".git/config", "sub/.git/config", ".wfc/x", ".hidden"):
        box.write(name, "needle in " + name)
    os.symlink("/etc", box.path("etc"))
    os.symlink("src/a.txt", box.path("link"))
    box.workflow("""
      list: {tool: fs.list}
      search: {tool: text.search, with: {pattern: "needle in [.s]"}}""", allow=READ,
                 output='["${stages.list.output.files.map(f, f.path)}", "${stages.search.output.matches.map(m, m.path)}"]')
    with open(box.path("wfc.yaml"), "a", encoding="utf-8") as file:
        file.write('  deny: {fs.read: ["**/.env", "secrets/**"]}\n')
    listed, found = json.loads(box.run().expect(0).stdout)
    assert found == [".hidden", "src/a.txt"], found
    assert listed == [".hidden", "src/a.txt", "wfc.yaml"], listed


@case
def a_file_is_written_atomically_in_new_folders(box):
    box.workflow("""
      write: {tool: fs.write, with: {path: out/deep/a.txt, text: "one\\n"}}
      append: {tool: fs.write, with: {path: out/deep/a.txt, text: "two\\n", how: append}, after: [write]}
      create: {tool: fs.write, with: {path: out/deep/a.txt, text: x, how: create}, after: [append], on_error: continue}""",
                 allow=BOTH, output='["${stages.append.output.size}", "${stages.create.status}"]')
    run = box.run().expect(5)
    assert json.loads(run.stdout) == [8, "tolerated"], run.stdout
    assert box.read("out/deep/a.txt") == "one\ntwo\n"
    assert os.listdir(box.path("out/deep")) == ["a.txt"]


@case
def writes_follow_no_link_and_stay_out_of_git_and_wfc(box):
    outside = os.path.join(box.folder, "outside")
    os.mkdir(outside)
    box.write("target", "old")
    os.symlink(outside, box.path("folder"))
    os.symlink("target", box.path("link"))
    os.mkdir(box.path(".git"))
    box.workflow("""
      write: {tool: fs.write, with: {path: "${input.path}", text: new}}""", allow=BOTH, more=PATH_INPUT)
    for path in ("folder/file", "../outside/file", "link", ".git/hooks/pre-commit", ".wfc/file", "sub/.git/config"):
        run = box.run("-i", "path=" + path).expect(1)
        assert run.error("write")["code"] == "denied", (path, run.error("write"))
    assert os.listdir(outside) == [] and os.listdir(box.path(".git")) == [] and box.read("target") == "old"


@case
def writing_where_it_is_not_granted_is_denied(box):
    box.workflow("""
      write: {tool: fs.write, with: {path: "${input.path}", text: new}}""", allow='{fs.write: ["reports/**"]}', more=PATH_INPUT)
    box.run("-i", "path=reports/a").expect(0)
    run = box.run("-i", "path=src/a").expect(1)
    assert run.error("write")["code"] == "denied"
    assert not os.path.exists(box.path("src"))


@case
def a_search_counts_code_points_and_passes_over_binary_files(box):
    box.write("a.txt", "none\nä → needle\n")
    box.write("b.bin", b"needle\0")
    box.workflow("""
      search: {tool: text.search, with: {pattern: "n[e]+dle", glob: "*.*"}}""", allow=READ, output="${stages.search.output.matches[0]}")
    assert json.loads(box.run().expect(0).stdout) == {"path": "a.txt", "line": 2, "column": 5, "text": "ä → needle"}


@case
def a_device_or_a_pipe_is_not_read(box):
    os.mkfifo(box.path("pipe"))
    reader(box)
    run = box.run("-i", "path=pipe", timeout=20).expect(1)
    assert run.error("read")["code"] == "io", run.error("read")


@case
def a_large_folder_is_cut_at_the_limit(box):
    for number in range(30):
        box.write(f"many/{number:02}", "")
    box.workflow("""
      list: {tool: fs.list, with: {root: many, max_files: 10}}""", allow=READ,
                 output='["${size(stages.list.output.files)}", "${stages.list.output.truncated}", "${stages.list.output.files[9].path}"]')
    assert json.loads(box.run().expect(0).stdout) == [10, True, "many/09"]


boxes.main()
