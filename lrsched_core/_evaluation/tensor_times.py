"""Times in tensors, and the constants beside them, in integers and in the floats that a runtime has."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from lrsched_core._evaluation import float32

_LARGEST_SINGLE = 3.4028235e38


class Times(NamedTuple):
    """The times, and how to compute with them."""

    runtime: Any  # a Runtime, or one that records
    t: Any
    integer: bool
    dtype: Any  # of the answer
    narrow: bool  # whether that is float32
    call: Callable[..., Any]  # calls users' functions
    called: Any  # the dtype that these compute in

    def float(self, x: Any) -> Any:
        """`x` in the dtype of the answer; a number stays a number."""
        return x if isinstance(x, float | int) else self.runtime.cast(x, self.dtype)


class Rows:
    """A constant that differs between pieces. Not a tuple, of which torch.compile would look at each number."""

    __slots__ = ("values",)

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = tuple(values)


class Column:
    """Such a constant, with the piece that each time belongs to."""

    __slots__ = ("piece", "rows")

    def __init__(self, rows: Rows, piece: Any) -> None:
        self.rows = rows
        self.piece = piece


def lone(times: Times, time: float) -> Any:
    """A number to compare times with, or to take from them."""
    return times.runtime.number(time, None if times.integer else times.dtype, times.t)


def choose(times: Times, condition: Any, here: Any, elsewhere: Any) -> Any:
    """Tensors or numbers, `here` where the condition holds."""
    here, elsewhere = number(times, here), number(times, elsewhere)
    if isinstance(here, float) and isinstance(elsewhere, float):
        here = times.runtime.full(times.t, here, times.dtype)  # two numbers would lose the dtype
    return times.runtime.where(condition, here, elsewhere)


def number(times: Times, value: Any) -> Any:
    """A tensor as it is; a number as a tensor of no dimension, if the framework is faster with those."""
    return times.runtime.number(value, times.dtype, times.t) if isinstance(value, float) else value


def operand(times: Times, x: Any) -> Any:
    """An operand of arithmetic in the dtype of the answer: a constant, a column of constants, or a result."""
    if isinstance(x, Column):
        return gathered(times, x)
    if isinstance(x, int | float):
        return times.runtime.number(_held(times, float(x)), times.dtype, times.t)
    return times.runtime.cast(x, times.dtype)


def reachable(times: Times, moments: Iterable[float]) -> list[float]:
    """The moments that integer times can reach."""
    return [m for m in moments if not times.integer or m <= times.runtime.largest]


def bound(times: Times, moment: float) -> float:
    """The first time that the tensor can hold and that is not before `moment`."""
    if times.integer:
        largest: int = times.runtime.largest
        return min(math.ceil(moment), largest)
    return float32.not_below(moment) if times.narrow else float(moment)


def reached(times: Times, moments: Iterable[float]) -> Any:
    """How many of the sorted moments each time has reached."""
    bounds = [bound(times, m) for m in moments]
    return times.runtime.count(times.runtime.constant(bounds, None if times.integer else times.dtype, times.t), times.t)


def within(times: Times, start: Any, stop: Any) -> Times:
    """The same times, moved into a piece."""
    t = times.t
    if start != 0:
        t = times.runtime.maximum(t, _limit(times, start))
    if stop is not None:
        # Integers are moved to the last one in the piece, floats to its end, where a logarithm may be infinite.
        t = times.runtime.minimum(t, _limit(times, stop, int(times.integer)))
    return times._replace(t=t)


def _limit(times: Times, moment: Any, less: int = 0) -> Any:
    if not times.integer:
        return gathered(times, moment)
    return wholes_of(times, moment, [_integer(m, less, times.runtime.largest) for m in values_of(moment)])


def _integer(moment: float, less: int, largest: int) -> int:
    return min(math.ceil(moment) - less, largest) if moment < math.inf else largest


def gathered(times: Times, constant: Any) -> Any:
    """A constant as it is; of a column, the constant of the piece of each time."""
    if not isinstance(constant, Column):
        # Tensors do not take an int of more than 64 bits.
        return _held(times, float(constant)) if isinstance(constant, int | float) else constant
    column = floats(times, values_of(constant))
    return times.runtime.take(column, constant.piece)


def _held(times: Times, x: float) -> float:
    """A constant, infinite if float32 does not hold it: frameworks would raise, or warn."""
    return math.copysign(math.inf, x) if times.narrow and abs(x) >= _LARGEST_SINGLE else x


def floats(times: Times, values: Iterable[float]) -> Any:
    """Constants as a tensor."""
    return times.runtime.constant([_held(times, x) for x in values], times.dtype, times.t)


def split(times: Times, moment: Any) -> tuple[Any, Any]:
    """A moment as a number that the tensor can hold, and the rest."""
    if not times.integer and not times.narrow:
        return gathered(times, moment), 0
    whole = wholes_of(times, moment, _wholes(times, moment), None if times.integer else times.dtype)
    if not any(_rests(times, moment)):
        return whole, 0
    return whole, wholes_of(times, moment, _rests(times, moment), times.dtype)


def _wholes(times: Times, moment: Any) -> list[float]:
    largest = times.runtime.largest
    if times.integer:
        return [max(min(math.floor(m), largest), -largest) for m in values_of(moment)]
    return [float32.nearest(m) for m in values_of(moment)]


def _rests(times: Times, moment: Any) -> list[float]:
    return [float(m - whole) for m, whole in zip(values_of(moment), _wholes(times, moment), strict=True)]


def values_of(constant: Any) -> tuple[Any, ...]:
    """The constant of each piece."""
    return constant.rows.values if isinstance(constant, Column) else (constant,)


def wholes_of(times: Times, constant: Any, values: Iterable[Any], dtype: Any = None) -> Any:
    """Numbers in place of a constant, one or one for each piece: integers, or of a dtype."""
    if not isinstance(constant, Column):
        return times.runtime.number(next(iter(values)), dtype, times.t)
    column = times.runtime.constant(list(values), dtype, times.t)
    return times.runtime.take(column, constant.piece)


def sides(origins: Sequence[int]) -> tuple[list[int], list[int]]:
    """How far each is after 0, and how far before."""
    return [max(m, 0) for m in origins], [max(-m, 0) for m in origins]


def moment_of(times: Times, moment: float) -> float:
    """The time at a moment; -1 if that lies between two integers."""
    if times.integer:
        return int(moment) if moment % 1 == 0 and 0 <= moment <= times.runtime.largest else -1
    return float32.nearest(moment) if times.narrow else float(moment)


def widely(times: Times, x: Any) -> Any:
    """`x` as a float64 if the runtime can, else as a float32."""
    return widened(times).float(x)


def widened(times: Times) -> Times:
    """The same times, to compute with in float64 if the runtime can."""
    wide = times.runtime.wide(times.t)
    return times if wide is None else times._replace(dtype=wide, narrow=False)


def filled(times: Times, value: Any) -> Any:
    """A tensor, even if the value is a number, the same at all times."""
    return times.runtime.full(times.t, value, times.dtype) if isinstance(value, float) else value
