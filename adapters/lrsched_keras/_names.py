"""The names that all frameworks share, and what Keras calls them."""

from collections.abc import Mapping
from typing import Any

from lrsched_core import Plan
from lrsched_core._errors import refusal

_KERAS = {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon"}
_COMMON = {keras: common for common, keras in _KERAS.items()}


def in_keras(plan: Plan) -> dict[str, Any]:
    """The schedules of a plan by Keras' names."""
    if plan.groups:
        first = next(iter(plan.groups))
        raise refusal(
            ValueError,
            "schedule",
            "be a plan without groups, since an optimizer of Keras has none",
            f"groups {', '.join(map(repr, plan.groups))}",
            hint=f"a callback for each optimizer, ScheduleCallback(plan.groups[{first!r}], optimizer=...).",
        )
    named: dict[str, Any] = {}
    for name, schedule in plan.items():
        keras = _KERAS.get(name, name)
        if keras in named:
            raise refusal(ValueError, "schedule", "name a hyperparameter once", f"{_COMMON[keras]!r} and {keras!r}")
        named[keras] = schedule
    return named


def in_common(schedules: Mapping[str, Any]) -> dict[str, Any]:
    """Schedules by the names that all frameworks share."""
    return {_COMMON.get(name, name): schedule for name, schedule in schedules.items()}


def by_keras(schedules: Mapping[str, Any]) -> dict[str, Any]:
    """The way back."""
    return {keras_name(name): schedule for name, schedule in schedules.items()}


def given(schedules: Mapping[str, Any]) -> Any:
    """What a user gives for these: a schedule of the rate, or else a plan."""
    if [*schedules] == ["learning_rate"]:
        return schedules["learning_rate"]
    return Plan(in_common(schedules))


def keras_name(common: str) -> str:
    """What Keras calls a hyperparameter."""
    return _KERAS.get(common, common)
