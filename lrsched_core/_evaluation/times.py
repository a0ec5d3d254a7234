"""Times mean the decimals that are written: 0.1 is a tenth, whatever the float that stands for it.

A time is an `int` where it is whole, else a `Fraction`, the decimal that a float prints: a ratio a/b of whole numbers.
Sums and multiples of such are exact, and a whole `t` has completed `t * b // a` periods of a/b, without a rounding. A
`t` between whole numbers is a float: it has reached a moment if it is not before the float nearest to that.
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
    """A time as a term of a sum."""
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
    """A share of a length of time, and what is left of that: two numbers that, as decimals, make up the whole."""
    first = nearest(exact(length) * exact(share))
    second = nearest(exact(length) - exact(first))
    return without(length, second), second


def without(length: float, *parts: float) -> float:
    """What parts leave of a length of time."""
    return nearest(exact(length) - sum(map(exact, parts)))


def ends(lengths: "Iterable[float]") -> tuple[float, ...]:
    """When each length of time ends, one after the other."""
    return tuple([nearest(moment) for moment in accumulate(map(exact, lengths))])


def reached(moment: Exact) -> float:
    """The first number that has reached `moment`."""
    number = nearest(moment)
    # A whole number is exact: it has not reached what is a little later.
    return math.nextafter(number, math.inf) if number < moment and number % 1 == 0 else number


def split(moment: Exact) -> tuple[float, float]:
    """The number nearest to `moment`, and the rest; an `int` has none."""
    number = nearest(moment)
    if isinstance(number, int):
        return number, 0
    from fractions import Fraction  # as above

    return number, float(moment - Fraction(number))


def known(moment: Exact) -> bool:
    """Whether a number says it: the decimal that this prints is the moment."""
    return exact(nearest(moment)) == moment


def ratio(length: Exact) -> tuple[int, int]:
    """A length as whole numbers a/b that can be multiplied exactly; the nearest such ratio, where its own is longer."""
    a, b = length.numerator, length.denominator
    if b == 1 or a == 1 or a * b <= EXACT:
        return a, b
    if a < b:
        b, a = ratio(1 / length)  # type: ignore[arg-type]  # a fraction, too
        return a, b
    near = length.limit_denominator(max(1, math.isqrt(EXACT // math.ceil(length))))  # type: ignore[union-attr]
    return near.numerator, near.denominator
