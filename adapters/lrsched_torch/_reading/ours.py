"""What a `ScheduleLR` follows."""

from lrsched_core import Schedule
from lrsched_core._errors import refusal
from lrsched_torch._groups import ByName
from lrsched_torch._options import Option
from lrsched_torch._scheduler import ScheduleLR

HINT = "Hint: lrsched_core.Function(f) takes any function of t; or write the schedule out for ScheduleLR."


def schedules_of(scheduler: ScheduleLR, name: str = "lr") -> list[Schedule]:
    """The schedules of one option, as they are used: one for each parameter group."""
    groups = scheduler.optimizer.param_groups
    given = scheduler._plan.get(name)
    if given is None:
        raise refusal(TypeError, "scheduler", "set the rates", f"a ScheduleLR of {', '.join(scheduler._plan)}")
    if name == "lr" and (rule := scheduler._reaction) is not None:
        raise refusal(
            TypeError,
            "scheduler",
            "be a function of time",
            f"a ScheduleLR with a rule that reacts to a metric, {rule.rule!r}",
            hint="plan_of(scheduler.state_dict()) is its schedule, scheduler.rule_state what the rule remembers.",
        )
    schedules: list[Schedule] = []
    if isinstance(given, ByName):
        given = tuple([given.of(group) for group in groups])
        if None in given:
            raise refusal(
                TypeError,
                "scheduler",
                f"set {name!r} of every group",
                f"one that leaves that of group {given.index(None)}",
            )
    for schedule in given if isinstance(given, tuple) else [given] * len(groups):
        if not isinstance(schedule, Schedule):
            message = f"`schedule` of a ScheduleLR must be a schedule, got {schedule!r}. {HINT}"
            raise TypeError(message)
        schedules.append(schedule)
    if scheduler._mode == "absolute":
        return schedules
    option = Option(name)
    return [option.own(group) * schedule for group, schedule in zip(groups, schedules, strict=True)]
