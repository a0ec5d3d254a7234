"""The straight line."""

from dataclasses import KW_ONLY

from lrsched_core._catalogue.ramps.ramp import SymmetricRamp
from lrsched_core._evaluation.formula import Expr
from lrsched_core._value.checks import Duration, Rate


class Linear(SymmetricRamp):
    r"""A straight line, then constant: the plain decay or warmup.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,(1 - t / T), \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

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
