"""The schedules of transformers: `get_scheduler` and the functions behind its names.

Most are a linear warmup from 0 over `num_warmup_steps`, then a decay that ends at `num_training_steps`, the warmup
included. Where nothing is left after the warmup, a decay takes one update. `reduce_lr_on_plateau` and `greedy` are no
functions of time.
"""
# One constructor for each name of the library, side by side: the module is as long as that list.

from collections.abc import Callable, Mapping
from fractions import Fraction
from inspect import Parameter, signature
from typing import Any, Literal

from lrsched_core import Constant, Cosine, Linear, Polynomial, PowerDecay, Schedule, Sequence
from lrsched_core._errors import refuse
from lrsched_core._run.greedy import Greedy
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import Rate, choice, duration, positive, rate
from lrsched_core.compat._arguments import relative, whole
from lrsched_core.compat._curves import DECAYS, endless_cosine, held, warmed_up

_WARMUPS: dict[str, Callable[..., Schedule]] = {
    "linear": Linear,
    "cosine": Cosine,
    "1-sqrt": lambda start, stop, *, steps: Polynomial(start, stop, steps=steps, power=0.5),
}


@checking
def get_constant_schedule(base_lr: Rate) -> Schedule:
    """The same rate for ever: `"constant"`.

    Args:
        base_lr: The optimizer's rate.

    Returns:
        `Constant`.

    Example:
        >>> get_constant_schedule(0.1)
        Constant(0.1)
    """
    return Constant(base_lr)


@checking
def get_constant_schedule_with_warmup(base_lr: Rate, num_warmup_steps: int) -> Schedule:
    """A warmup to a constant rate: `"constant_with_warmup"`.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.

    Returns:
        A constant with a warmup.

    Example:
        >>> get_constant_schedule_with_warmup(0.1, 10)
        Constant(0.1).with_warmup(10)
    """
    return Constant(base_lr).with_warmup(whole("num_warmup_steps", num_warmup_steps))


@checking
def get_linear_schedule_with_warmup(base_lr: float, num_warmup_steps: int, num_training_steps: int) -> Schedule:
    """A straight line down to 0: `"linear"`.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_training_steps: >= 0; up to `num_warmup_steps`, the rate drops to 0 after the warmup.

    Returns:
        `Linear` with a warmup.

    Example:
        >>> get_linear_schedule_with_warmup(0.1, 10, 100)
        Linear(0.1, steps=90).with_warmup(10)
    """
    base_lr = rate("base_lr", base_lr)
    left = _left(num_warmup_steps, num_training_steps)
    return warmed_up(Linear(base_lr, steps=left) if left > 0 else Constant(0.0), num_warmup_steps, 0.0, base_lr)


@checking
def get_cosine_schedule_with_warmup(
    base_lr: float, num_warmup_steps: int, num_training_steps: int, num_cycles: float = 0.5, *, clean: bool = False
) -> Schedule:
    """Half a cosine wave down to 0, or any number of waves: `"cosine"`.

    Quirk: the wave goes on after `num_training_steps`, so that the rate rises again; clean: what it has reached there
    is held.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_training_steps: >= 0.
        num_cycles: How many waves, >= 0; half a wave ends at 0.
        clean: Without the quirk.

    Returns:
        `Cosine` with a warmup, repeated unless `clean`.

    Example:
        >>> get_cosine_schedule_with_warmup(0.1, 10, 100, clean=True)
        Cosine(0.1, steps=90).with_warmup(10)
    """
    left = max(1, _left(num_warmup_steps, num_training_steps))
    return _waves(rate("base_lr", base_lr), 0.0, left, num_cycles, clean=clean).with_warmup(num_warmup_steps)


