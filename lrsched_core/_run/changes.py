"""What a run has followed, as a checkpoint holds it, and whether that is what it is given when it is resumed.

What is followed is a mapping from names to schedules, or to the names of code, which cannot be compared. A name is that
of a hyperparameter; or a pair, of that and the place of a group of parameters.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from math import inf
from typing import Any

from lrsched_core._errors import refusal
from lrsched_core._run.diff import diff, diff_of_pasts
from lrsched_core._run.differences import Difference
from lrsched_core._run.plan import Plan
from lrsched_core._value.base import Value
from lrsched_core._value.checks import choice
from lrsched_core._value.doors import public
from lrsched_core._value.schedule import Schedule

_CHANGES = ("refuse", "future", "keep")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# How much of an expression a message shows.
_WIDTH, _CUT = 500, " ..."
Followed = Mapping[Any, Any]


def check_on_change(value: Any) -> str:
    """Refuses another word than those that there are."""
    return str(choice("on_change", value, _CHANGES))


# What a checkpoint holds.


def form_of(schedule: Any) -> Any:
    """What is followed as data: its dict, or the name of what has none, the same in every process.

    Of a tuple that is a list, and of a mapping one from names.
    """
    if isinstance(schedule, tuple):
        return [form_of(one) for one in schedule]
    if isinstance(schedule, Mapping):
        return {name: form_of(one) for name, one in schedule.items()}
    try:
        return schedule.to_dict()
    except (AttributeError, TypeError, ValueError, RecursionError):
        return name_of(schedule)


def value_of(form: Any) -> Any:
    """What `form_of` gave the form of; a text where that cannot be read back."""
    if isinstance(form, list):
        return tuple([value_of(one) for one in form])
    if isinstance(form, Mapping) and "type" not in form:
        return {name: value_of(one) for name, one in form.items()}
    try:
        return public("parse" if isinstance(form, str) else "from_dict")(form)
    except (TypeError, ValueError, RecursionError):
        # Code, or a class that only the program has, which may not have registered it.
        return form if isinstance(form, str) else json.dumps(form)


def name_of(schedule: Any) -> str:
    """The expression of a schedule or a plan, or the name of code."""
    if isinstance(schedule, str):
        return schedule
    if not isinstance(schedule, Value):
        return f"<function {getattr(schedule, '__qualname__', type(schedule).__qualname__)}>"
    try:
        return _ADDRESS.sub("", repr(schedule))
    except RecursionError:
        return f"<{type(schedule).__name__}>"


def is_code(schedule: Any) -> bool:
    """Whether a schedule, or what was read of one, is plain code or has some in it."""
    return "<" in name_of(schedule)


def refuse_code(argument: str, schedules: Followed) -> None:
    """Refuses what `value_of` could not read back.

    Raises:
        TypeError: If there is any, with its name.
    """
    pairs = [(name, one) for name, each in schedules.items() for one in (each if isinstance(each, tuple) else (each,))]
    for name, schedule in pairs:
        if not isinstance(schedule, Schedule):
            of = "" if name == "lr" else f" for {_label(name)}"
            hint = "derive a class from CustomSchedule, and register it."
            raise refusal(TypeError, argument, "hold schedules that have a form", f"{name_of(schedule)}{of}", hint)


# Whether that has changed.


def difference(saved: Iterable[Followed], now: Followed, until: int | None = None) -> str | None:
    """Where what is followed now differs first from what was.

    Args:
        saved: What was followed, as it may be given: of several ways to say it, one is enough.
        now: What is followed now.
        until: The end of the times that are compared; all that `diff` compares if None.

    Returns:
        The end of a sentence, empty where nobody can tell; of the last of `saved`. None if one of them does not differ.
    """
    where: str | None = ""
    for before in saved:
        where = _difference(before, now, until)
        if where is None:
            return None
    return where


def _difference(before: Followed, now: Followed, until: int | None) -> str | None:
    if before.keys() != now.keys():
        return ""

    @cache
    def compared(old: Schedule, new: Schedule) -> Difference:
        return diff(old, new) if until is None else diff_of_pasts(old, new, until)

    found: list[tuple[float, str]] = []
    for name, new in now.items():
        old = before[name]
        if is_code(old) or is_code(new) or old == new:
            continue
        if not isinstance(old, Schedule) or not isinstance(new, Schedule):
            if name_of(old) != name_of(new):
                found.append((inf, ""))
        elif until is None or until > 0:
            try:
                one = compared(old, new)
            except OverflowError:  # a growth has left the float range, and what comes then has no values to compare
                found.append((inf, ""))
                continue
            if one.first is not None and one.at_first is not None:
                was, is_now = one.at_first
                of = f" for {_label(name)}" if len(now) > 1 else ""
                found.append((one.first, f", which first differs at t={one.first}: {is_now!r} instead of {was!r}{of}"))
            elif not one.exact or (until is None and not one.forever):
                found.append((inf, f", though `diff` finds the same values before t={one.until}"))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def refused(before: str, now: str, where: str, until: int | None) -> ValueError:
    """The error of a resume with another schedule.

    Args:
        before: What was followed, in words.
        now: What is given.
        where: What `difference` said.
        until: The clock of the checkpoint, if what is to come may differ.
    """
    rule = "" if until is None else f" before t={until}"
    future = "" if until is not None else "on_change='future' takes one that differs in what is to come alone, "
    return ValueError(
        f"`schedule` must be the one that the checkpoint was made with{rule}, got another{where}.\n"
        f"  In the checkpoint: {before}\n"
        f"  Given here: {now}\n"
        f"Hint: {future}on_change='keep' takes any."
    )


def expression(followed: Any) -> str:
    """What is followed, as it is written in a call, cut where it is long."""
    text = _written(followed)
    return text if len(text) <= _WIDTH else text[: _WIDTH - len(_CUT)] + _CUT


def _written(followed: Any) -> str:
    if isinstance(followed, tuple):
        return f"[{', '.join(map(_written, followed))}]"
    if not isinstance(followed, Mapping):
        return name_of(followed)
    if [*followed] == ["lr"]:
        return _written(followed["lr"])
    return "{" + ", ".join(f"{name!r}: {_written(one)}" for name, one in followed.items()) + "}"


def _label(name: Any) -> str:
    return repr(name) if isinstance(name, str) else f"{name[0]!r} of group {name[1]}"


# What that was on the whole.


def history(before: Followed, past: Followed, now: Followed, *, at: int, on_change: str) -> dict[str, Any]:
    """What a run has followed and will follow, if it goes on at `at` with `now`.

    Args:
        before: What it was told to follow until then, by hyperparameter.
        past: What it has followed, changes included.
        now: What it is to follow; either of both is no change.
        at: The updates, or epochs, that are done.
        on_change: What to do if it is neither: `"refuse"`, `"future"` or `"keep"`.

    Returns:
        For each hyperparameter, what was in force before `at` and `now` after it.

    Raises:
        ValueError: If `now` is refused.
    """
    saved = (past, before)
    where = difference(saved, now)
    if where is None:
        return dict(past)
    until = at if on_change == "future" else None
    if on_change == "future":
        where = difference(saved, now, until)
    if on_change != "keep" and where is not None:
        raise refused(expression(before), expression(now), where, until)
    return dict(join(past, now, at))


def join(old: Any, new: Any, at: int) -> Any:
    """What is `old` before `at` and then `new`, on the same clock: each schedule of mappings, plans and tuples.

    What was to be in force after `at` never was. `new` alone where it has the same values before, or `old` is none.
    """
    if not at:
        return new
    if isinstance(old, Plan) or isinstance(new, Plan):
        before, now = _as_plan(old), _as_plan(new)
        return new if before is None or now is None else _joined_plans(before, now, at)
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {name: join(old.get(name), one, at) for name, one in new.items()}
    if isinstance(old, tuple) or isinstance(new, tuple):
        length = len(new if isinstance(new, tuple) else old)
        olds, news = (one if isinstance(one, tuple) else (one,) * length for one in (old, new))
        return tuple([join(*pair, at) for pair in zip(olds, news, strict=True)]) if len(olds) == len(news) else new
    if not isinstance(old, Schedule) or not isinstance(new, Schedule):
        return new
    return new if _difference({"": old}, {"": new}, at) is None else old.then(new.advance(at), at=at)


def _as_plan(followed: Any) -> Plan | None:
    if isinstance(followed, Plan):
        return followed
    many = isinstance(followed, Mapping) and all(isinstance(one, Schedule) for one in followed.values())
    return Plan(followed) if many else None


def _joined_plans(old: Plan, new: Plan, at: int) -> Plan:
    def joined(before: Plan, now: Plan) -> dict[str, Schedule]:
        return dict(join(dict(before.items()), dict(now.items()), at))

    groups = {}
    for name in dict.fromkeys((*new.groups, *old.groups)):
        before, now = old.groups.get(name, old), new.groups.get(name, new)
        if len(now):
            groups[name] = Plan(joined(before, now))
    return Plan(joined(old, new), groups=groups)
