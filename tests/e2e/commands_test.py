#!/usr/bin/env python3
"""`run` stages and `command` tools as real processes.

Usage: commands_test.py BIN_DIR [FILTER]
"""
import hashlib
import json
import os

from harness import case, check, contains, equal, exists, main, read, wait_for

PRINT_ARGV = "import json, sys\nprint(json.dumps(sys.argv[1:]))\n"
OPEN_FILES = """import json, os
names = {}
for name in os.listdir('/proc/self/fd'):
    try:
        names[int(name)] = os.readlink('/proc/self/fd/' + name)
    except OSError:
        pass  # the listing's own
print(json.dumps(names))
"""


def lives(pid):
    """Whether the process runs; one that is dead and not yet waited for does not."""
    try:
        return read("/proc", str(pid), "stat").rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@case
def argv_is_passed_exactly(bench):
    words = ["a b", "$HOME", "`id`", "*", "", "'\"", "a;b|c&d", "\\n", "tab\there", "é", "-x", "${1}"]
    yaml_words = ", ".join(json.dumps(word.replace("${", "$${")) for word in words)
    flow = bench.flow(f"a: {{run: [python3, argv.py, {yaml_words}], parse: json, effect: read}}", output="${stages.a.output}",
                      files={"argv.py": PRINT_ARGV})
    equal(flow.run().completed().json, words)


@case
def value_is_one_word_however_it_looks(bench):
    flow = bench.flow('a: {run: [python3, argv.py, "${input.text}", "n=${input.n}"], parse: json, effect: read}',
                      keys="input: {fields: {text: string, n: integer}}", output="${stages.a.output}", files={"argv.py": PRINT_ARGV})
    text = "x; touch owned $(touch owned) && 'y' \"z\""
    equal(flow.run("-i", "text=" + text, "-i", "n=3").completed().json, [text, "n=3"])
    check(not exists(flow.path("owned")))


@case
def environment_is_empty_but_for_what_is_declared(bench):
    flow = bench.flow("a: {run: [env], env: {GREETING: 'hi ${input.who}', EMPTY: ''}, parse: lines, effect: read}",
                      keys="input: {fields: {who: string}}", output="${stages.a.output}")
    run = flow.run("-i", "who=you", env={"LEAKED": "yes", "GREETING": "wrong"}).completed()
    own = [line for line in run.json if not line.startswith(("PATH=", "WFC_CALL="))]
    equal(sorted(own), ["EMPTY=", "GREETING=hi you"])
    equal([line.partition("/")[2] for line in run.json if line.startswith("WFC_CALL=")], ["3/repeatable/a"])


@case
def default_environment_of_run_stages(bench):
    flow = bench.flow("a: {run: [env], parse: lines, effect: read}", head='defaults: {run: {env: {CI: "true"}}}', output="${stages.a.output}")
    check("CI=true" in flow.run().completed().json)


