"""Runs that are killed at random instants and resumed, with what they did written down by what they ran: shared by the end-to-end
tests and by the torture.
"""
import glob
import os
import random
import signal
import time

from harness import Run, check, equal, exists, read, run_folders, wait_for

PARKED = 6

# `work NAME` adds a line to the ledger; a line is written at once or not at all. Runs in parallel, with a body, a retry and a fallback.
LEDGER = """#!/bin/sh
echo "$1" >> ledger
sleep 0.0$((${2:-5}))
echo "$1 done"
"""
FAILING = """#!/bin/sh
echo "$1" >> ledger
exit 3
"""
STAGES = """
    read_one: {run: [./work, read_one, 3], effect: read}
    keyed: {run: [./work, keyed, 4], effect: write, idempotent: true}
    first: {run: [./work, first, 2], effect: write, after: read_one}
    second: {run: [./work, second, 2], effect: write, after: first}
    third: {run: [./work, third, 2], effect: write, after: second}
    tried: {run: [./failing, tried], effect: read, retry: {max: 2, on: [exit], backoff: {initial: 5ms}}, on_error: {fallback: {transform: "'instead'"}}}
    pick: {decide: "run.seed == -1 ? 'b' : 'a'", routes: {a: {stages: {inner: {run: [./work, inner, 2], effect: write}}, output: "${stages.inner.output}"}, b: {transform: 1}}}
"""
OUTPUT = "{k: \"${stages.keyed.output}\", t: \"${stages.third.output}\", f: \"${stages.tried.output}\", p: \"${stages.pick.output}\"}"
UNKEYED = ("first", "second", "third", "inner")


def ledger_project(bench):
    project = bench.flow(STAGES, output=OUTPUT, files={"work": LEDGER, "failing": FAILING})
    for name in ("work", "failing"):
        os.chmod(project.path(name), 0o755)
    return project


def lines(project):
    return read(project.path("ledger")).split() if exists(project.path("ledger")) else []


def resume(project, folder, *arguments):
    done = project.bench.start_and_wait(["wfc", "resume", folder, *arguments], cwd=project.folder)
    run = Run(done, project.run_root, run_folders(project.run_root))
    run.folder = folder
    return run


def resolve(project, folder, *arguments):
    done = project.bench.start_and_wait(["wfc", "resolve", folder, *arguments], cwd=project.folder)
    run = Run(done, project.run_root, run_folders(project.run_root))
    run.folder = folder
    return run


def children_of(project):
    """The processes that work in the project's folder."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cwd"):
        try:
            if os.path.realpath(os.readlink(path)) == os.path.realpath(project.folder):
                found.append(path.split("/")[2])
        except OSError:
            pass
    return found


class Campaign:
    """Kills runs, and holds what they come to against an undisturbed one."""

    def __init__(self, bench, seed):
        self.bench = bench
        self.draw = random.Random(seed)
        self.expected = ledger_project(bench).run().completed().json
        self.kills = self.resumptions = self.in_doubt = 0

    def kill_one(self):
        """A run that is killed once or more, and brought to its end."""
        project = ledger_project(self.bench)
        started = project.start()
        wait_for(lambda: glob.glob(os.path.join(project.run_root, "*", "*", "run.db")), "the record")
        self.kill(started.process, 0.25)
        folder = sorted(run_folders(project.run_root))[-1]
        run, said = self.go_on(project, folder)
        equal(run.json, self.expected, run)
        equal(run.manifest["status"], "completed")
        for name in UNKEYED:
            count = lines(project).count(name)
            check(count <= 1 + said.count(name), f"{name} was made {count} times", lines(project))
        wait_for(lambda: not children_of(project), "the end of all that the run started")

    def kill(self, process, within):
        time.sleep(self.draw.random() * within)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.kills += 1

    def go_on(self, project, folder):
        """Resumes until the run ends, kills some of the resumptions too, and answers for what is in doubt."""
        said = []
        for _ in range(60):
            self.resumptions += 1
            if self.draw.random() < 0.3:
                self.kill(project.bench.popen(["wfc", "resume", folder], cwd=project.folder), 0.1)
                continue
            run = resume(project, folder)
            while run.code == PARKED:
                run = self.answer(project, folder, run, said)
            if run.code == 2 and "nothing has been done" in run.err:
                return project.run(), said
            equal(run.code, 0, run)
            return run, said
        raise AssertionError("the run never ends")

    def answer(self, project, folder, run, said):
        equal(run.manifest["status"], "in_doubt", run)
        self.in_doubt += 1
        stage = run.err.split("wfc resolve ")[1].split()[1]
        name = stage.rsplit(".", 1)[-1]
        if self.draw.random() < 0.5:
            said.append(name)
            return resolve(project, folder, stage, "--repeat")
        return resolve(project, folder, stage, "--done", f"{name} done")
