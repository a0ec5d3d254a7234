"""What rules have in common: when an observation is better, and what a state is."""

import math
import sys
from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._evaluation.runtimes import runtime
from lrsched_core._run.choice import where
from lrsched_core._value.base import Value


class Rule(Value):
    """What reacts to a metric: a value, whose `update` is pure."""

    if TYPE_CHECKING:  # fields of every rule
        threshold: float
        threshold_mode: str
        mode: str

        def start(self) -> Any:
            """The state before anything was observed."""

        def update(self, state: Any, metric: Any) -> Any:
            """The state after a metric was."""

    def _check_together(self) -> None:
        if self.threshold_mode == "rel" and self.threshold >= 1:
            raise refuse(ValueError, "threshold", "< 1 where `threshold_mode` is 'rel'", self.threshold)


def worst(mode: str) -> float:
    """What every finite metric is better than."""
    return math.inf if mode == "min" else -math.inf


def better(rule: Any, x: Any, best: Any) -> Any:
    """Whether `x` improves on `best` by more than the rule's threshold; NaN never does."""
    threshold = rule.threshold if rule.mode == "min" else -rule.threshold
    if rule.threshold_mode == "abs":
        bound = best - threshold
    else:
        # A part of |best|, by one product as torch has it: an infinite best stays infinite.
        bound = best * where(best < 0, 1.0 + threshold, 1.0 - threshold)
    return x < bound if rule.mode == "min" else x > bound


def state_of(rule: Rule, state: Any, name: str = "state", *, like: Callable[[Any, Any], bool] | None = None) -> Any:
    """A state that came back from a file or a tracer, perhaps as a plain sequence.

    Args:
        rule: The rule whose state it is.
        state: A sequence of what `rule.start()` has.
        name: What the caller calls it.
        like: Whether a value may stand for one of these; by default, if it is a number, an array or a tensor.

    Returns:
        The state as a tuple of the rule's kind.

    Raises:
        TypeError: If it is not of this form.
        ValueError: If its scale is negative or not finite, its best metric NaN, or a count negative.
    """
    start, like = rule.start(), like or _is_like
    kind = type(start)
    try:
        values = [] if isinstance(state, str | bytes | Mapping | set | frozenset) else [*state]
    except TypeError:
        values = []

    def fits(value: Any, example: Any) -> bool:
        if isinstance(example, tuple):
            return isinstance(value, list | tuple) and len(value) == len(example) and all(map(fits, value, example))
        return like(value, example) and _is_in_range(value)

    if len(values) != len(start) or not all(map(fits, values, start)):
        parts = [f"{part} of {len(one)}" if isinstance(one, tuple) else part for part, one in start._asdict().items()]
        raise refuse(TypeError, name, f"a {kind.__name__}: {', '.join(parts)}", state)
    for part, value, example in zip(start._fields, values, start, strict=True):
        # Of arrays, and of what is traced, nobody can tell.
        if not isinstance(value, Real):
            continue
        if part == "scale" and not 0 <= float(value) < math.inf:
            raise refusal(ValueError, name, "have a finite scale >= 0", f"{value!r}")
        if value != value:
            raise refusal(ValueError, name, f"have a `{part}` that is no NaN", "NaN")
        if isinstance(example, int) and value < 0:
            raise refusal(ValueError, name, f"have a count `{part}` >= 0", f"{value!r}")
    return kind(*[tuple(value) if isinstance(value, list) else value for value in values])


def _is_like(value: Any, example: Any) -> bool:
    """Whether a value is a number, or an array or tensor of them."""
    del example
    if isinstance(value, Real):
        return not isinstance(value, bool)
    return runtime(type(value)) is not None or hasattr(value, "dtype")


def _is_in_range(value: Any) -> bool:
    """Whether a number may be a `float`; an infinity is one."""
    return not isinstance(value, int) or abs(value) <= sys.float_info.max
