"""An array in, an array out, beside what NumPy users write."""

import tracemalloc
from collections.abc import Callable
from itertools import accumulate, repeat
from typing import Any, NamedTuple

import numpy as np

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, Race, Spread, exactly
from benchmarks.policies import END, FLOOR, HORIZON, MANY, MANY_FACTOR, OURS, PEAK, WARMUP, Policy, height
from benchmarks.section import Bench, Section, Table, nanoseconds, times

SMALL = {1: Bar.ARRAY_1, 10: Bar.ARRAY_10, 100: Bar.ARRAY_100, 1_000: Bar.ARRAY_1000}
SHORT = 10_000
SIZES = (*SMALL, SHORT, 1_000_000)
LENGTH = END // 100
STARTS = np.arange(LENGTH, END, LENGTH, dtype=float)
HEIGHTS = np.array([height(i) for i in range(100)])
MILESTONES = np.array(MANY, dtype=float)
LEVELS = np.array(list(accumulate(repeat(MANY_FACTOR, len(MANY)), lambda lr, f: lr * f, initial=PEAK)))


def where(t: Any) -> Any:
    """Warmup + cosine, as it is usually written."""
    wave = FLOOR + (PEAK - FLOOR) * (1 + np.cos(np.pi * (t - WARMUP) / (END - WARMUP))) / 2
    return np.where(t < WARMUP, PEAK * t / WARMUP, np.where(t < END, wave, FLOOR))


def gathered(t: Any) -> Any:
    """100 phases: each time with the constants of its own."""
    i = np.searchsorted(STARTS, t, side="right")
    left = np.minimum(t - i * LENGTH, LENGTH)
    return FLOOR + (HEIGHTS[i] - FLOOR) * (1 + np.cos(np.pi * left / LENGTH)) / 2


def levels(t: Any) -> Any:
    """10,000 milestones: search and gather."""
    return LEVELS[np.searchsorted(MILESTONES, t, side="right")]


class Pair(NamedTuple):
    """The same values, by NumPy and by ours."""

    theirs: Callable[[Any], Any]
    ours: Callable[[Any], Any]


PAIRS = {
    "warmup + cosine": Pair(where, OURS[Policy.WARMUP_COSINE]),
    "100 phases": Pair(gathered, OURS[Policy.PHASES_100]),
    "10,000 milestones": Pair(levels, OURS[Policy.MANY_STEPS]),
}


def measure(bench: Bench) -> Section:
    """Time and memory a point."""
    section = Section(
        "A call with an array",
        "Times are per point, in float64; NumPy's are those of nested `np.where` for warmup + cosine, and of "
        "`searchsorted` and gathered constants for the others. Memory is the most that a call takes beyond its input, "
        "the result (8 bytes a point) included.",
    )
    for size in SIZES:
        result, memory = _race(bench, size)
        rows = []
        for job in dict.fromkeys(name.rpartition(": ")[0] for name in result.times):
            mine, its = f"{job}: ours", f"{job}: NumPy"
            took = [nanoseconds(result.median(name) / size) for name in (its, mine)]
            kept = [f"{memory[name]:.1f} B" for name in (its, mine)]
            rows.append((job, *took, times(result.ratio(mine, its)), *kept))
        columns = ("", "NumPy", "ours", "ours / NumPy", "NumPy, memory", "ours, memory")
        section.tables.append(Table(f"{size:,} point{'s' if size > 1 else ''}", columns, rows))
        if size in SMALL:
            section.measured[SMALL[size]] = _against_numpy(result, "warmup + cosine, sorted")
        if size == SHORT:
            section.measured[Bar.ARRAY_PHASES_SHORT] = _against_cosine(result)
    section.measured.update(_bars(result, memory))  # of the largest arrays
    return section


def _against_numpy(result: Race, job: str) -> Spread:
    return result.ratio(f"{job}: ours", f"{job}: NumPy")


def _against_cosine(result: Race) -> Spread:
    return result.ratio("100 phases, sorted: ours", "warmup + cosine, sorted: ours")


def _bars(result: Race, memory: dict[str, float]) -> dict[Bar, Spread]:
    return {
        Bar.ARRAY_WARMUP_COSINE: _against_numpy(result, "warmup + cosine, sorted"),
        Bar.ARRAY_SHUFFLED: _against_numpy(result, "warmup + cosine, shuffled"),
        Bar.ARRAY_PHASES: _against_cosine(result),
        Bar.ARRAY_MILESTONES: _against_numpy(result, "10,000 milestones, sorted"),
        Bar.ARRAY_MEMORY: exactly(max(size for name, size in memory.items() if name.endswith(": ours"))),
    }


def _race(bench: Bench, size: int) -> tuple[Race, dict[str, float]]:
    ordered = np.linspace(0, HORIZON, size)
    orders = {"sorted": ordered, "shuffled": np.random.default_rng(0).permutation(ordered)}
    contestants: dict[str, Contestant] = {}
    memory: dict[str, float] = {}
    for policy, pair in PAIRS.items():
        for order, t in orders.items():
            np.testing.assert_allclose(pair.ours(t), pair.theirs(t), rtol=1e-9)
            for name, function in (("NumPy", pair.theirs), ("ours", pair.ours)):
                label = f"{policy}, {order}: {name}"
                contestants[label] = Contestant(function, lambda n, t=t: [t] * n)
                memory[label] = peak(function, t) / size
    return bench.race(f"arrays of {size:,}", contestants, share=2), memory


def peak(function: Callable[[Any], Any], t: Any) -> int:
    """The most bytes that a call takes at a time, its result included."""
    tracemalloc.start()
    try:
        function(t)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
