#!/usr/bin/env python3
"""The same project gives the same plan, byte by byte; and inputs reach it as they were given.

Usage: determinism_test.py BIN_DIR [FILTER]
"""
import json
import os
import textwrap

from harness import ROOT, USAGE, case, check, contains, equal, main

PROJECT = {
    "wfc.yaml": """
        wfc: 1
        name: ordered
        main: one
        execution: {concurrency: 3, workspace: data}
        vars: {b: 2, a: 1, region: {env: REGION, default: eu}}
        models: {default: [{provider: scripted, fixture: answers.yaml}], zeta: default}
        agents:
          second: {prompt: prompts/second.md, returns: result}
          first: {system: You are brief., prompt: "${with.q} ${with.r}"}
        security:
          allow: {llm: [default], fs.read: ["**"], exec: [echo, printf]}
          deny: {fs.read: ["**/.env"]}
        """,
    "workflows/one.yaml": """
        workflow: one
        input: {fields: {x: string, y: {type: integer, default: 3}}}
        output: {b: "${stages.b.output}", a: "${stages.a.output.ok}"}
        stages:
          b: {agent: first, with: {r: "${vars.b}", q: "${input.x}"}, timeout: 9s}
          a: {agent: second, with: {z: "${stages.c.output}"}, timeout: 9s}
          c: {run: [echo, "${input.y}"], effect: read, timeout: 9s, env: {B: "2", A: "1"}}
          d: {decide: "stages.a.output.ok", routes: {true: [e], false: []}}
          e: {run: [printf, x], effect: read, timeout: 9s}
          f: {assert: "size(stages.e.output) == 1", message: odd}
        """,
    "schemas/result.json": '{"type": "object", "properties": {"ok": {"type": "boolean"}, "why": {"type": "string"}}, "required": ["ok"]}',
    "prompts/second.md": "Judge ${with.z}\n",
    "answers.yaml": "a: [{ok: true, why: so}]\nb: [text]\n",
}
REORDERED = PROJECT | {
    "wfc.yaml": """
        # A comment, and everything the other way round.
        security:
          deny: {fs.read: ["**/.env"]}
          allow:
            exec: [echo, printf]
            fs.read: ["**"]
            llm: [default]
        agents:
          first:
            prompt: "${with.q} ${with.r}"
            system: 'You are brief.'
          second: {returns: result, prompt: prompts/second.md}
        models:
          zeta: default
          default:
            - fixture: answers.yaml
              provider: scripted
        vars: {region: {default: eu, env: REGION}, a: 1, b: 2}
        execution: {workspace: data, concurrency: 3}
        main: one
        name: ordered
        wfc: 1
        """,
    "workflows/one.yaml": """
        stages:
          f: {message: odd, assert: "size(stages.e.output) == 1"}
          e: {timeout: 9s, effect: read, run: [printf, x]}
          d: {routes: {false: [], true: [e]}, decide: "stages.a.output.ok"}
          c: {env: {A: "1", B: "2"}, timeout: 9s, effect: read, run: [echo, "${input.y}"]}
          a: {timeout: 9s, with: {z: "${stages.c.output}"}, agent: second}
          b: {timeout: 9s, with: {q: "${input.x}", r: "${vars.b}"}, agent: first}
        output: {a: "${stages.a.output.ok}", b: "${stages.b.output}"}
        input: {fields: {y: {default: 3, type: integer}, x: string}}
        workflow: one
        """,
    "schemas/result.json": '{"required": ["ok"],\n "properties": {"why": {"type": "string"}, "ok": {"type": "boolean"}}, "type": "object"}',
    "answers.yaml": "b: [text]\na: [{why: so, ok: true}]\n",
}


def make(bench, files):
    manifest = files["wfc.yaml"]
    rest = {name: textwrap.dedent(text) for name, text in files.items() if name != "wfc.yaml"}
    return bench.project(manifest, rest)


def compiled(project, *arguments, **options):
    done = project.wfc("compile", ".", "-o", "out.plan.bin", *arguments, **options)
    equal(done.code, 0, done)
    with open(project.path("out.plan.bin"), "rb") as file:
        return file.read()


def identity(plan):
    """The part that the plan's digest is of; the source map, which holds lines, comes after it."""
    return plan[:24][:16] + plan[32:64 + int.from_bytes(plan[12:16], "little")]


@case
def two_folders_and_two_times_give_the_same_bytes(bench):
    one = make(bench, PROJECT)
    two = bench.copy(one)
    for folder, _, names in os.walk(two.folder):
        for name in names:
            os.utime(os.path.join(folder, name), (1_000_000_000, 1_000_000_000))
    first = compiled(one)
    equal(compiled(two, env={"TZ": "Asia/Tokyo", "LANG": "C", "REGION": "us", "HOME": "/tmp"}), first)
    elsewhere = bench.wfc("compile", two.folder, "-o", os.path.join(bench.folder, "p"), cwd="/")
    equal(elsewhere.code, 0, elsewhere)
    with open(os.path.join(bench.folder, "p"), "rb") as file:
        equal(file.read(), first)


@case
def reordered_keys_give_the_same_plan(bench):
    first, second = compiled(make(bench, PROJECT)), compiled(make(bench, REORDERED))
    equal(second[32:64].hex(), first[32:64].hex())
    check(identity(first) == identity(second), "the contents differ")


@case
def only_order_in_one_line_changes_no_byte(bench):
    """Where every key keeps its place in the file, the source map is the same too."""
    stages = "a: {transform: x}\nb: {transform: y}\n"
    one = bench.flow(stages, head="vars: {b: 2, a: 1}\nname: n")
    two = bench.flow(stages, head="vars: {a: 1, b: 2}\nname: n")
    check(compiled(one) == compiled(two), "the plans differ")


