#!/usr/bin/env python3
"""The same project gives the same plan, whichever compiler and build type made the wfc that compiles it.

Usage: same_plan_test.py BIN_DIR     compares with the wfc of every other build folder beside it (build/dev, build/asan…)
"""
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = ["hello", "repo_report", "own_model"]


def plans_of(wfc):
    """Digests of the examples' plans."""
    plans = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in EXAMPLES:
            project, out = os.path.join(folder, name), os.path.join(folder, name + ".bin")
            shutil.copytree(os.path.join(ROOT, "examples", name), project)
            done = subprocess.run([wfc, "compile", project, "-o", out], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"same_plan_test: {wfc} compile {name}: exit {done.returncode}\n{done.stdout}{done.stderr}")
            with open(out, "rb") as file:
                plans[name] = hashlib.sha256(file.read()).hexdigest()
    return plans


def is_newer_than_sources(wfc):
    """A wfc that was built before the sources changed proves nothing."""
    sources = (glob.glob(f"{ROOT}/{folder}/**/*", recursive=True) for folder in ("ir", "frontend", "backend-runtime", "schemas"))
    return all(os.path.getmtime(path) <= os.path.getmtime(wfc) for paths in sources for path in paths if os.path.isfile(path))


def main():
    wfc = os.path.join(os.path.abspath(sys.argv[1]), "wfc")
    others = [each for each in sorted(glob.glob(f"{ROOT}/build/*/wfc")) if not os.path.samefile(each, wfc) and is_newer_than_sources(each)]
    expected = plans_of(wfc)
    problems = [] if plans_of(wfc) == expected else ["two plans of one project by one wfc differ"]
    for other in others:
        for name, digest in plans_of(other).items():
            if digest != expected[name]:
                problems.append(f"{name}: {os.path.relpath(other, ROOT)} and {os.path.relpath(wfc, ROOT)} write different plans")
    print("\n".join([*problems, "" if others else "no other build is there to compare with"]).strip())
    print(f"{1 if not problems else 0} passed, {len(problems)} failed, {int(not others)} skipped")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
