"""Whether a checkpoint was made by the schedule that is given now."""

from collections.abc import Mapping, Sequence
from typing import Any

from lrsched_core import Plan
from lrsched_core._run.changes import difference, refused

from ._groups import ByName, by_option
from ._histories import Before, parted, with_history
from ._options import Group
from ._plans import Followed, expression, read, text_of


def taken_over(state: Mapping[str, Any], plan: Followed, mode: str, groups: Sequence[Group], on_change: str) -> Before:
    """Return what was followed before `plan`, and until when, once a state is taken.

    A state that does not say what made it is taken as it is.

    Args:
        state: A checked state.
        plan: What is to be followed: what was followed last, or, of a run that went on with another one, all of it.
        mode: What `ScheduleLR` was given.
        groups: The parameter groups that there are.
        on_change: What to do if it is neither: `"refuse"`, `"future"` or `"keep"`.

    Raises:
        ValueError: If another schedule made the state, and `on_change` does not take that.
    """
    earlier, text = parted(state.get("schedule"))
    saved = read(text)
    if saved is None:
        return []
    t, saved_mode = state["last_epoch"], state.get("mode", "absolute")
    known: list[Mapping[Any, Any]] = []
    now = _by_group(plan, groups)
    if saved_mode == mode:
        last = _by_group(saved, groups)
        if text == text_of(plan) or difference([last], now) is None:
            return earlier
        known = [_by_group(with_history(earlier, saved), groups), last] if earlier else [last]
        if difference(known, now) is None:
            return []
    if on_change != "keep":
        until = t if on_change == "future" else None
        where = difference(known, now, until)
        if where is not None:
            where = where or (_difference_at_the_last(state, plan) if known else "")
            raise refused(expression(saved, saved_mode), expression(plan, mode), where, until)
    if not known:
        return []
    # What was given and changed at the same time was never in force.
    return earlier if t <= (earlier[-1][0] if earlier else 0) else [*earlier, (t, text)]


def _by_group(followed: Any, groups: Sequence[Group]) -> dict[Any, Any]:
    """Return what each option of each group follows; nothing if that is of other groups, or another optimizer."""
    try:
        options = by_option(followed, groups) if isinstance(followed, Plan) else followed
        return {
            (name, index) if len(groups) > 1 else name: one
            for name, schedules in options.items()
            for index, one in enumerate(_spread(schedules, groups))
            if one is not None
        }
    except ValueError:
        return {}


def _spread(schedules: Any, groups: Sequence[Group]) -> list[Any]:
    if isinstance(schedules, ByName):
        return [schedules.of(group) for group in groups]
    each = schedules if isinstance(schedules, tuple) else (schedules,) * len(groups)
    return [one for one, _ in zip(each, groups, strict=True)]


def _difference_at_the_last(state: Mapping[str, Any], plan: Followed) -> str:
    """Compare the rates that the checkpoint has with those of its time, where its expression cannot be read."""
    t, before = state["last_epoch"], [*state["_last_lr"]]
    if t < 0 or isinstance(plan, Plan) or "lr" not in plan or state.get("mode") == "factor":
        return ""
    now: Any = plan["lr"]
    schedules = now if isinstance(now, tuple) else (now,) * len(before)
    after = [float(schedule(t)) for schedule in schedules]
    return "" if before == after else f", which differs at t={t}: {after} instead of {before}"
