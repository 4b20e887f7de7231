"""Runs a random project by the sentences of the language reference, one settled stage at a time: no queues, no counters.

A world is an input and the answers of the agents. What happens is told as the statuses of the stages, the run's status and output,
and the failures with their kinds: "absent" and "kind" are what a check promises to exclude, and so are "schema" and "no_output".
"""
from dataclasses import dataclass, field

from expressions import EvalError, evaluate, stage_reads
from shapes import fits, same  # noqa: F401

HAS_OUTPUT = ("succeeded", "recovered")


@dataclass
class Ending:
    status: str
    output: object = None
    has_output: bool = False
    error: object = None
    attempts: int = 0
    chosen: list = None
    printed: dict = None              # a command that ran to its end: `exit` and `stdout`
    reason: str = None


@dataclass
class Failure(Exception):
    code: str
    kind: str = ""
    message: str = ""
    printed: dict = None
    others: tuple = ()                # codes: of a body, what else failed in it, of which any may have been the first


@dataclass
class Run:
    status: str = "completed"
    output: object = None
    stages: dict = field(default_factory=dict)
    started: set = field(default_factory=set)         # stages that came past their `if`: one whose `if` fails has failed and never run
    failures: list = field(default_factory=list)      # (stage, Failure), of all stages that could fail
    surprises: list = field(default_factory=list)     # the same, also where a policy made good for it


def trees(tree):
    if isinstance(tree, dict):
        for each in tree.values():
            yield from trees(each)
    elif tree is not None:
        yield tree


def own_expressions(stage):
    """(expression, whether all its reads are soft) of the stage itself."""
    if stage.verb in ("transform", "tool"):
        yield from trees(stage.value)
    elif stage.value is not None:
        yield stage.value
    for condition, _ in stage.cases or []:
        if condition:
            yield condition
    if stage.if_:
        yield stage.if_
    if isinstance(stage.on_error, tuple) and stage.on_error[0] == "value":
        yield from trees(stage.on_error[1])


def bodies(stage):
    for _, route in stage.cases or []:
        if not isinstance(route, list):
            yield route
    for route in (stage.routes or {}).values():
        if not isinstance(route, list):
            yield route
    if isinstance(stage.on_error, tuple) and stage.on_error[0] == "fallback":
        yield stage.on_error[1]


def own_reads(stage):
    for expression in own_expressions(stage):
        yield from ((id, field, is_soft or field in ("status", "error")) for id, field, is_soft in stage_reads(expression))


def reads_of(stage):
    """(stage, field, is_soft) of the stage and of all inside it."""
    yield from own_reads(stage)
    for body in bodies(stage):
        for inner in body.stages:
            yield from reads_of(inner)
        for expression in trees(body.output):
            yield from stage_reads(expression)


def hard_dependencies(stage):
    """(stage, what is asked of it), each once."""
    found = dict.fromkeys((id, "after") for id in stage.after)
    found |= dict.fromkeys((id, "output" if field == "output" else "ran") for id, field, is_soft in own_reads(stage) if not is_soft)
    return list(found)


