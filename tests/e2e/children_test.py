#!/usr/bin/env python3
"""Child processes: what they get, what becomes of what they print, and how they are ended."""
import json
import os
import signal
import time

import boxes
from boxes import case, is_alive, wait_until

ALL = '{exec: ["*"], fs.read: ["**"]}'


@case
def words_reach_the_program_as_they_are(box):
    """No shell reads them."""
    box.workflow("""
      show: {run: [printf, "%s|", "a b", "$(id)", "*", "", "${input.word}"], effect: read}""",
                 allow=ALL, output="${stages.show.output}", more="    input: {fields: {word: string}}")
    assert box.run("-i", "word=; ls > x").expect(0).stdout == "a b|$(id)|*||; ls > x|\n"


@case
def the_environment_is_what_was_given(box):
    box.workflow("""
      show: {run: [env], env: {GIVEN: "yes", CI: "${input.ci}"}, effect: read, parse: lines}""",
                 allow=ALL, output="${stages.show.output}", more="    input: {fields: {ci: string}}")
    run = box.run("-i", "ci=true", env={"LEAKED": "secret"}).expect(0)
    call, *given = sorted(json.loads(run.stdout), key=lambda line: (not line.startswith("WFC_CALL="), line))
    assert given == ["CI=true", "GIVEN=yes", "PATH=/usr/local/bin:/usr/bin:/bin"], run.stdout
    assert call.startswith("WFC_CALL="), run.stdout


@case
def no_descriptor_is_inherited(box):
    box.write("fds.py", "import os\nprint(sorted(int(fd) for fd in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + fd)))\n")
    box.workflow("""
      show: {run: [python3, fds.py], effect: read, parse: json}""", allow=ALL, output="${stages.show.output}")
    with open(os.path.join(box.folder, "open"), "w", encoding="utf-8") as file:
        run = box.run(pass_fds=[file.fileno()]).expect(0)
    assert json.loads(run.stdout) == [0, 1, 2], run.stdout


@case
def each_child_has_a_process_group_of_its_own(box):
    box.write("group.py", "import os\nprint('true' if os.getpgid(0) == os.getpid() else 'false')\n")
    box.workflow("""
      show: {run: [python3, group.py], effect: read, parse: json}""", allow=ALL, output="${stages.show.output}")
    assert box.run().expect(0).stdout == "true\n"


@case
def standard_input_is_given_or_empty(box):
    box.workflow("""
      given: {run: [cat], stdin: "line ${1 + 1}", effect: read}
      none: {run: [wc, -c], effect: read, parse: json}""",
                 allow=ALL, output='["${stages.given.output}", "${stages.none.output}"]')
    assert json.loads(box.run(stdin="not for the child").expect(0).stdout) == ["line 2", 0]


@case
def a_large_standard_input_and_output_pass_at_once(box):
    box.write("large.txt", "x" * 900_000)
    box.workflow("""
      read: {tool: fs.read, with: {path: large.txt}}
      copy: {run: [cat], stdin: "${stages.read.output.text}", effect: read}""",
                 allow=ALL, output="${size(stages.copy.output)}")
    assert box.run().expect(0).stdout == "900000\n"


@case
def a_program_that_does_not_read_its_input_is_no_failure(box):
    box.write("large.txt", "x" * 900_000)
    box.workflow("""
      read: {tool: fs.read, with: {path: large.txt}}
      ignore: {run: ["true"], stdin: "${stages.read.output.text}", effect: read}""", allow=ALL)
    box.run().expect(0)


@case
def the_working_folder_is_in_the_workspace(box):
    box.write("sub/file", "")
    box.workflow("""
      here: {run: [ls], cwd: sub, effect: read, parse: lines}
      top: {run: [pwd], effect: read, parse: lines}""", allow=ALL, output='["${stages.here.output}", "${stages.top.output}"]')
    assert json.loads(box.run().expect(0).stdout) == [["file"], [os.path.realpath(box.project_folder)]]


