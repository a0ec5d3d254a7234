"""What is followed, as text: whole in a checkpoint, as expressions in a message."""

import json
from collections.abc import Mapping
from typing import Any

from lrsched_core import Plan
from lrsched_core._run import changes

from ._checks import Schedules

# A plan, or what each option of the parameter groups follows.
Followed = Plan | Mapping[str, Schedules]


def text_of(plan: Followed) -> str:
    """Return what is followed as JSON: the form of each schedule, or, where it has none, its name."""
    form = changes.form_of(plan if isinstance(plan, Plan) or [*plan] != ["lr"] else plan["lr"])
    return form if isinstance(form, str) and changes.is_code(form) else json.dumps(form, separators=(",", ":"))


def read(text: Any) -> Plan | dict[str, Any] | None:
    """Return what `text_of` wrote, a plan, or what each option follows; nothing if it did not."""
    try:
        forms = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {"lr": text} if isinstance(text, str) and changes.is_code(text) else None
    if not isinstance(forms, Mapping | list | str) or not forms:
        return None
    one = changes.value_of(forms)
    return one if isinstance(one, Plan | dict) else {"lr": one}


def expression(plan: Any, mode: str) -> str:
    """Return the arguments that say what is followed, as they are written in the call, cut where they are long."""
    return changes.expression(plan) + (", mode='factor'" if mode == "factor" else "")
