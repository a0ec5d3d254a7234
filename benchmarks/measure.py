"""The interleaved timer: everything that is compared is timed in turn, inside each of many rounds.

The clock of a shared machine swings by a factor of two within seconds, so that a time taken now says little about one
taken a second ago. A ratio of two times of the same round does, and the median over rounds is what is reported.
"""

import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter, perf_counter_ns
from typing import Any, NamedTuple

# A turn is long beside the clock's resolution, and short beside the swings of the machine.
TURN_NS = 500_000


class Spread(NamedTuple):
    """The quartiles of something measured many times."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The quartiles of `values`."""
    return Spread(*quantiles(values, n=4)) if len(values) > 1 else Spread(values[0], values[0], values[0])


def exactly(value: float) -> Spread:
    """Something that was counted, not timed."""
    return Spread(value, value, value)


@dataclass(frozen=True)
class Contestant:
    """What takes a turn.

    Args:
        call: What is timed.
        arguments: The `n` arguments of the `n` calls of a turn; without it, `call` is called with nothing.
        stateful: `call` makes the function that is timed, anew for each turn and outside of the time. It is asked for
            0, 1, 2, ..., since it may be wrong, or very slow, otherwise.
    """

    call: Callable[..., Any]
    arguments: Callable[[int], Sequence[Any]] | None = None
    stateful: bool = False


@dataclass
class Race:
    """The times of contestants: nanoseconds per call, one for each round."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def ratio(self, name: str, base: str) -> Spread:
        """How many times as long as `base` a call takes, inside the same round."""
        return spread([mine / its for mine, its in zip(self.times[name], self.times[base], strict=True)])

    def extra(self, name: str, base: str) -> Spread:
        """How many nanoseconds longer than `base` a call takes, inside the same round."""
        return spread([mine - its for mine, its in zip(self.times[name], self.times[base], strict=True)])

    def median(self, name: str) -> float:
        """Nanoseconds per call."""
        return median(self.times[name])

    def fastest(self, names: Sequence[str]) -> str:
        """The one of `names` with the lowest median."""
        return min(names, key=self.median)


def race(
    contestants: dict[str, Contestant],
    *,
    seconds: float,
    rounds: int,
    turns: int = 3,
    tick: Callable[[float], None] = lambda _: None,
) -> Race:
    """Times the contestants in turn, for about `seconds` and at least so many `rounds`.

    In a round each has several `turns`, of which the fastest counts: the others were interrupted. The order is always
    another, so that none always follows the same other. `tick` is told the progress, from 0 to 1.
    """
    result = Race({name: [] for name in contestants})
    order, shuffle = list(contestants), random.Random(0).shuffle
    with _no_garbage_collection():
        takers = {name: _Turn(contestant) for name, contestant in contestants.items()}
        start, done = perf_counter(), 0
        while done < rounds or perf_counter() - start < seconds:
            taken: dict[str, list[float]] = {name: [] for name in takers}
            for _ in range(turns):
                shuffle(order)
                for name in order:
                    taken[name].append(takers[name].take())
            for name, times in taken.items():
                result.times[name].append(min(times))
            done += 1
            tick(min(done / rounds, (perf_counter() - start) / seconds, 1.0))
    return result


class _Turn:
    """As many calls of one contestant as fill a turn."""

    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        self.calls = 1
        self.function = None if contestant.stateful else contestant.call
        self._prepare()
        self._net()  # the first call may compile
        while (net := self._net()) < TURN_NS / 2 and self.calls < 1_000_000:
            self.calls = min(max(2 * self.calls, int(self.calls * TURN_NS / max(net, 1))), 8 * self.calls)
            self._prepare()

    def _prepare(self) -> None:
        arguments = self.contestant.arguments
        counting = arguments is None or self.contestant.stateful
        self.arguments: Sequence[Any] = range(self.calls) if counting else arguments(self.calls)

    def take(self) -> float:
        """Nanoseconds per call, those of the empty loop taken away."""
        return max(self._net(), 1) / self.calls

    def _net(self) -> int:
        function = self.function or self.contestant.call()
        loop = _without_argument if self.contestant.arguments is None else _with_argument
        return loop(function, self.arguments) - _empty(self.arguments)


def _with_argument(function: Callable[[Any], Any], arguments: Sequence[Any]) -> int:
    start = perf_counter_ns()
    for argument in arguments:
        function(argument)
    return perf_counter_ns() - start


def _without_argument(function: Callable[[], Any], arguments: Sequence[Any]) -> int:
    start = perf_counter_ns()
    for _ in arguments:
        function()
    return perf_counter_ns() - start


def _empty(arguments: Sequence[Any]) -> int:
    start = perf_counter_ns()
    for _ in arguments:
        pass
    return perf_counter_ns() - start


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
