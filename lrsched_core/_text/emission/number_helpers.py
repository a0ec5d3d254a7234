"""What emitted functions of a number call. An emitted module takes along, as they stand here, those that it needs.

So each is complete: it calls its neighbours and the standard library alone. No line is longer than 88 characters, for
which most formatters are set.
"""
# ruff: noqa: F401  # written down, not called

import sys
from numbers import Integral, Real

# What schedules themselves are evaluated with.
from lrsched_core._evaluation.noise import _cut, _mixed, _signed, _upper
from lrsched_core._evaluation.noise import halves as _halves
from lrsched_core._evaluation.noise import keys as _keys
from lrsched_core._evaluation.noise import limbs as _limbs
from lrsched_core._evaluation.noise import noise as _noise
from lrsched_core._evaluation.numbers import interpolated as _interpolated
from lrsched_core._evaluation.parts import counted as _counted
from lrsched_core._evaluation.parts import part_periods as _part_periods
from lrsched_core._evaluation.parts import part_phase as _part_phase
from lrsched_core._evaluation.share_powers import correction as _correction
from lrsched_core._evaluation.share_powers import grown as _grown
from lrsched_core._evaluation.share_powers import power_of_share as _power_of_share


def _time(t: object) -> float:
    """A finite number >= 0, as an `int` or a `float`."""
    number: float
    if type(t) is int or type(t) is float:
        number = t
    elif isinstance(t, bool) or not isinstance(t, Real):
        message = f"`t` must be a real number, got {t!r}."
        raise TypeError(message)
    else:
        number = int(t) if isinstance(t, Integral) else float(t)
    if not -sys.float_info.max <= number <= sys.float_info.max:
        message = f"`t` must be finite, got {t!r}."
        raise ValueError(message)
    if number < 0:
        message = f"`t` must be >= 0, got {t!r}."
        raise ValueError(message)
    return number


def _finite(x: float, t: float) -> float:
    """The same x; where it has left the float range, `t` is refused."""
    if not x <= sys.float_info.max:
        raise _too_late(t)
    return x


def _too_late(t: float) -> OverflowError:
    rule = "small enough for the schedule to stay within the float range"
    return OverflowError(f"`t` must be {rule}, got {t!r}.")
