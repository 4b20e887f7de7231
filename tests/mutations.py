"""Small wrong changes to C++ sources, found by their text. Used by tests/mutate.py."""
import re
from typing import NamedTuple


class Mutation(NamedTuple):
    path: str
    line: int  # from 0
    old: str  # the whole line
    new: str
    kind: str

    def __str__(self):
        return f"{self.path}:{self.line + 1}: {self.kind}\n    - {self.old.strip()}\n    + {self.new.strip()}"


SWAPS = {
    " == ": [" != "],
    " != ": [" == "],
    " < ": [" <= ", " >= "],
    " <= ": [" < ", " > "],
    " > ": [" >= ", " <= "],
    " >= ": [" > ", " < "],
    " && ": [" || "],
    " || ": [" && "],
    " + ": [" - "],
    " - ": [" + "],
    " += ": [" -= "],
    " -= ": [" += "],
    " |= ": [" = "],
    "++": ["--"],
    "true": ["false"],
    "false": ["true"],
}
SWAP = re.compile(r" (?:==|!=|<=|>=|<|>|&&|\|\||\+=|-=|\|=|\+|-) |\+\+|\btrue\b|\bfalse\b")
NUMBER = re.compile(r"(?<![\w.\"'])(\d+)(?=[;,)\] ])")
CONDITION = re.compile(r"^(\s*(?:\} else )?if \()(.*)(\) (?:\{|return\b.*;|continue;|break;).*)$")
STATEMENT = re.compile(r"^\s+(?:[\w.>\-\[\]:*]+(?:\(.*\)|\s*[|&+\-]?=\s*[^=].*|\+\+)|\+\+[\w.]+|continue|return|break);$")
DECLARATION = re.compile(r"^\s+(?:const |auto |static |constexpr |using |return\b\s+\w|[\w:<>]+[&*]? \w+ ?[={(;])")
# Equivalent by nature (capacity, assertions), or not behaviour at all.
LEFT_ALONE = re.compile(r"^\s*(?://|#|\*)|WFC_CHECK|static_assert|reserve\(|Reserve\(|\bassert\(|^namespace|^using|^template|NOLINT")


def outside_strings(line):
    """The line with strings and comments blanked, so that positions stay."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', lambda m: '"' + "_" * (len(m[0]) - 2) + '"', line)
    line = re.sub(r"'(?:[^'\\]|\\.)'", lambda m: "'" + "_" * (len(m[0]) - 2) + "'", line)
    return re.sub(r"//.*$", lambda m: "_" * len(m[0]), line)


def is_template(blank, start):
    """Whether ` < ` or ` > ` there is not a comparison."""
    return "template" in blank or "operator" in blank[max(0, start - 9) : start]


def swap_mutations(line, blank):
    for match in SWAP.finditer(blank):
        if is_template(blank, match.start()):
            continue
        for new in SWAPS[match[0]]:
            yield line[: match.start()] + new + line[match.end() :], f"`{match[0].strip()}` becomes `{new.strip()}`"


def number_mutations(line, blank):
    for match in NUMBER.finditer(blank):
        value = int(match[1])
        yield line[: match.start()] + str(value + 1) + line[match.end() :], "off by one"


def condition_mutations(line, blank):
    match = CONDITION.match(blank)
    if match and ";" not in match[2] and match[2].count("(") == match[2].count(")"):
        start, end = match.span(2)
        yield line[:start] + "!(" + line[start:end] + ")" + line[end:], "negated condition"


def statement_mutations(line, blank, is_whole):
    if is_whole and STATEMENT.match(blank) and not DECLARATION.match(blank):
        yield re.match(r"\s*", line)[0] + ";", "dropped statement"


def is_statement_start(previous):
    """Whether a statement can begin after the line `previous`."""
    text = previous.strip()
    return not text or text.endswith(("{", "}", ";", ":")) or text.startswith("//")


def mutations_of(path, text):
    """All mutations of a file, in order."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if LEFT_ALONE.search(line) or not line.startswith(" "):
            continue
        blank = outside_strings(line)
        is_whole = is_statement_start(lines[number - 1] if number else "")
        found = [*swap_mutations(line, blank), *number_mutations(line, blank), *condition_mutations(line, blank),
                 *statement_mutations(line, blank, is_whole)]
        for new, kind in found:
            yield Mutation(path, number, line, new, kind)
