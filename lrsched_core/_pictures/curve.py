"""What is drawn: from where to where, and at which times, so that every jump and every extreme is seen."""

import math
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrsched_core._inspection import at_work, boundaries, repeats
from lrsched_core._schedule import Schedule
from lrsched_core._time import exact, reached

Floats = NDArray[np.float64]

# As many columns as a picture has dots, about; of each, the first, least, greatest and last value are kept.
_COLUMNS = 1500
# So many whole steps are all looked at; of more, so many.
_SAMPLES = 10_000_000
_CHUNK = 1_000_000
# Boundaries beyond this many are not seen apart.
_EDGES = 500
_CYCLES = 4
# Where a logarithmic axis looks for the least rate.
_LOOKS = 200


class Curve(NamedTuple):
    """A line: times, values (NaN where the line is broken), and the boundaries between them."""

    t: Floats
    values: Floats
    edges: tuple[float, ...]


def sensible_stop(schedule: Schedule) -> float:
    """Where a picture should end: somewhat after the last change, or after a few cycles."""
    if repeats(schedule):
        # What is calculated from cycles is never at its beginning again, but they are.
        within = [part.schedule for part in at_work(schedule, 0)[0]._parts(0) if repeats(part.schedule)]
        if within:
            return max(map(sensible_stop, within))
        times = list(dict.fromkeys(reached(time) for time in islice(schedule._times(), 100)))
        first = at_work(schedule, 0)
        starts = [t for t in times if t > 0 and at_work(schedule, exact(t)) == first] or times[1:] or times
        return starts[min(_CYCLES, len(starts)) - 1]
    edges = boundaries(schedule)
    last = edges[-1] if edges else 0
    if schedule(last) == schedule(2 * last + 1) == schedule(1000 * last + 1e6):
        return _rounded(1.15 * last) if last else 100
    # It has no end: until little is left of it, it has become much, or what began at 0 hardly grows.
    stop, first = max(2 * last, 10.0), max(schedule(last), schedule(0))
    while stop < 1e6 and (
        0.1 * first < schedule(stop) < 10 * first if first else schedule(2 * stop) > 1.05 * schedule(stop)
    ):
        stop *= 1.25
    return _rounded(stop)


def _rounded(stop: float) -> float:
    """Up to two digits: a person's number."""
    unit = 10.0 ** (math.floor(math.log10(stop)) - 1)
    return math.ceil(stop / unit - 1e-9) * unit


def logarithmic_range(schedules: Iterable[Schedule], start: float, stop: float) -> tuple[float, float]:
    """The rates that a logarithmic axis shows: a last moment before 0 shall not take up all the room."""
    t = np.linspace(start, stop, _LOOKS, endpoint=False)
    values = np.concatenate([schedule(t) for schedule in schedules])
    positive = values[values > 0]
    return (0.5 * float(positive.min()), 2 * float(positive.max())) if positive.size else (0.1, 1.0)


def curve(schedule: Schedule, start: float, stop: float, *, columns: int = _COLUMNS, samples: int = _SAMPLES) -> Curve:
    """The schedule from `start` to `stop`, thinned out, its jumps broken."""
    edges = tuple(edge for edge in boundaries(schedule, stop) if edge > start)
    shown = edges[:_EDGES]
    t, values = _sampled(schedule, start, stop, columns, samples)
    for edge in shown:
        before = math.nextafter(edge, 0.0)
        i = int(np.searchsorted(t, edge))
        keep = i + 1 if i < t.size and t[i] == edge else i
        left, right = schedule(before), schedule(edge)
        between = [math.nan] if abs(right - left) > 1e-3 * max(abs(right), abs(left)) else []
        t = np.concatenate([t[:i], [before], [edge] * len(between), [edge], t[keep:]])
        values = np.concatenate([values[:i], [left], between, [right], values[keep:]])
    return Curve(t, values, edges)


def _sampled(schedule: Schedule, start: float, stop: float, columns: int, samples: int) -> tuple[Floats, Floats]:
    span = stop - start
    if span <= 4 * columns:
        t = np.linspace(start, stop, 4 * columns + 1)
        t[-1] = math.nextafter(stop, 0.0)  # what begins at the end is not seen
        return t, schedule(t)
    count = int(min(span, samples))
    parts = []
    for first, last in pairwise(np.linspace(0, count, -(-count // _CHUNK) + 1).astype(np.int64).tolist()):
        share = np.arange(first, last, dtype=np.float64)
        t = start + (share if count == span else np.floor(share * (span / count)))
        parts.append(_thinned(t, schedule(t), max(1, columns * (last - first) // count)))
    end = np.array([math.nextafter(stop, 0.0)])
    parts.append((end, schedule(end)))
    return np.concatenate([t for t, _ in parts]), np.concatenate([values for _, values in parts])


def _thinned(t: Floats, values: Floats, columns: int) -> tuple[Floats, Floats]:
    """Of each column the first, the least, the greatest and the last point: what a line through all would show."""
    width = -(-t.size // columns)
    whole = t.size // width * width
    table = values[:whole].reshape(-1, width)
    base = np.arange(table.shape[0]) * width
    chosen = [base, base + table.argmin(axis=1), base + table.argmax(axis=1), base + width - 1]
    kept = np.unique(np.concatenate([*chosen, np.arange(whole, t.size)]))
    return t[kept], values[kept]
