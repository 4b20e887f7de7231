#!/usr/bin/env python3
"""Agents: scripted answers, programs as models, and the echo.

Usage: agents_test.py BIN_DIR [FILTER]
"""
import json

from harness import case, check, contains, equal, main, read

SCRIPTED = "models: {default: [{provider: scripted, fixture: answers.yaml}]}\ndefaults: {timeout: 30s}\n"
ASK = "agents: {a: {prompt: 'Say ${with.x}', input: {fields: {x: string}}%s}}\n"


def asking(bench, fixture, stages=None, returns="", output="${stages.ask.output}"):
    head = SCRIPTED + ASK % (f", returns: {returns}" if returns else "")
    return bench.flow(stages or "ask: {agent: a, with: {x: hello}}", head=head, output=output, files={"answers.yaml": fixture})


@case
def scripted_value(bench):
    flow = asking(bench, "ask: [{n: 3}]", returns="{fields: {n: integer}}")
    equal(flow.run().completed().json, {"n": 3})


@case
def scripted_text_is_read_as_an_answer(bench):
    flow = asking(bench, "ask: [{text: '{\"n\": 4}'}]", returns="{fields: {n: integer}}")
    equal(flow.run().completed().json, {"n": 4})
    equal(asking(bench, "ask: [{text: plain words}]").run().completed().out, "plain words\n")


@case
def scripted_answer_that_does_not_fit_is_a_schema_failure(bench):
    for answer in ("{n: x}", "{text: 'no json'}", "{}", "{n: 1, m: 2}"):
        flow = asking(bench, f"ask: [{answer}]", returns="{fields: {n: integer}}")
        flow.run().failed("ask", "schema")


@case
def scripted_error_has_its_code_and_can_be_retried(bench):
    asking(bench, "ask: [{error: rate_limit}]").run().failed("ask", "rate_limit")
    stages = "ask: {agent: a, with: {x: hi}, retry: {max: 2, on: [overloaded, schema], backoff: {initial: 1ms}}}"
    flow = asking(bench, "ask: [{error: overloaded}, {n: x}, {n: 9}]", stages, "{fields: {n: integer}}")
    run = flow.run().completed()
    equal((run.json, run.stage("ask")["attempts"]), ({"n": 9}, 3))


@case
def scripted_delay_can_time_out(bench):
    asking(bench, "ask: [{delay: 1h, value: late}]", "ask: {agent: a, with: {x: hi}, timeout: 50ms}").run().failed("ask", "timeout")
    equal(asking(bench, "ask: [{delay: 20ms, value: there}]").run().completed().out, "there\n")


@case
def past_the_end_is_a_fixture_error(bench):
    run = asking(bench, "ask: []").run().failed("ask", "fixture")
    contains(run.error("ask")["message"], "0 answers")
    stages = "ask: {agent: a, with: {x: hi}, retry: {max: 5, on: [overloaded], backoff: {initial: 1ms}}}"
    asking(bench, "ask: [{error: overloaded}, {error: overloaded}]", stages).run().failed("ask", "fixture")


@case
def stages_in_bodies_are_found_by_their_path(bench):
    stages = """
        pick:
          decide: "'x'"
          routes: {x: {stages: {inner: {agent: a, with: {x: hi}}}, output: "${stages.inner.output}"}}
          default: []
        ask: {fail: broken, on_error: {fallback: {agent: a, with: {x: hi}}}}
    """
    flow = asking(bench, "pick.inner: [one]\nask.fallback: [two]\n", stages, output="${stages.pick.output} ${stages.ask.output}")
    equal(flow.run().completed().out, "one two\n")


@case
def stage_that_is_not_listed_gets_the_smallest_instance(bench):
    for returns, expected in (("{fields: {b: boolean, s: string, n: {type: integer, minimum: 3}, l: {list: string}}}", {"b": False, "s": "", "n": 3, "l": []}),
                              ("{enum: [z, a]}", "z"), ("{const: 7}", 7), ("{type: string, minLength: 2}", None), ("{type: integer, maximum: -4}", -4),
                              ("{fields: {need: {type: string, pattern: '^v[0-9]+$'}, not: string}, optional: [not]}", {"need": "v0"}),
                              ("{type: array, items: {enum: [q]}, minItems: 2}", ["q", "q"]), ("{type: integer, default: 12}", 12),
                              ("{anyOf: [{type: 'null'}, {type: string}]}", None)):
        run = asking(bench, "{}", returns=returns, output='["${stages.ask.output}"]').run().completed()
        if returns == "{type: string, minLength: 2}":
            equal(len(run.json[0]), 2)
        else:
            equal(run.json, [expected], returns)


@case
def no_model_means_scripted(bench):
    flow = bench.flow("ask: {agent: a, with: {x: hi}}", head=ASK % ", returns: boolean", output="${stages.ask.output}")
    equal(flow.run().completed().out, "false\n")


@case
def transcript_holds_what_was_asked_and_answered(bench):
    flow = asking(bench, "ask: [fine]")
    lines = flow.run().completed().transcript("ask")
    equal([line["type"] for line in lines], ["request", "answer"])
    equal((lines[0]["prompt"], lines[1]["answer"]), ("Say hello", "fine"))


