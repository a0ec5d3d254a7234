"""The parameter schedulers of fvcore, as detectron2 runs them.

fvcore's clock is `where`, the part of the training that is over: `t / max_iter`. So each function takes `max_iter`, the
number of updates of the whole training, beside the original's arguments. `where` is meant to lie in [0, 1). What fvcore
does after the end, other than raising or going on to negative, complex or unlimited values, is reproduced as a quirk;
elsewhere the last value is held.
"""

import math
from collections.abc import Sequence as Items
from fractions import Fraction
from itertools import accumulate, pairwise

from lrsched_core import (
    Constant,
    Cosine,
    Exponential,
    Geometric,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Polynomial,
    Schedule,
    Sequence,
)
from lrsched_core._errors import refuse
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import choice, duration, positive, rate
from lrsched_core.compat._arguments import share, whole
from lrsched_core.compat._curves import endless_cosine


@checking
def ConstantParamScheduler(value: float) -> Schedule:
    """The same value for ever.

    Args:
        value: The value.

    Returns:
        `Constant`.

    Example:
        >>> ConstantParamScheduler(0.1)
        Constant(0.1)
    """
    return Constant(rate("value", value))


@checking
def CosineParamScheduler(start_value: float, end_value: float, *, max_iter: float, clean: bool = False) -> Schedule:
    r"""Half a cosine wave: $e + (s - e)(1 + \cos(\pi w)) / 2$.

    Quirk: it goes back after the end, as fast as it came; clean: it ends there.

    Args:
        start_value: $s$.
        end_value: $e$.
        max_iter: The updates of the whole training, > 0.
        clean: Without the quirk.

    Returns:
        `Cosine`, repeated unless `clean`.

    Example:
        >>> CosineParamScheduler(0.1, 0.001, max_iter=90, clean=True)
        Cosine(0.1, 0.001, steps=90)
    """
    start, end = rate("start_value", start_value), rate("end_value", end_value)
    steps = duration("max_iter", max_iter)
    return Cosine(start, end, steps=steps) if clean else endless_cosine(start, end, steps)


@checking
def ExponentialParamScheduler(start_value: float, decay: float, *, max_iter: float, clean: bool = False) -> Schedule:
    r"""Equal ratios in equal times: $s \, d^w$.

    Quirk: it goes on after the end; clean: it ends there, at `start_value * decay`.

    Args:
        start_value: $s$.
        decay: $d$, > 0.
        max_iter: The updates of the whole training, > 0.
        clean: Without the quirk.

    Returns:
        `Exponential`, or `Geometric` if `clean`.

    Example:
        >>> ExponentialParamScheduler(2.0, 0.02, max_iter=90)
        Exponential(2.0, 0.02, every=90)
    """
    start, decay = rate("start_value", start_value), positive("decay", decay)
    steps = duration("max_iter", max_iter)
    if clean and start:
        return Geometric(start, start * decay, steps=steps)
    return Exponential(start, decay, every=steps)


@checking
def LinearParamScheduler(start_value: float, end_value: float, *, max_iter: float) -> Schedule:
    r"""A straight line: $s (1 - w) + e w$.

    Args:
        start_value: $s$.
        end_value: $e$.
        max_iter: The updates of the whole training, > 0.

    Returns:
        `Linear`.

    Example:
        >>> LinearParamScheduler(0.0001, 0.01, max_iter=90)
        Linear(0.0001, 0.01, steps=90)
    """
    start, end = rate("start_value", start_value), rate("end_value", end_value)
    return Linear(start, end, steps=duration("max_iter", max_iter))


@checking
def PolynomialDecayParamScheduler(base_value: float, power: float, *, max_iter: float) -> Schedule:
    r"""A power of what is left: $b \, (1 - w)^p$.

    Args:
        base_value: $b$.
        power: $p$, > 0.
        max_iter: The updates of the whole training, > 0.

    Returns:
        `Polynomial`.

    Example:
        >>> PolynomialDecayParamScheduler(0.1, 0.9, max_iter=90)
        Polynomial(0.1, steps=90, power=0.9)
    """
    return Polynomial(rate("base_value", base_value), steps=duration("max_iter", max_iter), power=power)


@checking
def MultiStepParamScheduler(
    values: Items[float],
    num_updates: float | None = None,
    milestones: Items[float] | None = None,
    *,
    max_iter: float,
) -> Schedule:
    """One value after the other, changing at milestones.

    Not reproduced: fvcore changes as soon as a millionth of the training is missing to a milestone, which in a
    training of more than a million updates is early.

    Args:
        values: At least one.
        num_updates: The training as the milestones measure it, `>= len(values)`; if None, the last milestone.
        milestones: When each value after the first begins; if None, in equal distances, rounded up to whole numbers.
        max_iter: The updates of the whole training, > 0: the milestones are stretched to it.

    Returns:
        `PiecewiseConstant`.

    Raises:
        ValueError: If the milestones do not match the values, are not in ascending order, or reach `num_updates`.

    Example:
        >>> MultiStepParamScheduler([0.1, 0.01, 0.001], milestones=[3, 6, 9], max_iter=90)
        PiecewiseConstant((0.1, 0.01, 0.001), milestones=(30, 60))
    """
    if milestones is None:
        if num_updates is None:
            raise refuse(ValueError, "num_updates", "given where `milestones` is None", num_updates)
        width = math.ceil(duration("num_updates", num_updates) / len(values))
        milestones = [width * i for i in range(1, len(values))]
    elif num_updates is None:
        if len(milestones) != len(values):
            raise refuse(ValueError, "milestones", f"as many as the {len(values)} values", milestones)
        *milestones, num_updates = milestones
    times = [duration(f"milestones[{i}]", milestone) for i, milestone in enumerate(milestones)]
    total = duration("num_updates", num_updates)
    if len(times) != len(values) - 1:
        raise refuse(ValueError, "milestones", f"one fewer than the {len(values)} values", milestones)
    if total < len(values):
        raise refuse(ValueError, "num_updates", f">= {len(values)}, the number of values", num_updates)
    if any(later <= earlier for earlier, later in pairwise([*times, total])):
        raise refuse(ValueError, "milestones", f"in ascending order, without repeats and < {total}", milestones)
    steps = Fraction(duration("max_iter", max_iter)) / Fraction(total)
    return PiecewiseConstant(tuple(values), milestones=tuple([_milestone(steps * Fraction(time)) for time in times]))


