"""Negative powers of time."""

import math
from dataclasses import KW_ONLY

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Operand, pinned, sqrt
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._value.checks import Duration, Positive, Rate
from lrsched_core._value.schedule import Schedule


class SquareRoot(Schedule):
    r"""Decay with the inverse square root of time, for ever.

    $$\eta(t) = \eta_0 \, (t + 1)^{-1/2}$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.

    Raises:
        ValueError: If `base_lr` is negative or not finite.
        TypeError: If `base_lr` is not a number.

    Example:
        >>> SquareRoot(0.1)(99)
        0.01

    Reference:
        Zhang et al., Dive into Deep Learning, section 12.11, `SquareRootScheduler`. In convergence theory for convex
        problems: Zinkevich, Online Convex Programming, ICML 2003, theorem 1.
    """

    base_lr: Rate

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return self.base_lr / sqrt(clock.elapsed + 1)


class InverseTime(Schedule):
    r"""Decay with the inverse of time, for ever.

    $$\eta(t) = \frac{\eta_0}{1 + k\,t / s}$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        rate: $k$, by how much the denominator grows in each `every`, > 0.
        every: $s$, the unit of time of `rate`, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> decay = InverseTime(0.6, 0.5, every=2)
        >>> [round(decay(t), 12) for t in (0, 2, 4, 8)]
        [0.6, 0.4, 0.3, 0.2]

    Reference:
        `keras.optimizers.schedules.InverseTimeDecay`; `paddle.optimizer.lr.InverseTimeDecay`. The step sizes of
        Robbins & Monro, A Stochastic Approximation Method, 1951.
    """

    base_lr: Rate
    rate: Positive
    _: KW_ONLY
    every: Duration = 1

    def _check_together(self) -> None:
        if self.rate / self.every == math.inf:
            raise refuse(ValueError, "rate", "small enough for `rate / every` to be within the float range", self.rate)

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return self.base_lr / (clock.elapsed * (self.rate / self.every) + 1)


class PowerDecay(Schedule):
    r"""Decay with a negative power of time, for ever.

    $$\eta(t) = \eta_0 \, (1 + t / \tau)^{-p}$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        power: $p$, > 0. 0.5 with `timescale=1` is `SquareRoot`. A great power multiplies a rounding, in float64 that of
            a fractional time: at 40, the relative error is at most 5e-15 in float64 and 5e-6 in float32.
        timescale: $\tau$, the time at which the value is $2^{-p}$ times `base_lr`, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> decay = PowerDecay(0.6, timescale=100)
        >>> [round(decay(t), 12) for t in (0, 300, 800)]
        [0.6, 0.3, 0.2]

    Reference:
        The inverse square root of Vaswani et al., Attention Is All You Need, arXiv:1706.03762, section 5.3: after $W$
        steps of warmup, `PowerDecay(peak, timescale=W)`. `rsqrt` in big_vision, `inverse_sqrt` in transformers and
        fairseq.
    """

    base_lr: Rate
    power: Positive = 0.5
    _: KW_ONLY
    timescale: Duration = 1

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return pinned(self._decayed(clock), clock, self.base_lr)

    def _decayed(self, clock: Clock) -> Operand:
        if self.power == 0.5:
            return self.base_lr / sqrt((clock.elapsed + self.timescale) / self.timescale)
        if self.power == 1:
            return self.base_lr / ((clock.elapsed + self.timescale) / self.timescale)
        # Powers first, then the ratio, as in `ramps.powers`; negative, so that they fade to 0.
        unit = math.ldexp(1.0, -math.frexp(self.timescale)[1])
        whole = math.pow(self.timescale * unit, self.power)
        if whole < 1e-290:
            return ((clock.elapsed + self.timescale) / self.timescale) ** -self.power * self.base_lr
        return ((clock.elapsed + self.timescale) * unit) ** -self.power * whole * self.base_lr
