"""Operands: schedules, and what becomes one: a number a `Constant`, a function of t a `Function`."""

from numbers import Real
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._value import checks
from lrsched_core._value.base import Value
from lrsched_core._value.constant import Constant
from lrsched_core._value.function import Function
from lrsched_core._value.schedule import Schedule


def schedule_field(name: str, value: Any) -> Schedule:
    """The check of a field that holds a schedule."""
    if isinstance(value, Schedule):
        return value
    if not callable(value):
        raise refuse(TypeError, name, "a schedule", value)
    return _function(name, value)


def _function(name: str, value: Any) -> Schedule:
    if isinstance(value, type):
        raise refuse(TypeError, name, "a schedule, not a class", value)
    if isinstance(value, Value):
        # A plan is callable, too, but its values are not numbers.
        raise refuse(
            TypeError, name, "a schedule", value, 'a plan has one for each hyperparameter, as in `plan["lr"]`.'
        )
    return Function(value)


def may_be_negative(schedule: Schedule) -> bool:
    """Whether a subtraction in it may make its value negative."""
    return schedule._subtracts or any(map(may_be_negative, schedule._inner()))


def as_schedule(name: str, value: Any) -> Schedule:
    """A schedule, function of t or number as a schedule."""
    if isinstance(value, Schedule):
        return value
    if callable(value):
        return _function(name, value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise refuse(TypeError, name, "a schedule or a number", value)
    return Constant(checks.rate(name, value))


ScheduleField = Annotated[Schedule, schedule_field]
