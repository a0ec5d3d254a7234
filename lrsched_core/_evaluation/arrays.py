"""NumPy arrays: a table is run block by block, in place.

A block is small enough to stay in the processor's cache. Where its times are sorted, each piece covers one slice of it,
and sees only its own times; where they are not, or the slices would be short, pieces of the same code are run together,
each time with the constants of its own piece. Memory beyond the result does not grow with the array.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrsched_core._errors import refuse
from lrsched_core._evaluation import noise, parts, share_powers
from lrsched_core._evaluation.program import Code, Program, Table
from lrsched_core._evaluation.refusals import called, real, refuse_time
from lrsched_core._evaluation.times import EXACT

Floats = NDArray[np.float64]

_BLOCK = 16_384
# Shorter slices than this cost more in calls than looking up each time's constants does.
_SHORT = 256
# Of so many times at once the constants are looked up; more would be fresh memory for every column.
_GATHERED = 4_096
# So many pieces in one block are cheaper told apart by comparisons than by a search.
_FEW = 4
_LARGEST = np.finfo(np.float64).max


def evaluate(table: Table, t: Any, of_number: Callable[[float], float]) -> Floats:
    """The value at every time in `t`; integers that float64 cannot hold are left to a function of a number."""
    times = real_numbers(t)
    flat = times.reshape(-1)
    values = np.empty(flat.size)
    if table.as_arrays is None:
        table.as_arrays = _Pieces(table)
    pieces: Any = table.as_arrays
    buffers: list[Floats] = []
    # A growth that leaves the float range is refused by name, not warned of; underflow to 0 is right.
    with np.errstate(over="ignore", under="ignore"):
        for start in range(0, flat.size, _BLOCK):
            block = flat[start : start + _BLOCK].astype(np.float64, copy=False)
            earliest, latest = block.min(), block.max()
            if not (earliest >= 0 and latest <= _LARGEST):
                refuse_time(block[~((block >= 0) & (block <= _LARGEST))][0].item())
            pieces.run(block, values[start : start + _BLOCK], buffers, earliest, latest)
            if latest >= EXACT and flat.dtype.kind in "iu":
                far = start + np.flatnonzero(block >= EXACT)
                values[far] = [of_number(number) for number in flat[far].tolist()]
    return values.reshape(times.shape)


def real_numbers(t: Any) -> NDArray[Any]:
    """An array of real numbers; what NumPy would turn into one in silence (booleans, text) is refused."""
    if isinstance(t, np.ma.MaskedArray):
        raise refuse(TypeError, "t", "an array without a mask", t)
    try:
        array = np.asarray(t)
    except ValueError:
        raise refuse(ValueError, "t", "of one length in each dimension", t) from None
    if array.dtype.kind == "O" or (array.dtype.kind in "iuf" and isinstance(t, list | tuple)):
        items = [_float(item) for item in _items(t)]
        return array if array.dtype.kind in "iu" else np.array(items, np.float64).reshape(array.shape)
    if array.dtype.kind not in "iuf":
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


class _Group(NamedTuple):
    """Pieces of the same code: one program whose constants are columns, one row a piece."""

    program: Program
    pieces: list[int]


class _Pieces:
    """A table with its bounds and constants as arrays."""

    def __init__(self, table: Table) -> None:
        self.bounds = np.array(table.bounds, np.float64)
        self.programs = [_with_arrays(table.program(i)) for i in range(len(table))]
        self.groups = self._grouped()
        self.group_of = np.empty(len(self.programs), np.intp)
        self.row_of = np.empty(len(self.programs), np.intp)
        for g, group in enumerate(self.groups):
            self.group_of[group.pieces] = g
            self.row_of[group.pieces] = range(len(group.pieces))

    def _grouped(self) -> list[_Group]:
        by_code: dict[Any, list[int]] = {}
        for i, program in enumerate(self.programs):
            # A table of milestones or pieces cannot be a row in a column: such a piece stays alone.
            alone = not all(isinstance(constant, float | int) for constant in program.constants)
            alone = alone or any(op == "noise" for op, _ in program.code)  # its seed may be any integer
            by_code.setdefault(i if alone else program.code, []).append(i)
        groups = []
        for pieces in by_code.values():
            program = self.programs[pieces[0]]
            if len(pieces) > 1:
                rows = [self.programs[i].constants for i in pieces]
                columns = tuple(np.array(column, np.float64) for column in zip(*rows, strict=True))
                program = program._replace(constants=columns)
            groups.append(_Group(program, pieces))
        return groups

    def run(self, t: Floats, out: Floats, buffers: list[Floats], earliest: float, latest: float) -> None:
        """Writes the values at `t`, one block that lies between two times, into `out`."""
        if not self.bounds.size:
            _run(self.programs[0], t, out, buffers)
            return
        first, last = self.bounds.searchsorted((earliest, latest), side="right").tolist()
        if first == last:
            _run(self.programs[first], t, out, buffers, earliest)
        elif t.size >= _SHORT * (last - first + 1) and _in_order(t):
            cuts = np.searchsorted(t, self.bounds[first:last], side="left").tolist()
            for i, start, stop in zip(range(first, last + 1), [0, *cuts], [*cuts, t.size], strict=True):
                if start < stop:
                    _run(self.programs[i], t[start:stop], out[start:stop], buffers, t[start])
        elif last - first < _FEW:
            self._run_each(range(first, last + 1), t, out, buffers)
        else:
            for start in range(0, t.size, _GATHERED):
                part = slice(start, start + _GATHERED)
                self._run_groups(self.bounds.searchsorted(t[part], side="right"), t[part], out[part], buffers)

    def _run_each(self, pieces: range, t: Floats, out: Floats, buffers: list[Floats]) -> None:
        begun = np.ones(t.size, np.bool_)
        for i in pieces:
            here = begun
            if i < pieces[-1]:
                begun = t >= self.bounds[i]
                here = here & ~begun
            _run_chosen(self.programs[i], np.flatnonzero(here), t, out, buffers)

    def _run_groups(self, piece: NDArray[np.intp], t: Floats, out: Floats, buffers: list[Floats]) -> None:
        group_of = self.group_of[piece]
        present = np.flatnonzero(np.bincount(group_of)).tolist()
        if len(present) == 1:
            _run(self._gathered(present[0], piece), t, out, buffers)
            return
        for g in present:
            chosen = np.flatnonzero(group_of == g)
            _run_chosen(self._gathered(g, piece[chosen]), chosen, t, out, buffers)

    def _gathered(self, g: int, piece: NDArray[np.intp]) -> Program:
        """The program of a group, with the constants of each time's own piece."""
        program, pieces = self.groups[g]
        if len(pieces) == 1:
            return program
        rows = self.row_of[piece]
        columns: tuple[Any, ...] = program.constants
        return program._replace(constants=tuple([column[rows] for column in columns]))


