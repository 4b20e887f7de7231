"""Draws projects: one workflow over a typed input, of all the verbs that run, with unions, nullable values and optional fields.

A project of risk 0 is right by construction: whatever it reads is guarded where it may be absent or of another kind, in one of the
ways that the language reference names. At a higher risk guards are left out now and then. What a stage yields is told as a schema
that holds all of its outputs, so that what reads it is guarded as far as it must be.
"""
import json
from dataclasses import dataclass, field

from expressions import source
from reference import reads_of
from shapes import NULL, arms_of, draw_schema, draw_value, kind_of, kind_of_arm, kinds, obj, tags_of, union, without

DEFAULTS = {"string": "d", "integer": 0, "boolean": False, "array": [], "null": None, "object": None}
INT, TEXT, TRUTH = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}


@dataclass
class Stage:
    id: str
    verb: str
    value: object = None            # transform, tool: a tree of nodes; assert, fail, run: an expression; a decide's subject
    cases: list = None              # decide: [(condition, route)]
    routes: dict = None             # decide: value -> route
    default: object = None          # a route; None for none
    if_: object = None
    after: list = field(default_factory=list)
    join: str = "all"
    on_error: object = "fail"       # fail, continue, ("value", tree), ("fallback", body)
    retry: int = 0
    returns: object = None
    agent: str = None
    tool: str = "echo"
    takes: object = None            # tool: the schema of its input
    filled: dict = None             # tool: the defaults of its input
    exit_code: int = 0


@dataclass
class Body:
    stages: list
    output: object = None           # None: one stage in place


@dataclass
class Project:
    input: dict
    stages: list
    output: object
    agents: dict
    is_steps: bool = False
    risk: float = 0
    tools: dict = field(default_factory=dict)


@dataclass
class Readable:
    path: tuple
    schema: dict
    is_there: bool                  # whether a plain read is safe


