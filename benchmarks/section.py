"""What a part of the benchmarks hands over: tables to read, and measurements that bars are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.measure import Contestant, Race, Spread, race

if TYPE_CHECKING:
    from rich.progress import Progress

    from benchmarks.bars import Bar


Timed = dict[str, Contestant]
Sized = dict[str, int]


class Axis(NamedTuple):
    """What grows.

    Args:
        title: What the numbers of `at` count.
        at: Where it is measured; a short run leaves the last ones out.
        timed: By a number: what is timed there. A label that begins with "ours" is one of ours.
        sized: By a number: bytes.
        memory: What is counted in bytes, as a title.
    """

    title: str
    at: tuple[int, ...]
    timed: Callable[[int], Timed]
    sized: Callable[[int], Sized] | None = None
    memory: str = ""


class Growth(NamedTuple):
    """What was measured along an axis: nanoseconds and bytes, by label, at each number."""

    axis: Axis
    time: dict[str, dict[int, float]]
    memory: dict[str, dict[int, float]]


@dataclass(frozen=True)
class Effort:
    """How long everything that is compared in one table is timed."""

    seconds: float
    rounds: int


QUICK = Effort(seconds=0.8, rounds=7)
FULL = Effort(seconds=8.0, rounds=21)


@dataclass(frozen=True)
class Table:
    """Text in rows and columns."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    title: str
    note: str = ""
    tables: list[Table] = field(default_factory=list)
    measured: dict[Bar, Spread] = field(default_factory=dict)
    growth: Sequence[Growth] = ()


@dataclass(frozen=True)
class Bench:
    """What a part is given: how long it may take, and where it shows how far it is."""

    effort: Effort
    progress: Progress

    def race(self, title: str, contestants: dict[str, Contestant], *, share: float = 1.0) -> Race:
        """Times the contestants in turn, for `share` of what one table is given."""
        task = self.progress.add_task(title, total=1.0)
        try:
            return race(
                contestants,
                seconds=self.effort.seconds * share,
                rounds=self.effort.rounds,
                tick=lambda done: self.progress.update(task, completed=done),
            )
        finally:
            self.progress.remove_task(task)

    def each(self, title: str, steps: Iterable[str]) -> Iterable[str]:
        """The `steps` of something that is not a race, shown one by one."""
        names = list(steps)
        task = self.progress.add_task(title, total=len(names))
        for name in names:
            self.progress.update(task, description=f"{title}: {name}")
            yield name
            self.progress.advance(task)
        self.progress.remove_task(task)


Part = Callable[[Bench], Section]


def nanoseconds(value: float) -> str:
    """A duration in the unit that suits it."""
    for unit, size in (("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)):
        if value < 1000 * size or unit == "s":
            return f"{value / size:.3g} {unit}"
    raise AssertionError


def times(ratio: Spread) -> str:
    """A ratio with its quartiles."""
    return f"{_short(ratio.median)} ({_short(ratio.low)}-{_short(ratio.high)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ranking(title: str, result: Race, base: str, *, note: str = "", per: float = 1.0) -> Table:
    """The contestants of one race, fastest first; times are divided by `per`."""
    rows = [
        (name, nanoseconds(result.median(name) / per), times(result.ratio(name, base)))
        for name in sorted(result.times, key=result.median)
    ]
    return Table(title, ("", "time", f"x {base}"), rows, note)
