"""A rule at work: what it has made of the metrics so far."""

import json
from collections.abc import Mapping
from typing import Any

from lrsched_core import from_dict
from lrsched_core._errors import refusal
from lrsched_core._run.remembered import gone_on_from, hint, is_taken, state_from
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
            made = f" Hint: {rule.__name__}()." if isinstance(rule, type) and issubclass(rule, Rule) else ""
            message = f"`rule` must be a rule, such as Plateau(), got {rule!r}.{made}"
            raise TypeError(message)
        self.set(self.rule.start() if state is None else state_from(rule, state, "rule_state"))

    def set(self, state: Any) -> None:
        """Go on from a state."""
        self.state, self.scale = state, state.scale

    def saved(self) -> dict[str, Any]:
        """Return the entries of a scheduler's state."""
        return {
            RULE: json.dumps(self.rule.to_dict(), separators=(",", ":")),
            REMEMBERED: [[*each] if isinstance(each, tuple) else each for each in self.state],
        }


def reaction_of(rule: Any, state: Any, options: Mapping[str, Any]) -> Reaction | None:
    """Return a rule at work, if there is one."""
    if rule is None:
        if state is not None:
            raise refusal(ValueError, "rule_state", "come with the `rule` that made it", f"{state!r} alone")
        return None
    if "lr" not in options:
        raise refusal(ValueError, "rule", "have a rate to scale", f"{rule!r} for {', '.join(options)} alone")
    return Reaction(rule, state)


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
    text, remembered = saved.get(RULE), saved.get(REMEMBERED)
    before = None if text is None else _read(text)
    if not is_taken(before, now, on_change):
        message = (
            f"`rule` must be the one that the checkpoint was made with, got another.\n  In the checkpoint: {before!r}\n"
            f"  Given here: {now!r}\nHint: {hint(before, now, remembered)}"
        )
        raise ValueError(message)
    return gone_on_from(before, remembered, now, f"state_dict['{REMEMBERED}']")
