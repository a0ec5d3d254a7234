"""Schedules that go up and down: one cycle, endless cycles, restarts."""

import math
from collections.abc import Iterable

from lrsched_core._catalogue.decays.exponentials import Exponential
from lrsched_core._catalogue.ramps.linear import Linear
from lrsched_core._catalogue.steps import PiecewiseConstant
from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import divided, ends, without
from lrsched_core._value import checks
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import Duration, Moment, Positive, Rate, Share
from lrsched_core._value.constant import Constant
from lrsched_core._value.operators.sequence import Sequence
from lrsched_core._value.schedule import Schedule
from lrsched_core._value.shapes import Shape, check_ends, ramp


@checking
def one_cycle(
    base_lr: Rate,
    *,
    steps: Duration,
    warmup_share: Share = 0.3,
    start_divisor: Positive = 25.0,
    final_divisor: Positive = 1e4,
    phases: int = 2,
    shape: Shape = "cosine",
) -> Schedule:
    """One cycle: up to a peak and down again, to far below the start, for super-convergence.

    With two phases, the way down ends at the final value; with three, it first comes back to the start, as fast as it
    went up, and goes on to the final value from there.

    Args:
        base_lr: The peak, at `t = warmup_share * steps`.
        steps: How long the whole cycle takes, > 0.
        warmup_share: The share of `steps` that the way up takes, > 0 and < 1; with three phases, < 0.5.
        start_divisor: The ratio of the peak to the start, > 0.
        final_divisor: The ratio of the start to the final value, > 0.
        phases: 2 or 3.
        shape: A shape of `with_warmup`.

    Returns:
        A `Sequence` of two or three ramps.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = one_cycle(0.5, steps=10, start_divisor=5, final_divisor=10, shape="linear")
        >>> [round(lr(t), 3) for t in (0, 1, 2, 3, 10, 11)]
        [0.1, 0.233, 0.367, 0.5, 0.01, 0.01]

    Reference:
        Smith & Topin, Super-Convergence, arXiv:1708.07120, section 4; `torch.optim.lr_scheduler.OneCycleLR`, which ends
        one update earlier.
    """
    start = checks.rate("base_lr / start_divisor", base_lr / start_divisor)
    final = checks.rate("base_lr / start_divisor / final_divisor", start / final_divisor)
    if phases not in (2, 3):
        raise refuse(ValueError, "phases", "2 or 3", phases)
    turn, rest = divided(steps, checks.positive("warmup_share", warmup_share))
    if (phases - 1) * turn >= steps:
        raise refuse(ValueError, "warmup_share", f"< {1 / (phases - 1)!r}", warmup_share)
    rise = ramp(base_lr, final, steps=rest, shape=shape)
    if phases == 3:
        back = ramp(base_lr, start, steps=turn, shape=shape)
        rise = back.then(ramp(start, final, steps=without(rest, turn), shape=shape), at=turn)
    return ramp(start, base_lr, steps=turn, shape=shape).then(rise, at=turn)


@checking
def triangular(low_lr: Rate, base_lr: Rate, *, up: Duration, down: Duration | None = None) -> Schedule:
    """Triangles: straight up and straight down, for ever.

    Args:
        low_lr: The value at `t = 0`.
        base_lr: The peak, at `t = up`.
        up: How long the way up takes, > 0.
        down: How long the way down takes, > 0; as long as `up` if it is not given.

    Returns:
        Two `Linear` ramps, repeated.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = triangular(0.1, 0.5, up=2)
        >>> [round(lr(t), 3) for t in range(7)]
        [0.1, 0.3, 0.5, 0.3, 0.1, 0.3, 0.5]

    Reference:
        Smith, Cyclical Learning Rates, arXiv:1506.01186; `torch.optim.lr_scheduler.CyclicLR`.
    """
    fall = up if down is None else down
    cycle = Linear(low_lr, base_lr, steps=up).then(Linear(base_lr, low_lr, steps=fall), at=up)
    return cycle.repeat(up + fall)


@checking
def triangular2(low_lr: Rate, base_lr: Rate, *, up: Duration, down: Duration | None = None) -> Schedule:
    """Triangles above `low_lr`, each half as high as the one before.

    Args:
        low_lr: The value at `t = 0`, and between the triangles.
        base_lr: The first peak, at `t = up`; not below `low_lr`.
        up: How long the way up takes, > 0.
        down: How long the way down takes, > 0; as long as `up` if it is not given.

    Returns:
        `low_lr` plus triangles from 0, repeated with `decay=0.5`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = triangular2(0.1, 0.5, up=2)
        >>> [round(lr(t), 3) for t in range(11)]
        [0.1, 0.3, 0.5, 0.3, 0.1, 0.2, 0.3, 0.2, 0.1, 0.15, 0.2]

    Reference:
        Smith, Cyclical Learning Rates, arXiv:1506.01186, section 3.1.
    """
    return low_lr + _triangles(low_lr, base_lr, up, down, decay=0.5)


