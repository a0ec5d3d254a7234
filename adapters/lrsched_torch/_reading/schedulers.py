"""Schedulers that stand alone, each class of torch by itself."""

from collections.abc import Callable
from math import floor, isclose
from typing import Any

from torch.optim import lr_scheduler as theirs
from torch.optim.swa_utils import SWALR

from lrsched_core import Constant, Schedule, Sequence
from lrsched_core.compat import torch as compat

from .groups import Group

# Schedulers that multiply the rate that they find.

MULTIPLYING: dict[type, Callable[[Any, float], Schedule]] = {
    theirs.StepLR: lambda s, lr: compat.StepLR(lr, s.step_size, s.gamma),
    theirs.MultiStepLR: lambda s, lr: compat.MultiStepLR(lr, s.milestones.elements(), s.gamma),
    theirs.ConstantLR: lambda s, lr: compat.ConstantLR(lr, s.factor, s.total_iters),
    theirs.LinearLR: lambda s, lr: compat.LinearLR(lr, s.start_factor, s.end_factor, s.total_iters),
    theirs.ExponentialLR: lambda s, lr: compat.ExponentialLR(lr, s.gamma),
    theirs.PolynomialLR: lambda s, lr: compat.PolynomialLR(lr, s.total_iters, s.power),
}


def carried_on(made: Callable[[float], Schedule], group: Group, t: int) -> Schedule:
    """What a scheduler does that multiplies the rate that it finds."""
    part = made(1.0)(t)
    if not part:
        # The end of a decay to 0: from there on it holds what it finds. Torch's 0 may be 1e-18, or below 0.
        past = made(group.own)
        return past if group.is_near(group.now, 0.0, group.own) else spliced((0, past), (t, Constant(group.now)))

    def through(rate: float) -> Schedule:
        own = rate / part
        return made(group.own if group.is_near(own, group.own) else own)

    if group.now == group.set or not t:
        return through(group.now)
    return spliced((0, through(group.set)), (t, through(group.now)))


def spliced(*parts: tuple[float, Schedule]) -> Schedule:
    """Schedules of which each holds from a time on, all on the same clock."""
    (_, first), *later = parts
    schedules = (first, *[schedule.advance(start) for start, schedule in later])
    return Sequence(schedules, milestones=tuple([start for start, _ in later]))


# Schedulers that overwrite the rate that they find, or go on from it in another way.


