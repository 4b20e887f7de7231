#!/usr/bin/env python3
"""Whether the tests notice when wfc is wrong. `./dev mutate` runs it.

Codes: each code of diagnostics.def is suppressed where it is reported; some lit or unit test must fail.
Sources: seeded wrong changes to passes and to the runtime, each built and tested alone; at least 85 % must be noticed. A
change that does not compile does not count. The working tree is not touched: copies are built in build/mutate.
"""
import argparse
import concurrent.futures
import glob
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import sys
import time

from mutations import mutations_of
from tables import ROOT, read, read_codes

LIT = "/usr/lib/llvm-19/build/utils/lit/lit.py"
REQUIRED_RATE = 0.85
# Of a binary with slow tests: the parts that judge a source mutation, the slow one last. The exhaustive half of the driver's
# comparison with its reference takes minutes without optimisation; its sample stands for it here.
UNIT_PARTS = {"test_backend_runtime_runtime_drive": ["-Reference.TheDriver*", "Reference.TheDriverAgreesOnASample*"]}
# The mutated folders, and the unit tests that judge all below them after those of a file's own folder.
MUTATED_FOLDERS = {"passes": "test_passes", "backend-runtime/runtime": "test_backend_runtime_runtime_drive"}
COPIED = ("CMakeLists.txt", "CMakePresets.json", "ir", "frontend", "passes", "backend-runtime", "driver", "schemas", "tests", "lit-tests",
          "docs", "examples")


def sources_below(folders):
    for top in folders:
        found = glob.glob("**/*.cpp", root_dir=os.path.join(ROOT, top), recursive=True)
        yield from (os.path.join(top, name) for name in sorted(found))


class Tree:
    """A copy of the sources with a build of its own, placed in it as in the original, so that a compiler cache helps."""

    def __init__(self, number):
        self.source = os.path.join(ROOT, "build", "mutate", str(number))
        self.build = os.path.join(self.source, "build", "dev")

    def prepare(self, is_built_once):
        os.makedirs(self.source, exist_ok=True)
        for name in COPIED:
            subprocess.run(["cp", "-ru", "--no-target-directory", os.path.join(ROOT, name), os.path.join(self.source, name)], check=True)
        self.copy_changed()
        self.remove_gone()
        command = ["cmake", "--preset", "dev", "-DWFC_MUTATE=ON", "-DWFC_BENCH=OFF", f"-DWFC_UNITY={'ON' if is_built_once else 'OFF'}"]
        subprocess.run(command, cwd=self.source, stdout=subprocess.DEVNULL, check=True)
        if not self.make("all"):
            sys.exit("mutate: the unchanged sources do not build")

    def copy_changed(self):
        """What an interrupted run left mutated differs from the original without being newer than it."""
        for path in sources_below(MUTATED_FOLDERS):
            if read(path) != open(os.path.join(self.source, path), encoding="utf-8").read():
                shutil.copyfile(os.path.join(ROOT, path), os.path.join(self.source, path))

    def remove_gone(self):
        """Files that the original no longer has would be built all the same."""
        for top in COPIED:
            for folder, _, names in os.walk(os.path.join(self.source, top)):
                for name in names:
                    path = os.path.relpath(os.path.join(folder, name), self.source)
                    if not os.path.exists(os.path.join(ROOT, path)):
                        os.remove(os.path.join(self.source, path))

    def make(self, *targets):
        command = ["ninja", "-C", self.build, "-j", "2", *targets]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0

    def write(self, path, text):
        with open(os.path.join(self.source, path), "w", encoding="utf-8") as file:
            file.write(text)

    def has(self, binary):
        return os.access(os.path.join(self.build, binary), os.X_OK)


def passes_all(command, seconds, **environment):
    """Whether the tests of `command` pass; hanging is failing, and ends all that it started."""
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def lit_passes(tree, tests, seconds=300, **environment):
    command = [sys.executable, LIT, "-q", "-j", "2", "--max-failures", "1", "--param", f"bin_dir={tree.build}", *tests]
    return passes_all(command, seconds, **environment)


def unit_passes(tree, binary, part="*", seconds=300, **environment):
    command = [os.path.join(tree.build, binary), "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={part}"]
    return not tree.has(binary) or passes_all(command, seconds, **environment)


def lit_files(tree):
    for folder, _, names in os.walk(os.path.join(tree.source, "lit-tests")):
        for name in sorted(names):
            if name.endswith((".yaml", ".test")):
                yield os.path.join(folder, name)


def unit_tests_that_mention(code):
    found = set()
    for folder, _, names in os.walk(os.path.join(ROOT, "tests")):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            if name.endswith("_test.cpp") and re.search(rf"\b{code}\b", read(path)):
                found.add("test_" + re.sub(r"\W", "_", os.path.relpath(folder, os.path.join(ROOT, "tests"))))
    return sorted(found)


def code_is_missed(tree, code):
    """Whether all tests pass without the code."""
    environment = {"WFC_MUTATE_SUPPRESS": code}
    tests = [path for path in lit_files(tree) if code in open(path, encoding="utf-8").read()]
    if tests and not lit_passes(tree, tests, **environment):
        return False
    return all(unit_passes(tree, binary, **environment) for binary in unit_tests_that_mention(code))


def mutate_codes(tree):
    if not lit_passes(tree, list(lit_files(tree)), seconds=900):
        sys.exit("mutate: the lit tests fail without any mutation")
    codes = [row.code for row in read_codes()]
    missed = [code for code in codes if code_is_missed(tree, code)]
    for code in missed:
        print(f"{code}: suppressed, and no test fails")
    print(f"codes: {len(codes) - len(missed)} of {len(codes)} noticed when suppressed")
    return not missed