@case
def default_prompt_is_a_heading_a_key(bench):
    head = "agents: {a: {system: 'You are ${with.who}.'}}\n"
    flow = bench.flow("ask: {agent: a, with: {who: brief, what: [1, 2]}}", head=head)
    # Without an `input`, the agent takes what its templates read; `what` is read by none.
    equal(flow.run().code, 1)
    flow = bench.flow("ask: {agent: a, with: {who: brief, what: [1, 2]}}", head="agents: {a: {system: Be brief.}}\n")
    request = flow.run().completed().transcript("ask")[0]
    equal(request["system"], "Be brief.")
    equal("".join(request["prompt"].split()), "#what[1,2]#whobrief")


@case
def prompt_files_and_overrides_of_a_stage(bench):
    head = "agents: {a: {prompt: prompts/ask.md, input: {fields: {x: string}}}}\n"
    stages = "one: {agent: a, with: {x: X}}\ntwo: {agent: a, with: {x: X}, prompt: 'Other ${with.x}', returns: boolean}"
    flow = bench.flow(stages, head=head, output="${stages.two.output}", files={"prompts/ask.md": "# Ask\n${with.x}, $${kept}\n"})
    run = flow.run().completed()
    equal(run.out, "false\n")
    equal(run.transcript("one")[0]["prompt"].strip(), "# Ask\nX, ${kept}")
    equal(run.transcript("two")[0]["prompt"], "Other X")


@case
def echo_agent_returns_its_input(bench):
    flow = bench.flow("ask: {agent: a, with: {x: [1, 2], y: z}}", head="agents: {a: {kind: echo, returns: any}}", output="${stages.ask.output}")
    equal(flow.run().completed().json, {"x": [1, 2], "y": "z"})


COMMAND = """
    agents:
      a:
        kind: command
        command: [python3, agent.py]
        system: You are ${with.who}.
        prompt: Say ${with.word}
        input: {fields: {who: string, word: string}}
        returns: {fields: {said: string, keys: {list: string}}}
        env: {MOOD: good}
        effect: read
"""
AGENT = """import json, os, sys
request = json.load(sys.stdin)
json.dump(request, open('request.json', 'w'))
print(json.dumps({'said': request['prompt'] + ' ' + os.environ['MOOD'], 'keys': sorted(request)}))
"""


def commanding(bench, script):
    return bench.flow("ask: {agent: a, with: {who: kind, word: hi}, timeout: 30s}", head=COMMAND, output="${stages.ask.output}", files={"agent.py": script})


@case
def command_agent_gets_a_request_and_gives_an_answer(bench):
    flow = commanding(bench, AGENT)
    equal(flow.run().completed().json, {"said": "Say hi good", "keys": ["prompt", "schema", "system", "with"]})
    request = json.loads(read(flow.path("request.json")))
    equal((request["with"], request["system"], request["prompt"]), ({"who": "kind", "word": "hi"}, "You are kind.", "Say hi"))
    schema = request["schema"]
    equal((schema["type"], sorted(schema["required"]), schema["additionalProperties"]), ("object", ["keys", "said"], False))
    equal(schema["properties"]["said"], {"type": "string"})


@case
def command_agent_that_answers_wrongly_fails(bench):
    for script in ("print('just text')", "print('{}')", "pass", "print('{\"said\": 1, \"keys\": []}')"):
        commanding(bench, script).run().failed("ask", "schema")
    run = commanding(bench, "import sys; sys.exit('went wrong')").run().failed("ask", "exit")
    contains(run.error("ask")["message"], "went wrong")


@case
def command_agent_may_answer_in_text(bench):
    head = "agents: {a: {kind: command, command: [cat, answer.txt], effect: read}}"
    flow = bench.flow("ask: {agent: a, timeout: 30s}", head=head, output="${stages.ask.output}", files={"answer.txt": "two\nlines\n"})
    equal(flow.run().completed().out.strip(), "two\nlines")


@case
def command_agent_that_does_not_read_is_no_failure(bench):
    """The request is larger than a pipe holds, and the program ends without having read it."""
    head = "agents: {a: {kind: command, command: [echo, fine], input: {fields: {x: string}}, effect: read}}"
    flow = bench.flow('ask: {agent: a, with: {x: "${input.x}"}, timeout: 30s}', head=head, keys="input: {fields: {x: string}}", output="${stages.ask.output}",
                      files={"x.txt": "x" * 300_000})
    equal(flow.run("-i", "x=@x.txt").completed().out, "fine\n")


@case
def input_of_an_agent_is_validated(bench):
    head = "agents: {a: {kind: echo, input: {fields: {n: {type: integer, not: {const: 7919}}}}, returns: any}}"
    # What cannot be told before is held to the schema when it is there.
    flow = bench.flow('ask: {agent: a, with: {n: "${int(input.n)}"}}', head=head, keys="input: {fields: {n: string}}", output="${stages.ask.output}")
    equal(flow.run("-i", "n=5").completed().json, {"n": 5})
    flow.run("-i", "n=7919").failed("ask", "schema")


@case
def model_that_is_not_granted_is_denied(bench):
    security = "security: {allow: {llm: [other]}}\n"
    head = "models: {default: [{provider: scripted}], other: [{provider: scripted}]}\nagents: {a: {prompt: hi}}\n"
    denied = bench.flow("ask: {agent: a, timeout: 9s}", head=head, security=security).wfc("check", "--format", "concise")
    equal(denied.code, 1)
    contains(denied.out, "S013")
    check("S013" not in bench.flow("ask: {agent: a, model: other, timeout: 9s}", head=head, security=security).wfc("check", "--format", "concise").out)


if __name__ == "__main__":
    main()
