"""What the end-to-end tests share: cases, projects in folders of their own, and runs with all that they left behind.

A test file holds functions marked `@case`, which get a `Bench`, and ends with `main()`. A case fails by an exception, and is
skipped by `raise Skip(reason)`. Nothing here sleeps for a time: what has to be waited for is waited for (`wait_for`).

Usage of every file: FILE BIN_DIR [FILTER]
"""
import concurrent.futures
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What sanitizers and coverage need; nothing else of the caller's environment reaches the tests.
KEPT = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE")
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"} | {name: os.environ[name] for name in KEPT if name in os.environ}
CASES_AT_ONCE = 3
GUARD_SECONDS = 60  # of a process that hangs; no case depends on it

COMPLETED, FAILED, USAGE, NOTHING, PARTIAL, STORAGE, CANCELLED = 0, 1, 2, 4, 5, 7, 130

# What most cases may do; those about security say it themselves.
SECURITY = 'security: {allow: {fs.read: ["**"], fs.write: ["**"], exec: ["*"], llm: ["*"]}}\n'

CASES = []


class Skip(Exception):
    """The case cannot be shown on this machine."""


def case(function):
    CASES.append(function)
    return function


def check(holds, *shown):
    if not holds:
        raise AssertionError("\n".join(str(each) for each in shown))


def equal(actual, expected, *shown):
    check(actual == expected, f"expected {expected!r}", f"     got {actual!r}", *shown)


def contains(text, *parts):
    for part in parts:
        check(part in text, f"expected to find {part!r} in:", text)


def wait_for(condition, what):
    """Polls until the condition yields something, and returns that."""
    for _ in range(GUARD_SECONDS * 100):
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    mode, encoding = ("wb", None) if isinstance(content, bytes) else ("w", "utf-8")
    with open(path, mode, encoding=encoding) as file:
        file.write(content)


def exists(path):
    return os.path.exists(path)


def events_text(folder):
    """The events of a run, a line of JSON each."""
    program = os.path.join(sys.argv[1], "wfc-run")
    return subprocess.run([program, "runs", "events", folder, "--format", "json"], capture_output=True, text=True, check=False, timeout=GUARD_SECONDS).stdout


def events_of(folder):
    return [json.loads(line) for line in events_text(folder).splitlines()]


class Ended:
    """A process that has ended."""

    def __init__(self, done):
        self.code = done.returncode
        self.bytes = done.stdout
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"

    @property
    def json(self):
        return json.loads(self.out)

    def says(self, code, *parts):
        """Ended with this code and one clear message: no trace, no signal, each part in it."""
        equal(self.code, code, self)
        contains(self.err, *parts)
        for trace in ("terminate called", "Assertion", "AddressSanitizer", "runtime error", "    #0 0x", "internal error"):
            check(trace not in self.err, f"found {trace!r}", self)
        return self

    def says_once(self, code, *parts):
        self.says(code, *parts)
        equal(len(self.err.strip().split("\n")), 1, "expected one line", self)
        return self


class Run(Ended):
    """A run that has ended, and its folder."""

    def __init__(self, done, run_root, before):
        super().__init__(done)
        new = sorted(set(run_folders(run_root)) - before)
        self.folder = new[-1] if new else None

    def path(self, name):
        check(self.folder, "there is no run folder", self)
        return os.path.join(self.folder, name)

    def text(self, name):
        return read(self.path(name))

    def lines(self, name):
        return [json.loads(line) for line in self.text(name).splitlines()]

    @property
    def manifest(self):
        return json.loads(self.text("manifest.json"))

    @property
    def events(self):
        return events_of(self.path("."))

    @property
    def audit(self):
        return self.lines("audit.jsonl")

    @property
    def statuses(self):
        return {stage["stage"]: stage["status"] for stage in self.manifest["stages"]}

    def stage(self, path):
        found = [stage for stage in self.manifest["stages"] if stage["stage"] == path]
        check(found, f"no stage {path} in {[stage['stage'] for stage in self.manifest['stages']]}")
        return found[0]

    def error(self, path):
        """The structured failure of a stage."""
        return json.loads(self.text(self.stage(path)["error_file"]))

    def transcript(self, stage):
        return self.lines(f"transcripts/{stage}.jsonl")

    def ended(self, code, status):
        equal(self.code, code, self)
        equal(self.manifest["status"], status, self)
        return self

    def completed(self):
        return self.ended(COMPLETED, "completed")

    def partial(self):
        return self.ended(PARTIAL, "partial")

    def failed(self, stage=None, code=None):
        self.ended(FAILED, "failed")
        if stage:
            equal(self.stage(stage)["status"], "failed", self)
        if code:
            equal(self.stage(stage)["error_code"], code, self)
        return self


def run_folders(run_root):
    return {path for path in glob.glob(os.path.join(run_root, "*", "*")) if os.path.isdir(path)}


class Project:
    def __init__(self, bench, folder):
        self.bench = bench
        self.folder = folder
        self.run_root = os.path.join(folder, ".wfc", "runs")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        write(self.path(name), content)

    def wfc(self, *arguments, **options):
        return Ended(self.bench.start_and_wait(["wfc", *arguments], cwd=self.folder, **options))

    def run(self, *arguments, **options):
        return self.run_command(["wfc", "run", ".", *arguments], **options)

    def run_command(self, command, run_root=None, **options):
        before = run_folders(run_root or self.run_root)
        done = self.bench.start_and_wait(command, cwd=self.folder, **options)
        return Run(done, run_root or self.run_root, before)

    def compile(self, name="it.plan.bin", *arguments):
        done = self.wfc("compile", ".", "-o", name, *arguments)
        equal(done.code, 0, done)
        return self.path(name)

    def start(self, *arguments):
        """A run that goes on beside the case; `finish` ends it."""
        return Started(self, arguments)


