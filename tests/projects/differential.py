#!/usr/bin/env python3
"""Random projects, judged three ways: by `wfc check`, by `wfc run` and `wfc simulate`, and by the reference interpreter beside this file.
One project in four is about presence alone (presence.py), and all of its runs are known.

  unsound      the check found no error, and a run fails with what a check excludes: a value of a kind that has no such operation, a
               read of what is not there, an output that does not fit its schema, a value without a route
  false error  the check found an error of types or presence, and no run of all that there are fails with it
  wrong run    the run ended with other statuses or another output than the reference
  surprise     a project without errors, and `simulate` shows a failure of these kinds

Usage: differential.py BIN_DIR [--seed N] [--projects N | --seconds S] [--keep DIR] [--only N] [--open-false-errors N]
"""
import argparse
import json
import os
import random as random_module
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter

import generate
import presence
import reference
from shapes import draw_value, every_value

EXCLUDED = ("absent", "kind", "schema", "no_route")
# Where something never happens, an error about it has no run that shows it.
NEVER_HAPPENS = ("E010", "G010", "G020", "G021", "R005")
TYPE_ERRORS = ("T001", "T004", "T005", "E002", "E003", "G010", "J001")
WORLDS, RUNS, MOST_WORLDS = 60, 2, 400
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"}


def agents_of(project):
    """Stage path -> what the agent returns, for all agent stages."""
    found = {}

    def visit(stages, names):
        for stage in stages:
            name = names(stage)
            if stage.verb == "agent":
                found[name] = project.agents[stage.agent], stage.retry
            for key, route in ([(str(index), route) for index, (_, route) in enumerate(stage.cases or [])]
                               + [(json.dumps(key) if isinstance(key, bool) else str(key), route) for key, route in (stage.routes or {}).items()]
                               + ([("fallback", stage.on_error[1])] if isinstance(stage.on_error, tuple) and stage.on_error[0] == "fallback" else [])):
                if not isinstance(route, list):
                    visit(route.stages, lambda inner, key=key, name=name: f"{name}.{key}" if inner.id is None else f"{name}.{inner.id}")
    visit(project.stages, lambda stage: stage.id)
    return found


def draw_world(random, project, agents, is_calm=False):
    answers = {}
    for path, (schema, retry) in agents.items():
        answers[path] = [reference.Failure(random.choice(["timeout", "provider"])) if not is_calm and random.random() < 0.2 else draw_value(random, schema) for _ in range(retry + 1)]
    return reference.World(draw_value(random, project.input), answers)


def survives_more(stage):
    """Whether something goes on where the stage, or one inside it, fails in a way that no world has: a call, and a text that grows beyond the bounds."""
    inside = [inner for body in reference.bodies(stage) for inner in body.stages]
    return (stage.on_error != "fail" and fails_more(stage)) or any(survives_more(inner) for inner in inside)


def fails_more(stage):
    return (stage.verb == "tool" or any("'bin', '+'" in repr(each) for each in reference.own_expressions(stage))
            or any(fails_more(inner) for body in reference.bodies(stage) for inner in body.stages))


def worlds(random, project):
    """All worlds of a project without agents and with few inputs, and True; or some, and False."""
    agents = agents_of(project)
    inputs = every_value(project.input, MOST_WORLDS)
    # Cleanup also runs where someone stopped the run, which no world does.
    has_cleanup = any(stage.join == "settled" for stage in project.stages)
    if isinstance(project, presence.PresenceProject):
        return list(presence.every_world(project, inputs, agents)), not has_cleanup
    # So may commands end in ways that no world has.
    is_open = any(stage.verb == "run" or survives_more(stage) for stage in project.stages)
    if inputs is not None and not agents and not is_open:
        return [reference.World(value, {}) for value in inputs], not has_cleanup
    return [draw_world(random, project, agents) for _ in range(WORLDS)], False


def fixture(world):
    entry = lambda each: {"error": each.code} if isinstance(each, reference.Failure) else each
    return {path: [entry(each) for each in entries] for path, entries in world.answers.items()}


