"""What a `ScheduleLR` follows."""

from lrsched_core import Schedule
from lrsched_torch._options import Option
from lrsched_torch._scheduler import ScheduleLR

HINT = "Hint: lrsched_core.Function(f) takes any function of t; or write the schedule out for ScheduleLR."


def schedules_of(scheduler: ScheduleLR, name: str = "lr") -> list[Schedule]:
    """The schedules of one option, as they are used: one for each parameter group."""
    groups = scheduler.optimizer.param_groups
    given = scheduler._plan.get(name)
    if given is None:
        message = f"`scheduler` must set the rates, got a ScheduleLR of {', '.join(scheduler._plan)}."
        raise TypeError(message)
    schedules: list[Schedule] = []
    for schedule in given if isinstance(given, tuple) else [given] * len(groups):
        if not isinstance(schedule, Schedule):
            message = f"`schedule` of a ScheduleLR must be a schedule, got {schedule!r}. {HINT}"
            raise TypeError(message)
        schedules.append(schedule)
    if scheduler._mode == "absolute":
        return schedules
    option = Option(name)
    return [option.own(group) * schedule for group, schedule in zip(groups, schedules, strict=True)]
