"""What a `ScheduleLR` follows."""

from lrsched_core import Schedule
from lrsched_torch._groups import ByName
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
    if name == "lr" and (rule := scheduler._reaction) is not None:
        message = (
            f"`scheduler` must be a function of time, got a ScheduleLR with a rule that reacts to a metric,"
            f" {rule.rule!r}."
            " Hint: plan_of(scheduler.state_dict()) is its schedule, scheduler.rule_state what the rule remembers."
        )
        raise TypeError(message)
    schedules: list[Schedule] = []
    if isinstance(given, ByName):
        given = tuple([given.of(group) for group in groups])
        if None in given:
            message = (
                f"`scheduler` must set {name!r} of every group, got one that leaves that of group {given.index(None)}."
            )
            raise TypeError(message)
    for schedule in given if isinstance(given, tuple) else [given] * len(groups):
        if not isinstance(schedule, Schedule):
            message = f"`schedule` of a ScheduleLR must be a schedule, got {schedule!r}. {HINT}"
            raise TypeError(message)
        schedules.append(schedule)
    if scheduler._mode == "absolute":
        return schedules
    option = Option(name)
    return [option.own(group) * schedule for group, schedule in zip(groups, schedules, strict=True)]
