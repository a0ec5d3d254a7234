"""Exponentials: equal ratios in equal times."""

from dataclasses import KW_ONLY, dataclass

from lrsched_core._check import Duration, Positive
from lrsched_core._formula import Clock, Operand
from lrsched_core._pieces import Pieces, piece
from lrsched_core._ramps.ramp import Ramp


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
