"""What a run has followed, all in all: the schedules of a checkpoint, one after the other."""

import json
from collections.abc import Mapping
from typing import Any

from lrsched_core import Plan, Schedule
from lrsched_core._errors import refusal

from ._plans import is_code, read

# What was followed before, as text, each with the clock at which it was left.
Before = list[tuple[int, str]]
_TYPE = "History"


def written(before: Before, text: str) -> str:
    """Return the text of what is followed, and of what was."""
    return json.dumps({"type": _TYPE, "before": before, "now": text}, separators=(",", ":")) if before else text


def parted(text: Any) -> tuple[Before, Any]:
    """Return what was followed before, and the text of what is followed now."""
    if not isinstance(text, str) or _TYPE not in text:
        return [], text
    try:
        form = json.loads(text)
        if form["type"] == _TYPE:
            return [(int(until), str(each)) for until, each in form["before"]], form["now"]
    except (TypeError, ValueError, KeyError, RecursionError):
        pass
    return [], text


def with_history(before: Before, now: Any) -> Any:
    """Return what was followed from the first update on; what is followed now, as far as it is not known."""
    joined: Any = None
    since = 0
    for until, text in before:
        part = read(text)
        joined = part if joined is None else join(joined, part, since)
        since = until
    whole = now if joined is None else join(joined, now, since)
    return now if whole is None else whole


def join(old: Any, new: Any, at: int) -> Any:
    """Return what is `old` before `at` and then `new`, on the same clock; nothing if that cannot be written."""
    if old is None or new is None:
        return None
    if isinstance(old, Plan) or isinstance(new, Plan):
        return _plans(_as_plan(old), _as_plan(new), at)
    parts = {name: _schedules(old[name], new[name], at) if name in old else new[name] for name in new}
    return None if any(part is None for part in parts.values()) else parts


def _as_plan(followed: Any) -> Plan | None:
    if isinstance(followed, Plan):
        return followed
    return Plan(followed) if all(isinstance(one, Schedule) for one in followed.values()) else None


def _plans(old: Plan | None, new: Plan | None, at: int) -> Plan | None:
    if old is None or new is None or is_code(old) or is_code(new):
        return None
    groups = {}
    for name in dict.fromkeys((*new.groups, *old.groups)):
        before, now = old.groups.get(name, old), new.groups.get(name, new)
        if len(now):
            groups[name] = Plan(_options(before, now, at))
    return Plan(_options(old, new, at), groups=groups) if len(new) or groups else None


def _options(old: Plan, new: Plan, at: int) -> dict[str, Any]:
    return {name: _one(old[name], each, at) if name in old else each for name, each in new.items()}


def _schedules(old: Any, new: Any, at: int) -> Any:
    many = [one for one in (old, new) if isinstance(one, tuple)]
    if not many:
        return _one(old, new, at)
    olds, news = (one if isinstance(one, tuple) else (one,) * len(many[0]) for one in (old, new))
    if len(olds) != len(news):
        return None
    parts = tuple([_one(a, b, at) for a, b in zip(olds, news, strict=True)])
    return None if None in parts else parts


def _one(old: Any, new: Any, at: int) -> Schedule | None:
    if is_code(old) or is_code(new) or not (isinstance(old, Schedule) and isinstance(new, Schedule)):
        return None
    return old.then(new.advance(at), at=at) if at and old != new else new


Given = Schedule | list[Schedule]


def plan_of(state: Mapping[str, Any]) -> Given | dict[str, Given] | Plan:
    """The schedule or plan that made a checkpoint, whole, from the checkpoint alone.

    Where a run went on with another one, taken by ``on_change="future"`` or ``"keep"`` at `t`, that is the history:
    ``old.then(new.advance(t), at=t)``, for each option and group that followed something before.

    Args:
        state: What ``ScheduleLR.state_dict()`` gave; of a ``SequentialLR`` or ``ChainedScheduler``, one of its
            ``"_schedulers"``.

    Returns:
        What was given to `ScheduleLR`: a schedule, a list with one for each parameter group, a mapping from options to
        these, or a plan. With ``mode="factor"``, as ``state["mode"]`` says, the values are factors. Of a history, the
        last part alone where an earlier one is a function, has the other mode, or another number of schedules.

    Raises:
        TypeError: If `state` is no mapping, or a schedule in it is a function, or of a class that is not
            registered: the message has its name.
        ValueError: If it is the state of something else.

    Example:
        >>> import torch
        >>> from lrsched_core import Cosine
        >>> from lrsched_torch import ScheduleLR
        >>> sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        >>> plan_of(ScheduleLR(sgd, Cosine(0.5, steps=10)).state_dict())
        Cosine(0.5, steps=10)
    """
    if not isinstance(state, Mapping):
        raise refusal(TypeError, "state", "be the state of a ScheduleLR", f"{type(state).__name__}")
    before, text = parted(state.get("schedule"))
    plan = read(text)
    if plan is None:
        hint = " Hint: plan_of(state['_schedulers'][0]), for each of them." if "_schedulers" in state else ""
        message = f"`state` must be the state of a ScheduleLR, got one of {', '.join(map(repr, state))}.{hint}"
        raise ValueError(message)
    plan = with_history(before, plan)
    if isinstance(plan, Plan):
        return plan
    given = {name: _given(schedules) for name, schedules in plan.items()}
    return given["lr"] if [*given] == ["lr"] else given


def _given(schedules: Any) -> Any:
    if isinstance(schedules, tuple):
        return [_given(one) for one in schedules]
    if isinstance(schedules, str):
        raise refusal(
            TypeError,
            "state",
            "hold schedules that have a form",
            schedules,
            hint="derive a class from CustomSchedule, and register it.",
        )
    return schedules
