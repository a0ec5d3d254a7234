"""What adapters accept as a function of time, and what they accept as its value."""

from collections.abc import Callable
from math import inf
from typing import Any, SupportsFloat

from lrsched_core._errors import refusal, refuse


def as_function(name: str, value: Any, rule: str = "a schedule or a function of t") -> Callable[[int], SupportsFloat]:
    """A function of t, whose values are checked later, each by `as_rate`."""
    if not callable(value) or isinstance(value, type):
        raise refuse(TypeError, name, rule, value)
    return value  # type: ignore[no-any-return]  # `Any` came in


def as_rate(value: SupportsFloat, t: int, name: str = "schedule", limit: float = inf) -> float:
    """The value of a schedule at `t` as a plain float; a NumPy one would make torch's checkpoints unloadable."""
    rate = value if type(value) is float else _as_float(value, t, name)
    # Written such that NaN is refused as well.
    if not 0.0 <= rate < limit:
        rule = "a finite rate >= 0" if limit == inf else f"a rate >= 0 and < {limit}"
        raise refusal(ValueError, name, f"give {rule}", f"{rate} at t={t}")
    return rate


def _as_float(value: Any, t: int, name: str) -> float:
    """An int, a NumPy scalar, a tensor of one element and the like as a float."""
    cause = None
    # `float` would accept truth values.
    truth = isinstance(value, bool) or str(getattr(value, "dtype", "")).endswith("bool")
    if isinstance(value, SupportsFloat) and not truth:
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            cause = error
    raise refusal(TypeError, name, "give a number", f"{value!r} at t={t}") from cause
