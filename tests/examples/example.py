"""What the table holds of one public name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis.strategies import SearchStrategy
from mpmath import mpf

from lrsched_core import Schedule

# What float64 and float32 may miss, relatively.
ROUNDING = 1e-15
FLOAT32 = 5e-7


@dataclass(frozen=True, kw_only=True)
class Example:
    """One class, recipe or operator: all that tests and pages take their cases from."""

    # For real optimizers, over 8 updates.
    trained: Schedule
    # What the catalogue draws, over 40 steps; an operator has no picture of its own.
    picture: str = ""
    # How Hypothesis makes it; an operator, of a strategy for what is within. Nobody draws a user's code.
    drawn: SearchStrategy[Schedule] | Callable[[SearchStrategy[Schedule]], SearchStrategy[Schedule]] | None = None
    # Values that were computed by hand, by schedule and time.
    by_hand: Mapping[Schedule, Mapping[float, float]]
    # The formula of the documentation with 120 digits; a recipe is made of what has one.
    exact: Callable[[Any, mpf], mpf] | None = None
    # Held against that formula, beside `trained`, and how far it may be missed.
    measured: Iterable[Schedule] = ()
    limit: Callable[[Any], float] = lambda _: ROUNDING
    # For tensors: at the times below 1000, and up to the largest of int32; and how far float32 may miss them.
    tensors: Iterable[Schedule] = ()
    wide: Iterable[Schedule] = ()
    float32: float = FLOAT32
    # Its arguments, by name: rates may be 0, the positive may not; others have tests of their own.
    rates: str = ""
    positive: str = ""
    others: str = ""
    # What else is refused with a ValueError: the message, and what draws it.
    refused: Mapping[str, Callable[[], object]] = field(default_factory=dict)