def all_mutations(folders):
    for path in sources_below(folders):
        yield from mutations_of(path, read(path))


class Judge:
    """Runs what should notice a mutation, each step with a few times as long as it takes without one: a mutation may hang."""

    def __init__(self, tree):
        self.lit_seconds = self.limit(lambda: lit_passes(tree, list(lit_files(tree)), seconds=900), "the lit tests")
        self.unit_seconds = {}
        for binary in sorted({binary for path in sources_below(MUTATED_FOLDERS) for binary in unit_tests_of(path)}):
            for part in UNIT_PARTS.get(binary, ["*"]):
                self.unit_seconds[binary, part] = self.limit(lambda b=binary, p=part: unit_passes(tree, b, p, 900), f"{binary} {part}")

    @staticmethod
    def limit(run, name):
        started = time.monotonic()
        if not run():
            sys.exit(f"mutate: {name} fail without any mutation")
        return 15 + 4 * (time.monotonic() - started)

    def units_pass(self, tree, parts):
        return all(unit_passes(tree, binary, part, self.unit_seconds[binary, part]) for binary, part in parts)

    def is_noticed(self, tree, mutation):
        """True, False, or None for a mutation that does not compile."""
        original = read(mutation.path)
        lines = original.split("\n")
        lines[mutation.line] = mutation.new
        tree.write(mutation.path, "\n".join(lines))
        try:
            binaries = unit_tests_of(mutation.path)
            if not tree.make("wfc", "wfc-run", *binaries):
                return None
            first, *later = [(binary, part) for binary in binaries for part in UNIT_PARTS.get(binary, ["*"])]
            near_name = near_lit_tests(mutation.path)
            files = list(lit_files(tree))
            near = [path for path in files if near_name in path]
            far = [path for path in files if near_name not in path]
            return not (
                (not near or lit_passes(tree, near, self.lit_seconds))
                and self.units_pass(tree, [first])
                and lit_passes(tree, far, self.lit_seconds)
                and self.units_pass(tree, later)
            )
        finally:
            tree.write(mutation.path, original)


def unit_tests_of(path):
    """The unit tests that judge a file: those of its folder, and those of all of its kind."""
    folder = os.path.dirname(path)
    own = "test_" + re.sub(r"\W", "_", folder)
    has_own = bool(glob.glob(os.path.join(ROOT, "tests", folder, "*.cpp")))
    wide = next(binary for top, binary in MUTATED_FOLDERS.items() if path.startswith(top + "/"))
    return [own, wide] if has_own and own != wide else [wide]


def near_lit_tests(path):
    """The beginning of the names of the lit tests to run first."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return f"lit-tests/passes/{stem}" if path.startswith("passes/") else "lit-tests/run"


def mutate_sources(trees, options):
    judge = Judge(trees[0])
    candidates = list(all_mutations(options.folders))
    random.Random(options.seed).shuffle(candidates)
    free = queue.SimpleQueue()
    for tree in trees:
        free.put(tree)
    deadline = time.monotonic() + options.minutes * 60
    remaining = iter(candidates)
    noticed, missed = 0, []

    def judge_one(mutation):
        tree = free.get()
        try:
            return mutation, judge.is_noticed(tree, mutation) if time.monotonic() < deadline else None
        finally:
            free.put(tree)

    with concurrent.futures.ThreadPoolExecutor(len(trees)) as pool:
        pending = {pool.submit(judge_one, mutation) for mutation, _ in zip(remaining, trees)}
        while pending:
            done, pending = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for mutation, is_killed in (future.result() for future in done):
                noticed += is_killed is True
                if is_killed is False:
                    missed.append(mutation)
                if is_killed is False or (is_killed and options.verbose):
                    print(f"{'noticed' if is_killed else 'missed'}: {mutation}", flush=True)
            is_over = time.monotonic() >= deadline or noticed + len(missed) + len(pending) >= options.count
            if not is_over:
                pending |= {pool.submit(judge_one, mutation) for mutation, _ in zip(remaining, done)}
    return report_sources(noticed, missed, len(candidates), options)


def report_sources(noticed, missed, candidate_count, options):
    total = noticed + len(missed)
    rate = noticed / total if total else 0.0
    print(f"sources: {noticed} of {total} mutations noticed, {rate:.1%} (at least {REQUIRED_RATE:.0%}); seed {options.seed}, "
          f"{candidate_count} candidates")
    if total < options.count:
        print(f"sources: stopped after {options.minutes} minutes, before all {options.count}")
    return total > 0 and rate >= REQUIRED_RATE


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="source mutations that compile (200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=120, help="time for the source mutations (120)")
    parser.add_argument("--verbose", action="store_true", help="also print what was noticed")
    parser.add_argument("--only", choices=["codes", "sources"])
    parser.add_argument("--trees", type=int, default=2, help="copies built and tested at once (2)")
    parser.add_argument("--folders", nargs="+", default=list(MUTATED_FOLDERS))
    options = parser.parse_args()
    trees = [Tree(number) for number in range(options.trees if options.only != "codes" else 1)]
    for tree in trees:
        tree.prepare(is_built_once=options.only == "codes")
    is_good = True
    if options.only != "sources":
        is_good = mutate_codes(trees[0])
    if options.only != "codes":
        is_good = mutate_sources(trees, options) and is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
