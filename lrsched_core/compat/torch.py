"""PyTorch's schedulers: `torch.optim.lr_scheduler` and `torch.optim.swa_utils`.

`t` is the number of times that `scheduler.step()` was called. Torch computes most rates from the rate before: what is
meant here is what comes out if nobody else writes `param_group["lr"]`. `ReduceLROnPlateau` is no function of time, but
a rule: see `lrsched_core.Plateau`.
"""
# One constructor for each name of the library, side by side: the module is as long as that list.

import math
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Items
from functools import reduce
from itertools import pairwise
from typing import Literal

from lrsched_core import (
    Constant,
    Cosine,
    Exponential,
    Factor,
    Function,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Polynomial,
    Schedule,
    Sequence,
)
from lrsched_core._errors import refuse
from lrsched_core._run.plateau import Plateau
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import choice, duration, moment, positive, rate
from lrsched_core.compat._arguments import relative, share, whole
from lrsched_core.compat._curves import endless_cosine

_RAMPS: dict[str, Callable[..., Schedule]] = {"cos": Cosine, "linear": Linear}


@checking
def LambdaLR(base_lr: float, lr_lambda: Callable[[int], float]) -> Schedule:
    r"""A function of yours as a factor: $\eta_0 \, \lambda(t)$.

    Args:
        base_lr: The optimizer's rate.
        lr_lambda: A function of the number of updates, or a schedule. A schedule made from a function cannot be
            serialised.

    Returns:
        `base_lr * Function(lr_lambda)`.

    Example:
        >>> LambdaLR(0.5, lambda t: 1 / (t + 1))(4)
        0.1
    """
    factor = lr_lambda if isinstance(lr_lambda, Schedule) else Function(lr_lambda)
    return rate("base_lr", base_lr) * factor


@checking
def MultiplicativeLR(base_lr: float, lr_lambda: Callable[[int], float], *, steps: int) -> Schedule:
    r"""A product of factors: $\eta_0 \prod_{i=1}^{t} \lambda(i)$.

    No formula gives such a product, so it is worked out once, for the updates that there will be. Torch goes on
    multiplying; here the last value is held.

    Args:
        base_lr: The optimizer's rate.
        lr_lambda: The factor by which update `i` multiplies, for `i` from 1 on.
        steps: How many factors to take, >= 0.

    Returns:
        A table, `PiecewiseConstant`.

    Raises:
        ValueError: If a product is negative or not finite.

    Example:
        >>> MultiplicativeLR(1.0, lambda t: 1 / t, steps=3)
        PiecewiseConstant((1.0, 1.0, 0.5, 0.16666666666666666), milestones=(1, 2, 3))
    """
    values = [rate("base_lr", base_lr)]
    for i in range(1, whole("steps", steps) + 1):
        values.append(values[-1] * lr_lambda(i))
    return PiecewiseConstant(tuple(values), milestones=tuple(range(1, len(values))))


@checking
def StepLR(base_lr: float, step_size: int, gamma: float = 0.1) -> Schedule:
    r"""Multiplies by `gamma` every `step_size` updates: $\eta_0 \, \gamma^{\lfloor t / s \rfloor}$.

    Args:
        base_lr: The optimizer's rate.
        step_size: $s$, a whole number > 0.
        gamma: $\gamma$, > 0.

    Returns:
        `Factor`.

    Example:
        >>> StepLR(0.1, step_size=30)
        Factor(0.1, 0.1, every=30)
    """
    return Factor(base_lr, positive("gamma", gamma), every=whole("step_size", step_size, least=1))


