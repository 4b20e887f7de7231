"""Draws small projects about presence: a few conditions over a few inputs, asked again and again in all the forms and places that a condition has, so that
what one stage says decides what another can read. Their inputs are few enough to try them all, and so are the failures of their agents."""
import itertools

from generate import Body, Project, Stage
from reference import Failure, World
from shapes import obj

INPUT = obj({"b": {"type": "boolean"}, "k": {"enum": ["ab", "b", "c"]}, "n": {"type": "integer", "minimum": 0, "maximum": 2}, "o": {"enum": ["x"]}}, ["b", "k", "n"])
AGENT = {"enum": ["done"]}


def field(name):
    return ("path", "input", [name])


CLAIMS = [
    ("has", field("o")), field("b"), ("bin", "==", field("k"), ("lit", "ab")), ("in", field("k"), ["ab", "b"]), ("bin", ">", field("n"), ("lit", 0)),
    ("bin", "<=", field("n"), ("lit", 1)), ("call", "startsWith", field("k"), [("lit", "a")]),
]


class PresenceProject(Project):
    """A project of which all runs are few."""


def every_world(project, inputs, agents):
    """All inputs with all outcomes of the agents."""
    for value in inputs:
        for answers in itertools.product([AGENT["enum"][0], Failure("provider")], repeat=len(agents)):
            yield World(value, {path: [answer] for path, answer in zip(agents, answers)})


def of_stage(id, *fields):
    return ("path", ("stage", id), list(fields))


class PresenceGenerator:
    def __init__(self, random):
        self.random = random
        self.count = 0
        self.claims = random.sample(CLAIMS, random.randint(1, 3))
        self.agents = {}
        self.fragile = 0

    def new_id(self):
        self.count += 1
        return f"s{self.count}"

    def one_of(self, *odds):
        """The index of one, by weight."""
        return self.random.choices(range(len(odds)), odds)[0]

    # Conditions

    def condition(self, stages):
        how = self.one_of(6, 2, 1, 1, 3)
        claim = self.random.choice(self.claims)
        if how == 1:
            claim = ("not", claim)
        elif how == 2:
            claim = self.random.choice([("bin", "==", claim, ("lit", True)), ("bin", "!=", claim, ("lit", True)), ("cond", claim, ("lit", False), ("lit", True)),
                                        ("bin", "==", ("cond", claim, ("lit", 1), ("lit", 2)), ("lit", 1))])
        elif how == 3:
            other = self.random.choice(self.claims)
            claim = (self.random.choice(["and", "or"]), [claim, ("not", other) if self.random.random() < 0.5 else other])
        elif how == 4 and stages:
            claim = self.about_stage(stages)
        return claim

    def about_stage(self, stages):
        id = self.random.choice(stages).id
        how = self.one_of(3, 2, 3, 1)
        if how == 0:
            claim = ("has", of_stage(id, "output"))
        elif how == 1:
            claim = ("has", of_stage(id, "error"))
        elif how == 2:
            claim = ("bin", "==", of_stage(id, "status"), ("lit", self.random.choice(["succeeded", "recovered", "tolerated", "skipped"])))
        else:
            claim = ("has", of_stage(id, "attempts"))
        return ("not", claim) if self.random.random() < 0.3 else claim

    # Values

    def read(self, stages):
        how = self.one_of(12, 1, 1, 1) if stages else 3
        if how == 3:
            return field("o")
        id = self.random.choice(stages).id
        return of_stage(id, *[["output"], ["error", "code"], ["attempts"]][how])

    def value(self, stages):
        read = self.read(stages)
        how = self.one_of(2, 2, 3, 1, 2)
        if how == 0:
            return read
        if how == 1:
            other = self.read(stages)
            return ("coalesce", [read, other] if self.random.random() < 0.6 else [read, ("lit", 0)])
        if how == 2:
            return ("cond", ("has", read), read, ("lit", 0)) if self.random.random() < 0.7 else ("cond", ("not", ("has", read)), ("lit", 0), read)
        if how == 3:
            return ("cond", self.condition(stages), *self.random.sample([read, ("lit", 0)], 2))
        return ("lit", self.random.randint(0, 3))

    # Stages

    def leaf(self, id, stages):
        how = self.one_of(5, 2 if self.fragile < 3 else 0, 1)
        if how == 1:
            self.fragile += 1
            self.agents["g"] = AGENT
            return Stage(id, "agent", agent="g")
        if how == 2:
            return Stage(id, "assert", value=self.condition(stages))
        return Stage(id, "transform", value=self.value(stages))

    def policy(self, stage, stages):
        if self.random.random() < 0.35:
            stage.if_ = self.condition(stages)
        how = self.one_of(7, 2, 1, 1)
        if stage.verb == "decide" and how > 1:
            return
        if how == 1:
            stage.on_error = "continue"
        elif how == 2:
            stage.on_error = ("value", self.value(stages))
        elif how == 3:
            inner = self.leaf(None, stages)
            if inner.verb != "agent" and self.random.random() < 0.3:
                inner.if_ = self.condition(stages)
            stage.on_error = ("fallback", Body([inner]))

    def body(self, stages):
        first = self.leaf(None, stages)
        if self.random.random() < 0.6:
            if self.random.random() < 0.4:
                self.policy(first, stages)
            return Body([first])
        first = self.leaf(self.new_id(), stages)
        self.policy(first, stages)
        second = self.leaf(self.new_id(), [*stages, first])
        return Body([first, second], self.value([first, second]))

    def decide(self, stages):
        """The decide, and the stages that it alone may choose."""
        id = self.new_id()
        condition = self.condition(stages)
        by_cases = self.random.random() < 0.3
        if self.random.random() < 0.4:
            routes = [self.body(stages) if self.random.random() < 0.8 else [] for _ in range(2)]
            if all(route == [] for route in routes):
                routes[0] = self.body(stages)
            chosen = []
        else:
            chosen = [self.leaf(self.new_id(), stages) for _ in range(self.random.randint(1, 2))]
            for stage in chosen:
                self.policy(stage, stages)
            routes = [[chosen[0].id], [stage.id for stage in chosen[1:]]]
            if self.random.random() < 0.2 and len(chosen) > 1:
                routes[0] = [stage.id for stage in chosen]
            self.random.shuffle(routes)
        decide = Stage(id, "decide", cases=[(condition, routes[0]), (None, routes[1])]) if by_cases else \
            Stage(id, "decide", value=condition, routes={True: routes[0], False: routes[1]})
        return decide, chosen

    def project(self):
        stages = []
        is_steps = self.random.random() < 0.15
        for _ in range(self.random.randint(1, 4)):
            if self.random.random() < 0.35:
                made, chosen = self.decide(stages)
                new = [made, *chosen]
            else:
                new = [self.leaf(self.new_id(), stages)]
            self.policy(new[0], stages)
            for stage in new:
                if stages and self.random.random() < 0.2:
                    stage.after = [self.random.choice(stages).id]
                if self.random.random() < 0.2:
                    stage.join = self.random.choice(["any", "settled"])
            stages += new
        return PresenceProject(INPUT, stages, self.value(stages), self.agents, is_steps, 1)
