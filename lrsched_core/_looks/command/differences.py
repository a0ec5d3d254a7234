"""Where two schedules differ."""

from typing import NamedTuple

import numpy as np

from lrsched_core import Schedule

_CHUNK = 1_000_000


class Difference(NamedTuple):
    """The first whole t at which two schedules differ, the one at which they differ most, and their values there."""

    first: int
    at_first: tuple[float, float]
    largest: int
    at_largest: tuple[float, float]


def compare(first: Schedule, second: Schedule, stop: int, tolerance: float) -> Difference | None:
    """Looks at every t from 0 to `stop`; None if there is no difference beyond the relative tolerance."""
    begun, largest, most = None, 0, 0.0
    for start in range(0, stop + 1, _CHUNK):
        t = np.arange(start, min(start + _CHUNK, stop + 1))
        a, b = first(t), second(t)
        distance = np.abs(a - b)
        different = np.flatnonzero(distance > tolerance * np.maximum(np.abs(a), np.abs(b)))
        if begun is None and different.size:
            begun = int(t[different[0]])
        if distance.max() > most:
            most, largest = float(distance.max()), int(t[distance.argmax()])
    if begun is None:
        return None
    return Difference(begun, (first(begun), second(begun)), largest, (first(largest), second(largest)))
