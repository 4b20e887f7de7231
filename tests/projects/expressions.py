"""The part of the expression language that the random projects use: nodes are tuples, printed as source, and evaluated the slow way.

  ("lit", V)  ("path", ROOT, FIELDS)  ("has", PATH)  ("orvalue", PATH, D)  ("coalesce", [E])  ("bin", OP, A, B)  ("and"|"or", [E])
  ("not", A)  ("cond", C, A, B)  ("in", A, [V])  ("size", A)  ("is", A, KIND)  ("call", NAME, A, [ARGS])  ("macro", NAME, A, VAR, BODY)
  ("list", [E])  ("text", A)
ROOT is "input", a macro's variable, "error", or ("stage", ID); a stage's first field is one of its own, such as `output`.
"""
import json

from shapes import kind_of, same

TYPE_NAMES = {"null": "null_type", "boolean": "bool", "integer": "int", "string": "string", "array": "list", "object": "map"}


class EvalError(Exception):
    """`kind`: "absent" for what is not there, "kind" for an operation that its operand's kind has not, "value" for the rest."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind


def literal(value):
    if isinstance(value, str):
        return "'" + value + "'"
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    return json.dumps(value)


def source(node):
    op = node[0]
    if op == "lit":
        return literal(node[1])
    if op == "path":
        root = node[1] if isinstance(node[1], str) else "stages." + node[1][1]
        return ".".join([root, *node[2]])
    if op == "has":
        return f"has({source(node[1])})"
    if op == "orvalue":
        path = node[1]
        return f"{source((*path[:2], path[2][:-1]))}.?{path[2][-1]}.orValue({source(node[2])})"
    if op == "coalesce":
        return "coalesce(" + ", ".join(source(each) for each in node[1]) + ")"
    if op == "bin":
        return f"({source(node[2])} {node[1]} {source(node[3])})"
    if op in ("and", "or"):
        return "(" + {"and": " && ", "or": " || "}[op].join(source(each) for each in node[1]) + ")"
    if op == "not":
        return f"!({source(node[1])})"
    if op == "cond":
        return f"({source(node[1])} ? {source(node[2])} : {source(node[3])})"
    if op == "in":
        return f"({source(node[1])} in {literal(node[2])})"
    if op == "size":
        return f"size({source(node[1])})"
    if op == "is":
        return f"(type({source(node[1])}) == {TYPE_NAMES[node[2]]})"
    if op == "call":
        return f"{source(node[2])}.{node[1]}({', '.join(source(each) for each in node[3])})"
    if op == "macro":
        return f"{source(node[2])}.{node[1]}({node[3]}, {source(node[4])})"
    if op == "list":
        return "[" + ", ".join(source(each) for each in node[1]) + "]"
    return f"text({source(node[1])})"


def render(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), sort_keys=True)


def evaluate(node, scope):
    """`scope(root)` yields a dict of what is there under a root."""
    return EVALUATORS[node[0]](node, scope)


def _path(node, scope):
    value = scope(node[1])
    for place, field in enumerate(node[2]):
        if not isinstance(value, dict):
            raise EvalError("absent" if value is None else "kind", f"{source((*node[:2], node[2][:place]))} is {kind_of(value)}")
        if field not in value:
            raise EvalError("absent", source((*node[:2], node[2][:place + 1])))
        value = value[field]
    return value


def _present(path, scope):
    value = scope(path[1])
    for field in path[2]:
        if not isinstance(value, dict) or field not in value:
            return False
        value = value[field]
    return True


def _coalesce(node, scope):
    for each in node[1]:
        if each[0] != "path" or _present(each, scope):
            return evaluate(each, scope)
    raise EvalError("absent", source(node))


def _binary(node, scope):
    left, right = evaluate(node[2], scope), evaluate(node[3], scope)
    op = node[1]
    if op in ("==", "!="):
        return same(left, right) == (op == "==")
    kinds = kind_of(left), kind_of(right)
    if kinds[0] != kinds[1] or kinds[0] not in ("integer", "string") + (("array",) if op == "+" else ("boolean",) if op in ("<", "<=", ">", ">=") else ()):
        raise EvalError("kind", f"{kinds[0]} {op} {kinds[1]}")
    if op == "-" or op == "*":
        if kinds[0] != "integer":
            raise EvalError("kind", f"{kinds[0]} {op} {kinds[1]}")
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "<": lambda: left < right,
            "<=": lambda: left <= right, ">": lambda: left > right, ">=": lambda: left >= right}[op]()


def _junction(node, scope):
    decides = node[0] == "or"
    failure = None
    for each in node[1]:
        try:
            value = evaluate(each, scope)
            if not isinstance(value, bool):
                raise EvalError("kind", f"{kind_of(value)} as a condition")
            if value == decides:
                return decides
        except EvalError as error:
            failure = failure or error
    if failure:
        raise failure
    return not decides


def _condition(node, scope):
    value = evaluate(node, scope)
    if not isinstance(value, bool):
        raise EvalError("kind", f"{kind_of(value)} as a condition")
    return value


def _size(node, scope):
    value = evaluate(node[1], scope)
    if kind_of(value) not in ("string", "array", "object"):
        raise EvalError("kind", f"size of {kind_of(value)}")
    return len(value)


def _call(node, scope):
    value = evaluate(node[2], scope)
    arguments = [evaluate(each, scope) for each in node[3]]
    if node[1] == "slice":
        if kind_of(value) != "array":
            raise EvalError("kind", f"{kind_of(value)}.slice")
        if arguments[1] > len(value):
            raise EvalError("value", "slice")
        return value[arguments[0]:arguments[1]]
    if node[1] == "split" and kind_of(value) == "string":
        return value.split(arguments[0], arguments[1] - 1)
    if any(kind_of(each) != "string" for each in [value, *arguments]):
        raise EvalError("kind", f"{kind_of(value)}.{node[1]}")
    return {"contains": lambda: arguments[0] in value, "startsWith": lambda: value.startswith(arguments[0]),
            "upperAscii": value.upper}[node[1]]()


def _macro(node, scope):
    value = evaluate(node[2], scope)
    if kind_of(value) not in ("array", "object"):
        raise EvalError("kind", f"{node[1]} over {kind_of(value)}")
    items = value if isinstance(value, list) else sorted(value)
    if node[1] == "map":
        return [evaluate(node[4], _bound(scope, node[3], item)) for item in items]
    if node[1] == "filter":
        return [item for item in items if _condition(node[4], _bound(scope, node[3], item))]
    decides = node[1] == "exists"
    failure = None
    for item in items:
        try:
            if _condition(node[4], _bound(scope, node[3], item)) == decides:
                return decides
        except EvalError as error:
            failure = failure or error
    if failure:
        raise failure
    return not decides


def _bound(scope, name, value):
    return lambda root: value if root == name else scope(root)


EVALUATORS = {
    "lit": lambda node, scope: node[1],
    "path": _path,
    "has": lambda node, scope: _present(node[1], scope),
    "orvalue": lambda node, scope: _path(node[1], scope) if _present(node[1], scope) else evaluate(node[2], scope),
    "coalesce": _coalesce,
    "bin": _binary,
    "and": _junction,
    "or": _junction,
    "not": lambda node, scope: not _condition(node[1], scope),
    "cond": lambda node, scope: evaluate(node[2] if _condition(node[1], scope) else node[3], scope),
    "in": lambda node, scope: any(same(evaluate(node[1], scope), each) for each in node[2]),
    "size": _size,
    "is": lambda node, scope: kind_of(evaluate(node[1], scope)) == node[2],
    "call": _call,
    "macro": _macro,
    "list": lambda node, scope: [evaluate(each, scope) for each in node[1]],
    "text": lambda node, scope: render(evaluate(node[1], scope)),
}


def stage_reads(node, is_soft=False, guards=()):
    """Yields (stage, field, is_soft) for each read of another stage."""
    op = node[0]
    if op == "path":
        if isinstance(node[1], tuple):
            is_guarded = any(root == node[1] and all(one == other for one, other in zip(fields, node[2])) for root, fields in guards)
            yield node[1][1], node[2][0], is_soft or is_guarded
        return
    if op in ("has", "orvalue"):
        yield from stage_reads(node[1], True, guards)
    elif op == "cond":
        yield from stage_reads(node[1], is_soft, guards)
        yield from stage_reads(node[2], is_soft, [*guards, *_guards(node[1], True)])
        yield from stage_reads(node[3], is_soft, [*guards, *_guards(node[1], False)])
        return
    elif op in ("and", "or"):
        more = [*guards, *(guard for each in node[1] for guard in _guards(each, op == "and"))]
        for each in node[1]:
            yield from stage_reads(each, is_soft, more)
        return
    for each in _children(node):
        yield from stage_reads(each, is_soft or op == "coalesce", guards)


def _children(node):
    for part in node[1:]:
        if isinstance(part, tuple) and isinstance(part[0], str) and part[0] in EVALUATORS and part != node:
            if node[0] not in ("has", "orvalue") or part is not node[1]:
                yield part
        elif isinstance(part, list) and node[0] not in ("lit", "in", "path"):
            yield from part


def _guards(node, truth):
    op = node[0]
    if op == "not":
        return _guards(node[1], not truth)
    if (op == "and" and truth) or (op == "or" and not truth):
        return [guard for each in node[1] for guard in _guards(each, truth)]
    return [(node[1][1], node[1][2])] if op == "has" and truth else []