@checking
def get_cosine_with_hard_restarts_schedule_with_warmup(
    base_lr: float, num_warmup_steps: int, num_training_steps: int, num_cycles: int = 1
) -> Schedule:
    """Half cosine waves down to 0, each from the full rate: `"cosine_with_restarts"`.

    Not reproduced: transformers tells the cycles apart by a product of floats, and can be one update late with a
    restart: with 49 waves over 49 updates, the second begins with the rate 0.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_training_steps: >= 0.
        num_cycles: How many waves, a whole number > 0.

    Returns:
        `Cosine` with a warmup, repeated as often as there are waves.

    Example:
        >>> restarts = get_cosine_with_hard_restarts_schedule_with_warmup(0.1, 10, 100, num_cycles=3)
        >>> restarts(10), restarts(40), restarts(70), restarts(100)
        (0.1, 0.1, 0.1, 0.0)
    """
    left = max(1, _left(num_warmup_steps, num_training_steps))
    cycles = whole("num_cycles", num_cycles, least=1)
    # As many waves as it takes to come back to a whole number of updates: no restart lies beside its update.
    period = Fraction(left, cycles)
    waves: Schedule = Cosine(base_lr, steps=float(period))
    if period.denominator > 1:
        starts = tuple([float(period * i) for i in range(1, period.denominator)])
        waves = Sequence((waves,) * period.denominator, milestones=starts)
    if period.denominator < cycles:
        waves = waves.repeat(period.numerator).then(Constant(0.0), at=left)
    return waves.with_warmup(num_warmup_steps)


@checking
def get_polynomial_decay_schedule_with_warmup(
    base_lr: float, num_warmup_steps: int, num_training_steps: int, lr_end: float = 1e-7, power: float = 1.0
) -> Schedule:
    """A power of what is left, down to `lr_end`: `"polynomial"`.

    Not reproduced: transformers divides by zero where the warmup is all of the training; here it drops to `lr_end`.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_training_steps: >= 0; up to `num_warmup_steps`, the rate drops to `lr_end` after the warmup.
        lr_end: >= 0 and below `base_lr`.
        power: > 0.

    Returns:
        `Polynomial` with a warmup.

    Example:
        >>> get_polynomial_decay_schedule_with_warmup(0.1, 10, 100, lr_end=0.01, power=2.0)
        Polynomial(0.1, 0.01, steps=90).with_warmup(10)
    """
    base_lr, end = rate("base_lr", base_lr), rate("lr_end", lr_end)
    if end >= base_lr:
        raise refuse(ValueError, "lr_end", f"below `base_lr`, {base_lr}", lr_end)
    left = _left(num_warmup_steps, num_training_steps)
    decay = Polynomial(base_lr, end, steps=left, power=power) if left > 0 else Constant(end)
    return warmed_up(decay, num_warmup_steps, 0.0, base_lr)


@checking
def get_inverse_sqrt_schedule(base_lr: float, num_warmup_steps: int, timescale: float | None = None) -> Schedule:
    r"""Falls with the inverse square root of time: $\eta_0 \, (1 + (t - W) / \tau)^{-1/2}$, `"inverse_sqrt"`.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: $W$, >= 0.
        timescale: $\tau$, > 0; if None, `num_warmup_steps`, or 10000 where that is 0.

    Returns:
        `PowerDecay` with a warmup.

    Example:
        >>> get_inverse_sqrt_schedule(0.1, 10)(40)
        0.05
    """
    warmup = whole("num_warmup_steps", num_warmup_steps)
    timescale = warmup or 10_000 if timescale is None else duration("timescale", timescale)
    return PowerDecay(base_lr, 0.5, timescale=timescale).with_warmup(warmup)


@checking
def get_cosine_with_min_lr_schedule_with_warmup(
    base_lr: float,
    num_warmup_steps: int,
    num_training_steps: int,
    num_cycles: float = 0.5,
    min_lr: float | None = None,
    min_lr_rate: float | None = None,
    *,
    clean: bool = False,
) -> Schedule:
    """Half a cosine wave down to a floor, or any number of waves: `"cosine_with_min_lr"`.

    Quirk: the wave goes on after `num_training_steps`, so that the rate rises again; clean: what it has reached there
    is held.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_training_steps: >= 0.
        num_cycles: How many waves, >= 0; half a wave ends at the floor.
        min_lr: The floor; or else `min_lr_rate`.
        min_lr_rate: The floor as a part of `base_lr`.
        clean: Without the quirk.

    Returns:
        `Cosine` with a warmup, repeated unless `clean`.

    Raises:
        ValueError: If not exactly one of `min_lr` and `min_lr_rate` is given.

    Example:
        >>> get_cosine_with_min_lr_schedule_with_warmup(0.1, 10, 100, min_lr=0.01, clean=True)
        Cosine(0.1, 0.01, steps=90).with_warmup(10)
    """
    base_lr = rate("base_lr", base_lr)
    left = max(1, _left(num_warmup_steps, num_training_steps))
    waves = _waves(base_lr, _floor(base_lr, min_lr, min_lr_rate), left, num_cycles, clean=clean)
    return waves.with_warmup(num_warmup_steps)


