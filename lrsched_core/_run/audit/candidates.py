"""Clocks and factors that rows suggest: those with which a schedule gives the first rows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._run.audit.clocks import PLANNED, Clock
from lrsched_core._run.audit.rows import Rows, planned_at
from lrsched_core._value.inspection import boundaries, repeats

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lrsched_core._value.schedule import Schedule

    Floats = NDArray[np.float64]

# Candidates are tried on so many rows that differ from each other, and the best few on all rows.
_PROBES, _EARLY, _BEST = 16, 10, 4
_FASTEST = 1_024
_SLOWEST = 1_024
_SHIFTS = 8
_MOST_HORIZONS = 10_000
_EDGES = 12
_LARGEST = 1e9
_LONGEST = 1e15
# Paces of another number of processes, or another batch size.
_RATIOS = tuple(dict.fromkeys(p / q for q in range(2, 9) for p in range(q + 1, 4 * q) if p % q))
_CHUNK = 4_096


class Candidate(NamedTuple):
    """The schedule asked by a clock, times a factor.

    Attributes:
        clock: For what time it was asked.
        factor: What it was multiplied by.
    """

    clock: Clock
    factor: float = 1.0

    @property
    def cost(self) -> float:
        """How far-fetched it is."""
        return self.clock.cost + (1.1 if self.factor != 1.0 else 0.0)

    def values(self, schedule: "Schedule", t: Any, ahead: float = 0) -> "Floats":
        """The rates that were used then."""
        return self.factor * planned_at(schedule, self.clock.times(t) + ahead)


def candidates(schedule: "Schedule", rows: Rows) -> list[Candidate]:
    """What explains the first rows, and perhaps all, of each kind the best few."""
    import numpy as np

    probes = rows.only(probe(rows))
    found = [Candidate(PLANNED)]
    if not len(probes):
        return found
    for clocks in _kinds(schedule, rows):
        k = np.array([clock.k for clock in clocks], dtype=np.float64)[:, None]
        since = np.array([clock.since for clock in clocks], dtype=np.float64)[:, None]
        kind = clocks[0].kind
        values = planned_at(schedule, Clock(kind, k, since).times(probes.t[None, :]))
        for factor in (np.ones(len(clocks)), _factors(values, probes)):
            matched = probes.match(values * factor[:, None])
            lengths = np.where(matched.all(axis=1), matched.shape[1], matched.argmin(axis=1))
            # The first of equals: they come in the order of their likelihood.
            for i in np.argsort(-lengths, kind="stable")[:_BEST].tolist():
                if lengths[i] >= min(2, len(probes)):
                    found.append(_refined(schedule, rows, clocks[i], float(factor[i])))
    return list(dict.fromkeys(found))


def probe(rows: Rows) -> Any:
    """The numbers of a few rows whose rates differ: the first ones, and others from all over the log."""
    import numpy as np

    finite = np.flatnonzero(np.isfinite(rows.rates))
    if not finite.size:
        return finite
    rates = rows.rates[finite]
    changes = np.flatnonzero(np.concatenate([[True], rates[1:] != rates[:-1]]))
    chosen = np.concatenate([changes[:_EARLY], changes[np.linspace(0, len(changes) - 1, _PROBES - _EARLY).astype(int)]])
    # Where nothing changes, that says something, too: the last row of a rate as well as the first.
    return finite[np.unique(np.concatenate([chosen, np.maximum(chosen - 1, 0), [len(rates) - 1]]))]


def _factors(values: "Floats", probes: Rows) -> "Floats":
    """For each clock the factor of the greatest of the first rates."""
    import numpy as np

    early = slice(0, min(6, len(probes)))
    rates = probes.rates[early]
    usable = np.where((values[:, early] > 0) & (rates > 0), values[:, early], -1.0)
    at = usable.argmax(axis=1)
    chosen = usable[np.arange(len(values)), at]
    with np.errstate(over="ignore"):
        factors = rates[at] / np.where(chosen > 0, chosen, 1.0)
    return np.where((chosen > 0) & (factors > 1 / _LARGEST) & (factors < _LARGEST), factors, 1.0)


def _refined(schedule: "Schedule", rows: Rows, clock: Clock, factor: float) -> Candidate:
    """The factor with few digits, if it does as well."""
    candidate = Candidate(clock, factor)
    length = prefix(schedule, rows, candidate)
    for digits in range(1, 7):
        rounded = Candidate(clock, float(f"{factor:.{digits - 1}e}"))
        if prefix(schedule, rows, rounded) >= length:
            return rounded
    return candidate


def prefix(schedule: "Schedule", rows: Rows, candidate: Candidate, ahead: float = 0) -> int:
    """How many rows from the first on it explains."""
    begun, size = 0, _CHUNK
    while begun < len(rows):
        part = rows.only(slice(begun, begun + size))
        length = part.prefix(candidate.values(schedule, part.t, ahead))
        if length < len(part):
            return begun + length
        begun, size = begun + size, 4 * size
    return len(rows)


def _kinds(schedule: "Schedule", rows: Rows) -> Iterator[list[Clock]]:
    yield [PLANNED]
    yield [Clock("shift", k) for i in range(1, _SHIFTS + 1) for k in (i, -i)]
    yield [Clock("fast", k) for k in (*range(2, _FASTEST + 1), *_RATIOS)]
    yield [Clock("fast-last", k) for k in range(2, _FASTEST + 1)]
    slow = _slow(rows)
    yield [Clock("epochs", k) for k in slow]
    yield [Clock("slow", k) for k in (*slow, *_RATIOS)]
    yield [Clock("phantom", k) for k in slow]
    yield from _horizons(schedule, rows)


def _slow(rows: Rows) -> list[int]:
    """How many updates an epoch may have: few, or so many as pass until the first change."""
    import numpy as np

    last = int(min(rows.t[-1] + 1, _SLOWEST))
    found = [*range(2, max(last, 3))]
    changes = np.flatnonzero(rows.rates[1:] != rows.rates[:-1])
    for change in changes[:2].tolist():
        before, after = int(rows.t[change]), int(rows.t[change + 1])
        found += [*range(max(before + 1, 2), min(after, before + 2_000) + 1)]
    return list(dict.fromkeys(found))


def _horizons(schedule: "Schedule", rows: Rows) -> Iterator[list[Clock]]:
    """Ends of the run other than the planned one, of all of it or of what comes after a boundary."""
    import numpy as np

    if repeats(schedule):
        return
    # Of whole numbers beyond 64 bits NumPy makes objects.
    edges = [*map(float, boundaries(schedule)[-_EDGES:])]
    if not edges:
        return
    stop = edges[-1]
    for since in (0, *edges[:-1]):
        long = stop - since
        if long <= 0:
            continue
        ends = {*_inverted(schedule, rows, since, stop)}
        if long * 10 <= _MOST_HORIZONS:
            ends |= {float(end) for end in np.arange(1, 10 * int(long) + 1)}
        ends = {end for end in ends if end > 0 and end != long}
        if ends:
            yield [Clock("horizon", long / end, since) for end in sorted(ends, key=lambda end: abs(end - long))]


def _inverted(schedule: "Schedule", rows: Rows, since: float, stop: float) -> Iterator[float]:
    """How long it takes instead, from rates that the schedule has once between these times."""
    import numpy as np

    times = np.linspace(since, stop, 65)[:-1]
    values = planned_at(schedule, times)
    steps = np.diff(values)
    if not ((steps < 0).all() or (steps > 0).all()):
        return
    falls = steps[0] < 0
    for i in probe(rows).tolist():
        t, rate = float(rows.t[i]), float(rows.rates[i])
        if t <= since or not min(values[0], values[-1]) < rate < max(values[0], values[-1]):
            continue
        low, high = float(since), float(times[-1])
        for _ in range(80):
            middle = (low + high) / 2
            if (schedule(middle) > rate) == falls:
                low = middle
            else:
                high = middle
        long = (stop - since) * (t - since) / max(low - since, 1e-300)
        if long > _LONGEST:
            continue
        yield from (long, float(round(long)), float(round(long) - 1), float(round(long) + 1)) if long >= 1 else (long,)
