"""What the parts of a picture are called."""

from typing import NamedTuple

from lrsched_core._looks.pictures.quantities import run_of
from lrsched_core._value.inspection import Segment, boundaries
from lrsched_core._value.operators.clocks import Stretch
from lrsched_core._value.schedule import Schedule

# So many boundaries can be told apart, and named; more would be a grey wall.
_MARKS = 25
_NAMES = 8
# About how wide a letter is, as a share of a picture.
_LETTER = 0.014


class Phase(NamedTuple):
    """From where to where something holds, and its name, if there is room for it."""

    start: float
    stop: float
    name: str


def phases(schedule: Schedule, start: float, stop: float) -> list[Phase]:
    """The phases of a schedule between two times; none where there are too many to be told apart."""
    edges = [edge for edge in boundaries(schedule, stop) if edge > start]
    if len(edges) > _MARKS:
        return []
    found: list[Phase] = []
    previous = None
    for segment in schedule.segments(stop):
        if segment.stop <= start:
            continue
        left, right = max(segment.start, start), min(segment.stop, stop)
        # What goes on from one boundary to the next, or is held after its end, is named once.
        schedule = unslowed(segment.schedule)
        name = type(schedule).__name__ if schedule != previous or not segment.t else ""
        previous = schedule
        fits = len(edges) <= _NAMES and (right - left) / (stop - start) > _LETTER * len(name)
        found.append(Phase(left, right, name if fits else ""))
    return found


def holding(schedule: Schedule, segment: Segment) -> Schedule:
    """What holds in a segment of a schedule; of one that is on a clock, as it is in the unit of the plan."""
    return unslowed(segment.schedule) if run_of(schedule) else segment.schedule


def unslowed(schedule: Schedule) -> Schedule:
    """Of what is only slowed down, by a clock for example, what that is."""
    while isinstance(schedule, Stretch):
        schedule = schedule.schedule
    return schedule
