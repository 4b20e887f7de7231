#!/usr/bin/env python3
"""The benchmarks, each against the bound that it must keep. `./dev bench` runs it after a release build.

Usage: run.py BIN_DIR [NAME]     NAME: only benchmarks whose name contains it
Beside those here, every program BIN_DIR/tests/bench/*_bench is run; it prints lines of the same form and fails when over.
"""
import glob
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
REPEATS = 7
AJV = "ajv@8.20.0"
DRIVEN = "validation_bench"  # by a function here, with arguments


class Bounds:
    def __init__(self):
        self.failed = 0

    def keep(self, name, value, bound, unit):
        is_kept = value <= bound
        self.failed += not is_kept
        print(f"{name:<58} {value:>10.3f} {unit:<6} at most {bound:g}  {'ok' if is_kept else 'OVER'}", flush=True)


def phases(wfc, folder):
    """Milliseconds of reading, and of everything else, of one `wfc check`."""
    done = subprocess.run([wfc, "check", "--time-passes", "--format", "concise", folder], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: wfc check {folder}: {done.stderr}")
    times = {name: float(ms) for ms, name in re.findall(r"^\s*([\d.]+) ms  (\S+)", done.stderr, re.MULTILINE)}
    reading = times["reading"]
    return reading, times["total"] - reading


def check_scaling(wfc, bounds):
    best = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (100, 1000, 10000):
            project = os.path.join(folder, str(count))
            subprocess.run([sys.executable, os.path.join(HERE, "generate_project.py"), project, str(count)], check=True, stdout=subprocess.DEVNULL)
            runs = [phases(wfc, project) for _ in range(REPEATS)]
            best[count] = min(reading for reading, _ in runs), min(rest for _, rest in runs)
            print(f"check, {count} stages: reading {best[count][0]:.2f} ms, everything else {best[count][1]:.2f} ms")
    reading, rest = best[10000]
    bounds.keep("check, 10,000 stages: all but reading, of reading", 100 * rest / reading, 35, "%")
    bounds.keep("check, 10,000 stages: all but reading, a stage", 1000 * rest / 10000, 12, "us")
    bounds.keep("check: 10,000 stages against 1,000", sum(best[10000]) / sum(best[1000]), 12, "times")


def start_time(command):
    """Median of 200 starts, in milliseconds."""
    times = []
    for _ in range(200):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def start(wfc, bounds):
    bounds.keep("wfc --version, over /bin/true", start_time([wfc, "--version"]) - start_time(["/bin/true"]), 2, "ms")


def validation_ns(command, schema, document, rounds):
    return float(subprocess.run([*command, schema, document, str(rounds)], capture_output=True, text=True, check=True).stdout)


def validation(wfc, bounds):
    """The validator against ajv, which compiles schemas to JavaScript; both get parsed documents."""
    bin_dir = os.path.dirname(wfc)
    packages = os.path.join(bin_dir, "npm")
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", packages, AJV], check=True)
    ours = [os.path.join(bin_dir, "tests/bench", DRIVEN)]
    ajv = ["node", os.path.join(HERE, "ajv_validation.cjs"), os.path.join(packages, "node_modules/ajv")]
    with tempfile.TemporaryDirectory() as folder:
        def least_ns(command, kind, size):
            document = os.path.join(folder, f"{kind}-{size}.json")
            subprocess.run([sys.executable, os.path.join(HERE, "generate_document.py"), kind, str(size), document], check=True)
            schema = os.path.join(HERE, f"{kind}_schema.json")
            return min(validation_ns(command, schema, document, 100) for _ in range(REPEATS))

        # Agents' prose, and records of short values, which ajv is at its best with.
        for kind, bound in (("findings", 33.3), ("orders", 50)):
            mine, theirs = least_ns(ours, kind, 1_000_000), least_ns(ajv, kind, 1_000_000)
            print(f"validating 1 MB of {kind}: {mine / 1e6:.2f} ms, ajv {theirs / 1e6:.2f} ms")
            bounds.keep(f"validating 1 MB of {kind}: of ajv's time", 100 * mine / theirs, bound, "%")
        bounds.keep("validating 300 bytes of orders", least_ns(ours, "orders", 300) / 1000, 2, "us")


def main():
    bin_dir, only = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    wfc = os.path.join(bin_dir, "wfc")
    bounds = Bounds()
    for name, benchmark in (("start", start), ("check", check_scaling), ("validation", validation)):
        if only in name:
            benchmark(wfc, bounds)
    if only in "growth":
        bounds.failed += subprocess.run([sys.executable, os.path.join(HERE, "growth.py"), bin_dir], check=False).returncode != 0
    for program in sorted(glob.glob(os.path.join(bin_dir, "tests/bench/*_bench"))):
        if only in os.path.basename(program) and os.path.basename(program) != DRIVEN:
            bounds.failed += subprocess.run([program], cwd=ROOT, check=False).returncode != 0
    print("all bounds kept" if bounds.failed == 0 else f"{bounds.failed} over their bound")
    return 1 if bounds.failed else 0


if __name__ == "__main__":
    sys.exit(main())
