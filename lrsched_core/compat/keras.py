"""Keras' learning rate schedules: `keras.optimizers.schedules`, of Keras 3; and the rule among its callbacks.

`t` is the step that an optimizer passes, the number of completed updates. Keras computes in float32, here it is
float64: what differs is rounding, also that of `t` itself, which Keras rounds from 2**24 on. `name` has no influence.

Not reproduced: a first rate given as a whole number makes Keras compute in whole numbers, so that
`ExponentialDecay(1, 10, 0.5)` is 0 at once; here 1 is 1.0.
"""

from collections.abc import Sequence as Items
from math import floor
from typing import Literal

from lrsched_core import (
    Constant,
    Cosine,
    Exponential,
    Factor,
    InverseTime,
    PiecewiseConstant,
    Polynomial,
    PowerDecay,
    Schedule,
)
from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._run.plateau import Plateau
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import duration, milestones, moment, positive, rate
from lrsched_core.compat._arguments import relative, share, whole


@checking
def ExponentialDecay(
    initial_learning_rate: float,
    decay_steps: float,
    decay_rate: float,
    staircase: bool = False,
    name: str = "ExponentialDecay",
) -> Schedule:
    r"""Equal ratios in equal times, for ever: $\eta_0 \, r^{t / s}$; in steps, $\eta_0 \, r^{\lfloor t/s \rfloor}$.

    Args:
        initial_learning_rate: $\eta_0$.
        decay_steps: $s$, > 0.
        decay_rate: $r$, > 0.
        staircase: Whether it goes in steps.
        name: Has no influence.

    Returns:
        `Exponential`, or `Factor`.

    Example:
        >>> ExponentialDecay(0.1, decay_steps=1000, decay_rate=0.96, staircase=True)
        Factor(0.1, 0.96, every=1000)
    """
    del name
    first, steps = rate("initial_learning_rate", initial_learning_rate), duration("decay_steps", decay_steps)
    kind = Factor if staircase else Exponential
    return kind(first, positive("decay_rate", decay_rate), every=steps)


@checking
def PiecewiseConstantDecay(
    boundaries: Items[float], values: Items[float], name: str = "PiecewiseConstant", *, clean: bool = False
) -> Schedule:
    """One value after the other.

    Quirks: the next value comes one update after the boundary; a boundary between two updates is rounded down before.
    Clean: at the boundary.

    Args:
        boundaries: Times >= 0 in ascending order, at least one.
        values: One more than there are boundaries.
        name: Has no influence.
        clean: Without the quirks.

    Returns:
        `PiecewiseConstant`.

    Example:
        >>> PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
        PiecewiseConstant((0.1, 0.01, 0.001), milestones=(101, 201))
    """
    del name
    if not boundaries:
        raise refuse(ValueError, "boundaries", "at least one time", boundaries)
    if len(values) != len(boundaries) + 1:
        raise refuse(ValueError, "values", f"one more than the {len(boundaries)} boundaries", values)
    times = milestones("boundaries", boundaries)
    if not clean:
        times = tuple([floor(time) + 1 for time in times])
    rates = tuple([rate(f"values[{i}]", value) for i, value in enumerate(values)])
    return PiecewiseConstant(rates, milestones=times)


