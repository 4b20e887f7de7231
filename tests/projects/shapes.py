"""Small JSON Schemas: drawn at random, listed or sampled by value, and judged by a validator that is plainly correct."""
import itertools
import json

WORDS = ["a", "b", "k", "xy", ""]
NAMES = ["f", "g", "h"]
NULL, BOOLEAN, INTEGER, STRING = {"type": "null"}, {"type": "boolean"}, {"type": "integer", "minimum": 0, "maximum": 3}, {"type": "string", "maxLength": 3}


def obj(properties, required):
    return {"type": "object", "properties": properties, "required": sorted(set(required)), "additionalProperties": False}


def union(*schemas):
    arms = []
    for schema in schemas:
        for arm in arms_of(schema):
            if not any(same(arm, each) for each in arms):  # to Python `False` is 0
                arms.append(arm)
    return arms[0] if len(arms) == 1 else {"anyOf": arms}


def arms_of(schema):
    """The schema as alternatives of one kind each."""
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [arm for each in schema[word] for arm in arms_of(each)]
    if "enum" in schema:
        by_kind = {}
        for value in schema["enum"]:
            by_kind.setdefault(kind_of(value), []).append(value)
        return [{"enum": values} for values in by_kind.values()]
    if isinstance(schema["type"], list):
        return [{"type": kind} for kind in schema["type"]]
    return [schema]


def kind_of(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return {str: "string", list: "array", dict: "object"}[type(value)]


def kind_of_arm(arm):
    return kind_of(arm["enum"][0]) if "enum" in arm else arm["type"]


def kinds(schema):
    return {kind_of_arm(arm) for arm in arms_of(schema)}


def draw_tagged(random, depth):
    """Objects that a required `k` tells apart."""
    arms = []
    for tag in random.sample(WORDS[:4], random.randint(2, 3)):
        fields = {name: draw_schema(random, depth - 1) for name in random.sample(NAMES, random.randint(1, 2))}
        arms.append(obj({"k": {"enum": [tag]}, **fields}, ["k", *(name for name in fields if random.random() < 0.7)]))
    return {random.choice(["anyOf", "oneOf"]): arms}


def tags_of(schema):
    """The arms of a tagged union by tag, or None."""
    arms = arms_of(schema)
    if len(arms) < 2 or any(kind_of_arm(arm) != "object" or "k" not in arm.get("required", ()) for arm in arms):
        return None
    tags = [arm["properties"]["k"].get("enum", ()) for arm in arms]
    is_tagged = all(len(each) == 1 for each in tags) and len({each[0] for each in tags}) == len(tags)
    return {each[0]: arm for each, arm in zip(tags, arms)} if is_tagged else None


def without(arm, name):
    """The objects of the arm that lack the property."""
    return obj({key: each for key, each in arm["properties"].items() if key != name}, arm["required"])


def draw_schema(random, depth=2):
    leaves = [
        lambda: {"enum": random.sample(WORDS[:4], random.randint(1, 3))},
        lambda: dict(STRING),
        lambda: dict(INTEGER),
        lambda: dict(BOOLEAN),
        lambda: {"enum": random.sample([0, 1, 2, 3], random.randint(1, 3))},
    ]
    composites = [
        lambda: obj(fields := {name: draw_schema(random, depth - 1) for name in random.sample(NAMES, random.randint(1, 3))},
                    [name for name in fields if random.random() < 0.6]),
        lambda: {"type": "array", "items": draw_schema(random, depth - 1), "maxItems": random.randint(1, 2)},
        lambda: union(draw_schema(random, depth - 1), NULL),
        lambda: union(draw_schema(random, depth - 1), draw_schema(random, depth - 1)),
        lambda: {"type": random.sample(["string", "integer", "boolean", "null"], 2)},
        lambda: draw_tagged(random, depth),
    ]
    return random.choice(leaves + composites * 2 if depth > 0 else leaves)()


def draw_value(random, schema):
    arm = random.choice(arms_of(schema))
    if "enum" in arm:
        return random.choice(arm["enum"])
    kind = arm["type"]
    if kind == "object":
        return {name: draw_value(random, each) for name, each in arm["properties"].items() if name in arm["required"] or random.random() < 0.5}
    if kind == "array":
        return [draw_value(random, arm["items"]) for _ in range(random.randint(0, arm["maxItems"]))]
    if kind == "string":
        return random.choice(WORDS)
    if kind == "integer":
        return random.randint(arm.get("minimum", -2), arm.get("maximum", 4))
    return random.choice([True, False]) if kind == "boolean" else None


def every_value(schema, limit):
    """All values, strings and integers by a few that stand for the rest, or None where there are more than `limit`."""
    values = []
    for arm in arms_of(schema):
        found = _values_of_arm(arm, limit)
        if found is None or len(values) + len(found) > limit:
            return None
        values += found
    return values


def _values_of_arm(arm, limit):
    if "enum" in arm:
        return list(arm["enum"])
    kind = arm["type"]
    if kind == "object":
        choices = []
        for name, each in arm["properties"].items():
            values = every_value(each, limit)
            if values is None:
                return None
            choices.append([(name, value) for value in values] + ([] if name in arm["required"] else [None]))
        return _product(choices, limit, lambda parts: dict(part for part in parts if part))
    if kind == "array":
        items = every_value(arm["items"], limit)
        if items is None:
            return None
        lists = [[]]
        for count in range(1, arm["maxItems"] + 1):
            more = _product([items] * count, limit, list)
            if more is None:
                return None
            lists += more
        return lists
    return {"string": WORDS, "integer": list(range(arm.get("minimum", -2), arm.get("maximum", 4) + 1)), "boolean": [True, False], "null": [None]}[kind]


def _product(choices, limit, make):
    size = 1
    for each in choices:
        size *= len(each)
    return [make(parts) for parts in itertools.product(*choices)] if size <= limit else None


def fits(schema, value):
    return any(_fits_arm(arm, value) for arm in arms_of(schema))


def _fits_arm(arm, value):
    if "enum" in arm:
        return any(same(each, value) for each in arm["enum"])
    kind = arm["type"]
    if kind != kind_of(value):
        return False
    if kind == "object":
        return (all(name in value for name in arm["required"]) and all(name in arm["properties"] and fits(arm["properties"][name], each) for name, each in value.items()))
    if kind == "array":
        return len(value) <= arm.get("maxItems", len(value)) and all(fits(arm["items"], item) for item in value)
    if kind == "integer":
        return arm.get("minimum", value) <= value <= arm.get("maximum", value)
    if kind == "string":
        return arm.get("minLength", 0) <= len(value) <= arm.get("maxLength", len(value))
    return True


def same(a, b):
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)
