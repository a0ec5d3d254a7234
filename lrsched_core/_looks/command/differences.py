"""Where two schedules differ."""

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Any, NamedTuple

import numpy as np

from lrsched_core import Schedule

_CHUNK = 1_000_000
# Up to so many times all are looked at; of more, so many from the beginning, so many over the rest, and those around
# boundaries.
_ALL = 20_000_000
_SOME = 5_000_000
_BOUNDARIES = 10_000
# Above this, whole numbers in NumPy are floats.
_INTEGERS = 2**62


class Moment(NamedTuple):
    """A time, and the values of both schedules there."""

    t: int
    values: tuple[float, float]

    def __str__(self) -> str:
        return f"{self.t:,}: {self.values[0]!r} and {self.values[1]!r}"


class Comparison(NamedTuple):
    """The first whole t at which two schedules differ, the one at which they differ most, and what was looked at."""

    first: Moment | None
    largest: Moment | None
    looked_at: str


def compare(first: Schedule, second: Schedule, stop: int, tolerance: float) -> Comparison:
    """Looks at whole t from 0 to `stop`, at all of them if they are no more than 20 million.

    Args:
        first: A schedule.
        second: Another one.
        stop: The last t.
        tolerance: Relative differences up to this are none.

    Returns:
        What was found, and what was looked at.
    """
    ends = f"t = 0, 1, ..., {stop:,}"
    if first == second:
        return Comparison(None, None, f"{ends}: they are equal")
    begun, largest, most, looked = None, 0, 0.0, 0
    for t in _times(first, second, stop):
        a, b = first(t), second(t)
        distance = np.abs(a - b)
        different = np.flatnonzero(distance > tolerance * np.maximum(np.abs(a), np.abs(b)))
        if different.size:
            here = int(t[different[0]])
            begun = here if begun is None else min(begun, here)
        if distance.max() > most:
            most, largest = float(distance.max()), int(t[distance.argmax()])
        looked += t.size
    seen = ends if looked == stop + 1 else f"{looked:,} of {ends}, among them all around a change"
    if begun is None:
        return Comparison(None, None, seen)
    return Comparison(
        Moment(begun, (first(begun), second(begun))), Moment(largest, (first(largest), second(largest))), seen
    )


def _times(first: Schedule, second: Schedule, stop: int) -> Iterator[Any]:
    last = stop if stop < _ALL else _SOME
    for start in range(0, last + 1, _CHUNK):
        yield np.arange(start, min(start + _CHUNK, last + 1))
    if last == stop:
        return
    kind: type = np.int64 if stop < _INTEGERS else np.float64
    edges = {int(time) for schedule in (first, second) for time in _boundaries(schedule, stop)}
    near = {t for edge in edges for t in (edge - 1, edge, edge + 1, edge + 2) if last < t <= stop}
    yield np.array(sorted({*near, stop}), dtype=kind)
    for start in range(0, _SOME, _CHUNK):
        share = np.arange(start, min(start + _CHUNK, _SOME))
        yield (last + np.floor(share * ((stop - last) / _SOME))).astype(kind)


def _boundaries(schedule: Schedule, stop: int) -> Iterator[float]:
    return (float(time) for time in islice(takewhile(lambda time: time <= stop, schedule._times()), _BOUNDARIES))
