"""Powers of a share of time, `base ** (time / steps)`, without the error from rounding the quotient.

A power multiplies the rounding of its exponent by the logarithm of its base, which may be 20. So the remainder of the
division is computed exactly, and corrects the power. If there is only float32, which cannot even hold the time, the
time is written in base 256, and the power for each digit is looked up.

Emitted code contains the functions of numbers of this module, `parts` and `noise` as they are here. So they use only
each other and the standard library, and fit into 88 columns, the default of most formatters.

Throughout, `low` is the lower half of the bits of `steps`, `rest` the relative error of `base`, and `rate` is
`log(base) / steps`.
"""

import math
from functools import lru_cache
from typing import Any

# Multiplying by this splits a float64 into halves of 26 bits, whose products are exact (Veltkamp, Dekker).
_SPLITTER = 2.0**27 + 1
# Splitting a larger share would leave the float range; its power is 0, 1 or infinite.
LARGEST = 1e290
_LARGEST_SINGLE = 2.0**128


def power_of_share(
    time: float,
    base: float,
    steps: float,
    low: float,
    rest: float,
    rate: float,
) -> float:
    """The power of a number."""
    share = time / steps
    if not share < LARGEST:
        time, share = LARGEST * steps, LARGEST
    value: float = base**share * correction(time, share, steps, low, rest, rate)
    return value


def grown(start: float, base: float, n: float) -> float:
    """`start * base ** n`, where only the power may leave the float range."""
    if not start:
        return 0.0
    third = n // 3
    try:
        power = base**third
        value: float = start * power * power * base ** (n - 2 * third)
    except OverflowError:
        return math.inf if base > 1 else 0.0
    return value


def correction(
    time: Any,
    share: Any,
    steps: Any,
    low: Any,
    rest: Any,
    rate: Any,
) -> Any:
    """What the power of the rounded share must be multiplied by, in any runtime."""
    scaled = share * _SPLITTER
    head = scaled - (scaled - share)
    left_over = ((time - head * (steps - low)) - head * low) - (share - head) * steps
    return 1.0 + (rate * left_over + rest * share)


def digit_powers(unit: float, *constants: float) -> tuple[float, ...]:
    """The powers of `digit * unit` for every digit in base 256, as float32 can hold them."""
    return _digit_powers(unit, *constants)


def last_time(largest: int, *constants: float) -> int:
    """A whole time from which on powers are 0 or infinite, at most `largest`."""
    return _last_time(largest, *constants)


# As in `evaluators`: torch.compile need not trace how a table is made.
digit_powers._dynamo_marked_constant = True  # type: ignore[attr-defined]  # functions take attributes
last_time._dynamo_marked_constant = True  # type: ignore[attr-defined]  # as above


@lru_cache(maxsize=256)
def _digit_powers(unit: float, *constants: float) -> tuple[float, ...]:
    return tuple([_or_infinite(digit * unit, *constants) for digit in range(256)])


@lru_cache(maxsize=256)
def _last_time(largest: int, *constants: float) -> int:
    time = 1
    while time < largest and 0 < _or_infinite(time, *constants) < math.inf:
        time *= 2
    return min(time, largest)


def _or_infinite(time: float, base: float, steps: float, low: float, rest: float, rate: float) -> float:
    try:
        value = power_of_share(time, base, steps, low, rest, rate)
    except OverflowError:
        return math.inf
    return value if value < _LARGEST_SINGLE else math.inf