@checking
def exp_range(low_lr: Rate, base_lr: Rate, *, up: Duration, factor: Positive, down: Duration | None = None) -> Schedule:
    """Triangles above `low_lr`, under an exponential envelope.

    Args:
        low_lr: The value at `t = 0`, and between the triangles.
        base_lr: The first peak, before it is multiplied by the envelope; not below `low_lr`.
        up: How long the way up takes, > 0.
        factor: What the envelope is multiplied by in each step, > 0.
        down: How long the way down takes, > 0; as long as `up` if it is not given.

    Returns:
        `low_lr` plus triangles from 0 times `Exponential(1.0, factor)`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = exp_range(0.1, 0.5, up=2, factor=0.9)
        >>> [round(lr(t), 3) for t in range(5)]
        [0.1, 0.28, 0.424, 0.246, 0.1]

    Reference:
        Smith, Cyclical Learning Rates, arXiv:1506.01186, section 3.1.
    """
    return low_lr + _triangles(low_lr, base_lr, up, down, decay=1.0) * Exponential(1.0, factor)


def _triangles(low_lr: float, base_lr: float, up: float, down: float | None, *, decay: float) -> Schedule:
    if base_lr < low_lr:
        raise refuse(ValueError, "base_lr", f">= `low_lr`, which is {low_lr!r}", base_lr)
    height, fall = base_lr - low_lr, up if down is None else down
    cycle = Linear(0.0, height, steps=up).then(Linear(height, steps=fall), at=up)
    return cycle.repeat(up + fall, decay=decay)


@checking
def restarts(
    base_lr: Rate,
    final_lr: Rate = 0.0,
    *,
    steps: Duration,
    growth: float = 1,
    peak_decay: Positive = 1.0,
    floor_decay: Positive = 1.0,
    warmup: Moment = 0,
    shape: Shape = "cosine",
) -> Schedule:
    r"""Warm restarts, for ever: cycle $i$ is a ramp from $\eta_0\,p^i$ to $\eta_1\,f^i$ in $s\,g^i$ steps.

    Args:
        base_lr: $\eta_0$, the first peak.
        final_lr: $\eta_1$, the value at the end of the first cycle.
        steps: $s$, the length of the first cycle, > 0.
        growth: $g$, by which factor each cycle is longer than the one before: 1, or at least 1.01.
        peak_decay: $p$, by which factor each peak is higher than the one before, > 0.
        floor_decay: $f$, the same for the lower ends, > 0.
        warmup: The length of the linear warmup from 0 that the first cycle begins with, >= 0 and < `steps`; it grows
            with the cycles.
        shape: A shape of `with_warmup`. With `"constant"`, a cycle stays at its peak.

    Returns:
        A ramp, repeated; if peaks and floors decay differently, the sum of a ramp down to 0 and a ramp up from 0, each
        repeated.

    Raises:
        ValueError: If an argument is out of its range, or an exponential shape touches 0.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> restarts(0.3, steps=10, growth=2)
        Cosine(0.3, steps=10).repeat(10, growth=2)
        >>> lr = restarts(0.4, 0.1, steps=4, peak_decay=0.5, shape="linear")
        >>> [round(lr(t), 3) for t in range(9)]
        [0.4, 0.325, 0.25, 0.175, 0.2, 0.175, 0.15, 0.125, 0.1]

    Reference:
        Loshchilov & Hutter, SGDR, ICLR 2017, arXiv:1608.03983, section 3.
    """
    if warmup >= steps:
        raise refuse(ValueError, "warmup", f"< `steps`, which is {steps!r}", warmup)

    def cycles(high: float, low: float, decay: float) -> Schedule:
        cycle = ramp(high, low, steps=without(steps, warmup), shape=shape).with_warmup(warmup)
        return cycle.repeat(steps, growth=growth, decay=decay)

    if peak_decay == floor_decay or not final_lr:
        return cycles(base_lr, final_lr, peak_decay)
    return cycles(base_lr, 0.0, peak_decay) + cycles(0.0, final_lr, floor_decay)


