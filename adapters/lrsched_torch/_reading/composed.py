"""Schedulers of schedulers."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from typing import Any, NoReturn

from torch.optim import lr_scheduler as theirs
from torch.optim.swa_utils import SWALR

from lrsched_core import Schedule
from lrsched_core._errors import refusal
from lrsched_core.compat import torch as compat

from .groups import groups_of
from .schedulers import MULTIPLYING, carried_on, spliced

Read = Callable[..., list[Schedule]]


def sequence(scheduler: Any, read: Read, *, live: bool) -> list[Schedule]:
    """What a `SequentialLR` does: only the scheduler that is at work goes on from the rate that it finds."""
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
    parts = [read(child, live=live and place == active) for place, child in enumerate(children)]
    return [compat.SequentialLR(schedules, milestones) for schedules in zip(*parts, strict=True)]


def _check_beginning(scheduler: Any, child: Any) -> None:
    if type(child) not in MULTIPLYING and type(child) is not theirs.CosineAnnealingLR:
        return
    for group, own in zip(scheduler.optimizer.param_groups, child.base_lrs, strict=True):
        if float(group["initial_lr"]) != float(own):
            message = (
                f"`initial_lr` of a parameter group must be {float(own)!r}, as it was for the first scheduler of a "
                f"SequentialLR, got {float(group['initial_lr'])!r}. OneCycleLR writes its own there, from which "
                "SequentialLR then begins."
            )
            raise ValueError(message)


def chain(scheduler: Any, read: Read, *, live: bool) -> list[Schedule]:
    """What a `ChainedScheduler` does, where that is a product."""
    children: Sequence[Any] = scheduler._schedulers
    if len(children) == 1:
        return read(children[0], live=live)
    cosines = [child for child in children if type(child) is theirs.CosineAnnealingLR]
    others = [child for child in children if type(child) in MULTIPLYING]
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
    groups = groups_of(scheduler, children[0])
    if not cosines:
        if live and not product(1.0)(t) and any(not group.is_near(group.now, 0.0, group.own) for group in groups):
            _refuse_chain(f"one that has come down to 0, and a parameter group that was set to another rate at t={t}")
        return [carried_on(product, group, t) if live else product(group.own) for group in groups]
    [cosine] = cosines
    turn = cosine.T_max
    if cosine.eta_min or not float(turn).is_integer():
        _refuse_chain(f"one with a CosineAnnealingLR of `eta_min`={cosine.eta_min!r} and `T_max`={turn!r}")
    if any(_end(child) > turn for child in others):
        _refuse_chain("one with a scheduler that is not yet constant when CosineAnnealingLR rises again")
    schedules = []
    for group in groups:
        schedule = product(group.own)
        if product(1.0, others)(turn) != 1:
            # What rises again is not multiplied any more: the factors have become those of a rate of 0.
            schedule = spliced((0, schedule), (turn, compat.CosineAnnealingLR(group.own, turn)))
        if live and not group.is_near(group.now, schedule(t), group.own):
            message = (
                "`lr` of a parameter group must be what the ChainedScheduler makes of its `initial_lr`, "
                f"{schedule(t)!r} at t={t}, got {group.now!r}."
            )
            raise ValueError(message)
        schedules.append(schedule)
    return schedules


def _end(child: Any) -> float:
    """When a scheduler that multiplies has become constant."""
    if type(child) in (theirs.StepLR, theirs.ExponentialLR):
        return 0 if child.gamma == 1 else inf
    if type(child) is theirs.MultiStepLR:
        return max(child.milestones, default=0)
    return float(child.total_iters)


_READ: dict[type, Callable[[Any, float], Schedule]] = {
    **MULTIPLYING,
    theirs.CosineAnnealingLR: lambda s, lr: compat.CosineAnnealingLR(lr, s.T_max, s.eta_min),
}


def _refuse_chain(what: str) -> NoReturn:
    raise refusal(
        ValueError,
        "scheduler",
        "be a ChainedScheduler that is a product",
        what,
        hint="write out the schedule that is meant, and give it to ScheduleLR.",
    )
