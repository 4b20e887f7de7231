#!/usr/bin/env python3
"""A condition and its opposite, in every form and place: the checks must know that they are one claim, and which way it points.

For each condition there are forms that hold where it does, and forms that hold where it does not; each can stand as an `if`, as a
case or as the subject of a decide that leads to ids or bodies. Two stages of which one runs where the condition holds and the
other where it does not always leave one output behind; two that run alike leave none where it does not hold, and one that needs
both sides never runs.

Usage: opposites_test.py BIN_DIR [FILTER]
"""
import itertools
import json
import random

from harness import case, check, main

INPUT = """input: {fields: {s: string, t: string, n: integer, m: integer, x: number, y: number, l: {list: string, max: 4}, b: boolean, k: {enum: [a, b, c]}}, optional: [s]}"""
# Of each: how it is written, and a word for its negation where it has one of its own.
CONDITIONS = {
    "has": ("has(input.s)", None),
    "in": ("input.t in input.l", None),
    "exists": ("input.l.exists(i, i == input.t)", None),
    "all": ("input.l.all(i, size(i) > 1)", None),
    "matches": ("input.t.matches('^a+$')", None),
    "function": ("input.t.startsWith('a')", None),
    "size": ("size(input.l) > 2", "size(input.l) <= 2"),
    "mirrored": ("3 < input.n", "input.n <= 3"),
    "equal": ("input.k == 'a'", "input.k != 'a'"),
    "among": ("input.k in ['a', 'b']", "input.k == 'c'"),
    "sides": ("input.n < input.m", "input.m <= input.n"),
    "numbers": ("input.x >= input.y", "input.y > input.x"),
    "texts": ("input.t == input.k", "input.k != input.t"),
    "boolean": ("input.b", None),
    "both": ("has(input.s) && input.n > 3", "!has(input.s) || input.n <= 3"),
    "chosen": ("(input.b ? input.n > 3 : has(input.s))", "(input.b ? input.n <= 3 : !has(input.s))"),
}
ALIKE = ["{0}", "!!({0})", "({0}) == true", "({0}) != false", "({0}) ? true : false", "(({0}) ? 'yes' : 'no') == 'yes'", "({0}) in [true]"]
OPPOSITE = ["!({0})", "({0}) == false", "({0}) != true", "({0}) ? false : true", "(({0}) ? 'yes' : 'no') != 'yes'"]


def stage_that_runs(name, condition, place):
    """Stages of which `name` has an output where the condition holds, and nowhere else."""
    when = json.dumps(condition)
    return {
        "if": f"{name}: {{if: {when}, transform: 1}}",
        "true": f"{name}_d: {{decide: {when}, routes: {{true: {name}, false: []}}}}\n      {name}: {{transform: 1}}",
        "default": f"{name}_d: {{decide: {when}, routes: {{false: []}}, default: {name}}}\n      {name}: {{transform: 1}}",
        "case": f"{name}_d: {{decide: [{{when: {when}, goto: {name}}}, {{goto: []}}]}}\n      {name}: {{transform: 1}}",
        "body": f"{name}: {{decide: {when}, routes: {{true: {{transform: 1}}, false: []}}}}",
        "words": f"{name}_d: {{decide: {json.dumps(f'({condition}) ? 1 : 2')}, routes: {{1: {name}, 2: []}}}}\n      {name}: {{transform: 1}}",
    }[place]


PLACES = ["if", "true", "default", "case", "body", "words"]


def forms(condition):
    text, negation = condition
    alike = [form.format(text) for form in ALIKE] + ([f"!({negation})"] if negation else [])
    opposite = [form.format(text) for form in OPPOSITE] + ([negation, f"({negation}) == true"] if negation else [])
    return alike, opposite


def drawn(name, count, of_opposites):
    """Pairs of a form and a place."""
    alike, opposite = forms(CONDITIONS[name])
    random.seed(f"{name} {of_opposites}")
    pairs = list(itertools.product(itertools.product(alike, PLACES), itertools.product(opposite if of_opposites else alike, PLACES)))
    return random.sample(pairs, count)


def findings(bench, workflows):
    """Codes by workflow."""
    text = "wfc: 1\nmain: w0\nworkflows:\n"
    begins = []
    for i, (output, stages) in enumerate(workflows):
        begins.append(text.count("\n") + 1)
        body = "\n      ".join(stages)
        text += f"  w{i}:\n    {INPUT}\n    output: {output}\n    stages:\n      {body}\n"
    result = bench.project(text).wfc("check", "--format", "json")
    found = [[] for _ in workflows]
    for finding in result.json["diagnostics"]:
        line = finding["line"]
        found[max(i for i, begin in enumerate(begins) if begin <= line)].append((finding["code"], finding["message"]))
    return found


def expect(bench, workflows, codes):
    for (output, stages), found in zip(workflows, findings(bench, workflows)):
        check([code for code, _ in found] == codes, f"expected {codes}, found {found} in", output, *stages)


@case
def opposites_leave_nothing_over(bench):
    workflows = []
    for name in CONDITIONS:
        for (one, here), (other, there) in drawn(name, 40, True):
            workflows.append(("${coalesce(stages.a.output, stages.z.output)}", [stage_that_runs("a", one, here), stage_that_runs("z", other, there)]))
    expect(bench, workflows, [])


@case
def the_same_twice_leaves_something_over(bench):
    workflows = []
    for name in CONDITIONS:
        for (one, here), (other, there) in drawn(name, 20, False):
            workflows.append(("${coalesce(stages.a.output, stages.z.output)}", [stage_that_runs("a", one, here), stage_that_runs("z", other, there)]))
    expect(bench, workflows, ["T005"])


@case
def what_needs_both_sides_never_runs(bench):
    workflows = []
    for name in CONDITIONS:
        for (one, here), (other, there) in drawn(name, 20, True):
            stages = [stage_that_runs("a", one, here), stage_that_runs("z", other, there), 'both: {transform: "${stages.a.output} ${stages.z.output}"}']
            workflows.append(("${coalesce(stages.both.output, 'none')}", stages))
    expect(bench, workflows, ["J001"])


if __name__ == "__main__":
    main()
