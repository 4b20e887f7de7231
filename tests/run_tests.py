#!/usr/bin/env python3
"""Runs the tests that ./dev has built, in as many processes as there are cores, and sums up their counts.

Usage: run_tests.py SUITE [--filter TEXT]     SUITE: all quick unit lit pages structure e2e projects tsan
Each test program prints its counts in one of three forms (GoogleTest's, lit's, or a last line `N passed, N failed`); one
that prints none has failed. Lines that begin with `conformance: ` are shown. The last line here is `N passed, N failed`, and `, N skipped` where some were.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIT = "/usr/lib/llvm-19/build/utils/lit/lit.py"
TIMEOUT_SECONDS = 900
OPEN_FALSE_ERRORS = 0  # of the random projects; never up
TESTS_WITH_THREADS = ["test_backend_runtime_host", "test_backend_runtime_store", "test_backend_runtime_tools"]
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1",
}


class Job(NamedTuple):
    name: str
    command: list


class Counts(NamedTuple):
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Counts(*(a + b for a, b in zip(self, other)))

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def python(script, *arguments):
    return [sys.executable, os.path.join(ROOT, script), *arguments]


def unit_jobs():
    return [Job(os.path.basename(path), [path, "--gtest_brief=1"]) for path in sorted(glob.glob(f"{ROOT}/build/asan/test_*"))
            if os.access(path, os.X_OK)]


def lit_jobs(name_filter=""):
    command = [sys.executable, LIT, "-sv", "--param", f"bin_dir={ROOT}/build/asan", f"{ROOT}/lit-tests"]
    return [Job("lit", command + (["--filter", name_filter] if name_filter else []))]


def page_jobs(code=""):
    return [Job("pages", python("tests/docs_examples_test.py", f"{ROOT}/build/release", *([code] if code else [])))]


def generated_jobs():
    return [Job("generated files", python("docs/generate.py", "--check"))]


def format_jobs():
    return [Job("format", python("tests/format_test.py"))]


def structure_jobs():
    return [
        Job("layering", python("tests/layering_test.py", "--self-test")),
        Job("registry", python("tests/registry_test.py")),
        Job("ids", python("tests/ids_test.py", "--self-test")),
        Job("expressions", python("tests/expressions_test.py", "--self-test")),
        Job("words", python("tests/words_test.py", "--self-test")),
        *generated_jobs(),
    ]


def e2e_jobs():
    scripts = sorted(glob.glob(f"{ROOT}/tests/e2e/*_test.py"))
    return [Job(os.path.basename(path), python(os.path.relpath(path, ROOT), f"{ROOT}/build/release")) for path in scripts]


def project_jobs():
    return [Job("random projects", python("tests/projects/differential.py", f"{ROOT}/build/release", "--projects", "400",
                                              "--open-false-errors", str(OPEN_FALSE_ERRORS)))]


def tsan_jobs():
    return [Job(f"tsan {name}", [f"{ROOT}/build/tsan/{name}", "--gtest_brief=1"]) for name in TESTS_WITH_THREADS]


def select_jobs(suite, name_filter):
    if suite == "lit":
        return lit_jobs(name_filter)
    if suite == "pages":
        return page_jobs(name_filter)
    suites = {
        "quick": lambda: format_jobs() + structure_jobs(),
        "unit": unit_jobs,
        "structure": structure_jobs,
        "e2e": e2e_jobs,
        "projects": project_jobs,
        "tsan": tsan_jobs,
        "all": lambda: unit_jobs() + tsan_jobs() + e2e_jobs() + project_jobs() + lit_jobs() + page_jobs() + structure_jobs(),
    }
    return [job for job in suites[suite]() if name_filter in job.name]


def first_number(pattern, text):
    return sum(int(number) for number in re.findall(pattern, text, re.MULTILINE))


def google_test_counts(output):
    ran = re.search(r"^\[==========\] \d+ tests? from .* ran\.", output, re.MULTILINE)
    if not ran:
        return None
    return Counts(first_number(r"^\[  PASSED  \] (\d+) tests?", output), first_number(r"^\[  FAILED  \] (\d+) tests?, listed", output),
                  first_number(r"^\[  SKIPPED \] (\d+) tests?, listed", output))


def lit_counts(output):
    if "Testing Time" not in output:
        return None
    failed = r"^\s*(?:Failed|Timed Out|Unresolved|Unexpectedly Passed)\s*:\s*(\d+)"
    return Counts(first_number(r"^\s*(?:Passed|Passed With Retry)\s*:\s*(\d+)", output), first_number(failed, output),
                  first_number(r"^\s*(?:Unsupported|Skipped)\s*:\s*(\d+)", output))


def plain_counts(output):
    last = output.strip().rsplit("\n", 1)[-1]
    match = re.fullmatch(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", last)
    return Counts(int(match[1]), int(match[2]), int(match[3] or 0)) if match else None


def counts_of(output, exit_code):
    counts = google_test_counts(output) or lit_counts(output) or plain_counts(output)
    if counts is None or (exit_code != 0 and counts.failed == 0):
        return (counts or Counts()) + Counts(failed=1)  # it crashed, hung or said nothing
    return counts


def run(job):
    started = time.monotonic()
    try:
        done = subprocess.run(job.command, cwd=ROOT, env=os.environ | SANITIZER_OPTIONS, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=False)
        output, exit_code = done.stdout.decode("utf-8", "replace"), done.returncode
    except subprocess.TimeoutExpired as expired:
        output, exit_code = (expired.stdout or b"").decode("utf-8", "replace") + "\ntimed out", -1
    return job, output, counts_of(output, exit_code), time.monotonic() - started


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("suite", choices=["all", "quick", "unit", "lit", "pages", "structure", "e2e", "projects", "tsan"])
    parser.add_argument("--filter", default="")
    options = parser.parse_args()
    total = Counts()
    jobs = select_jobs(options.suite, options.filter)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for job, output, counts, seconds in pool.map(run, jobs):
            if counts.failed:
                print(output.rstrip())
            else:
                for line in re.findall(r"^conformance: .*", output, re.MULTILINE):
                    print(line)
            print(f"{job.name}: {counts} ({seconds:.1f} s)", flush=True)
            total += counts
    print(total)
    return 1 if total.failed or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
