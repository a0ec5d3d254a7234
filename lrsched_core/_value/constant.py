"""The constant: what a number becomes where a schedule is expected."""

from lrsched_core._evaluation.pieces import Pieces, hold
from lrsched_core._value.checks import Rate
from lrsched_core._value.schedule import Schedule


class Constant(Schedule):
    r"""The same value for ever.

    $$\eta(t) = \eta_0$$

    Args:
        lr: $\eta_0$, finite and >= 0.

    Raises:
        ValueError: If `lr` is negative or not finite.
        TypeError: If `lr` is not a number.

    Example:
        >>> Constant(0.1)(1_000_000)
        0.1
    """

    lr: Rate

    def _pieces(self) -> Pieces:
        return (hold(self.lr),)