@checking
def restarts_at(
    base_lr: Rate,
    final_lr: Rate = 0.0,
    *,
    periods: Iterable[Duration],
    weights: Iterable[Rate] | None = None,
    shape: Shape = "cosine",
) -> Schedule:
    """Warm restarts whose lengths and heights are given one by one.

    Args:
        base_lr: The peak of a cycle of weight 1.
        final_lr: The value at the end of each cycle, and after the last.
        periods: The lengths of the cycles, at least one, each > 0.
        weights: The factors of the peaks, >= 0, one for each cycle; all 1 if they are not given.
        shape: A shape of `with_warmup`.

    Returns:
        A `Sequence` of ramps.

    Raises:
        ValueError: If an argument is out of its range, there are not as many weights as periods, or an exponential
            shape touches 0.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = restarts_at(0.4, periods=(2, 4), weights=(1, 0.5), shape="linear")
        >>> [round(lr(t), 3) for t in range(8)]
        [0.4, 0.2, 0.2, 0.15, 0.1, 0.05, 0.0, 0.0]

    Reference:
        `mmengine.optim.CosineRestartLR`.
    """
    lengths = [*periods]
    if not lengths:
        raise refuse(ValueError, "periods", "at least one length", lengths)
    heights = [1.0] * len(lengths) if weights is None else [*weights]
    check_ends(shape, base_lr=base_lr, **{f"weights[{i}]": height for i, height in enumerate(heights)})
    if len(heights) != len(lengths):
        raise refuse(ValueError, "weights", f"as many as the {len(lengths)} periods", heights)
    peaks = [checks.rate(f"base_lr * weights[{i}]", base_lr * height) for i, height in enumerate(heights)]
    parts = [ramp(peak, final_lr, steps=length, shape=shape) for peak, length in zip(peaks, lengths, strict=True)]
    return Sequence(tuple(parts), milestones=ends(lengths[:-1]))


@checking
def range_test(low_lr: Rate, base_lr: Rate, *, steps: Duration, shape: Shape = "exponential") -> Schedule:
    """The learning-rate range test: from very low to too high, to see where training is fastest and where it fails.

    Args:
        low_lr: The value at `t = 0`; > 0 if the shape is exponential.
        base_lr: The value from `t = steps` on; > 0 if the shape is exponential.
        steps: How long the test takes, > 0.
        shape: A shape of `with_warmup`: `"exponential"` has equal ratios, `"linear"` equal differences.

    Returns:
        One ramp.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = range_test(1e-5, 1.0, steps=5)
        >>> [round(lr(t), 6) for t in range(6)]
        [1e-05, 0.0001, 0.001, 0.01, 0.1, 1.0]

    Reference:
        Smith, Cyclical Learning Rates, arXiv:1506.01186, section 3.3; fastai's `lr_find`.
    """
    check_ends(shape, low_lr=low_lr, base_lr=base_lr)
    return ramp(low_lr, base_lr, steps=steps, shape=shape)


@checking
def fractal_chebyshev(low_lr: Positive, base_lr: Positive, *, steps: Duration) -> Schedule:
    r"""The reciprocals of Chebyshev nodes in fractal order: large steps among small ones that keep them stable.

    $$\eta_j = \left(\tfrac{a + b}{2} - \tfrac{b - a}{2} \cos \tfrac{(2 j + 1)\pi}{2 N}\right)^{-1},
    \quad a = 1 / \eta_{\max}, \; b = 1 / \eta_{\min}$$

    Args:
        low_lr: $\eta_{\min}$, the lower bound of the values, > 0.
        base_lr: $\eta_{\max}$, the upper bound of the values, > `low_lr`.
        steps: $N$, a power of 2, at most 65536. The last value is held.

    Returns:
        A `PiecewiseConstant`, or a `Constant` for one step.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = fractal_chebyshev(0.1, 1.0, steps=4)
        >>> [round(lr(t), 3) for t in range(5)]
        [0.745, 0.104, 0.265, 0.138, 0.138]

    Reference:
        Agarwal, Goel & Zhang, Acceleration via Fractal Learning Rate Schedules, arXiv:2103.01338, definition 2.
    """
    if base_lr <= low_lr:
        raise refuse(ValueError, "base_lr", f"> `low_lr`, which is {low_lr!r}", base_lr)
    checks.rate("1 / low_lr", 1 / low_lr)
    n = steps
    if not isinstance(n, int) or n & (n - 1) or n > 2**16:
        raise refuse(ValueError, "steps", "a power of 2, at most 65536", steps)
    order = [0]
    while len(order) < n:
        order = [j for i in order for j in (i, 2 * len(order) - 1 - i)]
    middle, radius = (1 / base_lr + 1 / low_lr) / 2, (1 / low_lr - 1 / base_lr) / 2
    values = [1 / (middle - radius * math.cos((2 * j + 1) * math.pi / (2 * n))) for j in order]
    return PiecewiseConstant(tuple(values), milestones=tuple(range(1, n))) if n > 1 else Constant(values[0])