@case
def every_change_of_meaning_changes_the_plan(bench):
    first = compiled(make(bench, PROJECT))
    for name, old, new in (("workflows/one.yaml", "default: 3", "default: 4"), ("wfc.yaml", "a: 1", "a: 7"), ("prompts/second.md", "Judge", "Weigh"),
                           ("answers.yaml", "why: so", "why: no"), ("wfc.yaml", "[echo, printf]", "[printf, echo, cat]")):
        check(old in PROJECT[name], name)
        second = compiled(make(bench, PROJECT | {name: PROJECT[name].replace(old, new)}))
        # An entry of `vars` that nothing reads is none of the plan's.
        check(second[32:64] != first[32:64] or (name, old) == ("wfc.yaml", "a: 1"), f"{name}: {old} → {new} changed nothing")


@case
def plan_holds_all_that_a_run_needs(bench):
    project = make(bench, PROJECT)
    plan = os.path.join(bench.folder, "alone.plan.bin")
    equal(project.wfc("compile", ".", "-o", plan).code, 0)
    workspace = bench.new_folder()
    done = bench.wfc("run", plan, "--workspace", workspace, "-i", "x=1", cwd=bench.new_folder())
    equal((done.code, done.json), (0, {"a": True, "b": "text"}), done)


@case
def plan_names_neither_the_machine_nor_the_folder(bench):
    project = make(bench, PROJECT)
    plan = compiled(project)
    for text in (project.folder.encode(), os.path.basename(project.folder).encode() + b"/", b"/tmp/", ROOT.encode()):
        check(text not in plan, text)


@case
def scheduling_does_not_change_the_result(bench):
    """At any concurrency the same statuses, and at 1 the same order of events."""
    project = make(bench, PROJECT)
    os.mkdir(project.path("data"))
    seen = set()
    for _ in range(3):
        done = project.wfc("run", ".", "-i", "x=1", "--concurrency", "1", "--seed", "1", "--format", "json")
        equal(done.code, 0, done)
        events = [json.loads(line) for line in done.err.splitlines()]
        seen.add(tuple((event["type"], event.get("stage")) for event in events))
    equal(len(seen), 1)


# Inputs

INPUT = """
    fields:
      text: {type: string, default: none}
      count: {type: integer, minimum: 1, default: 1}
      ratio: {type: number, default: 0.5}
      flag: {type: boolean, default: false}
      list: {type: array, items: {type: integer}, default: []}
      tree: {type: object, default: {}}
"""


def taking(bench):
    keys = "input:\n" + textwrap.indent(textwrap.dedent(INPUT).strip("\n"), "  ")
    return bench.flow('a: {transform: "${input}"}', keys=keys, output="${stages.a.output}")


DEFAULTS = {"text": "none", "count": 1, "ratio": 0.5, "flag": False, "list": [], "tree": {}}


def given(run):
    return {key: value for key, value in run.completed().json.items() if value != DEFAULTS[key]}


@case
def defaults_are_filled_in(bench):
    equal(taking(bench).run().completed().json, DEFAULTS)


@case
def typed_inputs_are_read_by_the_schema(bench):
    flow = taking(bench)
    run = flow.run("-i", "text=5", "-i", "count=5", "-i", "ratio=2", "-i", "flag=true", "-i", "list=[1, 2]", "-i", 'tree={"a": null}')
    equal(given(run), {"text": "5", "count": 5, "ratio": 2, "flag": True, "list": [1, 2], "tree": {"a": None}})
    equal(given(flow.run("-i", "text=a=b")), {"text": "a=b"})
    equal(given(flow.run("-i", "text=")), {"text": ""})
    equal(given(flow.run("-i", "text=@@home")), {"text": "@home"})
    equal(given(flow.run("-i", "text=true")), {"text": "true"})


@case
def inputs_come_from_files(bench):
    flow = taking(bench)
    flow.write("t.txt", "from a file\n")
    flow.write("list.json", "[4, 5]")
    flow.write("all.json", '{"count": 9, "text": "all"}')
    equal(given(flow.run("-i", "text=@t.txt", "-i", "list=@list.json")), {"text": "from a file\n", "list": [4, 5]})
    equal(given(flow.run("--input", "all.json")), {"count": 9, "text": "all"})
    equal(given(flow.run("--input", "all.json", "-i", "count=3")), {"count": 3, "text": "all"})
    equal(given(flow.run("--input", "-", stdin='{"flag": true}')), {"flag": True})


@case
def input_that_does_not_fit_is_one_clear_message(bench):
    flow = taking(bench)
    flow.write("list.json", "[1]")
    flow.write("bad.json", "{")
    for arguments, said in ((["-i", "count=0"], "count"), (["-i", "count=x"], "count"), (["-i", "other=1"], "other"), (["-i", "list=[1.5]"], "list"),
                            (["-i", "nothing"], "nothing"), (["-i", "text=@missing.txt"], "missing.txt"), (["--input", "missing.json"], "missing.json"),
                            (["--input", "bad.json"], "bad.json"), (["--input", "list.json"], "object"), (["-i", "text=a", "-i", "text=b"], "text")):
        run = flow.run(*arguments).says_once(USAGE, said)
        equal((run.out, run.folder), ("", None), arguments)
    flow.run("--input", "-", stdin="[").says_once(USAGE)


@case
def required_input_that_is_missing_is_named(bench):
    flow = bench.flow('a: {transform: "${input.need}"}', keys="input: {fields: {need: string}}", output="${stages.a.output}")
    flow.run().says_once(USAGE, "need")
    contains(flow.run("-i", "need=1").completed().out, "1")


if __name__ == "__main__":
    main()