@checking
def PolynomialDecay(
    initial_learning_rate: float,
    decay_steps: float,
    end_learning_rate: float = 0.0001,
    power: float = 1.0,
    cycle: bool = False,
    name: str = "PolynomialDecay",
    *,
    clean: bool = False,
) -> Schedule:
    r"""A power of what is left: $\eta_1 + (\eta_0 - \eta_1)(1 - \min(t, T)/T)^p$.

    With `cycle` the end is moved on whenever it is reached: $T$ is then the next multiple of `decay_steps`, so that
    each cycle is the rest of a longer decay and begins lower than the one before.

    Quirk of `cycle`: at a multiple of `decay_steps` the old cycle ends, and the next one begins one update later,
    already on its way. Clean: the next one begins there.

    Args:
        initial_learning_rate: $\eta_0$.
        decay_steps: $T$, > 0. With `cycle`, and unless `clean`, a whole number.
        end_learning_rate: $\eta_1$, above or below $\eta_0$.
        power: $p$, > 0.
        cycle: Whether it goes on after `decay_steps`.
        name: Has no influence.
        clean: Without the quirk.

    Returns:
        `Polynomial`; with `cycle`, one that is repeated, with a factor that falls from cycle to cycle.

    Example:
        >>> PolynomialDecay(0.1, decay_steps=1000, end_learning_rate=0.01)
        Polynomial(0.1, 0.01, steps=1000, power=1.0)
        >>> cycling = PolynomialDecay(0.5, decay_steps=10, end_learning_rate=0.1, cycle=True, clean=True)
        >>> [round(cycling(t), 3) for t in (0, 5, 10, 15, 20)]
        [0.5, 0.3, 0.3, 0.2, 0.233]
    """
    del name
    first, last = rate("initial_learning_rate", initial_learning_rate), rate("end_learning_rate", end_learning_rate)
    steps, power = duration("decay_steps", decay_steps), positive("power", power)
    if not cycle:
        return Polynomial(first, last, steps=steps, power=power)
    # What is left of a decay to the end of cycle i, (i T - t) / (i T), is what is left of the cycle divided by i.
    left: Schedule = Polynomial(abs(first - last), steps=steps, power=power)
    cycles = PowerDecay(1.0, power, timescale=steps).staircase(steps)
    if clean:
        height = left.repeat(steps) * cycles
    else:
        whole("decay_steps", steps, least=1)
        height = Constant(left(0)).then(left.advance(1).repeat(steps) * cycles, at=1)
    return last + height if first >= last else last - height


@checking
def InverseTimeDecay(
    initial_learning_rate: float,
    decay_steps: float,
    decay_rate: float,
    staircase: bool = False,
    name: str = "InverseTimeDecay",
) -> Schedule:
    r"""Falls with the inverse of time, for ever: $\eta_0 / (1 + r t / s)$, or in steps, with $\lfloor t / s \rfloor$.

    Args:
        initial_learning_rate: $\eta_0$.
        decay_steps: $s$, > 0.
        decay_rate: $r$, >= 0.
        staircase: Whether it goes in steps of `decay_steps`.
        name: Has no influence.

    Returns:
        `InverseTime`, or a staircase of it; if $r = 0$, `Constant`.

    Example:
        >>> InverseTimeDecay(0.1, decay_steps=4, decay_rate=0.5)(8)
        0.05
    """
    del name
    first, steps = rate("initial_learning_rate", initial_learning_rate), duration("decay_steps", decay_steps)
    if not rate("decay_rate", decay_rate):
        return Constant(first)
    decay = InverseTime(first, decay_rate, every=steps)
    return decay.staircase(steps) if staircase else decay


@checking
def CosineDecay(
    initial_learning_rate: float,
    decay_steps: float,
    alpha: float = 0.0,
    name: str = "CosineDecay",
    warmup_target: float | None = None,
    warmup_steps: float = 0,
) -> Schedule:
    r"""Half a cosine wave, behind a linear warmup: $\eta_0 ((1 - \alpha)(1 + \cos(\pi t / T)) / 2 + \alpha)$.

    Args:
        initial_learning_rate: Where the decay begins, or, with a `warmup_target`, the warmup.
        decay_steps: $T$, how long the decay takes, > 0; it begins after the warmup.
        alpha: $\alpha$, the part of the rate at which the decay ends, >= 0.
        name: Has no influence.
        warmup_target: Where the warmup ends and the decay begins; if None, there is no warmup.
        warmup_steps: How long the warmup takes, >= 0; without influence if there is no target.

    Returns:
        `Cosine`, with a warmup.

    Example:
        >>> CosineDecay(0.0, decay_steps=1000, alpha=0.1, warmup_target=0.5, warmup_steps=100)
        Cosine(0.5, 0.05, steps=1000).with_warmup(100)
    """
    del name
    first, steps = rate("initial_learning_rate", initial_learning_rate), duration("decay_steps", decay_steps)
    alpha = rate("alpha", alpha)
    if warmup_target is None:
        return Cosine(first, first * alpha, steps=steps)
    peak = rate("warmup_target", warmup_target)
    warmup = moment("warmup_steps", warmup_steps)
    return Cosine(peak, peak * alpha, steps=steps).with_warmup(warmup, start=first)


