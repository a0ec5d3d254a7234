"""What a checkpoint says of the schedule that made it, so that another one is noticed."""

import ast
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import lrsched_core

from ._checks import Schedules

# The state has one size, whatever the schedule: a longer expression is cut, a shorter one padded.
WIDTH, DIGEST = 500, 64
CUT = " ..."
FACTOR = ", mode='factor'"
# How far the first difference between two schedules is looked for.
HORIZON = 2**20


def fingerprint(plan: Mapping[str, Schedules], mode: str) -> dict[str, str]:
    """Return the expression of what is given, for people, and its hash, blank where code is in it."""
    return {"schedule": _fitted(expression(plan, mode)).ljust(WIDTH), "fingerprint": _digest(plan, mode).ljust(DIGEST)}


def expression(plan: Mapping[str, Schedules], mode: str) -> str:
    """Return the arguments that say what is followed, as they are written in the call."""
    written = {name: _write(schedules) for name, schedules in plan.items()}
    text = written["lr"] if [*written] == ["lr"] else ", ".join(f"{name!r}: {one}" for name, one in written.items())
    return (text if [*written] == ["lr"] else f"{{{text}}}") + (FACTOR if mode == "factor" else "")


def _write(schedules: Any) -> str:
    if isinstance(schedules, tuple):
        return f"[{', '.join(map(_write, schedules))}]"
    if isinstance(schedules, lrsched_core.Schedule):
        try:
            return repr(schedules)
        except RecursionError:
            return f"<{type(schedules).__name__}>"
    # The address that the repr of a function ends in says nothing to the next process.
    return f"<function {getattr(schedules, '__qualname__', type(schedules).__qualname__)}>"


def _fitted(text: str) -> str:
    return text if len(text) <= WIDTH else text[: WIDTH - len(CUT)] + CUT


def _digest(plan: Mapping[str, Schedules], mode: str) -> str:
    """Return the hash of the schedules as data, or nothing where one has no such form."""
    try:
        data = json.dumps([mode, {name: _data(schedules) for name, schedules in plan.items()}], sort_keys=True)
    except (AttributeError, TypeError, ValueError, RecursionError):
        return ""
    return sha256(data.encode()).hexdigest()


def _data(schedules: Any) -> Any:
    if isinstance(schedules, tuple):
        return [_data(one) for one in schedules]
    try:
        return schedules.to_dict()
    except TypeError:
        # A class that is not registered says what it is by its expression, code in it only where it lies in memory.
        text = repr(schedules)
        if "<" in text:
            raise
        return text


def refuse_change(state: Mapping[str, Any], plan: Mapping[str, Schedules], mode: str, groups: int) -> None:
    """Refuse a state that another schedule made. One that does not say which is taken as it is."""
    there, here = state.get("fingerprint"), _digest(plan, mode)
    if not isinstance(there, str) or not there.strip() or not here or there == here:
        return
    before, now = str(state.get("schedule", "")).strip(), expression(plan, mode)
    saved = _read(before)
    where = ""
    if saved is not None and saved[1] == mode:
        pairs = _pairs(saved[0], plan, groups)
        if pairs is not None:
            if all(a == b for _, a, b in pairs):
                # Another version wrote the same differently, or a list holds one schedule for all.
                return
            where = _first_difference(pairs)
    elif mode == "absolute" and "lr" in plan:
        where = _difference_at_the_last(state, plan["lr"])
    message = (
        f"`schedule` must be the one that the checkpoint was made with, got another{where}.\n"
        f"  In the checkpoint: {before}\n"
        f"  Given here: {_fitted(now)}\n"
        "Hint: on_change='keep' goes on with the one given here."
    )
    raise ValueError(message)


def _read(text: str) -> tuple[dict[str, Schedules], str] | None:
    """Read back what `expression` wrote, or nothing where that was cut or has names of others."""
    mode = "factor" if text.endswith(FACTOR) else "absolute"
    try:
        tree = ast.parse(text.removesuffix(FACTOR), mode="eval").body
        if not isinstance(tree, ast.Dict):
            return {"lr": _schedules(tree)}, mode
        names = [key.value for key in tree.keys if isinstance(key, ast.Constant)]
        return {str(name): _schedules(value) for name, value in zip(names, tree.values, strict=True)}, mode
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None


def _schedules(node: ast.expr) -> Schedules:
    if isinstance(node, ast.List):
        return tuple([lrsched_core.parse(ast.unparse(one)) for one in node.elts])
    schedule: lrsched_core.Schedule = lrsched_core.parse(ast.unparse(node))
    return schedule


Pair = tuple[str, Any, Any]


def _pairs(before: Mapping[str, Schedules], now: Mapping[str, Schedules], groups: int) -> list[Pair] | None:
    """Return what each option of each group followed, and what it is to follow; nothing if they are not the same."""
    if before.keys() != now.keys():
        return None
    pairs = []
    for name in now:
        old, new = (one if isinstance(one, tuple) else (one,) * groups for one in (before[name], now[name]))
        if len(old) != len(new):
            return None
        many = isinstance(before[name], tuple) or isinstance(now[name], tuple)
        for group, (a, b) in enumerate(zip(old, new, strict=True)):
            pairs.append((f" for {name!r}" + f" of group {group}" * many if many or len(now) > 1 else "", a, b))
    return pairs


def _difference_at_the_last(state: Mapping[str, Any], now: Schedules) -> str:
    """Compare the rates that the checkpoint has with those of its time, where its expression cannot be read."""
    t, before = state["last_epoch"], [*state["_last_lr"]]
    schedules = now if isinstance(now, tuple) else (now,) * len(before)
    if t < 0 or len(schedules) != len(before):
        return ""
    after = [float(schedule(t)) for schedule in schedules]
    return "" if before == after else f", which differs at t={t}: {after} instead of {before}"


def _first_difference(pairs: list[Pair]) -> str:
    """Say when the earliest difference is, or how far there is none."""
    import numpy as np  # only an error needs it

    pairs = [pair for pair in dict.fromkeys(pairs) if pair[1] != pair[2]]
    start, stop = 0, 1024
    while start < HORIZON:
        times = np.arange(start, stop)
        found = []
        for label, a, b in pairs:
            try:
                differ = np.flatnonzero(a(times) != b(times))
            except OverflowError:
                # A growth has left the float range: what comes after has no values to compare.
                return ""
            if differ.size:
                found.append((int(times[differ[0]]), label, a, b))
        if found:
            t, label, a, b = min(found, key=lambda one: one[0])
            return f", which first differs at t={t}: {b(t)!r} instead of {a(t)!r}{label}"
        start, stop = stop, stop * 4
    return f", though with the same values before t={start}"
