"""Checks of arguments; `_errors` words their refusals.

A check takes an argument's name and the value received, and returns the value in its normal form, or raises. Normal
forms are plain Python numbers, so that equal schedules give equal bits, print alike and pickle small.
"""

import math
import sys
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real

# As an integer, because integers compare faster with integers.
_LARGEST = int(sys.float_info.max)
# Times are divided by durations.
_SHORTEST = 1e-300


def rate(name: str, value: Any) -> float:
    """A learning rate (or any other hyperparameter): finite and not negative."""
    if value.__class__ is float and 0.0 < value < math.inf:
        return value  # the usual case, which should be fast
    number = real(name, value)
    if number < 0:
        raise refuse(ValueError, name, ">= 0", value)
    try:
        # `+ 0.0` turns -0.0 into 0.0: equal schedules must give equal bits.
        return float(number) + 0.0
    except OverflowError:
        raise refuse(ValueError, name, "within the float range", value) from None


def positive(name: str, value: Any) -> float:
    """A number greater than zero, such as a factor or a power."""
    number = real(name, value)
    if number <= 0:
        raise refuse(ValueError, name, "> 0", value)
    try:
        return float(number)
    except OverflowError:
        raise refuse(ValueError, name, "within the float range", value) from None


def share(name: str, value: Any) -> float:
    """A part of a whole: from 0 to 1."""
    number = real(name, value)
    if not 0 <= number <= 1:
        raise refuse(ValueError, name, "from 0 to 1", value)
    return float(number)


def moment(name: str, value: Any) -> int | float:
    """A point in time, >= 0. A whole number of any type becomes an `int`: integers subtract exactly."""
    if value.__class__ is int and 0 <= value <= _LARGEST:
        return value  # as in `rate`
    number = real(name, value)
    if number < 0:
        raise refuse(ValueError, name, ">= 0", value)
    if number > _LARGEST:
        raise refuse(ValueError, name, "within the float range", value)
    return int(number) if number.__class__ is float and number.is_integer() else number


def duration(name: str, value: Any) -> int | float:
    """A length of time, > 0; normal form as in `moment`."""
    if value.__class__ is int and 0 < value <= _LARGEST:
        return value  # as in `rate`
    number = real(name, value)
    if number <= 0:
        raise refuse(ValueError, name, "> 0", value)
    if number < _SHORTEST:
        raise refuse(ValueError, name, f">= {_SHORTEST}", value)
    return moment(name, number)


def rates(name: str, value: Any) -> tuple[float, ...]:
    """Learning rates, at least one."""
    if isinstance(value, str):
        raise refuse(TypeError, name, "a sequence of rates", value)
    try:
        items = tuple(value)
    except TypeError:
        raise refuse(TypeError, name, "a sequence of rates", value) from None
    if not items:
        raise refuse(ValueError, name, "at least one rate", items)
    return tuple([rate(f"{name}[{i}]", item) for i, item in enumerate(items)])


def milestones(name: str, value: Any) -> tuple[int | float, ...]:
    """Points in time, in ascending order; repeats are allowed."""
    try:
        items = tuple(value)
    except TypeError:
        raise refuse(TypeError, name, "a sequence of times", value) from None
    if set(map(type, items)) == {int} and items[0] >= 0 and items[-1] <= _LARGEST and sorted(items) == [*items]:
        return items  # as in `rate`
    times = tuple([moment(f"{name}[{i}]", item) for i, item in enumerate(items)])
    for i in range(1, len(times)):
        if times[i] < times[i - 1]:
            raise refuse(ValueError, name, "in ascending order", times)
    return times


def flag(name: str, value: Any) -> bool:
    """A yes or no."""
    if value is not True and value is not False:
        raise refuse(TypeError, name, "True or False", value)
    return bool(value)


def choice(name: str, value: Any, options: Any) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in options:
        raise refuse(ValueError, name, "one of " + ", ".join(map(repr, options)), value)
    return value


class Says(tuple[tuple[str, Any], ...]):
    """What JSON Schema says of a field, as keywords; hashable, as annotations have to be."""

    __slots__ = ()

    def __new__(cls, **keywords: Any) -> "Says":
        """Such as `Says(minimum=0)`."""
        return super().__new__(cls, keywords.items())


# The types of a schedule's fields carry their checks, which the generated `__init__` runs, and what JSON Schema can say
# of them.
Rate = Annotated[float, rate, Says(minimum=0)]
Share = Annotated[float, share, Says(minimum=0, maximum=1)]
Positive = Annotated[float, positive, Says(exclusiveMinimum=0)]
Moment = Annotated[float, moment, Says(minimum=0)]
Duration = Annotated[float, duration, Says(exclusiveMinimum=0)]
Rates = Annotated[tuple[Rate, ...], rates, Says(minItems=1)]
Milestones = Annotated[tuple[Moment, ...], milestones]
Flag = Annotated[bool, flag]
