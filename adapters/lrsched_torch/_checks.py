"""What may be given as a schedule, and to which options of which parameter groups."""

import operator
import warnings
from collections.abc import Iterable, Mapping, Sequence
from math import isclose
from types import MethodType
from typing import Any, Protocol, SupportsFloat

from torch.optim import ASGD, Optimizer, Rprop

from lrsched_core import Plan
from lrsched_core._errors import refusal, refuse
from lrsched_core._value.answer import as_function

from ._groups import ByName, by_option, options_of
from ._optimizers import hooked
from ._options import Option


class Schedule(Protocol):
    """Any function of time that gives a number."""

    def __call__(self, t: int, /) -> SupportsFloat:
        """Return the rate, or the factor, at `t`."""


Schedules = Schedule | tuple[Schedule, ...] | ByName


def check_beginning(optimizer: Any, last_epoch: Any) -> None:
    """Refuse what is no optimizer, and a clock that no run has."""
    if not isinstance(optimizer, Optimizer):
        raise refusal(TypeError, "optimizer", "be a torch optimizer", f"{type(optimizer).__name__}")
    if not isinstance(last_epoch, int) or isinstance(last_epoch, bool):
        raise refuse(TypeError, "last_epoch", "a whole number", last_epoch)
    if last_epoch < -1:
        raise refuse(ValueError, "last_epoch", ">= -1", last_epoch)


def check_epoch(epoch: Any) -> int:
    """Return the clock that a `step(epoch)` is given: torch counts in whole numbers, and so does a state."""
    try:
        whole = -1 if isinstance(epoch, bool) else operator.index(epoch)
    except TypeError:
        whole = -1
    if whole < 0:
        kind = ValueError if isinstance(epoch, float | int) and not isinstance(epoch, bool) else TypeError
        hint = "schedule.stretch(n) counts epochs of n updates, with a step() after each." if kind is ValueError else ""
        raise refuse(kind, "epoch", "a whole number >= 0", epoch, hint)
    return whole


def check_schedules(given: Any, optimizer: Optimizer) -> dict[str, Schedules]:
    """Return what each option follows: one function of `t`, or those for each group as a tuple."""
    if isinstance(given, Plan):
        return by_option(given, optimizer.param_groups)
    if not isinstance(given, Mapping) or "type" in given:
        return {"lr": _check("schedule", given, ", a sequence of them, or a mapping from options to these")}
    if not given:
        raise refusal(ValueError, "schedule", "name at least one option of the parameter groups", "{}")
    options = options_of("schedule", [*given], optimizer.param_groups)
    return {
        option: _check(f"schedule[{name!r}]", given[name], " or a sequence of them") for name, option in options.items()
    }


def _check(name: str, schedule: Any, more: str) -> Schedules:
    if not isinstance(schedule, Sequence) or isinstance(schedule, str) or callable(schedule):
        return as_function(name, schedule, f"a function of t{more}")
    return tuple([as_function(f"{name}[{index}]", one, "a function of t") for index, one in enumerate(schedule)])


def unwrap(schedule: Schedule) -> Schedule:
    """Return the method that calling the schedule ends in, where that is one: it is quicker."""
    # Pickled and copied like the schedule itself, as a function made here would not be.
    call = schedule.__call__
    return call if isinstance(call, MethodType) else schedule


def check_fit(name: str, schedules: tuple[Schedule, ...], optimizer: Optimizer) -> None:
    """Refuse a number of schedules that is not the number of parameter groups."""
    groups = len(optimizer.param_groups)
    if len(schedules) != groups:
        raise refusal(
            ValueError,
            name,
            f"have one schedule for each of the {groups} parameter groups",
            f"{len(schedules)}",
            hint="a single schedule also covers groups added later.",
        )


def refuse_flattening(name: str, option: Option, schedules: Schedules, optimizer: Optimizer) -> None:
    """Refuse groups that follow one absolute schedule and whose own values differ: it would make them all the same."""
    members: dict[Any, list[float]] = {}
    for group in optimizer.param_groups:
        if not isinstance(schedules, ByName):
            members.setdefault(None, []).append(option.own(group))
        elif schedules.of(group) is not None:
            members.setdefault(schedules.key(group), []).append(option.own(group))
    for own in members.values():
        if min(own) != max(own):
            what = "rates" if option.name == "lr" else "values"
            raise refusal(
                ValueError,
                name,
                f"be one for each parameter group where their own {what} differ",
                f"a single one for {what} from {min(own)} to {max(own)}",
                hint=f"pass a list of schedules, or mode='factor' to scale each group's own {what[:-1]}.",
            )


def refuse_unknown_own(option: Option, schedules: Schedules, optimizer: Optimizer) -> None:
    """Refuse to go on scaling values of which nobody knows what they were, as torch does for rates."""
    for index, group in enumerate(optimizer.param_groups):
        followed = not isinstance(schedules, ByName) or schedules.of(group) is not None
        if followed and not option.has_own(group):
            message = (
                f"param 'initial_{option.name.partition('[')[0]}' is not specified in param_groups[{index}]"
                " when resuming a scheduler with last_epoch >= 0: load the optimizer's state first."
            )
            raise KeyError(message)


def refuse_other_own(option: Option, index: int, saved: float, now: float) -> None:
    """Refuse to scale something else than what the groups of a checkpoint were given, but for rounding."""
    if not isclose(saved, now, rel_tol=1e-6):
        message = (
            f"`{option.own_name}`, what a factor scales, must be {saved} in parameter group {index}, as in the"
            f" checkpoint, got {now}. Hint: on_change='keep' goes on with the one given here."
        )
        raise ValueError(message)


def refuse_other_steps(options: Iterable[str]) -> None:
    """Refuse to be asked for the rates in place of a `step()`, as ignite's wrapper does, where there is more to set.

    Raises:
        ValueError: If other options would stay as they are.
    """
    if [*options] != ["lr"]:
        raise refusal(
            ValueError,
            "schedule",
            "be of the rate alone where something else than step() sets it, as ignite.handlers.LRScheduler does",
            f"one of {', '.join(options)}",
            hint="call scheduler.step() after each update; in ignite, from a handler on ITERATION_COMPLETED.",
        )


def warn_of_own_ways(optimizer: Optimizer, options: Iterable[str]) -> None:
    """Say so if an optimizer uses other rates than those that it is given."""
    inner = hooked(optimizer) if "lr" in options else None
    if isinstance(inner, Rprop):
        does = "takes its rate for the first update alone, and finds its own step sizes from then on: no schedule of it"
        does += " has an effect"
    elif isinstance(inner, ASGD):
        does = "uses each rate one update late: the update after `t` has that of `t`, and shrinks it as well"
    else:
        return
    warnings.warn(f"{type(inner).__name__} {does}.", UserWarning, stacklevel=3)
