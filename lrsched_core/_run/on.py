"""A schedule of samples, tokens, epochs or shares, on the clock of a run."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from fractions import Fraction
from math import gcd, inf
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock as Time
from lrsched_core._evaluation.formula import Expr, Operand
from lrsched_core._evaluation.pieces import Piece, Pieces, before, laid_out, moved
from lrsched_core._evaluation.times import Exact, exact, whole
from lrsched_core._run.clock import UNITS, Clock
from lrsched_core._run.consumption import Consumption, Course
from lrsched_core._value.checks import Says, choice
from lrsched_core._value.extent import Span
from lrsched_core._value.inspection import Part, Times
from lrsched_core._value.operands import ScheduleField
from lrsched_core._value.operators.clocks import OtherClock
from lrsched_core._value.operators.text import bound


def _clock(name: str, value: Any) -> Clock:
    if not isinstance(value, Clock):
        raise refuse(TypeError, name, "a Clock", value)
    return value


def _unit(name: str, value: Any) -> str:
    return choice(name, value, UNITS)


class On(OtherClock):
    """What `Schedule.on` gives; see there."""

    schedule: ScheduleField
    clock: Annotated[Clock, _clock]
    unit: Annotated[str, _unit, Says(enum=UNITS)]

    def _check_together(self) -> None:
        self._consumption()

    def _consumption(self) -> Consumption:
        return self.clock._consumed(self.unit)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        # Where epochs repeat themselves, the pieces stand in one.
        return pieces + 2 * len(self._consumption().courses), again

    def _span(self, inner: Span) -> Span:
        courses = self._consumption().courses
        most = max(course.rate / course.unit for course in courses)
        return Span(inner.shortest / most, float(self._consumption().reached(exact(inner.longest))))

    def _reaches_far(self) -> bool:
        return True

    def _pieces(self) -> Pieces:
        consumption, pieces = self._consumption(), self.schedule._pieces()
        stops: list[Any] = [*consumption.thresholds[1:], inf]
        starts = [p.start for p in pieces]
        found: list[Piece] = []
        for course, start, stop in zip(consumption.courses, consumption.thresholds, stops, strict=True):
            if consumption.limit is not None and start >= consumption.limit:
                break
            found += _on_course(_between(pieces, starts, start, stop), course)
        if consumption.limit is not None:
            last = consumption.limit
            found = [*before(tuple(found), consumption.reached(last)), self._held(last)]
        return tuple(found)

    def _held(self, amount: Exact) -> Piece:
        """The value at the end of a run, which nothing is consumed after."""
        return Piece(self._consumption().reached(amount), lambda _clock: self.schedule(_number(amount)))

    def _times(self) -> Times:
        consumption = self._consumption()
        for moment in self.schedule._times():
            if consumption.limit is not None and moment > consumption.limit:
                return
            yield consumption.reached(moment)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        consumed = _number(self._consumption().at(t))
        amount = f"{consumed!r} of the run" if self.unit == "share" else f"{consumed!r} {self.unit}"
        why = f"{amount} consumed when {_number(t)!r} updates are completed"
        return (Part(self.schedule, self._consumption().at(t), why, self._consumption().pace(t)),)

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"{bound(self.schedule, 3)}.on({self.clock!r}, {self.unit!r})"


def _number(amount: Exact) -> float:
    amount = whole(amount)
    return amount if isinstance(amount, int) else float(amount)


def _between(pieces: Pieces, starts: list[Exact], start: Exact, stop: float | Exact) -> Pieces:
    """The part of a function from `start` to `stop`; found by bisection, since courses and pieces may be many."""
    first = bisect_right(starts, start) - 1
    return (pieces[first]._replace(start=start), *pieces[first + 1 : bisect_left(starts, stop)])


def _on_course(pieces: Pieces, course: Course) -> Iterator[Piece]:
    """A function of what is consumed, in a course of updates."""
    shares = [
        p._replace(start=course.shares(p.start), origin=course.shares(p.origin), scale=p.scale * course.unit)
        for p in pieces
    ]
    if course.lack:
        yield _repeated(tuple(shares), course)
        return
    # Consumption is a straight line, and the way back is one.
    shift = course.start - Fraction(course.base, course.rate)
    for start, formula, origin, scale, weight in moved(tuple(shares), shift, Fraction(1, course.rate)):
        yield Piece(whole(max(start, course.start)), formula, whole(origin), whole(scale), weight)


def _repeated(pieces: Pieces, course: Course) -> Piece:
    """A function of what is consumed, in epochs that are alike and end with a partial batch."""
    # Counted in units of which all is whole, and as large as can be: integers of tensors end.
    unit = gcd(course.base, course.rate, course.lack)
    base, rate, lack = course.base // unit, course.rate // unit, course.lack // unit
    inner = moved(pieces, 0, Fraction(1, unit))

    def formula(time: Time) -> Operand:
        return Expr("piecewise", time.consumed(base, rate, lack, course.period), inner)

    return Piece(course.start, formula, course.start, 1, laid_out(inner))
