#!/usr/bin/env python3
"""Fails on a copy of a list of words: neighbouring spellings of it in quotes, or an enumeration of its rows.

The lists are those of ir/base/words.def and ir/base/verbs.def, and the built-in tools of ir/base/builtin_tools.def.

Usage: words_test.py [ROOT] [--self-test]; with --self-test also shows that each kind of copy is noticed.
"""
import functools
import json
import os
import re
import sys
import tempfile

SOURCE_FOLDERS = ("ir", "frontend", "passes", "backend-runtime", "driver", "schemas")
TABLE = "ir/base/words.def"
VERBS = "ir/base/verbs.def"
BUILTIN_TOOLS = "ir/base/builtin_tools.def"
TABLES = (TABLE, VERBS, BUILTIN_TOOLS)
MANIFEST_SCHEMA = "schemas/run-manifest.schema.json"
STATUS_SCHEMA = "schemas/run-status.schema.json"
FOREIGN_WORDS = "frontend/manifest/fields.def"
ROW = re.compile(r'^WFC_(\w+)\((\w+), "([^"]*)"(.*)\)', re.MULTILINE)
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>\w*)\((?P<raw>.*?)\)(?P=tag)"|"(?P<text>(?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\\n]|\\.)\'',
    re.DOTALL)
ENUM = re.compile(r"\benum (?:class )?(\w+)[^{};]*\{([^{}]*)\}", re.DOTALL)
# Words inside one text, and what stands between those of a list there: `a, b or c`.
WORD = re.compile(r"\b(?!(?:or|and)\b)[a-z][a-z_]*(?:\.[a-z_]+)?")
BETWEEN = re.compile(r"[`\"]?(?:, (?:or |and )?| or | and |\|)[`\"]?")
NEAR = 200  # characters between neighbours
IN_A_ROW = 3  # words in prose that are a list
# Words that also name things, so that two of them say nothing.
COMMON = {"VERB": 3, "SCOPE": 3}

# What looks like a copy and is none: file, list, why.
ALLOWED = {
    ("frontend/manifest/parse.cpp", "VERB"): "what entities of sections are called",
    ("frontend/manifest/parse.cpp", "SCOPE"): "what entities of sections are called",
    ("driver/wfc/command_line.cpp", "OUTPUT_PARSE"): "forms of reports",
    ("driver/wfc_run/options.cpp", "OUTPUT_PARSE"): "forms of reports",
    ("frontend/manifest/foreign_keys.def", "FAILURE_CODE"): "keys of other systems",
    # Help, which the reference is made of; it must list all words.
    ("frontend/manifest/fields.def", "EFFECT"): "help",
    ("frontend/manifest/fields.def", "AGENT_KIND"): "help",
    ("frontend/manifest/fields.def", "RISK"): "help",
    ("frontend/manifest/fields.def", "JOIN"): "help",
    ("frontend/manifest/fields.def", "VERB"): "help that names some of them",
}


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


class Table:
    """For each list the ids and the words."""

    def __init__(self, root):
        self.ids, self.words, self.now = {}, {}, {}
        rows = "".join(read(root, path) for path in TABLES if os.path.exists(os.path.join(root, path)))
        for name, row_id, word, rest in ROW.findall(rows):
            is_later = rest.endswith("Later") or name.startswith("LATER_")
            name = name.removeprefix("LATER_")
            self.ids.setdefault(name, []).append(row_id)
            self.words.setdefault(name, []).append(word)
            if not is_later:
                self.now.setdefault(name, []).append(word)


def source_files(root):
    for top in SOURCE_FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if name.endswith((".h", ".cpp", ".def", ".inc")) and path not in TABLES:
                    yield path


@functools.cache
def literals(text):
    """Texts in quotes, those in raw strings among them: where each stands, and what it says."""
    found = []
    for token in TOKEN.finditer(text):
        if token["text"] is not None:
            found.append((token.start(), token["text"]))
        elif token["raw"] is not None:
            found += [(token.start("raw") + inner.start(), inner[1]) for inner in re.finditer(r'"([^"\n]*)"', token["raw"])]
    return found


