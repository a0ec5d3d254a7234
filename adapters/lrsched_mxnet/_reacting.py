"""The rule of a scheduler, and what it remembers."""

from typing import Any

from lrsched_core._run import remembered


class Reaction(remembered.Reaction):
    """A rule at work; without a rule, a scale of 1. Shared by a scheduler and the one that was loaded for it."""

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric."""
        if self.rule is None:
            message = "`observe` needs a rule: Scheduler(schedule, rule=Plateau(...))."
            raise TypeError(message)
        super().observe(metric)

    def __reduce__(self) -> tuple[Any, ...]:
        return Reaction, (self.rule, None if self.state is None else tuple(self.state))