class Generator:
    def __init__(self, random, risk):
        self.random, self.risk = random, risk
        self.count = 0
        self.agents = {}
        self.tools = {}
        self.unsure = set()             # stages that may be without an output in a run that goes on

    def risky(self):
        return self.random.random() < self.risk

    def new_id(self, prefix="s"):
        self.count += 1
        return f"{prefix}{self.count}"

    # Expressions. Each yields (node, schema of all that it can be).

    def default(self, kind):
        # An empty list has no items, and those of other lists are not compared with what it might have had: `E003` calls that a slip.
        return ("lit", DEFAULTS[kind]), {"enum": [DEFAULTS[kind]]} if kind not in ("array",) else {"type": "array", "items": NULL, "maxItems": 0}

    def read(self, readables, want=None):
        """A read of what is of one of the wanted kinds, guarded, or a literal."""
        candidates = [each for each in readables if want is None or any(self.reaches(each.schema, want, 3))]
        fallback = self.default(self.random.choice(sorted(want)) if want else "string")
        if not candidates:
            return fallback
        chosen = self.random.choice(candidates)
        path, schema = chosen.path, chosen.schema
        guards = [] if chosen.is_there else [("has", path)]
        for _ in range(3):
            objects = [arm for arm in arms_of(schema) if kind_of_arm(arm) == "object" and arm.get("properties")]
            tags = tags_of(schema)
            if tags and self.random.random() < 0.5:
                tag = self.random.choice(sorted(tags))
                if not want or any(self.reaches(tags[tag], want, 3)):
                    guards.append(("bin", "==", ("path", path[1], [*path[2], "k"]), ("lit", tag)))
                    schema, objects = tags[tag], [tags[tag]]
            if not objects or (want and kinds(schema) & want and self.random.random() < 0.4) or (not want and self.random.random() < 0.3):
                break
            arm = self.random.choice(objects)
            names = [name for name in arm["properties"] if not want or any(self.reaches(arm["properties"][name], want, 3))] or list(arm["properties"])
            name = self.random.choice(sorted(names))
            holders = [each for each in objects if name in each["properties"]]
            deeper = ("path", path[1], [*path[2], name])
            if kinds(schema) == {"object", "null"} and len(objects) == len(holders) and all(name in each["required"] for each in holders) and self.random.random() < 0.6:
                guards.append(("bin", "!=", path, ("lit", None)) if self.random.random() < 0.7 else ("is", path, "object"))
            elif kinds(schema) != {"object"} or len(objects) != len(holders) or not all(name in each["required"] for each in holders):
                guards.append(("has", deeper))
            path, schema = deeper, union(*(each["properties"][name] for each in holders))
        if want and not kinds(schema) <= want:
            left = sorted(kinds(schema) & want)
            if not left:
                return fallback
            if kinds(schema) - want == {"null"} and self.random.random() < 0.6:
                guards.append(("bin", "!=", path, ("lit", None)))
                schema = union(*(arm for arm in arms_of(schema) if kind_of_arm(arm) != "null"))
            else:
                kind = self.random.choice(left)
                guards.append(("is", path, kind))
                schema = union(*(arm for arm in arms_of(schema) if kind_of_arm(arm) == kind))
        guards = [guard for guard in guards if not self.risky()]
        if not guards:
            return path, schema
        default, default_schema = self.default(sorted(kinds(schema))[0])
        return self.guarded(guards, path, default), union(schema, default_schema)

    def reaches(self, schema, want, depth):
        for arm in arms_of(schema):
            if kind_of_arm(arm) in want:
                yield True
            elif depth and kind_of_arm(arm) == "object":
                for each in arm.get("properties", {}).values():
                    yield from self.reaches(each, want, depth - 1)

    def guarded(self, guards, value, default):
        if len(guards) == 1 and guards[0] == ("has", value) and self.random.random() < 0.6:
            if len(value[2]) > (1 if value[1] == "input" else 2) and self.random.random() < 0.4:
                return ("orvalue", value, default)
            return ("coalesce", [value, default])
        condition = guards[0] if len(guards) == 1 else ("and", guards)
        if self.random.random() < 0.25:
            return ("cond", ("not", condition), default, value)
        return ("cond", condition, value, default)

    def expression(self, readables, want, depth=2):
        """`want`: one kind, or None for any."""
        if want is None:
            return self.read(readables) if depth <= 0 or self.random.random() < 0.6 else self.expression(readables, self.random.choice(["string", "integer", "boolean", "array"]), depth)
        if depth > 0 and self.random.random() < 0.65:
            if self.random.random() < 0.2:
                then, other = self.expression(readables, want, depth - 1), self.expression(readables, want, depth - 1)
                return ("cond", self.truth(readables, depth - 1), then[0], other[0]), union(then[1], other[1])
            found = {"string": self.text, "integer": self.number, "boolean": lambda r, d: (self.truth(r, d), TRUTH), "array": self.items}[want](readables, depth)
            if found:
                return found
        return self.read(readables, {want})

    def text(self, readables, depth):
        how = self.random.randrange(4)
        if how == 0:
            return ("bin", "+", self.expression(readables, "string", depth - 1)[0], self.expression(readables, "string", depth - 1)[0]), TEXT
        if how == 1:
            return ("call", "upperAscii", self.expression(readables, "string", depth - 1)[0], []), TEXT
        if how == 2:
            return ("text", self.expression(readables, self.random.choice(["integer", "string", "boolean"]), depth - 1)[0]), TEXT
        return None

    def number(self, readables, depth):
        how = self.random.randrange(4)
        if how == 0:
            return ("size", self.expression(readables, self.random.choice(["string", "array"]), depth - 1)[0]), INT
        if how == 1:
            return ("bin", self.random.choice(["+", "-", "*"]), self.expression(readables, "integer", depth - 1)[0], ("lit", self.random.randint(0, 3))), INT
        return None

    def items(self, readables, depth):
        if self.random.random() < 0.3:
            parts = [self.expression(readables, "integer", depth - 1) for _ in range(self.random.randint(1, 2))]
            return ("list", [node for node, _ in parts]), {"type": "array", "items": union(*(schema for _, schema in parts)), "maxItems": 2}
        if self.random.random() < 0.1:
            limit = self.random.randint(1, 2)
            return ("call", "split", self.expression(readables, "string", depth - 1)[0], [("lit", "a"), ("lit", limit)]), {"type": "array", "items": TEXT, "maxItems": limit}
        over, schema = self.read(readables, {"array"})
        if kinds(schema) != {"array"}:
            return over, schema
        item = union(*(arm.get("items", NULL) for arm in arms_of(schema)))
        most = max(arm.get("maxItems", 2) for arm in arms_of(schema))
        inner = [*readables, Readable(("path", "v", []), item, True)]
        how = self.random.random()
        if how < 0.2:
            return ("cond", ("bin", ">=", ("size", over), ("lit", 1)), ("call", "slice", over, [("lit", 0), ("lit", 1)]), over), {"type": "array", "items": item, "maxItems": 1}
        if how < 0.6:
            body, body_schema = self.expression(inner, self.random.choice(["string", "integer", "boolean"]), depth - 1)
            return ("macro", "map", over, "v", body), {"type": "array", "items": body_schema, "maxItems": most}
        return ("macro", "filter", over, "v", self.truth(inner, depth - 1)), {"type": "array", "items": item, "maxItems": most}

    def truth(self, readables, depth):
        random = self.random
        how = random.randrange(9)
        if how == 0:
            return ("bin", random.choice(["<", "<=", ">", ">=", "==", "!="]), self.expression(readables, "integer", depth - 1)[0], ("lit", random.randint(0, 3)))
        if how == 1:
            node, schema = self.read(readables)
            return ("bin", random.choice(["==", "!="]), node, ("lit", draw_value(random, schema)))
        if how == 2:
            node, schema = self.read(readables)
            return ("in", node, [draw_value(random, schema) for _ in range(2)])
        if how == 3:
            return ("call", random.choice(["startsWith", "contains"]), self.expression(readables, "string", depth - 1)[0], [("lit", random.choice(["a", "x", ""]))])
        if how == 4:
            paths = [path for each in readables for path in self.optional_paths(each)]
            if paths:
                return ("has", random.choice(paths))
        if how == 5 and depth > 0:
            return (random.choice(["and", "or"]), [self.truth(readables, depth - 1), self.truth(readables, depth - 1)])
        if how == 6 and depth > 0:
            return ("not", self.truth(readables, depth - 1))
        if how == 7 and depth > 0:
            over, schema = self.read(readables, {"array"})
            item = union(*(arm.get("items", NULL) for arm in arms_of(schema)))
            return ("macro", random.choice(["exists", "all"]), over, "v", self.truth([*readables, Readable(("path", "v", []), item, True)], depth - 1))
        return self.read(readables, {"boolean"})[0]

    def optional_paths(self, readable):
        for arm in arms_of(readable.schema):
            for name in arm.get("properties", {}):
                yield ("path", readable.path[1], [*readable.path[2], name])

    def tree(self, readables):
        if self.random.random() < 0.25:
            parts = {name: self.expression(readables, None) for name in self.random.sample(["f", "g", "h"], self.random.randint(1, 2))}
            return {name: node for name, (node, _) in parts.items()}, obj({name: schema for name, (_, schema) in parts.items()}, list(parts))
        return self.expression(readables, self.random.choice([None, None, "string", "integer", "boolean", "array"]))

    # What a condition tells about what it speaks of: (condition, readables where it holds, readables where it does not).

    def guard(self, readables):
        random = self.random
        options = []
        for each in readables:
            if not each.is_there or each.path[1] == "error":
                continue
            base = ("path", each.path[1], each.path[2])
            self.guards_of(base, each.schema, options)
        if not options:
            return None
        condition, yes, no = random.choice(options)
        if random.random() < 0.2:
            condition, yes, no = ("not", condition), no, yes
        return condition, [*readables, *yes], [*readables, *no]

    def guards_of(self, path, schema, options):
        there = len(arms_of(schema)) > 1
        if there and "null" in kinds(schema):
            rest = union(*(arm for arm in arms_of(schema) if kind_of_arm(arm) != "null"))
            options.append((("bin", "!=", path, ("lit", None)), [Readable(path, rest, True)], [Readable(path, NULL, True)]))
            options.append((("bin", "==", path, ("lit", None)), [Readable(path, NULL, True)], [Readable(path, rest, True)]))
        if there:
            kind = self.random.choice(sorted(kinds(schema)))
            options.append((("is", path, kind), [Readable(path, union(*(arm for arm in arms_of(schema) if kind_of_arm(arm) == kind)), True)], []))
        if kinds(schema) == {"string"} and all("enum" in arm for arm in arms_of(schema)):
            values = [value for arm in arms_of(schema) for value in arm["enum"]]
            some = self.random.sample(values, self.random.randint(1, len(values)))
            rest = [value for value in values if value not in some]
            condition = ("in", path, some) if self.random.random() < 0.5 or len(some) > 1 else ("bin", "==", path, ("lit", some[0]))
            if rest:
                options.append((condition, [Readable(path, {"enum": some}, True)], [Readable(path, {"enum": rest}, True)]))
        tags = tags_of(schema)
        if tags:
            tag = self.random.choice(sorted(tags))
            rest = union(*(arm for each, arm in tags.items() if each != tag))
            options.append((("bin", "==", ("path", path[1], [*path[2], "k"]), ("lit", tag)), [Readable(path, tags[tag], True)], [Readable(path, rest, True)]))
            name = self.random.choice(sorted({name for arm in tags.values() for name in arm["properties"]} - {"k"}))
            holders = [arm for arm in tags.values() if name in arm["properties"]]
            lacking = [without(arm, name) for arm in tags.values() if name not in arm["required"]]
            if lacking:
                options.append((("has", ("path", path[1], [*path[2], name])),
                                [Readable(path, union(*(obj(arm["properties"], [*arm["required"], name]) for arm in holders)), True)],
                                [Readable(path, union(*lacking), True)]))
        if kinds(schema) == {"object"} and len(arms_of(schema)) == 1:
            for name, each in arms_of(schema)[0]["properties"].items():
                deeper = ("path", path[1], [*path[2], name])
                if name not in arms_of(schema)[0]["required"]:
                    options.append((("has", deeper), [Readable(deeper, each, True)], []))
                else:
                    self.guards_of(deeper, each, options)

    # Stages. Each yields (stage, schema of its output or None, whether a run that goes on has the output).

    def leaf(self, id, readables):
        """One stage without failure policy: transform, agent or echo."""
        if self.random.random() < 0.35:
            returns = draw_schema(self.random)
            agent = self.new_id("g")
            self.agents[agent] = returns
            return Stage(id, "agent", agent=agent), returns
        if self.random.random() < 0.1:
            return self.echo(id, readables)
        tree, schema = self.tree(readables)
        stage = Stage(id, "transform", value=tree)
        if self.random.random() < 0.3:
            stage.returns = self.mutate(schema) if self.risky() else schema
        return stage, stage.returns or schema

    def echo(self, id, readables):
        """It yields its arguments; where it has an input, with the defaults of that."""
        parts = {name: self.expression(readables, None) for name in self.random.sample(["f", "g"], self.random.randint(1, 2))}
        stage = Stage(id, "tool", value={name: node for name, (node, _) in parts.items()})
        given = {name: schema for name, (_, schema) in parts.items()}
        if self.random.random() < 0.4:
            return stage, obj(given, list(given))
        default_schema = draw_schema(self.random, 0)
        stage.filled = {"h": draw_value(self.random, default_schema)}
        taken = {name: self.mutate(schema) if self.risky() else schema for name, schema in given.items()}
        stage.takes = obj(taken | {"h": default_schema | {"default": stage.filled["h"]}}, [*given, "h"])
        if self.risky():
            stage.takes["dependentRequired"] = {"h": ["g"]}
            stage.takes["properties"].setdefault("g", {"type": "string"})
        stage.tool = self.new_id("t")
        self.tools[stage.tool] = stage.takes
        return stage, obj(given | {"h": {"enum": [stage.filled["h"]]}}, [*given, "h"])

    def mutate(self, schema):
        """The schema with less allowed somewhere."""
        arms = arms_of(schema)
        if len(arms) == 1 and "properties" in arms[0] and arms[0]["properties"]:
            name = self.random.choice(list(arms[0]["properties"]))
            return {**arms[0], "properties": {**arms[0]["properties"], name: self.mutate(arms[0]["properties"][name])}}
        if len(arms) == 1 and "items" in arms[0] and self.random.random() < 0.7:
            return {**arms[0], "items": self.mutate(arms[0]["items"])} if self.random.random() < 0.5 else {**arms[0], "maxItems": max(arms[0]["maxItems"] - 1, 0)}
        if len(arms) == 1 and arms[0] in (INT, TEXT) and self.random.random() < 0.5:
            return {**INT, "minimum": 0} if arms[0] == INT else {**TEXT, "minLength": 1}
        if len(arms) > 1:
            return union(*self.random.sample(arms, len(arms) - 1))
        if "enum" in arms[0] and len(arms[0]["enum"]) > 1:
            return {"enum": arms[0]["enum"][:-1]}
        return {"type": "boolean"} if kind_of_arm(arms[0]) != "boolean" else {"type": "string"}

    def body(self, readables, owner):
        readables = [each for each in readables if each.path[1][0] != "stage" or each.path[1][1] not in self.unsure]
        if self.random.random() < 0.7:
            stage, schema = self.leaf(None, readables)
            return Body([stage]), schema, True
        first, schema = self.leaf(self.new_id(), readables)
        inner = Readable(("path", ("stage", first.id), ["output"]), schema, True)
        second, second_schema = self.leaf(self.new_id(), [*readables, inner])
        is_sure = True
        if self.random.random() < 0.4:
            second.if_ = self.truth(readables, 1)
            is_sure = False
        output, output_schema = self.expression([inner, Readable(("path", ("stage", second.id), ["output"]), second_schema, is_sure)], None)
        return Body([first, second], output), output_schema, True

    def decide(self, id, readables, can_route):
        how = self.random.randrange(3)
        if how == 0:
            found = self.guard(readables)
            if found:
                condition, yes, no = found
                routes, schemas = {}, []
                for key, there in ((True, yes), (False, no)):
                    routes[key], schema, _ = self.body(there, id)
                    schemas.append(schema)
                return Stage(id, "decide", value=condition, routes=routes), union(*schemas), True
        if how == 1:
            found = self.guard(readables)
            if found:
                condition, yes, no = found
                then, then_schema, _ = self.body(yes, id)
                other, other_schema, _ = self.body(no, id)
                cases = [(condition, then), (None, other)]
                is_sure = True
                if self.risky():
                    cases.pop()
                    is_sure = False
                return Stage(id, "decide", cases=cases), union(then_schema, other_schema), is_sure
        tagged = [each for each in readables if each.is_there and tags_of(each.schema)]
        if tagged and self.random.random() < 0.5:
            return self.decide_by_tag(id, readables, self.random.choice(tagged))
        enums = [each for each in readables if each.is_there and all("enum" in arm for arm in arms_of(each.schema)) and kinds(each.schema) <= {"string", "integer"}]
        if not enums:
            return None
        subject = self.random.choice(enums)
        values = [value for arm in arms_of(subject.schema) for value in arm["enum"]]
        routes, schemas = {}, []
        for value in values[:len(values) - (1 if self.risky() and len(values) > 1 else 0)]:
            narrowed = [each for each in readables if each.path != subject.path] + [Readable(subject.path, {"enum": [value]}, True)]
            routes[value], schema, _ = self.body(narrowed, id)
            schemas.append(schema)
        return Stage(id, "decide", value=subject.path, routes=routes), union(*schemas), True

    def decide_by_tag(self, id, readables, union_of_tags):
        routes, schemas = {}, []
        path = union_of_tags.path
        for tag, arm in tags_of(union_of_tags.schema).items():
            routes[tag], schema, _ = self.body([each for each in readables if each.path != path] + [Readable(path, arm, True)], id)
            schemas.append(schema)
        return Stage(id, "decide", value=("path", path[1], [*path[2], "k"]), routes=routes), union(*schemas), True

    def stage(self, readables, asserted):
        """Yields (stage, output schema or None, is_sure); a decide by id is made in `project`."""
        random = self.random
        id = self.new_id()
        how = random.random()
        found = None
        is_sure = True
        if_ = None
        here = readables
        if random.random() < 0.25:
            guard = self.guard(readables) if random.random() < 0.7 else None
            if guard:
                if_, here, _ = guard
            else:
                if_ = self.truth(readables, 1)
            is_sure = False
        if how < 0.25:
            found = self.decide(id, here, False)
        elif how < 0.33:
            return self.assertion(id, readables, asserted)
        elif how < 0.36:
            return Stage(id, "fail", value=self.expression(here, "string")[0], if_=if_ or self.truth(readables, 1), on_error=random.choice(["fail", "continue"])), None, False
        elif how < 0.41:
            stage = Stage(id, "run", value=self.expression(here, "string")[0], exit_code=random.choice([0, 0, 3]), if_=if_)
            stage.on_error = "continue" if random.random() < 0.5 else "fail"
            return stage, TEXT, if_ is None and stage.on_error == "fail"
        if found is None:
            stage, schema = self.leaf(id, here)
        else:
            stage, schema, sure = found
            is_sure = is_sure and sure
        stage.if_ = if_
        policy = random.random()
        if policy < 0.12:
            stage.on_error = "continue"
            is_sure = False
        elif policy < 0.22:
            tree, other = self.tree([each for each in here if each.path[1] == "input"])
            stage.on_error = ("value", tree)
            schema = union(schema, other)
        elif policy < 0.30:
            inner = [*here, Readable(("path", "error", ["code"]), {"type": "string"}, True)]
            body, other, _ = self.body(inner, id)
            stage.on_error = ("fallback", body)
            schema = union(schema, other)
        if stage.verb == "agent" and random.random() < 0.2:
            stage.retry = 1
        return stage, schema, is_sure

    def assertion(self, id, readables, asserted):
        found = self.guard(readables)
        condition, there, _ = found or (self.truth(readables, 1), readables, None)
        stage = Stage(id, "assert", value=condition)
        if self.random.random() < 0.25:
            stage.on_error = "continue"
        else:
            asserted.append((id, there[len(readables):]))
        return stage, None, False

    def project(self):
        random = self.random
        names = random.sample(["k", "n", "o", "z"], random.randint(1, 3))
        input_schema = obj({name: draw_schema(random) for name in names}, [name for name in names if random.random() < 0.6])
        base = [Readable(("path", "input", []), input_schema, True)]
        base += [Readable(("path", "input", [name]), each, True) for name, each in input_schema["properties"].items() if name in input_schema["required"]]
        stages, outputs, asserted = [], [], []
        is_steps = random.random() < 0.15
        for _ in range(random.randint(1, 5)):
            readables = base + [Readable(path, schema, True) for path, schema, _ in outputs] + self.extras(stages)
            after = []
            if asserted and random.random() < 0.5:
                id, narrowed = random.choice(asserted)
                after.append(id)
                readables = readables + narrowed
            join = "all"
            if random.random() < 0.1:
                join = random.choice(["any", "settled"])
                readables = base + [Readable(path, schema, False) for path, schema, _ in outputs]
            stage, schema, is_sure = self.stage(readables, asserted)
            stage.join, stage.after = join, after + ([random.choice(stages).id] if stages and random.random() < 0.15 else [])
            is_sure = is_sure and not stage.after and not any(id in self.unsure for id, _, is_soft in reads_of(stage) if not is_soft)
            if not is_sure:
                self.unsure.add(stage.id)
            stages.append(stage)
            if schema is not None:
                outputs.append((("path", ("stage", stage.id), ["output"]), schema, is_sure))
        if random.random() < 0.3:
            self.add_routes(stages, outputs, base)
        output, _ = self.tree(base + [Readable(*each) for each in outputs])
        return Project(input_schema, stages, output, self.agents, is_steps, self.risk, self.tools)

    def extras(self, stages):
        return list(self._extras(stages))

    def _extras(self, stages):
        """Fields of stages beside their outputs."""
        for stage in self.random.sample(stages, min(2, len(stages))):
            yield Readable(("path", ("stage", stage.id), ["status"]), {"type": "string"}, True)
            yield Readable(("path", ("stage", stage.id), ["error", "code"]), {"type": "string"}, False)
            if stage.verb == "run":
                yield Readable(("path", ("stage", stage.id), ["exit"]), INT, False)
                yield Readable(("path", ("stage", stage.id), ["stdout"]), TEXT, False)
            if stage.verb == "decide" and stage.routes and self.random.random() < 0.3:
                yield Readable(("path", ("stage", stage.id), ["attempts"]), {"type": "integer"}, False)

    def add_routes(self, stages, outputs, base):
        """A decide to ids: two new stages, which it routes to by a condition or an enum."""
        found = self.guard(base)
        if not found:
            return
        condition, yes, no = found
        decide = Stage(self.new_id(), "decide", value=condition)
        stages.append(decide)
        outputs.append((("path", ("stage", decide.id), ["output"]), TRUTH, True))
        targets = []
        for there in (yes, no):
            stage, schema = self.leaf(self.new_id(), there)
            stages.append(stage)
            outputs.append((("path", ("stage", stage.id), ["output"]), schema, False))
            targets.append([stage.id])
        decide.routes = {True: targets[0], False: targets[1]}


