"""NumPy arrays: a table is run block by block, in place.

A block is small enough to stay in the processor's cache. Its times are sorted if necessary, so that each piece covers
one slice of it. Of many pieces, those with the same code are run together, each time with the constants of its own
piece. Memory beyond the result does not grow with the array.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrsched_core._errors import refuse
from lrsched_core._evaluation.array_operations import LARGEST, OPERATIONS, Floats, extent
from lrsched_core._evaluation.program import Code, Program, Table
from lrsched_core._evaluation.refusals import real, refuse_time
from lrsched_core._evaluation.times import EXACT

_BLOCK = 16_384
# Sums and products of a few numbers between this and its inverse stay within the float range; powers may not.
_MODERATE = 1e30
_MODEST = {"time", "elapsed", "left", "add", "sub", "mul", "div", "between", "sin", "sqrt", "pinned", "lookup"}
_NOTHING = nullcontext()
# Fewer pieces than this are cheaper run one by one, with constants, than together, with columns of them.
_FEW = 4
# If there are few pieces, comparisons are cheaper than sorting for a block of more times than this.
_SORTED = 256


def function(table: Table) -> Callable[[Any, Callable[[float], float]], Floats]:
    """The function that evaluates a table, given times and a function of a number."""
    return partial(_evaluate, _Pieces(table))


def _evaluate(pieces: "_Pieces", t: Any, of_number: Callable[[float], float]) -> Floats:
    """The value at each time in `t`; the function of a number is for integers that float64 cannot hold."""
    times = real_numbers(t)
    flat = times.reshape(-1)
    values = np.empty(flat.size)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK].astype(np.float64, copy=False)
        ordered, earliest, latest = extent(block)
        if not (earliest >= 0 and latest <= LARGEST):
            refuse_time(block[~((block >= 0) & (block <= LARGEST))][0].item())
        # NumPy should not warn: growth that leaves the float range is refused by name, and underflow to 0 is right. To
        # tell NumPy so costs time, so schedules that cannot get there do not.
        with _NOTHING if pieces.moderate and latest < _MODERATE else np.errstate(over="ignore", under="ignore"):
            pieces.run(block, values[start : start + _BLOCK], ordered, earliest, latest)
        if latest >= EXACT and flat.dtype.kind in "iu":
            far = start + np.flatnonzero(block >= EXACT)
            values[far] = [of_number(number) for number in flat[far].tolist()]
    return values.reshape(times.shape)


def real_numbers(t: Any) -> NDArray[Any]:
    """An array of real numbers; what NumPy would silently convert (booleans, text) is refused."""
    if isinstance(t, np.ma.MaskedArray):
        raise refuse(TypeError, "t", "an array without a mask", t)
    try:
        array = np.asarray(t)
    except ValueError:
        raise refuse(ValueError, "t", "of one length in each dimension", t) from None
    kind = array.dtype.kind
    if kind == "O" or (array is not t and kind in "iuf" and isinstance(t, list | tuple)):
        numbers = [_float(item) for item in _items(t)]
        return array if kind in "iu" else np.array(numbers, np.float64).reshape(array.shape)
    if kind not in "iuf":
        raise refuse(TypeError, "t", "an array of real numbers", array.flat[0].item() if array.size else array)
    return array


def _items(t: Any) -> Iterator[Any]:
    if isinstance(t, list | tuple):
        for item in t:
            yield from _items(item)
    elif isinstance(t, np.ndarray):
        yield from t.flat
    else:
        yield t


def _float(item: Any) -> float:
    number = real("t", item)
    try:
        return float(number)
    except OverflowError:
        raise refuse(ValueError, "t", "within the float range", item) from None


class _Steps(NamedTuple):
    """A program for arrays: its steps, the constants, and the number of registers that it takes."""

    steps: list["_Step"]
    constants: tuple[Any, ...]
    registers: int

    @classmethod
    def of(cls, program: Program) -> "_Steps":
        seeds = {~x for op, operands in program.code if op == "noise" for x in operands}
        constants = tuple([c if i in seeds else _as_array(c) for i, c in enumerate(program.constants)])
        steps, registers = _plan(program.code, len(constants))
        return cls(steps, constants, registers)

    def run(self, t: Floats, out: Floats, earliest: float = 0.0) -> None:
        """Writes the values at times, none of which is before `earliest`."""
        if not self.steps:
            out[...] = self.constants[0]
            return
        slots = [*self.constants, t, earliest, out, *[np.empty(t.size) for _ in range(self.registers)]]
        for function, operands in self.steps:
            function(*operands(slots))

    def run_chosen(self, chosen: NDArray[np.intp], t: Floats, out: Floats) -> None:
        """Writes the values at some of the times."""
        if chosen.size:
            values = np.empty(chosen.size)
            self.run(t[chosen], values)
            out[chosen] = values


class _Group:
    """Pieces of the same code: their steps, and their constants in columns, one for each piece."""

    def __init__(self, pieces: list[int], all_steps: Sequence[_Steps]) -> None:
        self.pieces = np.array(pieces)
        self.steps = all_steps[pieces[0]]
        rows = [all_steps[i].constants for i in pieces]
        self.constants = np.array(rows, np.float64).T if len(pieces) > 1 else None

    def gathered(self, pieces: NDArray[np.intp], lengths: NDArray[np.intp]) -> _Steps:
        """The steps for times, of which `lengths` lie in each of the pieces."""
        if self.constants is None:
            return self.steps
        columns = self.constants[:, self.pieces.searchsorted(pieces)].repeat(lengths, axis=1)
        return _Steps(self.steps.steps, tuple(columns), self.steps.registers)


class _Pieces:
    """A table with its bounds and constants as arrays."""

    def __init__(self, table: Table) -> None:
        programs = [table.program(i) for i in range(len(table))]
        self.bounds = np.array(table.bounds, np.float64)
        self.stops = self.bounds.tolist()
        self.steps = [_Steps.of(program) for program in programs]
        self.moderate = all(map(_is_moderate, programs, self.steps))
        by_code: dict[Any, list[int]] = {}
        for i, steps in enumerate(self.steps):
            by_code.setdefault(programs[i].code if _may_be_columns(steps.constants) else i, []).append(i)
        self.groups = [_Group(pieces, self.steps) for pieces in by_code.values()]
        self.group_of = np.empty(len(table), np.intp)
        for g, group in enumerate(self.groups):
            self.group_of[group.pieces] = g

    def run(self, t: Floats, out: Floats, ordered: bool, earliest: float, latest: float) -> None:
        """Writes the values at `t`, which is from `earliest` to `latest`, into `out`."""
        first, last = bisect_right(self.stops, earliest), bisect_right(self.stops, latest)
        if first == last:
            self.steps[first].run(t, out, earliest)
        elif ordered:
            self._run_in_order(t, out, first, last)
        elif last - first < _FEW and t.size > _SORTED:
            self._run_each(t, out, first, last)
        else:
            order = t.argsort()
            values = np.empty(t.size)
            self._run_in_order(t[order], values, first, last)
            out[order] = values

    def _run_in_order(self, t: Floats, out: Floats, first: int, last: int) -> None:
        cuts = t.searchsorted(self.bounds[first:last])
        if last - first < _FEW:
            start = 0
            for i, stop in enumerate([*cuts.tolist(), t.size], first):
                if start < stop:
                    self.steps[i].run(t[start:stop], out[start:stop], t.item(start))
                start = stop
            return
        edges = np.concatenate(((0,), cuts, (t.size,)))
        lengths = edges[1:] - edges[:-1]
        group_of = self.group_of[first : last + 1]
        for g in set(group_of.tolist()):
            mine = group_of == g
            [pieces] = mine.nonzero()
            steps = self.groups[g].gathered(pieces + first, lengths[pieces])
            begin, end = pieces.item(0), pieces.item(-1) + 1
            if end - begin == pieces.size:
                start, stop = edges.item(begin), edges.item(end)
                if start < stop:
                    steps.run(t[start:stop], out[start:stop], t.item(start))
            else:
                steps.run_chosen(mine.repeat(lengths).nonzero()[0], t, out)

    def _run_each(self, t: Floats, out: Floats, first: int, last: int) -> None:
        begun = np.ones(t.size, np.bool_)
        for i in range(first, last + 1):
            here = begun
            if i < last:
                begun = t >= self.bounds[i]
                here = here & ~begun
            self.steps[i].run_chosen(here.nonzero()[0], t, out)


def _is_moderate(program: Program, steps: _Steps) -> bool:
    """Whether all that it computes from moderate times stays within the float range."""
    if any(op not in _MODEST for op, _ in program.code):
        return False
    sizes = np.abs(np.concatenate([np.ravel(c) for c in steps.constants]))
    return bool(((sizes == 0) | ((sizes > 1 / _MODERATE) & (sizes < _MODERATE))).all())


def _as_array(constant: Any) -> Any:
    if isinstance(constant, Table):
        return _Pieces(constant)
    # NumPy would make an object of an integer of more than 64 bits, and handles arrays faster than numbers.
    return np.array(constant, np.float64) if isinstance(constant, int | float | tuple | list) else constant


def _may_be_columns(constants: tuple[Any, ...]) -> bool:
    """Whether all are numbers: not tables or functions, nor seeds, which may be too large for a column."""
    return all(isinstance(c, np.ndarray) and not c.ndim for c in constants)


# A function, and what picks its arguments from the slots.
_Step = tuple[Callable[..., Any], Callable[[Sequence[Any]], tuple[Any, ...]]]


@lru_cache(maxsize=1024)
def _plan(code: Code, constants: int) -> tuple[list[_Step], int]:
    """The steps, each with its slots, and the number of registers beside the output.

    The slots are the constants, the times, the earliest time, the output, and the registers. A result overwrites an
    earlier one that is no longer needed, if there is one.
    """
    time, earliest, output = range(constants, constants + 3)
    last_use = {x: i for i, (_, operands) in enumerate(code) for x in operands if x >= 0}
    place: dict[int, int] = {}
    free = [output]
    slots = output + 1
    steps: list[_Step] = []
    for i, (op, operands) in enumerate(code):
        if op == "time" and i < len(code) - 1:
            place[i] = time
            continue
        read = [~x if x < 0 else place[x] for x in operands]
        free += {place[x] for x in operands if x >= 0 and last_use[x] == i} - {time}
        if i == len(code) - 1 or (i == len(code) - 2 and code[-1][0] == "pinned"):
            target = output
        elif free:
            target = free.pop()
        else:
            target = slots
            slots += 1
        place[i] = target
        function, given = OPERATIONS[op]
        named = {"t": time, "e": earliest}
        steps.append((function, itemgetter(*[named[x] if x in named else read[int(x)] for x in given], target)))
    return steps, slots - output - 1
