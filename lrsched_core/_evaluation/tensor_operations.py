"""The operations of formulas on tensors, except for tables, which `tensors` adds."""

from collections.abc import Sequence
from typing import Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._evaluation import noise
from lrsched_core._evaluation.refusals import real
from lrsched_core._evaluation.runtimes import Runtime
from lrsched_core._evaluation.runtimes import runtime as runtime_of
from lrsched_core._evaluation.tensor_clocks import CLOCKS
from lrsched_core._evaluation.tensor_powers import POWERS
from lrsched_core._evaluation.tensor_times import (
    Column,
    Times,
    gathered,
    moment_of,
    number,
    operand,
    values_of,
    wholes_of,
)


def _pinned(times: Times, value: Any, at: Any, exactly: Any) -> Any:
    if isinstance(at, Column) and not times.integer:
        moment = gathered(times, at)
    else:
        moment = wholes_of(
            times, at, [moment_of(times, m) for m in values_of(at)], None if times.integer else times.dtype
        )
    exactly = number(times, gathered(times, exactly))
    return times.runtime.where(times.t == moment, exactly, times.float(value))


def _call(times: Times, x: Any, function: int) -> Any:
    """The value of a user's function at the times as floats, with which arithmetic means the same everywhere."""
    return times.call(times.runtime.cast(x, times.called), function, times.dtype, times.called)


def answered(runtime: Runtime, calls: Sequence[Any], x: Any, function: int, dtype: Any, called: Any) -> Any:
    """The value of a user's function at floats, which compute in the dtype `called`."""
    value = runtime.called(calls[function], x, called)
    # torch.compile knows the bases of a tensor's type, but not those of a number's.
    found = None if isinstance(value, float | int) else runtime_of(type(value))
    if found is None or found.suited(value) is not runtime:
        return runtime.full(x, float(real("value", value)), dtype)
    if runtime.kind(value) == "other":
        raise refusal(
            TypeError,
            "value",
            "be a tensor of real numbers",
            value.dtype,
            hint="lrsched_core.math.where(t < 3, 0.1, 0.2) chooses between numbers.",
        )
    # A tensor of no dimension applies to all times, as a number does.
    values = runtime.full(x, 0.0, dtype) + runtime.cast(value, dtype)
    if values.shape != x.shape:
        raise refuse(ValueError, "value", f"of the shape of `t`, {tuple(x.shape)}", tuple(value.shape))
    return values


def _between(times: Times, weight: Any, low: Any, high: Any, _rise: Any) -> Any:
    low, high = [number(times, gathered(times, end)) for end in (low, high)]
    return times.runtime.between(weight, low, high)


def _noise(times: Times, count: Any, seed: int) -> Any:
    parts = [times.runtime.integers(limb) for limb in noise.limbs(count)]
    upper, lower = noise.halves(parts, *noise.keys(seed))
    return times.float(upper) * 2.0**-16 + (times.float(lower) + 0.5) * 2.0**-32


OPERATIONS: dict[str, Any] = {
    **CLOCKS,
    **POWERS,
    "time": lambda times: times.t,
    "add": lambda times, x, y: operand(times, x) + operand(times, y),
    "sub": lambda times, x, y: operand(times, x) - operand(times, y),
    "mul": lambda times, x, y: operand(times, x) * operand(times, y),
    "div": lambda times, x, y: operand(times, x) / operand(times, y),
    "between": _between,
    "pinned": _pinned,
    "maximum": lambda times, x, low: times.runtime.maximum(times.float(x), times.float(gathered(times, low))),
    "minimum": lambda times, x, high: times.runtime.minimum(times.float(x), times.float(gathered(times, high))),
    "finite": lambda _times, x: x,
    "noise": _noise,
    "call": _call,
}
