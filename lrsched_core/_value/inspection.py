"""Looking inside a schedule: where its segments begin, which part is at work, and why."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import Exact, exact, nearest, reached
from lrsched_core._value.checks import moment

if TYPE_CHECKING:
    from lrsched_core._value.schedule import Schedule

# The times after 0 at which another formula takes over, in ascending order; without an end, where cycles have none.
Times = Iterator[Exact]


class Part(NamedTuple):
    """A schedule that another one consults: at which time, and what is done to its value.

    Attributes:
        pace: How many times as slow its clock is.
    """

    schedule: "Schedule"
    t: Exact
    why: str
    pace: Exact = 1


class Segment(NamedTuple):
    """A stretch of time in which one formula holds.

    Attributes:
        start: When it begins.
        stop: When the next one begins, `inf` for the last.
        schedule: The part that holds there.
        t: The time on that part's own clock at `start`.
    """

    start: float
    stop: float
    schedule: "Schedule"
    t: float


@dataclass(frozen=True)
class Explanation:
    """Why a schedule has the value that it has: a tree, which prints as one line for each part.

    Attributes:
        schedule: The schedule.
        t: The time, on its own clock.
        value: Its value at that time.
        why: The state that it is in, and what is done to its value.
        parts: The explanations of the parts that it consulted.
    """

    schedule: "Schedule"
    t: float
    value: float
    why: str
    parts: tuple["Explanation", ...]

    def __str__(self) -> str:
        return "\n".join(self._lines(""))

    def _lines(self, indent: str) -> Iterator[str]:
        why = f"  ({self.why})" if self.why else ""
        yield f"{indent}{self.schedule!r}  at t = {self.t!r}:  {self.value!r}{why}"
        for part in self.parts:
            yield from part._lines(indent + "  ")

    __repr__ = __str__


def explain(schedule: "Schedule", t: "float | Exact", why: str = "") -> Explanation:
    """See `Schedule.explain`."""
    moment = exact(t)
    parts = tuple([explain(part.schedule, part.t, part.why) for part in schedule._parts(moment)])
    t = nearest(moment)
    reasons = [reason for reason in (why, schedule._why(t)) if reason]
    return Explanation(schedule, t, schedule(t), ", ".join(reasons), parts)


def boundaries(schedule: "Schedule", stop: float = math.inf) -> tuple[float, ...]:
    """The times after 0 and before `stop` at which another formula takes over."""
    return tuple(map(reached, _moments(schedule, stop)))


def _moments(schedule: "Schedule", stop: float) -> list[Exact]:
    if stop == math.inf and repeats(schedule):
        raise refuse(ValueError, "stop", "given for a schedule that repeats for ever", None)
    end = stop if stop == math.inf else exact(stop)
    times: list[Exact] = []
    for time in takewhile(lambda time: time < end, schedule._times()):
        if time > 0 and (not times or reached(time) > reached(times[-1])):
            times.append(time)
    return times


def segments(schedule: "Schedule", stop: float | None) -> tuple[Segment, ...]:
    """See `Schedule.segments`."""
    end = math.inf if stop is None else moment("stop", stop)
    starts = (0, *_moments(schedule, end))
    stops = (*map(reached, starts[1:]), end)
    return tuple([Segment(reached(a), b, *at_work(schedule, a)) for a, b in zip(starts, stops, strict=True)])


def at_work(schedule: "Schedule", t: Exact) -> tuple["Schedule", float]:
    """The part that gives the value at `t`, on a clock as fast as the schedule's, and the time on that clock."""
    pace: Exact = 1
    parts = schedule._parts(t)
    while len(parts) == 1:
        schedule, t, _, slower = parts[0]
        pace *= slower
        parts = schedule._parts(t)
    return schedule.stretch(nearest(pace)), nearest(t * pace)


def repeats(schedule: "Schedule") -> bool:
    """Whether its boundaries have no end."""
    return schedule._repeats or any(repeats(part.schedule) for part in schedule._parts(10**300))


def sums(times: Times, shift: Exact) -> Times:
    """The same times, later."""
    return (time + shift for time in times)


def together(*several: Times) -> Times:
    """The times of several schedules, in ascending order."""
    return merge(*several)
