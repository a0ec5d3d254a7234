"""What schedulers set beside the rate: the momentum that they cycle, the options of a `ScheduleLR`."""

from collections.abc import Callable
from itertools import pairwise
from math import inf
from typing import Any

from torch.optim import lr_scheduler as theirs

from lrsched_core import Constant, Schedule, Sequence
from lrsched_core.compat import torch as compat
from lrsched_torch._options import Option
from lrsched_torch._scheduler import ScheduleLR

from .ours import schedules_of
from .schedulers import cyclic_shape, one_cycle_shape

Options = dict[str, list[Schedule]]


def options_of(scheduler: Any, *, live: bool) -> Options:
    """What each option but the rate follows in each parameter group, on the scheduler's own clock."""
    kind = type(scheduler)
    if kind is theirs.SequentialLR:
        return _sequence(scheduler, live=live)
    if kind is theirs.ChainedScheduler and len(scheduler._schedulers) == 1:
        return options_of(scheduler._schedulers[0], live=live)
    if kind is ScheduleLR:
        return {name: schedules_of(scheduler, name) for name in scheduler._plan if name != "lr"}
    read = _MOMENTA.get(kind)
    if read is None or not scheduler.cycle_momentum:
        return {}
    groups = range(len(scheduler.optimizer.param_groups))
    name = "betas[0]" if scheduler.use_beta1 else "momentum"
    return {name: [read(scheduler, index) for index in groups]}


def _cyclic(scheduler: Any, index: int) -> Schedule:
    low, high = float(scheduler.base_momentums[index]), float(scheduler.max_momentums[index])
    return compat.CyclicMomentum(low, high, **cyclic_shape(scheduler))


def _one_cycle(scheduler: Any, index: int) -> Schedule:
    group = scheduler.optimizer.param_groups[index]
    return compat.OneCycleMomentum(
        scheduler.total_steps,
        base_momentum=float(group["base_momentum"]),
        max_momentum=float(group["max_momentum"]),
        **one_cycle_shape(scheduler),
    )


_MOMENTA: dict[type, Callable[[Any, int], Schedule]] = {theirs.CyclicLR: _cyclic, theirs.OneCycleLR: _one_cycle}


def _sequence(scheduler: Any, *, live: bool) -> Options:
    """What a `SequentialLR` does: an option that the scheduler at work does not set stays where it is."""
    children = [options_of(child, live=False) for child in scheduler._schedulers]
    starts = [0, *scheduler._milestones]
    names = dict.fromkeys(name for child in children for name in child)
    return {
        name: [
            _one_after_another(
                [child[name][index] if name in child else None for child in children],
                starts,
                _first(scheduler, name, index, children, live=live),
            )
            for index in range(len(scheduler.optimizer.param_groups))
        ]
        for name in names
    }


def _first(scheduler: Any, name: str, index: int, children: list[Options], *, live: bool) -> float:
    """What a group has before any scheduler that sets the option is at work."""
    starts = [0, *scheduler._milestones]
    begun = any(name in child and start <= scheduler.last_epoch for child, start in zip(children, starts, strict=True))
    if live and not begun:
        return Option(name).held(scheduler.optimizer.param_groups[index])
    # Each of them has set it when it was built.
    return [child[name][index](0) for child in children if name in child][-1]


def _one_after_another(parts: list[Schedule | None], starts: list[int], value: float) -> Schedule:
    legs: list[Schedule] = []
    for part, (start, stop) in zip(parts, pairwise([*starts, inf]), strict=True):
        leg = Constant(value) if part is None else part
        legs.append(leg)
        if stop > start and stop != inf:
            value = leg(stop - start - 1)
    return Sequence(tuple(legs), milestones=tuple(starts[1:])) if len(legs) > 1 else legs[0]
