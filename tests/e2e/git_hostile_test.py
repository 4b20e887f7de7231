#!/usr/bin/env python3
"""git.log and git.diff over repositories that somebody made to run programs, to show what is elsewhere, or to be read for ever.

Each table has a row for an attempt: its name, and what it does to a repository of the project that has two commits and a changed file.
"""
import hashlib
import json
import os
import struct
import zlib

import boxes
from boxes import case
from git_boxes import git, other_repository

READ = '{fs.read: ["**"]}'


def repository(box, folder=None):
    """Two commits; a.txt differs from both in the work tree."""
    git(box, "init", folder=folder)
    for name, text in (("a.txt", "one\n"), ("sub/b.txt", "b\n")):
        path = os.path.join(folder or box.project_folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    git(box, "add", ".", folder=folder)
    git(box, "commit", "-m", "first", folder=folder)
    with open(os.path.join(folder or box.project_folder, "a.txt"), "a", encoding="utf-8") as file:
        file.write("two\n")
    git(box, "commit", "-am", "second", folder=folder)
    with open(os.path.join(folder or box.project_folder, "a.txt"), "a", encoding="utf-8") as file:
        file.write("three\n")


def _made(folder):
    os.makedirs(folder)
    return folder


def asker(box, root=".", allow=READ, deny=""):
    """A workflow that yields the log and the diff of `root`, or why there is none."""
    box.workflow(f"""
      log: {{tool: git.log, with: {{root: {root}}}, timeout: 20s, on_error: continue}}
      diff: {{tool: git.diff, with: {{root: {root}, base: "HEAD~1"}}, timeout: 20s, on_error: continue}}""", allow=allow, output="""
      log: '${coalesce(stages.log.output, stages.log.error)}'
      diff: '${coalesce(stages.diff.output, stages.diff.error)}'""")
    if deny:
        with open(box.path("wfc.yaml"), "a", encoding="utf-8") as file:
            file.write(f"  deny: {deny}\n")


def ask(box, **options):
    """What the workflow yielded, and everything that the run wrote."""
    run = box.run(**options)
    assert run.code in (0, 5), (run.code, run.stderr)
    said = run.stdout + run.stderr + "".join(text.decode(errors="replace") for name, text in run.records().items() if not name.endswith("plan.bin"))
    return json.loads(run.stdout), said


def is_shown(answer):
    """Both tools answered, and as for an honest repository."""
    return (len(answer["log"].get("commits", [])) == 2 and
            [(each["path"], each["status"]) for each in answer["diff"].get("files", [])] == [("a.txt", "modified")] and
            "+two\n+three\n" in answer["diff"]["files"][0]["patch"])


# Attempts at execution. `trap` is a program that leaves a mark when it runs, and behaves as a filter would.

def config(text):
    """Appends to `.git/config`; `TRAP` is the program."""
    def attempt(box, trap):
        text_bytes = text if isinstance(text, bytes) else text.encode()
        with open(box.path(".git/config"), "ab") as file:
            file.write(text_bytes.replace(b"TRAP", trap.encode()))
    return attempt


def both(*attempts):
    def attempt(box, trap):
        for each in attempts:
            each(box, trap)
    return attempt


def file(name, text, mode=0o644):
    def attempt(box, trap):
        box.write(name, (text if isinstance(text, bytes) else text.encode()).replace(b"TRAP", trap.encode()), mode=mode)
    return attempt


def attributes(text):
    return both(file(".gitattributes", text), file(".git/info/attributes", text))


def hook(name):
    return file(f".git/hooks/{name}", "#!/bin/sh\nexec TRAP\n", mode=0o755)


def included(box, trap):
    box.write(".git/more", f'[filter "t"]\n\tclean = {trap}\n[core]\n\tfsmonitor = {trap}\n')
    box.write(".gitattributes", "* filter=t\n")
    config("[include]\n\tpath = more\n")(box, trap)


def included_if(box, trap):
    box.write(".git/more", f'[filter "t"]\n\tclean = {trap}\n[diff]\n\texternal = {trap}\n')
    box.write(".gitattributes", "* filter=t\n")
    config(f'[includeIf "gitdir:{box.path("")}"]\n\tpath = more\n[includeIf "onbranch:**"]\n\tpath = more\n')(box, trap)


def submodule(box, trap):
    """A submodule whose own configuration has a monitor, and a `.gitmodules` that wants it looked into."""
    repository(box, folder=_made(box.path("module")))
    git(box, "add", "module")
    git(box, "commit", "-m", "with a module")
    box.write(".gitmodules", f'[submodule "m"]\n\tpath = module\n\turl = ./module\n\tignore = none\n\tupdate = !{trap}\n')
    with open(box.path("module/.git/config"), "a", encoding="utf-8") as module:
        module.write(f'[core]\n\tfsmonitor = {trap}\n[diff]\n\texternal = {trap}\n')
    config(f'[diff]\n\tignoreSubmodules = none\n\tsubmodule = diff\n[status]\n\tsubmoduleSummary = true\n[submodule "m"]\n\tupdate = !{trap}\n\tignore = none\n')(box, trap)


def missing_object(box, trap):
    """A partial clone: an object that is not there would be fetched through a remote that is a program."""
    blob = git(box, "rev-parse", "HEAD~1:a.txt")
    os.remove(box.path(f".git/objects/{blob[:2]}/{blob[2:]}"))
    config(f'[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ext::{trap}\n'
           f'\tpromisor = true\n\tuploadpack = {trap}\n\tpartialCloneFilter = blob:none\n[protocol "ext"]\n\tallow = always\n')(box, trap)


def own_git(box, trap):
    """A `git` in the folder that the project itself names as its search path."""
    box.write("bin/git", f"#!/bin/sh\nexec {trap}\n", mode=0o755)
    with open(box.path("wfc.yaml"), "a", encoding="utf-8") as manifest:
        manifest.write(f"execution: {{path: {box.path('bin')}}}\n")


def own_git_on_the_path(box, trap):
    """Somebody's PATH leads through the work tree; only without a git elsewhere would that matter."""
    box.write("git", f"#!/bin/sh\nexec {trap}\n", mode=0o755)
    box.search_path = f"{box.project_folder}:/usr/bin:/bin"


def own_git_in_work_tree(box, trap):
    box.write("git", f"#!/bin/sh\nexec {trap}\n", mode=0o755)
    box.write("git-diff", f"#!/bin/sh\nexec {trap}\n", mode=0o755)


EVERYTHING = "* filter=t diff=t merge=t\n"
EXECUTION = {
    "a clean filter": both(attributes(EVERYTHING), config('[filter "t"]\n\tclean = TRAP\n\trequired = true\n')),
    "a smudge filter": both(attributes(EVERYTHING), config('[filter "t"]\n\tsmudge = TRAP\n')),
    "a process filter": both(attributes(EVERYTHING), config('[filter "t"]\n\tprocess = TRAP\n')),
    "a filter whose name is not UTF-8": both(attributes(b"* filter=\xe9\n"), config(b'[filter "\xe9"]\n\tclean = TRAP\n')),
    "a filter whose name is cut UTF-8": both(attributes(b"* filter=\xf0\x9f\n"), config(b'[filter "\xf0\x9f"]\n\tclean = TRAP\n')),
    "a filter whose name has a quote": both(attributes('* filter=a"b\n'), config('[filter "a\\"b"]\n\tclean = TRAP\n')),
    "a filter whose name has a line's end": both(attributes('* filter=a\n'), config('[filter "a"]\n\tclean = \\\nTRAP\n')),
    "a filter whose name has dots": both(attributes("* filter=a.b.clean\n"), config('[filter "a.b.clean"]\n\tclean = TRAP\n')),
    "a filter whose name has a bracket": both(attributes("* filter=a]b\n"), config('[filter "a]b"]\n\tclean = TRAP\n')),
    "a filter in capitals": both(attributes("* filter=T\n"), config('[FILTER "T"]\n\tCLEAN = TRAP\n\tREQUIRED\n')),
    "a filter in the old form": both(attributes("* filter=t\n"), config("[filter.t]\n\tclean = TRAP\n")),
    "a filter without a name": both(attributes("* filter=\n"), config('[filter ""]\n\tclean = TRAP\n')),
    "a filter set only": both(attributes("* filter\n"), config('[filter "filter"]\n\tclean = TRAP\n[filter "set"]\n\tclean = TRAP\n')),
    "a filter on one line": both(attributes("* filter=t\n"), config('[filter "t"] clean = TRAP\n')),
    "a filter by a macro": both(attributes("[attr]binary filter=t\n*.txt binary\n"), config('[filter "t"]\n\tclean = TRAP\n')),
    "a filter of an included file": included,
    "a filter of a file included on a condition": included_if,
    "a filter of the work tree's configuration": both(
        attributes("* filter=t\n"), config("[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tworktreeConfig = true\n"),
        file(".git/config.worktree", '[filter "t"]\n\tclean = TRAP\n[core]\n\tfsmonitor = TRAP\n')),
    "attributes elsewhere": both(config("[core]\n\tattributesFile = .git/a\n[filter \"t\"]\n\tclean = TRAP\n"), file(".git/a", "* filter=t\n")),
    "a monitor": config("[core]\n\tfsmonitor = TRAP\n"),
    "a monitor of version 1": config("[core]\n\tfsmonitor = TRAP\n\tfsmonitorHookVersion = 1\n\tuntrackedCache = true\n"),
    "a monitor in capitals": config("[CORE]\n\tFSMONITOR = TRAP\n"),
    "an external diff": config("[diff]\n\texternal = TRAP\n\ttrustExitCode = true\n"),
    "a driver's command": both(attributes(EVERYTHING), config('[diff "t"]\n\tcommand = TRAP\n')),
    "a driver's text conversion": both(attributes(EVERYTHING), config('[diff "t"]\n\ttextconv = TRAP\n\tcachetextconv = true\n\tbinary = true\n')),
    "a driver whose name is not UTF-8": both(attributes(b"* diff=\xff\n"), config(b'[diff "\xff"]\n\ttextconv = TRAP\n\tcommand = TRAP\n')),
    "a merge driver": both(attributes(EVERYTHING), config('[merge "t"]\n\tdriver = TRAP %O %A %B\n[merge]\n\tdefault = t\n')),
    "a pager": config("[core]\n\tpager = TRAP\n[pager]\n\tlog = TRAP\n\tdiff = TRAP\n"),
    "an editor": config("[core]\n\teditor = TRAP\n[sequence]\n\teditor = TRAP\n"),
    "an alias": config("[alias]\n\tlog = !TRAP\n\tdiff = !TRAP\n\trev-parse = !TRAP\n\tconfig = !TRAP\n"),
    "an askpass program": config("[core]\n\taskPass = TRAP\n"),
    "a credential helper": config("[credential]\n\thelper = !TRAP\n"),
    "a shell for remotes": config("[core]\n\tsshCommand = TRAP\n\tgitProxy = TRAP\n[ssh]\n\tvariant = ssh\n"),
    "a signature program": config("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = TRAP\n[gpg \"ssh\"]\n\tprogram = TRAP\n\tdefaultKeyCommand = TRAP\n"),
    "a partial clone's remote": missing_object,
    "a submodule": submodule,
    "hooks": both(*[hook(name) for name in ("post-index-change", "fsmonitor-watchman", "query-watchman", "post-checkout", "pre-auto-gc", "reference-transaction")]),
    "hooks elsewhere": both(config("[core]\n\thooksPath = .\n"), file("post-index-change", "#!/bin/sh\nexec TRAP\n", mode=0o755)),
    "hooks by name": config('[hook "t"]\n\tcommand = TRAP\n\tevent = post-index-change\n'),
    "trailers": config('[trailer "t"]\n\tcommand = TRAP\n\tcmd = TRAP\n[log]\n\tdiffMerges = on\n'),
    "interactive filters": config("[interactive]\n\tdiffFilter = TRAP\n[diff]\n\ttool = t\n[difftool \"t\"]\n\tcmd = TRAP\n"),
    "maintenance": config("[gc]\n\tauto = 1\n\trecentObjectsHook = TRAP\n[maintenance]\n\tauto = true\n[uploadpack]\n\tpackObjectsHook = TRAP\n"),
    "an alternate's references": config("[core]\n\talternateRefsCommand = TRAP\n"),
    "a git of the project's own": own_git,
    "a git in the work tree": own_git_in_work_tree,
    "a git in the work tree, on the path": own_git_on_the_path,
}


def make_execution_case(name, attempt):
    def run_attempt(box):
        repository(box)
        mark = os.path.join(box.folder, "sprung")
        trap = os.path.join(box.folder, "trap")
        with open(trap, "w", encoding="utf-8") as program:
            program.write(f"#!/bin/sh\n: > '{mark}'\ncat\n")
        os.chmod(trap, 0o755)
        asker(box)
        attempt(box, trap)
        answer, _ = ask(box, env={"PATH": getattr(box, "search_path", "/usr/bin:/bin")})
        assert not os.path.exists(mark), "the repository's program ran"
        if name not in ("a partial clone's remote", "a submodule"):
            assert is_shown(answer), answer
    run_attempt.__name__ = "nothing runs: " + name
    return case(run_attempt)


for row in EXECUTION.items():
    make_execution_case(*row)


# Attempts at disclosure. `other` is a repository beside the project; its commit and its file must not be shown.

def git_folder(box, **links):
    """A `.git` made of links."""
    os.makedirs(box.path(".git"))
    box.write(".git/HEAD", "ref: refs/heads/main\n")
    for name, target in links.items():
        os.symlink(target, box.path(f".git/{name}"))


def gitfile(box, other):
    box.write(".git", f"gitdir: {other}/.git\n")


def relative_gitfile(box, other):
    box.write(".git", f"gitdir: ../{os.path.basename(other)}/.git\n")


def linked_git_folder(box, other):
    os.symlink(f"{other}/.git", box.path(".git"))


def common_folder(box, other):
    git_folder(box)
    box.write(".git/commondir", f"{other}/.git\n")


def relative_common_folder(box, other):
    git_folder(box)
    box.write(".git/commondir", f"../../{os.path.basename(other)}/.git\n")


def linked_parts(box, other):
    git_folder(box, objects=f"{other}/.git/objects", refs=f"{other}/.git/refs")


def head_of(box, other):
    return git(box, "rev-parse", "HEAD", folder=other)


def linked_objects(box, other):
    git_folder(box, objects=f"{other}/.git/objects")
    box.write(".git/refs/heads/main", head_of(box, other) + "\n")


def linked_packs(box, other):
    git(box, "repack", "-ad", folder=other)
    git_folder(box)
    box.write(".git/refs/heads/main", head_of(box, other) + "\n")
    os.makedirs(box.path(".git/objects"))
    os.symlink(f"{other}/.git/objects/pack", box.path(".git/objects/pack"))


def linked_pack_files(box, other):
    git(box, "repack", "-ad", folder=other)
    git_folder(box)
    box.write(".git/refs/heads/main", head_of(box, other) + "\n")
    os.makedirs(box.path(".git/objects/pack"))
    for name in os.listdir(f"{other}/.git/objects/pack"):
        os.symlink(f"{other}/.git/objects/pack/{name}", box.path(f".git/objects/pack/{name}"))


def linked_loose_objects(box, other):
    git_folder(box)
    box.write(".git/refs/heads/main", head_of(box, other) + "\n")
    os.makedirs(box.path(".git/objects"))
    for name in os.listdir(f"{other}/.git/objects"):
        if len(name) == 2:
            os.symlink(f"{other}/.git/objects/{name}", box.path(f".git/objects/{name}"))


def alternates(line):
    def attempt(box, other):
        git(box, "init")
        box.write(".git/objects/info/alternates", line.format(other=other, name=os.path.basename(other)))
        box.write(".git/refs/heads/main", head_of(box, other) + "\n")
    return attempt


def chained_alternates(box, other):
    git(box, "init")
    git(box, "init", "between")
    box.write(".git/objects/info/alternates", "../../between/.git/objects\n")
    box.write("between/.git/objects/info/alternates", f"{other}/.git/objects\n")
    box.write(".git/refs/heads/main", head_of(box, other) + "\n")


def linked_head(box, other):
    git(box, "init")
    os.remove(box.path(".git/HEAD"))
    os.symlink(f"{other}/.git/HEAD", box.path(".git/HEAD"))
    os.rmdir(box.path(".git/objects/pack"))
    os.symlink(f"{other}/.git/objects", box.path(".git/objects/pack"))


def borrowed_work_tree(box, other):
    """The folder of another's linked work tree, which names that one and not this."""
    git(box, "worktree", "add", "-b", "w", os.path.join(box.folder, "theirs"), folder=other)
    box.write(".git", f"gitdir: {other}/.git/worktrees/theirs\n")


def own_work_tree_folder(box, other):
    """A folder of our own that claims to be a linked work tree's, in front of another's common folder."""
    box.write("fake/HEAD", "ref: refs/heads/main\n")
    box.write("fake/gitdir", box.path(".git") + "\n")
    box.write("fake/commondir", f"{other}/.git\n")
    box.write(".git", "gitdir: fake\n")


def work_tree_setting(where):
    def attempt(box, other):
        git(box, "init")
        git(box, "commit", "--allow-empty", "-m", "ours")
        git(box, "commit", "--allow-empty", "-m", "ours too")
        with open(box.path("k.txt"), "w", encoding="utf-8") as ours:
            ours.write("x\n")
        git(box, "add", "k.txt")
        os.remove(box.path("k.txt"))
        git(box, "config", "core.worktree", where.format(other=other, name=os.path.basename(other)))
    return attempt


def index_with(name):
    """An index, made by hand, with an entry that git itself would not make."""
    def attempt(box, other):
        repository(box)
        blob = git(box, "rev-parse", "HEAD:a.txt")
        path = name.format(other=other, name=os.path.basename(other)).encode()
        entry = struct.pack(">10I", 0, 0, 0, 0, 0, 0, 0o100644, 0, 0, 1) + bytes.fromhex(blob) + struct.pack(">H", min(len(path), 0xFFF)) + path + b"\0"
        entry += b"\0" * (-len(entry) % 8)
        body = struct.pack(">4sII", b"DIRC", 2, 1) + entry
        box.write(".git/index", body + hashlib.sha1(body).digest())
    return attempt


def linked_folder_in_work_tree(box, other):
    """A tracked folder that has become a link to elsewhere."""
    git(box, "init")
    box.write("d/k.txt", "ours\n")
    git(box, "add", "d")
    git(box, "commit", "-m", "ours")
    git(box, "commit", "--allow-empty", "-m", "ours too")
    os.remove(box.path("d/k.txt"))
    os.rmdir(box.path("d"))
    os.symlink(other, box.path("d"))


DISCLOSURE = {
    "a .git file": gitfile,
    "a .git file with a relative path": relative_gitfile,
    "a link as .git": linked_git_folder,
    "a common folder": common_folder,
    "a relative common folder": relative_common_folder,
    "links as objects and references": linked_parts,
    "a link as objects": linked_objects,
    "a link as the packs' folder": linked_packs,
    "links as packs": linked_pack_files,
    "links as folders of loose objects": linked_loose_objects,
    "alternates": alternates("{other}/.git/objects\n"),
    "relative alternates": alternates("../../../{name}/.git/objects\n"),
    "quoted alternates": alternates('"{other}/.git/objects"\n'),
    "alternates after a comment and a blank line": alternates("# none\n\n{other}/.git/objects"),
    "alternates of alternates": chained_alternates,
    "a link as HEAD": linked_head,
    "the folder of another work tree": borrowed_work_tree,
    "a folder that claims to be a work tree's": own_work_tree_folder,
    "a work tree elsewhere": work_tree_setting("{other}"),
    "a relative work tree elsewhere": work_tree_setting("../../{name}"),
    "an index that leads upwards": index_with("../{name}/k.txt"),
    "an index with an absolute path": index_with("{other}/k.txt"),
    "an index that leads through .git": index_with(".git/../../{name}/k.txt"),
    "a folder that has become a link": linked_folder_in_work_tree,
}


def make_disclosure_case(name, attempt):
    def run_attempt(box):
        attempt(box, other_repository(box))
        asker(box)
        _, said = ask(box)
        for secret in ("TOPSECRET", "private commit", "private again"):
            assert secret not in said, said
    run_attempt.__name__ = "nothing is shown: " + name
    return case(run_attempt)


for row in DISCLOSURE.items():
    make_disclosure_case(*row)


# The same within the workspace: what is denied there stays so.

DENIED = {
    "a .git file": lambda box: box.write("sub/.git", "gitdir: ../private/.git\n"),
    "a link as .git": lambda box: (os.makedirs(box.path("sub")), os.symlink("../private/.git", box.path("sub/.git"))),
    "a common folder": lambda box: (box.write("sub/.git/HEAD", "ref: refs/heads/main\n"), box.write("sub/.git/commondir", "../../private/.git\n")),
    "links as parts": lambda box: (box.write("sub/.git/HEAD", "ref: refs/heads/main\n"), os.symlink("../../private/.git/objects", box.path("sub/.git/objects")),
                                   os.symlink("../../private/.git/refs", box.path("sub/.git/refs"))),
    "alternates": lambda box: (git(box, "init", "sub"), box.write("sub/.git/objects/info/alternates", "../../../private/.git/objects\n"),
                               box.write("sub/.git/refs/heads/main", head_of(box, box.path("private")) + "\n")),
    "a link as the root": lambda box: os.symlink("private", box.path("sub")),
    "a work tree elsewhere": lambda box: (repository(box, folder=_made(box.path("sub"))), os.remove(box.path("sub/a.txt")),
                                          git(box, "config", "core.worktree", "../../private", folder=box.path("sub"))),
}


def make_denied_case(name, attempt):
    def run_attempt(box):
        other_repository(box, where=box.project_folder, files={"a.txt": "TOPSECRET\n"})
        attempt(box)
        asker(box, root="sub", allow='{fs.read: ["sub", "sub/**"]}', deny='{fs.read: ["private/**"]}')
        _, said = ask(box)
        for secret in ("TOPSECRET", "private commit", "private again"):
            assert secret not in said, said
    run_attempt.__name__ = "nothing that is denied is shown: " + name
    return case(run_attempt)


for row in DENIED.items():
    make_denied_case(*row)


# Attempts at being read for ever: an endless device, a pipe that nobody writes to.

def endless_setting(key):
    def attempt(box):
        git(box, "config", key, "/dev/zero")
    return attempt


def endless(name, kind):
    def attempt(box):
        path = box.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path):
            os.remove(path)
        if kind == "pipe":
            os.mkfifo(path)
        else:
            os.symlink("/dev/zero", path)
    return attempt


