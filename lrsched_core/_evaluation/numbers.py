"""Numbers: a table becomes one Python function of straight-line code.

This is the only place that generates source. It is worth it: walking the instructions costs ten times the formula, a
closure for each piece twice as much. The text depends on the code of the pieces alone, constants are passed in, so that
each kind of schedule is compiled once per process, in a fraction of a millisecond.
"""

import math
import sys
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lrsched_core._evaluation import shares
from lrsched_core._evaluation.program import Code, Table

Function = Callable[[float], float]

_TEXT = {
    "time": "t",
    "elapsed": "(t - {})",
    "left": "({} - t)",
    # What the difference rounds away is added to the rest (fast two-sum), so that all is rounded once.
    "left_of_sum": "((left := {0} - t) + ((({0} - left) - t) + {1}))",
    "add": "({} + {})",
    "sub": "({} - {})",
    "mul": "({} * {})",
    "div": "({} / {})",
    "periods": "({} // {})",
    "pow": "({} ** {})",
    "exp_base": "({} ** {})",
    "whole_power": "({} ** {})",
    "power_of_share": "power_of_share({}, {}, {}, {}, {}, {})",
    "sin": "sin({})",
    "sqrt": "sqrt({})",
    "log": "log({})",
    "log1p": "log1p({})",
    "expm1": "expm1({})",
    "between": "({1} + {0} * {3})",
    "maximum": "({0} if {0} > {1} else {1})",
    "finite": "finite({})",
    "lookup": "{2}[bisect_right({1}, {0})]",
}

# More pieces than this are found by `bisect` and called: compiling their decisions would take too long.
_FEW = 16


def function(table: Table, refuse: Callable[[Any], float]) -> Function:
    """A function of an `int` or `float`; `refuse(t)` is called for negative, infinite and NaN `t`, and on overflow."""
    codes = tuple([program.code for program in table.programs])
    if len(codes) <= _FEW:
        make = _few_pieces(codes)
        constants = [constant for program in table.programs for constant in program.constants]
        return make(refuse, *table.bounds, *constants)
    leaves = [_one_piece(program.code)(refuse, *program.constants) for program in table.programs]
    return _many_pieces(table.bounds, leaves, refuse)


def _many_pieces(bounds: tuple[float, ...], leaves: list[Function], refuse: Callable[[Any], float]) -> Function:
    largest = sys.float_info.max

    def at(t: float) -> float:
        if 0 <= t <= largest:
            return leaves[bisect_right(bounds, t)](t)
        return refuse(t)

    return at


@lru_cache(maxsize=1024)
def _few_pieces(codes: tuple[Code, ...]) -> Callable[..., Function]:
    names = [f"b{i}" for i in range(1, len(codes))]
    pieces = []
    for i, code in enumerate(codes):
        lines, constants = _statements(code, i)
        names += constants
        pieces.append(lines)
    # A negative `t` gets into the first piece; an infinite one, and NaN, which fails all comparisons, into the last.
    pieces[0] = ["if t >= 0:", *_indented(pieces[0])]
    pieces[-1] = ["if t <= largest:", *_indented(pieces[-1])]
    return _compiled(names, _decisions(pieces, 0))


def _decisions(pieces: list[list[str]], first: int) -> list[str]:
    """Half of the pieces are ruled out by each comparison; `first` is the number of the first piece."""
    if len(pieces) == 1:
        return pieces[0]
    half = len(pieces) // 2
    earlier, later = _decisions(pieces[:half], first), _decisions(pieces[half:], first + half)
    return [f"if t < b{first + half}:", *_indented(earlier), "else:", *_indented(later)]


@lru_cache(maxsize=1024)
def _one_piece(code: Code) -> Callable[..., Function]:
    statements, names = _statements(code, 0)
    return _compiled(names, statements)


def _statements(code: Code, piece: int) -> tuple[list[str], list[str]]:
    """The lines that compute a piece, and the names of its constants."""
    uses = [0] * len(code)
    count = 1 if not code else 0
    for op, operands in code:
        for operand in operands:
            if operand >= 0:
                uses[operand] += _TEXT[op].count("{0}") or 1
            else:
                count = max(count, ~operand + 1)
    lines: list[str] = []
    values: list[str] = []
    for i, (op, operands) in enumerate(code):
        text = _TEXT[op].format(*[f"c{piece}_{~x}" if x < 0 else values[x] for x in operands])
        if uses[i] > 1 and text != "t":
            lines.append(f"x{i} = {text}")
            text = f"x{i}"
        values.append(text)
    lines.append(f"return {values[-1] if code else f'c{piece}_0'}")
    return lines, [f"c{piece}_{k}" for k in range(count)]


def _indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


def _finite(x: float) -> float:
    if x > sys.float_info.max:
        raise OverflowError  # caught by the compiled function
    return x


_SCOPE: dict[str, Any] = {
    "power_of_share": shares.power,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "log": math.log,
    "log1p": math.log1p,
    "expm1": math.expm1,
    "bisect_right": bisect_right,
    "largest": sys.float_info.max,
    "finite": _finite,
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
