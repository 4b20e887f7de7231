#!/usr/bin/env python3
"""Line coverage of frontend, ir, passes and backend-runtime by the unit, lit and end-to-end tests; `./dev coverage` runs it.

Usage: coverage.py BIN_DIR     a build of the preset `coverage`
"""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LLVM = "/usr/lib/llvm-19/bin"
LIT = "/usr/lib/llvm-19/build/utils/lit/lit.py"
FOLDERS = ("frontend", "ir", "passes", "backend-runtime")
REQUIRED = 85.0


def run_tests(bin_dir, profiles):
    environment = os.environ | {"LLVM_PROFILE_FILE": os.path.join(profiles, "%4m.profraw")}
    commands = [[path, "--gtest_brief=1"] for path in sorted(glob.glob(f"{bin_dir}/test_*")) if os.access(path, os.X_OK)]
    commands.append([sys.executable, LIT, "-q", "--param", f"bin_dir={bin_dir}", f"{ROOT}/lit-tests"])
    commands += [[sys.executable, path, bin_dir] for path in sorted(glob.glob(f"{ROOT}/tests/e2e/*_test.py"))]
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            print(f"coverage: fails, and counts all the same: {os.path.basename(command[0])} {os.path.basename(command[-1])}")


def export(bin_dir, profiles):
    merged = os.path.join(profiles, "merged.profdata")
    subprocess.run([f"{LLVM}/llvm-profdata", "merge", "-sparse", "-o", merged, *glob.glob(f"{profiles}/*.profraw")], check=True)
    binaries = [path for path in [*sorted(glob.glob(f"{bin_dir}/test_*")), f"{bin_dir}/wfc", f"{bin_dir}/wfc-run"] if os.access(path, os.X_OK)]
    objects = [part for path in binaries[1:] for part in ("-object", path)]
    command = [f"{LLVM}/llvm-cov", "export", "-summary-only", "-instr-profile", merged, binaries[0], *objects]
    exported = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(exported.stdout)["data"][0]["files"]


def main():
    bin_dir = os.path.abspath(sys.argv[1])
    profiles = os.path.join(bin_dir, "profiles")
    shutil.rmtree(profiles, ignore_errors=True)
    os.makedirs(profiles)
    run_tests(bin_dir, profiles)
    totals = collections.defaultdict(lambda: [0, 0])
    least = []
    for file in export(bin_dir, profiles):
        path = os.path.relpath(file["filename"], ROOT)
        lines = file["summary"]["lines"]
        if not path.startswith(tuple(folder + "/" for folder in FOLDERS)):
            continue
        for name in (os.path.dirname(path), "all"):
            totals[name][0] += lines["covered"]
            totals[name][1] += lines["count"]
        least.append((lines["count"] - lines["covered"], path))
    for name in sorted(totals, key=lambda each: (each == "all", each)):
        covered, count = totals[name]
        print(f"{name:<28} {covered:>7} of {count:>7} lines  {100 * covered / count:5.1f} %")
    print("most lines without a test: " + ", ".join(f"{path} ({missed})" for missed, path in sorted(least, reverse=True)[:5]))
    covered, count = totals["all"]
    is_enough = 100 * covered / count >= REQUIRED
    print(f"line coverage {100 * covered / count:.1f} %, at least {REQUIRED:g} %: {'ok' if is_enough else 'TOO LITTLE'}")
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