ENDLESS = {
    "core.attributesFile": endless_setting("core.attributesFile"),
    "core.excludesFile": endless_setting("core.excludesFile"),
    "diff.orderFile": endless_setting("diff.orderFile"),
    "mailmap.file": endless_setting("mailmap.file"),
    "include.path": endless_setting("include.path"),
    "commit.template": endless_setting("commit.template"),
    "gpg.ssh.allowedSignersFile": endless_setting("gpg.ssh.allowedSignersFile"),
}
for where in (".git/HEAD", ".git/config", ".git/index", ".git/packed-refs", ".git/shallow", ".git/commondir", ".git/refs/heads/x", ".git/objects/info/alternates",
              ".git/objects/info/commit-graph", ".git/objects/pack/pack-x.idx", ".git/info/grafts", ".git/info/attributes", ".mailmap", ".gitmodules"):
    ENDLESS[f"{where} as a device"] = endless(where, "device")
    ENDLESS[f"{where} as a pipe"] = endless(where, "pipe")
ENDLESS[".gitattributes as a device"] = endless(".gitattributes", "device")
ENDLESS["a tracked file as a pipe"] = endless("a.txt", "pipe")
ENDLESS["a tracked file as a device"] = endless("a.txt", "device")


def make_endless_case(name, attempt):
    def run_attempt(box):
        repository(box)
        asker(box)
        attempt(box)
        # Whether it answers or refuses, it does so at once: a stage that ran into its time would be a `timeout`.
        answer, _ = ask(box, timeout=50)
        for tool in ("log", "diff"):
            assert answer[tool].get("code") not in ("timeout", "cancelled"), (tool, answer[tool])
    run_attempt.__name__ = "nothing is endless: " + name
    return case(run_attempt)


