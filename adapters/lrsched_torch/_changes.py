"""Whether a checkpoint was made by the schedule that is given now."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lrsched_core import Plan

from ._groups import ByName, by_option
from ._histories import Before, parted, with_history
from ._options import Group
from ._plans import Followed, expression, is_code, name_of, read, text_of

# How far the first difference between two schedules is looked for.
HORIZON = 2**20


class Pair(NamedTuple):
    """What one option of one group followed, and what it is to follow."""

    label: str
    before: Any
    now: Any


def refuse_change(
    state: Mapping[str, Any], plan: Followed, mode: str, groups: Sequence[Group], *, future: bool
) -> None:
    """Refuse a state that another schedule made. One that does not say which is taken as it is.

    Args:
        state: A checked state.
        plan: What is to be followed.
        mode: What `ScheduleLR` was given.
        groups: The parameter groups that there are.
        future: Whether the times from the state's clock on may differ.
    """
    earlier, text = parted(state.get("schedule"))
    before_mode = state.get("mode", "absolute")
    if text is None or (text == text_of(plan) and before_mode == mode):
        return
    before = read(text)
    if before is None:
        return
    where = ""
    # What was followed last, or all that was: a run that went on with another schedule may be given either.
    whole = with_history(earlier, before) if earlier else before
    for saved in [before] if whole is before else [whole, before]:
        pairs = _pairs(saved, plan, groups) if before_mode == mode else None
        if pairs is None:
            continue
        changed = [*dict.fromkeys(pair for pair in pairs if _differ(pair))]
        if not changed:
            # Another version wrote the same differently, or a list holds one schedule for all, or code is in it.
            return
        if any(isinstance(pair.before, str) for pair in changed):
            where = _difference_at_the_last(state, plan)
        else:
            try:
                where = _first_difference(changed, state["last_epoch"] if future else HORIZON)
                if future and not where:
                    return
                where = where or f", though with the same values before t={HORIZON}"
            except OverflowError:
                # A growth has left the float range: what comes after has no values to compare.
                where = ""
    rule = f" before t={state['last_epoch']}" if future else ""
    message = (
        f"`schedule` must be the one that the checkpoint was made with{rule}, got another{where}.\n"
        f"  In the checkpoint: {expression(before, before_mode)}\n"
        f"  Given here: {expression(plan, mode)}\n"
        "Hint: on_change='keep' goes on with the one given here."
    )
    raise ValueError(message)


def history(state: Mapping[str, Any], plan: Followed, mode: str, groups: Sequence[Group]) -> Before:
    """Return what was followed before `plan`, and until when, once a state is taken."""
    before, text = parted(state.get("schedule"))
    t = state["last_epoch"]
    saved = read(text)
    if saved is None or state.get("mode", "absolute") != mode:
        return []
    if text == text_of(plan) or _same(saved, plan, groups):
        return before
    if before and _same(with_history(before, saved), plan, groups):
        return []
    # What was given and changed at the same time was never in force.
    return before if t <= (before[-1][0] if before else 0) else [*before, (t, str(text))]


def _same(before: Any, now: Followed, groups: Sequence[Group]) -> bool:
    pairs = _pairs(before, now, groups)
    return pairs is not None and not any(map(_differ, pairs))


def _pairs(before: Any, now: Any, groups: Sequence[Group]) -> list[Pair] | None:
    """Return what each option of each group followed, and what it is to follow; nothing if they are not the same."""
    try:
        old_options, new_options = (by_option(one, groups) if isinstance(one, Plan) else one for one in (before, now))
    except ValueError:
        # Of other groups, or another optimizer.
        return None
    if old_options.keys() != new_options.keys():
        return None
    pairs = []
    for name in new_options:
        given = old_options[name], new_options[name]
        old, new = (_spread(one, groups) for one in given)
        if len(old) != len(new):
            return None
        many = any(isinstance(one, tuple | ByName) for one in given)
        for group, (a, b) in enumerate(zip(old, new, strict=True)):
            if (a is None) != (b is None):
                return None
            of_group = f" of group {group}" if many else ""
            if a is not None:
                pairs.append(Pair(f" for {name!r}{of_group}" if many or len(new_options) > 1 else "", a, b))
    return pairs


def _spread(schedules: Any, groups: Sequence[Group]) -> Any:
    if isinstance(schedules, ByName):
        return [schedules.of(group) for group in groups]
    return schedules if isinstance(schedules, tuple) else (schedules,) * len(groups)


def _differ(pair: Pair) -> bool:
    if is_code(pair.before) or is_code(pair.now):
        return False
    if isinstance(pair.before, str):
        return pair.before != name_of(pair.now)
    return bool(pair.before != pair.now)


def _difference_at_the_last(state: Mapping[str, Any], plan: Followed) -> str:
    """Compare the rates that the checkpoint has with those of its time, where its expression cannot be read."""
    t, before = state["last_epoch"], [*state["_last_lr"]]
    if t < 0 or isinstance(plan, Plan) or "lr" not in plan or state.get("mode") == "factor":
        return ""
    now: Any = plan["lr"]
    schedules = now if isinstance(now, tuple) else (now,) * len(before)
    after = [float(schedule(t)) for schedule in schedules]
    return "" if before == after else f", which differs at t={t}: {after} instead of {before}"


def _first_difference(pairs: list[Pair], stop: int) -> str:
    """Say when the earliest difference before `stop` is, if there is one."""
    import numpy as np  # only a change needs it

    begin, end = 0, min(1024, stop)
    while begin < end:
        times = np.arange(begin, end)
        found = []
        for pair in pairs:
            differ = np.flatnonzero(pair.before(times) != pair.now(times))
            if differ.size:
                found.append((int(times[differ[0]]), pair))
        if found:
            t, pair = min(found, key=lambda one: one[0])
            before, now = pair.before(t), pair.now(t)
            return f", which first differs at t={t}: {now!r} instead of {before!r}{pair.label}"
        begin, end = end, min(end * 4, end + HORIZON, stop)
    return ""
