"""What one option of the parameter groups follows over time."""

from collections.abc import Sequence
from math import inf, isclose
from typing import Any

from torch.optim import Optimizer

from ._checks import Schedules, unwrap
from ._members import Members
from ._options import Group, Option
from ._rates import as_rate


class Course:
    """An option and its schedule, or its schedules by group."""

    def __init__(
        self, option: Option, schedules: Schedules, argument: str, optimizer: Optimizer, *, factor: bool
    ) -> None:
        self.option = option
        # What it gave each group last.
        self.last: Any = []
        self._schedules = tuple(map(unwrap, schedules)) if isinstance(schedules, tuple) else unwrap(schedules)
        self._argument = argument  # what a message calls it
        self._factor = factor
        # What every group was given, where one absolute schedule serves them all.
        self._own = next((option.own(group) for group in optimizer.param_groups), None)
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

    def holds(self, optimizer: Optimizer) -> bool:
        """Return whether every group has what it was given last."""
        groups = optimizer.param_groups
        if len(groups) != len(self.last):
            return False
        return all(self.option.has(group, value) for group, value in zip(groups, self.last, strict=True))

    def own_of_joined(self, groups: Sequence[Group], index: int, t: int) -> float | None:
        """Return what a group that joined at `t` is to be taken to have been given, where it does not say that.

        Raises:
            ValueError: If it cannot follow.
        """
        option, schedules, group = self.option, self._schedules, groups[index]
        if isinstance(schedules, tuple):
            # Each group has its own; that this one has none is said where they are asked.
            return None
        if not self._factor:
            self._refuse_flattening(groups, index)
            # Torch's schedulers ask for this of every group.
            return self._own if option.name == "lr" else None
        if option.has_own(group):
            return None
        rate = option.own(group)
        factor = self._checked([schedules(t)], t, inf)[0] if t >= 0 else 1.0
        if not factor:
            message = (
                f"`{option.name}` of a parameter group that joins must be its share of a factor > 0, got {rate}"
                f" for group {index} at t={t}, where the factor is 0. Hint: give the group"
                f" `{option.own_name}` as well, what the factor is to scale, or let it join at another step."
            )
            raise ValueError(message)
        return rate / factor

    def _refuse_flattening(self, groups: Sequence[Group], index: int) -> None:
        option, own, group = self.option, self._own, groups[index]
        if own is None or isclose(option.own(group), own, rel_tol=1e-6):
            return
        # What the others have: by the schedule, or, if somebody else has set it since, all the same.
        if (self.last and option.has(group, self.last[0])) or (index and option.has(group, option.held(groups[0]))):
            return
        what = "rate" if option.name == "lr" else "value"
        message = (
            f"`{self._argument}` must be one for each parameter group where their own {what}s differ, got a single"
            f" one, and group {index} has joined with {option.own(group)} beside {own}."
            f" Hint: let it join with {own} to follow the schedule; or build ScheduleLR anew, with a list of schedules,"
            f" or with mode='factor' to scale each group's own {what}."
        )
        raise ValueError(message)

    def _checked(self, values: list[Any], t: int, limit: float) -> list[float]:
        for index, value in enumerate(values):
            # What most values are, in little time.
            if type(value) is not float or not 0.0 <= value < limit:
                values[index] = as_rate(value, t, self._argument, limit)
        return values
