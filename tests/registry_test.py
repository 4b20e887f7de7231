#!/usr/bin/env python3
"""Every row of a table has its other halves: a page, a lit test, a use. Names what is missing.

Usage: registry_test.py
"""
import functools
import glob
import os
import re
import sys

from tables import (ROOT, read, read_codes, read_fact_fields, read_facts, read_fields, read_foreign_keys, read_functions, read_macros,
                    read_messages, read_verbs)

SOURCE_FOLDERS = ("ir", "frontend", "passes", "backend-runtime", "driver")


def all_text(folders, suffixes):
    texts = []
    for top in folders:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            texts += [read(os.path.relpath(os.path.join(folder, name), ROOT)) for name in sorted(names) if name.endswith(suffixes)]
    return "\n".join(texts)


@functools.cache
def sources():
    return all_text(SOURCE_FOLDERS, (".cpp", ".h"))


@functools.cache
def source_words():
    return frozenset(re.findall(r"\w+", sources()))


@functools.cache
def lit_tests():
    return all_text(("lit-tests",), (".yaml", ".test"))


def is_used(message_name):
    return message_name in source_words()


def code_problems():
    messages = read_messages()
    codes = {row.code for row in read_codes()}
    for row in read_codes():
        if not os.path.exists(os.path.join(ROOT, "docs/diagnostics", row.code + ".md")):
            yield f"{row.code}: no page docs/diagnostics/{row.code}.md"
        if row.code not in lit_tests():
            yield f"{row.code}: no lit test mentions it"
        if not any(is_used(message.name) for message in messages if message.code == row.code):
            yield f"{row.code}: nothing reports it"
    for message in messages:
        if message.code not in codes:
            yield f"wording {message.name}: no code {message.code}"
        if not is_used(message.name):
            yield f"wording {message.name} of {message.code}: nothing reports it"


def page_problems():
    codes = {row.code + ".md" for row in read_codes()} | {"README.md"}
    for name in sorted(os.listdir(os.path.join(ROOT, "docs/diagnostics"))):
        if name not in codes:
            yield f"docs/diagnostics/{name}: no such code"


def pass_problems():
    passes = re.findall(r"^WFC_PASS\((\w+), (\w+),", read("passes/passes.def"), re.MULTILINE)
    lit = os.path.join(ROOT, "lit-tests/passes")
    tests = os.listdir(lit) if os.path.isdir(lit) else []
    for name, file in passes:
        paths = glob.glob(f"passes/*/{file}.cpp", root_dir=ROOT)
        if len(paths) != 1:
            yield f"pass {name}: {len(paths)} files passes/*/{file}.cpp"
        elif f"void Check{name}(PassContext&" not in read(paths[0]):
            yield f"pass {name}: {paths[0]} does not define Check{name}"
        if not any(test.startswith(file) for test in tests):
            yield f"pass {name}: no lit test lit-tests/passes/{file}*"
    yield from passes_without_row({"Check" + name for name, _ in passes})


def passes_without_row(functions):
    """A pass that no row of passes.def names compiles, and never runs."""
    for path in sorted(glob.glob("passes/*/*.cpp", root_dir=ROOT)):
        exported = re.sub(r"^namespace \{$.*?^\}  // namespace$", "", read(path), flags=re.MULTILINE | re.DOTALL)
        for function in re.findall(r"^void (Check\w+)\(PassContext&[^,)]*\)", exported, re.MULTILINE):
            if function not in functions:
                yield f"{path}: passes/passes.def has no row for {function}"


def foreign_problems():
    """What other systems say leads to what there is, and hides nothing of the language."""
    keys = {(row.section, row.key) for row in read_fields()}
    for section, theirs, ours in read_foreign_keys():
        if (section, ours) not in keys:
            yield f"foreign key {theirs} of {section}: there is no key {ours}"
        if (section, theirs) in keys:
            yield f"foreign key {theirs} of {section}: it is a key of the language"
    functions = {row.name for row in read_functions() + read_macros()}
    foreign = read("ir/expr/foreign.def")
    for theirs, ours in re.findall(r'^WFC_FOREIGN_FUNCTION\("([^"]*)", "([^"]*)"\)', foreign, re.MULTILINE):
        if ours not in functions:
            yield f"foreign function {theirs}: there is no function {ours}"
    for theirs in re.findall(r'^WFC_FOREIGN_(?:FUNCTION|CALL)\("([^"]*)"', foreign, re.MULTILINE):
        if theirs in functions:
            yield f"foreign function {theirs}: it is a function of the language"


