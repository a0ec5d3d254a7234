"""What a rule has made of the metrics so far, as adapters are handed it, save it, and go on from it."""

from collections.abc import Sequence
from typing import Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._run.rule import Rule, state_of


class Reaction:
    """A rule at work; without a rule, a scale of 1.

    Attributes:
        rule: The rule, None if there is none.
        state: What it remembers: plain numbers.
        scale: What multiplies the rate.
    """

    rule: Any
    state: Any
    scale: float

    def __init__(self, rule: Any, state: Any = None) -> None:
        if rule is not None and not isinstance(rule, Rule):
            hint = f"{rule.__name__}()." if isinstance(rule, type) and issubclass(rule, Rule) else ""
            raise refuse(TypeError, "rule", "a rule, such as Plateau(0.5, patience=3)", rule, hint)
        self.rule = rule
        self.begin()
        if rule is not None and state is not None:
            self.set(state_from(rule, state, "rule_state"))

    def begin(self) -> None:
        """Forgets what it was shown."""
        self.set(None if self.rule is None else self.rule.start())

    def set(self, state: Any) -> None:
        """Goes on from a state."""
        self.state, self.scale = state, 1.0 if state is None else float(state.scale)

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric."""
        self.set(self.rule.update(self.state, metric if type(metric) is float else one_number(metric)))


def one_number(metric: Any) -> Any:
    """A metric, a number or an array or tensor of one element, as a number, if it is one.

    Raises:
        ValueError: If it has several elements, or none.
    """
    size = getattr(metric, "size", 1)
    if callable(size):  # a tensor of PyTorch
        size = metric.numel()
    if isinstance(size, int) and size != 1:
        raise refusal(ValueError, "metric", "be one number", str(size), hint="their mean, over all processes.")
    # The second is MXNet's.
    take = getattr(metric, "item", None) or getattr(metric, "asscalar", None)
    return metric if take is None else take()


def state_from(rule: Any, values: Any, where: str) -> Any:
    """The state of a rule that plain numbers, as a file has them, stand for.

    Args:
        rule: The rule.
        values: The numbers.
        where: What a message calls them.

    Raises:
        TypeError: If they are of another form.
        ValueError: If one of them cannot be.
    """
    state = state_of(rule, values, where, like=_is_plain)
    return type(state)(*map(_plain, state, rule.start()))


def _is_plain(value: Any, example: Any) -> bool:
    return isinstance(value, int if isinstance(example, int) else int | float) and not isinstance(value, bool)


def _plain(value: Any, example: Any) -> Any:
    if isinstance(example, tuple):
        return tuple(map(float, value))
    return value if isinstance(example, int) else float(value)


def is_taken(before: Any, now: Any, on_change: str) -> bool:
    """Whether a run may go on with the rule `now` that was saved with `before`; None is no rule."""
    if before == now or on_change == "keep":
        return True
    return on_change == "future" and now is not None and (before is None or type(before) is type(now))


def check_rule(before: Any, values: Any, now: Any, on_change: str) -> None:
    """Refuses a rule that is not taken.

    Args:
        before: The rule that was saved.
        values: What it remembers.
        now: The rule that is given.
        on_change: What to do if that is another one.

    Raises:
        ValueError: If it is refused.
    """
    if not is_taken(before, now, on_change):
        rule = f"the one that the checkpoint was made with, {before!r}"
        raise refuse(ValueError, "rule", rule, now, hint=hint(before, now, values))


def hint(before: Any, now: Any, values: Any) -> str:
    """What to do about a rule that is refused; `values` are what `before` remembers."""
    if not is_taken(before, now, "future"):
        return "on_change='keep' goes on with the one given here."
    scale = values[0] if isinstance(values, Sequence) and values else 1.0
    return f"on_change='future', or 'keep', goes on with the one given here, from a scale of {scale}."


def gone_on_from(before: Any, values: Any, now: Any, where: str) -> Any:
    """The state that a rule goes on from: what one of the same class remembered, else its start; None without a rule.

    Where it reads metrics otherwise than the one before, in another mode or over another window, the scale alone lasts.

    Raises:
        TypeError: If what was remembered is of another form.
        ValueError: If it cannot be.
    """
    if now is None:
        return None
    if type(before) is not type(now):
        return now.start()
    state, start = state_from(before, values, where), now.start()
    if before.mode != now.mode or [*map(_length, state)] != [*map(_length, start)]:
        return start._replace(scale=state.scale)
    return state


def _length(value: Any) -> int:
    return len(value) if isinstance(value, tuple) else -1
