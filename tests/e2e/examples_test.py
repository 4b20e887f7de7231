#!/usr/bin/env python3
"""The examples are what they say: those outside `broken` are clean, run, and are simulated to full coverage; each of `broken`
has findings of its family and no other.

Usage: examples_test.py BIN_DIR
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def run(*command):
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)


def simulation_problems(wfc, name, folder):
    """No run without models and tools fails where a proof says that it does not, and together they reach everything."""
    for seed in ("1", "2", "3"):
        done = run(wfc, "simulate", "--seed", seed, "--until-covered", "--require-coverage", folder)
        if done.returncode != 0:
            yield f"{name}: simulate --seed {seed} exits with {done.returncode}: {done.stdout.strip()[-500:]} {done.stderr.strip()[-500:]}"


def findings(wfc, folder):
    done = run(wfc, "check", "--format", "json", folder)
    return json.loads(done.stdout)["diagnostics"] if done.stdout else None


def broken_families():
    """The folders of examples/broken and their families, as its README has them."""
    with open(os.path.join(EXAMPLES, "broken", "README.md"), encoding="utf-8") as file:
        return dict(re.findall(r"^\| (\w+) \| (\w):", file.read(), re.MULTILINE))


def broken_problems(wfc):
    families = broken_families()
    folders = {name for name in os.listdir(os.path.join(EXAMPLES, "broken")) if not name.endswith(".md")}
    for name in sorted(folders ^ set(families)):
        yield f"broken/{name}: in the README or in the folder, but not in both"
    for name, family in sorted(families.items()):
        reported = findings(wfc, os.path.join(EXAMPLES, "broken", name)) or []
        found = {finding["code"] for finding in reported}
        exit_code = run(wfc, "check", os.path.join(EXAMPLES, "broken", name)).returncode
        if exit_code != int(any(finding["severity"] == "error" for finding in reported)):
            yield f"broken/{name}: check exits with {exit_code}"
        if not found or any(code[0] != family for code in found):
            yield f"broken/{name}: expected only {family} findings, found {sorted(found)}"


def clean_problems(wfc):
    for name in sorted(os.listdir(EXAMPLES)):
        folder = os.path.join(EXAMPLES, name)
        if name == "broken" or not os.path.isdir(folder):
            continue
        found = findings(wfc, folder)
        wrong = [each for each in found or [] if each["severity"] != "note"]
        if found is None or wrong:
            yield f"{name}: not clean: {[(each['code'], each['message']) for each in wrong]}"
        yield from run_problems(wfc, name, folder)
        yield from simulation_problems(wfc, name, folder)


def run_problems(wfc, name, folder):
    """A copy is run, so that the checkout stays as it is."""
    with tempfile.TemporaryDirectory() as copy:
        project = os.path.join(copy, name)
        shutil.copytree(folder, project)
        done = run(wfc, "run", project, "--workspace", project)
    if done.returncode not in (0, 5) or not done.stdout.strip():
        yield f"{name}: run exits with {done.returncode}: {done.stderr.strip()[-500:]}"


def report_problems(wfc):
    """The report of repo_report has the numbers of the folder that it is about."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("a.txt", "TODO one\n"), ("src/b.txt", "nothing\n"), ("src/c.txt", "TODO two\nTODO three\n")):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        git = ["git", "-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"], ["commit", "-q", "--allow-empty", "-m", "second"]):
            subprocess.run([*git, *words], check=True)
        done = run(wfc, "run", os.path.join(EXAMPLES, "repo_report"), "--workspace", folder, "-i", "request=What is it?", "-i", "look_for=TODO")
    expected = "3 files, 2 commits, 3 matches of `TODO`"
    if done.returncode != 0 or expected not in done.stdout:
        yield f"repo_report: expected `{expected}`: exit {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}"


def main():
    wfc = os.path.join(os.path.abspath(sys.argv[1]), "wfc")
    checks = [broken_problems, clean_problems, report_problems]
    failed = 0
    for check in checks:
        found = list(check(wfc))
        for problem in found:
            print(f"examples/{problem}")
        failed += bool(found)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