def verb_problems():
    """A verb is a key of stages, and is met by lit tests, by random projects and by what they are held to."""
    keys = {row.key: row for row in read_fields() if row.section == "Stage" and row.need == "OneOf"}
    verbs = read_verbs()
    yield from (f"{key}: one of the keys of which a stage has one, and no verb" for key in keys if key not in {row.word for row in verbs})
    for verb in verbs:
        if verb.word not in keys:
            yield f"verb {verb.word}: frontend/manifest/fields.def has no such key of stages"
        elif keys[verb.word].since != verb.since:
            yield f"verb {verb.word}: frontend/manifest/fields.def says {keys[verb.word].since}, ir/base/verbs.def {verb.since}"
        if not re.search(rf"\b{verb.word}: ", lit_tests()):
            yield f"verb {verb.word}: no lit test has a stage of it"
        if verb.since == "Later":
            continue
        for path in ("tests/projects/generate.py", "tests/projects/reference.py"):
            if f'"{verb.word}"' not in read(path):
                yield f"verb {verb.word}: {path} does not know it"


def expression_problems():
    """Keys whose values are expressions are known to the YAML reader, which advises on a leading `!`."""
    listed = re.search(r"kExpressionKeys\[\] = \{([^}]*)\}", read("frontend/manifest/parse.cpp"))[1]
    for row in read_fields():
        if row.kind in ("Expression", "Decision") and f'"{row.key}"' not in listed:
            yield f"key {row.key}: frontend/manifest/parse.cpp does not list it among those of expressions"


# Keys that have no meaning yet beyond being well formed, and those for people.
UNREAD_KEYS = {"description", "codex_exec", "engine", "base_url"}


def key_problems():
    """A key that is heeded is read by somebody, is met by a lit test, and stands in the reference."""
    readers = all_text(("frontend",), (".cpp", ".h"))
    read_members = set(re.findall(r"(?:\.|->|::)(\w+)\b", readers))
    reference = all_text(("docs/language",), (".md",))
    for section in {row.section for row in read_fields()}:
        if f"<!-- generated: fields {section} -->" not in reference:
            yield f"section {section}: no page of docs/language has its table"
    for row in read_fields():
        if row.since == "Later":
            continue
        if row.member not in read_members and row.key not in UNREAD_KEYS:
            yield f"key {row.key} of {row.section}: nothing in frontend reads {row.section}Syntax::{row.member}"
        if not re.search(rf"\b{row.key}\"?: ", lit_tests()):
            yield f"key {row.key} of {row.section}: no lit test has it"


# What the dump shows in other words: as reasons to wait, and as the order of nodes.
UNSHOWN_FIELDS = {"reserved", "in_degree", "first_edge", "outer", "node", "from"}
# What a plan says to those who read it, and what no provider that is here yet is told.
UNUSED_FIELDS = {"reserved", "is_idempotent", "trust", "code", "max_tokens"}


def plan_problems():
    """A field of a plan's structs is looked at by the verifier, shown by `wfc inspect --format json`, and read at run time.

    The verifier need not look at one whose comment says that it may have any value."""
    text = read("schemas/plan.fbs").partition("table Plan")[0]
    unchecked = set(re.findall(r"(\w+):\w+;\s*//.*\bany value\b", text))
    structs = re.sub(r"//.*", "", text)
    names = ["backend-runtime/plan/verifier.cpp", *glob.glob("backend-runtime/plan/check_*.cpp", root_dir=ROOT)]
    checks = "\n".join(read(name) for name in names)
    dump = read("backend-runtime/plan/dump_json.cpp")
    folders = [f"backend-runtime/{name}" for name in ("runtime", "simulate", "providers", "tools", "agents")]
    runners = all_text((*folders, "driver/wfc_run"), (".cpp", ".h"))
    for struct, body in re.findall(r"^struct (\w+) \{(.*?)\}", structs, re.MULTILINE | re.DOTALL):
        for field in re.findall(r"(\w+):", body):
            if not re.search(rf"\b{field}\(\)", checks) and field not in unchecked:
                yield f"{struct}.{field} of schemas/plan.fbs: the verifier of backend-runtime/plan does not look at it"
            if not re.search(rf"\b{field}(?:_of)?\(", dump) and field not in UNSHOWN_FIELDS:
                yield f"{struct}.{field} of schemas/plan.fbs: backend-runtime/plan/dump_json.cpp does not show it"
            if not re.search(rf"\b{field}(?:_of)?\(", runners) and field not in UNUSED_FIELDS:
                yield f"{struct}.{field} of schemas/plan.fbs: nothing that runs plans reads it"