# As a manifest.

def expression_field(node):
    return source(node)


def value_field(tree):
    if isinstance(tree, dict):
        return {name: value_field(each) for name, each in tree.items()}
    return tree[1] if tree[0] == "lit" else "${" + source(tree) + "}"


def body_field(body):
    if isinstance(body, list):
        return body
    if body.output is None:
        return stage_field(body.stages[0])
    return {"stages": {stage.id: stage_field(stage) for stage in body.stages}, "output": value_field(body.output)}


def stage_field(stage):
    fields = {}
    if stage.verb == "transform":
        fields["transform"] = value_field(stage.value)
    elif stage.verb == "agent":
        fields |= {"agent": stage.agent, "timeout": "20s"}
    elif stage.verb == "tool":
        fields |= {"tool": stage.tool, "with": value_field(stage.value)}
    elif stage.verb == "fail":
        fields["fail"] = value_field(stage.value)
    elif stage.verb == "run":
        fields |= {"run": ["sh", "-c", f"printf 'ab\\n'; exit {stage.exit_code}", "sh", value_field(stage.value)], "effect": "read", "timeout": "20s"}
    elif stage.verb == "assert":
        fields["assert"] = expression_field(stage.value)
    elif stage.cases is not None:
        fields["decide"] = [({"when": expression_field(condition)} if condition else {}) | {"goto": body_field(route)} for condition, route in stage.cases]
    else:
        fields |= {"decide": expression_field(stage.value), "routes": {key: body_field(route) for key, route in stage.routes.items()}}
    if stage.default is not None:
        fields["default"] = body_field(stage.default)
    if stage.if_:
        fields["if"] = expression_field(stage.if_)
    if stage.after:
        fields["after"] = stage.after
    if stage.join != "all":
        fields["join"] = stage.join
    if stage.on_error == "continue":
        fields["on_error"] = "continue"
    elif stage.on_error != "fail":
        how, what = stage.on_error
        fields["on_error"] = {how: value_field(what) if how == "value" else body_field(what)}
    if stage.retry:
        fields["retry"] = {"max": stage.retry, "on": ["timeout"], "backoff": {"initial": "1ms", "jitter": False}}
    if stage.returns:
        fields["returns"] = stage.returns
    return fields


def manifest(project):
    stages = [stage_field(stage) | {"id": stage.id} for stage in project.stages] if project.is_steps else {stage.id: stage_field(stage) for stage in project.stages}
    document = {
        "wfc": 1,
        "security": {"allow": {"exec": ["sh"], "llm": ["default"]}},
        "models": {"default": [{"provider": "scripted", "fixture": "answers.yaml"}]},
        "agents": {id: {"system": "x", "returns": schema} for id, schema in project.agents.items()},
        "tools": {id: {"builtin": "echo", "input": schema} for id, schema in project.tools.items()},
        "workflows": {"w": {"input": project.input, "output": value_field(project.output), "steps" if project.is_steps else "stages": stages}},
    }
    if not project.agents:
        del document["agents"], document["models"]
    if not project.tools:
        del document["tools"]
    return "\n".join(f"{key}: {flow(each)}" for key, each in document.items()) + "\n"


def flow(value):
    """As a YAML flow collection: JSON, but that the keys of `routes` keep their types."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    return json.dumps(value)
