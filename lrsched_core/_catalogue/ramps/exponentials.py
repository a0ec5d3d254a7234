"""Exponentials: equal ratios in equal times, plain, or lowered to end at any value."""

import math
from dataclasses import KW_ONLY
from typing import Annotated, Any

from lrsched_core._catalogue.ramps.ramp import Ramp, WeighedRamp, Weights
from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, Operand, expm1, power_of_share
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._evaluation.times import Exact, exact
from lrsched_core._value.checks import Duration, Positive, Rate, Says, positive


def towards(near: float, far: float, way: Expr, length: float | Exact) -> Expr:
    """`near * (far / near) ** (way / length)`: equal ratios in equal parts of the way."""
    from fractions import Fraction  # as in `times`: most schedules do not need it

    # The ratio of half the way, because that of the whole way may leave the float range.
    root = math.sqrt(far) / math.sqrt(near)
    rest = (Fraction(far) / Fraction(near) / Fraction(root) ** 2 - 1) / 2
    return near * power_of_share(root, way, Fraction(length) / 2, float(rest))


class Geometric(Ramp):
    r"""Equal ratios in equal times, then constant: a straight line on a logarithmic axis.

    $$\eta(t) = \eta_0 \, (\eta_1 / \eta_0)^{t / T}, \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`, > 0.
        final_lr: $\eta_1$, the value from `t = steps` on, > 0; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> ramp = Geometric(1e-4, 1.0, steps=4)
        >>> [ramp(t) for t in range(6)]
        [0.0001, 0.001, 0.01, 0.1, 1.0, 1.0]

    Reference:
        The range test of Smith, Cyclical Learning Rates, arXiv:1506.01186, in its usual exponential form; fastai's
        `SchedExp`. Its shape is called `"exponential"`.
    """

    base_lr: Positive
    final_lr: Positive
    _: KW_ONLY
    steps: Duration

    # Each half counts from its own end, so that both come out exactly.
    def _formulas(self) -> Pieces:
        return piece(self._early), piece(self._late, self.steps / 2)

    def _early(self, clock: Clock) -> Operand:
        return towards(self.base_lr, self.final_lr, clock.elapsed, exact(self.steps))

    def _late(self, clock: Clock) -> Operand:
        return towards(self.final_lr, self.base_lr, clock.left(self.steps), exact(self.steps))


def _ratio(name: str, value: Any) -> float:
    number = positive(name, value)
    if number >= 1:
        raise refuse(ValueError, name, "< 1", value)
    return number


class NormalizedExponential(WeighedRamp):
    r"""An exponential decay, lowered and stretched to end at the final value, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\frac{r^{t/T} - r}{1 - r}, \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    It is $1/r$ times as steep at its beginning as at its end. `final_lr` may be 0.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.
        ratio: $r$, > 0 and < 1. Close to 1 the ramp is nearly a straight line; close to 0 it falls at once.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> tail = NormalizedExponential(0.4, steps=2, ratio=0.25)
        >>> [round(tail(t), 15) for t in range(4)]
        [0.4, 0.133333333333333, 0.0, 0.0]

    Reference:
        The `exp` tail of timm's `WSDLRScheduler`. With $r = 1/2$ it is $2 \cdot 2^{-t/T} - 1$, the exponential tail of
        Megatron-LM's `OptimizerParamScheduler`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    ratio: Annotated[float, _ratio, Says(exclusiveMinimum=0, exclusiveMaximum=1)] = 0.5

    def _falling(self) -> Weights:
        decay = -math.log(self.ratio)
        if decay <= 1:
            return [(0, lambda clock: self._grown(clock) / math.expm1(decay))]
        # While the exponent that is left is at most 1, the difference would cancel; before that, `expm1` would multiply
        # the rounding of its exponent.
        return [
            (0, lambda clock: (self._power(clock) - self.ratio) / (1 - self.ratio)),
            (self.steps * (1 - 1 / decay), lambda clock: self._grown(clock) * (self.ratio / (1 - self.ratio))),
        ]

    def _power(self, clock: Clock) -> Expr:
        """r^(t/T)."""
        return power_of_share(self.ratio, clock.elapsed, exact(self.steps))

    def _grown(self, clock: Clock) -> Expr:
        """r^(t/T) / r - 1."""
        return expm1(clock.left(self.steps) / self.steps * -math.log(self.ratio))

    def _rising(self) -> Weights:
        return [(0, lambda clock: expm1(clock.elapsed / self.steps * math.log(self.ratio)) / (self.ratio - 1))]
