#!/usr/bin/env python3
"""Fills in the parts of the documentation that repeat a table of the source.

Usage: docs/generate.py [--check]     --check changes nothing and fails if something would change

A generated part stands between `<!-- generated: WHAT -->` and `<!-- end -->`, where WHAT is one of
  fields SECTION   the keys of a section of frontend/manifest/fields.def
  codes            all diagnostics of ir/diag/diagnostics.def
  passes           all passes of passes/passes.def
  functions        all functions of ir/expr/vm/builtins.def
  macros           all macros of the same table
  stage_fields     what can be read of a stage, of ir/base/stage_fields.def
  facts            all facts of backend-runtime/runtime/machine/facts.def
  fact_fields      what facts carry, of the same table
  notes            all notes of backend-runtime/runtime/drive/notes.def
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
import tables  # noqa: E402

PART = re.compile(r"(<!-- generated: (\w+)(?: (\w+))? -->\n)(.*?)(<!-- end -->)", re.DOTALL)

# What may stand where, in words. A kind without an entry is the name of a section.
KINDS = {
    "Any": "",
    "Argv": "a list of values: the program and its arguments",
    "Bool": "true or false",
    "Body": "a body",
    "Constant": "any constant",
    "Count": "a count: `20`, `200k`, `1M`",
    "Decision": "an expression, or a list of cases",
    "Duration": "a duration: `250ms`, `30s`, `2h`, `30d`",
    "EnvironmentName": "the name of an environment variable",
    "ErrorCodes": "error codes",
    "Expression": "an expression",
    "GrantTarget": "`workflow:ID`, `stage:WORKFLOW.PATH`, `agent:ID` or `tool:ID`",
    "Integer": "an integer",
    "Integers": "integers",
    "Number": "a number",
    "Patterns": "patterns by capability",
    "Prompt": "text with `${…}`, or one line ending in `.md`: a file",
    "Reference": "an id",
    "References": "ids",
    "Schema": "a schema",
    "Size": "a size: `64KiB`, `10MB`",
    "StageList": "a list of stages",
    "StageMap": "stages by id",
    "Text": "text",
    "Texts": "texts",
    "Value": "a value with `${…}`",
    "ValueMap": "values by name",
    "ValueOrMap": "a value, or values by name",
}


def cell(text):
    """Text as one cell of a Markdown table."""
    return text.replace("\\", "").replace("|", "\\|")


def kind_in_words(kind):
    return KINDS.get(kind, re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower())


def field_rows(section):
    rows = [row for row in tables.read_fields() if row.section == section]
    if not rows:
        raise SystemExit(f"docs/generate.py: fields.def has no section {section}")
    need = {"Required": "required", "Optional": "", "OneOf": "one of"}
    yield "| key | | what stands there | meaning |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        later = "*not yet*" if row.since == "Later" else kind_in_words(row.kind)
        yield f"| `{row.key}` | {need[row.need]} | {cell(later)} | {cell(row.help)} |"
    foreign = [(theirs, ours) for name, theirs, ours in tables.read_foreign_keys() if name == section]
    if foreign:
        yield ""
        yield "Called otherwise elsewhere: " + ", ".join(f"`{theirs}` is `{ours}`" for theirs, ours in foreign) + "."


def code_rows():
    yield "| code | slug | severity | | fires when |"
    yield "| --- | --- | --- | --- | --- |"
    how = {"Fixed": "", "Lesser": "suppressible below an error", "Plain": "suppressible", "Reasoned": "suppressible with a reason"}
    for row in tables.read_codes():
        link = f"[{row.code}](diagnostics/{row.code}.md)"
        yield f"| {link} | {row.slug} | {row.severity.lower()} | {how[row.suppression]} | {cell(row.summary)} |"


def pass_rows():
    yield "| pass | what for |"
    yield "| --- | --- |"
    text = tables.read("passes/passes.def")
    for file, summary in re.findall(r'^WFC_PASS\(\w+, (\w+),\s*"([^"]*)"\)', text, re.MULTILINE):
        yield f"| `{file}` | {cell(summary)} |"


def call(form, name, arguments):
    return f"`x.{name}({', '.join(arguments[1:])})`" if form == "Member" else f"`{name}({', '.join(arguments)})`"


def function_rows():
    yield "| function | yields |"
    yield "| --- | --- |"
    for row in tables.read_functions():
        names = ["x", "y", "z", "w"][: min(row.least, 4)]
        more = ["…"] if row.most > 4 else [f"[{name}]" for name in ["x", "y", "z", "w"][row.least : row.most]]
        forms = ["Global", "Member"] if row.form == "Both" else [row.form]
        yield f"| {', '.join(call(form, row.name, names + more) for form in forms)} | {cell(row.help)} |"


def macro_rows():
    yield "| macro | yields |"
    yield "| --- | --- |"
    for row in tables.read_macros():
        yield f"| `{row.name}` | {cell(row.help)} |"


def stage_field_rows():
    owners = {"Any": "every stage", "Command": "commands: `run`, and tools that are commands", "Decide": "`decide`"}
    needs = {
        "Output": "holds where it is there",
        "RanToEnd": "holds where the stage ran, also if it was tolerated",
        "Settled": "holds however the stage ended",
    }
    yield "| field | of | a stage has it if | a plain read of it, as a dependency |"
    yield "| --- | --- | --- | --- |"
    for row in tables.read_stage_fields():
        yield f"| `.{row.name}` | {owners[row.owner]} | {cell(row.when)} | {needs[row.need]} |"


def fact_rows():
    words = {name: word for name, word, _ in tables.read_fact_fields()}
    yield "| number | fact | carries | its value |"
    yield "| --- | --- | --- | --- |"
    for row in tables.read_facts():
        carried = ", ".join(f"`{words[field]}`" for field in row.fields)
        yield f"| {row.number} | `{row.word}` | {carried} | {cell(row.value)} |"


def fact_field_rows():
    yield "| field | what it is |"
    yield "| --- | --- |"
    for _, word, meaning in tables.read_fact_fields():
        yield f"| `{word}` | {cell(meaning)} |"


def note_rows():
    yield "| number | note | its value |"
    yield "| --- | --- | --- |"
    for row in tables.read_notes():
        yield f"| {row.number} | `{row.word}` | {cell(row.value)} |"


def generated(what, argument):
    rows = {
        "fields": lambda: field_rows(argument),
        "codes": code_rows,
        "passes": pass_rows,
        "functions": function_rows,
        "macros": macro_rows,
        "stage_fields": stage_field_rows,
        "facts": fact_rows,
        "fact_fields": fact_field_rows,
        "notes": note_rows,
    }[what]()
    return "\n".join(rows) + "\n"


def main():
    is_check = "--check" in sys.argv
    stale = total = 0
    for path in sorted(glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        new = PART.sub(lambda m: m[1] + generated(m[2], m[3]) + m[5], text)
        total += "<!-- generated:" in text
        if new == text:
            continue
        stale += 1
        if is_check:
            print(f"{os.path.relpath(path, ROOT)}: out of date; run docs/generate.py")
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(new)
    if is_check:
        print(f"{total - stale} passed, {stale} failed")
        return 1 if stale else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
