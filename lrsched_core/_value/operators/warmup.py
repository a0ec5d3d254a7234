"""A schedule with a warmup: a ramp that leads to it."""

from dataclasses import KW_ONLY
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.pieces import Pieces, before, moved, since
from lrsched_core._evaluation.times import Exact, exact
from lrsched_core._value import checks
from lrsched_core._value.checks import Duration, Rate
from lrsched_core._value.extent import LONGEST, Span
from lrsched_core._value.inspection import Part, Times, sums
from lrsched_core._value.operands import ScheduleField, may_be_negative
from lrsched_core._value.operators.text import bound
from lrsched_core._value.schedule import Schedule
from lrsched_core._value.shapes import Shape, checked, ramp


def _delay(name: str, value: Any) -> bool:
    del name  # the field's; the argument of `with_warmup` has another
    return checks.flag("delay", value)


class WithWarmup(Schedule):
    """What `Schedule.with_warmup` gives; see there."""

    schedule: ScheduleField
    steps: Duration
    _: KW_ONLY
    start: Rate = 0.0
    shape: Annotated[Shape, checked] = "linear"
    delayed: Annotated[bool, _delay] = True  # `delay` is a method of every schedule

    def _check_together(self) -> None:
        if may_be_negative(self.schedule) and (target := self._target()) < 0:
            raise refuse(ValueError, "schedule", ">= 0 where the warmup ends", target)
        if self.shape == "exponential":
            checks.positive("start", self.start)
            checks.positive("schedule at the end of the warmup", self._target())

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule,)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + 3, again + pieces

    def _span(self, inner: Span) -> Span:
        return inner.lasting(self.steps).after(self.steps)

    def _reaches_far(self) -> bool:
        return self.steps > LONGEST

    def _target(self) -> float:
        return self.schedule(0 if self.delayed else self.steps)

    def _pieces(self) -> Pieces:
        rest = self.schedule._pieces()
        rest = moved(rest, exact(self.steps)) if self.delayed else since(rest, self.steps)
        return before(self._ramp()._pieces(), self.steps) + rest

    def _ramp(self) -> Schedule:
        return ramp(self.start, self._target(), steps=self.steps, shape=self.shape)

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        steps = exact(self.steps)
        yield steps
        rest = self.schedule
        times = sums(rest._times_from(t - steps), steps) if self.delayed else rest._times_from(max(t, steps))
        yield from (time for time in times if time > steps)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        since = t - exact(self.steps)
        if since < 0:
            return (Part(self._ramp(), t, "the warmup"),)
        why = f"after the warmup of {self.steps!r}"
        if self.steps < 1:  # perhaps a share of the run was meant
            why += ", less than one step"
        return (Part(self.schedule, since if self.delayed else t, why),)

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        text = ", ".join(self._arguments(1)).replace("delayed=", "delay=")
        return f"{bound(self.schedule, 3)}.with_warmup({text})"
