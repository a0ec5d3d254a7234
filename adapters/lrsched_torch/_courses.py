"""What one option of the parameter groups follows over time."""

from math import inf
from typing import Any

from torch.optim import Optimizer

from ._checks import Schedules, unwrap
from ._members import Members
from ._options import Option
from ._rates import as_rate


class Course:
    """An option and its schedule, or its schedules by group."""

    def __init__(self, option: Option, schedules: Schedules, argument: str, *, factor: bool) -> None:
        self.option = option
        self._schedules = tuple(map(unwrap, schedules)) if isinstance(schedules, tuple) else unwrap(schedules)
        self._argument = argument  # what a message calls it
        self._factor = factor
        # From 1 on, an average over the past never forgets, and Adam divides by zero.
        self._limit = 1.0 if option.name.startswith("betas[") else inf

    def values(self, optimizer: Optimizer, members: Members, t: int) -> list[float]:
        """Return the value of each group at `t`. Asking sets nothing."""
        groups, schedules = optimizer.param_groups, self._schedules
        limit = inf if self._factor else self._limit
        if isinstance(schedules, tuple):
            places = members.places(optimizer)
            if places is not None:
                schedules = tuple([schedules[place] for place in places])
            values = self._checked([schedule(t) for schedule in schedules], t, limit)
        else:
            values = self._checked([schedules(t)], t, limit) * len(groups)
        if self._factor:
            owns = self.option.keep_owns(groups)
            products = [own * value for own, value in zip(owns, values, strict=True)]
            values = self._checked(products, t, self._limit)
        return values

    def _checked(self, values: list[Any], t: int, limit: float) -> list[float]:
        for index, value in enumerate(values):
            # What most values are, in little time.
            if type(value) is not float or not 0.0 <= value < limit:
                values[index] = as_rate(value, t, self._argument, limit)
        return values
