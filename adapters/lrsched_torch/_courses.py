"""What one option of the parameter groups follows over time."""

from collections.abc import Sequence
from math import inf, isclose
from typing import Any

from torch.optim import Optimizer

from lrsched_core._errors import refusal
from lrsched_core._value.answer import as_rate

from ._checks import Schedules, unwrap
from ._groups import ByName
from ._members import Members
from ._options import Group, Option


class Course:
    """An option and its schedule, or its schedules by group."""

    def __init__(
        self, option: Option, schedules: Schedules, argument: str, optimizer: Optimizer, *, factor: bool
    ) -> None:
        self.option = option
        # What it gave each group last.
        self.last: Any = []
        self._schedules = _unwrapped(schedules)
        self._argument = argument  # what a message calls it
        self._factor = factor
        # What the groups that follow the same schedule were given, where that is absolute.
        self._owns: dict[str | None, float] = {}
        for group in reversed(optimizer.param_groups):
            if self.covers(group):
                self._owns[self._key(group)] = option.own(group)
        # From 1 on, an average over the past never forgets, and Adam divides by zero.
        self._limit = 1.0 if option.name.startswith("betas[") else inf

    def values(self, optimizer: Optimizer, members: Members, t: int) -> list[Any]:
        """Return the value of each group at `t`; nothing where it does not follow this. Asking sets nothing."""
        groups, schedules = optimizer.param_groups, self._schedules
        limit = inf if self._factor else self._limit
        if isinstance(schedules, ByName):
            answers = {key: self._checked([each(t)], t, limit)[0] for key, each in self._followed(schedules, groups)}
            values: list[Any] = [answers.get(schedules.key(group)) for group in groups]
        elif isinstance(schedules, tuple):
            places = members.places(optimizer)
            if places is not None:
                schedules = tuple([schedules[place] for place in places])
            values = self._checked([schedule(t) for schedule in schedules], t, limit)
        else:
            values = self._checked([schedules(t)], t, limit) * len(groups)
        if self._factor:
            if isinstance(schedules, ByName):
                pairs = zip(groups, values, strict=True)
                return [
                    None if value is None else self._checked([self.option.keep_own(group) * value], t, self._limit)[0]
                    for group, value in pairs
                ]
            owns = self.option.keep_owns(groups)
            products = [own * value for own, value in zip(owns, values, strict=True)]
            values = self._checked(products, t, self._limit)
        return values

    def quick(self) -> "tuple[Any, float, str, Course]":
        """Return the one absolute schedule that all groups follow, what its values are below, its option, and this."""
        return self._schedules, self._limit, self.option.name, self

    def checked(self, value: Any, t: int) -> float:
        """Return a value of that schedule as a plain float."""
        return self._checked([value], t, self._limit)[0]

    def give(self, optimizer: Optimizer, value: float) -> None:
        """Give every group the same value."""
        if not self.option.write_in_pairs(optimizer.param_groups, value):
            self.option.write(optimizer, [value] * len(optimizer.param_groups), set())

    def covers(self, group: Group) -> bool:
        """Return whether a group follows this at all."""
        return not isinstance(self._schedules, ByName) or self._schedules.of(group) is not None

    def held(self, groups: Sequence[Group]) -> list[float]:
        """Return what each group holds; 0 where it does not follow this."""
        return [self.option.held(group) if self.covers(group) else 0.0 for group in groups]

    def owns(self, groups: Sequence[Group]) -> list[float]:
        """Return what each group was given; 0 where it does not follow this."""
        return [self.option.own(group) if self.covers(group) else 0.0 for group in groups]

    @staticmethod
    def _followed(schedules: ByName, groups: Sequence[Group]) -> list[tuple[str | None, Any]]:
        """Return the schedules that some group follows."""
        keys = dict.fromkeys(map(schedules.key, groups))
        pairs = [(key, schedules.others if key is None else schedules.named[key]) for key in keys]
        return [(key, schedule) for key, schedule in pairs if schedule is not None]

    def _key(self, group: Group) -> str | None:
        return self._schedules.key(group) if isinstance(self._schedules, ByName) else None

    def holds(self, optimizer: Optimizer) -> bool:
        """Return whether every group has what it was given last."""
        groups = optimizer.param_groups
        if len(groups) != len(self.last):
            return False
        pairs = zip(groups, self.last, strict=True)
        return all(not self.covers(group) or self.option.has(group, value) for group, value in pairs)

    def own_of_joined(self, groups: Sequence[Group], index: int, t: int, scale: float = 1.0) -> float | None:
        """Return what a group that joined at `t` is to be taken to have been given, where it does not say that.

        Raises:
            ValueError: If it cannot follow.
        """
        option, schedules, group = self.option, self._schedules, groups[index]
        if not self.covers(group):
            # Torch's schedulers ask for this of every group.
            return option.own(group) if option.name == "lr" else None
        if isinstance(schedules, tuple):
            # Each group has its own; that this one has none is said where they are asked.
            return None
        if not self._factor:
            self._refuse_flattening(groups, index)
            return self._owns.get(self._key(group), option.own(group)) if option.name == "lr" else None
        if option.has_own(group):
            return None
        schedules = schedules.of(group) if isinstance(schedules, ByName) else schedules
        rate = option.own(group)
        factor = self._checked([schedules(t)], t, inf)[0] if t >= 0 else 1.0
        factor *= scale if option.name == "lr" else 1.0
        if not factor:
            message = (
                f"`{option.name}` of a parameter group that joins must be its share of a factor > 0, got {rate}"
                f" for group {index} at t={t}, where the factor is 0. Hint: give the group"
                f" `{option.own_name}` as well, what the factor is to scale, or let it join at another step."
            )
            raise ValueError(message)
        return rate / factor

    def _refuse_flattening(self, groups: Sequence[Group], index: int) -> None:
        option, group = self.option, groups[index]
        key = self._key(group)
        own = self._owns.get(key)
        if own is None or isclose(option.own(group), own, rel_tol=1e-6):
            return
        # What the others have: by the schedule, or, if somebody else has set it since, all the same.
        peer = next((i for i, each in enumerate(groups[:index]) if self.covers(each) and self._key(each) == key), None)
        if peer is not None and (
            (len(self.last) > peer and option.has(group, self.last[peer]))
            or option.has(group, option.held(groups[peer]))
        ):
            return
        what = "rate" if option.name == "lr" else "value"
        raise refusal(
            ValueError,
            self._argument,
            f"be one for each parameter group where their own {what}s differ",
            f"a single one, and group {index} has joined with {option.own(group)} beside {own}",
            hint=(
                f"let it join with {own} to follow the schedule; or build ScheduleLR anew, with a list of schedules, "
                f"or with mode='factor' to scale each group's own {what}."
            ),
        )

    def _checked(self, values: list[Any], t: int, limit: float) -> list[float]:
        for index, value in enumerate(values):
            # What most values are, in little time.
            if type(value) is not float or not 0.0 <= value < limit:
                values[index] = as_rate(value, t, self._argument, limit)
        return values


def _unwrapped(schedules: Schedules) -> Any:
    if isinstance(schedules, ByName):
        others = None if schedules.others is None else unwrap(schedules.others)
        return ByName(others, {k: None if each is None else unwrap(each) for k, each in schedules.named.items()})
    return tuple(map(unwrap, schedules)) if isinstance(schedules, tuple) else unwrap(schedules)
