"""The rectification of Adam's adaptive rate."""

import math
from dataclasses import KW_ONLY
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, Operand, at_least, at_most, expm1, sqrt, square
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._value.checks import Rate, Says, positive
from lrsched_core._value.schedule import Schedule

# Its formulas are as long as this many others.
_LONG = 8


def _beta2(name: str, value: Any) -> float:
    number = positive(name, value)
    if not 0.6 < number < 1:
        raise refuse(ValueError, name, "above 0.6 and below 1", value)
    return number


class RAdam(Schedule):
    r"""The warmup of rectified Adam: 0 for the first few updates, then growth towards `base_lr`.

    $$\eta(t) = \eta_0 \sqrt{\frac{(\rho_n - 4)(\rho_n - 2)\,\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\,\rho_n}}
    \text{ where } \rho_n > 4, \text{ else } 0; \qquad n = t + 1$$

    $$\rho_n = \rho_\infty - \frac{2 n \beta_2^n}{1 - \beta_2^n}, \quad \rho_\infty = \frac{2}{1 - \beta_2} - 1$$

    Multiply a schedule by it, as a warmup for Adam. Where $\rho_n$ is barely above 4, the difference loses digits: the
    relative error is up to 1e-13 in float64 and 1e-5 in float32.

    Args:
        base_lr: $\eta_0$, the value that it approaches; for a factor, 1.
        beta2: $\beta_2$ of Adam, above 0.6 (where $\rho_\infty = 4$) and below 1.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> warmup = RAdam()
        >>> [round(warmup(t), 6) for t in (3, 4, 5, 100, 10_000)]
        [0.0, 0.017312, 0.025821, 0.216458, 0.999774]

    Reference:
        Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, arXiv:1908.03265, algorithm 2.
        pytorch-warmup's `RAdamWarmup` leaves out the updates whose factor is 0; with the default `beta2` it is
        `RAdam().advance(4)`.
    """

    base_lr: Rate = 1.0
    _: KW_ONLY
    beta2: Annotated[float, _beta2, Says(exclusiveMinimum=0.6, exclusiveMaximum=1)] = 0.999

    def _most_pieces(self) -> int:
        return 2 * (1 + _LONG)

    def _pieces(self) -> Pieces:
        return piece(self._early, weight=_LONG), piece(self._late, max(2 / self._decay() - 1, 0.0), _LONG)

    def _decay(self) -> float:
        """a, where beta2^n = e^(-a n)."""
        return -math.log1p(self.beta2 - 1)

    # rho_n = n - (2/a) (f(a n / 2) - f(a / 2)) with f(x) = x coth x - 1. The definition is the difference of two
    # numbers that are, at first, nearly equal.
    def _early(self, clock: Clock) -> Operand:
        half = self._decay() / 2
        grown = _coth_excess((clock.elapsed + 1) * half) - _coth_excess(half)
        return self._rectified((clock.elapsed - 3) - grown / half)

    def _late(self, clock: Clock) -> Operand:
        decay = self._decay()
        # Beyond 80 the exponential is too large for float32, and what it divides is too small to be seen.
        x = at_most((clock.elapsed + 1) * decay, 80.0)
        return self._rectified((5 * self.beta2 - 3) / (1 - self.beta2) - x / expm1(x) * (2 / decay))

    def _rectified(self, excess: Expr) -> Operand:
        """The value where rho_n is 4 + excess."""
        above = at_least(excess, 0.0)
        limit = (5 * self.beta2 - 3) / (1 - self.beta2)
        share = above * (above + 2) / (above + 4)
        return sqrt(share / (limit * (limit + 2) / (limit + 4))) * self.base_lr


def _coth_excess(x: Any) -> Any:
    """By how much x coth x exceeds 1, for numbers and symbols up to 1: Lambert's continued fraction cancels nothing."""
    squared = square(x)
    denominator: Any = 21.0
    for k in range(19, 1, -2):
        denominator = squared / denominator + k
    return squared / denominator
