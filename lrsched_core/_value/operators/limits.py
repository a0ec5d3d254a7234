"""The smaller, the larger, and the value within limits."""

from functools import reduce
from typing import TYPE_CHECKING

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import at_least, at_most
from lrsched_core._evaluation.pieces import Pieces, pointwise
from lrsched_core._evaluation.times import Exact
from lrsched_core._value.checks import Rate
from lrsched_core._value.inspection import Part, Times
from lrsched_core._value.operands import ScheduleField, as_schedule
from lrsched_core._value.operators.arithmetic import Operands, Pointwise
from lrsched_core._value.operators.text import bound
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from lrsched_core._value.schedule import Operand


class Minimum(Pointwise):
    """What `minimum(a, b)` gives."""

    schedules: Operands

    def _pieces(self) -> Pieces:
        return pointwise(lambda *values: reduce(at_most, values), *[s._pieces() for s in self.schedules])

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"minimum({', '.join(map(repr, self.schedules))})"


class Maximum(Pointwise):
    """What `maximum(a, b)` gives."""

    schedules: Operands

    def _pieces(self) -> Pieces:
        return pointwise(lambda *values: reduce(at_least, values), *[s._pieces() for s in self.schedules])

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"maximum({', '.join(map(repr, self.schedules))})"


class Clip(Schedule):
    """What `Schedule.clip` gives; see there."""

    schedule: ScheduleField
    low: Rate
    high: Rate

    def _check_together(self) -> None:
        if self.high < self.low:
            raise refuse(ValueError, "high", f">= `low`, which is {self.low!r}", self.high)

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule,)

    def _pieces(self) -> Pieces:
        return pointwise(lambda value: at_most(at_least(value, self.low), self.high), self.schedule._pieces())

    def _times(self) -> Times:
        return self.schedule._times()

    def _times_from(self, t: Exact) -> Times:
        return self.schedule._times_from(t)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        return (Part(self.schedule, t, f"kept within {self.low!r} and {self.high!r}"),)

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"{bound(self.schedule, 3)}.clip({self.low!r}, {self.high!r})"


def minimum(*schedules: "Operand") -> Schedule:
    r"""The smallest of several schedules at each t.

    $$\eta(t) = \min_i \eta_i(t)$$

    Args:
        schedules: Two or more schedules, functions of `t`, or numbers. A nested `minimum` is flattened.

    Returns:
        A schedule with the smallest of the values.

    Raises:
        TypeError: If an argument is something else.
        ValueError: If there are fewer than two, or a number is negative or not finite.

    Example:
        >>> from lrsched_core import Linear, SquareRoot, minimum
        >>> lr = minimum(SquareRoot(0.4), Linear(0.4, steps=4))
        >>> [round(lr(t), 3) for t in range(5)]
        [0.4, 0.283, 0.2, 0.1, 0.0]

    Reference:
        The learning rate of Vaswani et al., Attention Is All You Need, arXiv:1706.03762, equation 3, is a minimum.
    """
    return Minimum(tuple([as_schedule(f"schedules[{i}]", schedule) for i, schedule in enumerate(schedules)]))


def maximum(*schedules: "Operand") -> Schedule:
    r"""The largest of several schedules at each t.

    $$\eta(t) = \max_i \eta_i(t)$$

    Args:
        schedules: Two or more schedules, functions of `t`, or numbers. A nested `maximum` is flattened.

    Returns:
        A schedule with the largest of the values; `maximum(schedule, 1e-5)` does not fall below 1e-5.

    Raises:
        TypeError: If an argument is something else.
        ValueError: If there are fewer than two, or a number is negative or not finite.

    Example:
        >>> from lrsched_core import Linear, maximum
        >>> lr = maximum(Linear(0.4, steps=4), 0.15)
        >>> [lr(t) for t in range(5)]
        [0.4, 0.30000000000000004, 0.2, 0.15, 0.15]
    """
    return Maximum(tuple([as_schedule(f"schedules[{i}]", schedule) for i, schedule in enumerate(schedules)]))
