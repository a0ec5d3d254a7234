"""Numbers: a table becomes Python functions of straight-line code.

`source` writes the text of the code. Walking the instructions at each call, or calling a closure for each piece, was
much slower than the formula. Each text is compiled once per process. The compiled code has placeholders among its
constants, which are then replaced by the schedule's own numbers: constants are read faster than any variable, and
Python specialises code that belongs to one schedule for the types that this schedule meets.
"""

import builtins
import math
import sys
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._evaluation.noise import noise
from lrsched_core._evaluation.parts import part_periods, part_phase
from lrsched_core._evaluation.refusals import called, refuse_time
from lrsched_core._evaluation.share_powers import grown, power_of_share
from lrsched_core._evaluation.source import (
    FEW,
    ProgramSkeleton,
    Skeletons,
    Source,
    TableSkeleton,
    few_pieces,
    many_pieces,
    one_piece,
)

if TYPE_CHECKING:
    from lrsched_core._evaluation.program import Program, Table

Function = Callable[[float], float]
# The kind of a piece, and its constants.
_Row = tuple[Any, ...]


def interpolated(t: float, times: Sequence[float], values: Sequence[float]) -> float:
    """On a straight line between two values; the weight belongs to the larger one."""
    i = bisect_right(times, t)
    start, stop, before, after = times[i - 1], times[i], values[i - 1], values[i]
    if before > after:
        weight = (stop - t) / (stop - start)
        return weight * before + (1.0 - weight) * after
    weight = (t - start) / (stop - start)
    return weight * after + (1.0 - weight) * before


