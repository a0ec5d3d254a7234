"""Decays without an end: they approach zero and never reach it."""

from dataclasses import dataclass

from lrsched_core._check import Rate
from lrsched_core._formula import Clock, Operand, sqrt
from lrsched_core._pieces import Pieces, piece
from lrsched_core._schedule import Schedule


@dataclass(frozen=True, slots=True, repr=False)
class SquareRoot(Schedule):
    r"""Falls with the inverse square root of time, for ever.

    $$\eta(t) = \eta_0 \, (t + 1)^{-1/2}$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.

    Raises:
        ValueError: If `base_lr` is negative or not finite.

    Example:
        >>> SquareRoot(0.1)(99)
        0.01

    Reference:
        Zhang et al., Dive into Deep Learning, section 12.11, `SquareRootScheduler`. The rate of convergence theory for
        convex problems: Zinkevich, Online Convex Programming, ICML 2003, theorem 1.
    """

    base_lr: Rate

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return self.base_lr / sqrt(clock.elapsed + 1)
