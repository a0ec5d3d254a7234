"""Whether a run that is resumed follows what it has followed, and what that was on the whole."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lrsched_core._errors import refusal, shown
from lrsched_core._run.diff import diff
from lrsched_core._value.schedule import Schedule

CHANGES = ("refuse", "future", "keep")

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# A schedule, or the name of code, which cannot be compared.
Followed = Mapping[str, Any]


def check_on_change(value: Any) -> str:
    """Refuses another word than those that there are."""
    if value not in CHANGES:
        raise refusal(ValueError, "on_change", 'be "refuse", "future" or "keep"', f"{shown(value)}")
    return str(value)


def form_of(schedule: Any) -> Any:
    """What is followed as data: its dict; the name of what has none, the same in every process."""
    try:
        return schedule.to_dict()
    except (AttributeError, TypeError, ValueError, RecursionError):
        return name_of(schedule)


def name_of(schedule: Any) -> str:
    """The expression of a schedule, or the name of code."""
    if isinstance(schedule, str):
        return schedule
    if not isinstance(schedule, Schedule):
        return f"<function {getattr(schedule, '__qualname__', type(schedule).__qualname__)}>"
    return _ADDRESS.sub("", repr(schedule))


def history(before: Followed, past: Followed, now: Followed, *, at: int, on_change: str) -> dict[str, Any]:
    """What a run has followed and will follow, if it goes on at `at` with `now`.

    Args:
        before: What it was told to follow until then, by hyperparameter.
        past: What it has followed, changes included.
        now: What it is to follow.
        at: The updates, or epochs, that are done.
        on_change: What to do if `now` is not `before`: one of `CHANGES`.

    Returns:
        For each hyperparameter, what was in force before `at` and `now` after it.

    Raises:
        ValueError: If `now` is refused.
    """
    changed = [name for name in now if name in before and _differ(before[name], now[name])]
    if before.keys() == now.keys() and not changed:
        return dict(past)
    if on_change != "keep":
        _refuse(before, now, changed, at if on_change == "future" else None)
    return {name: _joined(past.get(name), now[name], at) for name in now}


def _joined(old: Any, new: Any, at: int) -> Any:
    if not isinstance(old, Schedule) or not isinstance(new, Schedule) or not at or old == new:
        return new
    # What was to be in force after `at` never was.
    return old.then(new.advance(at), at=at) if _first(old, new, at) else new


def _is_code(schedule: Any) -> bool:
    return "<" in name_of(schedule)


def _differ(old: Any, new: Any) -> bool:
    if _is_code(old) or _is_code(new):
        return False
    if isinstance(old, str) or isinstance(new, str):
        return name_of(old) != name_of(new)
    return bool(old != new) and _first(old, new, None) is not None


def _first(old: Schedule, new: Schedule, until: int | None) -> tuple[int, tuple[float, float]] | None:
    """The first whole time at which they differ, and both values."""
    if until == 0:
        return None
    try:
        found = diff(old, new, until=until)
    except OverflowError:  # a growth has left the float range
        return 0, (old(0), new(0))
    return None if found.first is None or found.at_first is None else (found.first, found.at_first)


def _refuse(before: Followed, now: Followed, changed: list[str], at: int | None) -> None:
    """Refuses what has changed, unless it is the same before `at`."""
    where = ""
    if before.keys() == now.keys():
        comparable: Callable[[str], bool] = lambda name: isinstance(before[name], Schedule)  # noqa: E731
        firsts = [(_first(before[name], now[name], at), name) for name in changed if comparable(name)]
        found = [(first, name) for first, name in firsts if first is not None]
        if not found and all(map(comparable, changed)):
            return
        if found:
            (t, (old, new)), name = min(found)
            of = f" for {name!r}" if len(now) > 1 else ""
            where = f", which first differs at t={t}: {new!r} instead of {old!r}{of}"
    rule = "" if at is None else f" before t={at}"
    message = (
        f"`schedule` must be the one that the checkpoint was made with{rule}, got another{where}.\n"
        f"  In the checkpoint: {_expression(before)}\n"
        f"  Given here: {_expression(now)}\n"
        "Hint: on_change='future' takes one that differs in what is to come alone, on_change='keep' takes any."
    )
    raise ValueError(message)


def _expression(followed: Followed) -> str:
    names = {name: name_of(schedule) for name, schedule in followed.items()}
    text = next(iter(names.values())) if len(names) == 1 else ", ".join(f"{name}: {one}" for name, one in names.items())
    return text if len(text) <= 500 else f"{text[:496]} ..."
