"""Times mean the decimals that are written: 0.1 is a tenth, not the float nearest to it.

A time is an `int` if it is whole, else a `Fraction`: the decimal that the float prints, a ratio a/b of whole numbers.
Sums and multiples of these are exact, and a whole `t` has completed `t * b // a` periods of length a/b, without a
rounding. A `t` between whole numbers is a float: it has reached a moment if it is not before the float nearest to that.
"""

import math
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

Exact = Union[int, "Fraction"]

# Products of the two numbers of a ratio are exact in float64.
EXACT = 2**53


def exact(time: "float | Fraction") -> Exact:
    """A time as an exact number."""
    return _decimal(time) if time.__class__ is float else time  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def _decimal(time: float) -> Exact:
    from fractions import Fraction  # most schedules count in whole steps and do not need it

    return whole(Fraction(repr(time)))


def whole(moment: Exact) -> Exact:
    """The same moment, as an `int` if it is one."""
    return moment.numerator if moment.denominator == 1 else moment


def nearest(moment: Exact) -> float:
    """The number nearest to `moment`: an `int`, or a `float`."""
    moment = whole(moment)
    return moment if isinstance(moment, int) else float(moment)


def divided(length: float, share: float) -> tuple[float, float]:
    """A share of a length of time, and the rest: two numbers that, as decimals, add up to the whole."""
    first = nearest(exact(length) * exact(share))
    second = nearest(exact(length) - exact(first))
    return without(length, second), second


def without(length: float, *parts: float) -> float:
    """What is left of a length of time without some parts."""
    return nearest(exact(length) - sum(map(exact, parts)))


def ends(lengths: "Iterable[float]") -> tuple[float, ...]:
    """When each of several lengths of time ends that follow each other."""
    return tuple([nearest(moment) for moment in accumulate(map(exact, lengths))])


def reached(moment: Exact) -> float:
    """The first number that has reached `moment`."""
    number = nearest(moment)
    # Whole numbers are exact, so one a little before the moment has not reached it.
    return math.nextafter(number, math.inf) if number < moment and number % 1 == 0 else number


def split(moment: Exact) -> tuple[float, float]:
    """The number nearest to `moment`, and the rest; an `int` has none."""
    number = nearest(moment)
    if isinstance(number, int):
        return number, 0
    from fractions import Fraction  # as above

    return number, float(moment - Fraction(number))


def known(moment: Exact) -> bool:
    """Whether some number prints exactly this moment."""
    return exact(nearest(moment)) == moment


def ratio(length: Exact) -> tuple[int, int]:
    """A length as whole numbers a/b that multiply exactly in float64: the nearest such ratio if its own is longer."""
    a, b = length.numerator, length.denominator
    if b == 1 or a == 1 or a * b <= EXACT:
        return a, b
    if a < b:
        b, a = ratio(1 / length)  # type: ignore[arg-type]  # a fraction, too
        return a, b
    near = length.limit_denominator(max(1, math.isqrt(EXACT // math.ceil(length))))  # type: ignore[union-attr]
    return near.numerator, near.denominator