@checking
def StepParamScheduler(num_updates: float, values: Items[float], *, max_iter: float) -> Schedule:
    """One value after the other, for equal times.

    Not reproduced: that of `MultiStepParamScheduler`.

    Args:
        num_updates: > 0, and otherwise ignored, as fvcore does.
        values: At least one.
        max_iter: The updates of the whole training, > 0.

    Returns:
        `PiecewiseConstant`.

    Example:
        >>> StepParamScheduler(120, [0.1, 0.01, 0.001, 0.0001], max_iter=120)
        PiecewiseConstant((0.1, 0.01, 0.001, 0.0001), milestones=(30, 60, 90))
    """
    duration("num_updates", num_updates)
    each = Fraction(duration("max_iter", max_iter)) / max(len(values), 1)
    return PiecewiseConstant(tuple(values), milestones=tuple([_milestone(each * i) for i in range(1, len(values))]))


@checking
def StepWithFixedGammaParamScheduler(
    base_value: float, num_decays: int, gamma: float, num_updates: float, *, max_iter: float
) -> Schedule:
    """Multiplies by `gamma`, `num_decays` times, in equal distances.

    Not reproduced: that of `MultiStepParamScheduler`.

    Args:
        base_value: > 0.
        num_decays: A whole number > 0.
        gamma: > 0.
        num_updates: > 0, and otherwise ignored, as fvcore does.
        max_iter: The updates of the whole training, > 0.

    Returns:
        `MultiFactor`.

    Example:
        >>> StepWithFixedGammaParamScheduler(0.1, 3, 0.1, 120, max_iter=120)
        MultiFactor(0.1, 0.1, milestones=(30, 60, 90))
    """
    duration("num_updates", num_updates)
    decays = whole("num_decays", num_decays, least=1)
    each = Fraction(duration("max_iter", max_iter)) / (decays + 1)
    return MultiFactor(
        positive("base_value", base_value),
        positive("gamma", gamma),
        milestones=tuple([_milestone(each * i) for i in range(1, decays + 1)]),
    )


@checking
def CompositeParamScheduler(
    schedulers: Items[Schedule], lengths: Items[float], interval_scaling: Items[str], *, max_iter: float
) -> Schedule:
    """Schedules one after the other, each for a part of the training.

    Not reproduced: fvcore changes to the next as soon as a millionth of the training is missing to its beginning.

    Args:
        schedulers: Schedules made for a training of `max_iter` updates, at least one.
        lengths: The part of the training that each has; together 1, to a thousandth (the last takes the rest).
        interval_scaling: For each, `"rescaled"`: it is run through from its beginning in its part of the time; or
            `"fixed"`: what of it lies in its part of the training is cut out.
        max_iter: The updates of the whole training, > 0.

    Returns:
        `Sequence`.

    Raises:
        ValueError: If the lengths do not match the schedules, or do not add up to 1.

    Example:
        >>> parts = [ConstantParamScheduler(0.42), LinearParamScheduler(0.42, 0.0, max_iter=100)]
        >>> composite = CompositeParamScheduler(parts, [0.5, 0.5], ["rescaled", "rescaled"], max_iter=100)
        >>> composite(49), composite(75), composite(100)
        (0.42, 0.21, 0.0)
    """
    if not schedulers or len(schedulers) != len(lengths):
        raise refuse(ValueError, "lengths", f"one for each of at least one schedule ({len(schedulers)})", lengths)
    if len(interval_scaling) != len(schedulers):
        raise refuse(ValueError, "interval_scaling", f"one for each of the {len(schedulers)}", interval_scaling)
    for i, scaling in enumerate(interval_scaling):
        choice(f"interval_scaling[{i}]", scaling, ("rescaled", "fixed"))
    parts = [share(f"lengths[{i}]", length) for i, length in enumerate(lengths)]
    if abs(sum(parts) - 1) >= 1e-3:
        raise refuse(ValueError, "sum of lengths", "1", sum(parts))
    parts[-1] = 1.0 - sum(parts[:-1])
    steps = duration("max_iter", max_iter)
    starts = [_milestone(steps * start) for start in accumulate(parts[:-1], initial=0.0)]
    legs = [
        (start, schedule.stretch(_part(part)) if scaling == "rescaled" else schedule.advance(start))
        for schedule, part, scaling, start in zip(schedulers, parts, interval_scaling, starts, strict=True)
        if part
    ]
    return Sequence(tuple([leg for _, leg in legs]), milestones=tuple([start for start, _ in legs[1:]]))


# fvcore changes early, if by a millionth of the training: a rounding must not make a change late by an update.


def _milestone(time: Fraction | float) -> float:
    """A whole number, where only a rounding is between it and the time; else the float that is not above."""
    whole_time = round(time)
    if math.isclose(time, whole_time, rel_tol=1e-12):
        return whole_time
    nearest = float(time)
    return nearest if nearest <= time else math.nextafter(nearest, 0.0)


def _part(length: float) -> float:
    """The float that is not above a length, as that is written in decimals."""
    return length if Fraction(length) <= Fraction(repr(length)) else math.nextafter(length, 0.0)
