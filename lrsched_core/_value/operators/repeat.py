"""A schedule that starts over again and again."""

import math
from bisect import bisect_right
from dataclasses import KW_ONLY
from functools import lru_cache, partial
from itertools import count, takewhile
from operator import gt, itemgetter
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, Formula, Operand, grown, whole_power, within_float_range
from lrsched_core._evaluation.pieces import Pieces, again, before, laid_out, moved, piece
from lrsched_core._evaluation.times import Exact, exact, whole
from lrsched_core._value.checks import Duration, Positive, Says, duration
from lrsched_core._value.extent import LONGEST, Span
from lrsched_core._value.inspection import Part, Times
from lrsched_core._value.operands import ScheduleField
from lrsched_core._value.operators.clocks import OtherClock

# Growing cycles are laid out one by one up to here, beyond any integer clock.
_LAST = 2**63
_LEAST_GROWTH = 1.01
_MOST_CYCLES = 10_000
# Up to this many pieces, those within a cycle are counted exactly: many may be cut off.
_EXACT = 10_000

Cycles = tuple[tuple[Exact, Exact], ...]


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
            # An estimate, which is enough for a limit; finding a cycle takes exact times.
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
            pieces = laid_out(before(self.schedule._pieces(), self.every))
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
        # Each cycle has its own pieces, because a logarithm would misplace some boundaries.
        pieces: list[Any] = []
        for i, (start, scale) in enumerate(self._cycles()):
            height = self._height(i)
            pieces += [p._replace(formula=_scaled(p.formula, height)) for p in moved(cycle, start, scale)]
        return (*before(tuple(pieces), _LAST), piece(self._last, _LAST))

    def _last(self, _clock: Clock) -> float:
        return self._height(len(self._cycles())) * self.schedule(0)

    def _endless(self, clock: Clock, cycle: Pieces) -> Operand:
        value = again(clock, cycle, self.every)
        if self.decay == 1:
            return value
        periods = clock.periods(self.every)
        if self.decay < 1:
            return value * whole_power(self.decay, periods)
        return within_float_range(grown(value, self.decay, periods))

    def _cycles(self) -> Cycles:
        return _cycles(exact(self.every), self.growth)

    def _height(self, i: int) -> float:
        try:
            return self.decay**i
        except OverflowError:
            return float("inf")

    def _cycle_at(self, t: Exact) -> tuple[int, Exact, Exact]:
        """The number of the cycle, the time on the schedule's own clock, and how many times as slow that is."""
        if self.growth == 1:
            i, phase = divmod(t, exact(self.every))
            return int(i), phase, 1
        cycles = self._cycles()
        i = bisect_right(cycles, t, key=itemgetter(0)) - 1
        start, scale = cycles[i]
        return i, _ratio(t - start, scale), scale

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        endless = ((i * exact(self.every), 1) for i in count(max(0, int(t // exact(self.every)))))
        for start, scale in endless if self.growth == 1 else self._cycles():
            yield start
            for moment in takewhile(partial(gt, exact(self.every)), self.schedule._times()):
                yield whole(start + moment * scale)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        i, local, scale = self._cycle_at(t)
        height = f", {self._height(i)!r} times as high" if self.decay != 1 else ""
        return (Part(self.schedule, local, f"cycle {i}{height}", scale),)


@lru_cache(maxsize=64)
def _cycles(every: Exact, growth: float) -> Cycles:
    """When each cycle begins, and how many times as long as the first it is; to 128 bits."""
    numerator, denominator = exact(growth).as_integer_ratio()
    fine = 1 if denominator == 1 else 2**128
    start: Exact = 0
    scale = fine
    cycles = []
    while start < _LAST * fine:
        cycles.append((_ratio(start, fine), _ratio(scale, fine)))
        start += every * scale
        scale = scale * numerator // denominator
    return tuple(cycles)


def _ratio(value: Exact, by: Exact) -> Exact:
    if by == 1:
        return whole(value)
    from fractions import Fraction  # few cycles grow by a fraction

    return whole(Fraction(value) / by)


def _scaled(formula: Formula, height: float) -> Formula:
    if height == 1:
        return formula

    def scaled(clock: Clock) -> Operand:
        value = formula(clock) * height
        return within_float_range(value) if height > 1 and isinstance(value, Expr) else value

    return scaled