@case
def output_is_parsed(box):
    box.workflow("""
      text: {run: [printf, "a\\n"], effect: read}
      json: {run: [printf, '{"a": [1, 2.5]}'], effect: read, parse: json}
      jsonl: {run: [printf, '1\\n\\n{"b":2}\\n'], effect: read, parse: jsonl}
      lines: {run: [printf, 'x\\r\\ny'], effect: read, parse: lines}""", allow=ALL,
                 output='["${stages.text.output}", "${stages.json.output}", "${stages.jsonl.output}", "${stages.lines.output}"]')
    assert json.loads(box.run().expect(0).stdout) == ["a", {"a": [1, 2.5]}, [1, {"b": 2}], ["x", "y"]]


@case
def output_that_cannot_be_parsed_is_a_schema_failure(box):
    box.workflow("""
      bad: {run: [echo, nonsense], effect: read, parse: json}""", allow=ALL)
    run = box.run().expect(1)
    assert run.error("bad")["code"] == "schema", run.error("bad")
    assert "not JSON" in run.stderr


@case
def output_must_fit_what_the_stage_returns(box):
    box.workflow("""
      bad: {run: [echo, "[1, 2]"], effect: read, parse: json, returns: {list: string, max: 5}}""", allow=ALL)
    assert box.run().expect(1).error("bad")["code"] == "schema"


@case
def an_exit_that_is_not_ok_fails_with_its_number(box):
    box.workflow("""
      bad: {run: [sh, -c, "echo why >&2; exit 3"], effect: read}""", allow=ALL)
    run = box.run().expect(1)
    error = run.error("bad")
    assert (error["code"], error["details"], error["attempt"]) == ("exit", {"exit": 3}, 1), error
    assert "exited with 3: why" in run.stderr, run.stderr


@case
def an_exit_may_be_declared_ok_and_is_read(box):
    box.workflow("""
      odd: {run: [sh, -c, "echo out; echo err >&2; exit 3"], ok_exit: [0, 3], effect: read}""", allow=ALL,
                 output='["${stages.odd.exit}", "${stages.odd.stdout}", "${stages.odd.stderr}"]')
    assert json.loads(box.run().expect(0).stdout) == [3, "out\n", "err\n"]