class Started:
    def __init__(self, project, arguments):
        self.project = project
        self.before = run_folders(project.run_root)
        self.process = project.bench.popen(["wfc", "run", ".", *arguments], cwd=project.folder)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def wait_for_file(self, name):
        def there():
            if self.process.poll() is not None:
                raise AssertionError(f"the run ended before {name} was there\n{self.finish()}")
            return exists(self.project.path(name))
        wait_for(there, name)

    def wait_for_line(self, text):
        """Of what the run says on standard error; `finish` yields what comes after."""
        for line in self.process.stderr:
            if text in line.decode("utf-8", "replace"):
                return
        raise AssertionError(f"the run ended without saying {text!r}")

    def finish(self):
        try:
            out, err = self.process.communicate(timeout=GUARD_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        done = subprocess.CompletedProcess(self.process.args, self.process.returncode, out, err)
        return Run(done, self.project.run_root, self.before)


class Bench:
    """What a case works with; its folder is gone when the case is over."""

    def __init__(self, bin_dir, folder):
        self.bin_dir = bin_dir
        self.folder = folder
        self.project_count = 0
        self.processes = []

    def tool(self, name):
        return os.path.join(self.bin_dir, name)

    def popen(self, command, cwd=None, env=None, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE):
        words = [self.tool(word) if word in ("wfc", "wfc-run") else word for word in command]
        self.processes.append(subprocess.Popen(words, cwd=cwd or self.folder, env=ENVIRONMENT | (env or {}), stdin=stdin,
                                               stdout=subprocess.PIPE, stderr=stderr, start_new_session=True))
        return self.processes[-1]

    def end_processes(self):
        """Those that a failed case left behind: a run is interrupted twice, which ends its commands too."""
        for process in self.processes:
            for end in (process.terminate, process.terminate, process.kill):
                try:
                    end()
                    process.wait(2)
                except subprocess.TimeoutExpired:
                    pass

    def start_and_wait(self, command, cwd=None, env=None, stdin=None):
        process = self.popen(command, cwd, env, subprocess.DEVNULL if stdin is None else subprocess.PIPE)
        try:
            out, err = process.communicate(stdin.encode() if stdin is not None else None, timeout=GUARD_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{command} hung\n{out}\n{err}") from None
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def wfc(self, *arguments, **options):
        return Ended(self.start_and_wait(["wfc", *arguments], **options))

    def new_folder(self):
        self.project_count += 1
        folder = os.path.join(self.folder, f"p{self.project_count}")
        os.makedirs(folder)
        return folder

    def project(self, manifest, files=None):
        """A project of this wfc.yaml, and of further files by name."""
        folder = self.new_folder()
        write(os.path.join(folder, "wfc.yaml"), textwrap.dedent(manifest))
        for name, content in (files or {}).items():
            write(os.path.join(folder, name), content)
        return Project(self, folder)

    def flow(self, stages, output="", head="", keys="", security=SECURITY, files=None):
        """A project of one workflow, `main`. `head` stands at the manifest's top level, `keys` in the workflow."""
        lines = ["wfc: 1", textwrap.dedent(head).strip(), security, "workflows:", "  main:"]
        if output:
            lines.append(f"    output: {output}")
        lines.append(textwrap.indent(textwrap.dedent(keys).strip("\n"), "    "))
        body = textwrap.dedent(stages).strip("\n")
        verb = "steps" if body.lstrip().startswith("- ") else "stages"
        lines += [f"    {verb}:", textwrap.indent(body, "      "), ""]
        return self.project("\n".join(line for line in lines if line.strip()) + "\n", files=files)

    def copy(self, project):
        folder = self.new_folder()
        shutil.copytree(project.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".wfc"))
        return Project(self, folder)


def run_case(function, bin_dir):
    """None, or what went wrong; a Skip is passed on."""
    with tempfile.TemporaryDirectory(prefix="wfc-e2e-") as folder:
        bench = Bench(bin_dir, folder)
        try:
            function(bench)
        except Skip:
            raise
        except Exception:
            return traceback.format_exc()
        finally:
            bench.end_processes()
    return None


def main():
    bin_dir = os.path.abspath(sys.argv[1])
    name_filter = sys.argv[2] if len(sys.argv) > 2 else ""
    cases = [function for function in CASES if function.__module__ == "__main__" and name_filter in function.__name__]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    lock = threading.Lock()

    def work(function):
        outcome, shown = "passed", ""
        try:
            problem = run_case(function, bin_dir)
            if problem:
                outcome, shown = "failed", f"FAILED {function.__name__}\n{textwrap.indent(problem, '  ')}"
        except Skip as skip:
            outcome, shown = "skipped", f"skipped {function.__name__}: {skip}\n"
        with lock:
            counts[outcome] += 1
            print(shown, end="", flush=True)

    with concurrent.futures.ThreadPoolExecutor(CASES_AT_ONCE) as pool:
        list(pool.map(work, cases))
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    sys.exit(1 if counts["failed"] or not cases else 0)
