"""The rule of a scheduler, and what it remembers."""

from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._run.remembered import one_number
from lrsched_core._run.rule import Rule


class Reaction:
    """A rule and its state; without a rule, a scale of 1. Shared by a scheduler and the one that was loaded for it."""

    def __init__(self, rule: Any, state: Any = None) -> None:
        if rule is not None and not isinstance(rule, Rule):
            raise refuse(TypeError, "rule", "a rule, such as Plateau(0.5, patience=3)", rule)
        self.rule = rule
        self.state: Any = None
        if rule is not None:
            start = rule.start()
            self.state = start if state is None else type(start)(*state)

    @property
    def scale(self) -> float:
        """What multiplies the rate."""
        return 1.0 if self.state is None else float(self.state.scale)

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric."""
        if self.rule is None:
            message = "`observe` needs a rule: Scheduler(schedule, rule=Plateau(...))."
            raise TypeError(message)
        # What MXNet and NumPy give is an array of one element, or a scalar of NumPy; a state is of plain numbers.
        number = one_number(metric)
        self.state = self.rule.update(self.state, number.asscalar() if hasattr(number, "asscalar") else number)

    def __reduce__(self) -> tuple[Any, ...]:
        return Reaction, (self.rule, None if self.state is None else tuple(self.state))