for row in ENDLESS.items():
    make_endless_case(*row)


@case
def a_commit_that_fills_all_memory_is_not_read(box):
    """A few megabytes that unpack to more than git may hold."""
    repository(box)
    head = "".join(f"{key} {value}\n" for key, value in (
        ("tree", git(box, "rev-parse", "HEAD^{tree}")), ("parent", git(box, "rev-parse", "HEAD")),
        ("author", "a <a@example.org> 1 +0000"), ("committer", "a <a@example.org> 1 +0000"))) + "\n"
    block, count = b"x" * (1 << 20), 1100
    digest, packer = hashlib.sha1(), zlib.compressobj(1)
    packed = []
    for part in [f"commit {len(head) + count * len(block)}\0{head}".encode()] + [block] * count:
        digest.update(part)
        packed.append(packer.compress(part))
    name = digest.hexdigest()
    box.write(f".git/objects/{name[:2]}/{name[2:]}", b"".join(packed) + packer.flush())
    box.write(".git/refs/heads/main", name + "\n")
    asker(box)
    answer, _ = ask(box, timeout=50)
    for tool in ("log", "diff"):
        assert answer[tool].get("code") == "exit" and "memory" in answer[tool]["message"], answer[tool]


@case
def attributes_that_are_a_pipe_end_with_the_stage(box):
    """git opens them whatever they are; the stage's time, or git's own, ends that."""
    repository(box)
    os.mkfifo(box.path(".gitattributes"))
    box.workflow("""
      diff: {tool: git.diff, with: {base: HEAD}, timeout: 1s, on_error: continue}""", allow=READ, output="${coalesce(stages.diff.error.code, 'none')}")
    assert box.run(timeout=50).expect(5).stdout == "timeout\n"


boxes.main()
