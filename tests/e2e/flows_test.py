#!/usr/bin/env python3
"""Random values that flow under random conditions, checked by wfc and tried by an interpreter of their own.

Usage: flows_test.py BIN_DIR [FLOWS] [SEED]

Each flow is a stage that runs if a condition over its workflow's input holds, and yields a value that has to fit `returns`. Many inputs are tried for
each. An input whose condition holds and whose value does not fit must have been found (T001); a witness that wfc shows must be such a value. How many
flows wfc could not decide (T002) is printed.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

TRIES = 500
TEXTS = ["", "a", "ab", "abc", "b-c", "A", "xx", "x1", "report-1", "é", "abcdefgh"]
PATTERNS = ["^a", "[0-9]$", "^[a-z]+$", "b"]
LONGEST_SHOWN = 40


class Failed(Exception):
    """An evaluation that has no value."""


class Expr:
    """What is written, and what it yields for an input."""

    def __init__(self, text, evaluate):
        self.text = text
        self.evaluate = evaluate


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def demand(holds):
    if not holds:
        raise Failed


# Schemas: the part of JSON Schema that the generator below writes.

def accepts(schema, value):
    if "enum" in schema and not any(same(value, each) for each in schema["enum"]):
        return False
    kind = schema.get("type")
    if kind == "integer" and not (is_number(value) and value == int(value)):
        return False
    if kind == "number" and not is_number(value):
        return False
    if kind == "string" and not isinstance(value, str):
        return False
    if kind == "array" and not isinstance(value, list):
        return False
    if kind == "object" and not isinstance(value, dict):
        return False
    if is_number(value):
        return (schema.get("minimum", value) <= value <= schema.get("maximum", value)
                and not ("exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]))
    if isinstance(value, str):
        return (schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
                and re.search(schema.get("pattern", ""), value) is not None)
    if isinstance(value, list):
        return (schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
                and all(accepts(schema.get("items", {}), item) for item in value))
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return (all(name in value for name in schema.get("required", [])) and all(name in known for name in value)
                and all(accepts(known[name], value[name]) for name in value))
    return True


def same(left, right):
    return left == right and isinstance(left, bool) == isinstance(right, bool)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def small(self):
        return self.random.randint(-3, 12)

    # Schemas.

    def number_schema(self):
        schema = {"type": self.random.choice(["integer", "number"])}
        low = self.small()
        if self.chance(40):
            schema["minimum"] = low
        if self.chance(40):
            schema["maximum"] = low + self.random.randint(0, 8)
        return schema

    def text_schema(self):
        schema = {"type": "string"}
        if self.chance(25):
            schema["enum"] = self.random.sample(TEXTS, 3)
            return schema
        least = self.random.randint(0, 3)
        if self.chance(30):
            schema["minLength"] = least
        if self.chance(40):
            schema["maxLength"] = least + self.random.randint(1, 5)
        if self.chance(20):
            schema["pattern"] = self.random.choice(PATTERNS)
        return schema

    def list_schema(self):
        schema = {"type": "array", "items": self.random.choice([self.text_schema, self.number_schema])()}
        least = self.random.randint(0, 2)
        if self.chance(40):
            schema["minItems"] = least
        if self.chance(50):
            schema["maxItems"] = least + self.random.randint(0, 3)
        return schema

    def schema_of(self, kind):
        return {"number": self.number_schema, "text": self.text_schema, "list": self.list_schema}[kind]()

    # Values of a schema, near to its bounds and to what conditions ask.

    def value(self, schema):
        if "enum" in schema and self.chance(95):
            return self.random.choice(schema["enum"])
        kind = schema["type"]
        if kind in ("integer", "number"):
            value = self.random.choice([schema.get("minimum", self.small()), schema.get("maximum", self.small()), self.small(), self.random.randint(-99, 99)])
            return value + 0.5 if kind == "number" and self.chance(30) else value
        if kind == "string":
            text = self.random.choice(TEXTS)
            return text if self.chance(60) else text + self.random.choice(TEXTS)
        if kind == "array":
            return [self.value(schema["items"]) for _ in range(self.random.randint(0, 4))]
        names = [name for name in schema["properties"] if name in schema["required"] or self.chance(60)]
        return {name: self.value(schema["properties"][name]) for name in names}

    # Expressions.

    def comparison(self, left):
        op = self.random.choice(["<", "<=", ">", ">=", "==", "!="])
        bound = self.small()
        test = {"<": lambda x: x < bound, "<=": lambda x: x <= bound, ">": lambda x: x > bound, ">=": lambda x: x >= bound,
                "==": lambda x: x == bound, "!=": lambda x: x != bound}[op]
        if self.chance(15):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}[op]
            return Expr(f"{bound} {mirrored} {left.text}", lambda data: test(left.evaluate(data)))
        return Expr(f"{left.text} {op} {bound}", lambda data: test(left.evaluate(data)))

    def size(self, part):
        return Expr(f"size({part.text})", lambda data: len(part.evaluate(data)))

    def text_question(self, part):
        text = self.random.choice(TEXTS[1:])
        quoted = json.dumps(text, ensure_ascii=False).replace('"', "'")
        pattern = self.random.choice(PATTERNS)
        listed = self.random.sample(TEXTS, 2)
        written = ", ".join(f"'{each}'" for each in listed)
        return self.random.choice([
            Expr(f"{part.text}.startsWith({quoted})", lambda data: part.evaluate(data).startswith(text)),
            Expr(f"{part.text}.endsWith({quoted})", lambda data: part.evaluate(data).endswith(text)),
            Expr(f"{part.text}.contains({quoted})", lambda data: text in part.evaluate(data)),
            Expr(f"{part.text}.matches('{pattern}')", lambda data: re.search(pattern, part.evaluate(data)) is not None),
            Expr(f"{part.text} == {quoted}", lambda data: part.evaluate(data) == text),
            Expr(f"{part.text} != {quoted}", lambda data: part.evaluate(data) != text),
            Expr(f"{part.text} in [{written}]", lambda data: part.evaluate(data) in listed),
            self.comparison(self.size(part)),
            self.comparison(self.size(part)),
        ])

    def list_question(self, part, items):
        if self.chance(70):
            return self.comparison(self.size(part))
        item = self.value(items)
        written = json.dumps(item, ensure_ascii=False).replace('"', "'")
        return Expr(f"{written} in {part.text}", lambda data: item in part.evaluate(data))

    def question(self, part, kind, schema):
        if kind == "number":
            return self.comparison(part)
        return self.text_question(part) if kind == "text" else self.list_question(part, schema["items"])

    def opaque(self, part, kind):
        """A condition that no schema can say."""
        if kind == "number":
            return self.comparison(Expr(f"({part.text} + {part.text})", lambda data: 2 * part.evaluate(data)))
        if kind == "text":
            text = self.random.choice(["a", "ab", "x"])
            return Expr(f"{part.text}.lowerAscii().startsWith('{text}')", lambda data: lower(part.evaluate(data)).startswith(text))
        return self.comparison(Expr(f"size({part.text} + {part.text})", lambda data: 2 * len(part.evaluate(data))))

    def condition(self, parts, depth=0):
        roll = self.random.randrange(100)
        if depth < 2 and roll < 20:
            one, other = self.condition(parts, depth + 1), self.condition(parts, depth + 1)
            return Expr(f"({one.text} && {other.text})", lambda data: one.evaluate(data) and other.evaluate(data))
        if depth < 2 and roll < 35:
            one, other = self.condition(parts, depth + 1), self.condition(parts, depth + 1)
            return Expr(f"({one.text} || {other.text})", lambda data: one.evaluate(data) or other.evaluate(data))
        if depth < 2 and roll < 45:
            one = self.condition(parts, depth + 1)
            return Expr(f"!({one.text})", lambda data: not one.evaluate(data))
        part, kind, schema = self.random.choice(parts)
        return self.opaque(part, kind) if roll > 92 else self.question(part, kind, schema)

    def produced(self, parts):
        """An expression and the kind of its values."""
        part, kind, schema = self.random.choice(parts)
        roll = self.random.randrange(100)
        if roll < 70:
            return part, kind
        if roll < 85:
            condition = self.question(part, kind, schema)
            other = {"number": Expr("0", lambda data: 0), "text": Expr("'ab'", lambda data: "ab"), "list": Expr("[]", lambda data: [])}[kind]
            return Expr(f"{condition.text} ? {part.text} : {other.text}",
                        lambda data: part.evaluate(data) if condition.evaluate(data) else other.evaluate(data)), kind
        if kind == "number":
            more = self.small()
            return Expr(f"{part.text} + {more}", lambda data: part.evaluate(data) + more), kind
        if kind == "text":
            return Expr(f"{part.text} + '-'", lambda data: part.evaluate(data) + "-"), kind
        return self.size(part), "number"

    def flow(self):
        kinds = self.random.choices(["number", "text", "list"], k=2)
        schemas = [self.schema_of(kind) for kind in kinds]
        names = ["x", "y"]
        parts = [(Expr(f"input.{name}", lambda data, name=name: data[name]), kind, schema)
                 for name, kind, schema in zip(names, kinds, schemas)]
        value, kind = self.produced(parts)
        return {"input": {"type": "object", "properties": dict(zip(names, schemas)), "required": names}, "condition": self.condition(parts),
                "value": value, "returns": self.schema_of(kind)}


def lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def find_misfits(generator, flow):
    """Values that do not fit, by their JSON text, among inputs that were tried; and how often the condition held."""
    misfits, held = set(), 0
    for _ in range(TRIES):
        data = generator.value(flow["input"])
        if not accepts(flow["input"], data):
            continue
        if not flow["condition"].evaluate(data):
            continue
        held += 1
        value = flow["value"].evaluate(data)
        if not accepts(flow["returns"], value):
            misfits.add(json.dumps(value, ensure_ascii=False))
    return misfits, held


def is_refuted(flow, witness):
    """Whether a value that is read as it is cannot be a witness, other properties being free."""
    match = re.fullmatch(r"input\.([xy])", flow["value"].text)
    return accepts(flow["returns"], witness) or (match and not accepts(flow["input"]["properties"][match[1]], witness))


def write_project(flows, path):
    lines = ["wfc: 1", "name: flows", "main: w0", "workflows:"]
    places = {}
    for number, flow in enumerate(flows):
        lines += [f"  w{number}:", f"    input: {json.dumps(flow['input'], ensure_ascii=False)}", "    output: \"${coalesce(stages.a.output, 0)}\"",
                  "    stages:", "      a:", f"        transform: {json.dumps('${' + flow['value'].text + '}', ensure_ascii=False)}"]
        places[len(lines)] = number
        lines += [f"        returns: {json.dumps(flow['returns'], ensure_ascii=False)}", f"        if: {json.dumps(flow['condition'].text, ensure_ascii=False)}"]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return places


def check(wfc, flows):
    """What wfc says of each flow: codes and messages."""
    said = [[] for _ in flows]
    with tempfile.TemporaryDirectory() as folder:
        places = write_project(flows, os.path.join(folder, "wfc.yaml"))
        done = subprocess.run([wfc, "check", folder, "--pedantic", "--format", "json", "--exit-zero"], capture_output=True, text=True, check=True)
        for finding in json.loads(done.stdout)["diagnostics"]:
            if finding["code"] in ("T001", "T002") and finding["line"] in places:
                said[places[finding["line"]]].append((finding["code"], finding["message"]))
            elif finding["severity"] == "error" and not finding["code"].startswith(("G", "E")):
                raise RuntimeError(f"the generator wrote what is wrong: {finding['code']} {finding['message']}")
    return said


def main():
    wfc = os.path.join(sys.argv[1], "wfc")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    generator = Generator(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    flows = [generator.flow() for _ in range(count)]
    failures, undecided, found, shown = [], 0, 0, 0
    for flow, said in zip(flows, check(wfc, flows)):
        misfits, held = find_misfits(generator, flow)
        errors = [message for code, message in said if code == "T001"]
        undecided += any(code == "T002" for code, _ in said)
        found += bool(errors)
        what = f"{flow['value'].text} if {flow['condition'].text}: {json.dumps(flow['input']['properties'], ensure_ascii=False)} -> {json.dumps(flow['returns'], ensure_ascii=False)}"
        if misfits and not said:
            failures.append(f"not found, it can be {min(misfits, key=len)}: {what}")
        for message in errors:
            witness = re.search(r" (?:can be|is) (.*?), which `returns`", message)
            try:
                value = json.loads(witness[1]) if witness and len(witness[1]) < LONGEST_SHOWN else None
            except ValueError:
                value = None
            shown += value is not None
            if value is not None and is_refuted(flow, value):
                failures.append(f"found without reason, {message}: {what}")
            elif held >= TRIES // 4 and not misfits:
                print(f"note: not met in {held} tries: {message}: {what}")
        if os.environ.get("SHOW_UNDECIDED") and any(code == "T002" for code, _ in said):
            print("undecided:", "met" if misfits else "not met", held, what, said)
    for failure in failures:
        print(failure)
    print(f"conformance: flows: {1000 * undecided // count} undecided of 1000, {found} misfits found in {count}, {len(failures)} wrong")
    print(f"{count - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
