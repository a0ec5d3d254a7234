"""What one framework calls the hyperparameters that all of them share."""

from collections.abc import Mapping
from typing import Any

from lrsched_core._errors import refusal
from lrsched_core._run.plan import COMMON, Plan


class Names:
    """The names of a framework whose optimizers have no groups of parameters.

    Args:
        framework: What a message calls it.
        apart: What to do with the plan of a group there, which is `{}`.
        theirs: Its names, where they are others, by the common ones; and others that a plan may have for its own.
    """

    def __init__(self, framework: str, apart: str, **theirs: str) -> None:
        self._framework, self._apart, self._theirs = framework, apart, theirs
        self._common = {their: common for common, their in theirs.items() if common in COMMON}

    def own(self, common: str) -> str:
        """What the framework calls it."""
        return self._theirs.get(common, common)

    def in_own(self, schedules: Mapping[str, Any]) -> dict[str, Any]:
        """Schedules by the framework's names."""
        return {self.own(name): schedule for name, schedule in schedules.items()}

    def in_common(self, schedules: Mapping[str, Any]) -> dict[str, Any]:
        """Schedules by the names that all frameworks share."""
        return {self._common.get(name, name): schedule for name, schedule in schedules.items()}

    def of_plan(self, plan: Plan) -> dict[str, Any]:
        """The schedules of a plan by the framework's names, which it may have already.

        Raises:
            ValueError: If it has groups, or two names for the same.
        """
        if plan.groups:
            rule = f"be a plan without groups, since an optimizer of {self._framework} has none"
            got = f"groups {', '.join(map(repr, plan.groups))}"
            hint = self._apart.format(f"plan.groups[{next(iter(plan.groups))!r}]")
            raise refusal(ValueError, "schedule", rule, got, hint)
        given: dict[str, str] = {}
        for name in plan:
            own = self.own(name)
            if own in given:
                raise refusal(ValueError, "schedule", "name a hyperparameter once", f"{given[own]!r} and {name!r}")
            given[own] = name
        return {own: plan[name] for own, name in given.items()}

    def given(self, schedules: Mapping[str, Any]) -> Any:
        """What a user gives for these: a schedule of the rate, or else a plan."""
        common = self.in_common(schedules)
        return common["lr"] if [*common] == ["lr"] else Plan(common)
