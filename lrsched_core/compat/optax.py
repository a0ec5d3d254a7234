"""Optax' schedules, `optax.schedules`, and the rule of `optax.contrib`.

`t` is the count that an optimizer passes, the number of completed updates. Optax computes in float32 unless JAX is told
otherwise, here it is float64.

Quirk of many: a duration that is not positive, a negative `transition_begin` or a decay rate of 0 is not refused but
changed, which optax writes to its log. The constructors do the same; with `clean=True` they refuse.
"""
# One constructor for each name of the library, side by side: the module is as long as that list.

import math
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Items
from itertools import accumulate
from operator import mul
from typing import Any

from lrsched_core import (
    Constant,
    Cosine,
    CosinePower,
    Exponential,
    Factor,
    Geometric,
    Interpolated,
    Linear,
    PiecewiseConstant,
    Polynomial,
    Schedule,
    Sequence,
    maximum,
)
from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._run.plateau import Plateau
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import choice, duration, milestones, moment, positive, rate
from lrsched_core._value.shapes import Shape, checked
from lrsched_core.compat._arguments import share, whole


@checking
def constant_schedule(value: float) -> Schedule:
    """The same value for ever.

    Args:
        value: The value.

    Returns:
        `Constant`.

    Example:
        >>> constant_schedule(0.1)
        Constant(0.1)
    """
    return Constant(rate("value", value))


@checking
def polynomial_schedule(
    init_value: float,
    end_value: float,
    power: float,
    transition_steps: float,
    transition_begin: float = 0,
    *,
    clean: bool = False,
) -> Schedule:
    r"""A power of what is left: $\eta_1 + (\eta_0 - \eta_1)(1 - u)^p$, with $u = \mathrm{clip}((t - b)/T, 0, 1)$.

    Quirks: with `transition_steps <= 0` it is constant at `init_value`; a negative `transition_begin` is 0. Clean:
    both are refused.

    Args:
        init_value: $\eta_0$.
        end_value: $\eta_1$.
        power: $p$, > 0.
        transition_steps: $T$, how long the change takes.
        transition_begin: $b$, when it begins.
        clean: Without the quirks.

    Returns:
        `Polynomial`, delayed.

    Example:
        >>> polynomial_schedule(0.3, 0.01, power=2, transition_steps=80, transition_begin=20)
        Polynomial(0.3, 0.01, steps=80).delay(20)
    """
    first, last = rate("init_value", init_value), rate("end_value", end_value)
    power, begin = positive("power", power), _begin(transition_begin, clean=clean)
    steps = _steps("transition_steps", transition_steps, clean=clean)
    return Polynomial(first, last, steps=steps, power=power).delay(begin) if steps else Constant(first)


@checking
def linear_schedule(
    init_value: float,
    end_value: float,
    transition_steps: float,
    transition_begin: float = 0,
    *,
    clean: bool = False,
) -> Schedule:
    r"""A straight line: $\eta_0 + (\eta_1 - \eta_0) u$, with $u = \mathrm{clip}((t - b)/T, 0, 1)$.

    Quirks: those of `polynomial_schedule`.

    Args:
        init_value: $\eta_0$.
        end_value: $\eta_1$.
        transition_steps: $T$, how long the change takes.
        transition_begin: $b$, when it begins.
        clean: Without the quirks.

    Returns:
        `Linear`, delayed.

    Example:
        >>> linear_schedule(0.0, 0.3, transition_steps=80)
        Linear(0.0, 0.3, steps=80)
    """
    first, last = rate("init_value", init_value), rate("end_value", end_value)
    begin = _begin(transition_begin, clean=clean)
    steps = _steps("transition_steps", transition_steps, clean=clean)
    return Linear(first, last, steps=steps).delay(begin) if steps else Constant(first)


@checking
def piecewise_constant_schedule(
    init_value: float, boundaries_and_scales: Mapping[float, float] | None = None
) -> Schedule:
    r"""Multiplies by a number of its own at each boundary: $\eta_0 \prod_{b \le t} s_b$.

    Args:
        init_value: $\eta_0$.
        boundaries_and_scales: From times >= 0 to numbers >= 0, in any order.

    Returns:
        `PiecewiseConstant`.

    Example:
        >>> piecewise_constant_schedule(0.5, {30: 0.5, 15: 0.2})
        PiecewiseConstant((0.5, 0.1, 0.05), milestones=(15, 30))
    """
    times, values = _knots(init_value, boundaries_and_scales)
    return PiecewiseConstant(values, milestones=times) if times else Constant(*values)


