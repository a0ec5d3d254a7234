"""MXNet's own schedulers, read back as schedules."""

from collections.abc import Callable
from typing import Any

from mxnet import lr_scheduler as theirs

from lrsched_core import Schedule
from lrsched_core._errors import refusal, refuse
from lrsched_core.compat import mxnet as compat

from ._scheduler import Scheduler


def from_mxnet(scheduler: Any) -> Schedule:
    """The schedule that an MXNet scheduler follows, whatever update it stands at.

    The clock is that of this library, `t = num_update - 1`, counted from the first update of the
    run: `schedule(t)` is the rate that this update has used or will use. MXNet's schedulers change
    as they go; here the rate that they began with is worked out from what they have counted.

    A scheduler is taken to be asked for every update, as a training does. Optimizers with a default
    rate write it over `base_lr` when they are created, and `FactorScheduler` and
    `MultiFactorScheduler` then go on from it. A `base_lr` that was written later is not told apart
    from that: the rates to come are those of the scheduler, those before the writing are not.

    Args:
        scheduler: A `FactorScheduler`, `MultiFactorScheduler`, `PolyScheduler` or
            `CosineScheduler` of `mxnet.lr_scheduler`, or a `Scheduler`.

    Returns:
        The schedule, as the function of the same name in `lrsched_core.compat.mxnet` makes it.

    Raises:
        TypeError: If it is something else: a subclass, a function, or a `Scheduler` around one, around a plan or
            with a rule.
        ValueError: If its attributes were changed by hand so that they contradict each other, if its
            first rate cannot be told any more, or if no schedule can have its values.

    Example:
        >>> halving = theirs.FactorScheduler(step=10, factor=0.5, base_lr=0.4)
        >>> [halving(num_update) for num_update in (1, 11, 21)]
        [0.4, 0.2, 0.1]
        >>> from_mxnet(halving)
        Factor(0.4, 0.5, every=10, stop_factor_lr=1e-08)
    """
    if isinstance(scheduler, Scheduler):
        if scheduler.rule is not None:
            rule, got = "be a function of time", f"a Scheduler with a rule that reacts to a metric, {scheduler.rule!r}"
            raise refusal(TypeError, "scheduler", rule, got, hint="scheduler.schedule is its schedule.")
        scheduler = scheduler.schedule
        if isinstance(scheduler, Schedule):
            return scheduler
    read = _READERS.get(type(scheduler))
    if read is None:
        raise refuse(
            TypeError,
            "scheduler",
            "one of the four that MXNet has",
            scheduler,
            hint="lrsched_core.Function(f) takes any function of t, and MXNet's own num_update is t + 1.",
        )
    return read(scheduler)


def _factor(scheduler: Any) -> Schedule:
    decays, rest = divmod(scheduler.count, scheduler.step)
    if rest:
        raise _contradiction(scheduler, "count", f"a multiple of `step`, {scheduler.step!r}")

    def begun(rate: float) -> Schedule:
        return compat.FactorScheduler(
            scheduler.step, scheduler.factor, scheduler.stop_factor_lr, rate, **_warmup(scheduler, rate)
        )

    return _decaying(scheduler, begun, decays, scheduler.stop_factor_lr)


def _multi_factor(scheduler: Any) -> Schedule:
    def begun(rate: float) -> Schedule:
        return compat.MultiFactorScheduler(scheduler.step, scheduler.factor, rate, **_warmup(scheduler, rate))

    return _decaying(scheduler, begun, scheduler.cur_step_ind, 0.0)


def _poly(scheduler: Any) -> Schedule:
    _check_end(scheduler)
    return compat.PolyScheduler(
        scheduler.max_update,
        scheduler.base_lr_orig,
        scheduler.power,
        scheduler.final_lr,
        **_warmup(scheduler, scheduler.base_lr_orig),
    )


def _cosine(scheduler: Any) -> Schedule:
    _check_end(scheduler)
    return compat.CosineScheduler(
        scheduler.max_update,
        scheduler.base_lr_orig,
        scheduler.final_lr,
        **_warmup(scheduler, scheduler.base_lr_orig),
    )


_READERS: dict[type, Callable[[Any], Schedule]] = {
    theirs.FactorScheduler: _factor,
    theirs.MultiFactorScheduler: _multi_factor,
    theirs.PolyScheduler: _poly,
    theirs.CosineScheduler: _cosine,
}


def _warmup(scheduler: Any, rate: float) -> dict[str, Any]:
    """The arguments of the warmup; none where it goes up to another rate than the scheduler has."""
    if rate != scheduler.warmup_final_lr:
        return {}
    return {
        "warmup_steps": scheduler.warmup_steps,
        "warmup_begin_lr": scheduler.warmup_begin_lr,
        "warmup_mode": scheduler.warmup_mode,
    }


def _decaying(scheduler: Any, begun: Callable[[float], Schedule], decays: int, floor: float) -> Schedule:
    """A scheduler that multiplies its `base_lr` as it goes, and has done so `decays` times."""
    rate = _first_rate(scheduler, decays, floor)
    steps = scheduler.warmup_steps
    if rate == scheduler.warmup_final_lr or steps < 2:
        return begun(rate)
    # The warmup does not know that something else was written into `base_lr`.
    return begun(scheduler.warmup_final_lr).then(begun(rate).advance(steps - 1), at=steps - 1)


def _first_rate(scheduler: Any, decays: int, floor: float) -> float:
    """The `base_lr` that the scheduler must have begun with to have the one that it has."""

    def decayed(rate: float) -> float:
        for _ in range(decays):
            rate = max(rate * scheduler.factor, floor)
        return rate

    rate: float = scheduler.base_lr
    if decayed(scheduler.warmup_final_lr) == rate:
        return float(scheduler.warmup_final_lr)
    if not decays:
        return rate
    if rate <= floor or not scheduler.factor:
        rule = (
            "above `stop_factor_lr`, or the rate that the scheduler was made with after as many "
            "decays, for the first rate to be told"
        )
        raise _contradiction(scheduler, "base_lr", rule)
    exact = rate / scheduler.factor**decays
    # What a person or an optimizer wrote had few digits.
    written = float(f"{exact:.12g}")
    return written if decayed(written) == rate else exact


def _check_end(scheduler: Any) -> None:
    left = scheduler.max_update - scheduler.warmup_steps
    if scheduler.max_steps != left:
        raise _contradiction(scheduler, "max_steps", f"`max_update - warmup_steps`, which is {left!r}")
    if scheduler.warmup_final_lr != scheduler.base_lr_orig:
        rule = f"`base_lr_orig`, which is {scheduler.base_lr_orig!r}"
        raise _contradiction(scheduler, "warmup_final_lr", rule)
    if left < 0 and scheduler.base_lr != scheduler.base_lr_orig:
        rule = f"`base_lr_orig`, which is {scheduler.base_lr_orig!r}, where the warmup is longer than the rest"
        raise _contradiction(scheduler, "base_lr", rule)


def _contradiction(scheduler: Any, name: str, rule: str) -> ValueError:
    return ValueError(f"`{name}` of the scheduler must be {rule}, got {getattr(scheduler, name)!r}.")
