"""Sums and multiples of times, without a rounding: a boundary must not move, nor the last step before it lose digits.

A time is a number. A sum of times is an `int` where it is whole, else a `Fraction`, which is as exact.
"""

import math
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from fractions import Fraction

Sum = Union[int, "Fraction"]

# Products of the two numbers of a ratio are exact in float64.
EXACT = 2**53


def exact(time: "float | Fraction") -> Sum:
    """A time as a term of a sum."""
    if time.__class__ is not float:
        return time  # type: ignore[return-value]  # an int, or a sum already
    from fractions import Fraction  # most schedules count in whole steps and do not need it

    return Fraction(time)


def whole(moment: Sum) -> Sum:
    """The same moment, as an `int` if it is one."""
    return moment.numerator if moment.denominator == 1 else moment


def reached(moment: Sum) -> float:
    """The first number that is not before `moment`: an `int`, or a `float`."""
    moment = whole(moment)
    if isinstance(moment, int):
        return moment
    nearest = float(moment)
    return nearest if nearest >= moment else math.nextafter(nearest, math.inf)


def split(moment: Sum) -> tuple[float, float]:
    """The number nearest to `moment`, and the rest; an `int` has none."""
    moment = whole(moment)
    if isinstance(moment, int):
        return moment, 0
    nearest = float(moment)
    return nearest, float(moment - exact(nearest))


def known(moment: Sum) -> bool:
    """Whether a number can say it exactly."""
    return not split(moment)[1]