class Judge:
    def __init__(self, bin_dir, keep):
        self.bin, self.keep = bin_dir, keep
        self.folder = tempfile.mkdtemp(prefix="wfc-projects-")
        self.counts = Counter()
        self.codes = Counter()
        self.found = []

    def wfc(self, *arguments):
        return subprocess.run([os.path.join(self.bin, "wfc"), *arguments], cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def fault(self, kind, seed, text):
        self.counts[kind] += 1
        self.found.append((kind, seed, text))
        if self.keep:
            target = os.path.join(self.keep, f"{kind.replace(' ', '_')}_{seed}")
            shutil.copytree(self.folder, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".wfc"))
            with open(os.path.join(target, "why.txt"), "w", encoding="utf-8") as file:
                file.write(text + "\n")

    def judge(self, seed):
        random = random_module.Random(seed)
        if seed % 4 == 3:
            project = presence.PresenceGenerator(random).project()
        else:
            project = generate.Generator(random, random.choice([0, 0, 0.08, 0.25])).project()
        self.write("wfc.yaml", generate.manifest(project))
        everything, is_all = worlds(random, project)
        self.write("answers.yaml", json.dumps(fixture(everything[0])))
        done = self.wfc("check", ".", "--format", "json", "--pedantic")
        self.counts["projects"] += 1
        if done.returncode not in (0, 1):
            return self.fault("crash", seed, f"check ended with {done.returncode}: {done.stderr[-500:]}")
        findings = json.loads(done.stdout)["diagnostics"]
        self.counts["undecided"] += sum(each["code"] == "T002" for each in findings)
        errors = [each for each in findings if each["severity"] == "error"]
        runs = [(world, reference.run(project, world)) for world in everything]
        self.counts["reference runs"] += len(runs)
        bad = [(world, run) for world, run in runs if any(failure.kind in EXCLUDED for _, failure in run.surprises)]
        if errors:
            return self.judge_errors(seed, project, findings, bad, is_all, runs)
        self.counts["accepted"] += 1
        if any(failure.kind == "no_route" for _, run in bad for _, failure in run.surprises) and any(each["code"] == "G022" for each in findings):
            bad = []
        for world, run in bad[:1]:
            self.fault("unsound", seed, f"input {json.dumps(world.input)} answers {json.dumps(fixture(world))}: {run.surprises}")
        chosen = [runs[0]] + random.sample(runs, min(RUNS - 1, len(runs)))
        for world, run in chosen:
            self.compare(seed, world, run)
        if not bad:
            self.simulate(seed, findings)
        return None

    def judge_errors(self, seed, project, findings, bad, is_all, runs):
        errors = [each for each in findings if each["severity"] == "error"]
        self.codes.update({each["code"] for each in errors})
        kinds = [each for each in errors if each["code"] in TYPE_ERRORS]
        texts = "; ".join(f"{each['code']} {each['message']}" for each in errors)
        if any(each["code"][0] in "YKNL" or each["code"] in ("E001", "E004", "T011") for each in errors):
            return self.fault("misfit", seed, texts)
        runs_all_the_same = self.find_run_of_unreachable(errors, runs)
        if runs_all_the_same:
            return self.fault("false error", seed, runs_all_the_same)
        if not kinds or bad:
            self.counts["refused"] += 1
            return None
        if all(each["code"] in ("G010", "J001") for each in kinds):
            self.counts["refused"] += 1
            return None
        if project.risk == 0:
            return self.fault("false error", seed, "(right by construction) " + texts)
        self.counts["refused"] += 1
        if is_all and not any(each["code"] in NEVER_HAPPENS for each in findings):
            self.fault("false error", seed, f"(all {len(runs)} inputs tried) " + texts)
        else:
            self.counts["unconfirmed"] += 1
        return None

    @staticmethod
    def find_run_of_unreachable(errors, runs):
        """Of a stage that can never run as a finding says: the first run in which it does. One that fails by what other findings exclude shows
        nothing: cleanup runs after such a failure, and it would not be there without the mistake."""
        runs = [(world, run) for world, run in runs if not any(failure.kind in EXCLUDED for _, failure in run.surprises)]
        for each in errors:
            name = re.match("`([^`]+)` can never run", each["message"])
            if not name:
                continue
            for world, run in runs:
                if name[1] in run.started:
                    return f"{name[1]} runs with input {json.dumps(world.input)} answers {json.dumps(fixture(world))}: {each['code']} {each['message']}"
        return None

    def compare(self, seed, world, run):
        self.write("answers.yaml", json.dumps(fixture(world)))
        self.write("i.json", json.dumps(world.input))
        done = self.wfc("run", ".", "--input", "i.json", "--format", "json")
        self.counts["runs"] += 1
        about = f"input {json.dumps(world.input)} answers {json.dumps(fixture(world))}"
        try:
            result = json.loads(done.stdout)
        except ValueError:
            return self.fault("wrong run", seed, f"{about}: exit {done.returncode} {done.stdout[-300:]} {done.stderr[-600:]}")
        if run.status == "failed":
            codes = {code for _, failure in run.failures for code in (failure.code, *failure.others)}
            if result["status"] != "failed" or result["failure"]["code"] not in codes:
                self.fault("wrong run", seed, f"{about}: expected failure {run.failures}, got {result['status']} {result.get('failure')}")
            return None
        if result["status"] != run.status or not reference.same(result["output"], run.output):
            return self.fault("wrong run", seed, f"{about}: expected {run.status} {json.dumps(run.output)}, got {result['status']} {json.dumps(result['output'])} {result.get('failure')}")
        statuses = {each["stage"]: each["status"] for each in result["stages"]}
        # A stage of a body that failed may have been cancelled before or after it ran.
        different = {name: (status, statuses.get(name)) for name, status in run.stages.items()
                     if statuses.get(name) != status and not ("." in name and statuses.get(name) == "cancelled")}
        if different:
            self.fault("wrong run", seed, f"{about}: statuses (expected, got) {different}")
        return None

    def simulate(self, seed, findings):
        done = self.wfc("simulate", ".", "--runs", "40", "--seed", str(seed))
        self.counts["simulated"] += 40
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("surprise: ")]
        if any(each["code"] == "G022" for each in findings):
            lines = [line for line in lines if "no_route" not in line]
        if done.returncode not in (0, 1) or lines:
            self.fault("surprise", seed, f"exit {done.returncode}: " + " | ".join(lines or [done.stderr[-500:]]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bin_dir")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--projects", type=int, default=400)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--keep")
    parser.add_argument("--open-false-errors", type=int, default=0, help="of this seed and number, those that are known and not mended yet")
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    judge = Judge(os.path.abspath(options.bin_dir), options.keep)
    started = time.monotonic()
    number = 0
    while options.only is None and (time.monotonic() - started < options.seconds if options.seconds else number < options.projects):
        judge.judge(options.seed * 1_000_000 + number)
        number += 1
    if options.only is not None:
        judge.judge(options.only)
    for kind, seed, text in judge.found[:40]:
        print(f"{kind}, seed {seed}: {text}")
    c = judge.counts
    faults = sum(c[kind] for kind in ("unsound", "wrong run", "surprise", "crash", "misfit")) + max(0, c["false error"] - options.open_false_errors)
    rate = 1000 * c["undecided"] / max(1, c["projects"])
    print(f"conformance: random projects: {c['projects']} ({c['accepted']} accepted), {c['reference runs']} reference runs, {c['runs']} runs, {c['simulated']} simulated; "
          f"{c['unsound']} unsound, {c['false error']} false errors ({c['unconfirmed']} errors not confirmed), {c['wrong run']} wrong runs, {c['surprise']} surprises, "
          f"{rate:.1f} T002 per 1,000; refused for {dict(judge.codes.most_common())}")
    shutil.rmtree(judge.folder)
    print(f"{c['projects'] - min(faults, c['projects'])} passed, {faults} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
