"""Torch's own schedulers, read back as schedules."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from math import floor, isclose
from typing import Any, NamedTuple, NoReturn

from torch import Tensor
from torch.optim import lr_scheduler as theirs
from torch.optim.swa_utils import SWALR

from lrsched_core import Constant, Schedule
from lrsched_core import Sequence as Joined
from lrsched_core.compat import torch as compat

from ._scheduler import ScheduleLR
from ._transformers import read_factor


def from_torch(scheduler: theirs.LRScheduler) -> list[Schedule]:
    """The schedules that a torch scheduler follows, whatever step it stands at: one for each parameter group.

    The clock counts from the first update of the run: ``schedule(t)`` is the rate that update ``t``
    has used or will use, if ``step()`` is called after every update. ``ScheduleLR(optimizer,
    from_torch(scheduler), last_epoch=scheduler.last_epoch - 1)`` takes over where it stands.

    Most of torch's schedulers compute a rate from the one before. Where such a scheduler finds another
    rate in a parameter group than it has set, it goes on from that, and so does the schedule. If a
    group had another rate already before the last step, that is taken to have been so from the first
    update on (with ``CosineAnnealingLR``, from its last turn on), as with an optimizer that an earlier
    scheduler has left at another rate. Torch keeps no record, and a rate of 0 tells nothing of those
    before; the rates to come are right in any case.
    Schedulers that compute a rate from the time alone overwrite what they find; so a rate that was
    changed by hand under one of them is left out.

    - ``SequentialLR`` gives a sequence.
    - ``ChainedScheduler`` gives a product where it is one: of schedulers that multiply the rate that
      they find (``ConstantLR``, ``LinearLR``, ``PolynomialLR``, ``StepLR``, ``MultiStepLR``,
      ``ExponentialLR``), with at most one ``CosineAnnealingLR`` down to 0 after whose ``T_max`` the
      others are constant.
    - ``LambdaLR`` is read where transformers has made it, or where its function is a schedule.

    Args:
        scheduler: A scheduler of ``torch.optim.lr_scheduler`` or ``torch.optim.swa_utils``, or a
            `ScheduleLR`, which gives its schedules back.

    Returns:
        As many schedules as there are parameter groups.

    Raises:
        TypeError: If the scheduler is of a class that cannot be read: one that reacts to a metric,
            is made from a function, or is not torch's own.
        ValueError: If what the scheduler will do is no function of time, or not known from what it
            keeps; the message says why.

    Example:
        >>> import torch
        >>> sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        >>> halving = torch.optim.lr_scheduler.StepLR(sgd, step_size=10, gamma=0.5)
        >>> for _ in range(15):
        ...     sgd.step()
        ...     halving.step()
        >>> from_torch(halving)
        [Factor(0.5, 0.5, every=10)]
    """
    return _read(scheduler, live=True)


class _Group(NamedTuple):
    """What a scheduler has to do with one parameter group.

    Attributes:
        own: The rate that the scheduler takes for the group's own.
        set: The rate that it has set last.
        now: The rate that the group has now, which the next update will use.
        precision: How far a rate may be from what it should be by rounding alone.
    """

    own: float
    set: float
    now: float
    precision: float

    def is_near(self, rate: float, other: float, scale: float = 0.0) -> bool:
        return isclose(rate, other, rel_tol=self.precision, abs_tol=self.precision * scale)


_Made = Callable[[float], Schedule]  # from a group's own rate


def _read(scheduler: Any, *, live: bool) -> list[Schedule]:
    """The schedules on the scheduler's own clock; only if it is `live`, the groups have rates that it has set."""
    kind = type(scheduler)
    if kind is theirs.SequentialLR:
        return _sequence(scheduler, live=live)
    if kind is theirs.ChainedScheduler:
        return _chain(scheduler, live=live)
    if kind is ScheduleLR:
        return _ours(scheduler)
    if kind not in _MULTIPLYING and kind not in _OTHERS:
        raise _unreadable(scheduler)
    schedules = []
    for index, group in enumerate(_groups(scheduler)):
        if kind in _MULTIPLYING:
            made = partial(_MULTIPLYING[kind], scheduler)
            schedules.append(_carried_on(made, group, scheduler.last_epoch) if live else made(group.own))
        else:
            schedules.append(_OTHERS[kind](scheduler, index, group, live))
    return schedules


