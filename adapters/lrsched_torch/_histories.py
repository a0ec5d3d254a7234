"""What a run has followed, all in all: the schedules of a checkpoint, one after the other."""

import json
from collections.abc import Mapping
from typing import Any

from lrsched_core import Plan, Schedule
from lrsched_core._errors import refusal
from lrsched_core._run.changes import join, refuse_code

from ._plans import read

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
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        pass
    return [], text


def with_history(before: Before, now: Any) -> Any:
    """Return what was followed from the first update on; what is followed now, as far as it is not known."""
    joined, since = None, 0
    for until, text in before:
        joined, since = join(joined, read(text), since), until
    return join(joined, now, since)


Given = Schedule | list[Schedule]


def plan_of(state: Mapping[str, Any]) -> Given | dict[str, Given] | Plan:
    """The schedule or plan that made a checkpoint, whole, from the checkpoint alone.

    Where a run went on with another one, taken by `on_change="keep"` at `t`, that is the history:
    `old.then(new.advance(t), at=t)`, for each option and group that followed another schedule before.

    Args:
        state: What `ScheduleLR.state_dict()` gave; of a `SequentialLR` or `ChainedScheduler`, one of its
            `"_schedulers"`.

    Returns:
        What was given to `ScheduleLR`: a schedule, a list with one for each parameter group, a mapping from options to
        these, or a plan. With `mode="factor"`, as `state["mode"]` says, the values are factors. Of a history, the
        last part alone where an earlier one has the other mode or another number of schedules; of each schedule, where
        the earlier one is a function.

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
        message = (
            f"`state` must be the state of a ScheduleLR, got one of {', '.join(map(repr, state)) or 'nothing'}.{hint}"
        )
        raise ValueError(message)
    plan = with_history(before, plan)
    if isinstance(plan, Plan):
        return plan
    refuse_code("state", plan)
    given = {name: [*each] if isinstance(each, tuple) else each for name, each in plan.items()}
    return given["lr"] if [*given] == ["lr"] else given
