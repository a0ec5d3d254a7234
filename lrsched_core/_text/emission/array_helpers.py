"""What emitted functions of arrays call; see `number_helpers`."""
# ruff: noqa: F401  # as there

from typing import Any

import numpy as np
from numpy.typing import NDArray

# What schedules themselves are evaluated with.
from lrsched_core._evaluation.noise import _cut, _mixed, _signed, _upper
from lrsched_core._evaluation.noise import halves as _halves
from lrsched_core._evaluation.noise import keys as _keys
from lrsched_core._evaluation.noise import limbs as _limbs
from lrsched_core._evaluation.parts import counted_floats as _counted_floats
from lrsched_core._evaluation.share_powers import correction as _correction


def _times(t: Any) -> NDArray[np.float64]:
    """Finite numbers >= 0, as an array of float64."""
    array = np.asarray(t)
    if array.dtype.kind not in "iuf" or isinstance(t, np.ma.MaskedArray):
        message = f"`t` must be an array of real numbers, got {t!r}."
        raise TypeError(message)
    times = np.array(array, np.float64)
    for rule, right in (("finite", np.isfinite(times)), (">= 0", times >= 0)):
        if not right.all():
            message = f"`t` must be {rule}, got {times[~right][0].item()!r}."
            raise ValueError(message)
    return times


def _finite(x: Any, t: Any) -> Any:
    """The same x; where it has left the float range, `t` is refused."""
    if np.isinf(x).any():
        rule = "small enough for the schedule to stay within the float range"
        message = f"`t` must be {rule}, got {t[np.isinf(x)][0].item()!r}."
        raise OverflowError(message)
    return x


def _reached(times: Any, t: Any) -> Any:
    """How many of some times have been reached, at each `t`."""
    return np.searchsorted(times, t, side="right")


def _interpolated(t: Any, times: Any, values: Any) -> Any:
    """On a straight line between two values; the weight belongs to the larger one."""
    i = _reached(times, t)
    start, stop, before, after = times[i - 1], times[i], values[i - 1], values[i]
    weight = np.where(before > after, stop - t, t - start) / (stop - start)
    larger, smaller = np.maximum(before, after), np.minimum(before, after)
    return weight * larger + (1.0 - weight) * smaller


def _power_of_share(time: Any, base: Any, steps: Any, *constants: Any) -> Any:
    """`base ** (time / steps)`, corrected by what the division rounds away."""
    time = np.minimum(time, 1e290 * steps)
    share = time / steps
    return np.power(base, share) * _correction(time, share, steps, *constants)


def _grown(start: Any, base: Any, n: Any) -> Any:
    """`start * base ** n`, where only the power may leave the float range."""
    third = n // 3
    power = np.power(base, third)
    with np.errstate(invalid="ignore"):  # 0 times infinity, which is 0
        values = start * power * power * np.power(base, n - 2 * third)
    return np.where(start == 0, 0.0, values)


def _pinned(x: Any, t: Any, at: Any, exactly: Any) -> Any:
    """The same x, but at one time exactly that number."""
    return np.where(t == at, exactly, x)


def _counted(time: Any, *constants: Any) -> tuple[Any, Any]:
    return _counted_floats(
        time,
        *constants,
        floor=np.floor,
        where=np.where,
        fixed=np.asarray,
    )


def _part_periods(time: Any, *constants: Any) -> Any:
    """How many periods have elapsed."""
    return _counted(time, *constants)[0]


def _part_phase(time: Any, *constants: Any) -> Any:
    """How many parts of the present period have elapsed."""
    return _counted(time, *constants)[1]


def _noise(count: Any, seed: int) -> Any:
    """A number from 0 to 1 for each count, a hash of it and of the seed."""
    count = np.minimum(count, np.finfo(np.float64).max)
    parts = [limb.astype(np.int64) for limb in _limbs(count)]
    upper, lower = _halves(parts, *_keys(seed))
    return upper * 2.0**-16 + (lower + 0.5) * 2.0**-32