def _groups(scheduler: Any, base: Any = None) -> list[_Group]:
    base = base or scheduler
    groups = scheduler.optimizer.param_groups
    if len(base.base_lrs) != len(groups):
        message = (
            f"`scheduler` must know each of the {len(groups)} parameter groups, got one that was made "
            f"for {len(base.base_lrs)}. Torch fails there as well, at the next step."
        )
        raise ValueError(message)
    return [
        # A tensor has few digits, of which each step of a recursion takes some.
        _Group(float(own), float(last), float(group["lr"]), 1e-4 if isinstance(group["lr"], Tensor) else 1e-9)
        for own, last, group in zip(base.base_lrs, scheduler._last_lr, groups, strict=True)
    ]


# Schedulers that multiply the rate that they find.

_MULTIPLYING: dict[type, Callable[[Any, float], Schedule]] = {
    theirs.StepLR: lambda s, lr: compat.StepLR(lr, s.step_size, s.gamma),
    theirs.MultiStepLR: lambda s, lr: compat.MultiStepLR(lr, s.milestones.elements(), s.gamma),
    theirs.ConstantLR: lambda s, lr: compat.ConstantLR(lr, s.factor, s.total_iters),
    theirs.LinearLR: lambda s, lr: compat.LinearLR(lr, s.start_factor, s.end_factor, s.total_iters),
    theirs.ExponentialLR: lambda s, lr: compat.ExponentialLR(lr, s.gamma),
    theirs.PolynomialLR: lambda s, lr: compat.PolynomialLR(lr, s.total_iters, s.power),
}


def _carried_on(made: _Made, group: _Group, t: int) -> Schedule:
    """What a scheduler does that multiplies the rate that it finds."""
    part = made(1.0)(t)
    if not part:
        # The end of a decay to 0: from there on it holds what it finds. Torch's 0 may be 1e-18, or below 0.
        past = made(group.own)
        return past if group.is_near(group.now, 0.0, group.own) else _spliced((0, past), (t, Constant(group.now)))

    def through(rate: float) -> Schedule:
        own = rate / part
        return made(group.own if group.is_near(own, group.own) else own)

    if group.now == group.set or not t:
        return through(group.now)
    return _spliced((0, through(group.set)), (t, through(group.now)))


def _spliced(*parts: tuple[float, Schedule]) -> Schedule:
    """Schedules of which each holds from a time on, all on the same clock."""
    (_, first), *later = parts
    schedules = (first, *[schedule.advance(start) for start, schedule in later])
    return Joined(schedules, milestones=tuple([start for start, _ in later]))


# Schedulers that overwrite the rate that they find, or go on from it in another way.


