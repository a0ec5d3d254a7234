"""Numbers: a table becomes Python functions of straight-line code.

This is the only place that generates code; `source` writes its text. It is worth it: walking the instructions costs ten
times the formula, a closure for each piece twice as much. Each text is compiled once per process, in a fraction of a
millisecond. The compiled code has placeholders among its constants, which a schedule's own numbers replace in a few
microseconds: no variable is read as quickly as a constant, and Python adapts code that belongs to one schedule to the
types that this schedule meets.
"""

import builtins
import math
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from lrsched_core._evaluation import noise, shares
from lrsched_core._evaluation.program import Program, Table
from lrsched_core._evaluation.refusals import called, refuse_time
from lrsched_core._evaluation.source import (
    FEW,
    ProgramShape,
    Shaper,
    Source,
    TableShape,
    few_pieces,
    many_pieces,
    one_piece,
)

Function = Callable[[float], float]
# Which kind a piece is, and its constants.
_Row = tuple[Any, ...]


# The globals of every function.
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
    "__builtins__": builtins.__dict__,  # torch.compile looks there
    "power_of_share": shares.power,
    "interpolated": _interpolated,
    "noise": _noise,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "log": math.log,
    "log1p": math.log1p,
    "expm1": math.expm1,
    "bisect_right": bisect_right,
    "largest": sys.float_info.max,
    "called": called,
    "refuse": refuse_time,
}

# How the row of a piece is found; dividing is quicker, where pieces are about equally long.
_SEARCH = "rows[bisect_right(starts, t)]"
_DIVIDE = f"grid[t // step] if 0 <= t < end else {_SEARCH}"
_SPARSE = 4
# The first whole number that is no time.
_BEYOND = int(sys.float_info.max) + 1
# Any program, as the function that it is when compiled alone.
_ALONE = ProgramShape((("time", ()), ("piecewise", (0, ~0))), ((0, None),))


def functions(table: Table) -> tuple[Function, Function]:
    """A function of an `int`, and one of a `float`."""
    if len(table.programs) > FEW:
        return _many_pieces(table)
    shape = Shaper().table(table)
    function = _few_pieces(shape).function(list(_constants(table, shape)))
    return function, function


def _many_pieces(table: Table) -> tuple[Function, Function]:
    kinds, rows = _rows(table)
    width = len(rows[0])
    # Before the first piece and after the last, and where NaN would be, there is no value.
    no_time = (len(kinds), *[None] * (width - 1))
    scope = {"rows": [no_time, *rows, no_time], "starts": (0, *table.bounds, _BEYOND)}
    of_float = _many(kinds, width, _SEARCH).function((), **scope)
    grid = _grid(rows, [bound for bound in table.bounds if isinstance(bound, int)])
    return _many(kinds, width, _DIVIDE).function((), **scope, **grid) if grid else of_float, of_float


def _grid(rows: list[_Row], bounds: list[int]) -> dict[str, object]:
    """The row for each multiple of a step, if all bounds are such multiples, and not much fewer than there are."""
    step = math.gcd(*bounds)
    if len(bounds) < len(rows) - 1 or not 0 < bounds[-1] <= _SPARSE * len(bounds) * step:
        return {}
    lengths = [(stop - start) // step for start, stop in pairwise([0, *bounds])]
    return {
        "grid": [row for row, n in zip(rows, lengths, strict=False) for _ in range(n)],
        "step": step,
        "end": bounds[-1],
    }


def _rows(table: Table) -> tuple[tuple[ProgramShape, ...], list[_Row]]:
    """The kinds of pieces, and for each piece a row: which kind it is, and its constants."""
    shapes = [Shaper().program(program) for program in table.programs]
    rows = [tuple(_program_constants(program, shape)) for program, shape in zip(table.programs, shapes, strict=True)]
    if len(set(shapes)) > FEW:
        rows = [(_one_piece(shape).function(row),) for shape, row in zip(shapes, rows, strict=True)]
        shapes = [_ALONE] * len(rows)
    kinds = {shape: kind for kind, (shape, _) in enumerate(Counter(shapes).most_common())}
    width = max(map(len, rows))
    return tuple(kinds), [
        (kinds[shape], *row, *[None] * (width - len(row))) for shape, row in zip(shapes, rows, strict=True)
    ]


def _constants(table: Table, shape: TableShape) -> Iterator[object]:
    """In the order in which `_Writer` names them."""
    yield from table.bounds
    for program, program_shape in zip(table.programs, shape, strict=True):
        yield from _program_constants(program, program_shape)


def _program_constants(program: Program, shape: ProgramShape) -> Iterable[object]:
    return _with_tables(program, shape) if shape.inner else program.constants


def _with_tables(program: Program, shape: ProgramShape) -> Iterator[object]:
    inner = dict(shape.inner)
    for k, constant in enumerate(program.constants):
        if k not in inner:
            yield constant
        elif (written := inner[k]) is not None:
            yield from _constants(constant, written)  # type: ignore[arg-type]  # a table
        else:
            yield functions(constant)[1]  # type: ignore[arg-type]  # as above


class _Template(NamedTuple):
    """Compiled code, and which of its constants and globals are which of the schedule's."""

    code: CodeType
    numbers: list[tuple[int, int]]
    objects: list[tuple[str, int]]

    def function(self, constants: Sequence[object], **objects: object) -> Function:
        values = list(self.code.co_consts)
        for place, k in self.numbers:
            values[place] = constants[k]
        for name, k in self.objects:
            objects[name] = constants[k]
        # torch.compile can read numbers among the constants of code, but not objects.
        scope = {**_SCOPE, **objects} if objects else _SCOPE
        return FunctionType(self.code.replace(co_consts=tuple(values)), scope)


def _template(source: Source) -> _Template:
    module = compile(source.text, "<lrsched_core: compiled schedule>", "exec")
    [code] = [constant for constant in module.co_consts if isinstance(constant, CodeType)]
    places = {name: k for k, name in enumerate(source.names)}
    numbers = [(i, places[x]) for i, x in enumerate(code.co_consts) if isinstance(x, str)]
    return _Template(code, numbers, [(name, places[name]) for name in sorted(source.objects & places.keys())])


@lru_cache(maxsize=1024)
def _few_pieces(shape: TableShape) -> _Template:
    return _template(few_pieces(shape))


@lru_cache(maxsize=1024)
def _one_piece(shape: ProgramShape) -> _Template:
    return _template(one_piece(shape))


@lru_cache(maxsize=1024)
def _many(kinds: tuple[ProgramShape, ...], width: int, find: str) -> _Template:
    return _template(many_pieces(kinds, width, find))