@case
def a_program_is_looked_up_in_the_plans_path_only(box):
    folder = os.path.join(box.folder, "bin")
    os.mkdir(folder)
    with open(os.path.join(folder, "hello"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho found\n")
    os.chmod(file.name, 0o755)
    box.workflow("""
      say: {run: [hello], effect: read}""", allow=ALL, output="${stages.say.output}")
    assert "no program `hello`" in box.run(env={"PATH": folder}).expect(2).stderr
    box.workflow("""
      say: {run: [hello], effect: read}""", allow=ALL, output="${stages.say.output}", top=f"execution: {{path: '{folder}:/bin'}}")
    run = box.run().expect(0)
    assert run.stdout == "found\n"
    line = run.transcript("say")[0]
    assert line["executable"] == os.path.join(folder, "hello") and len(line["sha256"]) == 64, line


@case
def a_program_of_the_workspace_is_named_by_its_path(box):
    box.write("bin/own", "#!/bin/sh\necho own\n", mode=0o755)
    box.workflow("""
      say: {run: [bin/own], effect: read}""", allow=ALL, output="${stages.say.output}")
    assert box.run().expect(0).stdout == "own\n"


@case
def a_program_outside_the_workspace_is_not_reached_by_a_link(box):
    os.symlink("/bin/echo", box.path("echo"))
    box.workflow("""
      say: {run: [./echo, out], effect: read, on_error: continue}""", allow=ALL)
    assert box.run().expect(5).error("say")["code"] == "io"


@case
def a_timeout_ends_the_whole_process_group(box):
    box.workflow("""
      slow: {run: [sh, -c, "sleep 300 & echo $! > child; echo $$ > shell; wait"], writes: ["*"], timeout: 500ms}""",
                 allow='{exec: ["*"], fs.write: ["*"]}')
    started = time.monotonic()
    run = box.run().expect(1)
    assert time.monotonic() - started < 5
    assert run.error("slow")["code"] == "timeout", run.error("slow")
    for name in ("child", "shell"):
        wait_until(lambda: not is_alive(int(box.read(name))), f"{name} has ended", 5)


# Ways to leave the process group, or the session, or one's parent. Each tells its number and would write `late`.
ESCAPES = {
    "a child": "sh stay.sh",
    "timeout(1), which makes a group": "timeout 60 sh stay.sh",
    "a session": "setsid --wait sh stay.sh",
    "an orphan in a session": "(setsid sh stay.sh &); sleep 60",
    "an orphan of an orphan": "(setsid sh -c '(setsid sh stay.sh &); exit' &); sleep 60",
    "a daemon": "python3 daemon.py; sleep 60",
    "one that ignores TERM and HUP": "setsid sh -c 'trap \"\" TERM HUP; . ./stay.sh'",
}
STAY = "echo $$ > pid.new; mv pid.new pid\nsleep 50 < /dev/null > /dev/null 2>&1\necho x > late\n"
DAEMON = """import os
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.closerange(0, 100)
os.execv("/bin/sh", ["sh", "stay.sh"])
"""


def escaping(box, script, keys):
    """A stage that runs the script; the number of what escaped is in the file `pid`."""
    box.write("stay.sh", STAY)
    box.write("daemon.py", DAEMON)
    box.write("script.sh", script + "\n")
    box.workflow(f"""
      leaves: {{run: [sh, script.sh], effect: read, {keys}}}""", allow=ALL)


def expect_gone(box, how):
    pid = int(box.read("pid"))
    assert not is_alive(pid), f"{how}: still runs after the stage"
    os.remove(box.path("pid"))


@case
def a_timeout_ends_all_that_a_command_started(box):
    for how, script in ESCAPES.items():
        escaping(box, script, "timeout: 1s")
        assert box.run().expect(1).error("leaves")["code"] == "timeout"
        expect_gone(box, how)


@case
def a_cancelled_run_ends_all_that_its_commands_started(box):
    for how, script in ESCAPES.items():
        escaping(box, script, "timeout: 60s")
        run = box.start()
        wait_until(lambda: os.path.exists(box.path("pid")), "the child runs")
        run.send_signal(signal.SIGINT)
        run.communicate()
        assert run.returncode == 130, how
        expect_gone(box, how)


@case
def what_a_command_leaves_behind_ends_with_it_however_it_ends(box):
    for how in ("an orphan in a session", "an orphan of an orphan", "a daemon"):
        for end, code in (("exit 0", 0), ("exit 3", 1), ("kill -9 $$", 1)):
            script = ESCAPES[how].replace("sleep 60", f"until [ -e pid ]; do sleep 0.01; done; {end}")
            escaping(box, script, "timeout: 60s")
            box.run().expect(code)
            expect_gone(box, f"{how}, {end}")


@case
def what_another_command_started_goes_on(box):
    """The orphan of one stage is not ended with another stage."""
    box.write("slow.sh", "(setsid sh -c 'echo $$ > orphan; until [ -e done ]; do sleep 0.01; done; echo whole > result' &)\n"
                         "until [ -e result ]; do sleep 0.01; done\n")
    box.write("quick.sh", "until [ -s orphan ]; do sleep 0.01; done; (setsid sleep 60 &)\n")
    box.workflow("""
      slow: {run: [sh, slow.sh], effect: read, timeout: 20s}
      quick: {run: [sh, quick.sh], effect: read, timeout: 20s}
      after: {run: [touch, done], effect: read, after: [quick]}""", allow=ALL)
    box.run().expect(0)
    assert box.read("result") == "whole\n"


@case
def what_was_running_before_the_run_goes_on(box):
    """A shell that becomes wfc has children of its own."""
    box.workflow("""
      quick: {run: [sh, -c, "(setsid sleep 60 &)"], effect: read}""", allow=ALL)
    script = f"sleep 60 > /dev/null 2>&1 & echo $! > {box.path('mine')}; exec {' '.join(box.command())}"
    box.execute(["sh", "-c", script]).expect(0)
    mine = int(box.read("mine"))
    assert is_alive(mine)
    os.kill(mine, signal.SIGKILL)


@case
def commands_die_with_the_run(box):
    escaping(box, "exec sh stay.sh", "timeout: 60s")
    run = box.start()
    wait_until(lambda: os.path.exists(box.path("pid")), "the child runs")
    run.kill()
    run.communicate()
    wait_until(lambda: not is_alive(int(box.read("pid"))), "the child has ended", 5)


@case
def what_is_told_to_end_may_clean_up(box):
    """Also when the shell in front of it dies at once."""
    box.write("tidy.sh", "trap 'echo clean > cleaned; exit' TERM; : > ready; while :; do sleep 0.01; done\n")
    box.workflow("""
      slow: {run: [sh, -c, "sh tidy.sh; true"], effect: read, timeout: 1s}""", allow=ALL)
    assert box.run().expect(1).error("slow")["code"] == "timeout"
    assert box.read("cleaned") == "clean\n"


@case
def exit_codes_are_known_where_the_caller_ignores_its_children(box):
    box.workflow("""
      bad: {run: [sh, -c, "exit 3"], effect: read}""", allow=ALL)
    run = box.run(preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)).expect(1)
    assert run.error("bad")["details"] == {"exit": 3}


@case
def a_program_that_cannot_be_started_says_why(box):
    for content, why in (("#!/no/such/interpreter\n", "interpreter"), ("echo x\n", "#!")):
        box.write("bin/own", content, mode=0o755)
        box.workflow("""
      say: {run: [bin/own], effect: read, on_error: continue}""", allow=ALL)
        assert why in box.run().expect(5).error("say")["message"]


@case
def what_ignores_term_is_killed(box):
    box.workflow("""
      stubborn: {run: [sh, -c, "trap '' TERM; echo $$ > shell; while :; do sleep 1; done"], writes: ["*"], timeout: 300ms}""",
                 allow='{exec: ["*"], fs.write: ["*"]}')
    started = time.monotonic()
    run = box.run().expect(1)
    took = time.monotonic() - started
    assert 5 <= took < 15, took
    assert run.error("stubborn")["code"] == "timeout"
    assert not is_alive(int(box.read("shell")))


@case
def children_that_outlive_their_parent_are_ended_with_it(box):
    box.workflow("""
      leaves: {run: [sh, -c, "sleep 300 > /dev/null 2>&1 & echo $!"], effect: read, parse: json}""", allow=ALL, output="${stages.leaves.output}")
    left = int(box.run().expect(0).stdout)
    wait_until(lambda: not is_alive(left), "the child it left has ended", 5)


@case
def too_much_output_ends_the_program(box):
    box.workflow("""
      loud: {tool: loud}""", allow='{exec: ["*"]}', top="tools:\n  loud: {command: [yes], effect: read, limits: {stdout: 64KiB}, timeout: 20s}")
    run = box.run().expect(1)
    error = run.error("loud")
    assert error["code"] == "io" and "more than 65536 bytes" in error["message"], error


@case
def a_command_tool_takes_its_input(box):
    box.workflow("""
      join: {tool: join, with: {words: [a, b]}}
      all: {tool: all, with: {b: 1, a: [2]}}""", allow='{exec: ["*"]}', output='["${stages.join.output}", "${stages.all.output}"]', top="""tools:
  join: {command: [printf, "%s", "${with.words.join('+')}"], input: {fields: {words: {list: string, max: 9}}}, returns: string, effect: read, timeout: 5s}
  all: {command: [cat], stdin: json, parse: json, effect: read, timeout: 5s}""")
    assert json.loads(box.run().expect(0).stdout) == ["a+b", {"a": [2], "b": 1}]


@case
def a_command_that_is_not_granted_is_not_run(box):
    box.workflow("""
      write: {run: ["${input.program}", made], writes: ["*"]}""", allow='{exec: [ls], fs.write: ["*"]}',
                 more="    input: {fields: {program: string}}")
    run = box.run("-i", "program=touch").expect(1)
    assert run.error("write")["code"] == "denied", run.error("write")
    assert not os.path.exists(box.path("made"))
    refused = [line for line in boxes.check_audit(run.text("audit.jsonl")) if not line["allowed"]]
    assert refused and refused[0]["capability"] == "exec" and refused[0]["stage"] == "write", refused


boxes.main()
