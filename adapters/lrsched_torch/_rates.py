"""What may be a rate, or the value of another option."""

from math import inf
from typing import SupportsFloat


def as_rate(value: SupportsFloat, t: int, name: str = "schedule", limit: float = inf) -> float:
    """Return what a schedule gave at `t` as a plain float: a NumPy one spoils the checkpoint."""
    rate = value if type(value) is float else _as_float(value, t, name)
    # Written so that NaN is refused, too.
    if not 0.0 <= rate < limit:
        rule = "a finite rate >= 0" if limit == inf else f"a rate >= 0 and < {limit}"
        message = f"`{name}` must give {rule}, got {rate} at t={t}."
        raise ValueError(message)
    return rate


def _as_float(value: SupportsFloat, t: int, name: str) -> float:
    """Turn an int, a NumPy scalar, a tensor of one element and the like into a float."""
    cause = None
    # Text is no number, though `float` reads it.
    if isinstance(value, SupportsFloat):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            cause = error
    message = f"`{name}` must give a number, got {value!r} at t={t}."
    raise TypeError(message) from cause
