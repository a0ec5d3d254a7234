"""Refusals of what is not a number, and of a `t` without a value."""

import math
import sys
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, NoReturn

from lrsched_core._errors import refuse


def real(name: str, value: Any) -> int | float:
    """A finite real number as a plain `int` or `float`; booleans are refused."""
    if value.__class__ is not float and value.__class__ is not int:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise refuse(TypeError, name, "a real number", value)
        value = int(value) if isinstance(value, Integral) else float(value)
    if not -math.inf < value < math.inf:
        raise refuse(ValueError, name, "finite", value)
    return value  # type: ignore[no-any-return]  # `Any` came in; the lines above leave int or float


def refuse_time(t: Any) -> NoReturn:
    """Raises what is wrong with `t`; if nothing is, growth has left the float range there."""
    number = real("t", t)
    if number < 0:
        raise refuse(ValueError, "t", ">= 0", t)
    if number > sys.float_info.max:
        raise refuse(ValueError, "t", "within the float range", t)
    raise refuse(OverflowError, "t", "small enough for the schedule to stay within the float range", t)


def called(function: Callable[[float], Any], t: float) -> float:
    """The value of a user's function, which must be a number, or an array or tensor of no dimension."""
    value = function(float(t))
    if getattr(value, "shape", None) == ():
        value = value.item()
    return float(real(f"value at t = {t!r}", value))
