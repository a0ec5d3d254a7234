"""What a run has consumed after so many updates, in whole numbers, and the way back.

Batches are of one size for a stretch of updates, so that consumption is a straight line there. Where the last batch of
every epoch is a partial one, the line is repeated: a stretch of any number of epochs is one `Course`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor, gcd
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import Exact, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LARGEST = 2**63 - 1
# Quotients of whole numbers up to this are rounded once.
_EXACT = 2**53


class Course(NamedTuple):
    r"""A stretch of updates, from `start` until the next one.

    With $\tau$ updates since `start`, so much is consumed:

    $$(b + r \tau - l \lfloor \tau / p \rfloor) / d$$

    Attributes:
        start: The first update.
        base: $b$, what was consumed before it.
        rate: $r$, what an update consumes.
        lack: $l$, by how much less the last of each period consumes.
        period: $p$, the updates of an epoch; 1 if none of them is partial.
        unit: $d$, of how much the four numbers are shares.
    """

    start: int
    base: int
    rate: int
    lack: int = 0
    period: int = 1
    unit: int = 1

    def times(self, factor: Exact) -> "Course":
        """The same course, measured in units of which there are `factor` to one of these."""
        up, down = factor.numerator, factor.denominator
        numbers = (self.base * up, self.rate * up, self.lack * up, self.unit * down)
        common = gcd(*numbers)
        base, rate, lack, unit = [number // common for number in numbers]
        return Course(self.start, base, rate, lack, self.period, unit)

    def after(self, updates: int) -> int:
        """What is consumed after so many updates of this course, in shares of `unit`."""
        return self.base + self.rate * updates - self.lack * (updates // self.period)

    def shares(self, amount: Exact) -> Exact:
        """An amount in shares of `unit`; the whole number, if the amount is the float nearest to so many shares."""
        exactly = Fraction(amount) * self.unit
        below = floor(exactly)
        return below if exactly != below and below / self.unit >= float(amount) else whole(exactly)

    def until(self, amount: Exact) -> Exact:
        """When, counted in updates from `start`, so much more than before it is consumed; in shares of `unit`."""
        if not self.lack:
            return Fraction(amount) / self.rate
        epoch = self.rate * self.period - self.lack
        epochs = -(-amount // epoch) - 1
        rest = amount - epochs * epoch
        ordinary = self.rate * (self.period - 1)
        if rest <= ordinary:
            return epochs * self.period + Fraction(rest) / self.rate
        return (epochs + 1) * self.period - 1 + Fraction(rest - ordinary) / (self.rate - self.lack)


class Consumption:
    """Courses that follow each other, the first from update 0 with nothing consumed."""

    __slots__ = ("courses", "limit", "starts", "thresholds")

    def __init__(self, courses: Iterable[Course], limit: Exact | None = None) -> None:
        self.courses = tuple(courses)
        self.limit = limit  # nothing is consumed beyond this
        self.starts = [course.start for course in self.courses]
        self.thresholds = [Fraction(course.base, course.unit) for course in self.courses]

    def times(self, factor: Exact, limit: Exact | None = None) -> "Consumption":
        """The same, measured in another unit."""
        return Consumption([course.times(factor) for course in self.courses], limit)

    def at(self, t: float | Exact) -> Exact:
        """What is consumed after `t` updates; in the course of an update, in proportion."""
        completed = floor(t)
        course = self.courses[bisect_right(self.starts, completed) - 1]
        amount: Exact = course.after(completed - course.start)
        if t != completed:
            amount += (Fraction(t) - completed) * (course.after(completed - course.start + 1) - amount)
        amount = whole(Fraction(amount, course.unit))
        return amount if self.limit is None else min(amount, self.limit)

    def pace(self, t: Exact) -> Exact:
        """How many updates one of what is consumed takes, from `t` on; 1 where nothing is consumed any more."""
        if self.limit is not None and self.at(t) >= self.limit:
            return 1
        course = self.courses[bisect_right(self.starts, t) - 1]
        return whole(Fraction(course.unit, course.rate))

    def reached(self, amount: Exact) -> Exact:
        """When so much is consumed; a whole number of updates, or between two."""
        if amount <= 0:
            return 0
        course = self.courses[bisect_left(self.thresholds, amount) - 1]
        shares = course.shares(amount)
        if shares <= course.base:
            return course.start
        return whole(Fraction(course.start + course.until(shares - course.base)))

    def updates(self, amount: Exact) -> int:
        """How many updates it takes until so much is consumed, as far as the float nearest to it can tell."""
        moment = self.reached(amount)
        completed = floor(moment)
        told = moment != completed and float(self.at(completed)) >= float(amount)
        return completed if told else ceil(moment)

    def _largest(self, courses: "tuple[Course, ...]", last: int) -> int:
        """The largest whole number on the way to what is consumed until an update, in the last of these courses."""
        stops = [*self.starts[1 : len(courses)], last]
        counts = [one.base + one.rate * (stop - one.start) for one, stop in zip(courses, stops, strict=True)]
        return max(*counts, *[course.unit for course in courses])

    def at_array(self, t: "NDArray[Any]") -> "NDArray[Any]":
        """The same for an array of times: whole numbers where all courses and times are whole."""
        import numpy as np

        completed = np.floor(t).astype(np.int64)
        last = int(completed.max(initial=-1)) + 1
        courses = self.courses[: bisect_right(self.starts, last)]
        shares = any(course.unit != 1 for course in self.courses)
        if self._largest(courses, last) > (_EXACT if shares else _LARGEST):
            if not shares:
                raise refuse(OverflowError, "t", "small enough for 64-bit integers", last - 1)
            amounts = map(self.at, t.ravel().tolist())
            return np.array([x.numerator / x.denominator for x in amounts]).reshape(t.shape)
        i = np.searchsorted(np.array(self.starts[: len(courses)]), completed, side="right") - 1
        start, base, rate, lack, period, unit = np.array(courses, np.int64).T[:, i]
        since = completed - start
        amount: NDArray[Any] = base + rate * since - lack * (since // period)
        if t.dtype.kind == "f":
            # An ordinary update, or the partial one at an epoch's end.
            amount = amount + (t - completed) * (rate - lack * ((since + 1) % period == 0))
        if shares:
            amount = amount / unit
        return amount if self.limit is None else np.minimum(amount, float(self.limit))