def fact_problems():
    """A fact has a number of its own, is told in random runs, and its fields are all known."""
    told = read("tests/backend-runtime/runtime/machine/recovery_test.cpp")
    known = {name for name, _, _ in read_fact_fields()}
    numbers = set()
    for row in read_facts():
        if row.number in numbers or row.number >= 128:
            yield f"fact {row.word}: its number, {row.number}, is not free"
        numbers.add(row.number)
        if f"FactType::{row.name}" not in told:
            yield f"fact {row.word}: recovery_test.cpp does not tell it"
        for field in row.fields:
            if field not in known:
                yield f"fact {row.word}: no field is called {field}"


def event_problems():
    """An event of runs is reported by the runtime, expected by a test, and described to readers of run folders."""
    reported = set(re.findall(r"\bEventType::(\w+)", all_text(("backend-runtime/runtime",), (".cpp",))))
    expected = all_text(("tests/backend-runtime/runtime", "tests/e2e"), (".cpp", ".py"))
    page = read("docs/runs.md")
    for name, word in re.findall(r'^WFC_EVENT_TYPE\((\w+), "(\w+)"\)', read("ir/base/words.def"), re.MULTILINE):
        if name not in reported:
            yield f"event {word}: nothing in backend-runtime/runtime reports it"
        if not re.search(rf"\b{word}\b", expected):
            yield f"event {word}: no test of backend-runtime/runtime and none of tests/e2e expects it"
        if f"`{word}`" not in page:
            yield f"event {word}: docs/runs.md does not describe it"


def form_problems():
    """An output form of findings has a renderer, a name and a test."""
    forms = re.search(r"enum class ReportForm : uint8_t \{([^}]*)\}", read("driver/wfc/commands.h"))[1]
    command_line = read("driver/wfc/command_line.cpp")
    help_line = re.search(r'"([^"]*); FORM:FILE writes it to FILE', command_line)[1]
    tests = read("tests/ir/diag/render_test.cpp")
    for form in re.findall(r"\w+", forms):
        if f'{{"{form.lower()}", ReportForm::{form}}}' not in command_line:
            yield f"form {form}: driver/wfc/command_line.cpp has no name for it"
        if form.lower() not in help_line:
            yield f"form {form}: the help of --format in driver/wfc/command_line.cpp does not name it"
        if f"Render{form}(" not in tests:
            yield f"form {form}: tests/ir/diag/render_test.cpp does not call Render{form}"


def fuzz_problems():
    """The fuzzer of expressions meets every function and macro."""
    words = set(re.findall(r'^"(.*)"$', read("tests/fuzz/expr.dict"), re.MULTILINE))
    for row in read_functions() + read_macros():
        if row.name not in words:
            yield f"{row.name}: not in tests/fuzz/expr.dict"


def test_problems():
    """A lit test without a RUN line never runs; a unit test's folder must be one of the sources'."""
    for folder, _, names in os.walk(os.path.join(ROOT, "lit-tests")):
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            if name.endswith((".yaml", ".test")) and "RUN:" not in read(path):
                yield f"{path}: no RUN line"


def quotations(path):
    """What the comments of a file quote from a page, as lists of what stands between omissions."""
    comments = re.findall(r"(?:^ *//[^\n]*\n)+", read(path), re.MULTILINE)
    for comment in comments:
        text = " ".join(re.sub(r"^ */{2,3} ?", "", line) for line in comment.splitlines())
        for quotation in re.findall(r'"([^"]* [^"]*)"', text):
            yield quotation, [part.strip(" ,") for part in quotation.split("[…]") if part.strip(" ,")]


def quotation_problems():
    """What is written after the rules of the reference quotes them as they are today."""
    page = " ".join(read("docs/language/workflows.md").split())
    for path in ("passes/presence/evaluator.cpp", "tests/backend-runtime/runtime/drive/reference_model.cpp"):
        found = list(quotations(path))
        if not found:
            yield f"{path}: quotes no rule"
        for quotation, parts in found:
            at = 0
            for part in parts:
                at = page.find(part, at)
                if at < 0:
                    yield f'{path}: docs/language/workflows.md does not say "{quotation}"'
                    break


def main():
    checks = [code_problems, page_problems, pass_problems, foreign_problems, verb_problems, expression_problems, key_problems,
              plan_problems, fact_problems, event_problems, form_problems, fuzz_problems, test_problems, quotation_problems]
    failed = 0
    for check in checks:
        found = list(check())
        for problem in found:
            print(problem)
        failed += bool(found)
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
