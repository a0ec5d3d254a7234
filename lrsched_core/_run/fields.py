"""The fields of rules: their checks, and what JSON Schema can say of them."""

from typing import Annotated, Any, Literal

from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.checks import Says, choice, moment, rate

_MODES = ("min", "max")
_THRESHOLD_MODES = ("rel", "abs")
# Every observation goes through all of a window, and every checkpoint has them.
_LONGEST = 10_000


def reduction(name: str, value: Any) -> float:
    """A factor that makes smaller."""
    number = real(name, value)
    if not 0 < number < 1:
        raise refuse(ValueError, name, "between 0 and 1", value)
    return float(number)


def count(name: str, value: Any) -> int:
    """How many observations: a whole number, >= 0."""
    number = real(name, value)
    if number < 0 or number != int(number):
        raise refuse(ValueError, name, "a whole number >= 0", value)
    return int(moment(name, number))


def positive_count(name: str, value: Any) -> int:
    """How many observations, at least one."""
    number = count(name, value)
    if not number:
        raise refuse(ValueError, name, "a whole number >= 1", value)
    return number


def window(name: str, value: Any) -> int:
    """How many observations a state holds, at least one."""
    number = positive_count(name, value)
    if number > _LONGEST:
        raise refuse(ValueError, name, f"at most {_LONGEST}", value)
    return number


def threshold(name: str, value: Any) -> float:
    """How much better is better."""
    return rate(name, value)


def scale(name: str, value: Any) -> float:
    """A part of the schedule's rate."""
    number = real(name, value)
    if not 0 <= number <= 1:
        raise refuse(ValueError, name, "from 0 to 1, since it is relative to the schedule", value)
    return float(number) + 0.0


def ceiling(name: str, value: Any) -> float:
    """A multiple of the schedule's rate."""
    if real(name, value) < 1:
        raise refuse(ValueError, name, ">= 1, since it is relative to the schedule", value)
    return rate(name, value)


def mode(name: str, value: Any) -> str:
    """Which way is better."""
    return choice(name, value, _MODES)


def threshold_mode(name: str, value: Any) -> str:
    """What a threshold is relative to."""
    return choice(name, value, _THRESHOLD_MODES)


Reduction = Annotated[float, reduction, Says(exclusiveMinimum=0, exclusiveMaximum=1)]
Count = Annotated[int, count, Says(minimum=0)]
PositiveCount = Annotated[int, positive_count, Says(minimum=1)]
Window = Annotated[int, window, Says(minimum=1, maximum=_LONGEST)]
Threshold = Annotated[float, threshold, Says(minimum=0)]
Scale = Annotated[float, scale, Says(minimum=0, maximum=1)]
Ceiling = Annotated[float, ceiling, Says(minimum=1)]
Mode = Annotated[Literal["min", "max"], mode, Says(enum=_MODES)]
ThresholdMode = Annotated[Literal["rel", "abs"], threshold_mode, Says(enum=_THRESHOLD_MODES)]
