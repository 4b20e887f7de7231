#!/usr/bin/env python3
"""Reads every #include of the project and fails on one that the table in docs/architecture.md does not allow.

Usage: layering_test.py [ROOT] [--self-test]; with --self-test also shows that each rule can fail.
"""
import os
import re
import sys
import tempfile

SOURCE_FOLDERS = ("ir", "frontend", "passes", "backend-runtime", "driver", "schemas")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
LIBRARIES = {
    "fmt/": "fmt",
    "xxh": "xxhash",
    "llvm": "LLVM",
    "simdjson": "simdjson",
    "re2/": "re2",
    "yaml-cpp/": "yaml-cpp",
    "boost/": "Boost",
    "flatbuffers/": "FlatBuffers",
    "openssl/": "OpenSSL",
    "sqlite3": "SQLite",
    "curl/": "libcurl",
    "CLI/": "CLI11",
    "benchmark/": "Google Benchmark",
}
INHERITED = {"LLVM"}
NOT_IN_HEADERS = {"yaml-cpp", "Boost", "OpenSSL", "SQLite", "libcurl", "CLI11", "Google Benchmark"}
IN_ONE_FILE = {"yaml-cpp", "SQLite"}


class Table:
    """The rows of the table, and what follows from them."""

    def __init__(self, root):
        with open(os.path.join(root, "docs/architecture.md"), encoding="utf-8") as file:
            text = file.read()
        block = text.split("<!-- layering: begin -->")[1].split("<!-- layering: end -->")[0]
        self.folders, self.libraries = {}, {}
        for line in block.strip().split("\n")[2:]:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            name = cells[0].strip("`")
            self.folders[name] = re.findall(r"`([^`]+)`", cells[2])
            self.libraries[name] = {entry.strip() for entry in cells[3].split(",") if entry.strip()}
        for name, allowed in self.folders.items():
            self.folders[name] = [each for entry in allowed for each in self.expand(entry)]

    def expand(self, entry):
        if not entry.endswith("/*"):
            return [entry]
        return [name for name in self.folders if name.startswith(entry[:-1])]

    def folder_of(self, path):
        """The row with the longest name that `path` lies in, or None."""
        rows = [name for name in self.folders if path.startswith(name + "/")]
        return max(rows, key=len, default=None)

    def reachable(self, folder):
        seen, todo = {folder}, [folder]
        while todo:
            for below in self.folders[todo.pop()]:
                if below not in seen:
                    seen.add(below)
                    todo.append(below)
        return seen

    def allowed_libraries(self, folder):
        inherited = {library for below in self.reachable(folder) for library in self.libraries[below] & INHERITED}
        return self.libraries[folder] | inherited


def library_of(header):
    return next((name for prefix, name in LIBRARIES.items() if header.startswith(prefix)), None)


def source_files(root):
    for top in SOURCE_FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".h", ".cpp", ".def", ".inc")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def local_problem(table, folder, header):
    target = table.folder_of(header)
    if target is None:
        return f'"{header}" is in no folder of the table'
    if target not in table.reachable(folder):
        return f"`{folder}` may not include `{target}`"
    return None


def include_problem(table, folder, path, included, users):
    quote, header = included.groups()
    library = library_of(header)
    if library is not None:
        return library_problem(table, folder, path, library, users)
    return local_problem(table, folder, header) if quote == '"' else None


def library_problem(table, folder, path, library, users):
    if library not in table.allowed_libraries(folder):
        return f"`{folder}` may not include {library}"
    if library in NOT_IN_HEADERS and path.endswith(".h"):
        return f"no header may include {library}"
    others = users.setdefault(library, set())
    others.add(path)
    if library in IN_ONE_FILE and len(others) > 1:
        return f"{library} is included by more than one file: {', '.join(sorted(others))}"
    return None


def table_problems(table):
    for name, allowed in table.folders.items():
        for below in allowed:
            if below not in table.folders:
                yield f"docs/architecture.md: `{name}` may include `{below}`, which has no row"
            elif name in table.reachable(below):
                yield f"docs/architecture.md: `{name}` and `{below}` may include each other"


def problems(root):
    table = Table(root)
    found = list(table_problems(table))
    if found:
        return found
    users = {}
    for path in source_files(root):
        folder = table.folder_of(path)
        if folder is None:
            found.append(f"{path}: its folder has no row in docs/architecture.md")
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                included = INCLUDE.match(line)
                problem = include_problem(table, folder, path, included, users) if included else None
                if problem:
                    found.append(f"{path}:{number}: {problem}")
    return found


SELF_TESTS = {
    "an upward arrow": ("ir/base/bad.h", '#include "passes/context/pass.h"', "may not include `passes/context`"),
    "a sideways arrow": ("backend-runtime/plan/bad.cpp", '#include "ir/diag/sink.h"', "may not include `ir/diag`"),
    "the runtime reaching the compiler": ("backend-runtime/runtime/drive/bad.cpp", '#include "ir/stage.h"', "may not include `ir`"),
    "LLVM in the runtime": ("backend-runtime/tools/bad.cpp", "#include <llvm/ADT/StringRef.h>", "may not include LLVM"),
    "a library in the wrong folder": ("passes/bad.cpp", "#include <yaml-cpp/yaml.h>", "may not include yaml-cpp"),
    "a library in a header": ("passes/graph/bad.h", "#include <boost/graph/graph_traits.hpp>", "no header may include Boost"),
    "a second user of yaml-cpp": ("frontend/yaml/bad.cpp", "#include <yaml-cpp/a.h>\n#include <x>", None),
    "a folder without a row": ("frontend/new/bad.cpp", "", "its folder has no row"),
    "a header of no folder": ("ir/base/bad.h", '#include "util/x.h"', "is in no folder"),
}


def self_test(root):
    """Each rule, broken in a copy of nothing but the table and one file."""
    failed = 0
    for name, (path, line, expected) in SELF_TESTS.items():
        with tempfile.TemporaryDirectory() as copy:
            os.makedirs(os.path.join(copy, "docs"))
            with open(os.path.join(root, "docs/architecture.md"), encoding="utf-8") as source:
                open(os.path.join(copy, "docs/architecture.md"), "w", encoding="utf-8").write(source.read())
            for each in {path, "frontend/yaml/other.cpp"} if "second" in name else {path}:
                os.makedirs(os.path.dirname(os.path.join(copy, each)), exist_ok=True)
                open(os.path.join(copy, each), "w", encoding="utf-8").write(line + "\n")
            found = problems(copy)
        if not any((expected or "more than one file") in problem for problem in found):
            print(f"self-test: {name} was not noticed; found {found}")
            failed += 1
    return failed


def main():
    arguments = [a for a in sys.argv[1:] if a != "--self-test"]
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = problems(root)
    for problem in found:
        print(problem)
    failed = bool(found) + (self_test(root) if "--self-test" in sys.argv else 0)
    total = 1 + (len(SELF_TESTS) if "--self-test" in sys.argv else 0)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
