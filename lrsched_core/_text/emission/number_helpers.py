"""What emitted functions of a number call. An emitted module takes along, as they stand here, those that it needs.

So each is complete: it calls its neighbours, `math`, `bisect`, `sys` and `numbers` alone. No line is longer than 88
characters, for which most formatters are set.
"""

import math
import sys
from bisect import bisect_right
from collections.abc import Sequence
from numbers import Integral, Real


def _time(t: object) -> float:
    """A finite number >= 0, as an `int` or a `float`."""
    number: float
    if type(t) is int or type(t) is float:
        number = t
    elif isinstance(t, bool) or not isinstance(t, Real):
        message = f"`t` must be a real number, got {t!r}."
        raise TypeError(message)
    else:
        number = int(t) if isinstance(t, Integral) else float(t)
    if not -sys.float_info.max <= number <= sys.float_info.max:
        message = f"`t` must be finite, got {t!r}."
        raise ValueError(message)
    if number < 0:
        message = f"`t` must be >= 0, got {t!r}."
        raise ValueError(message)
    return number


def _finite(x: float, t: float) -> float:
    """The same x; where it has left the float range, `t` is refused."""
    if not x <= sys.float_info.max:
        raise _too_late(t)
    return x


def _too_late(t: float) -> OverflowError:
    rule = "small enough for the schedule to stay within the float range"
    return OverflowError(f"`t` must be {rule}, got {t!r}.")


def _interpolated(t: float, times: Sequence[float], values: Sequence[float]) -> float:
    """On a straight line between two values; the weight belongs to the larger one."""
    i = bisect_right(times, t)
    start, stop, before, after = times[i - 1], times[i], values[i - 1], values[i]
    if before > after:
        weight = (stop - t) / (stop - start)
        return weight * before + (1.0 - weight) * after
    weight = (t - start) / (stop - start)
    return weight * after + (1.0 - weight) * before


def _power_of_share(
    time: float,
    base: float,
    steps: float,
    low: float,
    rest: float,
    rate: float,
) -> float:
    """`base ** (time / steps)`, corrected by what the division rounds away.

    `low` is the lower half of the bits of `steps`, `rest` the relative error of `base`,
    and `rate` is `log(base) / steps`.
    """
    share = time / steps
    if not share < 1e290:
        time, share = 1e290 * steps, 1e290
    scaled = share * (2.0**27 + 1)
    head = scaled - (scaled - share)
    left_over = (time - head * (steps - low)) - head * low - (share - head) * steps
    return float(base**share * (1.0 + (rate * left_over + rest * share)))


def _grown(start: float, base: float, n: float) -> float:
    """`start * base ** n`, where only the power may leave the float range."""
    if not start:
        return 0.0
    third = n // 3
    try:
        power = base**third
        return float(start * power * power * base ** (n - 2 * third))
    except OverflowError:
        return math.inf if base > 1 else 0.0


def _part_periods(time: float, *constants: int) -> int:
    """How many periods have elapsed."""
    return min(_counted(time, *constants)[0], 10**300)


def _part_phase(time: float, *constants: int) -> float:
    """How many parts of the present period have elapsed."""
    return _counted(time, *constants)[1]


def _counted(
    time: float,
    length: int,
    parts: int,
    start: int,
    lag: int,
    *_: int,
) -> tuple[int, float]:
    """Periods that are `length` parts of a step long, of which a step has `parts`.

    The first begins after `start` steps and `lag` parts. How many have elapsed, and how
    many parts of the present one: whole numbers where the time is one, without rounding.
    """
    numerator, denominator = time.as_integer_ratio()
    if denominator != 1:
        part = (2 * numerator * parts + denominator) // (2 * denominator)
        if part / parts == time:
            numerator, denominator = part, parts
    elapsed = numerator * parts - (start * parts + lag) * denominator
    count, rest = divmod(elapsed, length * denominator)
    if rest % denominator:
        return count, rest / denominator
    return count, rest // denominator


def _noise(count: float, seed: int) -> float:
    """A number from 0 to 1 for each count, a hash of it and of the seed."""
    first, second = 0x9E3779B9, 0x85EBCA6B
    while True:
        first, second = _mixed(first ^ seed % 2**32), _mixed(second ^ seed % 2**32)
        seed //= 2**32
        if not seed:
            break
    number = int(min(count, sys.float_info.max))
    low, high = number % 2**32, number // 2**32 % 2**32
    x = _mixed(_mixed(low ^ first) ^ _mixed(high ^ second))
    return x // 2**16 * 2.0**-16 + (x % 2**16 + 0.5) * 2.0**-32


def _mixed(x: int) -> int:
    """A hash of 32 bits: lowbias32 of Wellons, Prospecting for Hash Functions, 2018."""
    x = (x ^ x >> 16) * 0x7FEB352D % 2**32
    x = (x ^ x >> 15) * 0x846CA68B % 2**32
    return x ^ x >> 16
