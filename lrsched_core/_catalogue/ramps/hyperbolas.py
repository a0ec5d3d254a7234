"""Branches of a hyperbola: ramps whose beginning hardly depends on their length."""

import math
from dataclasses import KW_ONLY

from lrsched_core._catalogue.ramps.exponentials import towards
from lrsched_core._catalogue.ramps.ramp import Ramp, WeighedRamp, Weights
from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, Operand, sqrt
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._value.checks import Duration, Positive, Rate


class _Hyperbola(Ramp):
    """The hyperbola that both share: the way that is left on it, and the way that is gone."""

    __slots__ = ()

    upper_bound: float

    def _check_together(self) -> None:
        if self.upper_bound < self.steps:
            raise refuse(ValueError, "upper_bound", f">= steps ({self.steps!r})", self.upper_bound)

    # Scaling by a power of two costs no digit and keeps the products within the float range.
    def _unit(self) -> float:
        return math.ldexp(1.0, -math.frexp(self.upper_bound)[1])

    def _excess(self) -> float:
        """2 (U - N), in units."""
        return 2 * ((self.upper_bound - self.steps) * self._unit())

    def _start(self) -> float:
        """The hyperbola at t = 0."""
        steps = self.steps * self._unit()
        return math.sqrt(steps * (steps + self._excess()))

    def _way_left(self, clock: Clock) -> Expr:
        """The hyperbola: from `_start` to 0."""
        left = clock.left(self.steps) * self._unit()
        return sqrt(left * (left + self._excess()))

    def _way_gone(self, clock: Clock) -> Expr:
        """From 0 to `_start`: a - b as (a^2 - b^2) / (a + b), which does not cancel."""
        unit = self._unit()
        left, elapsed = clock.left(self.steps) * unit, clock.elapsed * unit
        return elapsed * (left + (self._excess() + self.steps * unit)) / (self._way_left(clock) + self._start())


class Hyperbolic(_Hyperbola, WeighedRamp):
    r"""A branch of a hyperbola, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\frac{h(t)}{h(0)}, \quad
    h(t) = \sqrt{\frac{N - t}{U}\Bigl(2 - \frac{N + t}{U}\Bigr)}, \quad 0 \le t < N;
    \qquad \eta(t) = \eta_1, \quad t \ge N$$

    With `upper_bound == steps` it is a straight line; the greater `upper_bound`, the closer it is to $\sqrt{1 - t/N}$.

    The paper's curve $\eta_0 + (\eta_0 - \eta_\infty)(h(t) - h(0))$ is this one with
    $\eta_1 = \eta_0 - (\eta_0 - \eta_\infty)\,h(0)$ as `final_lr`.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $N$, how long the ramp takes, > 0.
        upper_bound: $U$, >= `steps`. The paper's curves with the same $U$ begin alike, whatever their length.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> curve = Hyperbolic(0.3, steps=4, upper_bound=6)
        >>> [round(curve(t), 6) for t in range(6)]
        [0.3, 0.243028, 0.183712, 0.118585, 0.0, 0.0]

    Reference:
        Kim, HyperbolicLR: Epoch insensitive learning rate scheduler, arXiv:2407.15200, `HyperbolicLR`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    upper_bound: Duration

    def _falling(self) -> Weights:
        return [(0, lambda clock: self._way_left(clock) / self._start())]

    def _rising(self) -> Weights:
        return [(0, lambda clock: self._way_gone(clock) / self._start())]


class ExponentialHyperbolic(_Hyperbola):
    r"""A branch of a hyperbola on a logarithmic axis, then constant.

    $$\eta(t) = \eta_1 \, (\eta_0 / \eta_1)^{h(t) / h(0)}, \quad
    h(t) = \sqrt{\frac{N - t}{U}\Bigl(2 - \frac{N + t}{U}\Bigr)}, \quad 0 \le t < N;
    \qquad \eta(t) = \eta_1, \quad t \ge N$$

    The paper's curve $\eta_0\,(\eta_0 / \eta_\infty)^{h(t) - h(0)}$ is this one with
    $\eta_1 = \eta_0\,(\eta_\infty / \eta_0)^{h(0)}$ as `final_lr`.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`, > 0.
        final_lr: $\eta_1$, the value from `t = steps` on, > 0; above or below `base_lr`.
        steps: $N$, how long the ramp takes, > 0.
        upper_bound: $U$, >= `steps`; see `Hyperbolic`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> curve = ExponentialHyperbolic(1.0, 0.01, steps=4, upper_bound=4)
        >>> [round(curve(t), 6) for t in range(6)]
        [1.0, 0.316228, 0.1, 0.031623, 0.01, 0.01]

    Reference:
        Kim, HyperbolicLR: Epoch insensitive learning rate scheduler, arXiv:2407.15200, `ExpHyperbolicLR`.
    """

    base_lr: Positive
    final_lr: Positive
    _: KW_ONLY
    steps: Duration
    upper_bound: Duration

    # Two halves, as in `Geometric`. The way that is left has fewer roundings than the way that is gone, and serves for
    # three quarters of it.
    def _formulas(self) -> Pieces:
        way, excess = 0.75 * self._start(), self._excess()
        left = 2 * way * (way / (excess + math.sqrt(excess * excess + 4 * way * way)))
        return piece(self._early), piece(self._late, self.steps - left / self._unit())

    def _early(self, clock: Clock) -> Operand:
        return towards(self.base_lr, self.final_lr, self._way_gone(clock), self._start())

    def _late(self, clock: Clock) -> Operand:
        return towards(self.final_lr, self.base_lr, self._way_left(clock), self._start())
