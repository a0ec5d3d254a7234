"""A rule at work: what it has made of the metrics so far."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from torch import Tensor

from lrsched_core import from_dict
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
        if not isinstance(rule, Rule):
            hint = f" Hint: {rule.__name__}()." if isinstance(rule, type) and issubclass(rule, Rule) else ""
            message = f"`rule` must be a rule, such as Plateau(), got {rule!r}.{hint}"
            raise TypeError(message)
        self.rule: Any = rule
        self.set(rule.start() if state is None else _state_of(rule, state, "rule_state"))

    def set(self, state: Any) -> None:
        """Go on from a state."""
        self.state, self.scale = state, state.scale

    def observe(self, metric: Any) -> None:
        """Take a metric, a number or an array or tensor of one element.

        Raises:
            TypeError: If it is not a number.
            ValueError: If it has several elements.
        """
        if type(metric) is not float:
            metric = self._number(metric)
        state = self.rule.update(self.state, metric)
        self.state, self.scale = state, state.scale

    @staticmethod
    def _number(metric: Any) -> Any:
        size = getattr(metric, "numel", None) if isinstance(metric, Tensor) else getattr(metric, "size", None)
        size = size() if callable(size) else size
        if size is not None and size != 1:
            message = f"`metric` must be one number, got {size}. Hint: their mean, over all processes."
            raise ValueError(message)
        return metric.item() if hasattr(metric, "item") else metric

    def saved(self) -> dict[str, Any]:
        """Return the entries of a scheduler's state."""
        return {RULE: json.dumps(self.rule.to_dict(), separators=(",", ":")), REMEMBERED: [*self.state]}


def _state_of(rule: Any, values: Any, where: str) -> Any:
    start = rule.start()
    kinds = [int if isinstance(value, int) else float for value in start]
    fits = isinstance(values, Sequence) and not isinstance(values, str) and len(values) == len(kinds)
    if not fits or any(
        isinstance(value, bool) or not isinstance(value, int | float) or (kind is int and not isinstance(value, int))
        for value, kind in zip(values, kinds, strict=True)
    ):
        message = f"`{where}` must be a {type(start).__name__}: {', '.join(start._fields)}, got {values!r}."
        raise TypeError(message)
    state = type(start)(*[kind(value) for value, kind in zip(values, kinds, strict=True)])
    if not (isfinite(state.scale) and state.scale >= 0):
        message = f"`{where}` must have a finite scale >= 0, got {state.scale}."
        raise ValueError(message)
    return state


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
