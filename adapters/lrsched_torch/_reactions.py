"""A rule at work: what it has made of the metrics so far."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from torch import Tensor

from lrsched_core import from_dict
from lrsched_core._errors import refusal, refuse
from lrsched_core._run.rule import Rule

# The keys of a scheduler's state that have the rule and what it remembers.
RULE, REMEMBERED = "rule", "remembered"


class Reaction:
    """A rule and its state.

    Attributes:
        rule: The rule.
        state: What it remembers: plain numbers.
        scale: What multiplies the rates.
    """

    def __init__(self, rule: Any, state: Any = None) -> None:
        self.rule: Any = rule
        if not isinstance(rule, Rule):
            hint = f" Hint: {rule.__name__}()." if isinstance(rule, type) and issubclass(rule, Rule) else ""
            message = f"`rule` must be a rule, such as Plateau(), got {rule!r}.{hint}"
            raise TypeError(message)
        self.set(self.rule.start() if state is None else _state_of(rule, state, "rule_state"))

    def set(self, state: Any) -> None:
        """Go on from a state."""
        self.state, self.scale = state, state.scale

    def saved(self) -> dict[str, Any]:
        """Return the entries of a scheduler's state."""
        return {
            RULE: json.dumps(self.rule.to_dict(), separators=(",", ":")),
            REMEMBERED: [[*each] if isinstance(each, tuple) else each for each in self.state],
        }


def _state_of(rule: Any, values: Any, where: str) -> Any:
    start = rule.start()
    fits = isinstance(values, Sequence) and not isinstance(values, str) and len(values) == len(start)
    if not fits or not all(map(_is_like, values, start)):
        raise refuse(TypeError, where, f"a {type(start).__name__}: {', '.join(start._fields)}", values)
    state = type(start)(*map(_like, values, start))
    if not (isfinite(state.scale) and state.scale >= 0):
        raise refusal(ValueError, where, "have a finite scale >= 0", state.scale)
    return state


def as_number(metric: Any) -> Any:
    """Return a metric, a number or an array or tensor of one element, as a number, if it is one.

    Raises:
        ValueError: If it has several elements.
    """
    size = metric.numel() if isinstance(metric, Tensor) else getattr(metric, "size", 1)
    if isinstance(size, int) and size != 1:
        raise refusal(ValueError, "metric", "be one number", str(size), hint="their mean, over all processes.")
    return metric.item() if hasattr(metric, "item") else metric


def reaction_of(rule: Any, state: Any, options: Mapping[str, Any]) -> Reaction | None:
    """Return a rule at work, if there is one."""
    if rule is None:
        if state is not None:
            raise refusal(ValueError, "rule_state", "come with the `rule` that made it", f"{state!r} alone")
        return None
    if "lr" not in options:
        raise refusal(ValueError, "rule", "have a rate to scale", f"{rule!r} for {', '.join(options)} alone")
    return Reaction(rule, state)


def _is_like(value: Any, example: Any) -> bool:
    """Return whether a value is a number, or a sequence of numbers, as an example is."""
    if isinstance(example, tuple):
        return isinstance(value, list | tuple) and len(value) == len(example) and all(map(_is_like, value, example))
    number = int if isinstance(example, int) else int | float
    return isinstance(value, number) and not isinstance(value, bool)


def _like(value: Any, example: Any) -> Any:
    if isinstance(example, tuple):
        return tuple(map(float, value))
    return value if isinstance(example, int) else float(value)


def _read(text: Any) -> Any:
    try:
        return from_dict(json.loads(text))
    except (TypeError, ValueError, RecursionError):
        # Of another version, or no rule.
        return text


def state_to_take(saved: Mapping[str, Any], reaction: Reaction | None, on_change: str) -> Any:
    """Return the state that a rule goes on from, once a scheduler's state is loaded; nothing where there is no rule.

    Raises:
        ValueError: If another rule made the state, and ``on_change`` does not take that.
        TypeError: If what it remembers is of another form.
    """
    now = None if reaction is None else reaction.rule
    if "schedule" not in saved:
        # Another scheduler's state knows nothing of rules.
        return None if reaction is None else reaction.state
    text = saved.get(RULE)
    before = None if text is None else _read(text)
    same_kind = now is not None and type(before) is type(now)
    taken = before == now or on_change == "keep" or (on_change == "future" and (before is None or same_kind))
    if not taken:
        hint = "on_change='keep' goes on with the one given here"
        if same_kind:
            hint = f"on_change='future', or 'keep', goes on with the one given here, from a scale of {_scale(saved)}"
        message = (
            f"`rule` must be the one that the checkpoint was made with, got another.\n  In the checkpoint: {before!r}\n"
            f"  Given here: {now!r}\nHint: {hint}."
        )
        raise ValueError(message)
    if now is None:
        return None
    return _state_of(now, saved.get(REMEMBERED), f"state_dict['{REMEMBERED}']") if same_kind else now.start()


def _scale(saved: Mapping[str, Any]) -> Any:
    remembered = saved.get(REMEMBERED)
    return remembered[0] if isinstance(remembered, Sequence) and remembered else remembered
