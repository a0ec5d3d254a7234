"""What may be loaded as the state of a scheduler."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from torch import Tensor

from lrsched_core._errors import refusal

NAME = "state_dict"


class State(NamedTuple):
    """A state that has been checked.

    Attributes:
        last_epoch: The clock; -1 before the beginning.
        step_count: Torch's count of the calls of `step()`.
        last_lr: What the scheduler had set the rates to; nothing if another scheduler made the state.
        scales: What others had made of the rates, if they were kept.
        edited: The values that somebody else had set, by option.
        owns: What each group was given, by option, if that was scaled.
    """

    last_epoch: int
    step_count: int
    last_lr: list[float] | None
    scales: list[float] | None
    edited: dict[str, list[float]]
    owns: dict[str, list[float]]


def check_state(state: Any, groups: int) -> State:
    """Return a state as it is understood, or refuse it: nothing is changed until all of it is known."""
    if not isinstance(state, Mapping):
        raise refusal(TypeError, f"{NAME}", "be a mapping", f"{type(state).__name__}")
    ours = "schedule" in state
    clock = _whole(state, "last_epoch", -1)
    # Torch's sequence counts no calls.
    calls = clock + 1 if "_schedulers" in state and "_step_count" not in state else _whole(state, "_step_count", 0)
    last = _rates(_item(state, "_last_lr"), "['_last_lr']", groups, least=0.0 if ours else None)
    scales = state.get("scales")
    return State(
        clock,
        calls,
        last if ours else None,
        None if scales is None else _rates(scales, "['scales']", groups),
        _by_option(state, "edited", groups),
        _by_option(state, "own", groups),
    )


def _item(state: Mapping[str, Any], key: str) -> Any:
    if key not in state:
        hint = " Hint: load the state of one of its '_schedulers'." if "_schedulers" in state else ""
        message = f"`{NAME}` must have {key!r}, got only {', '.join(map(repr, state)) or 'nothing'}.{hint}"
        raise ValueError(message)
    return state[key]


def _whole(state: Mapping[str, Any], key: str, least: int) -> int:
    value = _item(state, key)
    if not isinstance(value, int) or isinstance(value, bool):
        number = isinstance(value, float)
        _refuse(ValueError if number else TypeError, f"[{key!r}]", f"a whole number >= {least}", value)
    if value < least:
        _refuse(ValueError, f"[{key!r}]", f"a whole number >= {least}", value)
    return value


def _by_option(state: Mapping[str, Any], key: str, groups: int) -> dict[str, list[float]]:
    pairs = state.get(key) or []
    if not isinstance(pairs, Sequence) or not all(
        isinstance(pair, Sequence) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs
    ):
        _refuse(TypeError, f"[{key!r}]", "a list of options and their values", pairs)
    return {name: _rates(values, f"[{key!r}] of {name!r}", groups) for name, values in pairs}


def _rates(values: Any, where: str, groups: int, least: float | None = 0.0) -> list[float]:
    if not isinstance(values, list | tuple):
        _refuse(TypeError, where, "a list of numbers", values)
    if len(values) != groups:
        rule = f"one number for each of the {groups} parameter groups"
        _refuse(ValueError, where, rule, f"{len(values)}: {[*values]!r}", shown=True)
    rates = []
    for value in values:
        # Torch's own may be tensors.
        if not isinstance(value, int | float | Tensor) or isinstance(value, bool):
            _refuse(TypeError, where, "a list of numbers", values)
        rate = float(value)
        if not isfinite(rate) or (least is not None and rate < least):
            _refuse(ValueError, where, "finite numbers" + (" >= 0" if least is not None else ""), values)
        rates.append(rate)
    return rates


def _refuse(kind: type[Exception], where: str, rule: str, value: Any, *, shown: bool = False) -> NoReturn:
    raise refusal(kind, f"{NAME}{where}", f"be {rule}", f"{(value if shown else repr(value))}")