def _with_arrays(program: Program) -> Program:
    seeds = {~x for op, operands in program.code if op == "noise" for x in operands}
    constants = [c if i in seeds else _as_arrays(c) for i, c in enumerate(program.constants)]
    return program._replace(constants=tuple(constants))


def _as_arrays(constant: Any) -> Any:
    if isinstance(constant, Table):
        return _Pieces(constant)
    if isinstance(constant, int):
        return float(constant)  # of more than 64 bits, it would be an object to NumPy
    return np.array(constant, np.float64) if isinstance(constant, tuple | list) else constant


def _in_order(t: Floats) -> bool:
    return bool((t[1:] >= t[:-1]).all())


def _run_chosen(program: Program, chosen: NDArray[np.intp], t: Floats, out: Floats, buffers: list[Floats]) -> None:
    if not chosen.size:
        return
    if program.code:
        values = np.empty(chosen.size)
        _run(program, t[chosen], values, buffers)
        out[chosen] = values
    else:
        out[chosen] = program.constants[0]


def _run(program: Program, t: Floats, out: Floats, buffers: list[Floats], earliest: float = 0.0) -> None:
    """Runs straight-line code over a slice, of which no time is before the earliest.

    Every result overwrites one that is no longer needed.
    """
    if not program.code:
        out[...] = program.constants[0]
        return
    plan, registers = _plan(program.code)
    while len(buffers) < registers - 1:
        buffers.append(np.empty(_BLOCK))
    slots = [out, *[buffer[: t.size] for buffer in buffers]]
    for op, operands, target in plan:
        arguments = [program.constants[~x] if x < 0 else t if x == 0 else slots[x - 1] for x in operands]
        _OPERATIONS[op](*arguments, out=slots[target], t=t, earliest=earliest)