@case
def program_is_found_on_the_declared_path(bench):
    flow = bench.flow("a: {run: [hello], effect: read}", head="execution: {path: /nowhere:BIN}", output="${stages.a.output.trim()}")
    for name, text in (("wrong", "wrong"), ("bin", "right")):
        flow.write(f"{name}/hello", f"#!/bin/sh\necho {text}\n")
        os.chmod(flow.path(f"{name}/hello"), 0o755)
    flow.write("wfc.yaml", read(flow.path("wfc.yaml")).replace("BIN", flow.path("bin")))
    run = flow.run(env={"PATH": flow.path("wrong") + ":/usr/bin:/bin"}).completed()
    equal(run.out, "right\n")
    with open(flow.path("bin/hello"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    call = run.transcript("a")[0]
    equal((call["executable"], call["sha256"]), (flow.path("bin/hello"), digest))


@case
def program_in_the_workspace_is_run_by_its_path(bench):
    flow = bench.flow("a: {run: [bin/hello], effect: read}", output="${stages.a.output.trim()}", files={"bin/hello": "#!/bin/sh\necho here\n"})
    os.chmod(flow.path("bin/hello"), 0o755)
    equal(flow.run().completed().out, "here\n")


@case
def missing_program_is_one_clear_failure(bench):
    bench.flow("a: {run: [no-such-program-anywhere], effect: read}").run().says_once(2, "no-such-program-anywhere", "`a`")
    run = bench.flow("a: {run: [no-such-program-anywhere], effect: read, on_error: {value: none}}").run().completed()
    contains(run.error("a")["message"], "no-such-program-anywhere")


@case
def cwd_is_below_the_workspace(bench):
    stage = 'a: {run: [pwd], cwd: "%s", effect: read}'
    flow = bench.flow(stage % "sub/${input.x}", keys="input: {fields: {x: string}}", output="${stages.a.output.trim()}")
    os.makedirs(flow.path("sub/deep"))
    equal(flow.run("-i", "x=deep").completed().out, os.path.realpath(flow.path("sub/deep")) + "\n")
    flow.run("-i", "x=missing").failed("a")
    flow.run("-i", "x=../../..").failed("a")
    os.symlink("/", flow.path("sub/out"))
    flow.run("-i", "x=out").failed("a")


@case
def stdin_is_what_is_declared_and_nothing_else(bench):
    stages = """
        text: {run: [cat], stdin: "${input.t}", effect: read}
        tree: {run: [cat], stdin: {a: [1, "${input.t}"]}, parse: json, effect: read}
        none: {run: [cat], effect: read}
    """
    flow = bench.flow(stages, keys="input: {fields: {t: string}}",
                      output='["${stages.text.output}", "${stages.tree.output}", "${stages.none.output}"]')
    equal(flow.run("-i", "t=ü\n", stdin="of the caller").completed().json, ["ü", {"a": [1, "ü\n"]}, ""])


@case
def large_stdin_and_stdout_pass_each_other(bench):
    text = "0123456789abcdef" * 50_000
    flow = bench.flow('a: {run: [cat], stdin: "${input.t}", effect: read}', keys="input: {fields: {t: string}}", output="${size(stages.a.output)}")
    flow.write("t.txt", text)
    equal(flow.run("-i", "t=@t.txt").completed().out, f"{len(text)}\n")


@case
def output_is_read_by_parse(bench):
    stages = r"""
        text: {run: [printf, 'a\n'], effect: read}
        json: {run: [printf, '{"n":[1,2.5]}\n'], parse: json, effect: read}
        jsonl: {run: [printf, '1\n\n{"a":2}\n'], parse: jsonl, effect: read}
        lines: {run: [printf, 'a\n\nb'], parse: lines, effect: read}
        nothing: {run: ["true"], parse: lines, effect: read}
    """
    names = ["text", "json", "jsonl", "lines", "nothing"]
    run = bench.flow(stages, output="[" + ", ".join(f'"${{stages.{name}.output}}"' for name in names) + "]").run().completed()
    equal(run.json, ["a", {"n": [1, 2.5]}, [1, {"a": 2}], ["a", "", "b"], []])


@case
def output_that_does_not_parse_is_a_schema_failure(bench):
    for form in ("json", "jsonl"):
        run = bench.flow(f"a: {{run: [echo, '{{'], parse: {form}, effect: read}}").run().failed("a", "schema")
        contains(run.error("a")["message"], "JSON")


@case
def bytes_that_are_not_utf8_become_replacement_characters(bench):
    run = bench.flow(r"a: {run: [printf, 'a\377b'], effect: read}", output="${stages.a.output}").run().completed()
    equal(run.out, "a\ufffdb\n")


@case
def ok_exit_says_which_codes_are_success(bench):
    stages = 'a: {run: [sh, -c, "echo out; exit $1", sh, "${input.code}"], ok_exit: [0, 3], effect: read}\nb: {transform: "${stages.a.exit}"}'
    flow = bench.flow(stages, keys="input: {fields: {code: integer}}", output="${stages.b.output}")
    equal(flow.run("-i", "code=3").completed().out, "3\n")
    equal(flow.run("-i", "code=0").completed().out, "0\n")
    equal(flow.run("-i", "code=4").failed("a", "exit").error("a")["details"], {"exit": 4})


@case
def death_by_signal_is_a_failure(bench):
    run = bench.flow("a: {run: [sh, -c, 'kill -SEGV $$'], effect: read}").run().failed("a", "exit")
    equal(run.error("a")["details"], {"signal": 11})


@case
def only_the_three_descriptors_are_open(bench):
    flow = bench.flow("a: {run: [python3, fds.py], parse: json, effect: read}", output="${stages.a.output}", files={"fds.py": OPEN_FILES})
    equal(sorted(flow.run().completed().json), ["0", "1", "2"])


@case
def descriptors_of_the_caller_do_not_reach_commands(bench):
    flow = bench.flow("a: {run: [python3, fds.py], parse: json, effect: read}", output="${stages.a.output}", files={"fds.py": OPEN_FILES})
    wrapped = ["sh", "-c", 'exec 7</etc/passwd 9>>leak; exec "$@"', "sh", bench.tool("wfc"), "run", "."]
    equal(sorted(flow.run_command(wrapped).completed().json), ["0", "1", "2"])


@case
def command_leads_a_process_group_of_its_own(bench):
    script = "import os\nprint(os.getpid() == os.getpgrp())\n"
    equal(bench.flow("a: {run: [python3, group.py], effect: read}", output="${stages.a.output.trim()}", files={"group.py": script})
          .run().completed().out, "True\n")


@case
def signals_reach_commands_unblocked_and_unignored(bench):
    script = "import signal\nfor n in signal.valid_signals():\n" \
             "  if n in signal.pthread_sigmask(signal.SIG_BLOCK, []) or (signal.getsignal(n) == signal.SIG_IGN): print(int(n))\n"
    flow = bench.flow("a: {run: [python3, -c, 'exec(open(\"s.py\").read())'], parse: lines, effect: read}", output="${stages.a.output}", files={"s.py": script})
    ignored = flow.run().completed().json
    # Python itself ignores SIGPIPE (13) and SIGXFSZ (25).
    check(set(ignored) <= {"13", "25"}, ignored)


@case
def timeout_terminates_and_then_kills_the_whole_group(bench):
    """The child and its own child both ignore TERM; both are gone when the run has ended."""
    script = "trap '' TERM\nsh -c 'trap \"\" TERM; echo $$ > grandchild; while :; do sleep 1000; done' &\n" \
             "echo $$ > child\nwhile :; do sleep 1000; done\n"
    flow = bench.flow("a: {run: [sh, stay.sh], effect: read, timeout: 300ms}", files={"stay.sh": script})
    flow.run().failed("a", "timeout")
    for name in ("child", "grandchild"):
        pid = int(read(flow.path(name)))
        wait_for(lambda: not lives(pid), f"the end of the {name}")


@case
def timeout_lets_a_command_clean_up(bench):
    script = "trap 'echo bye > bye; exit 0' TERM\n: > ready\nwhile :; do sleep 0.01; done\n"
    flow = bench.flow("a: {run: [sh, polite.sh], effect: read, timeout: 1s}", files={"polite.sh": script})
    flow.run().failed("a", "timeout")
    equal(read(flow.path("bye")), "bye\n")


@case
def timeout_can_be_retried_and_tolerated(bench):
    stage = "a: {run: [sh, slow.sh], effect: read, timeout: 200ms, retry: {max: 1, on: [timeout], backoff: {initial: 1ms}}, on_error: continue}"
    flow = bench.flow(stage, files={"slow.sh": "echo x >> tries\nexec sleep 1000\n"})
    run = flow.run().partial()
    equal((run.stage("a")["attempts"], run.stage("a")["error_code"]), (2, "timeout"))


@case
def what_a_command_leaves_behind_does_not_hold_the_run(bench):
    """A child in the background keeps the pipe open; the run ends by the command's own end, and the straggler is gone."""
    script = "(echo $BASHPID; exec sleep 1000) > straggler &\nwhile [ ! -s straggler ]; do :; done\necho done\n"
    flow = bench.flow("a: {run: [bash, leave.sh], effect: read}", output="${stages.a.output.trim()}", files={"leave.sh": script})
    equal(flow.run().completed().out, "done\n")


@case
def output_is_limited(bench):
    tool = "tools: {many: {command: [python3, many.py], effect: read, limits: {stdout: 64KiB}, timeout: 30s}}"
    script = "import sys\nwhile True: sys.stdout.write('x' * 65536)\n"
    run = bench.flow("a: {tool: many}", head=tool, files={"many.py": script}).run().failed("a", "io")
    contains(run.error("a")["message"], "65536")
    run = bench.flow("a: {run: [python3, many.py], effect: read}", files={"many.py": script}).run().failed("a", "io")
    contains(run.error("a")["message"], "1048576")


@case
def errors_are_limited_too(bench):
    """A flood on standard error neither blocks the command nor fills the memory."""
    script = "import sys\nfor _ in range(400): sys.stderr.write('e' * 65536)\nprint('done')\n"
    equal(bench.flow("a: {run: [python3, many.py], effect: read}", output="${stages.a.output.trim()}", files={"many.py": script})
          .run().completed().out, "done\n")


@case
def command_tool_sees_with(bench):
    head = """
        tools:
          shout:
            command: [python3, shout.py, "${with.word}"]
            stdin: json
            parse: json
            input: {fields: {word: string, times: integer}}
            returns: {fields: {word: string, sent: any}}
            effect: read
            timeout: 30s
    """
    script = "import json, sys\nprint(json.dumps({'word': sys.argv[1].upper(), 'sent': json.load(sys.stdin)}))\n"
    flow = bench.flow('a: {tool: shout, with: {word: "${input.w}", times: 2}}', head=head, keys="input: {fields: {w: string}}",
                      output="${stages.a.output}", files={"shout.py": script})
    equal(flow.run("-i", "w=hey").completed().json, {"word": "HEY", "sent": {"word": "hey", "times": 2}})


@case
def arguments_of_a_tool_are_validated(bench):
    head = "tools: {t: {command: [echo, '${with.n}'], input: {fields: {n: {type: integer, not: {const: 7919}}}}, effect: read, timeout: 30s}}"
    # What cannot be told before is held to the schema when it is there.
    flow = bench.flow('a: {tool: t, with: {n: "${int(input.n)}"}}', head=head, keys="input: {fields: {n: string}}", output="${stages.a.output.trim()}")
    equal(flow.run("-i", "n=5").completed().out, "5\n")
    flow.run("-i", "n=7919").failed("a", "schema")


@case
def many_commands_run_eight_at_a_time(bench):
    stages = "\n".join(f'w{i}: {{run: [echo, "{i}"], effect: read}}' for i in range(200))
    run = bench.flow(stages, head="execution: {concurrency: 8}").run().completed()
    equal(run.manifest["summary"]["by_status"], {"succeeded": 200})


if __name__ == "__main__":
    main()
