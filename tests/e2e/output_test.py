#!/usr/bin/env python3
"""Output that cannot be written: a report's is exit 2 and a run's 7; that nobody sees the progress changes nothing."""
import os
import pty
import shutil
import subprocess

import boxes
from boxes import case, wait_until

FULL = "/dev/full"


def echoing(box, count=1):
    box.workflow("\n      a: {run: [echo, THE-OUTPUT], effect: read}\n" + "\n".join(f"      s{i}: {{transform: {i}}}" for i in range(count)),
                 allow='{exec: ["*"]}', output="${stages.a.output}")


def through_shell(box, words, redirection):
    """The words run by a shell with the redirection; exit code and standard output."""
    command = " ".join(f"'{word}'" for word in words)
    done = subprocess.run(["sh", "-c", f"{command} {redirection}"], cwd=box.folder, env=box.environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, check=False)
    return done


def wfc(box, *words):
    return [os.path.join(box.bin_dir, "wfc"), *words]


@case
def a_run_whose_progress_cannot_be_written_is_a_run(box):
    echoing(box)
    for redirection in ("2>/dev/null", f"2>{FULL}", "2>&-", "2>&- <&-", "<&-"):
        done = through_shell(box, box.command(), redirection)
        assert (done.returncode, done.stdout.strip()) == (0, "THE-OUTPUT"), f"{redirection}: {done}"
        assert boxes.Run(done, box.run_root).manifest["status"] == "completed"
    for form in ("text", "json"):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(box.command("--format", form), stdout=subprocess.PIPE, stderr=writer, env=box.environment(), text=True, check=False)
        os.close(writer)
        assert done.returncode == 0 and "THE-OUTPUT" in done.stdout, done


@case
def a_run_whose_output_cannot_be_written_is_seven(box):
    echoing(box)
    for redirection in (f">{FULL}", ">&-", f">{FULL} 2>{FULL}", ">&- 2>&- <&-", f"--format json >{FULL}"):
        done = through_shell(box, box.command(), redirection)
        assert done.returncode == 7, f"{redirection}: {done}"
        assert boxes.Run(done, box.run_root).manifest["status"] == "completed"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(box.command(), stdout=writer, stderr=subprocess.PIPE, env=box.environment(), text=True, check=False)
    os.close(writer)
    assert done.returncode == 7 and "cannot write the output" in done.stderr, done


@case
def a_report_that_cannot_be_written_is_two(box):
    """A small one, which only a flush writes, and one larger than any buffer."""
    for count in (1, 300):
        echoing(box, count)
        plan = box.compile()
        project = box.project_folder
        for words in (["check", project], ["check", project, "--format", "json"], ["check", project, "--emit", "ir"],
                      ["check", project, "--print-after", "cycles"], ["inspect", plan], ["inspect", plan, "--format", "json"], ["inspect", plan, "--verify"],
                      ["compile", project, "-o", plan], ["explain"], ["explain", "K001"], ["simulate", project, "--runs", "3"],
                      ["simulate", project, "--runs", "3", "--format", "json"], ["simulate", plan, "--run", "1"], ["--help"], ["run", "--help"], ["--version"]):
            for redirection in (f">{FULL}", ">&-", f">{FULL} 2>{FULL}"):
                done = through_shell(box, wfc(box, *words), redirection)
                assert done.returncode == 2, f"{words} {redirection}: {done}"


@case
def findings_that_cannot_be_written_are_two(box):
    box.write("wfc.yaml", "wfc: 1\nworkflows: {main: {stages: {a: {nonsense: 1}}}}\n")
    assert through_shell(box, wfc(box, "check", box.project_folder), f">{FULL}").returncode == 2
    assert through_shell(box, wfc(box, "check", box.project_folder, "--exit-zero"), f">{FULL}").returncode == 2
    assert through_shell(box, wfc(box, "check", box.project_folder), "").returncode == 1
    # A message is no report.
    assert through_shell(box, wfc(box, "check", box.project_folder), f"2>{FULL}").returncode == 1
    assert through_shell(box, wfc(box, "check", "/nope"), f"2>{FULL}").returncode == 2
    assert through_shell(box, wfc(box, "nonsense"), "2>&-").returncode == 2
    box.write("wfc.yaml", "wfc: 1\nworkflows: {main: {stages: {a: {transform: 1}}}}\n")
    assert through_shell(box, wfc(box, "guard", box.project_folder), f"2>{FULL}").returncode == 4
    assert through_shell(box, wfc(box, "compile", box.project_folder, "-o", os.path.join(box.folder, "p.bin")), f"2>{FULL}").returncode == 0


