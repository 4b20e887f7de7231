#!/usr/bin/env python3
"""Agents: scripted models, programs as models, echoes; their answers and transcripts."""
import json

import boxes
from boxes import case

LLM = '{llm: ["*"], exec: ["*"]}'
SCRIPTED = "models: {default: [{provider: scripted, fixture: answers.yaml}]}\n"


def agent(box, answers, returns="string", retry="", more=""):
    box.write("answers.yaml", answers)
    box.workflow(f"""
      ask: {{agent: thinker, with: {{question: why, list: [1, 2]}}{retry}}}{more}""", allow=LLM, output="${stages.ask.output}",
                 top=SCRIPTED + f"agents: {{thinker: {{returns: {returns}, system: Think.}}}}")


@case
def a_scripted_answer_is_a_value(box):
    agent(box, "ask:\n  - {a: [1]}\n", returns="{fields: {a: array}}")
    assert json.loads(box.run().expect(0).stdout) == {"a": [1]}


@case
def a_scripted_text_is_read_by_the_schema(box):
    agent(box, "ask:\n  - {text: '{\"a\": 1}'}\n", returns="{fields: {a: integer}}")
    assert json.loads(box.run().expect(0).stdout) == {"a": 1}
    agent(box, "ask:\n  - {text: '{\"a\": 1}'}\n")
    assert box.run().expect(0).stdout == '{"a": 1}\n'


@case
def an_answer_that_does_not_fit_fails_with_the_validators_words(box):
    agent(box, "ask:\n  - {text: 'no json'}\n", returns="{fields: {a: integer}}")
    error = box.run().expect(1).error("ask")
    assert error["code"] == "schema" and "JSON" in error["message"], error
    agent(box, "ask:\n  - {a: one}\n", returns="{fields: {a: integer}}")
    error = box.run().expect(1).error("ask")
    assert error["code"] == "schema" and "/a" in error["message"], error


@case
def retries_take_the_next_answers(box):
    agent(box, "ask:\n  - {error: rate_limit}\n  - {a: wrong}\n  - {a: 3}\n", returns="{fields: {a: integer}}",
          retry=", retry: {max: 2, on: [rate_limit, schema], backoff: {initial: 10ms, factor: 2, max: 1s}}")
    run = box.run().expect(0)
    assert json.loads(run.stdout) == {"a": 3} and run.stage("ask")["attempts"] == 3
    assert [line["type"] for line in run.transcript("ask")] == ["request", "error", "request", "answer", "request", "answer"]


@case
def past_the_end_of_a_fixture_is_an_error(box):
    agent(box, "ask: []\n")
    assert box.run().expect(1).error("ask")["code"] == "fixture"


@case
def a_delay_passes_and_can_time_out(box):
    agent(box, "ask:\n  - {delay: 100ms, value: later}\n")
    run = box.run().expect(0)
    assert run.stdout == "later\n" and run.lines("metrics.jsonl")[0]["duration_ms"] >= 100
    agent(box, "ask:\n  - {delay: 1h, value: never}\n", retry=", timeout: 200ms")
    assert box.run().expect(1).error("ask")["code"] == "timeout"


@case
def a_stage_that_is_not_listed_gets_the_smallest_instance(box):
    agent(box, "{}\n", returns="{fields: {n: {type: integer, minimum: 2}, s: {enum: [b, a]}, l: {list: string, max: 3}, "
          "p: {type: string, pattern: '^x[0-9]$'}, d: {type: integer, default: 5}, u: {anyOf: [{const: k}, {type: 'null'}]}}}")
    assert json.loads(box.run().expect(0).stdout) == {"n": 2, "s": "b", "l": [], "p": "x0", "d": 5, "u": "k"}


@case
def without_a_prompt_the_input_is_one_with_a_heading_a_key(box):
    agent(box, "ask: [fine]\n")
    request = box.run().expect(0).transcript("ask")[0]
    assert request["system"] == "Think." and request["model"] == "default", request
    assert request["prompt"] == "# list\n\n[\n  1,\n  2\n]\n\n# question\n\nwhy\n", request["prompt"]


@case
def a_program_is_a_model(box):
    box.write("model.py", "import json, sys\nrequest = json.load(sys.stdin)\n"
              "json.dump({'keys': sorted(request), 'system': request['system'], 'prompt': request['prompt'], 'n': request['with']['n'],\n"
              "           'required': request['schema']['required']}, sys.stdout)\n")
    box.workflow("""
      ask: {agent: program, with: {n: 4}}""", allow=LLM, output="${stages.ask.output}", top="""agents:
  program:
    kind: command
    command: [python3, model.py]
    input: {fields: {n: integer}}
    system: Be brief.
    prompt: "n is ${with.n}"
    returns: {fields: {keys: array, system: string, prompt: string, n: integer, required: array}}
    effect: read""")
    assert json.loads(box.run().expect(0).stdout) == {
        "keys": ["prompt", "schema", "system", "with"], "system": "Be brief.", "prompt": "n is 4", "n": 4,
        "required": ["keys", "n", "prompt", "required", "system"]}


@case
def a_programs_text_is_the_answer_of_an_agent_that_returns_text(box):
    box.workflow("""
      ask: {agent: program}""", allow=LLM, output="${stages.ask.output}",
                 top="agents: {program: {kind: command, command: [printf, '42\\n'], effect: read}}")
    assert box.run().expect(0).stdout == "42\n"
    box.workflow("""
      ask: {agent: program}""", allow=LLM, output="${stages.ask.output + 1}",
                 top="agents: {program: {kind: command, command: [printf, '42\\n'], returns: integer, effect: read}}")
    assert box.run().expect(0).stdout == "43\n"


@case
def a_program_that_answers_nonsense_is_a_schema_failure(box):
    box.workflow("""
      ask: {agent: program}""", allow=LLM, output="${stages.ask.output}",
                 top="agents: {program: {kind: command, command: [echo, nonsense], returns: {fields: {a: integer}}, effect: read}}")
    assert box.run().expect(1).error("ask")["code"] == "schema"


@case
def an_echo_gives_its_input_back(box):
    box.workflow("""
      ask: {agent: mirror, with: {a: 1}}""", output="${stages.ask.output}", top="agents: {mirror: {kind: echo}}", allow=LLM)
    assert json.loads(box.run().expect(0).stdout) == {"a": 1}


@case
def a_model_that_is_not_granted_is_not_called(box):
    agent(box, "ask: [fine]\n")
    with open(box.path("wfc.yaml"), encoding="utf-8") as file:
        text = file.read()
    box.write("wfc.yaml", text.replace('llm: ["*"]', "llm: [default]"))
    assert box.run().expect(0).stdout == "fine\n"
    box.write("wfc.yaml", text.replace('llm: ["*"]', "llm: [other]"))
    run = box.run()
    assert run.code == 1 and "S013" in run.stderr, run.stderr


boxes.main()
