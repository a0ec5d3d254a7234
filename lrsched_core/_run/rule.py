"""What rules have in common: when an observation is better, and what a state is."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lrsched_core._errors import refuse
from lrsched_core._run.choice import where
from lrsched_core._value.base import Value

_State = TypeVar("_State", bound=NamedTuple)


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


def state_of(kind: type[_State], state: Any) -> _State:
    """A state that came back from a file or a tracer, perhaps as a plain sequence."""
    try:
        return kind(*state)
    except TypeError:
        raise refuse(TypeError, "state", f"a {kind.__name__}: {', '.join(kind._fields)}", state) from None
