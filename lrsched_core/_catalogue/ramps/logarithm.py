"""The logarithm of time."""

import math
from dataclasses import KW_ONLY

from lrsched_core._catalogue.ramps.ramp import WeighedRamp, Weights
from lrsched_core._evaluation.formula import log1p
from lrsched_core._value.checks import Duration, Rate


class Logarithmic(WeighedRamp):
    r"""The logarithm of time, then constant.

    $$\eta(t) = \eta_0 + (\eta_1 - \eta_0)\,\frac{\log(1 + t)}{\log(1 + T)}, \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Unlike that of the other ramps, its shape depends on the unit of time.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> warmup = Logarithmic(0.0, 0.3, steps=7)
        >>> [round(warmup(t), 12) for t in (0, 1, 3, 7, 8)]
        [0.0, 0.1, 0.2, 0.3, 0.3]

    Reference:
        DeepSpeed's `WarmupLR` with `warmup_type="log"`, which divides by $\log T$ and so arrives one update earlier.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration

    # log(1 + T) - log(1 + t) would cancel before the end.
    def _falling(self) -> Weights:
        return [(0, lambda clock: log1p(clock.left(self.steps) / (clock.elapsed + 1)) / math.log1p(self.steps))]

    def _rising(self) -> Weights:
        return [(0, lambda clock: log1p(clock.elapsed) / math.log1p(self.steps))]
