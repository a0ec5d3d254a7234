"""Numbers: a table becomes one Python function of straight-line code.

This is the only place that generates source. It is worth it: walking the instructions costs ten times the formula, a
closure for each piece twice as much. The text depends on the code of the pieces alone, constants are passed in, so that
each kind of schedule is compiled once per process, in a fraction of a millisecond.
"""

import math
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from lrsched_core._evaluation import noise, shares
from lrsched_core._evaluation.program import Code, Program, Table
from lrsched_core._evaluation.refusals import called

Function = Callable[[float], float]

_TEXT = {
    "elapsed": "({t} - {0})",
    # What the difference rounds away is added to the rest (fast two-sum), so that all is rounded once.
    "elapsed_of_sum": "((since := {t} - {0}) + ((({t} - since) - {0}) - {1}))",
    "left": "({0} - {t})",
    "left_of_sum": "((left := {0} - {t}) + ((({0} - left) - {t}) + {1}))",
    "add": "({0} + {1})",
    "sub": "({0} - {1})",
    "mul": "({0} * {1})",
    "multiple": "({0} * {1})",
    "div": "({0} / {1})",
    "periods": "({0} // {1})",
    "phase": "({0} % {1})",
    "pow": "({0} ** {1})",
    "exp_base": "({0} ** {1})",
    "whole_power": "({0} ** {1})",
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

# More pieces than this are found by `bisect` and called: compiling their decisions would take too long.
_FEW = 16
# A table within a table is written out where it stands, up to so many pieces in all and so deep; Python's own compiler
# refuses blocks, and parentheses, that are nested much deeper.
_WRITTEN_OUT = 64
_DEEP = 6
_LONG = 400


def function(table: Table, refuse: Callable[[Any], float]) -> Function:
    """A function of an `int` or `float`; `refuse(t)` is called for negative, infinite and NaN `t`, and on overflow."""
    if len(table.programs) > _FEW:
        leaves = [_leaf(program, refuse) for program in table.programs]
        return _many_pieces(table.bounds, leaves, refuse)
    shape = _Shaper().table(table)
    return _few_pieces(shape)(refuse, *_constants(table, shape, refuse))


def _leaf(program: Program, refuse: Callable[[Any], float]) -> Function:
    shape = _Shaper().program(program)
    return _one_piece(shape)(refuse, *_program_constants(program, shape, refuse))


def _many_pieces(bounds: tuple[float, ...], leaves: list[Function], refuse: Callable[[Any], float]) -> Function:
    largest = sys.float_info.max

    def at(t: float) -> float:
        if 0 <= t <= largest:
            return leaves[bisect_right(bounds, t)](t)
        return refuse(t)

    return at


class _ProgramShape(NamedTuple):
    """What the text of a program depends on: its code, and by constant the tables that are written out within it."""

    code: Code
    inner: tuple[tuple[int, "_TableShape | None"], ...] = ()


_TableShape = tuple[_ProgramShape, ...]


class _Shaper:
    """Decides which of the tables within a table are written out."""

    def __init__(self) -> None:
        self.written = 0
        self.depth = 0

    def table(self, table: Table) -> _TableShape:
        return tuple([self.program(program) for program in table.programs])

    def program(self, program: Program) -> _ProgramShape:
        inner = [(k, self.inner(x)) for k, x in enumerate(program.constants) if x.__class__ is Table]
        return _ProgramShape(program.code, tuple(inner))

    def inner(self, table: Table) -> "_TableShape | None":
        self.written += len(table.programs)
        if len(table.programs) > _FEW or self.written > _WRITTEN_OUT or self.depth == _DEEP:
            return None
        self.depth += 1
        shape = self.table(table)
        self.depth -= 1
        return shape


def _constants(table: Table, shape: _TableShape, refuse: Callable[[Any], float]) -> Iterator[object]:
    """In the order in which `_Writer` names them."""
    yield from table.bounds
    for program, program_shape in zip(table.programs, shape, strict=True):
        yield from _program_constants(program, program_shape, refuse)


def _program_constants(program: Program, shape: _ProgramShape, refuse: Callable[[Any], float]) -> Iterable[object]:
    return _with_tables(program, shape, refuse) if shape.inner else program.constants


def _with_tables(program: Program, shape: _ProgramShape, refuse: Callable[[Any], float]) -> Iterator[object]:
    inner = dict(shape.inner)
    for k, constant in enumerate(program.constants):
        if k not in inner:
            yield constant
        elif (written := inner[k]) is not None:
            yield from _constants(constant, written, refuse)  # type: ignore[arg-type]  # a table
        else:
            yield function(constant, refuse)  # type: ignore[arg-type]  # as above


@lru_cache(maxsize=1024)
def _few_pieces(shape: _TableShape) -> Callable[..., Function]:
    writer = _Writer()
    bounds, pieces = writer.table(shape, "t", "return ")
    # A negative `t` gets into the first piece; an infinite one, and NaN, which fails all comparisons, into the last.
    pieces[0] = ["if t >= 0:", *_indented(pieces[0])]
    pieces[-1] = ["if t <= largest:", *_indented(pieces[-1])]
    return _compiled(writer.names, _decisions(bounds, pieces, "t"))


@lru_cache(maxsize=1024)
def _one_piece(shape: _ProgramShape) -> Callable[..., Function]:
    writer = _Writer()
    return _compiled(writer.names, writer.program(shape, "t", "return "))


def _decisions(bounds: list[str], pieces: list[list[str]], time: str) -> list[str]:
    """Half of the pieces are ruled out by each comparison."""
    if len(pieces) == 1:
        return pieces[0]
    half = len(pieces) // 2
    earlier = _decisions(bounds[: half - 1], pieces[:half], time)
    later = _decisions(bounds[half:], pieces[half:], time)
    return [f"if {time} < {bounds[half - 1]}:", *_indented(earlier), "else:", *_indented(later)]


class _Writer:
    """Writes programs as statements; names the constants in the order in which it meets them."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.results = 0

    def name(self) -> str:
        self.names.append(f"c{len(self.names)}")
        return self.names[-1]

    def result(self) -> str:
        self.results += 1
        return f"x{self.results}"

    def table(self, shape: _TableShape, time: str, target: str) -> tuple[list[str], list[list[str]]]:
        """The bounds, and the statements of each piece."""
        bounds = [self.name() for _ in shape[1:]]
        return bounds, [self.program(program, time, target) for program in shape]

    def program(self, shape: _ProgramShape, time: str, target: str) -> list[str]:
        """The statements that compute a program and, by `target`, return or assign its value."""
        code, inner = shape.code, dict(shape.inner)
        uses = [0] * len(code)
        count = 1 if not code else 0
        for op, operands in code:
            for k, operand in enumerate(operands):
                if operand >= 0:
                    uses[operand] += 2 if op == "piecewise" else _TEXT[op].count(f"{{{k}}}")
                else:
                    count = max(count, ~operand + 1)
        constants: list[Any] = []
        for k in range(count):
            table = inner.get(k)
            if table is None:
                constants.append(self.name())
            else:
                # The time that a table within reads is known only once the statements before it are written.
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
                lines += [f"{text}t = {arguments[0]}", *_decisions(bounds, pieces, f"{text}t")]
            elif op == "piecewise":
                text = f"{arguments[1]}({arguments[0]})"
            else:
                text = _TEXT[op].format(*arguments, t=time)
            if (uses[i] > 1 or len(text) > _LONG) and not text.isidentifier():
                name = self.result()
                lines.append(f"{name} = {text}")
                text = name
            values.append(text)
        return [*lines, f"{target}{values[-1] if code else constants[0]}"]


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def _interpolated(t: float, milestones: tuple[float, ...], values: tuple[float, ...]) -> float:
    i = bisect_right(milestones, t)
    start, stop, before, after = milestones[i - 1], milestones[i], values[i - 1], values[i]
    # The weight belongs to the larger value, as in ramps.
    if before > after:
        weight = (stop - t) / (stop - start)
        return weight * before + (1.0 - weight) * after
    weight = (t - start) / (stop - start)
    return weight * after + (1.0 - weight) * before


def _noise(count: float, seed: int) -> float:
    parts = [int(limb) for limb in noise.limbs(min(count, sys.float_info.max))]
    upper, lower = noise.halves(parts, *noise.keys(seed))
    return upper * 2.0**-16 + (lower + 0.5) * 2.0**-32  # type: ignore[no-any-return]  # a float


_SCOPE: dict[str, Any] = {
    "power_of_share": shares.power,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "log": math.log,
    "log1p": math.log1p,
    "expm1": math.expm1,
    "bisect_right": bisect_right,
    "largest": sys.float_info.max,
    "interpolated": _interpolated,
    "noise": _noise,
    "called": called,
}


def _compiled(names: list[str], body: list[str]) -> Callable[..., Function]:
    """The function that makes a function of `t` from the constants of these names."""
    if any("**" in line or "power_of_share" in line for line in body):
        body = ["try:", *_indented(body), "except OverflowError:", "    pass"]
    at = ["def at(t):", *_indented([*body, "return refuse(t)"])]
    source = "\n".join([f"def make({', '.join(['refuse', *names])}):", *_indented([*at, "return at"])])
    scope = dict(_SCOPE)
    exec(compile(source, "<lrsched_core: compiled schedule>", "exec"), scope)
    return scope["make"]  # type: ignore[no-any-return]  # what the source defines
