"""What is followed, as text: whole in a checkpoint, as expressions in a message."""

import json
import re
from collections.abc import Mapping
from typing import Any

import lrsched_core

from ._checks import Schedules

Plan = Mapping[str, Schedules]
# A schedule, or what there is of one that cannot be read back: its expression, or the name of its code.
Read = lrsched_core.Schedule | str

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# How much of an expression a message shows.
WIDTH = 500
CUT = " ..."


def text_of(plan: Plan) -> str:
    """Return what is followed as JSON: the form of each schedule, or, where it has none, its name."""
    forms = {name: _form(schedules) for name, schedules in plan.items()}
    form = forms["lr"] if [*forms] == ["lr"] else forms
    return form if isinstance(form, str) and is_code(form) else json.dumps(form, separators=(",", ":"))


def _form(schedules: Any) -> Any:
    if isinstance(schedules, tuple):
        return [_form(one) for one in schedules]
    try:
        return schedules.to_dict()
    except (AttributeError, TypeError, ValueError, RecursionError):
        return name_of(schedules)


def name_of(schedule: Any) -> str:
    """Return the expression of a schedule, or the name of code, the same in every process."""
    if not isinstance(schedule, lrsched_core.Schedule):
        return f"<function {getattr(schedule, '__qualname__', type(schedule).__qualname__)}>"
    try:
        return ADDRESS.sub("", repr(schedule))
    except RecursionError:
        return f"<{type(schedule).__name__}>"


def is_code(schedule: Any) -> bool:
    """Return whether a schedule, or what was read of one, is plain code or has some in it: it cannot be compared."""
    return "<" in (schedule if isinstance(schedule, str) else name_of(schedule))


def read(text: Any) -> dict[str, Read | tuple[Read, ...]] | None:
    """Return what `text_of` wrote, by option; nothing if it did not."""
    try:
        forms = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {"lr": text} if isinstance(text, str) and is_code(text) else None
    if isinstance(forms, Mapping) and "type" not in forms:
        return {name: _read(form) for name, form in forms.items()}
    return {"lr": _read(forms)} if isinstance(forms, Mapping | list | str) else None


def _read(form: Any) -> Any:
    if isinstance(form, list):
        return tuple([_read(one) for one in form])
    try:
        return lrsched_core.parse(form) if isinstance(form, str) else lrsched_core.from_dict(form)
    except (TypeError, ValueError, RecursionError):
        # Code, or a class that only the program has.
        return form if isinstance(form, str) else json.dumps(form)


def expression(plan: Mapping[str, Any], mode: str) -> str:
    """Return the arguments that say what is followed, as they are written in the call, cut where they are long."""
    written = {name: _written(schedules) for name, schedules in plan.items()}
    if [*written] == ["lr"]:
        text = written["lr"]
    else:
        text = "{" + ", ".join(f"{name!r}: {one}" for name, one in written.items()) + "}"
    text = text if len(text) <= WIDTH else text[: WIDTH - len(CUT)] + CUT
    return text + (", mode='factor'" if mode == "factor" else "")


def _written(schedules: Any) -> str:
    if isinstance(schedules, tuple):
        return f"[{', '.join(map(_written, schedules))}]"
    return schedules if isinstance(schedules, str) else name_of(schedules)


Given = lrsched_core.Schedule | list[lrsched_core.Schedule]


def plan_of(state: Mapping[str, Any]) -> Given | dict[str, Given]:
    """The schedule that made a checkpoint, whole, from the checkpoint alone.

    Args:
        state: What ``ScheduleLR.state_dict()`` gave; of a ``SequentialLR`` or ``ChainedScheduler``, one of its
            ``"_schedulers"``.

    Returns:
        What was given to `ScheduleLR`: a schedule, a list with one for each parameter group, or a mapping from
        options to these. With ``mode="factor"``, as ``state["mode"]`` says, the values are factors.

    Raises:
        TypeError: If `state` is no mapping, or a schedule in it is a function, or of a class that is not
            registered: the message has its name.
        ValueError: If it is the state of something else.

    Example:
        >>> import torch
        >>> from lrsched_core import Cosine
        >>> sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        >>> plan_of(ScheduleLR(sgd, Cosine(0.5, steps=10)).state_dict())
        Cosine(0.5, steps=10)
    """
    if not isinstance(state, Mapping):
        message = f"`state` must be the state of a ScheduleLR, got {type(state).__name__}."
        raise TypeError(message)
    plan = read(state.get("schedule"))
    if plan is None:
        hint = " Hint: plan_of(state['_schedulers'][0]), for each of them." if "_schedulers" in state else ""
        message = f"`state` must be the state of a ScheduleLR, got one of {', '.join(map(repr, state))}.{hint}"
        raise ValueError(message)
    given = {name: _given(schedules) for name, schedules in plan.items()}
    return given["lr"] if [*given] == ["lr"] else given


def _given(schedules: Any) -> Any:
    if isinstance(schedules, tuple):
        return [_given(one) for one in schedules]
    if isinstance(schedules, str):
        message = (
            f"`state` must hold schedules that have a form, got {schedules}."
            " Hint: derive a class from CustomSchedule, and register it."
        )
        raise TypeError(message)
    return schedules
