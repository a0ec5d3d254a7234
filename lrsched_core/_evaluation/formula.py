"""The vocabulary of formulas: a clock, and symbols that remember what was done to them.

A schedule states its formula once, as ordinary Python over a `Clock`:

    w = square(sin(clock.left(steps) * k))

Run on symbols, this gives an expression instead of a number. The expression then becomes a function of numbers, a pass
over an array, or a graph of tensors, so that each formula is written only once. Formulas have no branches: where a
schedule changes its formula, it has two pieces (see `pieces`).
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeGuard, Union, overload

from lrsched_core._evaluation.times import EXACT, Exact, exact, ratio, reached, split, whole

if TYPE_CHECKING:
    from fractions import Fraction

Operand = Union["Expr", float]  # a string inside `|` needs Python 3.14


class Expr:
    """A value that is not yet known: an operation and its operands."""

    __slots__ = ("args", "op")

    def __init__(self, op: str, *args: object) -> None:
        self.op = op
        self.args = args

    def __add__(self, other: Operand) -> "Expr":
        return Expr("add", self, other)

    def __radd__(self, other: Operand) -> "Expr":
        return Expr("add", other, self)

    def __sub__(self, other: Operand) -> "Expr":
        return Expr("sub", self, other)

    def __rsub__(self, other: Operand) -> "Expr":
        return Expr("sub", other, self)

    def __mul__(self, other: Operand) -> "Expr":
        return Expr("mul", self, other)

    def __rmul__(self, other: Operand) -> "Expr":
        return Expr("mul", other, self)

    def __truediv__(self, other: Operand) -> "Expr":
        return Expr("div", self, other)

    def __rtruediv__(self, other: Operand) -> "Expr":
        return Expr("div", other, self)

    def __pow__(self, power: float) -> "Expr":
        return Expr("pow", self, power)

    def __rpow__(self, base: float) -> "Expr":
        return Expr("exp_base", base, self)


class Clock:
    """The time of one piece, counted from `origin` in units of `scale`: how much has elapsed, how much is left, ...

    Origin and scale are exact, so that a moment of this clock becomes one of the schedule without a rounding.
    """

    __slots__ = ("_since_origin", "elapsed", "origin", "scale")

    def __init__(self, origin: Exact = 0, scale: Exact = 1) -> None:
        self.origin = origin
        self.scale = scale
        start, rest = split(origin)
        if rest:
            self._since_origin = Expr("elapsed_of_sum", start, rest)
        else:
            self._since_origin = Expr(_unless_far("elapsed", start), start) if start else Expr("time")
        self.elapsed = self._ratio(origin, math.floor(origin), "elapsed") or self._in_units(self._since_origin)

    def _in_units(self, time: Expr) -> Expr:
        return time if self.scale == 1 else time / float(self.scale)

    def _ratio(self, moment: Exact, near: int, op: str) -> "Expr | None":
        """The time since or until a moment, if a step is a ratio a/b of units: whole until the division by b."""
        if self.scale.denominator == 1:
            return None
        finer = moment.denominator // math.gcd(moment.denominator, self.scale.denominator)
        a, b = self.scale.denominator * finer, self.scale.numerator * finer
        rest = int(abs(moment - near) * a)  # type: ignore[operator]  # whole, by the choice of a
        if max(a, b) > EXACT:
            return None
        # First in whole steps, which tensors count exactly, then in units.
        steps = Expr(_unless_far(op, near), near) if near or op == "left" else Expr("time")
        units = at_least(steps * a - rest, 0.0) if rest else steps * a
        return units if b == 1 else units / b

    def left(self, steps: float) -> Expr:
        """What remains of `steps`: exact to the last step, where `steps - elapsed` would round twice."""
        moment = self.origin + exact(steps) * self.scale
        ratio = self._ratio(moment, math.ceil(moment), "left")
        if ratio is not None:
            return ratio
        stop, rest = split(moment)
        return self._in_units(Expr("left_of_sum", stop, rest) if rest else Expr(_unless_far("left", stop), stop))

    def periods(self, every: float) -> Expr:
        """How many whole periods of length `every` have elapsed."""
        a, b = ratio(exact(every) * self.scale)
        origin = whole(self.origin)
        if b == 1 and isinstance(origin, int):
            # Tensors divide whole numbers by whole numbers where they can, and need the origin for it.
            return Expr("periods", self._since_origin, a, origin)
        return Expr("part_periods", Expr("time"), *_parts(a, b, origin))

    def lookup(self, milestones: Sequence[float], values: Sequence[float]) -> Expr:
        """`values[number of milestones reached]`: a table instead of branches."""
        return Expr("lookup", Expr("time"), self._absolute(milestones), values)

    def interpolated(self, milestones: Sequence[float], values: Sequence[float]) -> Expr:
        """Linear interpolation of the values at the milestones, for times between the first and the last of these."""
        return Expr("interpolated", Expr("time"), self._absolute(milestones), values)

    def _absolute(self, milestones: Sequence[float]) -> Sequence[float]:
        if not self.origin and self.scale == 1:
            return milestones
        return tuple([reached(self.origin + exact(m) * self.scale) for m in milestones])

    def inner(self, origin: Exact, scale: Exact) -> "Clock":
        """A clock that is 0 at `origin` of this one and runs in units of `scale` of it."""
        return Clock(self.origin + origin * self.scale, self.scale * scale)

    def consumed(self, base: int, rate: int, lack: int, period: int) -> Expr:
        """`base` plus `rate` for each unit of time, but `lack` less for the last unit of each `period`."""
        return Expr("consumed", self.elapsed, base, rate, lack, period)

    def period_begun(self, every: float) -> tuple[Expr, int]:
        """When the present period began, counted from `origin` in parts of a step, and how many parts a step has."""
        a, b = ratio(exact(every) * self.scale)
        return Expr("multiple", self.periods(every), a, b), b

    def within_period(self, every: float) -> tuple[Expr, int]:
        """How much of the present period has elapsed, in parts of a step, and how many parts a step has."""
        a, b = ratio(exact(every) * self.scale)
        origin = whole(self.origin)
        if b == 1 and isinstance(origin, int):
            return Expr("phase", self._since_origin, a, origin), 1
        constants = _parts(a, b, origin)
        return Expr("part_phase", Expr("time"), *constants), constants[1]


def _unless_far(op: str, moment: float) -> str:
    """The operation for a moment: `far_...` for a whole number that no float is, to be subtracted as an integer."""
    return op if abs(moment) <= EXACT or float(moment) == moment else f"far_{op}"


def _is_near_whole(number: Exact) -> bool:
    return abs(float(number - round(number))) < 1e-3


def _parts(a: int, b: int, origin: Exact) -> tuple[int, ...]:
    """The constants that count periods of a/b since an origin; see `parts`."""
    # Parts small enough for the origin to be a whole number of them, but large enough for float64 to multiply exactly.
    most = max(1, EXACT // (a * b), 2**30 // b)
    finer = origin.denominator // math.gcd(b, origin.denominator)
    if finer > most:
        # The length was rounded to a/b, and the origin is a multiple of the length before: round it to parts as well.
        finer = next((10**n for n in range(10) if 10**n <= most and _is_near_whole(origin * b * 10**n)), most)
    parts = b * finer
    start, lag = divmod(round(origin * parts), parts)
    return a * parts // b, parts, start, lag, a, b


Formula = Callable[[Clock], Operand]


def sin(x: Expr) -> Expr:
    """Sine."""
    return Expr("sin", x)


def sqrt(x: Expr) -> Expr:
    """Square root."""
    return Expr("sqrt", x)


def log(x: Expr) -> Expr:
    """Natural logarithm."""
    return Expr("log", x)


def log1p(x: Expr) -> Expr:
    """log(1 + x), exact near 0."""
    return Expr("log1p", x)


def expm1(x: Expr) -> Expr:
    """exp(x) - 1, exact near 0."""
    return Expr("expm1", x)


def square(x: Expr) -> Expr:
    """The product of x with itself: faster than a power function, and rounded once."""
    return x * x


def between(low: float, high: float, weight: Expr) -> Expr:
    """From `low` at weight 0 to `high` > `low` at weight 1, both exact in float32 and float64."""
    if not low:
        return weight * high
    # `low + rise * weight` is cheapest, if for some rise it does not miss `high` by a rounding. Tensors, which round
    # constants to their own type, take the convex form instead.
    rise = high - low
    for near in (rise, math.nextafter(rise, math.inf), math.nextafter(rise, 0.0)):
        if low + near == high:
            return Expr("between", weight, low, high, near)
    return weight * high + (1.0 - weight) * low


def whole_power(base: float, n: Expr) -> Expr:
    """`base ** n` for a whole number n >= 0."""
    return Expr("whole_power", base, n)


def grown(start: Operand, base: float, n: Expr) -> Expr:
    """`start * base ** n`, also where the power alone leaves the float range."""
    return Expr("grown", start, base, n)


def pinned(value: Operand, at: Clock, exactly: float) -> Operand:
    """The value, but exactly the given number at the beginning of the clock."""
    return Expr("pinned", value, reached(at.origin), exactly) if isinstance(value, Expr) else value


def power_of_share(base: float, time: Expr, length: float | Exact, rest: float = 0.0) -> Expr:
    """`(base * (1 + rest)) ** (time / length)`, without the error that the rounding of the quotient would cause."""
    # Of a stretched time, the same share of the time before stretching, which has not been rounded.
    while time.op in ("div", "mul") and isinstance(time.args[0], Expr) and time.args[1].__class__ in (int, float):
        scale = exact(time.args[1])
        length = _fraction(length) * scale if time.op == "div" else _fraction(length) / scale
        time = time.args[0]
    steps = float(length)
    if steps != length:
        rest -= float(_fraction(length) / _fraction(steps) - 1) * math.log(base)
    # What corrects the rounding (see `share_powers`): the lower half of the bits of `steps`, and the rate of growth.
    scaled = steps * (2.0**27 + 1)
    low = steps - (scaled - (scaled - steps)) if scaled < math.inf else 0.0
    return Expr("power_of_share", time, base, steps, low, rest, math.log(base) / steps)


def _fraction(length: float | Exact) -> "Fraction":
    from fractions import Fraction  # as in `times`: most schedules do not need it

    return Fraction(length)


def noise(count: Expr, seed: int) -> Expr:
    """A hash of a whole number >= 0 and a seed, from 0 to 1."""
    return Expr("noise", count, seed)


@overload
def at_least(x: Expr, low: Operand) -> Expr: ...
@overload
def at_least(x: Operand, low: Operand) -> Operand: ...
def at_least(x: Operand, low: Operand) -> Operand:
    """The larger of two."""
    return max(x, low) if _known(x) and _known(low) else Expr("maximum", *_symbol_first(x, low))


@overload
def at_most(x: Expr, high: Operand) -> Expr: ...
@overload
def at_most(x: Operand, high: Operand) -> Operand: ...
def at_most(x: Operand, high: Operand) -> Operand:
    """The smaller of two."""
    return min(x, high) if _known(x) and _known(high) else Expr("minimum", *_symbol_first(x, high))


def _known(x: Operand) -> TypeGuard[float]:
    return not isinstance(x, Expr)


# The first operand decides whose function is called, and a number belongs to no framework.
def _symbol_first(x: Operand, y: Operand) -> tuple[Operand, Operand]:
    return (x, y) if isinstance(x, Expr) else (y, x)


def within_float_range(x: Expr) -> Expr:
    """The same value; if it is infinite, numbers and arrays raise an error that names `t`."""
    return Expr("finite", x)
