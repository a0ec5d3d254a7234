"""Step schedules: constant between the times at which they change."""

import math
import sys
from bisect import bisect_right
from dataclasses import KW_ONLY
from typing import TYPE_CHECKING

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Operand, at_least, grown, whole_power, within_float_range
from lrsched_core._evaluation.pieces import MILESTONES_A_PIECE, Pieces, piece
from lrsched_core._evaluation.share_powers import grown as grown_number
from lrsched_core._evaluation.times import exact
from lrsched_core._value.checks import Duration, Milestones, Positive, Rate, Rates
from lrsched_core._value.inspection import Times
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable


class Factor(Schedule):
    r"""Step decay: times `factor` after each `every` steps, down to a floor; with `every=1`, exponential decay.

    $$\eta(t) = \max(\eta_{\min},\; \eta_0 \, \gamma^{\lfloor t / s \rfloor})$$

    Args:
        base_lr: $\eta_0$, the value for `0 <= t < every`.
        factor: $\gamma$, > 0. Above 1 the schedule grows.
        every: $s$, the time between changes, > 0.
        stop_factor_lr: $\eta_{\min}$, the floor, >= 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.
        OverflowError: When asked for a `t` at which growth has left the float range.

    Example:
        >>> decay = Factor(2.0, 0.5, stop_factor_lr=0.2)
        >>> [decay(t) for t in range(5)]
        [2.0, 1.0, 0.5, 0.25, 0.2]

    Reference:
        `torch.optim.lr_scheduler.StepLR` and `ExponentialLR`, without a floor; `mxnet.lr_scheduler.FactorScheduler`,
        which decays as this does, one update later than its documentation says.
    """

    base_lr: Rate
    factor: Positive
    _: KW_ONLY
    every: Duration = 1
    stop_factor_lr: Rate = 0.0

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        if self.factor == 1:
            return max(self.base_lr, self.stop_factor_lr)
        if not self.base_lr:
            return self.stop_factor_lr
        periods = clock.periods(self.every)
        # Where the power may leave the float range before the product does, they are multiplied in parts.
        if self.base_lr >= 1 if self.factor > 1 else self.base_lr <= 1e10:
            lr = self.base_lr * whole_power(self.factor, periods)
        else:
            lr = grown(self.base_lr, self.factor, periods)
        if self.factor > 1:
            lr = within_float_range(lr)
        return at_least(lr, self.stop_factor_lr) if self.stop_factor_lr else lr


class MultiFactor(Schedule):
    r"""Step decay: times `factor` at each milestone.

    $$\eta(t) = \eta_0 \, \gamma^{\#\{m \le t\}}$$

    Args:
        base_lr: $\eta_0$, the value before the first milestone.
        factor: $\gamma$, > 0.
        milestones: The times $m$, >= 0, in ascending order. The new value already holds at the milestone; a time
            given twice counts twice.

    Raises:
        ValueError: If an argument is out of its range, the milestones are not in order, or a value leaves the float
            range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> steps = MultiFactor(0.5, 0.5, milestones=(15, 30))
        >>> steps(14), steps(15), steps(30)
        (0.5, 0.25, 0.125)

    Reference:
        `torch.optim.lr_scheduler.MultiStepLR`; `mxnet.lr_scheduler.MultiFactorScheduler`.
    """

    base_lr: Rate
    factor: Positive
    _: KW_ONLY
    milestones: Milestones

    if TYPE_CHECKING:  # takes any iterable

        def __init__(self, base_lr: float, factor: float, *, milestones: Iterable[float]) -> None: ...

    def _check_together(self) -> None:
        if self._value_after(len(self.milestones)) == math.inf:
            rule = f"small enough for {len(self.milestones)} milestones to stay within the float range"
            raise refuse(ValueError, "factor", rule, self.factor)

    def _most_pieces(self) -> int:
        return 1 + len(self.milestones) // MILESTONES_A_PIECE

    def _pieces(self) -> Pieces:
        return (piece(self._formula, weight=len(self.milestones) // MILESTONES_A_PIECE),)

    def _formula(self, clock: Clock) -> Operand:
        if not self.milestones:
            return self.base_lr
        values = [self._value_after(n) for n in range(len(self.milestones) + 1)]
        return clock.lookup(self.milestones, values)

    def _value_after(self, n: int) -> float:
        try:
            power = self.factor**n
        except OverflowError:
            power = math.inf
        # The power may leave the float range before the product does.
        within = sys.float_info.min <= power < math.inf
        return self.base_lr * power if within else grown_number(self.base_lr, self.factor, n)

    def _times(self) -> Times:
        return map(exact, self.milestones)

    def _why(self, t: float) -> str:
        return f"{bisect_right(self.milestones, t)} of {len(self.milestones)} milestones reached"


class PiecewiseConstant(Schedule):
    r"""Given values, one after the other.

    $$\eta(t) = \eta_{\#\{m \le t\}}$$

    Args:
        values: $\eta_0, \eta_1, \dots$: the value before the first milestone, then that from each milestone on.
        milestones: The times $m$, >= 0, in ascending order, one fewer than there are values. The new value already
            holds at the milestone; of values with the same milestone, the last one holds.

    Raises:
        ValueError: If an argument is out of its range, or the milestones are not in order, too few or too many.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> steps = PiecewiseConstant((0.1, 0.01, 0.001), milestones=(30, 60))
        >>> [steps(t) for t in (0, 29, 30, 59, 60, 10**12)]
        [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]

    Reference:
        `keras.optimizers.schedules.PiecewiseConstantDecay`, which switches one update later;
        `paddle.optimizer.lr.PiecewiseDecay`. `optax.piecewise_constant_schedule` takes factors, not values.
    """

    values: Rates
    _: KW_ONLY
    milestones: Milestones

    if TYPE_CHECKING:  # as above

        def __init__(self, values: Iterable[float], *, milestones: Iterable[float]) -> None: ...

    def _check_together(self) -> None:
        if len(self.milestones) != len(self.values) - 1:
            raise refuse(ValueError, "milestones", f"one fewer than the {len(self.values)} values", self.milestones)

    def _most_pieces(self) -> int:
        return 1 + len(self.milestones) // MILESTONES_A_PIECE

    def _pieces(self) -> Pieces:
        return (piece(self._formula, weight=len(self.milestones) // MILESTONES_A_PIECE),)

    def _formula(self, clock: Clock) -> Operand:
        return clock.lookup(self.milestones, self.values) if self.milestones else self.values[0]

    def _times(self) -> Times:
        return map(exact, self.milestones)

    def _why(self, t: float) -> str:
        return f"{bisect_right(self.milestones, t)} of {len(self.milestones)} milestones reached"
