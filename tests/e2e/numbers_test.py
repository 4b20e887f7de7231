#!/usr/bin/env python3
"""Numbers from input to output, against Python's int and Fraction: their digits, their order, and what schemas say of them.

Usage: numbers_test.py BIN_DIR [FILTER]
"""
import fractions
import json
import random

from harness import FAILED, USAGE, case, check, contains, equal, main

EDGES = [0, 1, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 2**64 + 1, 10**19, 10**20, 10**21, 12345678901234567890, 10**40 + 1, 3**200]
CASES = 300


def some_integer(choose):
    edge = choose.choice(EDGES) if choose.random() < 0.6 else choose.randrange(10 ** choose.randrange(1, 60))
    return choose.choice([1, -1]) * max(0, edge + choose.choice([-1, 0, 0, 1]))


def some_number(choose):
    """A JSON text; whole more often than not."""
    if choose.random() < 0.7:
        return str(some_integer(choose))
    whole = choose.choice([0, 1, 7, 2**53, 2**62]) + choose.randrange(3)
    return choose.choice(["", "-"]) + choose.choice([f"{whole}.0", f"{whole}.5", f"{whole}.25", f"{whole}e0", f"{whole}e3"])


def exact(text):
    """What a JSON text stands for: integers as they are, else the nearest double."""
    return float(text) if set(text) & set(".eE") else int(text)


def as_written(text):
    """The decimal that JSON writes for it."""
    number = exact(text)
    is_short = isinstance(number, float) and (abs(number) < 2**53 or abs(number) >= 1e21)
    return fractions.Fraction(repr(number) if is_short else number)


def is_multiple(number, divisor):
    return (as_written(number) / as_written(divisor)).denominator == 1


KEYWORDS = {
    "minimum": lambda value, bound: exact(value) >= exact(bound),
    "maximum": lambda value, bound: exact(value) <= exact(bound),
    "exclusiveMinimum": lambda value, bound: exact(value) > exact(bound),
    "exclusiveMaximum": lambda value, bound: exact(value) < exact(bound),
    "const": lambda value, bound: exact(value) == exact(bound),
    "multipleOf": is_multiple,
}


def some_schema(choose, value):
    """A schema of one keyword, as JSON, and whether the value fits."""
    keyword = choose.choice([*KEYWORDS, "enum", "type"])
    if keyword == "type":
        return '{"type": "integer"}', float(exact(value)).is_integer() if isinstance(exact(value), float) else True
    if keyword == "enum":
        listed = [some_number(choose) for _ in range(2)] + [choose.choice([value, some_number(choose)])]
        return f'{{"enum": [{", ".join(listed)}]}}', exact(value) in [exact(each) for each in listed]
    if keyword == "multipleOf":
        divisor = choose.choice(["2", "3", "0.5", "0.01", "1e3", "7", str(abs(some_integer(choose)) or 1)])
        if choose.random() < 0.5:
            value = str(int(fractions.Fraction(divisor) * 1000) * choose.randrange(1, 10**6))
        return value, f'{{"multipleOf": {divisor}}}', is_multiple(value, divisor)
    bound = choose.choice([value, some_number(choose), str(int(exact(value)) + choose.choice([-1, 0, 1]))])
    return f'{{"{keyword}": {bound}}}', KEYWORDS[keyword](value, bound)


@case
def schemas_judge_numbers_as_python_does(bench):
    choose = random.Random(20200229)
    stages, expected, shown = [], [], []
    for i in range(CASES):
        value = some_number(choose)
        made = some_schema(choose, value)
        if len(made) == 3:
            value, *made = made
        schema, fits = made
        stages.append(f'"s{i}": {{"run": ["echo", "{value}"], "parse": "json", "effect": "read", "timeout": "10s", "returns": {schema}, "on_error": "continue"}}')
        expected.append("succeeded" if fits else "tolerated")
        shown.append(f"{value} against {schema}")
    flow = bench.project('{"wfc": 1, "security": {"allow": {"exec": ["echo"]}}, "workflows": {"main": {"stages": {%s}}}}' % ",\n".join(stages))
    run = flow.run()
    check(run.code in (0, 5), run)
    statuses = run.statuses
    wrong = [f"{text}: {statuses[f's{i}']}" for i, text in enumerate(shown) if statuses[f"s{i}"] != expected[i]]
    equal(wrong, [])


@case
def the_language_compares_numbers_as_python_does(bench):
    choose = random.Random(19991231)
    pairs = [[some_number(choose), some_number(choose)] for _ in range(CASES)]
    pairs += [[value, value] for value, _ in pairs[:30]]
    flow = bench.flow("""
        a:
          transform: '${input.pairs.map(p, [parse_json(p[0]) == parse_json(p[1]), parse_json(p[0]) < parse_json(p[1]), parse_json(p[0]) >= parse_json(p[1]), parse_json(p[0]) in [parse_json(p[1])]])}'
    """, keys="input: {fields: {pairs: {list: {list: string, max: 2}, max: 1000}}}", output="${stages.a.output}")
    run = flow.run("--input", "-", stdin=json.dumps({"pairs": pairs})).completed()
    for (left, right), found in zip(pairs, run.json):
        a, b = exact(left), exact(right)
        equal(found, [a == b, a < b, a >= b, a == b], left, right)


