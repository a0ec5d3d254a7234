"""Exponentials of time."""

from dataclasses import KW_ONLY

from lrsched_core._evaluation.formula import Clock, Operand, expm1, power_of_share, within_float_range
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._evaluation.times import exact
from lrsched_core._value.checks import Duration, Positive, Rate
from lrsched_core._value.schedule import Schedule


class Exponential(Schedule):
    r"""Exponential decay: times `factor` in each `every` steps, smoothly, for ever.

    $$\eta(t) = \eta_0 \, \gamma^{t / s}$$

    `Factor` has the same values at the multiples of `every`, and is constant in between.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        factor: $\gamma$, > 0. Above 1 the schedule grows.
        every: $s$, the time in which it is multiplied by `factor`, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.
        OverflowError: When asked for a `t` at which growth has left the float range.

    Example:
        >>> decay = Exponential(1.0, 0.25, every=10)
        >>> [decay(t) for t in (0, 5, 10, 15, 20)]
        [1.0, 0.5, 0.25, 0.125, 0.0625]

    Reference:
        `keras.optimizers.schedules.ExponentialDecay` and `optax.exponential_decay`, both without `staircase`;
        `torch.optim.lr_scheduler.ExponentialLR`, which has `every=1`.
    """

    base_lr: Rate
    factor: Positive
    _: KW_ONLY
    every: Duration = 1

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        if self.factor == 1:
            return self.base_lr
        if not self.base_lr:
            return 0.0
        every = exact(self.every)
        if self.base_lr >= 1 if self.factor > 1 else self.base_lr <= 1e10:
            lr = self.base_lr * power_of_share(self.factor, clock.elapsed, every)
        else:
            # The power may leave the float range before the product does: it is multiplied in thirds.
            third = power_of_share(self.factor, clock.elapsed, 3 * every)
            lr = self.base_lr * third * third * third
        return within_float_range(lr) if self.factor > 1 else lr


class Saturating(Schedule):
    r"""Growth from 0, ever more slowly, towards `base_lr`.

    $$\eta(t) = \eta_0 \, (1 - e^{-t / \tau})$$

    Multiply a schedule by it: it is a warmup that dampens the beginning and has no end of its own.

    Args:
        base_lr: $\eta_0$, the value that it approaches; for a factor, 1.
        timescale: $\tau$, the time after which $1/e$ of `base_lr` is still missing, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> warmup = Saturating(timescale=1000)
        >>> [round(warmup(t), 6) for t in (0, 1, 1000, 10_000)]
        [0.0, 0.001, 0.632121, 0.999955]

    Reference:
        Ma & Yarats, On the Adequacy of Untuned Warmup for Adaptive Optimization, arXiv:1910.04209, exponential warmup;
        pytorch-warmup's `ExponentialWarmup`, which is one step ahead.
    """

    base_lr: Rate = 1.0
    _: KW_ONLY
    timescale: Duration

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return expm1(clock.elapsed / -self.timescale) * -self.base_lr