class Region:
    def __init__(self, run, stages, outer, world, is_steps=False, names=None):
        self.run, self.stages, self.outer, self.world, self.is_steps = run, stages, outer, world, is_steps
        self.endings = {}
        self.late = set()                 # stages that the run has failed before
        self.names = names or {stage.id: stage.id for stage in stages}

    def find(self, id):
        return self.endings.get(id) or (self.outer.find(id) if self.outer else None)

    def scope(self, error=None):
        error = error or self.world.error
        def read(root):
            if root == "input":
                return self.world.input
            if root == "error":
                return error
            return self.fields(self.find(root[1]))
        return read

    @staticmethod
    def fields(ending):
        if ending is None:
            return {}
        found = {"status": ending.status}
        if ending.has_output:
            found["output"] = ending.output
        if ending.error is not None:
            found["error"] = ending.error
        found |= ending.printed or {}
        if ending.attempts and ending.status in ("succeeded", "recovered", "tolerated"):
            found["attempts"] = ending.attempts
        return found

    def settle_all(self):
        waiting = list(self.stages)
        while waiting:
            ready = next(stage for stage in waiting if self.is_ready(stage, waiting))
            waiting.remove(ready)
            ending = Ending("cancelled") if self.waited_for_a_failure(ready) else self.ending_of(ready)
            self.endings[ready.id] = ending
            self.run.stages[self.names[ready.id]] = ending.status

    def waited_for_a_failure(self, stage):
        """Whether the run has failed before the stage can start: it waits for what failed, or for cleanup that did."""
        before = {id for id, _, _ in reads_of(stage)} | set(stage.after) | {each.id for each in self.stages if stage.id in self.targets(each)}
        if self.is_steps:
            before |= {each.id for each in self.stages[:self.stages.index(stage)][-1:]}
        is_late = any(id in self.late or self.endings[id].status in ("failed", "cancelled") for id in before & self.endings.keys())
        if is_late:
            self.late.add(stage.id)
        return is_late and stage.join != "settled"

    def is_ready(self, stage, waiting):
        ids = {each.id for each in waiting}
        if self.is_steps and stage is not waiting[0]:
            return False
        if any(id in ids for id, _, _ in reads_of(stage)) or any(id in ids for id in stage.after):
            return False
        return not any(stage.id in self.targets(each) for each in waiting)

    @staticmethod
    def targets(decide):
        routes = [route for _, route in decide.cases or []] + list((decide.routes or {}).values())
        return [id for route in routes if isinstance(route, list) for id in route]

    def ending_of(self, stage):
        deciders = [each for each in self.stages if stage.id in self.targets(each)]
        if deciders and not any(stage.id in (self.endings[each.id].chosen or []) for each in deciders):
            return Ending("skipped", reason="not_chosen")
        if not self.join_holds(stage):
            return Ending("skipped", reason="dependency")
        try:
            if stage.if_ and not self.condition(stage.if_):
                return Ending("skipped", reason="condition")
        except Failure as failure:
            return self.after_failure(stage, failure, 1)
        return self.attempt(stage)

    def join_holds(self, stage):
        hard = [self.holds(self.find(id), asked) for id, asked in hard_dependencies(stage)]
        if not hard or stage.join == "settled":
            return True
        return all(hard) if stage.join == "all" else any(hard)

    @staticmethod
    def holds(ending, asked):
        if asked == "output":
            return ending.has_output
        if asked == "ran":
            return ending.status in ("succeeded", "recovered", "tolerated")
        return ending.has_output or ending.status in ("succeeded", "recovered", "tolerated") or ending.reason == "condition"

    def attempt(self, stage):
        self.run.started.add(self.names[stage.id])
        for attempt in range(1, stage.retry + 2):
            try:
                ending = self.act(stage)
                ending.attempts = attempt
                return ending
            except Failure as failure:
                if failure.code != "timeout" or attempt > stage.retry:
                    return self.after_failure(stage, failure, attempt)
        raise AssertionError

    def after_failure(self, stage, failure, attempts):
        name = self.names[stage.id]
        if failure.kind:
            self.run.surprises.append((name, failure))
        error = {"code": failure.code}
        if stage.on_error == "continue":
            return Ending("tolerated", error=error, attempts=attempts, printed=failure.printed)
        if stage.on_error != "fail":
            how, what = stage.on_error
            try:
                if how == "value":
                    output = self.value(what, self.scope(error))
                    return self.choose(stage, Ending("recovered", output, True, error, attempts))
                inner = self.run_body(what, name, "fallback", error)
                if inner.has_output:
                    return self.choose(stage, Ending("recovered", inner.output, True, error, attempts))
                if inner.status == "tolerated":
                    return Ending("tolerated", error=error, attempts=attempts)
            except Failure as second:
                failure = second
                if failure.kind:
                    self.run.surprises.append((name, failure))
        self.run.failures.append((name, failure))
        return Ending("failed", error={"code": failure.code}, attempts=attempts)

    def choose(self, stage, ending):
        """What a recovered decide chooses by its output."""
        if stage.verb == "decide" and self.targets(stage):
            ending.chosen = self.route_of(stage, ending.output)
        return ending

    @staticmethod
    def route_of(stage, value):
        for key, route in stage.routes.items():
            if same(key, value):
                return route
        raise Failure("no_route", "no_route", f"{value!r}")

    def condition(self, expression):
        value = self.evaluate(expression, self.scope())
        if not isinstance(value, bool):
            raise Failure("expression", "kind", "a condition is no boolean")
        return value

    @staticmethod
    def evaluate(expression, scope):
        try:
            return evaluate(expression, scope)
        except EvalError as error:
            raise Failure("expression", error.kind, str(error)) from error

    def value(self, tree, scope):
        if isinstance(tree, dict):
            return {name: self.value(each, scope) for name, each in tree.items()}
        return self.evaluate(tree, scope)

    def act(self, stage):
        if stage.verb in ("transform", "tool"):
            value = self.value(stage.value, self.scope(self.world.error))
            return self.checked(stage, Ending("succeeded", self.taken(stage, value), True))
        if stage.verb == "agent":
            answer = self.world.answer(self.names[stage.id])
            if isinstance(answer, Failure):
                raise Failure(answer.code)
            return self.checked(stage, Ending("succeeded", answer, True))
        if stage.verb == "assert":
            if not self.condition(stage.value):
                raise Failure("assertion")
            return Ending("succeeded")
        if stage.verb in ("fail", "run"):
            self.evaluate(stage.value, self.scope(self.world.error))
            if stage.verb == "fail":
                raise Failure("assertion")
            return self.command(stage)
        return self.decide(stage)

    @staticmethod
    def command(stage):
        """It prints `ab` and a line end, and exits as the stage says."""
        printed = {"exit": stage.exit_code, "stdout": "ab\n"}
        if stage.exit_code != 0:
            raise Failure("exit", printed=printed)
        return Ending("succeeded", "ab", True, printed=printed)

    @staticmethod
    def taken(stage, value):
        """What a tool makes of its arguments: it fills in defaults, and holds the whole to its input."""
        if not stage.takes:
            return value
        filled = stage.filled | value
        dependent = stage.takes.get("dependentRequired", {})
        if not fits(stage.takes, filled) or any(needed not in filled for name in dependent if name in filled for needed in dependent[name]):
            raise Failure("schema", "schema", f"{filled!r}")
        return filled

    @staticmethod
    def checked(stage, ending):
        if stage.returns and not fits(stage.returns, ending.output):
            raise Failure("schema", "schema", f"{ending.output!r}")
        return ending

    def decide(self, stage):
        if stage.cases is not None:
            key = next((index for index, (condition, _) in enumerate(stage.cases) if condition is None or self.condition(condition)), None)
            if key is None:
                raise Failure("no_route", "no_route", "no case holds")
            route, value = stage.cases[key][1], key
        else:
            value = self.evaluate(stage.value, self.scope())
            route = self.route_of(stage, value)
            key = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
        if isinstance(route, list):
            is_by_id = bool(self.targets(stage))
            return Ending("succeeded", value if is_by_id else None, is_by_id, chosen=route)
        inner = self.run_body(route, self.names[stage.id], str(key), None)
        # A body of one stage gives its owner its status, with its error and the reason: where its own `if` skipped it, so it did to who waits for the owner.
        return Ending(inner.status, inner.output, inner.has_output, inner.error, attempts=1, reason=inner.reason)

    def run_body(self, body, owner, key, error):
        names = {stage.id: f"{owner}.{key}" if stage.id is None else f"{owner}.{stage.id}" for stage in body.stages}
        region = Region(self.run, body.stages, self, self.world.inside(error), names=names)
        before = len(self.run.failures)
        region.settle_all()
        failed = self.run.failures[before:]
        del self.run.failures[before:]
        if failed:
            raise Failure(failed[0][1].code, "", failed[0][1].message, others=tuple(failure.code for _, failure in failed[1:]))
        if body.output is None:
            return region.endings[body.stages[0].id]
        try:
            return Ending("succeeded", region.value(body.output, region.scope(error)), True)
        except Failure as failure:
            raise Failure("no_output", failure.kind, failure.message) from failure


@dataclass
class World:
    input: object
    answers: dict                     # stage path -> list of values and Failures
    error: object = None
    asked: dict = field(default_factory=dict)

    def answer(self, path):
        index = self.asked[path] = self.asked.get(path, -1) + 1
        entries = self.answers[path]
        return entries[index] if index < len(entries) else Failure("fixture")

    def inside(self, error):
        return World(self.input, self.answers, error or self.error, self.asked)


def run(project, world):
    world = World(world.input, world.answers)
    found = Run()
    region = Region(found, project.stages, None, world, project.is_steps)
    region.settle_all()
    if found.failures:
        found.status = "failed"
        return found
    try:
        found.output = region.value(project.output, region.scope())
    except Failure as failure:
        found.status = "failed"
        entry = ("output", Failure("no_output", failure.kind, failure.message))
        found.failures.append(entry)
        found.surprises.append(entry)
        return found
    if "tolerated" in found.stages.values():
        found.status = "partial"
    return found
