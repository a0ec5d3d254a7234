"""What a rule has made of the metrics so far, as adapters are handed it, save it, and go on from it."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from lrsched_core._errors import refusal, refuse


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
    return metric.item() if hasattr(metric, "item") else metric


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
    start = rule.start()
    fits = isinstance(values, Sequence) and not isinstance(values, str) and len(values) == len(start)
    if not fits or not all(map(_is_like, values, start)):
        raise refuse(TypeError, where, f"a {type(start).__name__}: {', '.join(start._fields)}", values)
    state = type(start)(*map(_like, values, start))
    if not (isfinite(state.scale) and state.scale >= 0):
        raise refusal(ValueError, where, "have a finite scale >= 0", state.scale)
    if state.best != state.best:
        raise refusal(ValueError, where, "have a `best` that is no NaN", "NaN")
    for name, value in zip(start._fields, state, strict=True):
        if isinstance(value, int) and value < 0:
            raise refusal(ValueError, where, f"have a count `{name}` >= 0", str(value))
    return state


def _is_like(value: Any, example: Any) -> bool:
    """Whether a value is a number, or a sequence of numbers, as an example is."""
    if isinstance(example, tuple):
        return isinstance(value, list | tuple) and len(value) == len(example) and all(map(_is_like, value, example))
    number = int if isinstance(example, int) else int | float
    return isinstance(value, number) and not isinstance(value, bool)


def _like(value: Any, example: Any) -> Any:
    if isinstance(example, tuple):
        return tuple(map(float, value))
    return value if isinstance(example, int) else float(value)


def is_taken(before: Any, now: Any, on_change: str) -> bool:
    """Whether a run may go on with the rule `now` that was saved with `before`; None is no rule."""
    if before == now or on_change == "keep":
        return True
    return on_change == "future" and now is not None and (before is None or type(before) is type(now))


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
    if before.mode != now.mode or not all(map(_is_like, state, start)):
        return start._replace(scale=state.scale)
    return state
