"""How much a schedule lays out when it is asked: known, and limited, when it is built.

Growing repetitions multiply what they repeat, clocks multiply what others have stretched. Refused here, that cannot
take a computer's memory, or a reader's patience, later.
"""

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lrsched_core._check import duration, milestones

if TYPE_CHECKING:
    from lrsched_core._schedule import Schedule

# Python nests at most 1000 calls, of which a level takes up to four; deeper, nothing could be compared or printed.
DEEPEST = 100
MOST_PIECES = 100_000
# Times, and what they are divided by, stay within the float range, with a margin for sums: powers of 2.
_SHORTEST, _LONGEST = -1000.0, 1020.0


class Extent(NamedTuple):
    """What the work on a schedule depends on.

    Attributes:
        depth: How many schedules are nested within each other below it.
        pieces: How many pieces it lays out at most, those of tables within pieces included.
        again: How many are laid out beside those, to find the values at which something begins.
        shortest: The shortest of its durations, as a power of 2.
        longest: The latest of its times, likewise.
    """

    depth: int = 0
    pieces: int = 1
    again: int = 0
    shortest: float = 0.0
    longest: float = 0.0

    def lasting(self, *durations: float) -> "Extent":
        """With durations of its own."""
        powers = [math.log2(time) for time in durations]
        return self._replace(shortest=min(self.shortest, *powers), longest=max(self.longest, *powers))

    def until(self, *times: float) -> "Extent":
        """With other times of its own."""
        return self._replace(longest=max(self.longest, *[math.log2(time) for time in times if time > 0], 0.0))

    def later(self, *times: float) -> "Extent":
        """Moved by times of its own: sums are at most twice as late."""
        longer = self.until(*times)
        return longer._replace(longest=longer.longest + 1)

    def asked(self, pieces: int = 0) -> "Extent":
        """With more pieces, and asked for a value to begin with."""
        return self._replace(pieces=self.pieces + pieces, again=self.again + self.pieces)


def extent(schedule: "Schedule") -> Extent:
    """That of a schedule; found once."""
    try:
        return schedule._known_extent
    except AttributeError:
        object.__setattr__(schedule, "_known_extent", leaf(schedule, schedule._most_pieces()))
        return schedule._known_extent


def leaf(schedule: "Schedule", pieces: int) -> Extent:
    """That of a schedule that is not made of others, of so many pieces."""
    shortest = longest = 1.0
    for name, many in _times_of(type(schedule)):
        time = getattr(schedule, name)
        if not many:
            shortest, longest = min(shortest, time), max(longest, time)
        elif time:
            longest = max(longest, time[-1])
    return Extent(0, pieces, 0, math.log2(shortest), math.log2(longest))


@cache
def _times_of(kind: "type[Schedule]") -> tuple[tuple[str, bool], ...]:
    """The fields of a class that hold a duration, or many times."""
    return tuple([(name, check is milestones) for name, check in kind._checks if check in (duration, milestones)])


def limit(schedule: "Schedule", inner: "tuple[Schedule, ...]") -> None:
    """Refuses a schedule, made of others, that is too large to work with."""
    depth, pieces, again, shortest, longest = zip(*map(extent, inner), strict=True)
    whole = schedule._extent(Extent(max(depth) + 1, sum(pieces), sum(again), min(shortest), max(longest)))
    object.__setattr__(schedule, "_known_extent", whole)
    kind = type(schedule).__name__
    if whole.depth > DEEPEST:
        raise _refusal(kind, f"nested at most {DEEPEST} schedules deep", whole.depth)
    if whole.pieces > MOST_PIECES:
        raise _refusal(kind, f"of at most {MOST_PIECES} pieces, those of all growing cycles included", whole.pieces)
    if whole.shortest < _SHORTEST or whole.longest > _LONGEST:
        times = f"2**{whole.shortest:.0f} to 2**{whole.longest:.0f}"
        raise _refusal(kind, "such that its times, added and stretched, stay within the float range", times)


def _refusal(kind: str, rule: str, value: object) -> Exception:
    # Not the schedule itself, which is too large to print.
    message = f"`{kind}` must be {rule}, got {value}."
    return ValueError(message)
