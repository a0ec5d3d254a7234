"""What may be given as a schedule, and to which parameter groups."""

from collections.abc import Sequence
from types import MethodType
from typing import Protocol, SupportsFloat

from torch.optim import Optimizer

from ._rates import own_rate


class Schedule(Protocol):
    """Any function of time that gives a number."""

    def __call__(self, t: int, /) -> SupportsFloat:
        """Return the rate, or the factor, at `t`."""


def check_schedule(schedule: Schedule | Sequence[Schedule]) -> Schedule | tuple[Schedule, ...]:
    """Return the one function of `t`, or those for each group as a tuple."""
    if callable(schedule):
        return schedule
    if not isinstance(schedule, Sequence):
        message = f"`schedule` must be a function of t or a sequence of them, got {schedule!r}."
        raise TypeError(message)
    for index, one in enumerate(schedule):
        if not callable(one):
            message = f"`schedule[{index}]` must be a function of t, got {one!r}."
            raise TypeError(message)
    return tuple(schedule)


def unwrap(schedule: Schedule) -> Schedule:
    """Return the method that calling the schedule ends in, where that is one: it is quicker."""
    # Pickled and copied like the schedule itself, as a function made here would not be.
    call = schedule.__call__
    return call if isinstance(call, MethodType) else schedule


def check_fit(schedules: tuple[Schedule, ...], optimizer: Optimizer) -> None:
    """Refuse a number of schedules that is not the number of parameter groups."""
    groups = len(optimizer.param_groups)
    if len(schedules) != groups:
        message = (
            f"`schedule` must have one schedule for each of the {groups} parameter groups,"
            f" got {len(schedules)}. Hint: a single schedule also covers groups added later."
        )
        raise ValueError(message)


def refuse_flattening(optimizer: Optimizer) -> None:
    """Refuse groups whose own rates differ: one absolute schedule would make them all the same."""
    rates = [own_rate(group) for group in optimizer.param_groups]
    if min(rates) != max(rates):
        message = (
            "`schedule` must be one for each parameter group where their own rates differ,"
            f" got a single one for rates from {min(rates)} to {max(rates)}."
            " Hint: pass a list of schedules, or mode='factor' to scale each group's own rate."
        )
        raise ValueError(message)
