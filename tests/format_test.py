#!/usr/bin/env python3
"""Every C++ file is as clang-format lays it out."""
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    listed = subprocess.run(["git", "ls-files", "*.h", "*.cpp"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [name for name in listed.stdout.split("\n") if name and os.path.exists(os.path.join(ROOT, name))]
    half = (len(files) + 1) // 2
    checks = [subprocess.Popen(["clang-format-19", "--dry-run", "-Werror", *part], cwd=ROOT, stderr=subprocess.PIPE, text=True)
              for part in (files[:half], files[half:]) if part]
    wrong = set()
    for check in checks:
        wrong |= {line.split(":", 1)[0] for line in check.communicate()[1].split("\n") if "error:" in line}
    for name in sorted(wrong):
        print(f"{name}: not as clang-format lays it out; run clang-format-19 -i {name}")
    print(f"{len(files) - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