@checking
def CosineDecayRestarts(
    initial_learning_rate: float,
    first_decay_steps: float,
    t_mul: float = 2.0,
    m_mul: float = 1.0,
    alpha: float = 0.0,
    name: str = "SGDRDecay",
) -> Schedule:
    r"""Cosine waves, each `t_mul` times as long and `m_mul` times as high as the one before, above a common floor.

    $$\eta(t) = \eta_0 \left((1 - \alpha)\, m^i \, (1 + \cos \pi u)/2 + \alpha\right)$$

    in cycle $i$, of which the part $u$ is over.

    Not reproduced: Keras finds the cycle by a logarithm in float32 and can miss it by one where it begins. With
    `first_decay_steps=1` it gives 0 at `t = 32767`, where a cycle begins.

    Args:
        initial_learning_rate: $\eta_0$.
        first_decay_steps: The length of the first cycle, > 0.
        t_mul: 1, or at least 1.01.
        m_mul: $m$, > 0.
        alpha: $\alpha$, the part of the rate that the waves approach, between 0 and 1.
        name: Has no influence.

    Returns:
        `Cosine`, repeated.

    Example:
        >>> CosineDecayRestarts(0.1, first_decay_steps=1000)
        Cosine(0.1, steps=1000).repeat(1000, growth=2)
    """
    del name
    first = rate("initial_learning_rate", initial_learning_rate)
    steps = duration("first_decay_steps", first_decay_steps)
    if duration("t_mul", t_mul) != 1 and t_mul < 1.01:
        raise refuse(ValueError, "t_mul", "1, or >= 1.01", t_mul)
    m_mul, alpha = positive("m_mul", m_mul), share("alpha", alpha)
    if m_mul == 1 or not alpha:
        return Cosine(first, first * alpha, steps=steps).repeat(steps, growth=t_mul, decay=m_mul)
    waves = Cosine(first * (1 - alpha), steps=steps).repeat(steps, growth=t_mul, decay=m_mul)
    return waves + first * alpha


@checking
def ReduceLROnPlateau(
    base_lr: float,
    monitor: str = "val_loss",
    factor: float = 0.1,
    patience: int = 10,
    verbose: int = 0,
    mode: Literal["auto", "min", "max"] = "auto",
    min_delta: float = 1e-4,
    cooldown: int = 0,
    min_lr: float = 0.0,
) -> Plateau:
    r"""Multiplies by `factor` when a metric has not improved for `patience` epochs: a rule.

    Keras counts differently from torch: it reduces at the `patience`-th observation without improvement (0 acts as 1),
    and counts the last observation of the cooldown again. The rule has the arguments that give the same decisions.

    Not reproduced: Keras compares in float32, and a first metric that is NaN or infinite becomes its best one.

    Args:
        base_lr: The optimizer's rate, to which `min_lr` is relative, > 0.
        monitor: The name of the metric, from which `mode="auto"` is found.
        factor: Between 0 and 1.
        patience: A whole number >= 0.
        verbose: Has no influence.
        mode: Whether less or more is better; `"auto"` knows losses alone.
        min_delta: How much better is better; its sign has no influence.
        cooldown: A whole number >= 0.
        min_lr: The least rate, at most `base_lr`.

    Returns:
        `Plateau`.

    Raises:
        ValueError: If `mode` is `"auto"` and `monitor` is not a loss; if another argument is out of its range.

    Example:
        >>> ReduceLROnPlateau(0.5, factor=0.5, patience=3, min_lr=0.125)
        Plateau(0.5, 2, threshold_mode='abs', min_scale=0.25)
    """
    del verbose
    if mode == "auto":
        if monitor.removeprefix("val_") != "loss":
            rule = "'min' or 'max', since only of losses it is known that less is better"
            raise refuse(ValueError, "mode", rule, mode)
        mode = "min"
    return Plateau(
        factor,
        max(whole("patience", patience), 1) - 1,
        threshold=abs(real("min_delta", min_delta)),
        threshold_mode="abs",
        cooldown=max(whole("cooldown", cooldown) - 1, 0),
        min_scale=relative("min_lr", min_lr, base_lr),
        mode=mode,
    )
