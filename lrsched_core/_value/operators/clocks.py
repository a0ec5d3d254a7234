"""A schedule on another clock: later, earlier, slower, or in stairs."""

from lrsched_core._evaluation.formula import Clock, Operand
from lrsched_core._evaluation.pieces import Pieces, at, laid_out, moved, piece, since
from lrsched_core._evaluation.times import Exact, exact, known, nearest
from lrsched_core._value.checks import Duration
from lrsched_core._value.extent import LONGEST, Span
from lrsched_core._value.inspection import Part, Times, sums
from lrsched_core._value.operands import ScheduleField
from lrsched_core._value.operators.text import bound
from lrsched_core._value.schedule import Schedule

# This many times within one step are passed one by one; then the rest of the step is skipped.
_MANY = 1000


class OtherClock(Schedule):
    """A schedule whose time is a function of t."""

    __slots__ = ()

    schedule: Schedule

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule,)

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"{bound(self.schedule, 3)}.{type(self).__name__.lower()}({', '.join(self._arguments(1))})"


class Delay(OtherClock):
    """What `Schedule.delay` gives; see there."""

    schedule: ScheduleField
    steps: Duration

    def _simplified(self) -> Schedule:
        return self.schedule.delay(self.steps)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + 1, again + pieces

    def _span(self, inner: Span) -> Span:
        return inner.after(self.steps)

    def _reaches_far(self) -> bool:
        return self.steps > LONGEST

    def _pieces(self) -> Pieces:
        return (piece(lambda _clock: self.schedule(0)), *moved(self.schedule._pieces(), exact(self.steps)))

    def _times(self) -> Times:
        yield exact(self.steps)
        yield from sums(self.schedule._times(), exact(self.steps))

    def _times_from(self, t: Exact) -> Times:
        yield exact(self.steps)
        yield from sums(self.schedule._times_from(t - exact(self.steps)), exact(self.steps))

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        since = t - exact(self.steps)
        if since < 0:
            return (Part(self.schedule, 0, f"held until {self.steps!r}"),)
        return (Part(self.schedule, since, f"begun at {self.steps!r}"),)


class Advance(OtherClock):
    """What `Schedule.advance` gives; see there."""

    schedule: ScheduleField
    steps: Duration

    def _simplified(self) -> Schedule:
        return self.schedule.advance(self.steps)

    def _span(self, inner: Span) -> Span:
        return inner.after(self.steps)

    def _reaches_far(self) -> bool:
        return self.steps > LONGEST

    def _pieces(self) -> Pieces:
        return moved(since(self.schedule._pieces(), self.steps), -exact(self.steps))

    def _times(self) -> Times:
        return (moment for moment in self._times_from(0) if moment > 0)

    def _times_from(self, t: Exact) -> Times:
        return sums(self.schedule._times_from(t + exact(self.steps)), -exact(self.steps))

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        return (Part(self.schedule, t + exact(self.steps), f"its first {self.steps!r} left out"),)


class Stretch(OtherClock):
    """What `Schedule.stretch` gives; see there."""

    schedule: ScheduleField
    k: Duration

    def _simplified(self) -> Schedule:
        return self.schedule.stretch(self.k)

    def _span(self, inner: Span) -> Span:
        return inner.times(self.k)

    def _reaches_far(self) -> bool:
        return True

    def _pieces(self) -> Pieces:
        return moved(self.schedule._pieces(), 0, exact(self.k))

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        from fractions import Fraction  # as in `times`: most schedules do not need it

        return (moment * exact(self.k) for moment in self.schedule._times_from(Fraction(t) / exact(self.k)))

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        from fractions import Fraction  # as above

        return (
            Part(
                self.schedule, Fraction(t) / exact(self.k), f"its clock runs {self.k!r} times as slowly", exact(self.k)
            ),
        )


class Staircase(OtherClock):
    """What `Schedule.staircase` gives; see there."""

    schedule: ScheduleField
    every: Duration

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + 1, again

    def _span(self, inner: Span) -> Span:
        return inner.lasting(self.every)

    def _reaches_far(self) -> bool:
        return self.every > LONGEST

    def _pieces(self) -> Pieces:
        pieces = self.schedule._pieces()

        def formula(clock: Clock) -> Operand:
            begun, parts = clock.period_begun(self.every)
            return at(begun, clock, pieces, parts)

        return (piece(formula, weight=laid_out(pieces)),)

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        every = exact(self.every)
        last: Exact = 0
        # What happens within a step counts at the end of it.
        times = self.schedule._times_from(t - every)
        passed = 0
        while (moment := next(times, None)) is not None:
            begun = -(-moment // every) * every
            if begun > last:
                yield begun
                last, passed = begun, 0
            else:
                passed += 1
                if passed == _MANY:  # cycles much shorter than a step: go on at its end
                    times = self.schedule._times_from(last)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        every = exact(self.every)
        return (Part(self.schedule, t // every * every, f"each value is held for {self.every!r}"),)


def in_one(kind: type[Delay] | type[Advance], schedule: Schedule, steps: float) -> Schedule:
    """The schedule delayed or advanced: two delays or advances become one, by 0 steps they are left out."""
    if isinstance(schedule, (Delay, Advance)) and isinstance(schedule, kind):
        together = exact(schedule.steps) + exact(steps)
        if known(together):
            schedule, steps = schedule.schedule, nearest(together)
    return kind(schedule, steps) if steps else schedule
