"""What happens to a `t` for which there is no value."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

from lrsched_core._check import real, refuse


def refuse_time(t: Any) -> NoReturn:
    """Raises what is wrong with `t`; if nothing is, a growth left the float range there."""
    number = real("t", t)
    if number < 0:
        raise refuse(ValueError, "t", ">= 0", t)
    if number > sys.float_info.max:
        raise refuse(ValueError, "t", "within the float range", t)
    raise refuse(OverflowError, "t", "small enough for the schedule to stay within the float range", t)


def called(function: Callable[[float], Any], t: float) -> float:
    """What somebody else's function says, if it is a number, or an array or tensor of no dimension."""
    value = function(float(t))
    if getattr(value, "shape", None) == ():
        value = value.item()
    return float(real(f"value at t = {t!r}", value))
