"""The vocabulary of formulas: a clock, and symbols that remember what was done to them.

A schedule states its formula once, as ordinary Python over a `Clock`:

    w = square(sin(clock.left(steps) * k))

Run on symbols, this gives an expression instead of a number. The evaluation wing turns that expression into a
function of numbers, a pass over an array, or a graph of tensors, so that no second copy of a formula exists.
Formulas are free of branches: where a schedule changes its mind, it has two pieces (see `_pieces`).
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeGuard, Union, overload

from lrsched_core._evaluation.times import EXACT, Exact, exact, ratio, reached, split, whole

if TYPE_CHECKING:
    from fractions import Fraction

Operand = Union["Expr", float]  # a string inside `|` needs Python 3.14


class Expr:
    """A value that is not known yet: an operation and its operands."""

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

    Both are exact, so that a moment of this clock is known as a moment of the schedule without a rounding.
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
        """The time since or until a moment, if a step is a ratio a/b of units: whole numbers until b divides them."""
        if self.scale.denominator == 1:
            return None
        finer = moment.denominator // math.gcd(moment.denominator, self.scale.denominator)
        a, b = self.scale.denominator * finer, self.scale.numerator * finer
        rest = int(abs(moment - near) * a)  # type: ignore[operator]  # whole, by the choice of a
        if max(a, b) > EXACT:
            return None
        # Of whole steps, which tensors count exactly, and then of units.
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
        """`values[number of milestones that have been reached]`: a table instead of branches."""
        return Expr("lookup", Expr("time"), self._absolute(milestones), values)

    def interpolated(self, milestones: Sequence[float], values: Sequence[float]) -> Expr:
        """On straight lines between the values at the milestones; for times between the first and the last of them."""
        return Expr("interpolated", Expr("time"), self._absolute(milestones), values)

    def _absolute(self, milestones: Sequence[float]) -> Sequence[float]:
        if not self.origin and self.scale == 1:
            return milestones
        return tuple([reached(self.origin + exact(m) * self.scale) for m in milestones])

    def inner(self, origin: Exact, scale: Exact) -> "Clock":
        """A clock that is 0 at `origin` of this one and runs in units of `scale` of it."""
        return Clock(self.origin + origin * self.scale, self.scale * scale)

    def consumed(self, base: int, rate: int, lack: int, period: int) -> Expr:
        """`base`, and `rate` for each unit of time, but `lack` less for the last of each `period`."""
        return Expr("consumed", self.elapsed, base, rate, lack, period)

    def period_begun(self, every: float) -> tuple[Expr, int]:
        """When the present period of length `every` began, in parts of a step since `origin`, and their number."""
        a, b = ratio(exact(every) * self.scale)
        return Expr("multiple", self.periods(every), a, b), b

    def within_period(self, every: float) -> tuple[Expr, int]:
        """What of the present period of length `every` has elapsed, in parts of a step, and their number."""
        a, b = ratio(exact(every) * self.scale)
        origin = whole(self.origin)
        if b == 1 and isinstance(origin, int):
            return Expr("phase", self._since_origin, a, origin), 1
        constants = _parts(a, b, origin)
        return Expr("part_phase", Expr("time"), *constants), constants[1]


def _unless_far(op: str, moment: float) -> str:
    """An operation with a moment; from a moment that no float is, a float is told apart as a whole number."""
    return op if abs(moment) <= EXACT or float(moment) == moment else f"far_{op}"


def _is_near_whole(number: Exact) -> bool:
    return abs(float(number - round(number))) < 1e-3


def _parts(a: int, b: int, origin: Exact) -> tuple[int, ...]:
    """What counts periods of a/b since an origin; see `_evaluation.parts`."""
    # Parts so small that the origin is a whole number of them, but not smaller than float64 can multiply.
    most = max(1, EXACT // (a * b), 2**30 // b)
    finer = origin.denominator // math.gcd(b, origin.denominator)
    if finer > most:
        # The length was rounded to a/b, and the origin is a multiple of what it was: it is meant to be one of parts.
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
    """The product of x with itself: faster than any power function, and exact to one rounding."""
    return x * x


def between(low: float, high: float, weight: Expr) -> Expr:
    """From `low` at weight 0 to `high` > `low` at weight 1, both exact in every float type."""
    if not low:
        return weight * high
    # low + rise * weight costs least, if there is a rise with which it does not miss `high` by a rounding. Tensors,
    # which round the constants to a type of their own, always take the convex form.
    rise = high - low
    for near in (rise, math.nextafter(rise, math.inf), math.nextafter(rise, 0.0)):
        if low + near == high:
            return Expr("between", weight, low, high, near)
    return weight * high + (1.0 - weight) * low


def whole_power(base: float, n: Expr) -> Expr:
    """`base ** n` for whole numbers n >= 0, however many."""
    return Expr("whole_power", base, n)


def grown(start: Operand, base: float, n: Expr) -> Expr:
    """`start * base ** n`, within the float range wherever that is, even if the power alone is not."""
    return Expr("grown", start, base, n)


def pinned(value: Operand, at: Clock, exactly: float) -> Operand:
    """The value, but at the beginning of a clock exactly that number."""
    return Expr("pinned", value, reached(at.origin), exactly) if isinstance(value, Expr) else value


def power_of_share(base: float, time: Expr, length: float | Exact, rest: float = 0.0) -> Expr:
    """`(base * (1 + rest)) ** (time / length)`: the rounding of the share is not multiplied by the logarithm."""
    # The same share of a time that no stretching has rounded.
    if time.op == "div" and time.args[0].__class__ is Expr and time.args[1].__class__ is float:
        time, scale = time.args  # type: ignore[assignment]  # as the condition says
        length = _fraction(length) * exact(scale)  # type: ignore[arg-type]  # as above
    steps = float(length)
    if steps != length:
        rest -= float(_fraction(length) / _fraction(steps) - 1) * math.log(base)
    # What finds the rounding (see `_evaluation.share_powers`): the lower half of `steps`, and the rate of growth.
    scaled = steps * (2.0**27 + 1)
    low = steps - (scaled - (scaled - steps)) if scaled < math.inf else 0.0
    return Expr("power_of_share", time, base, steps, low, rest, math.log(base) / steps)


def _fraction(length: float | Exact) -> "Fraction":
    from fractions import Fraction  # as in `_time`: most schedules do not need it

    return Fraction(length)


def noise(count: Expr, seed: int) -> Expr:
    """A hash of a whole number >= 0, from 0 to 1."""
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


# A tensor knows its framework, a number does not.
def _symbol_first(x: Operand, y: Operand) -> tuple[Operand, Operand]:
    return (x, y) if isinstance(x, Expr) else (y, x)


def within_float_range(x: Expr) -> Expr:
    """The same x; where it is infinite, numbers and arrays raise, naming `t`."""
    return Expr("finite", x)
