"""What the end-to-end tests share: projects in temporary folders, runs of the real executables, their records.

A test file registers functions with @case and ends with `boxes.main()`. It is run as `python3 FILE BIN_DIR [FILTER]`, where
BIN_DIR holds wfc and wfc-run; its last line is `N passed, N failed, N skipped`.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_cases = []


class Skipped(Exception):
    """A case that cannot run here; the message says why."""


def case(function):
    _cases.append(function)
    return function


class Run:
    """A finished run of wfc or wfc-run."""

    def __init__(self, process, run_root):
        self.code, self.stdout, self.stderr = process.returncode, process.stdout, process.stderr
        self.run_root = run_root

    def expect(self, code):
        assert self.code == code, f"exit {self.code}, expected {code}\nstdout: {self.stdout}\nstderr: {self.stderr}"
        return self

    @property
    def folder(self):
        """The newest run's."""
        runs = sorted((name, os.path.join(root, name)) for root, names, _ in os.walk(self.run_root) for name in names if "Z-" in name)
        assert runs, f"no run folder below {self.run_root}\nstderr: {self.stderr}"
        return runs[-1][1]

    def text(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def lines(self, name):
        return [json.loads(line) for line in self.text(name).splitlines()]

    @property
    def manifest(self):
        return json.loads(self.text("manifest.json"))

    def stage(self, path):
        return next(stage for stage in self.manifest["stages"] if stage["stage"] == path)

    def error(self, path):
        return json.loads(self.text(self.stage(path)["error_file"]))

    def transcript(self, path):
        return self.lines(f"transcripts/{path}.jsonl")

    def records(self):
        """All that the run wrote, by path."""
        found = {}
        for root, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    found[os.path.join(root, name)] = file.read()
        return found


class Box:
    """A folder of its own for one case."""

    def __init__(self, bin_dir, folder):
        self.bin_dir, self.folder = bin_dir, folder
        self.run_root = os.path.join(folder, "runs")
        self.project_folder = os.path.join(folder, "project")
        os.mkdir(self.project_folder)

    def path(self, name):
        return os.path.join(self.project_folder, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def workflow(self, stages, allow="", top="", output="", more=""):
        """A project with one workflow; `stages` and `top` are YAML, indented as they stand below."""
        lines = ["wfc: 1", "name: case", "main: main", "defaults: {timeout: 30s}"]
        if top:
            lines.append(top)
        lines += ["workflows:", "  main:"]
        if more:
            lines.append(more)
        if output:
            lines.append("    output: " + output)
        lines += ["    stages:", stages]
        if allow:
            lines += ["security:", f"  allow: {allow}"]
        self.write("wfc.yaml", "\n".join(lines) + "\n")

    def environment(self, extra=None):
        kept = {name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE") if name in os.environ}
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", "TZ": "UTC"} | kept | (extra or {})

    def command(self, *arguments):
        return [os.path.join(self.bin_dir, "wfc"), "run", self.project_folder, "--run-root", self.run_root, *arguments]

    def execute(self, command, env=None, stdin="", timeout=60, **options):
        process = subprocess.run(command, input=stdin, capture_output=True, text=True, errors="replace", timeout=timeout, cwd=self.folder,
                                 env=self.environment(env), check=False, **options)
        return Run(process, self.run_root)

    def run(self, *arguments, **options):
        return self.execute(self.command(*arguments), **options)

    def start(self, *arguments, **options):
        """A run in the background."""
        return subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                env=self.environment(), **options)

    def compile(self):
        plan = os.path.join(self.folder, "case.plan.bin")
        self.execute([os.path.join(self.bin_dir, "wfc"), "compile", self.project_folder, "-o", plan]).expect(0)
        return plan

    def run_plan(self, plan, *arguments, **options):
        command = [os.path.join(self.bin_dir, "wfc-run"), "run", plan, "--project", self.project_folder, "--run-root", self.run_root, *arguments]
        return self.execute(command, **options)


def wait_until(holds, what, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} s until {what}"
        time.sleep(0.01)


def events_text(folder):
    """The events of a run, a line of JSON each."""
    program = os.path.join(sys.argv[1], "wfc-run")
    return subprocess.run([program, "runs", "events", folder, "--format", "json"], capture_output=True, text=True, check=False, timeout=60).stdout


def events_of(folder):
    return [json.loads(line) for line in events_text(folder).splitlines()]


def is_alive(process_id):
    """Whether the process runs; one that has ended and waits to be reaped does not."""
    try:
        with open(f"/proc/{process_id}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def check_audit(text):
    """Checks the chain as its definition says; the records."""
    previous, records = "0" * 64, []
    for line in text.splitlines():
        record = json.loads(line)
        assert record["previous"] == previous, f"does not follow: {line}"
        stated = record.pop("hash")
        canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(canonical.encode()).hexdigest() == stated, f"not the hash of: {line}"
        previous = stated
        records.append(record)
    return records


def _run_case(function, bin_dir):
    folder = tempfile.mkdtemp(prefix="wfc-e2e-")
    try:
        function(Box(bin_dir, folder))
        return "passed"
    except Skipped as reason:
        print(f"skipped {function.__name__}: {reason}")
        return "skipped"
    except Exception:  # whatever a case raises is its failure
        print(f"FAILED {function.__name__}: {function.__doc__ or ''}")
        traceback.print_exc(limit=4, file=sys.stdout)
        return "failed"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [FILTER]")
    bin_dir, wanted = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    results = [_run_case(function, bin_dir) for function in _cases if wanted in function.__name__]
    print(", ".join(f"{results.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped")))
    sys.exit(1 if "failed" in results else 0)