@checking
def get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
    base_lr: float,
    num_warmup_steps: int,
    num_training_steps: int,
    num_cycles: float = 0.5,
    min_lr: float | None = None,
    min_lr_rate: float | None = None,
    warmup_lr_rate: float | None = None,
    *,
    clean: bool = False,
) -> Schedule:
    r"""The same with a warmup that does not begin at 0: `"cosine_warmup_with_min_lr"`.

    Quirks: the warmup is over one update early, at $W - 1$, and the wave one update ahead, so that it is at its end at
    $N - 1$; it goes on after that, so that the rate rises again. Without `warmup_lr_rate` the warmup begins at
    $\eta_0 / W$. Clean: `get_cosine_with_min_lr_schedule_with_warmup`, with a warmup from `warmup_lr_rate`, or 0.

    Args:
        base_lr: $\eta_0$, the optimizer's rate.
        num_warmup_steps: $W$, >= 0.
        num_training_steps: $N$, >= 0.
        num_cycles: How many waves, >= 0; half a wave ends at the floor.
        min_lr: The floor; or else `min_lr_rate`.
        min_lr_rate: The floor as a part of `base_lr`.
        warmup_lr_rate: Where the warmup begins, as a part of `base_lr`.
        clean: Without the quirks.

    Returns:
        `Linear`, then `Cosine`, repeated and advanced by 1 unless `clean`.

    Raises:
        ValueError: If not exactly one of `min_lr` and `min_lr_rate` is given.

    Example:
        >>> cosine = get_cosine_with_min_lr_schedule_with_warmup_lr_rate(0.5, 10, 100, min_lr=0.01)
        >>> cosine(0), cosine(9), cosine(99)
        (0.05, 0.5, 0.01)
    """
    base_lr = rate("base_lr", base_lr)
    warmup = whole("num_warmup_steps", num_warmup_steps)
    left = max(1, _left(warmup, num_training_steps))
    waves = _waves(base_lr, _floor(base_lr, min_lr, min_lr_rate), left, num_cycles, clean=clean)
    start = None if warmup_lr_rate is None else base_lr * rate("warmup_lr_rate", warmup_lr_rate)
    if clean:
        return waves.with_warmup(warmup, start=start or 0.0)
    if not warmup:
        return waves.advance(1)
    if start is None:
        start = base_lr / warmup
    return Linear(start, base_lr, steps=max(1, warmup - 1)).then(waves.advance(1), at=warmup)


