"""The size of a schedule: how many pieces it lays out when it is asked, known and limited when it is built.

Growing repetitions multiply the pieces of what they repeat, and clocks multiply times. A schedule that would exhaust
memory or take very long is refused here, before it does.
"""

from typing import TYPE_CHECKING, NamedTuple

from lrsched_core._value.checks import duration, milestones

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

    from lrsched_core._value.base import Value
    from lrsched_core._value.schedule import Schedule

# Python nests at most 1000 calls, and a level takes up to four: a deeper schedule could not be compared or printed.
DEEPEST = 100
MOST_PIECES = 100_000
# Between these, quotients and sums of times stay within the float range.
SHORTEST, LONGEST = 1e-300, 1e300
# Reading should take less than a second and 100 MB. To lay out a piece takes as long as to build 250 schedules, and a
# number among values or milestones takes as much memory as four.
_MOST_EFFORT, _TO_ASK, _TO_HOLD = 2_000_000, 250, 4
MOST_READ = 20_000
# The calls that may ask a schedule for a value, or lay it out, when they build another.
_ASKING = {"cooldown", "repeat", "Repeat", "Clock"}


class Extent(NamedTuple):
    """How many schedules are nested in one, and how many pieces it has.

    Attributes:
        depth: How deep they are nested.
        pieces: How many pieces it lays out at most, including those of tables within pieces.
        again: How many more are laid out to find the values that something begins with.
    """

    depth: int
    pieces: int
    again: int


class Span(NamedTuple):
    """The times of a schedule, on its own clock.

    Attributes:
        shortest: A lower bound of all durations.
        longest: A time after which nothing changes, apart from cycles.
    """

    shortest: float = 1.0
    longest: float = 1.0

    def after(self, time: float) -> "Span":
        """Begun later."""
        return Span(self.shortest, self.longest + float(time))

    def lasting(self, time: float) -> "Span":
        """With a duration of its own."""
        return Span(min(self.shortest, float(time)), max(self.longest, float(time)))

    def times(self, k: float) -> "Span":
        """On a slower clock."""
        return Span(self.shortest * float(k), self.longest * float(k))


def limit(schedule: "Schedule", inner: "tuple[Schedule, ...]") -> None:
    """Refuses a composition that is too large to work with."""
    depth = pieces = again = 0
    for part in inner:
        if part._inner():
            extent = part._known_extent
            depth = max(depth, extent.depth)
            pieces += extent.pieces
            again += extent.again
        else:
            pieces += part._most_pieces()
    if depth == DEEPEST:
        raise _refusal(schedule, f"nested at most {DEEPEST} schedules deep", depth + 1)
    pieces, again = schedule._extent(pieces, again)
    if pieces > MOST_PIECES:
        raise _refusal(schedule, f"of at most {MOST_PIECES} pieces, those of all growing cycles included", pieces)
    object.__setattr__(schedule, "_known_extent", Extent(depth + 1, pieces, again))
    if schedule._reaches_far():
        shortest, longest = span(schedule)
        if shortest < SHORTEST or longest > LONGEST:
            rule = f"such that its times, stretched and added, lie between {SHORTEST} and {LONGEST}"
            raise _refusal(schedule, rule, f"{shortest} to {longest}")


def span(schedule: "Schedule") -> Span:
    """The times of a schedule, computed once."""
    found: Span | None = getattr(schedule, "_known_span", None)
    if found is None:
        inner = schedule._inner()
        if inner:
            shortest, longest = zip(*map(span, inner), strict=True)
            found = schedule._span(Span(min(shortest), max(longest)))
        else:
            found = _own(schedule)
        object.__setattr__(schedule, "_known_span", found)
    return found


def work(schedule: "Schedule") -> int:
    """How many pieces are laid out to find a value."""
    extent = getattr(schedule, "_known_extent", None)
    return extent.pieces + extent.again if extent else schedule._most_pieces()


class Effort:
    """Bounds the work that an untrusted text can cause by what it builds and lays out."""

    def __init__(self) -> None:
        self._left = _MOST_EFFORT

    def before(self, name: str, values: "Iterable[object]") -> None:
        """Counts a call before it is made, if it asks the schedules that it is given."""
        values = tuple(values)
        if name in _ASKING or "exponential" in values:
            self._spend(_TO_ASK * sum([work(schedule) for value in values for schedule in _schedules(value)]))

    def built(self, value: "Value") -> None:
        """Counts a schedule, or another value, that was built."""
        extent = getattr(value, "_known_extent", None)
        pieces = value._most_pieces() if _is_schedule(value) else 1
        self._spend(extent.pieces if extent else pieces + _TO_HOLD * _held(value))

    def _spend(self, effort: int) -> None:
        self._left -= effort
        if self._left < 0:
            raise _too_much()


def check_read(value: "Value") -> None:
    """Refuses what would take long when it is first asked."""
    if sum(map(work, _schedules(value))) > MOST_READ:
        raise _too_much()


def _is_schedule(value: object) -> "TypeGuard[Schedule]":
    return hasattr(value, "_evaluators")


def _schedules(value: object) -> "tuple[Schedule, ...]":
    """The schedule, or those that a plan holds."""
    if _is_schedule(value):
        return (value,)
    return value._inner() if hasattr(value, "_inner") else ()


def _too_much() -> Exception:
    message = f"`text` must describe at most {MOST_READ} pieces, those of all growing cycles included."
    return ValueError(message)


def _held(value: "Value") -> int:
    return sum([len(field) for field in value._values().values() if isinstance(field, tuple)])


def _own(schedule: "Schedule") -> Span:
    found = Span()
    for name, check in schedule._checks:
        value = getattr(schedule, name)
        if check is duration:
            found = found.lasting(value)
        elif check is milestones and value:
            found = Span(found.shortest, max(found.longest, float(value[-1])))
    return found


def _refusal(schedule: "Schedule", rule: str, value: object) -> Exception:
    # Not the schedule itself, which is too large to print.
    message = f"`{type(schedule).__name__}` must be {rule}, got {value}."
    return ValueError(message)
