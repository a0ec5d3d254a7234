"""What emitted functions of arrays call; see `number_helpers`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def _power_of_share(
    time: Any,
    base: Any,
    steps: Any,
    low: Any,
    rest: Any,
    rate: Any,
) -> Any:
    """`base ** (time / steps)`, corrected by what the division rounds away.

    `low` is the lower half of the bits of `steps`, `rest` the relative error of `base`,
    and `rate` is `log(base) / steps`.
    """
    time = np.minimum(time, 1e290 * steps)
    share = time / steps
    scaled = share * (2.0**27 + 1)
    head = scaled - (scaled - share)
    left_over = (time - head * (steps - low)) - head * low - (share - head) * steps
    return np.power(base, share) * (1.0 + (rate * left_over + rest * share))


def _grown(start: Any, base: Any, n: Any) -> Any:
    """`start * base ** n`, where only the power may leave the float range."""
    third = n // 3
    power = np.power(base, third)
    values = start * power * power * np.power(base, n - 2 * third)
    return np.where(start == 0, 0.0, values)


def _pinned(x: Any, t: Any, at: Any, exactly: Any) -> Any:
    """The same x, but at one time exactly that number."""
    return np.where(t == at, exactly, x)


def _part_periods(time: Any, *constants: Any) -> Any:
    """How many periods have elapsed."""
    return _counted(time, *constants)[0]


def _part_phase(time: Any, *constants: Any) -> Any:
    """How many parts of the present period have elapsed."""
    return _counted(time, *constants)[1]


def _counted(
    time: Any,
    length: Any,
    parts: Any,
    start: Any,
    lag: Any,
    cycle: Any,
    periods: Any,
) -> tuple[Any, Any]:
    """Periods that are `length` parts of a step long, of which a step has `parts`.

    The first begins after `start` steps and `lag` parts; `cycle` steps are `periods`
    periods. How many have elapsed, and how many parts of the present one.
    """
    whole = np.floor(time)
    rest = (time - whole) * parts
    part = np.floor(rest + 0.5)
    rest = np.where((part != rest) & ((whole * parts + part) / parts == time), part, rest)
    since = whole - start
    within = since % cycle
    elapsed = within * parts + (rest - lag)
    present = elapsed % length
    before = (since - within) / cycle * periods
    return before + np.floor((elapsed - present) / length + 0.5), present


def _noise(count: Any, seed: int) -> Any:
    """A number from 0 to 1 for each count, a hash of it and of the seed."""
    first, second = 0x9E3779B9, 0x85EBCA6B
    while True:
        first, second = _mixed(first ^ seed % 2**32), _mixed(second ^ seed % 2**32)
        seed //= 2**32
        if not seed:
            break
    low = np.fmod(count, 2.0**32).astype(np.uint64)
    high = np.fmod(count // 2.0**32, 2.0**32).astype(np.uint64)
    hashed = _mixed(low ^ np.uint64(first)) ^ _mixed(high ^ np.uint64(second))
    x = _mixed(hashed).astype(np.int64)
    return x // 2**16 * 2.0**-16 + (x % 2**16 + 0.5) * 2.0**-32


def _mixed(x: Any) -> Any:
    """A hash of 32 bits: lowbias32 of Wellons, Prospecting for Hash Functions, 2018."""
    if not isinstance(x, int):
        bits, first, second = np.uint64(0xFFFFFFFF), np.uint64(16), np.uint64(15)
        x = (x ^ x >> first) * np.uint64(0x7FEB352D) & bits
        x = (x ^ x >> second) * np.uint64(0x846CA68B) & bits
        return x ^ x >> first
    x = (x ^ x >> 16) * 0x7FEB352D % 2**32
    x = (x ^ x >> 15) * 0x846CA68B % 2**32
    return x ^ x >> 16