@checking
def get_wsd_schedule(
    base_lr: float,
    num_warmup_steps: int,
    num_decay_steps: int,
    num_training_steps: int | None = None,
    num_stable_steps: int | None = None,
    warmup_type: str = "linear",
    decay_type: str = "cosine",
    min_lr_ratio: float = 0.0,
    num_cycles: float = 0.5,
    *,
    clean: bool = False,
) -> Schedule:
    """Warmup, stable rate, decay: `"warmup_stable_decay"`.

    Quirks: the warmup begins at the floor, not at 0; a `num_training_steps` that is too short for both warmup and decay
    makes the decay begin in the middle. Clean: the warmup begins at 0, and such a number is refused.

    Args:
        base_lr: The optimizer's rate.
        num_warmup_steps: >= 0.
        num_decay_steps: >= 0.
        num_training_steps: All three together, >= 0; not looked at if `num_stable_steps` is given.
        num_stable_steps: >= 0; if None, what `num_training_steps` leaves.
        warmup_type: `"linear"`, `"cosine"` or `"1-sqrt"`.
        decay_type: `"linear"`, `"cosine"` or `"1-sqrt"`.
        min_lr_ratio: The floor as a part of `base_lr`.
        num_cycles: Of a cosine decay: how many waves, >= 0; half a wave ends at the floor, others jump there.
        clean: Without the quirks.

    Returns:
        The three, one after the other.

    Raises:
        ValueError: If neither `num_training_steps` nor `num_stable_steps` is given.

    Example:
        >>> get_wsd_schedule(0.1, 10, 20, num_training_steps=100, decay_type="1-sqrt", clean=True)
        Sequence((Linear(0.0, 0.1, steps=10), Constant(0.1), Power(0.1, steps=20)), milestones=(10, 80))
    """
    base_lr = rate("base_lr", base_lr)
    floor = base_lr * rate("min_lr_ratio", min_lr_ratio)
    warmup = whole("num_warmup_steps", num_warmup_steps)
    steps = whole("num_decay_steps", num_decay_steps)
    ramp = _WARMUPS[choice("warmup_type", warmup_type, _WARMUPS)]
    decay = _decay(base_lr, floor, steps, choice("decay_type", decay_type, DECAYS), num_cycles)
    stable = _stable(warmup, steps, num_training_steps, num_stable_steps, clean=clean)
    if stable > 0:
        decay = Constant(base_lr).then(decay, at=stable)
    elif stable < 0:
        decay = decay.advance(-stable)
    start = 0.0 if clean else floor
    return ramp(start, base_lr, steps=warmup).then(decay, at=warmup) if warmup else decay


def _decay(base_lr: float, floor: float, steps: int, kind: str, num_cycles: float) -> Schedule:
    if not steps:
        return Constant(floor)
    if kind != "cosine" or rate("num_cycles", num_cycles) == 0.5:
        return DECAYS[kind](base_lr, floor, steps=steps)
    return _waves(base_lr, floor, steps, num_cycles, clean=False).then(Constant(floor), at=steps)


def _stable(warmup: int, decay: int, total: int | None, stable: int | None, *, clean: bool) -> int:
    if stable is not None:
        return whole("num_stable_steps", stable)
    if total is None:
        raise refuse(ValueError, "num_training_steps", "given where `num_stable_steps` is None", total)
    left = whole("num_training_steps", total) - warmup - decay
    if clean and left < 0:
        raise refuse(ValueError, "num_training_steps", f"long enough for {warmup} and {decay} steps", total)
    return left


def _left(num_warmup_steps: int, num_training_steps: int) -> int:
    return whole("num_training_steps", num_training_steps) - whole("num_warmup_steps", num_warmup_steps)


def _waves(base_lr: float, floor: float, steps: int, num_cycles: float, *, clean: bool) -> Schedule:
    cycles = rate("num_cycles", num_cycles)
    if not cycles:
        return Constant(base_lr)
    half = steps / (2 * cycles)
    if not clean:
        return endless_cosine(base_lr, floor, half)
    return Cosine(base_lr, floor, steps=half) if cycles == 0.5 else held(endless_cosine(base_lr, floor, half), steps)


def _floor(base_lr: float, min_lr: float | None, min_lr_rate: float | None) -> float:
    if (min_lr is None) == (min_lr_rate is None):
        raise refuse(ValueError, "min_lr", "given, or else `min_lr_rate`, and not both", min_lr)
    return base_lr * rate("min_lr_rate", min_lr_rate) if min_lr is None else rate("min_lr", min_lr)


# What each name calls.
_NAMES: dict[str, Callable[..., Schedule]] = {
    "linear": get_linear_schedule_with_warmup,
    "cosine": get_cosine_schedule_with_warmup,
    "cosine_with_restarts": get_cosine_with_hard_restarts_schedule_with_warmup,
    "polynomial": get_polynomial_decay_schedule_with_warmup,
    "constant": get_constant_schedule,
    "constant_with_warmup": get_constant_schedule_with_warmup,
    "inverse_sqrt": get_inverse_sqrt_schedule,
    "cosine_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup,
    "cosine_warmup_with_min_lr": get_cosine_with_min_lr_schedule_with_warmup_lr_rate,
    "warmup_stable_decay": get_wsd_schedule,
}


