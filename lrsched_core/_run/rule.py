"""What rules have in common: when an observation is better, and what a state is."""

import math
from dataclasses import fields
from typing import Any, NamedTuple, TypeVar

from lrsched_core._check import refuse
from lrsched_core._run.choice import where

_State = TypeVar("_State", bound=NamedTuple)


class Rule:
    """What reacts to a metric: a value, whose `update` is pure."""

    __slots__ = ()

    threshold: float
    threshold_mode: Any
    mode: Any

    def __post_init__(self) -> None:
        for f in fields(self):  # type: ignore[arg-type]  # every rule is a dataclass
            check: Any = f.type  # the type of each field carries its check
            object.__setattr__(self, f.name, check.__metadata__[0](f.name, getattr(self, f.name)))
        if self.threshold_mode == "rel" and self.threshold >= 1:
            raise refuse(ValueError, "threshold", "< 1 where `threshold_mode` is 'rel'", self.threshold)

    def __repr__(self) -> str:
        arguments = [
            f"{f.name}={value!r}" if f.kw_only else repr(value)
            for f in fields(self)  # type: ignore[arg-type]  # as above
            if (value := getattr(self, f.name)) != f.default
        ]
        return f"{type(self).__name__}({', '.join(arguments)})"


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