@checking
def MultiStepLR(base_lr: float, milestones: Iterable[int], gamma: float = 0.1) -> Schedule:
    r"""Multiplies by `gamma` at each milestone: $\eta_0 \, \gamma^{\#\{m \le t\}}$.

    Args:
        base_lr: The optimizer's rate.
        milestones: Whole numbers >= 0, in any order; one given twice counts twice.
        gamma: $\gamma$, > 0.

    Returns:
        `MultiFactor`.

    Example:
        >>> MultiStepLR(0.1, milestones=[30, 80])
        MultiFactor(0.1, 0.1, milestones=(30, 80))
    """
    times = sorted([whole(f"milestones[{i}]", milestone) for i, milestone in enumerate(milestones)])
    return MultiFactor(base_lr, positive("gamma", gamma), milestones=tuple(times))


@checking
def ConstantLR(base_lr: float, factor: float = 1 / 3, total_iters: int = 5, *, clean: bool = False) -> Schedule:
    r"""A fixed part of the rate for a while, then all of it: $f \eta_0$ for $t < T$, then $\eta_0$.

    Quirk: with `total_iters=0` torch never leaves the reduced rate; clean: it never has it. Not reproduced: with
    `factor=0` torch divides by zero at `total_iters`.

    Args:
        base_lr: The optimizer's rate.
        factor: $f$, between 0 and 1.
        total_iters: $T$, a whole number >= 0.
        clean: Without the quirk.

    Returns:
        A constant with a constant warmup.

    Example:
        >>> ConstantLR(0.5, factor=0.5, total_iters=4)
        Constant(0.5).with_warmup(4, start=0.25, shape='constant')
    """
    base_lr = rate("base_lr", base_lr)
    start = base_lr * share("factor", factor)
    if not whole("total_iters", total_iters):
        return Constant(base_lr if clean else start)
    return Constant(base_lr).with_warmup(total_iters, start=start, shape="constant")


@checking
def LinearLR(
    base_lr: float,
    start_factor: float = 1 / 3,
    end_factor: float = 1.0,
    total_iters: int = 5,
    *,
    clean: bool = False,
) -> Schedule:
    r"""A straight line between two parts of the rate: $\eta_0 (s + (e - s) \min(t, T) / T)$.

    Quirk: with `total_iters=0` torch stays at the start for ever; clean: it is at the end at once.

    Args:
        base_lr: The optimizer's rate.
        start_factor: $s$, > 0 and at most 1.
        end_factor: $e$, between 0 and 1.
        total_iters: $T$, a whole number >= 0.
        clean: Without the quirk.

    Returns:
        `Linear`.

    Example:
        >>> LinearLR(0.5, start_factor=0.5, total_iters=4)
        Linear(0.25, 0.5, steps=4)
    """
    base_lr = rate("base_lr", base_lr)
    start = base_lr * share("start_factor", positive("start_factor", start_factor))
    end = base_lr * share("end_factor", end_factor)
    if not whole("total_iters", total_iters):
        return Constant(end if clean else start)
    return Linear(start, end, steps=total_iters)


@checking
def ExponentialLR(base_lr: float, gamma: float) -> Schedule:
    r"""Multiplies by `gamma` in every update: $\eta_0 \, \gamma^t$.

    Args:
        base_lr: The optimizer's rate.
        gamma: $\gamma$, > 0.

    Returns:
        `Factor`.

    Example:
        >>> ExponentialLR(0.1, gamma=0.9)
        Factor(0.1, 0.9)
    """
    return Factor(base_lr, positive("gamma", gamma))


@checking
def PolynomialLR(base_lr: float, total_iters: int = 5, power: float = 1.0, *, clean: bool = False) -> Schedule:
    r"""A power of the time that is left: $\eta_0 (1 - \min(t, T) / T)^p$.

    Quirk: with `total_iters=0` torch never decays; clean: that is refused.

    Args:
        base_lr: The optimizer's rate.
        total_iters: $T$, a whole number >= 0.
        power: $p$, > 0.
        clean: Without the quirk.

    Returns:
        `Polynomial`.

    Example:
        >>> PolynomialLR(0.1, total_iters=100, power=0.9)
        Polynomial(0.1, steps=100, power=0.9)
    """
    if not whole("total_iters", total_iters, least=1 if clean else 0):
        return Constant(base_lr)
    return Polynomial(base_lr, steps=total_iters, power=power)


