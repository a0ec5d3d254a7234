"""What is drawn: from where to where, and at which times, so that jumps and extremes are seen."""

import math
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrsched_core._evaluation.times import exact, reached
from lrsched_core._looks.pictures.quantities import length_of
from lrsched_core._value.inspection import at_work, boundaries, repeats
from lrsched_core._value.schedule import Schedule

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
# When whatever tends somewhere has long been there.
_FAR = 1e12
# Where the least value is more than this part of the greatest, a picture need not show 0.
_HIGH = 0.7
# A change by less than this share of a picture is too small to be seen as a jump.
_SEEN = 1e-3
# Jumps that are nearer to each other, in columns, look like a line.
_APART = 3


class Curve(NamedTuple):
    """A line: times, values (NaN where the line is broken), and the boundaries between them."""

    t: Floats
    values: Floats
    edges: tuple[float, ...]


def sensible_stop(*schedules: Schedule) -> float:
    """Where a picture of schedules should end: somewhat after the last change, or after a few cycles.

    What has no end, or no time of its own, goes along with what has one.
    """
    ends = [stop for schedule in schedules if (stop := _end(schedule))]
    if ends:
        # Whatever begins late is still to be seen.
        return max(
            [*ends, *(_rounded(1.15 * edges[-1]) for s in schedules if not _end(s) and (edges := boundaries(s)))]
        )
    return max(_endless(schedule) for schedule in schedules)


def _end(schedule: Schedule) -> float | None:
    """Where a picture of something that ends, or repeats, should end; None if it does neither."""
    if length := length_of(schedule):
        return length  # what is beyond a run is not seen in it
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
    settled = _value(schedule, last) == _value(schedule, 2 * last + 1) == _value(schedule, 1000 * last + 1e6)
    return _rounded(1.15 * last) if settled and last else None


def _endless(schedule: Schedule) -> float:
    """Until nine tenths of the way to where it tends are behind it, or it has become ten times as much."""
    edges = boundaries(schedule)
    last = edges[-1] if edges else 0
    first, limit = max(_value(schedule, last), _value(schedule, 0)), _value(schedule, _FAR)
    if limit == _value(schedule, last):
        return _rounded(1.15 * last) if last else 100
    stop = max(2 * last, 10.0)
    while stop < _FAR:
        value = _value(schedule, stop)
        if value > 10 * first > 0 or (limit < math.inf and abs(value - limit) <= 0.1 * abs(first - limit)):
            return _rounded(stop)
        stop *= 1.25
    return _rounded(max(2 * last, 100))


def _value(schedule: Schedule, t: float) -> float:
    try:
        return schedule(t)
    except OverflowError:  # a growth
        return math.inf


def _rounded(stop: float) -> float:
    """Up to two digits: a person's number."""
    unit = 10.0 ** (math.floor(math.log10(stop)) - 1)
    rounded = math.ceil(stop / unit - 1e-9) * unit
    return round(rounded) if unit >= 1 else rounded


def logarithmic_range(schedules: Iterable[Schedule], start: float, stop: float) -> tuple[float, float]:
    """The rates that a logarithmic axis shows: a last moment before 0 shall not take up all the room."""
    t = np.linspace(start, stop, _LOOKS, endpoint=False)
    values = np.concatenate([schedule(t) for schedule in schedules])
    positive = values[values > 0]
    return (0.5 * float(positive.min()), 2 * float(positive.max())) if positive.size else (0.1, 1.0)


def begins_at_zero(low: float, high: float) -> bool:
    """Whether an axis of values between these begins at 0: unless they differ, and all are far from it."""
    return low >= 0 and not _HIGH * high < low < high


def curve(
    schedule: Schedule,
    start: float,
    stop: float,
    *,
    log: bool = False,
    columns: int = _COLUMNS,
    samples: int = _SAMPLES,
) -> Curve:
    """The schedule from `start` to `stop`, thinned out, its jumps broken: all that are seen, or none if too many."""
    edges = tuple(edge for edge in boundaries(schedule, stop) if edge > start)
    t, values = _sampled(schedule, start, stop, columns, samples)
    for edge in edges[:_EDGES]:
        t, values = _with(t, values, schedule, math.nextafter(edge, 0.0), edge)
    # By its values, not by its boundaries: steps within one piece, and functions of somebody else's, jump as well.
    low = logarithmic_range([schedule], start, stop)[0] if log else None
    jumps = _apart(_jumps(schedule, t, values, low), _APART * (stop - start) / columns)
    if len(jumps) <= _EDGES:
        for before, after in jumps:
            t, values = _with(t, values, schedule, before, math.nan, after)
    return Curve(t, values, edges)


def _apart(jumps: list[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Those that can be told from their neighbours: not those of a spike, nor of many small stairs."""
    times = np.array([-math.inf, *[after for _, after in jumps], math.inf])
    near = np.diff(times) < least
    return [jump for jump, before, after in zip(jumps, near[:-1], near[1:], strict=True) if not (before or after)]


def _with(t: Floats, values: Floats, schedule: Schedule, *times: float) -> tuple[Floats, Floats]:
    """The same points and some more, in order; a NaN among the times breaks the line."""
    i, j = int(np.searchsorted(t, times[0])), int(np.searchsorted(t, times[-1], side="right"))
    new = [math.nan if math.isnan(time) else schedule(time) for time in times]
    shown = [times[-1] if math.isnan(time) else time for time in times]
    return np.concatenate([t[:i], shown, t[j:]]), np.concatenate([values[:i], new, values[j:]])


def _jumps(schedule: Schedule, t: Floats, values: Floats, floor: float | None) -> list[tuple[float, float]]:
    """Between which neighbouring numbers the value jumps: each steep interval is halved until it is flat, or none.

    What is steep is told by the height of the picture; on a logarithmic axis, nothing is seen below its floor.
    """

    def drawn(values: Floats) -> Floats:
        return values if floor is None else np.log(np.maximum(values, floor))

    shown = drawn(values)
    seen = _SEEN * float(shown.max() - shown.min())
    found: list[tuple[float, float]] = []
    left, right, low, high = t[:-1], t[1:], values[:-1], values[1:]
    while left.size:
        steep = np.abs(drawn(high) - drawn(low)) > seen
        left, right, low, high = left[steep], right[steep], low[steep], high[steep]
        middle = left + (right - left) / 2
        there = (middle <= left) | (middle >= right)
        found += _flat_beside(schedule, t[-1], left[there], right[there], low[there], high[there])
        left, right, low, high, middle = left[~there], right[~there], low[~there], high[~there], middle[~there]
        between = schedule(middle)
        # The greater part of the change; of two equal jumps in one interval, the first.
        first = np.abs(between - low) >= np.abs(high - between)
        left, low = np.where(first, left, middle), np.where(first, low, between)
        right, high = np.where(first, middle, right), np.where(first, between, high)
    return sorted(found)


def _flat_beside(
    schedule: Schedule, stop: float, left: Floats, right: Floats, low: Floats, high: Floats
) -> list[tuple[float, float]]:
    """Those that are jumps: what reaches 0, or leaves it, is steep in its last moment, but steep beside it, too."""
    away = 8 * (right - left)
    beside = np.abs(schedule(np.maximum(left - away, 0)) - low) + np.abs(
        schedule(np.minimum(right + away, stop)) - high
    )
    jumped = beside < 0.5 * np.abs(high - low)
    return list(zip(left[jumped].tolist(), right[jumped].tolist(), strict=True))


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