@lru_cache(maxsize=1024)
def _plan(code: Code) -> tuple[list[tuple[str, list[int], int]], int]:
    """Assigns each result a register: (operation, operands, target) and how many registers there are.

    An operand is a constant (~number, < 0), the time (0), or register x - 1. Register 0 is the output.
    """
    last_use = {x: i for i, (_, operands) in enumerate(code) for x in operands if x >= 0}
    place: dict[int, int] = {}
    free = [0]
    registers = 1
    plan = []
    for i, (op, operands) in enumerate(code):
        if op == "time" and i < len(code) - 1:
            place[i] = 0
            continue
        read = [x if x < 0 else place[x] for x in operands]
        free += {place[x] - 1 for x in operands if x >= 0 and last_use[x] == i} - {-1}
        if i == len(code) - 1 or (i == len(code) - 2 and code[-1][0] == "pinned"):
            target = 0
        elif free:
            target = free.pop()
        else:
            target = registers
            registers += 1
        place[i] = target + 1
        plan.append((op, read, target))
    return plan, registers


def _ufunc(function: Any) -> Any:
    def operation(*arguments: Any, out: Floats, **_context: object) -> None:
        function(*arguments, out=out)

    return operation


def _copy_time(*, out: Floats, t: Floats, **_context: object) -> None:
    out[...] = t


