"""The schedulers of timm, without their noise.

`t` is what `step(t)` or `step_update(t)` is given after an update. Noise has no counterpart here.
`PlateauLRScheduler` is no function of time, but a rule: see `lrsched_core.Plateau`.

Quirk of all but `StepLRScheduler`: until it is first stepped, a scheduler without a warmup leaves the optimizer's rate
as it is, even if the schedule begins with another. Clean: the first update has the schedule's first value.
"""
# One constructor for each name of the library, side by side: the module is as long as that list.

import math
from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate
from typing import Literal

from lrsched_core import (
    Constant,
    Cosine,
    CosinePower,
    Factor,
    Function,
    MultiFactor,
    NormalizedExponential,
    Polynomial,
    Power,
    PowerDecay,
    Schedule,
    Sequence,
    Tanh,
    maximum,
)
from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._run.plateau import Plateau
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import choice, duration, moment, positive, rate
from lrsched_core.compat._arguments import relative, whole
from lrsched_core.compat._curves import DECAYS, warmed_up

# From one rate to another.
_Ramp = Callable[..., Schedule]


@checking
def CosineLRScheduler(
    base_lr: float,
    t_initial: float,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    k_decay: float = 1.0,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Half cosine waves with a warmup: $m + (B \gamma^i - m)(1 + \cos(\pi u^k)) / 2$ where $u$ of cycle $i$ is over.

    Quirk: with `warmup_prefix=False` the warmup aims at `base_lr`, although the wave has fallen meanwhile, and jumps
    down to it at its end. Clean: it aims at the value that the wave has there. Not reproduced: with `cycle_mul` timm
    looks for the cycle by a logarithm of floats and can miss it by one. With `t_initial=10` and `cycle_mul=3` it gives
    `lr_min` at `t = 1210`, where a cycle begins.

    Args:
        base_lr: $B$, the optimizer's rate.
        t_initial: $T_0$, the length of the first cycle, > 0.
        lr_min: $m$, what each cycle approaches, and what is held after the last.
        cycle_mul: How many times longer each cycle is, > 0.
        cycle_decay: $\gamma$, how many times as high, > 0.
        cycle_limit: How many cycles, >= 0.
        warmup_t: How long the warmup takes, >= 0.
        warmup_lr_init: Where it begins.
        warmup_prefix: Whether the first cycle begins after the warmup, and not with it.
        k_decay: $k$, > 0: above 1 the rate stays high for longer.
        clean: Without the quirks.

    Returns:
        `Cosine` or `CosinePower`, with as many repeats and as much of a warmup as there are.

    Example:
        >>> CosineLRScheduler(0.1, 100, warmup_t=10, warmup_prefix=True)
        Cosine(0.1, steps=100).with_warmup(10)
    """
    k = positive("k_decay", k_decay)

    wave: _Ramp = Cosine if k == 1 else partial(CosinePower, time_power=k)
    base_lr = rate("base_lr", base_lr)
    cycles = _cycles(wave, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return _warm(cycles, base_lr, warmup_t, warmup_lr_init, prefix=warmup_prefix, clean=clean)


@checking
def PolyLRScheduler(
    base_lr: float,
    t_initial: float,
    power: float = 0.5,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    k_decay: float = 1.0,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Powers of what is left with a warmup: $m + (B \gamma^i - m)(1 - u^k)^p$ where $u$ of cycle $i$ is over.

    Quirk, and what is not reproduced: those of `CosineLRScheduler`.

    Args:
        base_lr: $B$, the optimizer's rate.
        t_initial: As in `CosineLRScheduler`.
        power: $p$, > 0.
        lr_min: As in `CosineLRScheduler`.
        cycle_mul: As in `CosineLRScheduler`.
        cycle_decay: As in `CosineLRScheduler`.
        cycle_limit: As in `CosineLRScheduler`.
        warmup_t: As in `CosineLRScheduler`.
        warmup_lr_init: As in `CosineLRScheduler`.
        warmup_prefix: As in `CosineLRScheduler`.
        k_decay: As in `CosineLRScheduler`.
        clean: Without the quirks.

    Returns:
        `Polynomial`, with as many repeats and as much of a warmup as there are.

    Example:
        >>> PolyLRScheduler(0.1, 100, power=2.0)
        Polynomial(0.1, steps=100)
    """
    curve = partial(Polynomial, power=positive("power", power), time_power=positive("k_decay", k_decay))
    base_lr = rate("base_lr", base_lr)
    cycles = _cycles(curve, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    return _warm(cycles, base_lr, warmup_t, warmup_lr_init, prefix=warmup_prefix, clean=clean)


@checking
def TanhLRScheduler(
    base_lr: float,
    t_initial: float,
    lb: float = -7.0,
    ub: float = 3.0,
    lr_min: float = 0.0,
    cycle_mul: float = 1.0,
    cycle_decay: float = 1.0,
    cycle_limit: int = 1,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = False,
    *,
    clean: bool = False,
) -> Schedule:
    r"""A hyperbolic tangent with a warmup: $m + (B \gamma^i - m)(1 - \tanh(l (1 - u) + b u)) / 2$.

    $u$ is the part of cycle $i$ that is over. The curve begins a little below $B$ and jumps down to $m$ at its end.

    Quirk: with `warmup_prefix=True` the warmup aims at $B$ itself. Clean: it aims at the first value of the curve. Not
    reproduced: what `CosineLRScheduler` says of cycles.

    Args:
        base_lr: $B$, the optimizer's rate.
        t_initial: As in `CosineLRScheduler`.
        lb: $l$, below `ub`.
        ub: $b$.
        lr_min: As in `CosineLRScheduler`.
        cycle_mul: As in `CosineLRScheduler`.
        cycle_decay: As in `CosineLRScheduler`.
        cycle_limit: As in `CosineLRScheduler`.
        warmup_t: As in `CosineLRScheduler`.
        warmup_lr_init: As in `CosineLRScheduler`.
        warmup_prefix: As in `CosineLRScheduler`.
        clean: Without the quirks.

    Returns:
        `Tanh`, with as many repeats and as much of a warmup as there are.
    """
    lb, ub = real("lb", lb), real("ub", ub)
    if lb >= ub:
        raise refuse(ValueError, "lb", f"below `ub`, {ub}", lb)

    begin, end = (1 - math.tanh(lb)) / 2, (1 - math.tanh(ub)) / 2

    def curve(start: float, stop: float, *, steps: float) -> Schedule:
        way = start - stop
        return Tanh(stop + way * begin, stop + way * end, steps=steps, lower=lb, upper=ub)

    base_lr = rate("base_lr", base_lr)
    cycles = _cycles(curve, base_lr, t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit)
    # Where it is no prefix, timm's warmup aims at the curve already.
    clean = clean or (bool(warmup_t) and not warmup_prefix)
    return _warm(cycles, base_lr, warmup_t, warmup_lr_init, prefix=warmup_prefix, clean=clean)


@checking
def StepLRScheduler(
    base_lr: float,
    decay_t: float,
    decay_rate: float = 1.0,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = True,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Multiplies by `decay_rate` every `decay_t`, with a warmup: $B \gamma^{\lfloor t / s \rfloor}$.

    Quirk: with `warmup_prefix=False` the warmup aims at `base_lr`, although the steps have begun meanwhile. Clean: it
    aims at the value that they have at its end.

    Args:
        base_lr: $B$, the optimizer's rate.
        decay_t: $s$, > 0.
        decay_rate: $\gamma$, > 0.
        warmup_t: How long the warmup takes, >= 0.
        warmup_lr_init: Where it begins.
        warmup_prefix: Whether the steps begin after the warmup, and not with it.
        clean: Without the quirk.

    Returns:
        `Factor`, with a warmup.

    Example:
        >>> StepLRScheduler(0.1, decay_t=30, decay_rate=0.1, warmup_t=5)
        Factor(0.1, 0.1, every=30).with_warmup(5)
    """
    base_lr = rate("base_lr", base_lr)
    steps = Factor(base_lr, positive("decay_rate", decay_rate), every=duration("decay_t", decay_t))
    return _warm(steps, base_lr, warmup_t, warmup_lr_init, prefix=warmup_prefix, clean=clean)


@checking
def MultiStepLRScheduler(
    base_lr: float,
    decay_t: Iterable[int],
    decay_rate: float = 1.0,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    warmup_prefix: bool = True,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Multiplies by `decay_rate` at each milestone, with a warmup: $B \gamma^{\#\{m \le t + 1\}}$.

    Quirks: each milestone holds one update early; with `warmup_prefix=False` the warmup aims at `base_lr`, although
    there may be milestones before its end. Clean: milestones hold when they say, and the warmup aims at the value that
    the steps have at its end.

    Args:
        base_lr: $B$, the optimizer's rate.
        decay_t: The milestones, whole numbers >= 0 in ascending order.
        decay_rate: $\gamma$, > 0.
        warmup_t: How long the warmup takes, >= 0.
        warmup_lr_init: Where it begins.
        warmup_prefix: Whether the milestones count from the end of the warmup, and not from its beginning.
        clean: Without the quirks.

    Returns:
        `MultiFactor`, with a warmup.

    Example:
        >>> MultiStepLRScheduler(0.1, decay_t=[30, 60], decay_rate=0.1)
        MultiFactor(0.1, 0.1, milestones=(29, 59))
        >>> MultiStepLRScheduler(0.1, decay_t=[30, 60], decay_rate=0.1, clean=True)
        MultiFactor(0.1, 0.1, milestones=(30, 60))
    """
    base_lr = rate("base_lr", base_lr)
    times = [whole(f"decay_t[{i}]", time) for i, time in enumerate(decay_t)]
    if sorted(times) != times:
        raise refuse(ValueError, "decay_t", "in ascending order", times)
    milestones = tuple(times if clean else [max(0, time - 1) for time in times])
    steps = MultiFactor(base_lr, positive("decay_rate", decay_rate), milestones=milestones)
    return _warm(steps, base_lr, warmup_t, warmup_lr_init, prefix=warmup_prefix, clean=clean)


@checking
def WSDLRScheduler(
    base_lr: float,
    t_initial: float,
    decay_t: float,
    lr_min: float = 0.0,
    stable_fn: str = "constant",
    stable_timescale: float | None = None,
    stable_power: float = 0.5,
    decay_fn: str | Callable[[float], float] = "1-sqrt",
    decay_power: float = 0.5,
    decay_ratio: float = 0.1,
    warmup_t: float = 0,
    warmup_lr_init: float = 0.0,
    *,
    clean: bool = False,
) -> Schedule:
    r"""Warmup, stable rate, decay: $m + (\max(B s(t - W), m) - m) \, d(f)$ where $f$ of the decay is over.

    Quirk: that of all schedulers, which shows only if $m$ is above $B$.

    Args:
        base_lr: $B$, the optimizer's rate.
        t_initial: How long the stable rate and the decay take together, > 0.
        decay_t: How long the decay takes, > 0 and at most `t_initial`.
        lr_min: $m$, which is held in the end.
        stable_fn: $s$ is 1 if `"constant"`, $(1 + x / \tau)^{-1/2}$ if `"rsqrt"`, $(1 + x / \tau)^{-p}$ if `"power"`.
        stable_timescale: $\tau$, > 0; if None, `warmup_t`.
        stable_power: $p$, > 0.
        decay_fn: $d$ is $1 - f$ if `"linear"`, $1 - \sqrt f$ if `"1-sqrt"`, half a wave if `"cosine"`, $1 - f^q$ if
            `"power"`, $(r^f - r) / (1 - r)$ if `"exp"`, or a function, with which no schedule can be serialised.
        decay_power: $q$, > 0.
        decay_ratio: $r$, between 0 and 1.
        warmup_t: $W$, how long the warmup takes, >= 0.
        warmup_lr_init: Where it begins.
        clean: Without the quirk.

    Returns:
        A constant with a cooldown and a warmup; or, if the stable rate falls, a sum of two products.

    Example:
        >>> wsd = WSDLRScheduler(0.1, 100, 20, warmup_t=10)
        >>> wsd(10), wsd(90), round(wsd(95), 12), wsd(110)
        (0.1, 0.1, 0.05, 0.0)
    """
    base_lr, floor = rate("base_lr", base_lr), rate("lr_min", lr_min)
    total, steps = duration("t_initial", t_initial), duration("decay_t", decay_t)
    if steps > total:
        raise refuse(ValueError, "decay_t", f"at most `t_initial`, {total}", decay_t)
    decay = _decay(decay_fn, decay_power, decay_ratio)
    stable: Schedule = Constant(max(base_lr, floor))
    if choice("stable_fn", stable_fn, ("constant", "rsqrt", "power")) != "constant":
        timescale = duration("stable_timescale", warmup_t if stable_timescale is None else stable_timescale)
        power = 0.5 if stable_fn == "rsqrt" else positive("stable_power", stable_power)
        stable = PowerDecay(base_lr, power, timescale=timescale)
        stable = maximum(stable, Constant(floor)) if floor else stable
    start = total - steps
    if isinstance(stable, Constant):
        curve = stable.then(decay(stable.lr, floor, steps=steps), at=start)
    else:
        curve = stable * decay(1.0, 0.0, steps=steps).delay(start)
        curve = curve + decay(0.0, floor, steps=steps).delay(start) if floor else curve
    return _warm(curve, base_lr, warmup_t, warmup_lr_init, prefix=True, clean=clean)


def _decay(decay_fn: str | Callable[[float], float], decay_power: float, decay_ratio: float) -> _Ramp:
    power, ratio = positive("decay_power", decay_power), positive("decay_ratio", decay_ratio)
    if ratio >= 1:
        raise refuse(ValueError, "decay_ratio", "< 1", decay_ratio)
    if callable(decay_fn):
        return partial(_function, decay_fn)
    decays: dict[str, _Ramp] = {
        **DECAYS,
        "power": partial(Power, power=power),
        "exp": partial(NormalizedExponential, ratio=ratio),
    }
    return decays[choice("decay_fn", decay_fn, decays)]


def _function(decay: Callable[[float], float], start: float, stop: float, *, steps: float) -> Schedule:
    return Function(lambda t: stop + (start - stop) * decay(min(t / steps, 1.0)))


def _cycles(
    curve: _Ramp, base_lr: float, t_initial: float, lr_min: float, cycle_mul: float, cycle_decay: float, limit: int
) -> Schedule:
    first, floor = duration("t_initial", t_initial), rate("lr_min", lr_min)
    growth, decay = duration("cycle_mul", cycle_mul), positive("cycle_decay", cycle_decay)
    limit = whole("cycle_limit", limit)
    if not limit:
        return Constant(floor)
    if limit == 1:
        cycles = curve(base_lr, floor, steps=first)
    elif 1 != growth < 1.01:  # no more than a few: they all end before long, or are long in growing
        lengths = [first * growth**i for i in range(limit)]
        cycles = Sequence(
            tuple([curve(base_lr * decay**i, floor, steps=length) for i, length in enumerate(lengths)]),
            milestones=tuple(accumulate(lengths[:-1])),
        )
    elif decay == 1 or not floor:
        cycles = curve(base_lr, floor, steps=first).repeat(first, growth=growth, decay=decay)
    else:
        # What decays is the way from the floor to the peak: the floor stays.
        peaks = curve(base_lr, 0.0, steps=first).repeat(first, growth=growth, decay=decay)
        cycles = peaks + curve(0.0, floor, steps=first).repeat(first, growth=growth)
    if growth > 1 and limit > 64 / math.log2(growth):
        return cycles  # the last would end after more updates than an integer clock counts
    end = first * limit if growth == 1 else first * (growth**limit - 1) / (growth - 1)
    return cycles if limit == 1 and cycles(end) == floor else cycles.then(Constant(floor), at=end)


def _warm(
    schedule: Schedule, base_lr: float, warmup_t: float, warmup_lr_init: float, *, prefix: bool, clean: bool
) -> Schedule:
    steps, start = moment("warmup_t", warmup_t), rate("warmup_lr_init", warmup_lr_init)
    if clean:
        return schedule.with_warmup(steps, start=start, delay=prefix)
    if steps:
        return warmed_up(schedule if prefix else schedule.advance(steps), steps, start, base_lr)
    first = schedule(0)
    return schedule if first == base_lr else Constant(base_lr).then(schedule.advance(1), at=1)


@checking
def PlateauLRScheduler(
    base_lr: float,
    decay_rate: float = 0.1,
    patience_t: int = 10,
    threshold: float = 1e-4,
    cooldown_t: int = 0,
    warmup_t: int = 0,
    warmup_lr_init: float = 0.0,
    lr_min: float = 0.0,
    mode: Literal["min", "max"] = "max",
) -> Plateau:
    r"""Multiplies by `decay_rate` when a metric has not improved for more than `patience_t` epochs: a rule.

    It is torch's `ReduceLROnPlateau`, with its fault on negative metrics, which is not reproduced.

    Args:
        base_lr: The optimizer's rate, to which `lr_min` is relative, > 0.
        decay_rate: Between 0 and 1.
        patience_t: A whole number >= 0.
        threshold: How much better is better, as a part of the best metric.
        cooldown_t: How many observations are not counted after a reduction.
        warmup_t: 0: a warmup is the schedule's, which the rule scales.
        warmup_lr_init: Has no influence.
        lr_min: The least rate, at most `base_lr`.
        mode: Whether more or less is better; as in timm, more if not given.

    Returns:
        `Plateau`.

    Example:
        >>> PlateauLRScheduler(0.5, decay_rate=0.5, patience_t=3, lr_min=0.125)
        Plateau(0.5, 3, min_scale=0.25, mode='max')
    """
    del warmup_lr_init
    if warmup_t != 0 or isinstance(warmup_t, bool):
        rule = "0: give the schedule the warmup, `.with_warmup(...)`, and observe no metric during it"
        raise refuse(ValueError, "warmup_t", rule, warmup_t)
    if not 0 < decay_rate < 1:
        raise refuse(ValueError, "decay_rate", "between 0 and 1", decay_rate)
    return Plateau(
        decay_rate,
        whole("patience_t", patience_t),
        threshold=threshold,
        cooldown=whole("cooldown_t", cooldown_t),
        min_scale=relative("lr_min", lr_min, base_lr),
        mode=mode,
    )
