"""Half a cosine wave."""

import math
from dataclasses import KW_ONLY

from lrsched_core._catalogue.ramps.ramp import SymmetricRamp
from lrsched_core._evaluation.formula import Expr, sin, square
from lrsched_core._value.checks import Duration, Rate


class Cosine(SymmetricRamp):
    r"""Half a cosine wave, then constant.

    $$\eta(t) = \eta_1 + \tfrac12 (\eta_0 - \eta_1)\,(1 + \cos(\pi t / T)), \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    computed as $\eta_1 + (\eta_0 - \eta_1) \sin^2(\pi (T - t) / 2T)$, which keeps its digits where $1 + \cos$ cancels.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the wave takes, > 0.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

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