@functools.cache
def without_comments(text):
    return TOKEN.sub(lambda token: " " if token[0].startswith("/") else token[0], text)


def neighbours(text, words, least):
    """The first `least` different words of the list that stand in quotes one after the other."""
    run, end = [], 0
    for at, literal in literals(text):
        if literal not in words or at - end > NEAR:
            run = []
        if literal in words:
            run = run + [literal] if literal not in run else run
            end = at
            if len(run) >= least:
                return at, " and ".join(f'"{word}"' for word in run)
    return None


def listed_in(literal):
    """Runs of words that the text lists."""
    run, end = [], 0
    for word in WORD.finditer(literal):
        if run and not BETWEEN.fullmatch(literal[end:word.start()]):
            yield run
            run = []
        run = run + [word[0]]
        end = word.end()
    yield run


@functools.cache
def lists_in(text):
    """The runs that are long enough, of all texts in quotes."""
    return [(at, run) for at, literal in literals(text) for run in listed_in(literal) if len(run) >= IN_A_ROW]


def prose(text, words):
    for at, run in lists_in(text):
        known = [word for word in run if word in words]
        if len(set(known)) >= IN_A_ROW:
            return at, ", ".join(known)
    return None


def find_copy(text, table, name):
    words = table.words[name]
    return neighbours(text, words, COMMON.get(name, 2)) or prose(text, words)


def enumerators(body):
    return [entry.strip().split(" ")[0] for entry in body.split(",") if entry.strip()]


def enumerations(text, ids):
    for enum in ENUM.finditer(without_comments(text)):
        listed = enumerators(enum[2])
        if any(listed[i:i + len(ids)] == ids for i in range(len(listed))):
            return enum[1]
    return None


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def copies(root, table):
    for path in source_files(root):
        text = read(root, path)
        for name, words in table.words.items():
            if len(words) < 2 or (path, name) in ALLOWED:
                continue
            found = find_copy(text, table, name)
            if found:
                yield f"{path}:{line_of(text, found[0])}: {found[1]} are words of WFC_{name}; take them from its table"
            copy = enumerations(text, table.ids[name])
            if copy:
                yield f"{path}: enum {copy} is a copy of WFC_{name}; take it from its table"


def exception_problems(root, table):
    for (path, name), why in ALLOWED.items():
        if not os.path.exists(os.path.join(root, path)):
            continue
        text = read(root, path)
        if not find_copy(text, table, name):
            yield f"{path} is excepted for WFC_{name}, and need not be"
        elif why == "help":
            whole = any(set(table.words[name]) <= set(run) for _, run in lists_in(text))
            if not whole:
                yield f"{path}: the help does not list all words of WFC_{name}"


def schema_problems(root, table):
    """The published schemas list words too; a JSON file cannot take them from the table."""
    if not all(os.path.exists(os.path.join(root, schema)) for schema in (MANIFEST_SCHEMA, STATUS_SCHEMA)):
        return
    schema = json.loads(read(root, MANIFEST_SCHEMA))
    stage = next(each for each in walk(schema) if "kind" in each and "status" in each and "attempts" in each)
    for what, listed, words in (
            ("mode", schema["properties"]["mode"], table.words["MODE"]),
            ("status", schema["properties"]["status"], table.words["RUN_STATUS"]),
            ("kind of a stage", stage["kind"], table.now["VERB"]),
            ("status of a stage", stage["status"], table.words["STAGE_STATUS"])):
        missing = [word for word in words if word not in listed["enum"]]
        if missing:
            yield f"{MANIFEST_SCHEMA}: {what} lacks {', '.join(missing)}"
    status = json.loads(read(root, STATUS_SCHEMA))["properties"]
    for what, words in (("mode", table.words["MODE"]), ("status", table.words["RUN_STATUS"])):
        missing = [word for word in words if word not in status[what]["enum"]]
        if missing:
            yield f"{STATUS_SCHEMA}: {what} lacks {', '.join(missing)}"