@checking
def get_scheduler(
    name: str,
    base_lr: float,
    num_warmup_steps: int | None = None,
    num_training_steps: int | None = None,
    scheduler_specific_kwargs: Mapping[str, Any] | None = None,
    *,
    clean: bool = False,
) -> Schedule:
    """The schedule of that name.

    Quirks: those of the function of that name.

    Args:
        name: `"linear"`, `"cosine"`, `"cosine_with_restarts"`, `"polynomial"`, `"constant"`, `"constant_with_warmup"`,
            `"inverse_sqrt"`, `"cosine_with_min_lr"`, `"cosine_warmup_with_min_lr"` or `"warmup_stable_decay"`.
        base_lr: The optimizer's rate.
        num_warmup_steps: As in the function of that name, which must have it.
        num_training_steps: As in the function of that name.
        scheduler_specific_kwargs: What else that function takes.
        clean: Without the quirks of that function.

    Returns:
        What the function of that name returns.

    Raises:
        ValueError: If the name is unknown, or steps that the function needs are missing.

    Example:
        >>> get_scheduler("linear", 0.1, num_warmup_steps=10, num_training_steps=100)
        Linear(0.1, steps=90).with_warmup(10)
    """
    function = _NAMES[choice("name", name, _NAMES)]
    if name == "constant":
        return function(base_lr)
    takes = signature(function).parameters
    given = {"num_warmup_steps": num_warmup_steps, "num_training_steps": num_training_steps}
    steps = {argument: value for argument, value in given.items() if argument in takes}
    for argument, value in steps.items():
        if value is None and takes[argument].default is Parameter.empty:
            raise refuse(ValueError, argument, f"given for {name!r}", None)
    options = {**(scheduler_specific_kwargs or {}), **({"clean": clean} if "clean" in takes else {})}
    return function(base_lr, **steps, **options)


@checking
def GreedyLR(
    base_lr: float,
    mode: Literal["min", "max"] = "min",
    factor: float = 0.95,
    patience: int = 10,
    threshold: float = 1e-6,
    threshold_mode: Literal["rel", "abs"] = "abs",
    cooldown: int = 0,
    warmup: int = 0,
    min_lr: float = 1e-3,
    max_lr: float = 1.0,
    eps: float = 1e-8,
    verbose: bool = False,
    smooth: bool = False,
    window_size: int = 50,
    reset_start: int = 500,
) -> Greedy:
    r"""Divides by `factor` while a metric improves, multiplies by it when it does not: a rule.

    Not reproduced: where the best metric is negative, the original takes a relative threshold with the wrong sign; with
    `smooth` it never forgets a NaN. Nor is `eps`, up to which it leaves changes out.

    Args:
        base_lr: The optimizer's rate, to which `min_lr` and `max_lr` are relative, > 0.
        mode: Whether less or more is better.
        factor: Between 0 and 1.
        patience: A whole number >= 0.
        threshold: How much better is better.
        threshold_mode: Whether `threshold` is a part of the best metric.
        cooldown: How many observations are skipped after a reduction.
        warmup: How many are skipped after a rise.
        min_lr: The least rate, at most `base_lr`.
        max_lr: The greatest rate, at least `base_lr`.
        eps: Has no influence.
        verbose: Has no influence.
        smooth: Whether means of `window_size` observations are compared.
        window_size: A whole number >= 1; without influence unless `smooth`.
        reset_start: How many reductions may end at `min_lr`; 0 acts as 1.

    Returns:
        `Greedy`.

    Example:
        >>> GreedyLR(0.5, factor=0.5, patience=3, min_lr=0.125, max_lr=2.0)
        Greedy(0.5, 3, min_scale=0.25, max_scale=4.0)
    """
    del eps, verbose
    base = positive("base_lr", base_lr)
    if rate("max_lr", max_lr) < base:
        raise refuse(ValueError, "max_lr", f"at least `base_lr`, which is {base_lr!r}", max_lr)
    return Greedy(
        factor,
        patience,
        threshold=threshold,
        threshold_mode=threshold_mode,
        cooldown=cooldown,
        warmup=warmup,
        min_scale=relative("min_lr", min_lr, base_lr),
        max_scale=max_lr / base,
        window=window_size if smooth else 1,
        reset=max(whole("reset_start", reset_start), 1),
        mode=mode,
    )
