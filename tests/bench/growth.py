#!/usr/bin/env python3
"""No list of the language costs more than its length: `wfc check` at n, 2n and 4n entries of each takes at most 2.6 times as long a doubling.

What is compared is processor time, the least of several runs, without the time of a start. A list that has a bound of its own (`modes`, an
integer's digits, nesting) is not here.

Usage: growth.py BIN_DIR [FILTER]
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "e2e"))
from harness import ENVIRONMENT, case, check, main

MOST_PER_DOUBLING = 2.6
LEAST_SECONDS = 0.03   # of the largest; below, noise would decide
TRIES = 2
SMALLEST, LARGEST = 500, 16_000

HEAD = "wfc: 1\n"
FLOW = HEAD + "workflows: {x: {stages: {a: {transform: 1}}}}\n"


def rows(count, row, between="\n"):
    return between.join(row(index) for index in range(count))


def flow(stages, before=""):
    return f"{HEAD}{before}workflows:\n  x:\n{stages}"


def stages(count, row):
    return flow("    stages:\n" + rows(count, lambda i: "      " + row(i)) + "\n")


def one_stage(text, keys="", before=""):
    return flow(f"{keys}    stages:\n      a: {text}\n", before)


def schema(text):
    return f"{HEAD}schemas:\n  s: {text}\nworkflows: {{x: {{input: {{fields: {{v: s}}}}, output: \"${{input.v}}\", returns: s, stages: {{}}}}}}\n"


def expression(text):
    return one_stage("{transform: \"${" + text + "}\"}", "    input: {fields: {n: integer, s: string, o: {fields: {f: integer}, optional: [f]}}}\n")


def words(count):
    return rows(count, lambda i: f"v{i}", ", ")


SECURITY = "security: {allow: {exec: [echo], llm: [\"*\"], fs.read: [\"**\"], fs.write: [\"out/**\"]}}\n"
ENUM_INPUT = "    input: {fields: {k: {enum: [%s]}}}\n"
UNCLEAR_INPUT = "    input: {fields: {v: {type: array, contains: {type: array, items: {type: string, format: date, pattern: \"^0004-02\"}, minItems: 2}, maxContains: 2}}}\n"
RECORD_INPUT = "    input: {fields: {l: {list: {fields: {" + rows(100, lambda i: f"k{i}: string", ", ") + "}}, max: 20}}}\n"
TEXT_INPUT = "    input: {fields: {k: string}}\n"

# Name of the list -> the manifest with n entries, or (manifest, files).
LISTS = {
    "workflows": lambda n: HEAD + "main: w0\nworkflows:\n" + rows(n, lambda i: f"  w{i}: {{stages: {{a: {{transform: 1}}}}}}") + "\n",
    "workflow files": lambda n: (HEAD + "main: w0\n", {f"workflows/w{i}.yaml": f"workflow: w{i}\nstages: {{a: {{transform: 1}}}}\n" for i in range(n)}),
    "agent files": lambda n: (FLOW, {f"agents/a{i}.yaml": f"agents: {{a{i}: {{system: x}}}}\n" for i in range(n)}),
    "schema files": lambda n: (FLOW, {f"schemas/s{i}.json": '{"type": "string"}' for i in range(n)}),
    "prompt files": lambda n: (HEAD + "agents:\n" + rows(n, lambda i: f"  a{i}: {{system: x, prompt: p/{i}.md}}") + "\nworkflows: {x: {stages: {a: {transform: 1}}}}\n",
                               {f"p/{i}.md": "do it" for i in range(n)}),
    "specifications": lambda n: (FLOW + "specs: {files: [\"specs/*.md\"]}\n", {f"specs/s{i}.md": "---\nid: s%d\nlast_review: 2999-01-01\n---\n" % i for i in range(n)}),
    "stages": lambda n: stages(n, lambda i: f"s{i}: {{transform: {i}}}"),
    "steps": lambda n: flow("    steps:\n" + rows(n, lambda i: f"      - {{id: s{i}, transform: {i}}}") + "\n"),
    "stages in a chain": lambda n: stages(n, lambda i: f"s{i}: {{transform: \"${{stages.s{i - 1}.output}}\"}}" if i else "s0: {transform: 1}"),
    "stages in a chain with conditions": lambda n: stages(n, lambda i: f"s{i}: {{transform: \"${{stages.s{i - 1}.output}}\", if: run.seed > {i}}}" if i else "s0: {transform: 1}"),
    "asserts in a chain": lambda n: flow("    input: {fields: {o: string}, optional: [o]}\n    steps:\n" + rows(n, lambda i: f"      - {{id: s{i}, assert: has(input.o) || run.seed > {i}}}") + "\n"),
    "readers of one stage": lambda n: stages(n, lambda i: f"s{i}: {{transform: \"${{stages.s0.output}}\"}}" if i else "s0: {transform: 1}"),
    "reads of one stage": lambda n: stages(n, lambda i: f"s{i}: {{transform: 1}}").replace("s0: {transform: 1}", "s0: {transform: [" + rows(n - 1, lambda i: f"\"${{stages.s{i + 1}.output}}\"", ", ") + "]}"),
    "after": lambda n: stages(n, lambda i: f"s{i}: {{transform: {i}}}") + "      z: {transform: 1, after: [" + rows(n, lambda i: f"s{i}", ", ") + "]}\n",
    "agents": lambda n: HEAD + "agents:\n" + rows(n, lambda i: f"  a{i}: {{system: x, prompt: y}}") + "\nworkflows: {x: {stages: {a: {transform: 1}}}}\n",
    "agents in use": lambda n: HEAD + SECURITY + "agents:\n" + rows(n, lambda i: f"  a{i}: {{system: x, prompt: y}}") + "\nworkflows: {x: {stages: {" + rows(n, lambda i: f"s{i}: {{agent: a{i}, timeout: 1s}}", ", ") + "}}}\n",
    "tools": lambda n: HEAD + SECURITY + "tools:\n" + rows(n, lambda i: f"  t{i}: {{command: [echo], effect: read, timeout: 1s}}") + "\nworkflows: {x: {stages: {" + rows(n, lambda i: f"s{i}: {{tool: t{i}}}", ", ") + "}}}\n",
    "model groups": lambda n: HEAD + "models:\n  default: m0\n" + rows(n, lambda i: f"  m{i}: [{{provider: scripted}}]") + "\nworkflows: {x: {stages: {a: {transform: 1}}}}\n",
    "model members": lambda n: HEAD + "models: {default: [" + rows(n, lambda i: "{provider: scripted}", ", ") + "]}\nagents: {a: {system: x}}\nworkflows: {x: {stages: {a: {agent: a, timeout: 1s}}}}\n",
    "schemas": lambda n: HEAD + "schemas:\n" + rows(n, lambda i: f"  s{i}: {{type: string, maxLength: {i}}}") + "\nworkflows: {x: {stages: {a: {transform: 1}}}}\n",
    "schemas that refer on": lambda n: HEAD + "schemas:\n" + rows(n, lambda i: f"  s{i}: {{fields: {{f: s{i + 1}}}}}") + f"\n  s{n}: string\nworkflows: {{x: {{input: {{fields: {{v: s0}}}}, stages: {{a: {{transform: \"${{input.v}}\", returns: s0}}}}}}}}\n",
    "vars": lambda n: HEAD + "vars:\n" + rows(n, lambda i: f"  v{i}: {i}") + "\nworkflows: {x: {stages: {a: {transform: \"${vars.v0}\"}}}}\n",
    "secrets": lambda n: HEAD + "secrets:\n" + rows(n, lambda i: f"  S{i}: {{env: S{i}}}") + "\nworkflows: {x: {stages: {a: {transform: 1}}}}\n",
    "extensions": lambda n: FLOW + rows(n, lambda i: f"x-{i}: 1") + "\n",
    "anchors": lambda n: FLOW + "x-a: [" + rows(n, lambda i: f"&a{i} 1, *a{i}", ", ") + "]\n",
    "unknown keys": lambda n: FLOW.replace("{transform: 1}", "{transform: 1, " + rows(n, lambda i: f"k{i}: 1", ", ") + "}"),
    "routes to one id": lambda n: flow(TEXT_INPUT + "    stages:\n      a: {transform: 1}\n      d: {decide: input.k, routes: {" + rows(n, lambda i: f"v{i}: a", ", ") + "}, default: []}\n"),
    "routes to ids": lambda n: flow(TEXT_INPUT + "    stages:\n      d: {decide: input.k, routes: {" + rows(n, lambda i: f"v{i}: s{i}", ", ") + "}, default: []}\n" + rows(n, lambda i: f"      s{i}: {{transform: 1}}") + "\n"),
    "routes to bodies": lambda n: flow(TEXT_INPUT + "    stages:\n      d: {decide: input.k, routes: {" + rows(n, lambda i: f"v{i}: {{transform: {i}}}", ", ") + "}, default: {transform: 0}}\n"),
    "routes over an enum": lambda n: flow(ENUM_INPUT % words(n + 1) + "    stages:\n      d: {decide: input.k, routes: {" + rows(n, lambda i: f"v{i}: {{transform: {i}}}", ", ") + "}}\n"),
    "ids of one route": lambda n: flow(TEXT_INPUT + "    stages:\n      d: {decide: input.k, routes: {a: [" + rows(n, lambda i: f"s{i}", ", ") + "]}, default: []}\n" + rows(n, lambda i: f"      s{i}: {{transform: 1}}") + "\n"),
    "cases": lambda n: flow("    input: {fields: {n: integer}}\n    stages:\n      d: {decide: [" + rows(n, lambda i: f"{{when: input.n == {i}, goto: {{transform: {i}}}}}", ", ") + ", {goto: []}]}\n"),
    "cases of many conditions": lambda n: flow("    input: {fields: {n: integer, s: string, b: boolean, o: {fields: {f: integer, g: integer}, optional: [g]}}}\n    stages:\n      d: {decide: [" + rows(n, lambda i: "{when: '" + (f"input.n == {i}", f'input.s == \"x{i}\"', f"input.n > {i} && input.b", f"input.o.f != {i}", f"has(input.o.g) && input.o.g == {i}")[i % 5] + f"', goto: {{transform: {i}}}}}", ", ") + ", {goto: []}]}\n"),
    "cases over an enum": lambda n: flow(ENUM_INPUT % words(n + 1) + "    stages:\n      d: {decide: [" + rows(n, lambda i: f"{{when: 'input.k == \"v{i}\"', goto: {{transform: \"${{input.k}}\"}}}}", ", ") + ", {goto: []}]}\n"),
    "decides": lambda n: flow("    input: {fields: {k: {enum: [a, b]}}}\n    stages:\n" + rows(n, lambda i: f"      d{i}: {{decide: input.k, routes: {{a: {{transform: 1}}, b: []}}}}") + "\n"),
    "fallbacks": lambda n: stages(n, lambda i: f"s{i}: {{run: [echo], effect: read, timeout: 1s, on_error: {{fallback: {{transform: 1}}}}}}") + SECURITY,
    "stages of a body": lambda n: one_stage("{decide: \"run.seed > 1\", routes: {true: {stages: {" + rows(n, lambda i: f"s{i}: {{transform: 1}}", ", ") + "}, output: \"${stages.s0.output}\"}, false: []}}"),
    "words of a command": lambda n: one_stage("{run: [echo, " + words(n) + "], effect: read, timeout: 1s}", before=SECURITY),
    "arguments": lambda n: one_stage("{tool: echo, with: {" + rows(n, lambda i: f"k{i}: 1", ", ") + "}}"),
    "environment": lambda n: one_stage("{run: [echo], effect: read, timeout: 1s, env: {" + rows(n, lambda i: f"K{i}: x", ", ") + "}}", before=SECURITY),
    "exit codes": lambda n: one_stage("{run: [echo], effect: read, timeout: 1s, ok_exit: [" + rows(n, lambda i: str(i % 256), ", ") + "]}", before=SECURITY),
    "paths read": lambda n: one_stage("{run: [echo], effect: read, timeout: 1s, reads: [" + rows(n, lambda i: f"d{i}/**", ", ") + "]}", before=SECURITY),
    "paths written": lambda n: one_stage("{run: [echo], effect: write, timeout: 1s, writes: [" + rows(n, lambda i: f"out/d{i}/**", ", ") + "]}", before=SECURITY),
    "allowed programs": lambda n: FLOW + "security: {allow: {exec: [" + words(n) + "]}}\n",
    "allowed and needed programs": lambda n: stages(n, lambda i: f"s{i}: {{run: [v{i}], effect: read, timeout: 1s}}") + "security: {allow: {exec: [" + words(n) + "]}}\n",
    "allowed paths": lambda n: FLOW + "security: {allow: {fs.write: [" + rows(n, lambda i: f"d{i}/**", ", ") + "]}}\n",
    "denied paths": lambda n: one_stage("{tool: fs.read, with: {path: a}}", before="security: {allow: {fs.read: [\"**\"]}, deny: {fs.read: [" + rows(n, lambda i: f"d{i}/**", ", ") + "]}}\n"),
    "grants": lambda n: HEAD + "security:\n  allow: {exec: [echo]}\n  grants:\n" + rows(n, lambda i: f"    - {{to: \"stage:x.s{i}\", deny: {{exec: [ls]}}}}") + "\nworkflows: {x: {stages: {" + rows(n, lambda i: f"s{i}: {{run: [echo], effect: read, timeout: 1s}}", ", ") + "}}}\n",
    "fixture entries": lambda n: (HEAD + SECURITY + "models: {default: [{provider: scripted, fixture: f.yaml}]}\nagents: {a: {system: x}}\nworkflows: {x: {stages: {a: {agent: a, timeout: 1s}}}}\n", {"f.yaml": "a: [" + words(n) + "]\n"}),
    "fixture stages": lambda n: (HEAD + SECURITY + "models: {default: [{provider: scripted, fixture: f.yaml}]}\nagents: {a: {system: x}}\nworkflows: {x: {stages: {" + rows(n, lambda i: f"s{i}: {{agent: a, timeout: 1s}}", ", ") + "}}}\n", {"f.yaml": rows(n, lambda i: f"s{i}: [ok]") + "\n"}),
    "enum": lambda n: schema("{enum: [" + words(n) + "]}"),
    "properties": lambda n: schema("{type: object, properties: {" + rows(n, lambda i: f"p{i}: {{type: string}}", ", ") + "}}"),
    "fields": lambda n: schema("{fields: {" + rows(n, lambda i: f"p{i}: string", ", ") + "}}"),
    "pattern properties": lambda n: schema("{type: object, patternProperties: {" + rows(n, lambda i: f"\"^p{i}$\": {{type: string}}", ", ") + "}}"),
    "tuple": lambda n: schema("{type: array, prefixItems: [" + rows(n, lambda i: "{type: string}", ", ") + "]}"),
    "anyOf of constants": lambda n: schema("{anyOf: [" + rows(n, lambda i: f"{{const: v{i}}}", ", ") + "]}"),
    "anyOf of objects": lambda n: schema("{anyOf: [" + rows(n, lambda i: f"{{fields: {{kind: {{const: v{i}}}}}}}", ", ") + "]}"),
    "allOf": lambda n: schema("{allOf: [" + rows(n, lambda i: f"{{type: string, minLength: {i % 10}}}", ", ") + "]}"),
    "oneOf": lambda n: schema("{oneOf: [" + rows(n, lambda i: f"{{const: v{i}}}", ", ") + "]}"),
    "definitions": lambda n: schema("{$defs: {" + rows(n, lambda i: f"d{i}: {{type: string}}", ", ") + "}, type: string}"),
    "terms of and": lambda n: expression(rows(min(n, 20_000), lambda i: f"input.n > {i}", " && ")),
    "items of a list literal": lambda n: expression("[" + rows(n, str, ", ") + "]"),
    "entries of a map literal": lambda n: expression("{" + rows(n, lambda i: f"'k{i}': {i}", ", ") + "}"),
    "arguments of coalesce": lambda n: expression("coalesce(" + rows(n, lambda i: "input.o.f", ", ") + ", 1)"),
    "items of in": lambda n: expression("input.s in [" + rows(n, lambda i: f"'v{i}'", ", ") + "]"),
    "pieces of a text": lambda n: one_stage("{transform: \"" + rows(n, lambda i: "a ${input.s}", " ") + "\"}", "    input: {fields: {s: string}}\n"),
    "entries of a tree": lambda n: one_stage("{transform: {" + rows(n, lambda i: f"k{i}: \"${{input.s}}\"", ", ") + "}}", "    input: {fields: {s: string}}\n"),
    "lines of a comment": lambda n: FLOW + rows(n, lambda i: f"# {i}") + "\n",
    "suppressions": lambda n: stages(n, lambda i: f"s{i}: {{run: [echo], effect: read}} # wfc: ignore[R001] it ends"),
    "findings": lambda n: stages(n, lambda i: f"s{i}: {{run: [echo], effect: read, joyn: all}}"),
    "undefined names": lambda n: stages(n, lambda i: f"s{i}: {{transform: \"${{stages.t{i}.output}}\"}}"),
    "duplicate keys": lambda n: stages(n, lambda i: "s: {transform: 1}"),
    "flows without a witness": lambda n: "formats: assert\n" + flow(UNCLEAR_INPUT + "    stages:\n" + rows(n, lambda i: f"      s{i}: {{transform: \"${{input.v}}\", returns: {{const: {i}}}}}") + "\n"),
    "patterns that are too large": lambda n: schema("{anyOf: [" + rows(n, lambda i: f"{{type: string, pattern: \"{i}\\\\p{{L}}{{500}}\"}}", ", ") + "]}"),
    "lists that are compared": lambda n: flow(RECORD_INPUT + "    stages:\n" + rows(n, lambda i: f"      s{i}: {{transform: \"${{input.l.filter(x, x in input.l) == input.l.distinct() && size(input.l) > {i % 20}}}\"}}") + "\n"),
    "values that differ": lambda n: stages(n, lambda i: f"s{i}: {{transform: v{i}, returns: {{const: v{i}}}}}"),
}


def processor_seconds(bench, folder):
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen([bench.tool("wfc"), "check", folder], stdin=subprocess.DEVNULL, stdout=nothing, stderr=nothing, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    check(process.returncode in (0, 1), f"wfc check ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def project_of(bench, make, count):
    made = make(count)
    manifest, files = made if isinstance(made, tuple) else (made, {})
    return bench.project(manifest, files).folder


def least_seconds(bench, folder):
    return min(processor_seconds(bench, folder) for _ in range(TRIES))


def holds(bench, make):
    start = least_seconds(bench, project_of(bench, lambda _: FLOW, 0))
    count = SMALLEST
    while True:
        folders = [project_of(bench, make, count * times) for times in (1, 2, 4)]
        largest = processor_seconds(bench, folders[2]) - start
        if largest >= LEAST_SECONDS or count * 8 > LARGEST:
            break
        count *= 2
    if largest < LEAST_SECONDS:
        return
    for attempt in range(TRIES):
        seconds = [max(least_seconds(bench, folder) - start, 0.001) for folder in folders]
        ratio = (seconds[2] / seconds[0]) ** 0.5
        if ratio <= MOST_PER_DOUBLING:
            return
    check(False, f"{ratio:.2f} times as long a doubling: " + ", ".join(f"{count * times}: {1000 * each:.0f} ms" for times, each in zip((1, 2, 4), seconds)))


def add_case(name, make):
    def growth(bench):
        holds(bench, make)
    growth.__name__ = name.replace(" ", "_")
    case(growth)


for list_name, list_make in LISTS.items():
    add_case(list_name, list_make)

if __name__ == "__main__":
    main()
