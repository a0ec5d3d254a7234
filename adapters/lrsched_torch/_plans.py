"""What is followed, as text: whole in a checkpoint, as expressions in a message."""

import json
import re
from collections.abc import Mapping
from typing import Any

import lrsched_core

from ._checks import Schedules

# A plan, or what each option of the parameter groups follows.
Followed = lrsched_core.Plan | Mapping[str, Schedules]
# A schedule, or what there is of one that cannot be read back: its expression, or the name of its code.
Read = lrsched_core.Schedule | str

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# How much of an expression a message shows.
WIDTH = 500
CUT = " ..."


def text_of(plan: Followed) -> str:
    """Return what is followed as JSON: the form of each schedule, or, where it has none, its name."""
    if isinstance(plan, lrsched_core.Plan):
        form = _form(plan)
        return form if isinstance(form, str) else json.dumps(form, separators=(",", ":"))
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
    if not isinstance(schedule, lrsched_core.Schedule | lrsched_core.Plan):
        return f"<function {getattr(schedule, '__qualname__', type(schedule).__qualname__)}>"
    try:
        return ADDRESS.sub("", repr(schedule))
    except RecursionError:
        return f"<{type(schedule).__name__}>"


def is_code(schedule: Any) -> bool:
    """Return whether a schedule, or what was read of one, is plain code or has some in it: it cannot be compared."""
    return "<" in (schedule if isinstance(schedule, str) else name_of(schedule))


def read(text: Any) -> lrsched_core.Plan | dict[str, Read | tuple[Read, ...]] | None:
    """Return what `text_of` wrote, a plan, or what each option follows; nothing if it did not."""
    try:
        forms = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {"lr": text} if isinstance(text, str) and is_code(text) else None
    if isinstance(forms, Mapping) and "type" not in forms:
        return {name: _read(form) for name, form in forms.items()}
    if not isinstance(forms, Mapping | list | str):
        return None
    one = _read(forms)
    return one if isinstance(one, lrsched_core.Plan) else {"lr": one}


def _read(form: Any) -> Any:
    if isinstance(form, list):
        return tuple([_read(one) for one in form])
    try:
        return lrsched_core.parse(form) if isinstance(form, str) else lrsched_core.from_dict(form)
    except (TypeError, ValueError, RecursionError):
        # Code, or a class that only the program has.
        return form if isinstance(form, str) else json.dumps(form)


def expression(plan: Followed | Mapping[str, Any], mode: str) -> str:
    """Return the arguments that say what is followed, as they are written in the call, cut where they are long."""
    text = _arguments(plan)
    text = text if len(text) <= WIDTH else text[: WIDTH - len(CUT)] + CUT
    return text + (", mode='factor'" if mode == "factor" else "")


def _arguments(plan: Followed | Mapping[str, Any]) -> str:
    if isinstance(plan, lrsched_core.Plan):
        return name_of(plan)
    written = {name: _written(schedules) for name, schedules in plan.items()}
    if [*written] == ["lr"]:
        return written["lr"]
    return "{" + ", ".join(f"{name!r}: {one}" for name, one in written.items()) + "}"


def _written(schedules: Any) -> str:
    if isinstance(schedules, tuple):
        return f"[{', '.join(map(_written, schedules))}]"
    return schedules if isinstance(schedules, str) else name_of(schedules)
