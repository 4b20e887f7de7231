#!/usr/bin/env python3
"""Holds docs/diagnostics/*.md to the form that docs/diagnostics/README.md describes, and checks the examples in them.

Usage: docs_examples_test.py BIN_DIR [CODE...]
"""
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from tables import read_codes  # noqa: E402

FENCE = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = re.compile(r"^<!-- check: (.*) -->$", re.MULTILINE)


def severity_line(row):
    how = {
        "Fixed": "Cannot be suppressed.",
        "Lesser": f"Below an error, suppress it with `# wfc: ignore[{row.code}]`.",
        "Plain": f"Suppress it with `# wfc: ignore[{row.code}]`.",
        "Reasoned": f"Suppress it with `# wfc: ignore[{row.code}] REASON`; the reason is required.",
    }
    return f"{row.severity}. {how[row.suppression]}"


def sections(page):
    """The page's `## NAME` sections by name."""
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def form_problems(row, page):
    lines = page.split("\n")
    if lines[0] != f"# {row.code}: {row.slug}":
        yield f"the title must be `# {row.code}: {row.slug}`"
    if len(lines) < 3 or lines[2] != severity_line(row):
        yield f"the third line must be `{severity_line(row)}`"
    names = list(sections(page))
    if names[:2] != ["Wrong", "Right"] or names[2:] not in ([], ["Notes"]):
        yield f"the sections must be Wrong, Right and perhaps Notes, not {names}"


def write_project(folder, text):
    for _, path, content in FENCE.findall(text):
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        content = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), content)
        with open(target, "w", encoding="utf-8", newline="") as file:
            file.write(content)


def codes_found(bin_dir, text):
    """The codes that `wfc check` finds in the example, and what it printed."""
    options = OPTIONS.search(text)
    with tempfile.TemporaryDirectory() as folder:
        write_project(folder, text)
        command = [os.path.join(bin_dir, "wfc"), "check", "--format", "json", folder]
        command += options[1].split() if options else []
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1):
        return None, done.stdout + done.stderr
    found = json.loads(done.stdout)["diagnostics"]
    printed = "".join(f"    {d['file']}:{d['line']}: {d['code']} {d['message']}\n" for d in found)
    return {d["code"] for d in found}, printed


def example_problems(row, page, bin_dir):
    for name, expected in (("Wrong", {row.code}), ("Right", set())):
        text = sections(page).get(name, "")
        if not FENCE.search(text):
            yield f"{name}: no file in the example"
            continue
        found, printed = codes_found(bin_dir, text)
        if found != expected:
            wanted = ", ".join(sorted(expected)) or "nothing"
            yield f"{name}: expected {wanted}, wfc check says\n{printed}"


def main():
    bin_dir, only = sys.argv[1], sys.argv[2:]
    failed = passed = 0
    for row in read_codes():
        if only and row.code not in only:
            continue
        path = os.path.join(ROOT, "docs", "diagnostics", row.code + ".md")
        if os.path.exists(path):
            page = open(path, encoding="utf-8").read()
            problems = [*form_problems(row, page), *example_problems(row, page, bin_dir)]
        else:
            problems = ["no page"]
        for problem in problems:
            print(f"docs/diagnostics/{row.code}.md: {problem}")
        failed += bool(problems)
        passed += not problems
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