@checking
def exponential_decay(
    init_value: float,
    transition_steps: float,
    decay_rate: float,
    transition_begin: float = 0,
    staircase: bool = False,
    end_value: float | None = None,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Equal ratios in equal times: $\eta_0 \, r^{(t - b)/T}$ from $b$ on; in steps, $\lfloor (t-b)/T \rfloor$.

    Quirks: with `transition_steps <= 0`, and with `decay_rate=0`, it is constant at `init_value`, whatever `end_value`
    says; a negative `transition_begin` is 0. Clean: all three are refused.

    Args:
        init_value: $\eta_0$.
        transition_steps: $T$.
        decay_rate: $r$, >= 0; from 1 on it is a growth.
        transition_begin: $b$, when the decay begins.
        staircase: Whether it goes in steps of `transition_steps`.
        end_value: The least value of a decay, the greatest of a growth; also where `init_value` is beyond it.
        clean: Without the quirks.

    Returns:
        `Exponential` or `Factor`, delayed. A growth that ends is `Geometric`.

    Example:
        >>> exponential_decay(0.5, transition_steps=10, decay_rate=0.5)
        Exponential(0.5, 0.5, every=10)
        >>> exponential_decay(0.5, transition_steps=10, decay_rate=0.5, staircase=True, end_value=0.1)
        Factor(0.5, 0.5, every=10, stop_factor_lr=0.1)
    """
    first, begin = rate("init_value", init_value), _begin(transition_begin, clean=clean)
    steps = _steps("transition_steps", transition_steps, clean=clean)
    ratio = positive("decay_rate", decay_rate) if clean else rate("decay_rate", decay_rate)
    last = None if end_value is None else rate("end_value", end_value)
    if not steps or not ratio:
        return Constant(first)
    if ratio < 1 or last is None:
        if staircase:
            return Factor(first, ratio, every=steps, stop_factor_lr=last or 0.0).delay(begin)
        decay = Exponential(first, ratio, every=steps).delay(begin)
        return maximum(decay, last) if last else decay
    if ratio == 1 or not 0 < first < last:
        return Constant(min(first, last))
    # A growth that is cut off leaves the float range later; this one knows where it ends.
    growth = Geometric(first, last, steps=steps * (math.log(last / first) / math.log(ratio)))
    return (growth.staircase(steps) if staircase else growth).delay(begin)


@checking
def cosine_decay_schedule(init_value: float, decay_steps: float, alpha: float = 0.0, exponent: float = 1.0) -> Schedule:
    r"""A power of half a cosine wave: $\eta_0 ((1 - \alpha) ((1 + \cos(\pi t/T))/2)^p + \alpha)$.

    Args:
        init_value: $\eta_0$.
        decay_steps: $T$, > 0.
        alpha: $\alpha$, the part of the rate at which it ends, >= 0.
        exponent: $p$, > 0.

    Returns:
        `Cosine`, or `CosinePower` if $p \ne 1$.

    Example:
        >>> cosine_decay_schedule(0.5, decay_steps=1000, alpha=0.1)
        Cosine(0.5, 0.05, steps=1000)
    """
    first, steps = rate("init_value", init_value), duration("decay_steps", decay_steps)
    return _cosine(first, first * rate("alpha", alpha), steps, positive("exponent", exponent))


@checking
def piecewise_interpolate_schedule(
    interpolate_type: str, init_value: float, boundaries_and_scales: Mapping[int, float] | None = None
) -> Schedule:
    r"""Straight lines or half cosine waves through the values that `piecewise_constant_schedule` has.

    Args:
        interpolate_type: `"linear"` or `"cosine"`.
        init_value: The value at 0.
        boundaries_and_scales: From times, whole numbers >= 0 in any order, to the ratio of the value there to the value
            before.

    Returns:
        `Interpolated`.

    Example:
        >>> piecewise_interpolate_schedule("linear", 0.1, {10: 4, 20: 0.5})
        Interpolated((0.1, 0.4, 0.2), milestones=(0, 10, 20))
    """
    shape = checked("interpolate_type", choice("interpolate_type", interpolate_type, ("linear", "cosine")))
    times, values = _knots(init_value, boundaries_and_scales)
    return _interpolated(shape, [whole("boundaries_and_scales", time) for time in times], values)


@checking
def linear_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    pct_final: float = 0.85,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    *,
    clean: bool = False,
) -> Schedule:
    """Up to a peak, down as far, and further down, in straight lines: the 1cycle policy.

    From `peak_value / div_factor` to `peak_value`, back to where it began, then to
    `peak_value / (div_factor * final_div_factor)`.

    Quirks: `pct_start` and `pct_final` of the steps are rounded down; where two of the times fall together, the first
    of them is dropped with its factor, so that in a few steps the peak may be left out and the end be elsewhere.
    Clean: the times are not rounded, and phases of no length are jumps.

    Args:
        transition_steps: The length of the cycle, a whole number > 0.
        peak_value: The peak.
        pct_start: The part of the steps until the peak, between 0 and 1.
        pct_final: The part of the steps until the first value is back, between 0 and 1; if `clean`, >= `pct_start`.
        div_factor: > 0.
        final_div_factor: > 0.
        clean: Without the quirks.

    Returns:
        `Interpolated`.

    Example:
        >>> one_cycle = linear_onecycle_schedule(100, 0.5)
        >>> [round(one_cycle(t), 6) for t in (0, 30, 85, 100)]
        [0.02, 0.5, 0.02, 2e-06]
    """
    steps, peak = whole("transition_steps", transition_steps, least=1), rate("peak_value", peak_value)
    rise, fall = share("pct_start", pct_start) * steps, share("pct_final", pct_final) * steps
    div, final_div = positive("div_factor", div_factor), positive("final_div_factor", final_div_factor)
    first = peak / div
    if not clean:
        return piecewise_interpolate_schedule(
            "linear", first, {int(rise): div, int(fall): 1.0 / div, steps: 1.0 / final_div}
        )
    if fall < rise:
        raise refuse(ValueError, "pct_final", f">= `pct_start`, which is {pct_start!r}", pct_final)
    return _interpolated("linear", (rise, fall, steps), (first, peak, first, first / final_div))


@checking
def cosine_onecycle_schedule(
    transition_steps: int,
    peak_value: float,
    pct_start: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    *,
    clean: bool = False,
) -> Schedule:
    """Up to a peak and down to almost nothing, in half cosine waves: the 1cycle policy.

    From `peak_value / div_factor` to `peak_value`, then to `peak_value / (div_factor * final_div_factor)`.

    Quirks: `pct_start` of the steps is rounded down; if that is all of them, there is no peak, and the end is lower by
    `div_factor`. Clean: the time is not rounded, and a phase of no length is a jump.

    Args:
        transition_steps: The length of the cycle, a whole number > 0.
        peak_value: The peak.
        pct_start: The part of the steps until the peak, between 0 and 1.
        div_factor: > 0.
        final_div_factor: > 0.
        clean: Without the quirks.

    Returns:
        `Interpolated`, of the shape `"cosine"`.

    Example:
        >>> one_cycle = cosine_onecycle_schedule(100, 0.5)
        >>> [round(one_cycle(t), 6) for t in (0, 30, 100)]
        [0.02, 0.5, 2e-06]
    """
    steps, peak = whole("transition_steps", transition_steps, least=1), rate("peak_value", peak_value)
    rise = share("pct_start", pct_start) * steps
    div, final_div = positive("div_factor", div_factor), positive("final_div_factor", final_div_factor)
    first = peak / div
    if not clean:
        return piecewise_interpolate_schedule("cosine", first, {int(rise): div, steps: 1.0 / (div * final_div)})
    return _interpolated("cosine", (rise, steps), (first, peak, first / final_div))


@checking
def warmup_constant_schedule(
    init_value: float, peak_value: float, warmup_steps: float, *, clean: bool = False
) -> Schedule:
    """A straight line, then its last value.

    Quirk: with `warmup_steps <= 0` it stays at `init_value` for ever. Clean: with 0 it is at `peak_value` at once, and
    less is refused.

    Args:
        init_value: Where the warmup begins.
        peak_value: Where it ends.
        warmup_steps: How long it takes.
        clean: Without the quirk.

    Returns:
        A constant with a warmup.

    Example:
        >>> warmup_constant_schedule(0.0, 0.5, warmup_steps=100)
        Constant(0.5).with_warmup(100)
    """
    first, peak = rate("init_value", init_value), rate("peak_value", peak_value)
    if clean:
        return Constant(peak).with_warmup(moment("warmup_steps", warmup_steps), start=first)
    steps = _steps("warmup_steps", warmup_steps, clean=False)
    return Constant(peak).with_warmup(steps, start=first) if steps else Constant(first)


@checking
def warmup_cosine_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: float,
    decay_steps: float,
    end_value: float = 0.0,
    exponent: float = 1.0,
    *,
    clean: bool = False,
) -> Schedule:
    """A straight line, then half a cosine wave, or a power of one.

    Quirk: with `peak_value=0` the end is 0, whatever `end_value` says. Clean: it is `end_value`.

    Args:
        init_value: Where the warmup begins.
        peak_value: Where it ends, and the decay begins.
        warmup_steps: How long the warmup takes, >= 0.
        decay_steps: When the decay ends, the warmup included; > `warmup_steps`.
        end_value: Where the decay ends.
        exponent: The power of the wave, > 0.
        clean: Without the quirk.

    Returns:
        `Cosine` or `CosinePower`, with a warmup.

    Example:
        >>> warmup_cosine_decay_schedule(0.0, 0.5, warmup_steps=100, decay_steps=1000, end_value=0.01)
        Cosine(0.5, 0.01, steps=900).with_warmup(100)
    """
    first, peak, last = rate("init_value", init_value), rate("peak_value", peak_value), rate("end_value", end_value)
    steps, exponent = moment("warmup_steps", warmup_steps), positive("exponent", exponent)
    if moment("decay_steps", decay_steps) <= steps:
        raise refuse(ValueError, "decay_steps", f"> `warmup_steps`, which is {warmup_steps!r}", decay_steps)
    if not peak and not clean:
        last = 0.0
    return _cosine(peak, last, decay_steps - steps, exponent).with_warmup(steps, start=first)


@checking
def warmup_exponential_decay_schedule(
    init_value: float,
    peak_value: float,
    warmup_steps: float,
    transition_steps: float,
    decay_rate: float,
    transition_begin: float = 0,
    staircase: bool = False,
    end_value: float | None = None,
    *,
    clean: bool = False,
) -> Schedule:
    """A straight line, then `exponential_decay`, on a clock of its own.

    Quirks: those of `exponential_decay`; and the warmup goes up to `peak_value`, even if `end_value` then forbids that.
    Clean: up to the rate that comes then.

    Args:
        init_value: Where the warmup begins.
        peak_value: Where it ends, and the decay begins.
        warmup_steps: How long the warmup takes, >= 0.
        transition_steps: As in `exponential_decay`.
        decay_rate: As in `exponential_decay`.
        transition_begin: As in `exponential_decay`, counted from the end of the warmup.
        staircase: As in `exponential_decay`.
        end_value: As in `exponential_decay`.
        clean: Without the quirks.

    Returns:
        What `exponential_decay` gives, with a warmup.

    Example:
        >>> warmup_exponential_decay_schedule(0.0, 0.5, warmup_steps=5, transition_steps=10, decay_rate=0.5)
        Exponential(0.5, 0.5, every=10).with_warmup(5)
    """
    first, peak = rate("init_value", init_value), rate("peak_value", peak_value)
    steps = moment("warmup_steps", warmup_steps)
    decay = exponential_decay(peak, transition_steps, decay_rate, transition_begin, staircase, end_value, clean=clean)
    if clean or not steps or decay(0) == peak:
        return decay.with_warmup(steps, start=first)
    return Linear(first, peak, steps=steps).then(decay, at=steps)


@checking
def sgdr_schedule(cosine_kwargs: Iterable[Mapping[str, Any]], *, clean: bool = False) -> Schedule:
    """Cycles of a warmup and half a cosine wave, one after the other; the last value is held.

    Quirk: that of `warmup_cosine_decay_schedule`.

    Args:
        cosine_kwargs: For each cycle the arguments of `warmup_cosine_decay_schedule`, at least one.
        clean: Without the quirk.

    Returns:
        A sequence.

    Example:
        >>> cycle = {"init_value": 0.0, "warmup_steps": 2, "decay_steps": 10}
        >>> restarts = sgdr_schedule([{**cycle, "peak_value": 0.4}, {**cycle, "peak_value": 0.2}])
        >>> [round(restarts(t), 3) for t in (0, 2, 6, 10, 12, 20)]
        [0.0, 0.4, 0.2, 0.0, 0.2, 0.0]
    """
    cycles = [dict(arguments) for arguments in cosine_kwargs]
    if not cycles:
        raise refuse(ValueError, "cosine_kwargs", "the arguments of at least one cycle", cycles)
    schedules = [warmup_cosine_decay_schedule(**arguments, clean=clean) for arguments in cycles]
    ends = [*accumulate(arguments["decay_steps"] for arguments in cycles)]
    return _in_turn(schedules, ends[:-1])


@checking
def join_schedules(schedules: Items[Schedule], boundaries: Items[float]) -> Schedule:
    """Schedules one after the other, each on a clock of its own.

    Not reproduced: optax leaves out the schedules for which there is no boundary, and the boundaries for which there is
    no schedule, and takes boundaries in any order; here both are refused.

    Args:
        schedules: At least one.
        boundaries: When each one after the first begins, >= 0, in ascending order.

    Returns:
        `Sequence`.

    Example:
        >>> join_schedules([constant_schedule(0.1), linear_schedule(0.1, 0.0, 50)], [100])
        Sequence((Constant(0.1), Linear(0.1, steps=50)), milestones=(100,))
    """
    times = milestones("boundaries", boundaries)
    if len(times) != len(schedules) - 1:
        raise refuse(ValueError, "boundaries", f"one fewer than the {len(schedules)} schedules", boundaries)
    return Sequence(tuple(schedules), milestones=times)


def _steps(name: str, value: float, *, clean: bool) -> float:
    """A duration; 0 stands for one that optax takes as a reason not to change at all."""
    return duration(name, value) if clean else max(real(name, value), 0)


def _begin(value: float, *, clean: bool) -> float:
    return moment("transition_begin", value) if clean else max(real("transition_begin", value), 0)


def _knots(
    init_value: float, boundaries_and_scales: Mapping[Any, float] | None
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The times in order, and the first value with those that hold from each of them on."""
    name, given = "boundaries_and_scales", sorted((boundaries_and_scales or {}).items())
    scales = [rate(f"{name}[{time!r}]", scale) for time, scale in given]
    values = accumulate(scales, mul, initial=rate("init_value", init_value))
    return milestones(name, [time for time, _ in given]), tuple(values)


def _interpolated(shape: Shape, times: Items[float], values: tuple[float, ...]) -> Schedule:
    return Interpolated(values, milestones=(0, *times), shape=shape) if times else Constant(*values)


def _in_turn(schedules: Items[Schedule], starts: Items[float]) -> Schedule:
    return Sequence(tuple(schedules), milestones=tuple(starts)) if starts else schedules[0]


def _cosine(first: float, last: float, steps: float, exponent: float) -> Schedule:
    if exponent == 1:
        return Cosine(first, last, steps=steps)
    return CosinePower(first, last, steps=steps, power=exponent)


@checking
def reduce_on_plateau(
    factor: float = 0.1,
    patience: int = 10,
    rtol: float = 1e-4,
    atol: float = 0.0,
    cooldown: int = 0,
    accumulation_size: int = 1,
    min_scale: float = 0.0,
) -> Plateau:
    r"""Multiplies by `factor` when a metric has not improved for `patience` observations: `optax.contrib`'s rule.

    Optax reduces at the `patience`-th observation without improvement, torch and `Plateau` at the one after it.

    Not reproduced: where the best metric is negative, optax takes a relative threshold with the wrong sign. It also
    takes a `patience` of 0. The mean of several metrics is the caller's to take.

    Args:
        factor: Between 0 and 1.
        patience: A whole number >= 1.
        rtol: How much better is better, as a part of the best metric, below 1; or 0.
        atol: The same, absolute; or 0. One of both is > 0.
        cooldown: How many observations are not counted after a reduction.
        accumulation_size: 1.
        min_scale: The scale does not fall below it.

    Returns:
        `Plateau`.

    Raises:
        ValueError: If both of `rtol` and `atol` are given, or none; if another argument is out of its range.

    Example:
        >>> reduce_on_plateau(0.5, patience=3, rtol=0.0, atol=0.01)
        Plateau(0.5, 2, threshold=0.01, threshold_mode='abs')
    """
    if accumulation_size != 1 or isinstance(accumulation_size, bool):
        rule = "1: give the rule the mean of so many metrics instead"
        raise refuse(ValueError, "accumulation_size", rule, accumulation_size)
    relative, absolute = rate("rtol", rtol), rate("atol", atol)
    if relative and absolute:
        raise refuse(ValueError, "atol", f"0 where `rtol` is not (it is {rtol!r})", atol)
    if not relative and not absolute:
        raise refuse(ValueError, "rtol", "> 0 where `atol` is 0", rtol)
    return Plateau(
        factor,
        whole("patience", patience, least=1) - 1,
        threshold=relative or absolute,
        threshold_mode="rel" if relative else "abs",
        cooldown=cooldown,
        min_scale=min_scale,
    )
