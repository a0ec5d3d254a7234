"""A schedule that begins again and again."""

import math
from dataclasses import KW_ONLY
from functools import lru_cache
from itertools import count, takewhile
from typing import Annotated, Any

from lrsched_core._check import Duration, Positive, Says, duration, refuse
from lrsched_core._extent import LONGEST, Span
from lrsched_core._formula import Clock, Expr, Formula, Operand, whole_power, within_float_range
from lrsched_core._inspection import Part, Times
from lrsched_core._operators.clocks import OtherClock
from lrsched_core._pieces import Pieces, again, before, laid_out, moved, piece
from lrsched_core._schedule import ScheduleField
from lrsched_core._time import Sum, exact, whole

# Cycles that grow are laid out one by one up to here, beyond any integer clock.
_LAST = 2**63
_LEAST_GROWTH = 1.01
_MOST_CYCLES = 10_000
# A repetition that begins between two steps has two copies of the piece in which it is cut, each of which may be a
# repetition too: where they would be more, the phase is rounded instead.
_MOST_COPIES = 10_000
# Up to so many pieces are counted one by one, to see whether they are too many.
_EXACT = 10_000

Cycles = tuple[tuple[Sum, Sum], ...]


def _growth(name: str, value: Any) -> float:
    number = duration(name, value)
    if number != 1 and number < _LEAST_GROWTH:
        raise refuse(ValueError, name, f"1, or >= {_LEAST_GROWTH}", value)
    return number


class Repeat(OtherClock):
    """What `Schedule.repeat` gives; see there."""

    schedule: ScheduleField
    every: Duration
    _: KW_ONLY
    growth: Annotated[float, _growth, Says(minimum=1)] = 1
    decay: Positive = 1.0

    _repeats = True

    def _check_together(self) -> None:
        if self.growth > 1:
            # Only an estimate, for a limit: no logarithm finds a cycle.
            ratio = math.log1p(_LAST / float(self.every) * (self.growth - 1)) / math.log(self.growth)
            if not ratio < _MOST_CYCLES:
                rule = f"long enough for at most {_MOST_CYCLES} cycles until 2**63"
                raise refuse(ValueError, "every", rule, self.every)
        if self.growth > 1 and self.decay > 1 and self._height(len(self._cycles())) == float("inf"):
            raise refuse(ValueError, "decay", "small enough for the cycles to stay within the float range", self.decay)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        if self.growth == 1:
            return pieces + 1, again
        cycles = len(self._cycles())
        if pieces <= _EXACT:
            pieces = laid_out(before(self.schedule._pieces(), self.every))  # many may be cut off
        return pieces * cycles + 1, again + pieces

    def _span(self, inner: Span) -> Span:
        whole = inner.lasting(self.every)
        # The last of the cycles that grow may be as long as all time.
        return whole if self.growth == 1 else Span(whole.shortest, whole.longest * _LAST)

    def _reaches_far(self) -> bool:
        return self.growth > 1 or self.every > LONGEST

    def _pieces(self) -> Pieces:
        cycle = before(self.schedule._pieces(), self.every)
        if self.growth == 1:
            return (piece(lambda clock: self._endless(clock, cycle), weight=laid_out(cycle)),)
        # No logarithm finds the cycle: each has its own pieces.
        pieces: list[Any] = []
        for i, (start, scale) in enumerate(self._cycles()):
            height = self._height(i)
            pieces += [p._replace(formula=_scaled(p.formula, height)) for p in moved(cycle, start, scale)]
        return (*pieces, piece(self._last, _LAST))

    def _last(self, _clock: Clock) -> float:
        return self._height(len(self._cycles())) * self.schedule(0)

    def _endless(self, clock: Clock, cycle: Pieces) -> Operand:
        depth, pieces, _ = self._known_extent
        value = again(clock, cycle, self.every, exactly=pieces << depth <= _MOST_COPIES)
        if self.decay == 1:
            return value
        value = value * whole_power(self.decay, clock.periods(self.every))
        return within_float_range(value) if self.decay > 1 else value

    def _cycles(self) -> Cycles:
        return _cycles(exact(self.every), self.growth)

    def _height(self, i: int) -> float:
        try:
            return self.decay**i
        except OverflowError:
            return float("inf")

    def _cycle_at(self, t: float) -> tuple[int, float]:
        """The number of the cycle, and the time on the schedule's own clock."""
        if self.growth == 1:
            return int(t // self.every), t % self.every
        cycles = self._cycles()
        i = max(i for i, (start, _) in enumerate(cycles) if start <= t)
        start, scale = cycles[i]
        return i, float((exact(t) - start) / scale)

    def _times(self) -> Times:
        endless = ((i * exact(self.every), 1) for i in count())
        for start, scale in endless if self.growth == 1 else self._cycles():
            yield start
            for moment in takewhile(lambda moment: moment < self.every, self.schedule._times()):
                yield whole(start + moment * scale)

    def _parts(self, t: float) -> tuple[Part, ...]:
        i, local = self._cycle_at(t)
        height = f", {self._height(i)!r} times as high" if self.decay != 1 else ""
        return (Part(self.schedule, local, f"cycle {i}{height}"),)


@lru_cache(maxsize=64)
def _cycles(every: Sum, growth: float) -> Cycles:
    """When each cycle begins, and how many times as long it is as the first; exact as far as 128 bits go."""
    numerator, denominator = growth.as_integer_ratio()
    fine = 1 if denominator == 1 else 2**128
    start: Sum = 0
    scale = fine
    cycles = []
    while start < _LAST * fine:
        cycles.append((_ratio(start, fine), _ratio(scale, fine)))
        start += every * scale
        scale = scale * numerator // denominator
    return tuple(cycles)


def _ratio(value: Sum, fine: int) -> Sum:
    if fine == 1:
        return whole(value)
    from fractions import Fraction  # few cycles grow by a fraction

    return whole(Fraction(value, fine))


def _scaled(formula: Formula, height: float) -> Formula:
    if height == 1:
        return formula

    def scaled(clock: Clock) -> Operand:
        value = formula(clock) * height
        return within_float_range(value) if height > 1 and isinstance(value, Expr) else value

    return scaled
