#!/usr/bin/env python3
"""Hostile projects, plans, inputs and answers: the tool ends by itself, in bounded time and memory, with findings or a failure.

Usage: hostile_test.py BIN_DIR [FILTER]
"""
import json
import os

from harness import FAILED, NOTHING, USAGE, case, check, contains, equal, main


HOSTILE_BYTES = 2 << 30
HOSTILE_SECONDS = 20


def bounded(bench, project, program, *arguments):
    """Runs with bounds on address space and processor time."""
    limits = f'ulimit -v {HOSTILE_BYTES // 1024}; ulimit -t {HOSTILE_SECONDS}; exec "$@"'
    return project.run_command(["sh", "-c", limits, "sh", bench.tool(program), *arguments])


def survives(bench, project, verb="check"):
    """Ends by itself within the bounds, without a trace."""
    done = bounded(bench, project, "wfc", verb, ".")
    check(0 <= done.code < 128 and done.code != 3, done.code, done.err[-2000:], done.out[-2000:])
    check("Sanitizer" not in done.err and "terminate called" not in done.err, done.err[-2000:])
    return done


FINE = "wfc: 1\nworkflows: {main: {stages: {a: {transform: x}}}}\n"


@case
def a_small_project_needs_little_memory(bench):
    """Whichever way the little is measured out: addresses, or data."""
    project = bench.project(FINE)
    for limit in ("ulimit -v 100000", "ulimit -d 50000"):
        done = project.run_command(["sh", "-c", f'{limit}; exec "$@"', "sh", bench.tool("wfc"), "check", "."])
        equal(done.code, 0, limit, done.err)