def _elapsed(origin: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.subtract(t, origin, out)


def _left(stop: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.subtract(stop, t, out)


def _far_elapsed(origin: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.maximum(np.subtract(t, origin, out), 0.0, out)  # the origin may be rounded upwards


def _far_left(stop: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.maximum(np.subtract(stop, t, out), 0.0, out)


def _phase(x: Floats, every: Any, _origin: Any, *, out: Floats, **_context: object) -> None:
    np.remainder(x, every, out=out)


def _piecewise(x: Floats, pieces: _Pieces, *, out: Floats, **_context: object) -> None:
    values = np.empty(x.size)  # `out` may be where `x` is
    pieces.run(x, values, [], x.min(), x.max())
    out[...] = values


def _consumed(x: Floats, base: Any, rate: Any, lack: Any, period: Any, *, out: Floats, **_context: object) -> None:
    lacking = np.floor_divide(x, period)
    np.add(lacking, np.maximum(np.remainder(x, period) + 1.0 - period, 0.0), out=lacking)
    np.multiply(x, rate, out=out)
    np.add(out, base, out=out)
    np.subtract(out, lack * lacking, out=out)


def _call(x: Floats, function: Any, *, out: Floats, **_context: object) -> None:
    out[...] = [called(function, item) for item in x.tolist()]


def _periods(x: Floats, every: Any, _origin: Any, *, out: Floats, **_context: object) -> None:
    np.floor_divide(x, every, out=out)


def _counted(x: Floats, *constants: Any) -> tuple[Any, Any]:
    return parts.counted_floats(x, *constants, floor=np.floor, where=np.where, fixed=np.asarray)


def _part_periods(x: Floats, *constants: Any, out: Floats, **_context: object) -> None:
    out[...] = _counted(x, *constants)[0]


def _part_phase(x: Floats, *constants: Any, out: Floats, **_context: object) -> None:
    out[...] = _counted(x, *constants)[1]


def _multiple(n: Floats, length: Any, _parts: Any, *, out: Floats, **_context: object) -> None:
    np.multiply(n, length, out=out)


def _grown(start: Any, base: Any, n: Floats, *, out: Floats, **_context: object) -> None:
    third = n // 3
    power = np.power(base, third)
    with np.errstate(invalid="ignore"):  # 0 times infinity, which is 0
        values = start * power * power * np.power(base, n - 2 * third)
    out[...] = np.where(start == 0, 0.0, values)


def _pinned(x: Floats, at: Any, exactly: Any, *, out: Floats, t: Floats, earliest: float) -> None:
    if out is not x:
        out[...] = x
    if not earliest or earliest <= np.min(at):
        np.copyto(out, exactly, where=t == at)


def _between(weight: Floats, low: Any, high: Any, rise: Any, *, out: Floats, **_context: object) -> None:
    np.multiply(weight, rise, out=out)
    np.add(out, low, out=out)


def _left_of_sum(stop: Any, rest: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.subtract(stop, t, out=out)
    np.add(out, ((stop - out) - t) + rest, out=out)  # as in `source`
    np.maximum(out, 0.0, out=out)


def _power_of_share(time: Floats, base: Any, steps: Any, *constants: Any, out: Floats, **_context: object) -> None:
    time = np.minimum(time, share_powers.LARGEST * steps)
    share = time / steps
    np.multiply(np.power(base, share), share_powers.correction(time, share, steps, *constants), out=out)


def _elapsed_of_sum(origin: Any, rest: Any, *, out: Floats, t: Floats, **_context: object) -> None:
    np.subtract(t, origin, out=out)
    np.add(out, ((t - out) - origin) - rest, out=out)  # as in `source`
    np.maximum(out, 0.0, out=out)


def _finite(x: Floats, *, out: Floats, t: Floats, **_context: object) -> None:
    infinite = np.isinf(x)
    if infinite.any():
        refuse_time(t[infinite][0].item())
    out[...] = x


def _lookup(x: Floats, milestones: Floats, values: Floats, *, out: Floats, **_context: object) -> None:
    if not _in_order(x):
        out[...] = values[np.searchsorted(milestones, x, side="right")]
        return
    first, last = np.searchsorted(milestones, (x[0], x[-1]), side="right")
    inside, levels = milestones[first:last], values[first : last + 1]
    if x.size < inside.size:
        out[...] = levels[np.searchsorted(inside, x, side="right")]
    else:
        # Far cheaper than finding each time's own level: find where each level begins.
        cuts = np.searchsorted(x, inside, side="left")
        out[...] = np.repeat(levels, np.diff(cuts, prepend=0, append=x.size))


def _interpolated(x: Floats, milestones: Floats, values: Floats, *, out: Floats, **_context: object) -> None:
    i = np.searchsorted(milestones, x, side="right")
    start, stop, before, after = milestones[i - 1], milestones[i], values[i - 1], values[i]
    # As in `numbers`.
    weight = np.where(before > after, stop - x, x - start) / (stop - start)
    out[...] = weight * np.maximum(before, after) + (1.0 - weight) * np.minimum(before, after)


def _noise(count: Floats, seed: int, *, out: Floats, **_context: object) -> None:
    parts = [limb.astype(np.int64) for limb in noise.limbs(np.minimum(count, _LARGEST))]
    upper, lower = noise.halves(parts, *noise.keys(seed))
    out[...] = upper * 2.0**-16 + (lower + 0.5) * 2.0**-32


_OPERATIONS: dict[str, Any] = {
    "time": _copy_time,
    "elapsed": _elapsed,
    "far_elapsed": _far_elapsed,
    "elapsed_of_sum": _elapsed_of_sum,
    "left": _left,
    "far_left": _far_left,
    "left_of_sum": _left_of_sum,
    "add": _ufunc(np.add),
    "sub": _ufunc(np.subtract),
    "mul": _ufunc(np.multiply),
    "multiple": _multiple,
    "div": _ufunc(np.divide),
    "periods": _periods,
    "part_periods": _part_periods,
    "part_phase": _part_phase,
    "grown": _grown,
    "pinned": _pinned,
    "phase": _phase,
    "consumed": _consumed,
    "pow": _ufunc(np.power),
    "exp_base": _ufunc(np.power),
    "whole_power": _ufunc(np.power),
    "power_of_share": _power_of_share,
    "sin": _ufunc(np.sin),
    "sqrt": _ufunc(np.sqrt),
    "log": _ufunc(np.log),
    "log1p": _ufunc(np.log1p),
    "expm1": _ufunc(np.expm1),
    "between": _between,
    "maximum": _ufunc(np.maximum),
    "minimum": _ufunc(np.minimum),
    "finite": _finite,
    "lookup": _lookup,
    "interpolated": _interpolated,
    "noise": _noise,
    "piecewise": _piecewise,
    "call": _call,
}
