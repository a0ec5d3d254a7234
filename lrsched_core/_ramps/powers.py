"""Powers of the time that is left, or has elapsed."""

import math
from dataclasses import KW_ONLY, dataclass

from lrsched_core._check import Duration, Positive, Rate
from lrsched_core._formula import Clock, Expr, Operand, between, expm1, log, log1p, square
from lrsched_core._pieces import Pieces, piece
from lrsched_core._ramps.ramp import Ramp


@dataclass(frozen=True, slots=True, repr=False)
class Polynomial(Ramp):
    r"""A power of the time that is left, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,(1 - t / T)^p, \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value for every `t >= steps`; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.
        power: $p$, > 0. 1 is a straight line; above 1 the ramp starts steep and ends flat.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> curve = Polynomial(0.4, steps=4)
        >>> [curve(t) for t in range(5)]
        [0.4, 0.225, 0.1, 0.025, 0.0]

    Reference:
        `mxnet.lr_scheduler.PolyScheduler` (whose count makes it arrive one update earlier),
        `torch.optim.lr_scheduler.PolynomialLR`, `optax.polynomial_schedule`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    power: Positive = 2.0

    def _formulas(self) -> Pieces:
        if self.base_lr > self.final_lr:
            return (piece(self._falling),)
        return piece(self._rising_early), piece(self._rising_late, self.steps / 2)

    def _falling(self, clock: Clock) -> Operand:
        left = clock.left(self.steps)
        if self.power == 1:
            weight = left / self.steps
        elif self.power == 2:
            weight = square(left / self.steps)
        else:
            # Powers first, then the ratio: (left / steps) ** power would multiply the rounding of the ratio by `power`.
            # Scaling by a power of two costs no digit and keeps both within the float range.
            unit = math.ldexp(1.0, -math.frexp(self.steps)[1])
            weight = (left * unit) ** self.power / (self.steps * unit) ** self.power
        return between(self.final_lr, self.base_lr, weight)

    # Rising, the weight of the final value is 1 - (1 - t/T)^p. Near either end one of the two logarithms keeps the
    # digits that the other loses, hence two pieces.
    def _rising_early(self, clock: Clock) -> Operand:
        return self._risen(log1p(clock.elapsed / -self.steps))

    def _rising_late(self, clock: Clock) -> Operand:
        return self._risen(log(clock.left(self.steps) / self.steps))

    def _risen(self, log_left: Expr) -> Operand:
        return between(self.base_lr, self.final_lr, expm1(log_left * self.power) * -1.0)
