"""Powers of the time that is left or has elapsed."""

import math
from collections.abc import Callable
from dataclasses import KW_ONLY
from functools import partial

from lrsched_core._catalogue.ramps.ramp import WeighedRamp, Weights
from lrsched_core._evaluation.formula import Clock, Expr, expm1, log, log1p, sqrt, square
from lrsched_core._value.checks import Duration, Positive, Rate


def share_to_power(time: Expr, steps: float, power: float) -> Expr:
    """(time / steps) ** power."""
    if power == 1:
        return time / steps
    if power == 2:
        return square(time / steps)
    if power == 0.5:
        return sqrt(time / steps)
    # Powers first, then the ratio: (time / steps) ** power would multiply the rounding of the ratio by `power`.
    # Scaling by a power of two costs no digit and keeps both within the float range.
    unit = math.ldexp(1.0, -math.frexp(steps)[1])
    whole = math.pow(steps * unit, power)
    # A power above several hundred is 0 but for the last moments.
    return (time * unit) ** power / whole if whole > 1e-290 else (time / steps) ** power


def half_way(steps: float, power: float) -> float:
    """When (t / steps) ** power is one half."""
    return steps * math.pow(2.0, max(-1 / power, -1000.0))


def complements(steps: float, power: float) -> Weights:
    """1 - (t / steps) ** power, in pieces that keep its digits."""
    if power == 1:
        return [(0, lambda clock: clock.left(steps) / steps)]
    if power == 2:
        return [(0, lambda clock: clock.left(steps) / steps * (1.0 + clock.elapsed / steps))]
    if power == 0.5:
        return [(0, lambda clock: clock.left(steps) / steps / (1.0 + sqrt(clock.elapsed / steps)))]
    # Up to one half nothing cancels. Then logarithms keep the digits, each in the half where its argument is exact.
    half, middle = half_way(steps, power), steps / 2
    weights: Weights = [(0, lambda clock: 1.0 - share_to_power(clock.elapsed, steps, power))]
    if half < middle:
        weights.append((half, lambda clock: expm1(log(clock.elapsed / steps) * power) * -1.0))
    weights.append((max(half, middle), lambda clock: expm1(log1p(clock.left(steps) / -steps) * power) * -1.0))
    return weights


def late_complements(steps: float, power: float) -> Weights:
    """Those of the complements that hold from half way on."""
    half, weights = half_way(steps, power), complements(steps, power)
    stops = [*[start for start, _ in weights[1:]], steps]
    return [(max(start, half), weight) for (start, weight), stop in zip(weights, stops, strict=True) if stop > half]


class Polynomial(WeighedRamp):
    r"""A power of the time that is left, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\bigl(1 - (t / T)^k\bigr)^p, \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.
        power: $p$, > 0. 1 is a straight line; above 1 the ramp starts steep and ends flat. A great power multiplies the
            rounding of a fractional time, and in float32 that of a long one: at 40, the relative error is at most 5e-15
            in float64 and 5e-6 in float32.
        time_power: $k$ of k-decay, > 0. Above 1 the ramp falls later. With it, the relative error in float64 is at most
            1e-15 times `power`, or 1e-15 if that is below 1.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> curve = Polynomial(0.4, steps=4)
        >>> [curve(t) for t in range(5)]
        [0.4, 0.225, 0.1, 0.025, 0.0]

    Reference:
        `mxnet.lr_scheduler.PolyScheduler` (whose count makes it arrive one update earlier),
        `torch.optim.lr_scheduler.PolynomialLR`, `optax.polynomial_schedule`. `time_power`: Zhang & Li, k-decay,
        arXiv:2004.05909; `k_decay` of timm's `PolyLRScheduler`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    power: Positive = 2.0
    time_power: Positive = 1.0

    def _falling(self) -> Weights:
        if self.time_power == 1:
            return [(0, lambda clock: share_to_power(clock.left(self.steps), self.steps, self.power))]
        shares = complements(self.steps, self.time_power)
        return [(start, partial(self._to_power, share)) for start, share in shares]

    def _to_power(self, share: Callable[[Clock], Expr], clock: Clock) -> Expr:
        left = share(clock)
        return left if self.power == 1 else square(left) if self.power == 2 else left**self.power

    # The weight of the final value is 1 - (1 - t/T)^p. Near either end, one of the two logarithms keeps the digits that
    # the other loses: hence two pieces.
    def _rising(self) -> Weights:
        if self.time_power == 1:
            return [
                (0, lambda clock: self._risen(log1p(clock.elapsed / -self.steps))),
                (self.steps / 2, lambda clock: self._risen(log(clock.left(self.steps) / self.steps))),
            ]
        late = late_complements(self.steps, self.time_power)
        return [(0, self._risen_early), *[(start, partial(self._risen_late, share)) for start, share in late]]

    def _risen_early(self, clock: Clock) -> Expr:
        return self._risen(log1p(share_to_power(clock.elapsed, self.steps, self.time_power) * -1.0))

    def _risen_late(self, share: Callable[[Clock], Expr], clock: Clock) -> Expr:
        return self._risen(log(share(clock)))

    def _risen(self, log_left: Expr) -> Expr:
        return expm1(log_left * self.power) * -1.0


class Power(WeighedRamp):
    r"""A power of the time that has elapsed, then constant: by default a square root, steep at its beginning.

    $$\eta(t) = \eta_0 + (\eta_1 - \eta_0)\,(t / T)^p, \quad 0 \le t < T; \qquad \eta(t) = \eta_1, \quad t \ge T$$

    It is `Polynomial` in reverse: it begins as that ends.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the ramp takes, > 0.
        power: $p$, > 0. 1 is a straight line; below 1 the ramp starts steep and ends flat. In float32 a great power
            multiplies the rounding of a long time: at 40, the relative error is at most 5e-6.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> tail = Power(0.4, steps=4)
        >>> [round(tail(t), 15) for t in range(5)]
        [0.4, 0.2, 0.117157287525381, 0.053589838486225, 0.0]

    Reference:
        The "1-sqrt" cooldown of Hägele et al., Scaling Laws and Compute-Optimal Training Beyond Fixed Training
        Durations, arXiv:2405.18392; `minus_sqrt` in Megatron-LM. Its shape is called `"sqrt"`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    power: Positive = 0.5

    def _falling(self) -> Weights:
        return complements(self.steps, self.power)

    def _rising(self) -> Weights:
        return [(0, lambda clock: share_to_power(clock.elapsed, self.steps, self.power))]