@checking
def CosineAnnealingLR(base_lr: float, T_max: float, eta_min: float = 0.0, *, clean: bool = False) -> Schedule:
    r"""A cosine wave from the rate to `eta_min`: $\eta_1 + (\eta_0 - \eta_1)(1 + \cos(\pi t / T)) / 2$.

    Quirk: it goes on after `T_max`, up to the rate at `2 * T_max`, and down again; clean: it ends at `T_max`.

    Args:
        base_lr: $\eta_0$, the optimizer's rate.
        T_max: $T$, > 0.
        eta_min: $\eta_1$, >= 0.
        clean: Without the quirk.

    Returns:
        `Cosine`, repeated unless `clean`.

    Example:
        >>> annealing = CosineAnnealingLR(0.1, T_max=50)
        >>> annealing(50), annealing(100)
        (0.0, 0.1)
        >>> CosineAnnealingLR(0.1, T_max=50, clean=True)
        Cosine(0.1, steps=50)
    """
    floor, steps = rate("eta_min", eta_min), duration("T_max", T_max)
    return Cosine(base_lr, floor, steps=steps) if clean else endless_cosine(base_lr, floor, steps)


@checking
def CosineAnnealingWarmRestarts(base_lr: float, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> Schedule:
    r"""Cosine waves from the rate to `eta_min`, each `T_mult` times as long as the one before.

    Not reproduced: `scheduler.step(epoch)` looks for the cycle by a logarithm of floats and can miss it by one. With
    `T_0=10` and `T_mult=3` it gives `eta_min` at `t = 1210`, where a cycle begins.

    Args:
        base_lr: The optimizer's rate, with which each cycle begins.
        T_0: The length of the first cycle, a whole number > 0.
        T_mult: A whole number >= 1.
        eta_min: What each cycle approaches, >= 0.

    Returns:
        `Cosine`, repeated.

    Example:
        >>> CosineAnnealingWarmRestarts(0.1, T_0=10, T_mult=3)(1210)
        0.1
    """
    floor, steps = rate("eta_min", eta_min), whole("T_0", T_0, least=1)
    return Cosine(base_lr, floor, steps=steps).repeat(steps, growth=whole("T_mult", T_mult, least=1))


@checking
def CyclicLR(
    base_lr: float,
    max_lr: float,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: Callable[[float], float] | None = None,
    scale_mode: str = "cycle",
) -> Schedule:
    r"""Up and down between two rates, for ever: $b + (M - b) \, h(t) \, s(t)$, with $h$ a triangle between 0 and 1.

    Args:
        base_lr: $b$, where each cycle begins and ends. Torch takes it from here, too, not from the optimizer.
        max_lr: $M$, the peak.
        step_size_up: How long $h$ rises, > 0.
        step_size_down: How long it falls, >= 0; None means as long as it rises.
        mode: $s$ is 1 if `"triangular"`; halved in each cycle if `"triangular2"`; `gamma ** t` if `"exp_range"`.
        gamma: Of `"exp_range"`, > 0.
        scale_fn: A function to be $s$ instead, of the number of the cycle (from 1 on) or of `t`. A schedule made with
            one cannot be serialised.
        scale_mode: What `scale_fn` takes: `"cycle"` or `"iterations"`.

    Returns:
        Two `Linear` repeated, with a factor that depends on `mode`.

    Example:
        >>> cyclic = CyclicLR(0.1, 0.5, step_size_up=4, mode="triangular2")
        >>> cyclic(0), cyclic(4), cyclic(8), cyclic(12)
        (0.1, 0.5, 0.1, 0.30000000000000004)
    """
    low, high = rate("base_lr", base_lr), rate("max_lr", max_lr)
    return _cycles(low, high, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)


@checking
def CyclicMomentum(
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: str = "triangular",
    gamma: float = 1.0,
    scale_fn: Callable[[float], float] | None = None,
    scale_mode: str = "cycle",
) -> Schedule:
    """The momentum that torch's `CyclicLR` sets beside the rate: it falls while the rate rises.

    Args:
        base_momentum: What it falls to.
        max_momentum: Where each cycle begins and ends.
        step_size_up: As in `CyclicLR`, how long the rate rises.
        step_size_down: As in `CyclicLR`.
        mode: As in `CyclicLR`.
        gamma: As in `CyclicLR`.
        scale_fn: As in `CyclicLR`.
        scale_mode: As in `CyclicLR`.

    Returns:
        As `CyclicLR`.

    Example:
        >>> momentum = CyclicMomentum(step_size_up=4)
        >>> momentum(0), momentum(4), momentum(8)
        (0.9, 0.8, 0.9)
    """
    low, high = rate("base_momentum", base_momentum), rate("max_momentum", max_momentum)
    return _cycles(high, low, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)


def _cycles(
    base: float,
    peak: float,
    step_size_up: float,
    step_size_down: float | None,
    mode: str,
    gamma: float,
    scale_fn: Callable[[float], float] | None,
    scale_mode: str,
) -> Schedule:
    up = duration("step_size_up", step_size_up)
    down = up if step_size_down is None else moment("step_size_down", step_size_down)
    period = up + down

    def cycle(base: float, peak: float) -> Schedule:
        rise = Linear(base, peak, steps=up)
        return rise.then(Linear(peak, base, steps=down), at=up) if down else rise

    if scale_fn is None and choice("mode", mode, ("triangular", "triangular2", "exp_range")) == "triangular":
        return cycle(base, peak).repeat(period)
    height = cycle(0.0, abs(peak - base))
    if scale_fn is None and mode == "triangular2":
        height = height.repeat(period, decay=0.5)
    elif scale_fn is None:
        height = height.repeat(period) * Exponential(1.0, positive("gamma", gamma))
    elif choice("scale_mode", scale_mode, ("cycle", "iterations")) == "iterations":
        height = height.repeat(period) * Function(scale_fn)
    else:
        height = height.repeat(period) * Function(lambda t: scale_fn(1 + math.floor(t / period)))
    return base + height if peak >= base else base - height


@checking
def OneCycleLR(
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Up to a peak and down to almost nothing: the 1cycle policy.

    From `max_lr / div_factor` to `max_lr` at $pN - 1$, then to `max_lr / (div_factor * final_div_factor)` at $N - 1$,
    the last update. With three phases it comes back to `max_lr / div_factor` at $2pN - 2$ before it goes further down.

    Quirks: each phase ends one update early, or two, so that the peak is met only if $pN$ is whole; if $pN < 1$ there
    is no rise. Clean: the phases end at $pN$, $2pN$ and $N$. Not reproduced: at $N$, once past its end, torch's rate
    rises again or, if linear, is negative, and after that it raises; here the last rate is held.

    Args:
        max_lr: The peak.
        total_steps: $N$, a whole number > 0; or else `epochs` and `steps_per_epoch`.
        epochs: $N$ is this many times `steps_per_epoch`, if `total_steps` is None.
        steps_per_epoch: See `epochs`.
        pct_start: $p$, the part of $N$ that rises, between 0 and 1. $pN$ may not be 1, on which torch divides by zero.
        anneal_strategy: `"cos"` or `"linear"`.
        div_factor: > 0.
        final_div_factor: > 0.
        three_phase: Comes back to the first rate before it goes further down.
        clean: Without the quirks.

    Returns:
        Two or three `Cosine` or `Linear`, one after the other.

    Raises:
        ValueError: If neither `total_steps` nor both of `epochs` and `steps_per_epoch` are given.

    Example:
        >>> one_cycle = OneCycleLR(0.5, total_steps=10)
        >>> one_cycle(0), one_cycle(2), one_cycle(9)
        (0.02, 0.5, 2e-06)
    """
    peak = rate("max_lr", max_lr)
    start = peak / positive("div_factor", div_factor)
    end = start / positive("final_div_factor", final_div_factor)
    total = _total(total_steps, epochs, steps_per_epoch)
    values = (start, peak, start, end) if three_phase else (start, peak, end)
    return _one_cycle(values, total, pct_start, anneal_strategy, clean=clean)


@checking
def OneCycleMomentum(
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: str = "cos",
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    three_phase: bool = False,
    *,
    clean: bool = False,
) -> Schedule:
    """The momentum that torch's `OneCycleLR` sets beside the rate: it falls while the rate rises.

    Quirks: those of `OneCycleLR`.

    Args:
        total_steps: As in `OneCycleLR`.
        epochs: As in `OneCycleLR`.
        steps_per_epoch: As in `OneCycleLR`.
        pct_start: As in `OneCycleLR`.
        anneal_strategy: As in `OneCycleLR`.
        base_momentum: The momentum at the peak of the rate.
        max_momentum: The momentum at the start and at the end.
        three_phase: As in `OneCycleLR`.
        clean: Without the quirks.

    Returns:
        As `OneCycleLR`.

    Example:
        >>> momentum = OneCycleMomentum(total_steps=10)
        >>> momentum(0), momentum(2), momentum(9)
        (0.95, 0.85, 0.95)
    """
    low, high = rate("base_momentum", base_momentum), rate("max_momentum", max_momentum)
    total = _total(total_steps, epochs, steps_per_epoch)
    values = (high, low, high, high) if three_phase else (high, low, high)
    return _one_cycle(values, total, pct_start, anneal_strategy, clean=clean)


def _total(total_steps: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total_steps is None and epochs is not None and steps_per_epoch is not None:
        return whole("epochs", epochs, least=1) * whole("steps_per_epoch", steps_per_epoch, least=1)
    if total_steps is None:
        rule = "given, or else `epochs` and `steps_per_epoch`"
        raise refuse(ValueError, "total_steps", rule, total_steps)
    return whole("total_steps", total_steps, least=1)


def _one_cycle(values: tuple[float, ...], total: int, pct_start: float, strategy: str, *, clean: bool) -> Schedule:
    ramp = _RAMPS[choice("anneal_strategy", strategy, _RAMPS)]
    early = 0 if clean else 1
    top = share("pct_start", pct_start) * total - early
    if not clean and top == 0:
        raise refuse(ValueError, "pct_start", f"other than 1 / {total}, with which there is no time to rise", pct_start)
    last = total - early
    knots = (0, top, last) if len(values) == 3 else (0, top, 2 * top, last)
    legs, starts = [], []
    for (start, stop), (begin, end) in zip(pairwise(knots), pairwise(values), strict=True):
        if start < min(stop, last) and stop > 0:
            leg = ramp(begin, end, steps=stop - start)
            legs.append(leg.advance(-start) if start < 0 else leg)
            starts.append(max(start, 0))
    if not legs:
        return Constant(values[-1])
    cycle: Schedule = Sequence(tuple(legs), milestones=tuple(starts[1:]))
    # The middle one of three phases may be longer than the training.
    return cycle.then(Constant(cycle(last)), at=last) if len(values) == 4 and 2 * top > last else cycle


@checking
def SequentialLR(schedulers: Items[Schedule], milestones: Items[int]) -> Schedule:
    """Schedules one after the other, each on a clock of its own.

    Not reproduced: of a `SequentialLR` within another, torch leaves out an update if it comes first, and fails if it
    comes later; a `MultiplicativeLR` goes on from the rate before it.

    Args:
        schedulers: At least one.
        milestones: When each one after the first begins, in ascending order.

    Returns:
        `Sequence`.

    Example:
        >>> SequentialLR([LinearLR(0.3, total_iters=5), ExponentialLR(0.3, gamma=0.9)], milestones=[5])
        Sequence((Linear(0.09999999999999999, 0.3, steps=5), Factor(0.3, 0.9)), milestones=(5,))
    """
    return Sequence(_at_least_one(schedulers), milestones=tuple(milestones))


@checking
def ChainedScheduler(schedulers: Items[Schedule], *, base_lr: float) -> Schedule:
    r"""All at once, each as a factor of the rate: $\eta_0 \prod_i s_i(t) / \eta_0$.

    This is what torch does with schedulers that multiply the rate they find: `ConstantLR`, `LinearLR`, `PolynomialLR`,
    `StepLR`, `MultiStepLR`, `ExponentialLR`, `MultiplicativeLR`, and `CosineAnnealingLR` before its end if `eta_min`
    is 0. Not reproduced: all others write a rate of their own, and so wipe out what those before them did, and each
    time what those after them did one update before.

    Args:
        schedulers: Schedules that were all made with this `base_lr`, at least one.
        base_lr: The optimizer's rate, > 0.

    Returns:
        A product.

    Example:
        >>> chained = ChainedScheduler([ConstantLR(0.5, total_iters=2), ExponentialLR(0.5, gamma=0.5)], base_lr=0.5)
        >>> round(chained(1), 12), chained(2)
        (0.083333333333, 0.125)
    """
    base_lr = positive("base_lr", base_lr)
    return reduce(lambda product, schedule: product * (schedule / base_lr), _at_least_one(schedulers))


def _at_least_one(schedulers: Items[Schedule]) -> tuple[Schedule, ...]:
    if not schedulers:
        raise refuse(ValueError, "schedulers", "at least one schedule", schedulers)
    return tuple(schedulers)


@checking
def SWALR(base_lr: float, swa_lr: float, anneal_epochs: int = 10, anneal_strategy: str = "cos") -> Schedule:
    """From the rate that it finds to `swa_lr`, which it holds.

    Behind another schedule `s` it is `s.cooldown(at=..., steps=anneal_epochs, final_lr=swa_lr, shape="cosine")`.

    Args:
        base_lr: The rate that it finds.
        swa_lr: The rate that it ends with.
        anneal_epochs: How long it takes, a whole number >= 0.
        anneal_strategy: `"cos"` or `"linear"`.

    Returns:
        `Cosine` or `Linear`.

    Example:
        >>> SWALR(0.1, swa_lr=0.05)
        Cosine(0.1, 0.05, steps=10)
    """
    ramp, swa_lr = _RAMPS[choice("anneal_strategy", anneal_strategy, _RAMPS)], rate("swa_lr", swa_lr)
    if not whole("anneal_epochs", anneal_epochs):
        return Constant(swa_lr)
    return ramp(base_lr, swa_lr, steps=anneal_epochs)


@checking
def ReduceLROnPlateau(
    base_lr: float,
    mode: Literal["min", "max"] = "min",
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    threshold_mode: Literal["rel", "abs"] = "rel",
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
) -> Plateau:
    r"""Multiplies by `factor` when a metric has not improved for more than `patience` observations: a rule.

    Not reproduced: where the best metric is negative, torch takes a relative threshold with the wrong sign. Nor is
    `eps`: torch leaves out changes that are smaller, so that a rate without a `min_lr` stays near 1e-8.

    Args:
        base_lr: The optimizer's rate, to which `min_lr` is relative, > 0.
        mode: Whether less or more is better.
        factor: Between 0 and 1.
        patience: A whole number >= 0.
        threshold: How much better is better.
        threshold_mode: Whether `threshold` is a part of the best metric.
        cooldown: How many observations are not counted after a reduction.
        min_lr: The least rate, at most `base_lr`.
        eps: Has no influence.

    Returns:
        `Plateau`.

    Example:
        >>> ReduceLROnPlateau(0.5, factor=0.5, patience=3, min_lr=0.125)
        Plateau(0.5, 3, min_scale=0.25)
    """
    del eps
    return Plateau(
        factor,
        patience,
        threshold=threshold,
        threshold_mode=threshold_mode,
        cooldown=cooldown,
        min_scale=relative("min_lr", min_lr, base_lr),
        mode=mode,
    )
