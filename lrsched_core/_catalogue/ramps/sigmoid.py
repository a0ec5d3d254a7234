"""A piece of the hyperbolic tangent."""

import math
from dataclasses import KW_ONLY
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from lrsched_core._catalogue.ramps.ramp import WeighedRamp, Weights
from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, expm1, power_of_share
from lrsched_core._evaluation.refusals import real
from lrsched_core._evaluation.times import exact
from lrsched_core._value.checks import Duration, Rate, Says

# If the ends are closer, the constants lose digits.
_CLOSEST = 1e-12


def _argument(name: str, value: Any) -> float:
    number = real(name, value)
    # Beyond these, the hyperbolic tangent is 1 or -1 to the last digit.
    if not -20 <= number <= 20:
        raise refuse(ValueError, name, "between -20 and 20", value)
    return float(number) + 0.0


class Tanh(WeighedRamp):
    r"""A piece of the hyperbolic tangent: flat, steep, flat again, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\frac{\tanh U - \tanh x}{\tanh U - \tanh L}, \quad
    x = L + (U - L)\,t/T, \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    The paper's $\tfrac12 (1 - \tanh x)$ begins a little below 1 and ends a little above 0; here it is normalised, and
    both ends are exact. The paper's curve between two rates $a$ and $b$ has $b + (a - b)\,\tfrac12 (1 - \tanh L)$ as
    `base_lr` and $b + (a - b)\,\tfrac12 (1 - \tanh U)$ as `final_lr`.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.
        lower: $L$, where the ramp begins on the hyperbolic tangent, between -20 and 20.
        upper: $U$, where it ends, between -20 and 20 and at least 1e-12 above `lower`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> curve = Tanh(0.4, steps=10)
        >>> [round(curve(t), 6) for t in (0, 4, 7, 9, 10)]
        [0.4, 0.399009, 0.199504, 0.006221, 0.0]

    Reference:
        Hsueh et al., Stochastic Gradient Descent with Hyperbolic-Tangent Decay on Classification, arXiv:1806.01593,
        equation 2; timm's `TanhLRScheduler`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    lower: Annotated[float, _argument, Says(minimum=-20, maximum=20)] = -7.0
    upper: Annotated[float, _argument, Says(minimum=-20, maximum=20)] = 3.0

    def _check_together(self) -> None:
        if self.upper - self.lower < _CLOSEST:
            raise refuse(ValueError, "upper", f"at least {_CLOSEST} above lower ({self.lower!r})", self.upper)

    # Each half counts from its own end, so that both come out exactly; nothing cancels.
    def _falling(self) -> Weights:
        # e^(-2 (U - L) (1 - t/T)) where the weight is one half.
        tail, base = math.exp(-2.0 * self.upper), math.exp(2.0 * (self.lower - self.upper))
        middle = (tail + 2 * base + tail * base) / (2 * tail + base + 1)
        start = self.steps * (1 - math.log(middle) / (2.0 * (self.lower - self.upper)))
        return [(0, lambda clock: 1.0 - self._risen(clock)), (start, self._fallen)]

    def _rising(self) -> Weights:
        return [(0, self._risen)]

    # With d = e^(-2 (U - L) t/T), b = e^(-2 (U - L)) and e = e^(2 L), the hyperbolic tangents make
    # (1 - d) / (e + d) of what that is for d = b, and d (1 - b/d) / (e + d) of what that is for d = 1.
    def _risen(self, clock: Clock) -> Expr:
        k = self._constants()
        decayed = power_of_share(k.base, clock.elapsed, exact(self.steps), k.rest)
        return expm1(clock.elapsed / self.steps * k.exponent) * k.risen_at_end / (decayed + k.offset)

    def _fallen(self, clock: Clock) -> Expr:
        k = self._constants()
        decayed = power_of_share(k.base, clock.elapsed, exact(self.steps), k.rest)
        left = expm1(clock.left(self.steps) / self.steps * k.exponent)
        return left * k.fallen_at_start * (decayed / (decayed + k.offset))  # float32 does not hold their product

    def _constants(self) -> "_Constants":
        return _constants(self.lower, self.upper)


class _Constants(NamedTuple):
    exponent: float
    base: float
    rest: float  # of the base, relative to it
    offset: float
    risen_at_end: float
    fallen_at_start: float


@lru_cache(maxsize=64)
def _constants(lower: float, upper: float) -> _Constants:
    from decimal import Decimal, localcontext  # only this needs it, and it takes time to load

    exponent = 2.0 * (lower - upper)
    with localcontext() as context:
        context.prec = 40
        b, e = Decimal(exponent).exp(), Decimal(2.0 * lower).exp()
        base = float(b)
        rest = float(b / Decimal(base) - 1)
        return _Constants(exponent, base, rest, float(e), float((e + b) / (b - 1)), float((e + 1) / (b - 1)))
