"""Powers of half a cosine wave."""

import math
from collections.abc import Callable
from dataclasses import KW_ONLY
from functools import partial

from lrsched_core._catalogue.ramps.powers import complements, late_complements, share_to_power
from lrsched_core._catalogue.ramps.ramp import WeighedRamp, Weights
from lrsched_core._evaluation.formula import Clock, Expr, expm1, log, log1p, sin, square
from lrsched_core._value.checks import Duration, Positive, Rate


class CosinePower(WeighedRamp):
    r"""A power of half a cosine wave, over a power of time, then constant.

    $$\eta(t) = \eta_1 + (\eta_0 - \eta_1)\,\bigl(\tfrac12 (1 + \cos(\pi (t / T)^k))\bigr)^p, \quad 0 \le t < T;
    \qquad \eta(t) = \eta_1, \quad t \ge T$$

    computed as $\sin^{2p}(\pi (1 - (t/T)^k) / 2)$, which keeps its digits where $1 + \cos$ cancels.

    Args:
        base_lr: $\eta_0$, the value at `t = 0`.
        final_lr: $\eta_1$, the value from `t = steps` on; above or below `base_lr`.
        steps: $T$, how long the wave takes, > 0.
        power: $p$, > 0. Above 1 the ramp falls earlier. It multiplies the rounding of a sine: at 2.5, the relative
            error is at most 2e-15 in float64 and 1e-6 in float32.
        time_power: $k$ of k-decay, > 0. Above 1 the ramp falls later.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> wave = CosinePower(0.4, steps=4, power=2)
        >>> [round(wave(t), 12) for t in range(5)]
        [0.4, 0.291421356237, 0.1, 0.008578643763, 0.0]

    Reference:
        `power` is the exponent of `optax.cosine_decay_schedule`. `time_power`: Zhang & Li, k-decay, arXiv:2004.05909;
        `k_decay` of timm's `CosineLRScheduler`.
    """

    base_lr: Rate
    final_lr: Rate = 0.0
    _: KW_ONLY
    steps: Duration
    power: Positive = 1.0
    time_power: Positive = 1.0

    def _falling(self) -> Weights:
        return [
            (start, partial(self._sine_to_power, share)) for start, share in complements(self.steps, self.time_power)
        ]

    def _sine_to_power(self, share: Callable[[Clock], Expr], clock: Clock) -> Expr:
        sine = sin(share(clock) * (math.pi / 2))
        return square(sine) if self.power == 1 else sine ** (2 * self.power)

    def _rising(self) -> Weights:
        if self.power == 1:
            return [(0, self._sine_squared)]
        # As in `complements`: up to one half of the wave, the one logarithm keeps its digits, then the other.
        late = late_complements(self.steps, self.time_power)
        return [
            (0, lambda clock: expm1(log1p(self._sine_squared(clock) * -1.0) * self.power) * -1.0),
            *[(start, partial(self._risen_late, share)) for start, share in late],
        ]

    def _sine_squared(self, clock: Clock) -> Expr:
        return square(sin(share_to_power(clock.elapsed, self.steps, self.time_power) * (math.pi / 2)))

    def _risen_late(self, share: Callable[[Clock], Expr], clock: Clock) -> Expr:
        return expm1(log(sin(share(clock) * (math.pi / 2))) * (2 * self.power)) * -1.0
