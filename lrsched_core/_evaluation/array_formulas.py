"""What operations on arrays need more than one line for. Emitted code takes it along as it stands, as from `parts`."""

from typing import Any

import numpy as np

from lrsched_core._evaluation.noise import halves, keys, limbs
from lrsched_core._evaluation.parts import counted_floats
from lrsched_core._evaluation.share_powers import LARGEST, correction


def interpolated(t: Any, times: Any, values: Any) -> Any:
    """On a straight line between two values; the weight belongs to the larger one."""
    i = np.searchsorted(times, t, side="right")
    start, stop, before, after = times[i - 1], times[i], values[i - 1], values[i]
    weight = np.where(before > after, stop - t, t - start) / (stop - start)
    larger, smaller = np.maximum(before, after), np.minimum(before, after)
    return weight * larger + (1.0 - weight) * smaller


def power_of_share(time: Any, base: Any, steps: Any, *constants: Any) -> Any:
    """`base ** (time / steps)`, corrected by what the division rounds away."""
    time = np.minimum(time, LARGEST * steps)
    share = time / steps
    return np.power(base, share) * correction(time, share, steps, *constants)


def grown(start: Any, base: Any, n: Any) -> Any:
    """`start * base ** n`, where only the power may leave the float range."""
    third = n // 3
    power = np.power(base, third)
    with np.errstate(invalid="ignore"):  # 0 times infinity, which is 0
        values = start * power * power * np.power(base, n - 2 * third)
    return np.where(start == 0, 0.0, values)


def counted(time: Any, *constants: Any) -> tuple[Any, Any]:
    """How many periods have elapsed, and parts of the present one."""
    return counted_floats(
        time,
        *constants,
        floor=np.floor,
        where=np.where,
        fixed=np.asarray,
    )


def part_periods(time: Any, *constants: Any) -> Any:
    """How many periods have elapsed."""
    return counted(time, *constants)[0]


def part_phase(time: Any, *constants: Any) -> Any:
    """How many parts of the present period have elapsed."""
    return counted(time, *constants)[1]


def noise(count: Any, seed: int) -> Any:
    """A number from 0 to 1 for each count, a hash of it and of the seed."""
    count = np.minimum(count, np.finfo(np.float64).max)
    parts = [limb.astype(np.int64) for limb in limbs(count)]
    upper, lower = halves(parts, *keys(seed))
    return upper * 2.0**-16 + (lower + 0.5) * 2.0**-32