def walk(value):
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)


def foreign_problems(root, table):
    """What other systems say leads to words of the language."""
    if not os.path.exists(os.path.join(root, FOREIGN_WORDS)):
        return
    names = {"ErrorCode": "FAILURE_CODE", "Parse": "OUTPUT_PARSE"}
    for kind, theirs, ours in re.findall(r'^WFC_FOREIGN_WORD\((\w+), "([^"]*)", "([^"]*)"\)', read(root, FOREIGN_WORDS), re.MULTILINE):
        name = names.get(kind, re.sub(r"(?<!^)(?=[A-Z])", "_", kind).upper())
        if name in table.words and ours not in table.words[name]:
            yield f"{FOREIGN_WORDS}: {theirs} leads to {ours}, which is no word of WFC_{name}"
        if name in table.words and theirs in table.words[name]:
            yield f"{FOREIGN_WORDS}: {theirs} is a word of WFC_{name} itself"


def problems(root):
    table = Table(root)
    for name, words in table.words.items():
        if len(set(words)) != len(words) or len(set(table.ids[name])) != len(table.ids[name]):
            yield f"{TABLE}: a row of WFC_{name} occurs twice"
    yield from copies(root, table)
    yield from exception_problems(root, table)
    yield from schema_problems(root, table)
    yield from foreign_problems(root, table)


SELF_TESTS = {
    "an array of spellings": ("passes/bad.cpp", 'constexpr std::string_view kRisks[] = {"low", "medium", "high"};', "WFC_RISK"),
    "spellings with something else between": ("passes/bad.cpp", 'if (status == "failed") return 1;\nif (status == "skipped") return 2;',
                                              "WFC_STAGE_STATUS"),
    "spellings in JSON": ("ir/types/bad.cpp", 'constexpr auto kSchema = R"({"enum": ["timeout", "rate_limit"]})";', "WFC_FAILURE_CODE"),
    "spellings in a help text": ("driver/wfc/bad.cpp", 'f("implement, review or dry_run; default: implement");', "WFC_MODE"),
    "an enumeration": ("backend-runtime/runtime/bad.h", "enum class Level : uint8_t { Low, Medium, High };", "enum Level"),
    "an enumeration with more": ("ir/bad.h", "enum class How : uint8_t {\n  All,  // of them\n  Any,\n  Settled,\n  None\n};", "enum How"),
}
CLEAN = ('f("low");\ng("tall");\n// "low", "medium"\ng("high");\nenum class Some : uint8_t { Low, High };\n'
         'h("a low risk, or a medium one");\nf("write", "low", "text", "pay");')


def plant(root, path, text):
    """The problems of a tree that holds nothing but the table and one file."""
    with tempfile.TemporaryDirectory() as copy:
        for each, content in ((TABLE, read(root, TABLE)), (path, text)):
            os.makedirs(os.path.dirname(os.path.join(copy, each)), exist_ok=True)
            with open(os.path.join(copy, each), "w", encoding="utf-8") as file:
                file.write(content)
        return list(problems(copy))


def self_test(root):
    failed = 0
    for name, (path, text, expected) in SELF_TESTS.items():
        found = plant(root, path, text)
        if not any(expected in problem for problem in found):
            print(f"self-test: {name} was not noticed; found {found}")
            failed += 1
    found = plant(root, "passes/clean.cpp", CLEAN)
    if found:
        print(f"self-test: what is no copy was taken for one: {found}")
        failed += 1
    return failed


def main():
    arguments = [a for a in sys.argv[1:] if a != "--self-test"]
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = list(problems(root))
    for problem in found:
        print(problem)
    tests_itself = "--self-test" in sys.argv
    failed = bool(found) + (self_test(root) if tests_itself else 0)
    total = 1 + (len(SELF_TESTS) + 1 if tests_itself else 0)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
