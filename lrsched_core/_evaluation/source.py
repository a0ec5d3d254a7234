"""Source: the text of Python functions that compute what programs say.

The text depends only on the code of the pieces, not on their constants. A constant is a placeholder in it: a string for
a number, a name for anything else. `numbers` fills in the values.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from lrsched_core._evaluation.program import Code, Program, Table

OPERATIONS = {
    "elapsed": "({t} - {0})",
    "far_elapsed": "(int({t}) - {0})",
    # At least 0, whichever way the origin is rounded. What the difference rounds away is added to the rest (fast
    # two-sum), so that the whole is rounded only once.
    "elapsed_of_sum": "max(0.0, (since := {t} - {0}) + ((({t} - since) - {0}) - {1}))",
    "left": "({0} - {t})",
    "far_left": "({0} - int({t}))",
    "left_of_sum": "max(0.0, (left := {0} - {t}) + ((({0} - left) - {t}) + {1}))",
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "multiple": "({0} * {1})",
    "div": "({0} / {1})",
    "periods": "({0} // {1})",
    "part_periods": "part_periods({0}, {1}, {2}, {3}, {4}, {5}, {6})",
    "part_phase": "part_phase({0}, {1}, {2}, {3}, {4}, {5}, {6})",
    "phase": "({0} % {1})",
    "consumed": "({1} + {2} * {0} - {3} * ({0} // {4} + (part if (part := {0} % {4} + 1 - {4}) > 0 else 0)))",
    "pow": "({0} ** {1})",
    "exp_base": "({0} ** {1})",
    "whole_power": "({0} ** {1})",
    "grown": "grown({0}, {1}, {2})",
    "pinned": "({0} if {t} != {1} else {2})",
    "power_of_share": "power_of_share({0}, {1}, {2}, {3}, {4}, {5})",
    "sin": "sin({0})",
    "sqrt": "sqrt({0})",
    "log": "log({0})",
    "log1p": "log1p({0})",
    "expm1": "expm1({0})",
    "between": "({1} + {0} * {3})",
    "maximum": "({0} if {0} > {1} else {1})",
    "minimum": "({0} if {0} < {1} else {1})",
    "finite": "({0} if {0} <= largest else refuse(t))",
    "lookup": "{2}[bisect_right({1}, {0})]",
    "interpolated": "interpolated({0}, {1}, {2})",
    "noise": "noise({0}, {1})",
    "call": "called({1}, {0})",
}

# The constants of these operations are not numbers: milestones, functions and tables.
_OBJECTS = ("lookup", "interpolated", "call", "piecewise")

# A table of more pieces is searched, because compiling that many decisions would take too long.
FEW = 16
# A table within a table is written out in place, up to this many pieces in all and this depth: Python's compiler
# refuses blocks and parentheses that are nested much deeper.
_WRITTEN_OUT = 64
_DEEP = 6
_LONG = 400
# How a constant is written if it is a number.
_PLACEHOLDER, _VARIABLE = "'{}'", "{}"


class ProgramSkeleton(NamedTuple):
    """What the text of a program depends on: its code and, by constant, the tables that are written out in it."""

    code: "Code"
    inner: tuple[tuple[int, "TableSkeleton | None"], ...] = ()


TableSkeleton = tuple[ProgramSkeleton, ...]


class Skeletons:
    """Decides which tables within a table are written out."""

    def __init__(self) -> None:
        self.written = 0
        self.depth = 0

    def table(self, table: "Table") -> TableSkeleton:
        return tuple([self.program(table.program(i)) for i in range(len(table))])

    def program(self, program: "Program") -> ProgramSkeleton:
        tables = sorted([~operands[1] for op, operands in program.code if op == "piecewise"])
        inner = [(k, self.inner(program.constants[k])) for k in tables]  # type: ignore[arg-type]  # tables
        return ProgramSkeleton(program.code, tuple(inner))

    def inner(self, table: "Table") -> "TableSkeleton | None":
        self.written += len(table)
        if len(table) > FEW or self.written > _WRITTEN_OUT or self.depth == _DEEP:
            return None
        self.depth += 1
        skeleton = self.table(table)
        self.depth -= 1
        return skeleton


class Source(NamedTuple):
    """The text of a function of `t`, and the names of its constants, of which the objects are its globals."""

    text: str
    names: list[str]
    objects: set[str]


def few_pieces(skeleton: TableSkeleton) -> Source:
    """A function that finds the piece by comparisons."""
    writer = Writer(_PLACEHOLDER)
    bounds, pieces = writer.table(skeleton, "t", "return ")
    # A negative `t` arrives in the first piece; an infinite one, and NaN, which fails all comparisons, in the last.
    pieces[0] = ["if t >= 0:", *_indented(pieces[0])]
    pieces[-1] = ["if t <= largest:", *_indented(pieces[-1])]
    return writer.function(_decisions(bounds, pieces, "t"))


def one_piece(skeleton: ProgramSkeleton) -> Source:
    """A function of one piece, which neither searches nor checks `t`."""
    writer = Writer(_PLACEHOLDER)
    return writer.function(writer.program(skeleton, "t", "return "))


def many_pieces(kinds: tuple[ProgramSkeleton, ...], find: str) -> Source:
    """A function that evaluates `find` for the row of a piece: which of a few kinds it is, and its constants.

    The row of another kind has a function to call instead, or nothing if it has yet to be filled.
    """
    writers = [Writer(_VARIABLE) for _ in kinds]
    pieces = [writer.program(kind, "t", "return ") for writer, kind in zip(writers, kinds, strict=True)]
    names = max([["c0"], *[writer.names for writer in writers]], key=len)
    of_no_kind = ["if c0:", "    return c0(t)", "fill(t)"]
    decisions = _decisions([str(k + 1) for k in range(len(kinds))], [*pieces, of_no_kind], "kind")
    body = ["while True:", *_indented([f"kind, {', '.join(names)} = {find}", *decisions])]
    return Writer(_VARIABLE).function(body)._replace(names=names)


def _decisions(bounds: list[str], pieces: list[list[str]], time: str) -> list[str]:
    """Nested comparisons, each of which rules out half of the pieces."""
    if len(pieces) == 1:
        return pieces[0]
    half = len(pieces) // 2
    earlier = _decisions(bounds[: half - 1], pieces[:half], time)
    later = _decisions(bounds[half:], pieces[half:], time)
    return [f"if {time} < {bounds[half - 1]}:", *_indented(earlier), "else:", *_indented(later)]


class Writer:
    """Writes programs as statements, and names the constants in the order in which it meets them.

    `_text.emission` derives a writer of readable code from it, which writes the constants themselves.
    """

    text = OPERATIONS

    def __init__(self, number: str = _PLACEHOLDER) -> None:
        self.number = number
        self.names: list[str] = []
        self.objects: set[str] = set()
        self.results = 0

    def constant(self, object_of: str = "") -> str:
        """The name of the next constant; of one that is not a number, `object_of` is the operation that reads it."""
        name = f"c{len(self.names)}"
        self.names.append(name)
        if object_of:
            self.objects.add(name)
        return name if object_of else self.number.format(name)

    def result(self) -> str:
        self.results += 1
        return f"x{self.results}"

    def table(self, skeleton: TableSkeleton, time: str, target: str) -> tuple[list[str], list[list[str]]]:
        """The bounds, and the statements of each piece."""
        bounds = [self.constant() for _ in skeleton[1:]]
        return bounds, [self.program(program, time, target) for program in skeleton]

    def program(self, skeleton: ProgramSkeleton, time: str, target: str) -> list[str]:
        """The statements that compute a program and return or assign its value, as `target` says."""
        code, inner = skeleton.code, dict(skeleton.inner)
        uses = [0] * len(code)
        count = 1 if not code else 0
        for op, operands in code:
            for k, operand in enumerate(operands):
                if operand >= 0:
                    uses[operand] += 2 if op == "piecewise" else self.text[op].count(f"{{{k}}}")
                else:
                    count = max(count, ~operand + 1)
        objects = {~x: op for op, operands in code if op in _OBJECTS for x in operands if x < 0}
        constants: list[Any] = []
        for k in range(count):
            table = inner.get(k)
            if table is None:
                constants.append(self.constant(objects.get(k, "")))
            else:
                # Its decisions are written later, after the statements that compute its time.
                within = self.result()
                constants.append((within, self.table(table, f"{within}t", f"{within} = ")))
        lines: list[str] = []
        values: list[str] = []
        for i, (op, operands) in enumerate(code):
            arguments = [constants[~x] if x < 0 else values[x] for x in operands]
            if op == "time":
                text = time
            elif op == "piecewise" and isinstance(arguments[1], tuple):
                text, (bounds, pieces) = arguments[1]
                lines += [f"{text}t = {arguments[0]}", *self.decisions(bounds, pieces, f"{text}t")]
            elif op == "piecewise":
                text = f"{arguments[1]}({arguments[0]})"
            else:
                text = self.text[op].format(*arguments, t=time)
            if (uses[i] > 1 or len(text) > _LONG) and not text.isidentifier():
                name = self.result()
                lines.append(f"{name} = {text}")
                text = name
            values.append(text)
        return [*lines, f"{target}{values[-1] if code else constants[0]}"]

    def decisions(self, bounds: list[str], pieces: list[list[str]], time: str) -> list[str]:
        """Statements that find the piece of a time, and run it."""
        return _decisions(bounds, pieces, time)

    def function(self, body: list[str]) -> Source:
        if any("**" in line or "power_of_share" in line for line in body):
            body = ["try:", *_indented(body), "except OverflowError:", "    pass"]
        text = "\n".join(["def at(t):", *_indented([*body, "return refuse(t)"])])
        return Source(text, self.names, self.objects)


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]