def _cosine(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
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
    return _spliced(*parts) if len(parts) > 1 else parts[0][1]


def _restarts(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
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


def _cyclic(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
    del live
    up = _as_whole(scheduler.total_size * scheduler.step_ratio)
    return compat.CyclicLR(
        group.own,
        float(scheduler.max_lrs[index]),
        up,
        _as_whole(scheduler.total_size - up),
        scheduler.mode,
        scheduler.gamma,
        scheduler._scale_fn_custom,
        scheduler.scale_mode,
    )


def _one_cycle(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
    del group, live
    rates = scheduler.optimizer.param_groups[index]
    first, high, low = (float(rates[name]) for name in ("initial_lr", "max_lr", "min_lr"))
    if not low:
        return Constant(0.0)
    phases, total = scheduler._schedule_phases, scheduler.total_steps
    return compat.OneCycleLR(
        high,
        total,
        pct_start=(phases[0]["end_step"] + 1) / total,
        anneal_strategy=scheduler._anneal_func_type,
        div_factor=high / first,
        final_div_factor=first / low,
        three_phase=len(phases) == 3,
    )


def _swa(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
    del live
    swa_lr = float(scheduler.optimizer.param_groups[index]["swa_lr"])
    steps, t = scheduler.anneal_epochs, scheduler._step_count - 1

    def made(rate: float) -> Schedule:
        return compat.SWALR(rate, swa_lr, steps, scheduler._anneal_strategy)

    if not steps:
        return made(swa_lr)
    part = compat.SWALR(1.0, 0.0, steps, scheduler._anneal_strategy)(t)
    if not part:
        message = (
            f"`scheduler` must have steps left for the rate that it found to be known, got SWALR {t} steps "
            f"after it began, of {steps}. Hint: from now on, it is Constant({swa_lr!r})."
        )
        raise ValueError(message)

    def through(rate: float) -> Schedule:
        return made(_rounded((rate - swa_lr * (1 - part)) / part))

    if group.now == group.set or not t:
        return through(group.now)
    return _spliced((0, through(group.set)), (t, through(group.now)))


def _lambda(scheduler: Any, index: int, group: _Group, live: bool) -> Schedule:
    del live
    factor = scheduler.lr_lambdas[index]
    if isinstance(factor, Schedule):
        return group.own * factor
    schedule = read_factor(factor, group.own)
    if schedule is None:
        raise _unreadable(scheduler)
    return schedule


_OTHERS: dict[type, Callable[[Any, int, _Group, bool], Schedule]] = {
    theirs.CosineAnnealingLR: _cosine,
    theirs.CosineAnnealingWarmRestarts: _restarts,
    theirs.CyclicLR: _cyclic,
    theirs.OneCycleLR: _one_cycle,
    theirs.LambdaLR: _lambda,
    SWALR: _swa,
}


def _as_whole(steps: float) -> float:
    """Torch keeps a sum and a ratio, which give back a whole number only nearly."""
    return round(steps) if isclose(steps, round(steps), rel_tol=1e-12) else steps


def _rounded(rate: float) -> float:
    """What somebody wrote had few digits."""
    few = float(f"{rate:.12g}")
    return few if isclose(few, rate, rel_tol=1e-14) else rate


# Schedulers of schedulers.


def _sequence(scheduler: Any, *, live: bool) -> list[Schedule]:
    milestones = [*scheduler._milestones]
    first, active = bisect_right(milestones, 0), bisect_right(milestones, scheduler.last_epoch)
    start = milestones[active - 1] if active else 0
    children = scheduler._schedulers
    for place, child in enumerate(children):
        if type(child) in (theirs.SequentialLR, theirs.ChainedScheduler, SWALR):
            message = (
                f"`scheduler` must not be a SequentialLR with a {type(child).__name__} inside, which torch begins "
                "with the wrong rate. Hint: one SequentialLR with all milestones, or the schedule written out."
            )
            raise ValueError(message)
        if place > first and getattr(child, "total_iters", 1) == 0:
            message = f"`total_iters` of a {type(child).__name__} that begins at a milestone must be > 0, got 0."
            raise ValueError(message)
    if live and children[active].last_epoch != scheduler.last_epoch - start:
        message = (
            f"`scheduler` must stand where {scheduler.last_epoch} steps lead to, got a SequentialLR whose scheduler "
            f"number {active} stands at {children[active].last_epoch} instead of {scheduler.last_epoch - start}. "
            "Torch loses its place where it is made with a `last_epoch`."
        )
        raise ValueError(message)
    if live:
        _check_beginning(scheduler, children[first])
    read = [_read(child, live=live and place == active) for place, child in enumerate(children)]
    return [compat.SequentialLR(schedules, milestones) for schedules in zip(*read, strict=True)]


def _check_beginning(scheduler: Any, child: Any) -> None:
    if type(child) not in _MULTIPLYING and type(child) is not theirs.CosineAnnealingLR:
        return
    for group, own in zip(scheduler.optimizer.param_groups, child.base_lrs, strict=True):
        if float(group["initial_lr"]) != float(own):
            message = (
                f"`initial_lr` of a parameter group must be {float(own)!r}, as it was for the first scheduler of a "
                f"SequentialLR, got {float(group['initial_lr'])!r}. OneCycleLR writes its own there, from which "
                "SequentialLR then begins."
            )
            raise ValueError(message)


def _chain(scheduler: Any, *, live: bool) -> list[Schedule]:
    children: Sequence[Any] = scheduler._schedulers
    if len(children) == 1:
        return _read(children[0], live=live)
    cosines = [child for child in children if type(child) is theirs.CosineAnnealingLR]
    others = [child for child in children if type(child) in _MULTIPLYING]
    if len(cosines) > 1 or len(cosines) + len(others) < len(children):
        kinds = ", ".join(type(child).__name__ for child in children)
        _refuse_chain(f"one of {kinds}, not all of which multiply the rate that they find")
    clocks = [child.last_epoch for child in children]
    if min(clocks) != max(clocks):
        _refuse_chain(f"one whose schedulers stand at different steps, {clocks!r}")

    def product(lr: float, made: Sequence[Any] = children) -> Schedule:
        first, *rest = (partial(_READ[type(child)], child) for child in made)
        schedule: Schedule = first(lr)
        for factor in rest:
            schedule = schedule * factor(1.0)
        return schedule

    t = children[0].last_epoch
    groups = _groups(scheduler, children[0])
    if not cosines:
        if live and not product(1.0)(t) and any(not group.is_near(group.now, 0.0, group.own) for group in groups):
            _refuse_chain(f"one that has come down to 0, and a parameter group that was set to another rate at t={t}")
        return [_carried_on(product, group, t) if live else product(group.own) for group in groups]
    [cosine] = cosines
    turn = cosine.T_max
    if cosine.eta_min or not float(turn).is_integer():
        _refuse_chain(f"one with a CosineAnnealingLR of `eta_min`={cosine.eta_min!r} and `T_max`={turn!r}")
    rest = product(1.0, others)
    if any(end > turn for end in rest.boundaries) or rest(turn) != rest(turn + 10**9):
        _refuse_chain("one with a scheduler that is not yet constant when CosineAnnealingLR rises again")
    schedules = []
    for group in groups:
        schedule = product(group.own)
        if rest(turn) != 1:
            # What rises again is not multiplied any more: the factors have become those of a rate of 0.
            schedule = _spliced((0, schedule), (turn, compat.CosineAnnealingLR(group.own, turn)))
        if live and not group.is_near(group.now, schedule(t), group.own):
            message = (
                "`lr` of a parameter group must be what the ChainedScheduler makes of its `initial_lr`, "
                f"{schedule(t)!r} at t={t}, got {group.now!r}."
            )
            raise ValueError(message)
        schedules.append(schedule)
    return schedules


_READ: dict[type, Callable[[Any, float], Schedule]] = {
    **_MULTIPLYING,
    theirs.CosineAnnealingLR: lambda s, lr: compat.CosineAnnealingLR(lr, s.T_max, s.eta_min),
}


def _ours(scheduler: ScheduleLR) -> list[Schedule]:
    groups = scheduler.optimizer.param_groups
    given = scheduler._schedule
    schedules: list[Schedule] = []
    for schedule in given if isinstance(given, tuple) else [given] * len(groups):
        if not isinstance(schedule, Schedule):
            message = f"`schedule` of a ScheduleLR must be a schedule, got {schedule!r}. {_HINT}"
            raise TypeError(message)
        schedules.append(schedule)
    if scheduler._mode == "absolute":
        return schedules
    return [float(group["initial_lr"]) * schedule for group, schedule in zip(groups, schedules, strict=True)]


_HINT = "Hint: lrsched_core.Function(f) takes any function of t; or write the schedule out for ScheduleLR."


def _unreadable(scheduler: Any) -> TypeError:
    kind = type(scheduler).__name__
    if isinstance(scheduler, (theirs.LambdaLR, theirs.MultiplicativeLR)):
        return TypeError(f"`scheduler` must not be made from a function that torch only calls, got {kind}. {_HINT}")
    if isinstance(scheduler, theirs.ReduceLROnPlateau):
        return TypeError(f"`scheduler` must be a function of time, got {kind}, which reacts to a metric.")
    return TypeError(f"`scheduler` must be one of torch's own classes, or a ScheduleLR, got {kind}. {_HINT}")


def _refuse_chain(what: str) -> NoReturn:
    message = (
        f"`scheduler` must be a ChainedScheduler that is a product, got {what}. "
        "Hint: write out the schedule that is meant, and give it to ScheduleLR."
    )
    raise ValueError(message)
