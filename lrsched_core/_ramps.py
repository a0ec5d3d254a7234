r"""Ramps: from one value to another in a given time, then constant.

Each shape is a weight that runs from 1 to 0. Which end it weighs is chosen so that both ends come out exactly and no
digit is lost between them: the weight belongs to the *larger* value, and is computed from the end where it vanishes
(`left` when falling, `elapsed` when rising).
"""

import math
from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass

from lrsched_core._check import Duration, Positive, Rate
from lrsched_core._formula import Clock, Expr, Operand, between, expm1, log, log1p, sin, square
from lrsched_core._inspection import Times
from lrsched_core._pieces import Pieces, hold, piece
from lrsched_core._schedule import Schedule
from lrsched_core._time import exact


class Ramp(Schedule):
    """From `base_lr` at `t = 0` to `final_lr` at `t = steps`, which it holds."""

    __slots__ = ()

    base_lr: float
    final_lr: float
    steps: float

    @abstractmethod
    def _formulas(self) -> Pieces:
        """The ramp itself."""

    def _pieces(self) -> Pieces:
        if self.base_lr == self.final_lr:
            return (hold(self.base_lr),)
        return (*self._formulas(), hold(self.final_lr, self.steps))

    def _times(self) -> Times:
        yield exact(self.steps)

    def _why(self, t: float) -> str:
        return f"{t!r} of {self.steps!r} steps" if t < self.steps else f"past its end at {self.steps!r}"


class SymmetricRamp(Ramp):
    """A ramp that looks the same backwards: one weight serves both directions."""

    __slots__ = ()

    @abstractmethod
    def _weight(self, time: Expr) -> Expr:
        """Runs from 0 at `time = 0` to 1 at `time = steps`."""

    def _formulas(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        if self.base_lr > self.final_lr:
            return between(self.final_lr, self.base_lr, self._weight(clock.left(self.steps)))
        return between(self.base_lr, self.final_lr, self._weight(clock.elapsed))


@dataclass(frozen=True, slots=True, repr=False)
class Linear(SymmetricRamp):
    r"""A straight line, then constant: the plain decay, and the plain warmup.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,(1 - t / T), \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value for every `t >= steps`; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> line = Linear(0.4, steps=4)
        >>> [line(t) for t in range(6)]
        [0.4, 0.30000000000000004, 0.2, 0.1, 0.0, 0.0]

    Reference:
        `torch.optim.lr_scheduler.LinearLR`, `optax.linear_schedule`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration

    def _weight(self, time: Expr) -> Expr:
        return time / self.steps


@dataclass(frozen=True, slots=True, repr=False)
class Cosine(SymmetricRamp):
    r"""Half a cosine wave, then constant.

    $$\eta(t) = \eta_1 + \tfrac12 (\eta_0 - \eta_1)\,(1 + \cos(\pi t / T)), \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    computed as $\eta_1 + (\eta_0 - \eta_1) \sin^2(\pi (T - t) / 2T)$, which keeps its digits where $1 + \cos$ cancels.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value for every `t >= steps`; above or below `base_lr`.
        steps: $T$, how long the wave takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> wave = Cosine(0.3, 0.1, steps=20)
        >>> wave(0), round(wave(10), 12), wave(20), wave(10**12)
        (0.3, 0.2, 0.1, 0.1)

    Reference:
        Loshchilov & Hutter, SGDR, ICLR 2017, arXiv:1608.03983, equation 5, without restarts. Unlike torch's
        `CosineAnnealingLR` it does not rise again after the end.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration

    def _weight(self, time: Expr) -> Expr:
        return square(sin(time * (math.pi / 2 / self.steps)))


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


@dataclass(frozen=True, slots=True, repr=False)
class Geometric(Ramp):
    r"""Equal ratios in equal times, then constant: a straight line on a logarithmic axis.

    $$\eta(t) = \eta_0 \, (\eta_1 / \eta_0)^{t / T}, \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`, > 0.
        final_lr: $\eta_1$, the value for every `t >= steps`, > 0.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.

    Example:
        >>> ramp = Geometric(1e-4, 1.0, steps=4)
        >>> [ramp(t) for t in range(6)]
        [0.0001, 0.001, 0.01, 0.1, 1.0, 1.0]

    Reference:
        The range test of Smith, Cyclical Learning Rates, arXiv:1506.01186, in its usual exponential form; fastai's
        `SchedExp`.
    """

    base_lr: Positive
    final_lr: Positive
    _: KW_ONLY
    steps: Duration

    # Each half counts from its own end: the rounding of an exponent grows with it, and both ends come out exactly.
    def _formulas(self) -> Pieces:
        return piece(self._early), piece(self._late, self.steps / 2)

    def _early(self, clock: Clock) -> Operand:
        return self.base_lr * (self.final_lr / self.base_lr) ** (clock.elapsed / self.steps)

    def _late(self, clock: Clock) -> Operand:
        return self.final_lr * (self.base_lr / self.final_lr) ** (clock.left(self.steps) / self.steps)
