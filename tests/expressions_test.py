#!/usr/bin/env python3
"""Fails on a member of the IR that holds an expression and that the walk over all expressions (ir/expressions.cpp) does not visit,
and on a field of a plan that holds a program and that the walk over programs (backend-runtime/plan/programs.h) does not visit.

Usage: expressions_test.py [ROOT] [--self-test]; with --self-test also shows that it can fail.
"""
import os
import re
import sys
import tempfile

WALK = "ir/expressions.cpp"
PLAN = "schemas/plan.fbs"
PLAN_WALK = "backend-runtime/plan/programs.h"
HEADERS = ("ir/project.h", "ir/stage.h")
# What holds expressions and is no place of one: an entry of a `with`, which is visited as a whole, and places by other names.
NO_PLACES = {("Project", "rewritten_numbers")}
# Lists are visited through the ranges of those whose they are.
LISTS = {("Project", "expr_lists"): "argv"}

# A field whose name or whose comment says that it is a program; outputs are of regions and of the plan, not of nodes.
PROGRAM = re.compile(r"\b(\w*program|prompt|argv):(?:uint|Range);|^\s*(\w+):uint;\s*// (?:by verb: .*)?programs\b", re.MULTILINE)
OUTPUT = "output"

STRUCT = re.compile(r"^struct (\w+)[^;{]*{(.*?)^};", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"^\s*(?:std::vector<)?ExprId>?\s+(\w+)\s*(?:=[^;]*)?;", re.MULTILINE)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def members(root):
    """All members that hold expressions, as struct and name."""
    for path in HEADERS:
        for struct, body in STRUCT.findall(read(root, path)):
            for member in MEMBER.findall(body):
                yield struct, member


def problems(root):
    walk = read(root, WALK)
    found = []
    for struct, member in members(root):
        if (struct, member) in NO_PLACES:
            continue
        visited = LISTS.get((struct, member), member)
        if not re.search(rf"\b{owner_pattern(struct)}\.{visited}\b", walk):
            found.append(f"{WALK}: `{struct}::{member}` is not visited")
    plan_walk = read(root, PLAN_WALK)
    for field in programs(root):
        if not re.search(rf"\b{field}(?:_of\(\w+\)|\(\))", plan_walk):
            found.append(f"{PLAN_WALK}: `{field}` of a plan is not visited")
    return found


def programs(root):
    """All fields of a plan that hold programs."""
    text = re.sub(r"^table Plan {.*?^}", "", read(root, PLAN), flags=re.MULTILINE | re.DOTALL)
    return sorted({a or b for a, b in PROGRAM.findall(text)} - {OUTPUT})


def owner_pattern(struct):
    """What the walk may call the struct: `stage`, a route of a decide, `call.with`."""
    names = {"Argument": r"(?:argument|variable)", "Route": r"(?:route|routes\[i\])", "Project": "command",
             "AgentCall": "call", "Assert": "assertion"}
    return names.get(struct, struct[0].lower() + struct[1:])


def self_test():
    """Every member is missed where the line that visits it is gone, and a new one where there is none."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    results = []
    with tempfile.TemporaryDirectory() as copy:
        for path in HEADERS + (WALK, PLAN, PLAN_WALK):
            os.makedirs(os.path.join(copy, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(copy, path), "w", encoding="utf-8") as file:
                file.write(read(root, path))
        with open(os.path.join(copy, "ir/stage.h"), "a", encoding="utf-8") as file:
            file.write("\nstruct Loop {\n  ExprId until;  ///< none: never\n};\n")
        results.append(("a new member", any("`Loop::until`" in each for each in problems(copy))))
        walk = read(root, WALK)
        for struct, member in members(root):
            if (struct, member) in NO_PLACES:
                continue
            visited = LISTS.get((struct, member), member)
            with open(os.path.join(copy, WALK), "w", encoding="utf-8") as file:
                file.write(re.sub(rf"\b{owner_pattern(struct)}\.{visited}\b", "nothing", walk))
            results.append((f"{struct}::{member}", any(f"`{struct}::{member}`" in each for each in problems(copy))))
        plan_walk = read(root, PLAN_WALK)
        for field in programs(root):
            with open(os.path.join(copy, PLAN_WALK), "w", encoding="utf-8") as file:
                file.write(re.sub(rf"\b{field}(?=_of\(|\(\))", "nothing", plan_walk))
            results.append((f"{field} of a plan", any(f"`{field}` of a plan" in each for each in problems(copy))))
    return results


def main():
    arguments = [each for each in sys.argv[1:] if not each.startswith("--")]
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = problems(root)
    count = len(list(members(root)))
    print("\n".join(found + [f"{count} members hold expressions, {len(programs(root))} fields of a plan programs"]))
    passed, failed = (0, 1) if found or count < 10 else (1, 0)
    if "--self-test" in sys.argv:
        for name, is_noticed in self_test():
            passed, failed = passed + is_noticed, failed + (not is_noticed)
            if not is_noticed:
                print(f"not noticed: {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