@case
def digits_are_kept_from_input_to_output(bench):
    flow = bench.flow("""
        a: {transform: {n: "${input.n}", text: "<${input.n}>", string: "${string(input.n)}", json: "${json([input.n])}", back: "${parse_json(string(input.n))}", type: "${dyn(type(input.n)) == int}", double: "${double(input.n) > 1.0 || double(input.n) < 1.0}"}}
        b: {run: [echo, "${input.n}"], effect: read, timeout: 10s, parse: json}
    """, keys="input: {fields: {n: integer}}", output="${[stages.a.output, stages.b.output]}")
    for number in [12345678901234567890, -(2**63) - 1, 10**200, 7**300]:
        for run in (flow.run("-i", f"n={number}"), flow.run("--input", "-", stdin=json.dumps({"n": number}))):
            made, printed = run.completed().json
            equal([made, printed], [{"n": number, "text": f"<{number}>", "string": str(number), "json": f"[{number}]", "back": number, "type": True, "double": True}, number])


@case
def arithmetic_beyond_64_bits_is_a_failure_that_names_the_number(bench):
    for expression in ["input.n + 1", "input.n % 2", "-input.n", "int(input.n) + 1", "math.abs(input.n)", "sum([input.n, 1])", "lists.range(input.n)", "input.n * input.n"]:
        flow = bench.flow(f'a: {{transform: "${{{expression}}}"}}', keys="input: {fields: {n: integer}}")
        run = flow.run("-i", "n=12345678901234567890").failed("a", "expression")
        contains(run.err, "12345678901234567890", "64 bits")
        note = flow.wfc("check", ".", "--pedantic")
        if "sum" not in expression:
            equal(note.code, 0, note)
            contains(note.out + note.err, "note[E003]", "`minimum` and `maximum`")


@case
def bounded_integers_need_no_note(bench):
    flow = bench.flow('a: {transform: "${input.n + size(input.t) + 1}"}', keys="input: {fields: {n: {type: integer, minimum: 0, maximum: 10}, t: string}}", output="${stages.a.output}")
    note = flow.wfc("check", ".", "--pedantic")
    check("E003" not in note.out + note.err, note)


@case
def numbers_that_cannot_be_read_are_errors_everywhere(bench):
    flow = bench.flow('a: {transform: "${input.n}"}', keys="input: {fields: {n: number}}", output="${stages.a.output}")
    for number in ["1e400", "-1e400", "1e-400", "0.1e-400", "9" * 5000]:
        equal(flow.run("-i", f"n={number}").code, USAGE, number)
        flow.wfc("run", ".", "--input", "-", stdin=f'{{"n": {number}}}').says(USAGE, "number" if "e" in number else "digits")
        printed = bench.flow(f'a: {{run: [echo, "{number}"], parse: json, effect: read, timeout: 10s}}').run()
        printed.failed("a", "schema")
        schema = bench.project("wfc: 1\nworkflows: {main: {input: {type: object, properties: {v: {$ref: v}}}, stages: {a: {transform: x}}}}\n", {"schemas/v.json": f'{{"const": {number}}}'})
        contains(schema.wfc("check", ".").err + schema.wfc("check", ".").out, "Y007")
        yaml = bench.flow(f"a: {{transform: {number}}}", output="${stages.a.output}")
        contains(yaml.wfc("check", ".").err + yaml.wfc("check", ".").out, "Y007")
    equal(flow.run("-i", "n=5e-324").completed().out, "5e-324\n")
    equal(flow.run("-i", "n=0.1").completed().out, "0.1\n")


@case
def infinity_and_nan_do_not_leave_an_expression(bench):
    for field in ['transform: "${1.0 / input.x}"', 'transform: {a: ["${1.0 / input.x}"]}', 'transform: "x ${-1.0 / input.x}"', 'transform: "${json([0.0 * (1.0 / input.x)])}"', 'run: [echo, "${1.0 / input.x}"]\n  effect: read\n  timeout: 10s']:
        flow = bench.flow(f"a:\n  {field}", keys="input: {fields: {x: number}}")
        run = flow.run("-i", "x=0").failed("a", "expression")
        contains(run.err, "cannot leave an expression")
        flow.run("-i", "x=2").completed()
    flow = bench.flow("""a: {transform: '${1.0 / input.x > 1e300 ? "far" : "near"}'}""", keys="input: {fields: {x: number}}", output="${stages.a.output}")
    equal(flow.run("-i", "x=0").completed().out, "far\n")


@case
def an_infinite_output_is_no_output(bench):
    flow = bench.flow("a: {transform: x}", keys="input: {fields: {x: number}}", output="${1.0 / input.x}")
    run = flow.run("-i", "x=0")
    equal(run.code, FAILED, run)
    contains(run.err, "no_output", "infinite")


if __name__ == "__main__":
    main()