# The globals of every function.
_SCOPE: dict[str, Any] = {
    "__builtins__": builtins.__dict__,  # torch.compile looks there
    "power_of_share": power_of_share,
    "grown": grown,
    "part_periods": part_periods,
    "part_phase": part_phase,
    "interpolated": interpolated,
    "noise": noise,
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

# How the row of a piece is found; division is faster, if pieces are about equally long.
_SEARCH = "rows[bisect_right(starts, t)]"
_DIVIDE = f"grid[t // step] if 0 <= t < end else {_SEARCH}"
_SPARSE = 4
# This many pieces at the beginning, and as many spread over the whole, show which kinds there are.
_SEEN = 16
# How many texts are kept for tracebacks.
_KEPT = 1024
_numbers = count()
_file_names: deque[str] = deque()
# The first whole number that is not a valid time.
_BEYOND = int(sys.float_info.max) + 1


def functions(table: "Table") -> tuple[Function, Function]:
    """A function of an `int`, and one of a `float`."""
    if len(table) > FEW:
        return _many_pieces(table)
    skeleton = Skeletons().table(table)
    function = _few_pieces(skeleton).function(list(_constants(table, skeleton)))
    return function, function


def _many_pieces(table: "Table") -> tuple[Function, Function]:
    kinds = _kinds(table)
    search = _many(kinds, _SEARCH)
    rows = _Rows(table, kinds, search.width)
    scope = {"rows": rows.rows, "starts": rows.starts, "fill": rows.fill}
    of_float = search.function((), **scope)
    if not rows.grid:
        return of_float, of_float
    grid = {"grid": rows.grid, "step": rows.step, "end": rows.step * len(rows.grid)}
    return _many(kinds, _DIVIDE).function((), **scope, **grid), of_float


class _Rows:
    """What the code for many pieces looks up: the kind of each piece, and its constants.

    A row is empty until its piece is first needed, when the code calls `fill`: pieces that are never reached cost
    nothing. Threads may fill a row at the same time, since they write the same.
    """

    def __init__(self, table: "Table", kinds: tuple[ProgramSkeleton, ...], width: int) -> None:
        self.table = table
        self.kinds = {skeleton: kind for kind, skeleton in enumerate(kinds)}
        self.width = width
        # There is no value before the first piece, after the last, or where NaN is sorted in.
        no_time, empty = self._calling(refuse_time), self._calling(None)
        self.rows = [no_time, *[empty] * len(table), no_time]
        self.starts = (0, *table.bounds, _BEYOND)
        self.step, end = _step(table.bounds)
        self.grid = [empty] * (end // self.step)

    def fill(self, t: float) -> None:
        """Fills the row that is found for `t`."""
        i = bisect_right(self.starts, t)
        row = self.rows[i] = self._row(self.table.program(i - 1))
        if self.grid and i < len(self.table):
            first, last = [int(bound // self.step) for bound in self.starts[i - 1 : i + 1]]
            self.grid[first:last] = [row] * (last - first)

    def _row(self, program: "Program") -> _Row:
        skeleton = Skeletons().program(program)
        constants = tuple(_program_constants(program, skeleton))
        if skeleton in self.kinds:
            return self._padded(self.kinds[skeleton], *constants)
        return self._calling(_one_piece(skeleton).function(constants))

    def _calling(self, function: Function | None) -> _Row:
        return self._padded(len(self.kinds), function)

    def _padded(self, *row: object) -> _Row:
        return (*row, *[None] * (1 + self.width - len(row)))


def _kinds(table: "Table") -> tuple[ProgramSkeleton, ...]:
    """The kinds of pieces for which code is written, the most frequent first; functions are called for all others."""
    n = len(table)
    seen = {*range(_SEEN), *range(0, n, math.ceil(n / _SEEN)), n - 1}
    skeletons = Counter([Skeletons().program(table.program(i)) for i in sorted(seen)])
    return tuple([skeleton for skeleton, _ in skeletons.most_common()]) if len(skeletons) <= FEW else ()


def _step(bounds: tuple[float, ...]) -> tuple[int, int]:
    """The step that all bounds are multiples of, and the last bound; 1 and 0 if a grid of it would be too long."""
    if all(bound.__class__ is int for bound in bounds):
        step = math.gcd(*bounds)  # type: ignore[arg-type]  # integers
        if 0 < bounds[-1] <= _SPARSE * len(bounds) * step:
            return step, bounds[-1]  # type: ignore[return-value]  # as above
    return 1, 0


def _constants(table: "Table", skeleton: TableSkeleton) -> Iterator[object]:
    """The constants in the order in which `Writer` names them."""
    yield from table.bounds
    for i, program_skeleton in enumerate(skeleton):
        yield from _program_constants(table.program(i), program_skeleton)


def _program_constants(program: "Program", skeleton: ProgramSkeleton) -> Iterable[object]:
    return _with_tables(program, skeleton) if skeleton.inner else program.constants


def _with_tables(program: "Program", skeleton: ProgramSkeleton) -> Iterator[object]:
    inner = dict(skeleton.inner)
    for k, constant in enumerate(program.constants):
        if k not in inner:
            yield constant
        elif (written := inner[k]) is not None:
            yield from _constants(constant, written)  # type: ignore[arg-type]  # a table
        else:
            yield functions(constant)[1]  # type: ignore[arg-type]  # as above


class _Template(NamedTuple):
    """Compiled code, the places of the schedule's constants in it and in its globals, and their number."""

    code: CodeType
    numbers: list[tuple[int, int]]
    objects: list[tuple[str, int]]
    width: int

    def function(self, constants: Sequence[object], **objects: object) -> Function:
        values = list(self.code.co_consts)
        for place, k in self.numbers:
            values[place] = constants[k]
        for name, k in self.objects:
            objects[name] = constants[k]
        # torch.compile can read numbers among the constants of code, but not objects.
        scope = {**_SCOPE, **objects} if objects else _SCOPE
        function = FunctionType(self.code.replace(co_consts=tuple(values)), scope)
        # TensorFlow's AutoGraph would compile the text that tracebacks show, in which names replace numbers. It leaves
        # alone what has this attribute.
        function.autograph_info__ = None  # type: ignore[attr-defined]
        return function


def _file_name(text: str) -> str:
    """The name of an imaginary file, by which tracebacks find the lines of compiled code."""
    import linecache

    name = f"<lrsched_core: compiled schedule {next(_numbers)}>"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    _file_names.append(name)
    while len(_file_names) > _KEPT:
        linecache.cache.pop(_file_names.popleft(), None)
    return name


def _template(source: Source) -> _Template:
    module = compile(source.text, _file_name(source.text), "exec")
    [code] = [constant for constant in module.co_consts if isinstance(constant, CodeType)]
    places = {name: k for k, name in enumerate(source.names)}
    numbers = [(i, places[x]) for i, x in enumerate(code.co_consts) if isinstance(x, str)]
    objects = [(name, places[name]) for name in sorted(source.objects & places.keys())]
    return _Template(code, numbers, objects, len(source.names))


@lru_cache(maxsize=1024)
def _few_pieces(skeleton: TableSkeleton) -> _Template:
    return _template(few_pieces(skeleton))


@lru_cache(maxsize=1024)
def _one_piece(skeleton: ProgramSkeleton) -> _Template:
    return _template(one_piece(skeleton))


@lru_cache(maxsize=1024)
def _many(kinds: tuple[ProgramSkeleton, ...], find: str) -> _Template:
    return _template(many_pieces(kinds, find))