@case
def megabyte_of_brackets(bench):
    for character in ("[", "{", "- ", "? ", "[{", '"', "!", "&a ", "*a "):
        text = "x-a: " + character * ((1 << 20) // len(character))
        equal(survives(bench, bench.project(FINE, {"agents.yaml": text})).code, FAILED, character)
        equal(survives(bench, bench.project("wfc: 1\n" + text)).code, FAILED, character)
    equal(survives(bench, bench.project(FINE, {"schemas/s.json": "[" * (1 << 20)})).code, FAILED)


FLOOD = """wfc: 1
workflows: {{x: {{output: done, stages: {{a: {{run: ["yes"], effect: read, timeout: 3s, limits: {{stdout: {0}}}}}}}}}}}
security: {{allow: {{exec: ["yes"]}}}}
"""


@case
def output_without_end(bench):
    """What a command may print is bounded, whatever its manifest asks for."""
    for size in ("100GB", "1GiB", "65537KiB", "9223372036854775807"):
        refused = survives(bench, bench.project(FLOOD.format(size)), "run")
        equal(refused.code, FAILED, size)
        contains(refused.out + refused.err, f"`{size}` is not a size of at most 64MiB")
    ended = survives(bench, bench.project(FLOOD.format("64MiB")), "run")
    equal(ended.code, FAILED)
    contains(ended.err, "`yes` printed more than 67108864 bytes; no limit is larger")


@case
def schema_nested_20_000_deep(bench):
    depth = 20_000
    text = '{"type": "array", "items": ' * depth + "true" + "}" * depth
    equal(survives(bench, bench.project(FINE, {"schemas/deep.json": text})).code, FAILED)
    equal(survives(bench, bench.project(FINE, {"schemas/deep.yaml": text})).code, FAILED)


# Each level says two things of the one below: what is asked of a value doubles with each.
DOUBLING = (
    "{anyOf: [{$ref: %s}, {type: array, items: {$ref: %s}}], not: {$ref: %s}}",
    "{oneOf: [{$ref: %s}, {type: array, items: {$ref: %s}}, {type: object, additionalProperties: {$ref: %s}}]}",
    "{allOf: [{anyOf: [{$ref: %s}, {type: array}]}, {anyOf: [{$ref: %s}, {type: object}]}], not: {$ref: %s}}",
    "{if: {$ref: %s}, then: {type: array, contains: {$ref: %s}}, else: {$ref: %s}}",
    "{type: object, properties: {a: {$ref: %s}, b: {$ref: %s}}, not: {properties: {a: {$ref: %s}}}}",
)


@case
def schemas_that_double_at_each_level(bench):
    for form in DOUBLING:
        levels = [f"  s{i}: " + form.replace("%s", f"s{i + 1}") for i in range(40)]
        text = "\n".join(["wfc: 1", "schemas:", *levels, "  s40: {type: string}", "workflows:", "  x:", "    input: {fields: {k: s0}}", "    output: 1",
                          "    stages:", "      a: {transform: '${input.k}', returns: s1}", ""])
        survives(bench, bench.project(text))


@case
def expression_nested_20_000_deep(bench):
    for text in ("(" * 20_000 + "1" + ")" * 20_000, "!" * 20_000 + "true", "[" * 20_000 + "]" * 20_000, "1" + " + 1" * 50_000, "-" * 20_001 + "1"):
        survives(bench, bench.flow(f"a: {{transform: '${{{text}}}'}}"))


@case
def values_of_thousands_of_computed_parts(bench):
    """What check lets pass is a plan that runs."""
    count = 5000
    parts = {"t": '"' + "${input.x}" * count + '"', "l": "[" + ", ".join(['"${input.x}"'] * count) + "]",
             "m": "{" + ", ".join(f'k{i}: "${{input.x}}"' for i in range(count)) + "}"}
    stages = "\n".join(f"{name}: {{transform: {value}}}" for name, value in parts.items())
    flow = bench.flow(stages, output='["${size(stages.t.output)}", "${size(stages.l.output)}", "${size(stages.m.output)}"]',
                      keys="input: {fields: {x: string}}")
    equal(json.loads(flow.run("-i", "x=abc").out), [3 * count, count, count])


@case
def a_search_that_would_not_end(bench):
    """In an expression and in a schema: the budget ends it, not the clock."""
    pattern = "(.*)(.*)(.*)(.*)(.*)[a-f]{900}z"
    text = "a" * 3_000_000
    flow = bench.flow('a: {transform: "${matches(input.s, \'' + pattern + '\')}"}', output="${stages.a.output}", keys="input: {fields: {s: string}}",
                      files={"in.json": json.dumps({"s": text})})
    done = bounded(bench, flow, "wfc", "run", "--input", "in.json")
    equal(done.code, FAILED, done.err)
    contains(done.err, "the evaluation exceeds its budget")
    flow = bench.flow("a: {transform: x}", keys="input: {fields: {s: {type: string, pattern: '" + pattern + "'}}}",
                      files={"in.json": json.dumps({"s": text})})
    done = bounded(bench, flow, "wfc", "run", "--input", "in.json")
    equal(done.code, USAGE, done.err)
    contains(done.err, "too large to be checked")


@case
def alias_bomb(bench):
    lines = ["x-0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"x-{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 12)]
    project = bench.project(FINE + "\n".join(lines) + "\nvars: {v: *a11}\n")
    done = survives(bench, project)
    equal(done.code, FAILED)
    contains(done.out, "Y006")


@case
def ten_thousand_stages(bench):
    stages = "\n".join(f"s{i}: {{transform: '${{stages.s{i - 1}.output + 1}}'}}" if i else "s0: {transform: 0}" for i in range(10_000))
    project = bench.flow(stages, output="${stages.s9999.output}")
    done = survives(bench, project)
    equal((done.code, done.out.count("error[")), (0, 0), done.out[-2000:])
    run = project.run().completed()
    equal(run.out, "9999\n")


@case
def ten_thousand_broken_stages(bench):
    stages = "\n".join(f"s{i}: {{transform: '${{stages.t{i}.output}}', nonsense: 1}}" for i in range(10_000))
    equal(survives(bench, bench.flow(stages)).code, FAILED)


@case
def decides_of_thousands_of_cases(bench):
    def cases(conditions):
        routes = [f'{{when: "{each}", goto: []}}' for each in conditions]
        return bench.project("wfc: 1\nworkflow: w\ninput: {fields: {n: integer, s: string}}\nstages:\n  d:\n    decide: [" + ", ".join(routes) + ", {goto: []}]\n")

    def words(case):
        return ", ".join(f"'{(case * 7919 + i * 104729) % 100_003}'" for i in range(400))

    for conditions in (
        [f"input.n == {i}" for i in range(2000)],
        [f"input.n < {i}" for i in range(2000)],
        [f"input.n > {i} && input.s == 'a{i % 7}'" for i in range(1000)],
        [f"input.s in [{words(i)}]" for i in range(400)],
    ):
        equal(survives(bench, cases(conditions)).code, 0, conditions[0])


@case
def enums_of_tens_of_thousands(bench):
    values = [f"v{i}" for i in range(30_000)]
    flow = """
input: {fields: {k: {enum: [%s]}}}
agents: {e: {kind: echo, input: {fields: {k: {enum: [%s]}}}}}
stages:
  d: {decide: input.k, routes: {v1: [], v2: []}, default: []}
  i: {if: input.k == "v3", transform: 1}
  e: {agent: e, with: {k: "${input.k}"}}
output: "${stages.e.output}"
"""
    project = bench.project("wfc: 1\nworkflow: w" + flow % (", ".join(values), ", ".join(reversed(values))))
    equal(survives(bench, project).code, 0)


@case
def alternatives_that_refer_to_the_same_ones(bench):
    levels = 60
    arms = {f"{side}{i}": {"anyOf": [{"$ref": f"#/$defs/a{i + 1}"}, {"$ref": f"#/$defs/b{i + 1}"}]} for i in range(levels) for side in "ab"}
    arms |= {f"{side}{levels}": {"enum": [side]} for side in "ab"}
    schema = json.dumps({"$ref": "#/$defs/a0", "$defs": arms})
    project = bench.project("wfc: 1\nworkflow: w\ninput: {fields: {k: {$ref: deep}}}\nstages:\n  d: {decide: input.k, routes: {a: [], b: []}, default: []}\n", {"schemas/deep.json": schema})
    survives(bench, project)


@case
def names_and_texts_of_a_megabyte(bench):
    long = "a" * (1 << 20)
    equal(survives(bench, bench.flow(f"{long}: {{transform: x}}")).code in (0, FAILED), True)
    equal(survives(bench, bench.flow(f"a: {{transform: '${{stages.{long}.output}}'}}")).code, FAILED)
    equal(survives(bench, bench.flow(f"a: {{transform: '{long}'}}")).code, 0)


@case
def bytes_that_are_not_text(bench):
    for content in (os.urandom(5000), b"\xff\xfe" + "wfc: 1\n".encode("utf-16-le"), b"wfc: 1\0\n", b"wfc: \xc3\x28\n", b"wfc: 1\r\rname: x\r", b","):
        folder = bench.new_folder()
        with open(os.path.join(folder, "wfc.yaml"), "wb") as file:
            file.write(content)
        done = bench.wfc("check", folder)
        check(done.code in (FAILED, NOTHING), content[:20], done)
        done.says(done.code)


@case
def hostile_answers_at_run_time(bench):
    """What a command prints is as little trusted as a manifest."""
    deep = "import sys; sys.stdout.write('[' * 400000)"
    run = bench.flow("a: {run: [python3, deep.py], parse: json, effect: read}", files={"deep.py": deep}).run().failed("a", "schema")
    check(len(run.err) < 10_000, "a short message")
    wide = "print('[' + ','.join(['1'] * 400000) + ']')"
    equal(bench.flow("a: {run: [python3, wide.py], parse: json, effect: read}", output="${size(stages.a.output)}", files={"wide.py": wide}).run().completed().out,
          "400000\n")


@case
def expression_that_would_not_end_meets_its_budget(bench):
    """Ten nested passes over a list of a hundred: 1e20 steps."""
    inner = "l"
    for depth in range(10):
        inner = f"input.l.all(x{depth}, {inner})" if depth else f"input.l.all(x{depth}, true)"
    flow = bench.flow(f'a: {{transform: "${{{inner}}}"}}', keys="input: {fields: {l: {list: integer}}}", output="${stages.a.output}")
    run = flow.run("-i", "l=" + json.dumps(list(range(100)))).failed("a", "expression")
    contains(run.error("a")["message"], "budget")


@case
def values_that_double_meet_a_budget(bench):
    """Forty stages, each twice the one before: 10 TB of text, or a list of 2^40 items, printed at the end."""
    for first, again in (("'0123456789'", '"${stages.s%d.output + stages.s%d.output}"'), ("[1]", '["${stages.s%d.output}", "${stages.s%d.output}"]')):
        stages = [f"s0: {{transform: {first}}}"] + [f"s{i}: {{transform: {again % (i - 1, i - 1)}}}" for i in range(1, 41)]
        project = bench.flow("\n".join(stages), output="${stages.s40.output}")
        equal(survives(bench, project, "run").code, FAILED)


@case
def plans_that_never_end_are_refused(bench):
    project = bench.flow("a: {transform: x}")
    with open(project.path("sparse"), "wb") as file:
        file.truncate(10 << 30)
    plan = project.compile()
    with open(plan, "rb") as file, open(project.path("longer"), "wb") as longer:
        longer.write(file.read())
        longer.truncate(10 << 30)
    for name in ("sparse", "longer", "/dev/zero", "/dev/urandom"):
        for verb in ("run", "inspect"):
            bounded(bench, project, "wfc", verb, name).says_once(USAGE, name)


@case
def inputs_that_never_end_are_refused(bench):
    project = bench.flow("a: {transform: x}", keys="input: {fields: {t: string}}")
    for arguments in (["-i", "t=@/dev/zero"], ["--input", "/dev/zero"]):
        bounded(bench, project, "wfc", "run", ".", *arguments).says_once(USAGE, "/dev/zero")
    # What is read from a schema's file, a prompt or a fixture is a regular file.
    for key in ("prompt: zero.md", "system: zero.md"):
        project = bench.flow("a: {agent: a, timeout: 9s}", head=f"agents: {{a: {{{key}}}}}")
        os.symlink("/dev/zero", project.path("zero.md"))
        contains(bounded(bench, project, "wfc", "check", ".").out, "zero.md")
    project = bench.flow("a: {agent: a, timeout: 9s}", head="agents: {a: {prompt: hi}}\nmodels: {default: [{provider: scripted, fixture: zero.yaml}]}")
    os.symlink("/dev/zero", project.path("zero.yaml"))
    contains(bounded(bench, project, "wfc", "check", ".").out, "zero.yaml")


@case
def patterns_that_explode_are_refused_or_bounded(bench):
    for pattern in ("(((a{100}){100}){100}){100}", "(a*)*" * 2000, "(" * 20_000 + ")" * 20_000, "[" * 10_000):
        project = bench.flow("a: {transform: x}", keys=f"input: {{fields: {{t: {{type: string, pattern: {json.dumps(pattern)}, default: ''}}}}}}")
        survives(bench, project)
    flow = bench.flow('a: {transform: "${input.t.matches(input.p)}"}', keys="input: {fields: {t: string, p: string}}", output="${stages.a.output}")
    flow.write("t.txt", "a" * 100_000)
    for pattern in ("(a*)*b", "((a{50}){50}){50}", "(a|aa)+$"):
        run = flow.run("-i", "t=@t.txt", "-i", "p=" + pattern)
        check(run.code in (0, FAILED), run)


@case
def folder_of_many_files_is_bounded(bench):
    project = bench.flow("a: {tool: fs.list, with: {max_files: 10}}\nb: {tool: text.search, with: {pattern: x, max_matches: 1}}",
                         output="${size(stages.a.output.files)} ${size(stages.b.output.matches)}")
    for number in range(3000):
        open(project.path(f"f{number}"), "wb").close()
    with open(project.path("binary"), "wb") as file:
        file.truncate(3 << 30)  # one line of NULs
    equal(bounded(bench, project, "wfc", "run", ".").out, "10 1\n")


if __name__ == "__main__":
    main()