def _cosine(scheduler: Any, index: int, group: Group, live: bool) -> Schedule:
    del index
    period, low, t = scheduler.T_max, scheduler.eta_min, scheduler.last_epoch
    whole = compat.CosineAnnealingLR(group.own, period, low)
    if not live:
        return whole
    # The part of the height above `eta_min` goes on until the next turn at `eta_min`, from where it is the whole
    # height again; if `T_max` is not a whole number, no step is at a turn.
    part = compat.CosineAnnealingLR(1.0, period)(t)
    turns = float(period).is_integer()
    cycle = -(-(t - period) // (2 * period))
    begun = max(0, (2 * cycle - 1) * period) if turns else 0
    ends = (2 * cycle + 1) * period

    def wave(rate: float) -> Schedule:
        if group.is_near(rate, whole(t), group.own):
            return whole
        high = low + (rate - low) / part if part > group.precision else -1.0
        if high < 0:
            message = (
                f"`lr` of a parameter group must be what CosineAnnealingLR has set it to or above its "
                f"`eta_min` and before its turn, got {rate!r} at t={t}, where it is {whole(t)!r}."
            )
            raise ValueError(message)
        return compat.CosineAnnealingLR(high, period, low)

    past, now = wave(group.set), wave(group.now)
    parts = [(0, whole)] if begun else [(0, past)]
    if begun and past is not whole:
        parts.append((begun, past))
    if now != past and t > begun:
        parts.append((t, now))
    elif now != past:
        parts[-1:] = [(t, now)]
    if turns and now is not whole:
        parts.append((ends, whole))
    return spliced(*parts) if len(parts) > 1 else parts[0][1]


def _restarts(scheduler: Any, index: int, group: Group, live: bool) -> Schedule:
    del index
    first, growth, t = scheduler.T_0, scheduler.T_mult, scheduler.last_epoch
    if live:
        start, length = 0, first
        while growth > 1 and length < scheduler.T_i:
            start, length = start + length, length * growth
        into = t % first if growth == 1 else t - start
        if length != scheduler.T_i or floor(scheduler.T_cur) != into:
            message = (
                f"`scheduler` must stand where {t} steps lead to, got `T_cur`={scheduler.T_cur!r} in a cycle "
                f"of {scheduler.T_i!r}. Torch loses its place where it is made with a `last_epoch`."
            )
            raise ValueError(message)
    return compat.CosineAnnealingWarmRestarts(group.own, first, growth, scheduler.eta_min)


def _cyclic(scheduler: Any, index: int, group: Group, live: bool) -> Schedule:
    del live
    return compat.CyclicLR(group.own, float(scheduler.max_lrs[index]), **cyclic_shape(scheduler))


def cyclic_shape(scheduler: Any) -> dict[str, Any]:
    """The arguments of a `CyclicLR` that say when it turns, and how."""
    up = _as_whole(scheduler.total_size * scheduler.step_ratio)
    return {
        "step_size_up": up,
        "step_size_down": _as_whole(scheduler.total_size - up),
        "mode": scheduler.mode,
        "gamma": scheduler.gamma,
        "scale_fn": scheduler._scale_fn_custom,
        "scale_mode": scheduler.scale_mode,
    }


def _one_cycle(scheduler: Any, index: int, group: Group, live: bool) -> Schedule:
    del group, live
    rates = scheduler.optimizer.param_groups[index]
    first, high, low = (float(rates[name]) for name in ("initial_lr", "max_lr", "min_lr"))
    if not low:
        return Constant(0.0)
    return compat.OneCycleLR(
        high, scheduler.total_steps, div_factor=high / first, final_div_factor=first / low, **one_cycle_shape(scheduler)
    )


def one_cycle_shape(scheduler: Any) -> dict[str, Any]:
    """The arguments of a `OneCycleLR` that say when it turns, and how."""
    phases = scheduler._schedule_phases
    return {
        "pct_start": (phases[0]["end_step"] + 1) / scheduler.total_steps,
        "anneal_strategy": scheduler._anneal_func_type,
        "three_phase": len(phases) == 3,
    }


def _swa(scheduler: Any, index: int, group: Group, live: bool) -> Schedule:
    del live
    swa_lr = float(scheduler.optimizer.param_groups[index]["swa_lr"])
    steps, t = scheduler.anneal_epochs, scheduler._step_count - 1
    # PyTorch 2.9 keeps the function alone, not its name.
    strategy = "linear" if scheduler.anneal_func is type(scheduler)._linear_anneal else "cos"

    def made(rate: float) -> Schedule:
        return compat.SWALR(rate, swa_lr, steps, strategy)

    if not steps:
        return made(swa_lr)
    part = compat.SWALR(1.0, 0.0, steps, strategy)(t)
    if not part:
        # The rate that it found is lost: from now on, and as far as anybody knows, it is constant.
        return Constant(swa_lr)

    def through(rate: float) -> Schedule:
        return made(_rounded((rate - swa_lr * (1 - part)) / part))

    if group.now == group.set or not t:
        return through(group.now)
    return spliced((0, through(group.set)), (t, through(group.now)))


OTHERS: dict[type, Callable[[Any, int, Group, bool], Schedule]] = {
    theirs.CosineAnnealingLR: _cosine,
    theirs.CosineAnnealingWarmRestarts: _restarts,
    theirs.CyclicLR: _cyclic,
    theirs.OneCycleLR: _one_cycle,
    SWALR: _swa,
}


def _as_whole(steps: float) -> float:
    """Torch keeps a sum and a ratio, which give back a whole number only nearly."""
    return round(steps) if isclose(steps, round(steps), rel_tol=1e-12) else steps


def _rounded(rate: float) -> float:
    """What somebody wrote had few digits."""
    few = float(f"{rate:.12g}")
    return few if isclose(few, rate, rel_tol=1e-14) else rate
