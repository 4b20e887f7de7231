"""Reads the project's tables (*.def) for the tests and generators that are written in Python."""
import os
import re
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class CodeRow(NamedTuple):
    code: str
    slug: str
    severity: str
    suppression: str
    hides: str
    summary: str


class MessageRow(NamedTuple):
    code: str
    name: str


class FieldRow(NamedTuple):
    section: str
    key: str
    member: str
    kind: str
    need: str
    since: str
    help: str


class FunctionRow(NamedTuple):
    name: str
    form: str
    least: int
    most: int
    help: str


class StageFieldRow(NamedTuple):
    name: str
    owner: str
    need: str
    when: str


class VerbRow(NamedTuple):
    word: str
    since: str


class MacroRow(NamedTuple):
    name: str
    help: str


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def read_codes():
    rows = re.findall(r'^WFC_CODE\((\w+), "([^"]*)", (\w+), (\w+), (\w+),\s*"((?:[^"\\]|\\.)*)"\)', read("ir/diag/diagnostics.def"),
                      re.MULTILINE)
    return [CodeRow(*row) for row in rows]


def read_messages():
    return [MessageRow(*row) for row in re.findall(r"^WFC_MESSAGE\((\w+), (\w+),", read("ir/diag/diagnostics.def"), re.MULTILINE)]


def read_fields():
    """Rows of fields.def in order; a section's macro is WFC_SECTION_FIELD."""
    text = read("frontend/manifest/fields.def")
    sections = dict(re.findall(r"#define (WFC_\w+_FIELD)\([^)]*\)(?: \\\n )? WFC_FIELD\((\w+), ", text))
    row = re.compile(r'^(WFC_\w+_FIELD)\("([^"]*)", (\w+), (\w+), (\w+), (\w+),(?: \w+,)? "[^"]*",\s*"((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
    return [FieldRow(sections[m[0]], *m[1:]) for m in row.findall(text) if m[0] in sections]


def read_foreign_keys():
    """What other systems call a key of ours: section, their key, our key."""
    return re.findall(r'^WFC_FOREIGN_(?:KEY|FORM)\((\w+), "([^"]*)", "([^"]*)"', read("frontend/manifest/fields.def"), re.MULTILINE)


def read_foreign_words():
    """What other systems say for a word of a value: type, their word, our word."""
    return re.findall(r'^WFC_FOREIGN_WORD\((\w+), "([^"]*)", "([^"]*)"\)', read("frontend/manifest/fields.def"), re.MULTILINE)


def read_functions():
    """Functions of the expression language; `least` and `most` arguments, with the receiver."""
    row = re.compile(r'^WFC_BUILTIN\(\w+, "([^"]*)", (\w+), (\d+), (\d+), "[^"]*", "((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
    return [FunctionRow(name, form, int(least), int(most), unescape(help))
            for name, form, least, most, help in row.findall(read("ir/expr/vm/builtins.def"))]


def read_stage_fields():
    """What can be read of a stage, without what no stage has yet."""
    row = re.compile(r'^WFC_STAGE_FIELD\(\w+, "([^"]*)", (\w+), \w+, (\w+), \([^)]*\), \([^)]*\), "([^"]*)"\)', re.MULTILINE)
    rows = [StageFieldRow(*match) for match in row.findall(read("ir/base/stage_fields.def"))]
    return [row for row in rows if row.owner != "Later"]


class FactRow(NamedTuple):
    number: int
    name: str
    word: str
    fields: list
    value: str


def read_facts():
    """The facts of runs, in the order of their numbers."""
    row = re.compile(r'^WFC_FACT\((\d+), (\w+), "(\w+)", \(([^)]*)\), "([^"]*)"\)', re.MULTILINE)
    return [FactRow(int(number), name, word, [field for field in fields.split(", ") if field], value)
            for number, name, word, fields, value in row.findall(read("backend-runtime/runtime/machine/facts.def"))]


def read_fact_fields():
    """What facts carry: name, word and meaning of each field."""
    row = re.compile(r'^WFC_FACT_FIELD\((\w+), "(\w+)", "([^"]*)"\)', re.MULTILINE)
    return row.findall(read("backend-runtime/runtime/machine/facts.def"))


class NoteRow(NamedTuple):
    number: int
    name: str
    word: str
    value: str


def read_notes():
    """The notes of runs, in the order of their numbers."""
    row = re.compile(r'^WFC_NOTE\((\d+), (\w+), "(\w+)", "([^"]*)"\)', re.MULTILINE)
    return [NoteRow(int(number), *rest) for number, *rest in row.findall(read("backend-runtime/runtime/drive/notes.def"))]


def read_verbs():
    """Verbs, those that are not supported yet among them."""
    row = re.compile(r'^WFC_(LATER_)?VERB\(\w+, "([^"]*)"', re.MULTILINE)
    return [VerbRow(word, "Later" if later else "Now") for later, word in row.findall(read("ir/base/verbs.def"))]


def read_macros():
    row = re.compile(r'^WFC_MACRO\(\w+, "([^"]*)", (?:\w+, ){4}"[^"]*", "((?:[^"\\]|\\.)*)"\)', re.MULTILINE)
    return [MacroRow(name, unescape(help)) for name, help in row.findall(read("ir/expr/vm/builtins.def"))]


def unescape(text):
    return re.sub(r"\\(.)", r"\1", text)
