"""What emitted functions of arrays call; see `number_helpers`."""
# ruff: noqa: F401  # as there

from typing import Any

import numpy as np
from numpy.typing import NDArray

# What schedules themselves are evaluated with.
from lrsched_core._evaluation.array_formulas import counted as _counted
from lrsched_core._evaluation.array_formulas import grown as _grown
from lrsched_core._evaluation.array_formulas import interpolated as _interpolated
from lrsched_core._evaluation.array_formulas import noise as _noise
from lrsched_core._evaluation.array_formulas import part_periods as _part_periods
from lrsched_core._evaluation.array_formulas import part_phase as _part_phase
from lrsched_core._evaluation.array_formulas import power_of_share as _power_of_share
from lrsched_core._evaluation.noise import _cut, _mixed, _signed, _upper
from lrsched_core._evaluation.noise import halves as _halves
from lrsched_core._evaluation.noise import keys as _keys
from lrsched_core._evaluation.noise import limbs as _limbs
from lrsched_core._evaluation.parts import counted_floats as _counted_floats
from lrsched_core._evaluation.share_powers import correction as _correction


def _times(t: Any) -> NDArray[np.float64]:
    """Finite numbers >= 0, as an array of float64."""
    array = np.asarray(t)
    if array.dtype.kind not in "iuf" or isinstance(t, np.ma.MaskedArray):
        message = f"`t` must be an array of real numbers, got {t!r}."
        raise TypeError(message)
    times = np.array(array, np.float64)
    for rule, right in (("finite", np.isfinite(times)), (">= 0", times >= 0)):
        if not right.all():
            message = f"`t` must be {rule}, got {times[~right][0].item()!r}."
            raise ValueError(message)
    return times


def _finite(x: Any, t: Any) -> Any:
    """The same x; where it has left the float range, `t` is refused."""
    if np.isinf(x).any():
        rule = "small enough for the schedule to stay within the float range"
        message = f"`t` must be {rule}, got {t[np.isinf(x)][0].item()!r}."
        raise OverflowError(message)
    return x


def _reached(times: Any, t: Any) -> Any:
    """How many of some times have been reached, at each `t`."""
    return np.searchsorted(times, t, side="right")


def _pinned(x: Any, t: Any, at: Any, exactly: Any) -> Any:
    """The same x, but at one time exactly that number."""
    return np.where(t == at, exactly, x)
