"""Ratios of straight lines."""

from dataclasses import KW_ONLY

from lrsched_core._catalogue.ramps.ramp import WeighedRamp, Weights
from lrsched_core._value.checks import Duration, Rate


class Rex(WeighedRamp):
    r"""A reflected exponential: flat at first, steep at its end, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\frac{1 - t/T}{1 - t/2T}, \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> curve = Rex(0.3, steps=4)
        >>> [round(curve(t), 12) for t in (0, 2, 4, 5)]
        [0.3, 0.2, 0.0, 0.0]

    Reference:
        Chen, Wolfe & Kyrillidis, REX: Revisiting Budgeted Training with an Improved Schedule, arXiv:2107.04197,
        section 4.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration

    def _falling(self) -> Weights:
        return [(0, lambda clock: clock.left(self.steps) / (clock.left(self.steps) + self.steps) * 2.0)]

    def _rising(self) -> Weights:
        return [(0, lambda clock: clock.elapsed / (clock.left(self.steps) + self.steps))]
