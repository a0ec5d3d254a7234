"""The operations of formulas on arrays: functions that write their result into the last operand."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrsched_core._evaluation.array_formulas import (
    grown,
    interpolated,
    noise,
    part_periods,
    part_phase,
    power_of_share,
)
from lrsched_core._evaluation.refusals import called, refuse_time

Floats = NDArray[np.float64]

LARGEST = np.finfo(np.float64).max


def in_order(t: Floats) -> bool:
    """Whether times are sorted and without NaN."""
    # Counting is faster than `all`.
    return np.count_nonzero(t[1:] >= t[:-1]) == t.size - 1


def extent(t: Floats) -> tuple[bool, float, float]:
    """Whether times are sorted and without NaN; the earliest and the latest of them."""
    if in_order(t):
        return True, t.item(0), t.item(-1)
    return False, t.min().item(), t.max().item()


def _into(formula: Callable[..., Floats]) -> Callable[..., None]:
    """The operation that writes what a function of arrays gives."""

    def operation(*operands: Any) -> None:
        *operands, out = operands  # type: ignore[assignment]  # a list will do
        out[...] = formula(*operands)

    return operation


def _far_elapsed(origin: Any, t: Floats, out: Floats) -> None:
    np.maximum(np.subtract(t, origin, out), 0.0, out=out)  # the origin may be rounded upwards


def _far_left(stop: Any, t: Floats, out: Floats) -> None:
    np.maximum(np.subtract(stop, t, out), 0.0, out=out)


def _elapsed_of_sum(origin: Any, rest: Any, t: Floats, out: Floats) -> None:
    np.subtract(t, origin, out)
    np.add(out, ((t - out) - origin) - rest, out)  # as in `source`
    np.maximum(out, 0.0, out=out)


def _left_of_sum(stop: Any, rest: Any, t: Floats, out: Floats) -> None:
    np.subtract(stop, t, out)
    np.add(out, ((stop - out) - t) + rest, out)  # as in `source`
    np.maximum(out, 0.0, out=out)


def _consumed(x: Floats, base: Any, rate: Any, lack: Any, period: Any, out: Floats) -> None:
    lacking = np.floor_divide(x, period)
    np.add(lacking, np.maximum(np.remainder(x, period) + 1.0 - period, 0.0), lacking)
    np.multiply(x, rate, out)
    np.add(out, base, out)
    np.subtract(out, lack * lacking, out)


def _pinned(x: Floats, at: Any, exactly: Any, t: Floats, earliest: float, out: Floats) -> None:
    if out is not x:
        out[...] = x
    if not earliest or earliest <= at.min():
        np.copyto(out, exactly, where=t == at)


def _between(weight: Floats, low: Any, rise: Any, out: Floats) -> None:
    np.multiply(weight, rise, out)
    np.add(out, low, out)


def _finite(x: Floats, t: Floats, out: Floats) -> None:
    infinite = np.isinf(x)
    if infinite.any():
        refuse_time(t[infinite][0].item())
    out[...] = x


def _lookup(x: Floats, milestones: Floats, values: Floats, out: Floats) -> None:
    ordered, earliest, latest = extent(x)
    first, last = milestones.searchsorted((earliest, latest), side="right").tolist()
    if first == last:
        out[...] = values[first]
        return
    inside, levels = milestones[first:last], values[first : last + 1]
    if not ordered or x.size < inside.size:
        out[...] = levels[inside.searchsorted(x, side="right")]
    else:
        # Far cheaper than finding the level of each time: find where each level begins.
        cuts = x.searchsorted(inside, side="left")
        out[...] = levels.repeat(np.diff(cuts, prepend=0, append=x.size))


def _piecewise(x: Floats, pieces: Any, out: Floats) -> None:
    values = np.empty(x.size)  # `out` may be where `x` is
    pieces.run(x, values, *extent(x))
    out[...] = values


# These two alone want the array that they write into by its name.
def _maximum(x: Any, y: Any, out: Floats) -> None:
    np.maximum(x, y, out=out)


def _minimum(x: Any, y: Any, out: Floats) -> None:
    np.minimum(x, y, out=out)


def _call(x: Floats, function: Any, out: Floats) -> None:
    out[...] = [called(function, item) for item in x.tolist()]


# A function, and what it is given before the array to write into: operands by their positions, "t" for the times, "e"
# for the earliest of them.
OPERATIONS: dict[str, tuple[Any, str]] = {
    "time": (np.positive, "t"),
    "elapsed": (np.subtract, "t0"),
    "far_elapsed": (_far_elapsed, "0t"),
    "elapsed_of_sum": (_elapsed_of_sum, "01t"),
    "left": (np.subtract, "0t"),
    "far_left": (_far_left, "0t"),
    "left_of_sum": (_left_of_sum, "01t"),
    "add": (np.add, "01"),
    "sub": (np.subtract, "01"),
    "mul": (np.multiply, "01"),
    "multiple": (np.multiply, "01"),
    "div": (np.divide, "01"),
    "periods": (np.floor_divide, "01"),
    "part_periods": (_into(part_periods), "0123456"),
    "part_phase": (_into(part_phase), "0123456"),
    "phase": (np.remainder, "01"),
    "consumed": (_consumed, "01234"),
    "pow": (np.power, "01"),
    "exp_base": (np.power, "01"),
    "whole_power": (np.power, "01"),
    "grown": (_into(grown), "012"),
    "pinned": (_pinned, "012te"),
    "power_of_share": (_into(power_of_share), "012345"),
    "sin": (np.sin, "0"),
    "sqrt": (np.sqrt, "0"),
    "log": (np.log, "0"),
    "log1p": (np.log1p, "0"),
    "expm1": (np.expm1, "0"),
    "between": (_between, "013"),
    "maximum": (_maximum, "01"),
    "minimum": (_minimum, "01"),
    "finite": (_finite, "0t"),
    "lookup": (_lookup, "012"),
    "interpolated": (_into(interpolated), "012"),
    "noise": (_into(noise), "01"),
    "piecewise": (_piecewise, "01"),
    "call": (_call, "01"),
}
