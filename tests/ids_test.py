#!/usr/bin/env python3
"""Reads the sources of the runtime and fails on a number that should be an id (backend-runtime/plan/ids.h).

Usage: ids_test.py [ROOT] [--self-test]; with --self-test also shows that each rule can fail.
"""
import os
import re
import sys
import tempfile

FOLDERS = ("backend-runtime", "driver/wfc_run")

KIND = r"(?:node|region|route|schema|program|model|tool|agent|command|constant|builtin|policy|retry|decide|scope|authority)"
COMMENT = re.compile(r"//.*")
OF_HEADERS = (
    (re.compile(rf"\buint32_t&?\s+(\w*?{KIND})_?\s*(?=[,;=){{(]|$)"), "`{0}` is a bare number; give it the type of its id"),
    (re.compile(rf"<uint32_t>>?\s+(\w*?(?:{KIND}s|policies|retries|authorities))_?\s*(?=[,;=){{(]|$)"), "`{0}` are bare numbers; give them the type of their ids"),
)
OF_ALL = (
    (re.compile(r"(std::pair<uint32_t, uint32_t>)"), "`{0}` says nothing; an attempt is a runtime::AttemptId"),
    (re.compile(r"\buint32_t (k\w+) = (?:0[xX][fF]{8}|~0|UINT32_MAX)"), "`{0}` is one more name for no index; an id has its own"),
)


def sources(root):
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".h", ".cpp")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def problems_of_line(path, line):
    """In a .cpp, numbers may be read from a plan before they are known to be in bounds, and are no ids yet."""
    code = COMMENT.sub("", line)
    for pattern, message in OF_ALL + (OF_HEADERS if path.endswith(".h") else ()):
        for match in pattern.finditer(code):
            yield message.format(match.group(1))


def problems(root):
    found = []
    for path in sources(root):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                found += [f"{path}:{number}: {problem}" for problem in problems_of_line(path, line.rstrip("\n"))]
    return found


SELF_TESTS = {
    "a parameter": ("void Begin(uint32_t node, bool is_retry);", "`node` is a bare number"),
    "the last parameter": ("void EndBody(uint32_t region);", "`region` is a bare number"),
    "a member": ("  uint32_t failed_node = {};", "`failed_node` is a bare number"),
    "a private member": ("  uint32_t node_;", "`node` is a bare number"),
    "a parameter of a function's type": ("using F = std::function<Value(uint32_t schema)>;", "`schema` is a bare number"),
    "a list": ("  std::vector<uint32_t> drawn_nodes_;", "are bare numbers"),
    "a pair": ("  using Key = std::pair<uint32_t, uint32_t>;", "says nothing"),
    "a constant": ("constexpr uint32_t kNoNode = 0xFFFFFFFF;", "one more name"),
}
FINE = (
    "void Begin(NodeId node, bool is_retry);",
    "  uint32_t node_count = 0;  // uint32_t node",
    "  uint32_t attempt = 1;",
    "  uint32_t model_calls = 0;",
    "/// The uint32_t node.",
)


def found_in(line):
    with tempfile.TemporaryDirectory() as root:
        path = os.path.join(root, "backend-runtime/runtime/each.h")
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as file:
            file.write(line + "\n")
        return problems(root)


def self_test():
    """Each rule on one line that breaks it, and lines that break none."""
    failed = 0
    for name, (line, expected) in SELF_TESTS.items():
        found = found_in(line)
        if not any(expected in problem for problem in found):
            print(f"self-test: {name} was not noticed; found {found}")
            failed += 1
    for line in FINE:
        if found_in(line):
            print(f"self-test: `{line}` is fine, but found {found_in(line)}")
            failed += 1
    return failed


def main():
    arguments = [a for a in sys.argv[1:] if a != "--self-test"]
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = problems(root)
    for problem in found:
        print(problem)
    has_self_test = "--self-test" in sys.argv
    failed = len(found) + (self_test() if has_self_test else 0)
    total = max(1, len(found)) + (len(SELF_TESTS) + len(FINE) if has_self_test else 0)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
