"""Schedules that stay at their peak for a while: warmup, stable, decay, and the like."""

from collections.abc import Iterable

from lrsched_core._catalogue.ramps.cosine import Cosine
from lrsched_core._catalogue.ramps.linear import Linear
from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import divided, ends, without
from lrsched_core._value import checks
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import Duration, Moment, Positive, Rate, Share
from lrsched_core._value.constant import Constant
from lrsched_core._value.operators.sequence import Sequence
from lrsched_core._value.schedule import Schedule
from lrsched_core._value.shapes import Shape, check_ends


@checking
def wsd(
    base_lr: Rate,
    final_lr: Rate = 0.0,
    *,
    warmup: Moment,
    stable: Moment,
    decay: Duration,
    warmup_shape: Shape = "linear",
    decay_shape: Shape = "linear",
    start: Rate = 0.0,
) -> Schedule:
    """Warmup, stable, decay: a trapezoid if both shapes are linear.

    Args:
        base_lr: The value between warmup and decay.
        final_lr: The value from `t = warmup + stable + decay` on.
        warmup: How long the way up takes, >= 0.
        stable: How long the peak is held, >= 0.
        decay: How long the way down takes, > 0.
        warmup_shape: A shape of `with_warmup`.
        decay_shape: A shape of `with_warmup`; `"sqrt"` is the tail 1 - √u.
        start: The value at `t = 0`, if there is a warmup.

    Returns:
        `Constant(base_lr).with_warmup(warmup).cooldown(at=warmup + stable, steps=decay)` with the other arguments.

    Raises:
        ValueError: If an argument is out of its range, or an exponential shape touches 0.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = wsd(0.4, warmup=2, stable=3, decay=4)
        >>> [round(lr(t), 3) for t in range(10)]
        [0.0, 0.2, 0.4, 0.4, 0.4, 0.4, 0.3, 0.2, 0.1, 0.0]

    Reference:
        Hu et al., MiniCPM, arXiv:2404.06395, section 4.2; the tail 1 - √u: Hägele et al., arXiv:2405.18392, section 3;
        `transformers.get_wsd_schedule`.
    """
    check_ends(warmup_shape, base_lr=base_lr)
    check_ends(decay_shape, base_lr=base_lr)
    warm = Constant(base_lr).with_warmup(warmup, start=start, shape=warmup_shape)
    _, at = ends([warmup, stable])
    return warm.cooldown(at=at, steps=decay, final_lr=final_lr, shape=decay_shape)


@checking
def wsd_periods(
    base_lr: Rate,
    final_lr: Rate = 0.0,
    *,
    periods: Iterable[Duration],
    decay: Duration,
    warmup: Moment = 0,
    rewarmup: Moment = 0,
    decay_shape: Shape = "linear",
) -> Schedule:
    """Warmup, stable, decay in several periods: each ends with a decay, after which the next goes back up.

    Args:
        base_lr: The peak.
        final_lr: The value at the end of each period, and after the last.
        periods: The lengths of the periods, each at least as long as its warmup and decay together.
        decay: How long the decay at the end of each period takes, > 0.
        warmup: How long the way up from 0 takes in the first period, >= 0.
        rewarmup: How long the way up from `final_lr` takes in each later period, >= 0; with 0 it jumps.
        decay_shape: A shape of `with_warmup`.

    Returns:
        A `Sequence` of one `wsd` for each period.

    Raises:
        ValueError: If an argument is out of its range, a period is too short, or an exponential shape touches 0.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = wsd_periods(0.4, periods=(4, 5), decay=2, rewarmup=1)
        >>> [lr(t) for t in range(11)]
        [0.4, 0.4, 0.4, 0.2, 0.0, 0.4, 0.4, 0.4, 0.2, 0.0, 0.0]

    Reference:
        Wen et al., Understanding Warmup-Stable-Decay Learning Rates, arXiv:2410.05192 (WSD-S).
    """
    lengths = [*periods]
    if not lengths:
        raise refuse(ValueError, "periods", "at least one length", lengths)
    parts: list[Schedule] = []
    for i, length in enumerate(lengths):
        up = rewarmup if i else warmup
        stable = without(length, up, decay)
        if stable < 0:
            rule = f"at least as long as its warmup and decay together, {up + decay!r}"
            raise refuse(ValueError, f"periods[{i}]", rule, length)
        parts.append(
            wsd(
                base_lr,
                final_lr,
                warmup=up,
                stable=stable,
                decay=decay,
                decay_shape=decay_shape,
                start=final_lr if i else 0.0,
            )
        )
    return Sequence(tuple(parts), milestones=ends(lengths[:-1]))


@checking
def infinite(
    base_lr: Rate, stable_lr: Rate, *, warmup: Moment, cooldown: Duration, shape: Shape = "cosine", start: Rate = 0.0
) -> Schedule:
    """A warmup, a decay to a lower rate, and that rate for ever: for training without a known end.

    Once the end is known, add `.cooldown(at=..., steps=..., final_lr=..., shape="exponential")`.

    Args:
        base_lr: The peak.
        stable_lr: The value from `t = warmup + cooldown` on.
        warmup: How long the way up takes, >= 0.
        cooldown: How long the way from the peak to the stable rate takes, > 0.
        shape: The shape of the way down: one of `with_warmup`.
        start: The value at `t = 0`, if there is a warmup.

    Returns:
        The `wsd` whose stable part takes no time.

    Raises:
        ValueError: If an argument is out of its range, or an exponential shape touches 0.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = infinite(0.4, 0.1, warmup=2, cooldown=3, shape="linear")
        >>> [round(lr(t), 3) for t in range(7)]
        [0.0, 0.2, 0.4, 0.3, 0.2, 0.1, 0.1]

    Reference:
        Ibrahim et al., Simple and Scalable Strategies to Continually Pre-train Large Language Models, arXiv:2403.08763,
        section 7.
    """
    check_ends(shape, stable_lr=stable_lr)
    return wsd(
        base_lr, stable_lr, warmup=warmup, stable=0, decay=cooldown, decay_shape=shape,
        start=start,
    )  # fmt: skip


