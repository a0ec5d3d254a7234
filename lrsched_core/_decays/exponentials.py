"""Exponentials of time."""

from dataclasses import KW_ONLY

from lrsched_core._check import Duration, Positive, Rate
from lrsched_core._formula import Clock, Operand, expm1, power_of_share, within_float_range
from lrsched_core._pieces import Pieces, piece
from lrsched_core._schedule import Schedule


class Exponential(Schedule):
    r"""Multiplies by `factor` in every `every` steps, smoothly, for ever.

    $$\eta(t) = \eta_0 \, \gamma^{t / s}$$

    `Factor` is the same in steps.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        factor: $\gamma$, > 0. Above 1 the schedule grows, and raises where it leaves the float range.
        every: $s$, > 0: the time after which it has been multiplied by `factor`.

    Raises:
        ValueError: If an argument is out of its range.
        OverflowError: When asked for a `t` at which a growth has left the float range.

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
        lr = self.base_lr * power_of_share(self.factor, clock.elapsed, self.every)
        return within_float_range(lr) if self.factor > 1 else lr


class Saturating(Schedule):
    r"""Grows from 0, ever more slowly, towards `base_lr`.

    $$\eta(t) = \eta_0 \, (1 - e^{-t / \tau})$$

    Meant to be multiplied by a schedule, as a warmup that dampens its beginning and has no end of its own.

    Args:
        base_lr: $\eta_0$, what it approaches; as a factor, 1.
        timescale: $\tau$, > 0: the time after which $1/e$ of `base_lr` is missing.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> warmup = Saturating(timescale=1000)
        >>> [round(warmup(t), 6) for t in (0, 1, 1000, 10_000)]
        [0.0, 0.001, 0.632121, 0.999955]

    Reference:
        Ma & Yarats, On the adequacy of untuned warmup for adaptive optimization, arXiv:1910.04209, equation 8;
        pytorch-warmup's `ExponentialWarmup`, which is one step ahead.
    """

    base_lr: Rate = 1.0
    _: KW_ONLY
    timescale: Duration

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return expm1(clock.elapsed / -self.timescale) * -self.base_lr
