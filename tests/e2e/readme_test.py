#!/usr/bin/env python3
"""What the README says wfc prints is what it prints, and its commands work.

Usage: readme_test.py BIN_DIR [--update]     --update writes the outputs into the README
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
README = os.path.join(ROOT, "README.md")
OUTPUT = re.compile(r"(<!-- output -->\n```\n\$ (.*?)\n)(.*?)(```\n<!-- end -->)", re.DOTALL)
COMMANDS = re.compile(r"With that folder on `PATH`:\n\n```\n(.*?)```", re.DOTALL)


def run(bin_dir, command, folder=ROOT):
    environment = {"PATH": bin_dir + ":/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    return subprocess.run(shlex.split(command, comments=True), cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def main():
    bin_dir = os.path.abspath(sys.argv[1])
    with open(README, encoding="utf-8") as file:
        text = file.read()
    new = OUTPUT.sub(lambda m: m[1] + run(bin_dir, m[2]).stdout + m[4], text)
    if "--update" in sys.argv:
        with open(README, "w", encoding="utf-8") as file:
            file.write(new)
        return 0
    failed = []
    if new != text:
        failed.append("an output is out of date; run tests/e2e/readme_test.py build/release --update")
    commands = [line for line in COMMANDS.search(text)[1].strip().split("\n")]
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, "examples"), os.path.join(folder, "examples"))
        for command in commands:
            done = run(bin_dir, command, folder)
            if done.returncode != 0:
                failed.append(f"`{command}` exits with {done.returncode}: {done.stderr.strip()}")
    for line in failed:
        print(f"README.md: {line}")
    print(f"{1 + len(commands) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