@checking
def warmup_hold_cosine(
    base_lr: Rate, final_lr: Rate = 0.0, *, warmup: Moment, hold: Moment, steps: Duration, start: Rate = 0.0
) -> Schedule:
    """A linear warmup, the peak for a while, then half a cosine wave.

    Args:
        base_lr: The peak.
        final_lr: The value from `t = warmup + hold + steps` on.
        warmup: How long the way up takes, >= 0.
        hold: How long the peak is held, >= 0.
        steps: How long the wave takes, > 0.
        start: The value at `t = 0`, if there is a warmup.

    Returns:
        `Cosine(base_lr, final_lr, steps=steps).delay(hold).with_warmup(warmup, start=start)`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> warmup_hold_cosine(0.4, warmup=2, hold=3, steps=8)
        Cosine(0.4, steps=8).delay(3).with_warmup(2)

    Reference:
        `nemo.core.optim.lr_scheduler.WarmupHoldPolicy` with a cosine.
    """
    return Cosine(base_lr, final_lr, steps=steps).delay(hold).with_warmup(warmup, start=start)


@checking
def flat_cosine(base_lr: Rate, final_lr: Rate = 0.0, *, steps: Duration, flat_share: Share = 0.75) -> Schedule:
    """The peak for a share of the time, then half a cosine wave.

    Args:
        base_lr: The peak.
        final_lr: The value from `t = steps` on.
        steps: How long both take, > 0.
        flat_share: The share of `steps` for which the peak is held, >= 0 and < 1.

    Returns:
        `Cosine(base_lr, final_lr, steps=steps - flat_share * steps).delay(flat_share * steps)`.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> flat_cosine(0.4, steps=100)
        Cosine(0.4, steps=25).delay(75)

    Reference:
        fastai's `Learner.fit_flat_cos`.
    """
    held, rest = divided(steps, flat_share)
    if held == steps:
        raise refuse(ValueError, "flat_share", "< 1", flat_share)
    return Cosine(base_lr, final_lr, steps=rest).delay(held)


@checking
def tri_stage(
    base_lr: Rate,
    *,
    warmup: Moment,
    hold: Moment,
    decay: Duration,
    init_scale: Rate = 0.01,
    final_scale: Positive = 0.01,
) -> Schedule:
    """A linear warmup, the peak for a while, an exponential decay, then constant: used in speech recognition.

    Args:
        base_lr: The peak, > 0.
        warmup: How long the way up takes, >= 0.
        hold: How long the peak is held, >= 0.
        decay: How long the way down takes, > 0.
        init_scale: The value at `t = 0`, as a multiple of the peak, >= 0.
        final_scale: The value from `t = warmup + hold + decay` on, as a multiple of the peak, > 0.

    Returns:
        The `wsd` with these values and an exponential decay.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = tri_stage(1.0, warmup=2, hold=1, decay=2, init_scale=0.5)
        >>> [round(lr(t), 3) for t in range(7)]
        [0.5, 0.75, 1.0, 1.0, 0.1, 0.01, 0.01]

    Reference:
        Park et al., SpecAugment, arXiv:1904.08779, section 3.2; fairseq's `tri_stage`.
    """
    check_ends("exponential", base_lr=base_lr)
    return wsd(
        base_lr,
        checks.positive("base_lr * final_scale", base_lr * final_scale),
        warmup=warmup,
        stable=hold,
        decay=decay,
        decay_shape="exponential",
        start=checks.rate("base_lr * init_scale", base_lr * init_scale),
    )


@checking
def slanted_triangular(
    base_lr: Rate, *, steps: Duration, warmup_share: Share = 0.1, ratio: Positive = 32.0
) -> Schedule:
    """A short linear way up, a long linear way down.

    Args:
        base_lr: The peak, at `t = warmup_share * steps`.
        steps: How long both take, > 0.
        warmup_share: The share of `steps` that the way up takes, > 0 and < 1.
        ratio: The ratio of the peak to the value at either end, > 0.

    Returns:
        A `Linear` with a warmup.

    Raises:
        ValueError: If an argument is out of its range.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = slanted_triangular(0.32, steps=10, warmup_share=0.2)
        >>> [round(lr(t), 3) for t in (0, 1, 2, 6, 10)]
        [0.01, 0.165, 0.32, 0.165, 0.01]

    Reference:
        Howard & Ruder, ULMFiT, arXiv:1801.06146, equation 3, which rounds `warmup_share * steps` down to a whole step.
    """
    up, down = divided(steps, checks.positive("warmup_share", warmup_share))
    if up == steps:
        raise refuse(ValueError, "warmup_share", "< 1", warmup_share)
    low = checks.rate("base_lr / ratio", base_lr / ratio)
    return Linear(base_lr, low, steps=down).with_warmup(up, start=low)
