"""What a rule has made of the metrics, in the state of a scheduler."""

import json
from collections.abc import Mapping
from typing import Any

from lrsched_core._errors import refusal
from lrsched_core._run.changes import value_of
from lrsched_core._run.remembered import Reaction, check_rule, gone_on_from

# The keys of a scheduler's state that have the rule and what it remembers.
RULE, REMEMBERED = "rule", "remembered"


def reaction_of(rule: Any, state: Any, options: Mapping[str, Any]) -> Reaction | None:
    """Return a rule at work, if there is one."""
    if rule is None:
        if state is not None:
            raise refusal(ValueError, "rule_state", "come with the `rule` that made it", f"{state!r} alone")
        return None
    if "lr" not in options:
        raise refusal(ValueError, "rule", "have a rate to scale", f"{rule!r} for {', '.join(options)} alone")
    return Reaction(rule, state)


def state_of(reaction: Reaction | None) -> dict[str, Any]:
    """Return the entries of a scheduler's state."""
    if reaction is None:
        return {}
    return {
        RULE: json.dumps(reaction.rule.to_dict(), separators=(",", ":")),
        REMEMBERED: [[*each] if isinstance(each, tuple) else each for each in reaction.state],
    }


def state_to_take(saved: Mapping[str, Any], reaction: Reaction | None, on_change: str) -> Any:
    """Return the state that a rule goes on from, once a scheduler's state is loaded; nothing where there is no rule.

    Raises:
        ValueError: If another rule made the state, and `on_change` does not take that.
        TypeError: If what it remembers is of another form.
    """
    now = None if reaction is None else reaction.rule
    if "schedule" not in saved:
        # Another scheduler's state knows nothing of rules.
        return None if reaction is None else reaction.state
    text, remembered = saved.get(RULE), saved.get(REMEMBERED)
    before = None if text is None else _read(text)
    check_rule(before, remembered, now, on_change)
    return gone_on_from(before, remembered, now, f"state_dict['{REMEMBERED}']")


def _read(text: Any) -> Any:
    try:
        return value_of(json.loads(text))
    except (TypeError, ValueError, RecursionError):
        # No rule.
        return text