@case
def a_reader_that_has_enough_gets_no_message(box):
    echoing(box, 300)
    done = subprocess.run(["bash", "-c", f"'{wfc(box)[0]}' check '{box.project_folder}' --format json | true; echo ${{PIPESTATUS[0]}}"], capture_output=True, text=True,
                          env=box.environment(), check=False)
    assert done.stdout.strip() in ("0", "2") and done.stderr == "", done


@case
def no_file_gets_the_number_of_a_closed_stream(box):
    """What is written to standard output or standard error is in no file."""
    box.workflow("\n      a: {run: [sh, -c, 'echo out; echo err >&2'], effect: read}", allow='{exec: ["*"]}', output="${stages.a.output}")
    through_shell(box, box.command(), "<&- >&- 2>&-")
    for path, content in boxes.Run(subprocess.CompletedProcess([], 0, "", ""), box.run_root).records().items():
        assert b"run folder:" not in content and b"succeeded a" not in content, path


@case
def a_run_folder_that_is_taken_away_is_seven(box):
    """Nothing of it is made anew."""
    for taken in ("", "main", "main/*", "main/*/metrics.jsonl"):
        box.workflow("\n      a: {run: [sh, -c, ': > ready; until [ -e go ]; do sleep 0.01; done'], effect: read}\n      b: {run: [touch, after], effect: read, after: [a]}",
                     allow='{exec: ["*"]}', output=taken or "all")
        run = box.start()
        wait_until(lambda: os.path.exists(box.path("ready")), "the command runs")
        subprocess.run(["sh", "-c", f"rm -rf {box.run_root}/{taken}"], check=True)
        box.write("go", "")
        _, err = run.communicate(timeout=60)
        assert run.returncode == 7 and "could not be recorded" in err, f"{taken}: {run.returncode} {err}"
        left = [name for root, _, names in os.walk(box.run_root) for name in names]
        assert "metrics.jsonl" not in left and (taken.endswith("jsonl") or not left), f"{taken}: {left}"
        shutil.rmtree(box.run_root, ignore_errors=True)
        for name in ("ready", "go"):
            os.remove(box.path(name))


@case
def a_terminal_gets_nothing_that_it_would_act_on(box):
    """Names, messages and outputs are of whoever wrote the project, the model's answer and the program."""
    hostile = "\\x1b[2J\\x9b1m\\u202eexe\\u2066\\x07"
    box.write("say.py", f"import sys\nprint('{hostile}')\nprint('{hostile}', file=sys.stderr)\nsys.exit(int(sys.argv[1]))\n")
    box.workflow("""
      bad: {run: [python3, say.py, "1"], effect: read, on_error: continue}
      good: {run: [python3, say.py, "0"], effect: read, after: [bad]}""", allow='{exec: ["*"]}', output="${stages.good.output}")
    master, terminal = pty.openpty()
    process = subprocess.Popen(box.command("--color", "never"), stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal,
                               env=box.environment({"TERM": "dumb"}), start_new_session=True)
    os.close(terminal)
    shown = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:
            break
        if not block:
            break
        shown += block
    process.wait()
    text = shown.decode()
    for control in ("\x1b", "\x07", "\u202e", "\u2066", "\x9b"):
        assert control not in text, repr(text)
    assert "\\x1b[2J" in text and "\\u{202e}exe" in text, text
    # Whoever reads a pipe gets what there is.
    assert "\x1b[2J" in box.run().expect(5).stdout


@case
def findings_show_controls_escaped(box):
    box.write("wfc.yaml", 'wfc: 1\nworkflows: {main: {stages: {a: {transform: "\u202e\u2066x", nonsense\u061c: 1}}}}\n'.encode())
    done = through_shell(box, wfc(box, "check", box.project_folder), "")
    assert done.returncode == 1 and "\\u{202e}" in done.stdout, done.stdout
    for control in ("\u202e", "\u2066", "\u061c"):
        assert control not in done.stdout, done.stdout


boxes.main()
