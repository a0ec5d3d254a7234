"""What a picture or a table shows: the schedules of a plan, by name, and the run that they are planned for."""

from collections.abc import Iterator
from typing import TypeAlias

from lrsched_core._catalogue.steps import PiecewiseConstant
from lrsched_core._evaluation.times import Exact
from lrsched_core._run.clock import Clock
from lrsched_core._run.on import On
from lrsched_core._run.plan import Plan
from lrsched_core._value.schedule import Schedule

# What is looked at: a schedule, or a plan of several.
Shown: TypeAlias = Schedule | Plan

RATE = "rate"
BATCH = "batch size"
# When it is asked whether a part has the time of the whole: soon after the begin, and after all else.
_SOON: Exact = 1
_LATE: Exact = 2**60


def quantities(value: Shown) -> dict[str, Schedule]:
    """The schedules by the names of their columns and panels, those of groups after the plan's own."""
    return value._named() if isinstance(value, Plan) else {RATE: value}


def run_of(*values: Shown) -> tuple[Clock, str] | None:
    """The clock that they all are on, if they are on one, and what they count."""
    found = {
        run
        for value in values
        for schedule in quantities(value).values()
        for moment in (_SOON, _LATE)
        for run in _runs(schedule, moment)
    }
    return found.pop() if len(found) == 1 else None


def _runs(schedule: Schedule, moment: Exact) -> Iterator[tuple[Clock, str]]:
    """The clocks of parts that have the time of the whole: of one that begins later, the count is another."""
    if isinstance(schedule, On):
        yield schedule.clock, schedule.unit
        return
    for part in schedule._parts(moment):
        if part.t == moment and part.pace == 1:
            yield from _runs(part.schedule, moment)


def length_of(schedule: Schedule) -> int | None:
    """How many updates the run takes that all of a schedule is planned for, if that is known."""
    lengths = {_length(clock) for clock, _ in _runs(schedule, _LATE)}
    return lengths.pop() if len(lengths) == 1 else None


def _length(clock: Clock) -> int | None:
    try:
        return clock.steps()
    except ValueError:  # the clock does not know
        return None


def batch_sizes(clock: Clock) -> Schedule | None:
    """The sizes of the batches of a run as a schedule of updates, last ones of epochs left out that are smaller."""
    if clock.batch_size is None:
        return None
    courses = clock._consumed("samples").courses
    sizes = [course.rate / course.unit for course in courses]
    return PiecewiseConstant(sizes, milestones=[course.start for course in courses[1:]])
