"""The rate of a parameter group: what may be one, what the group had, how it is written."""

from collections.abc import Sequence
from math import inf
from typing import Any, SupportsFloat

from torch import Tensor
from torch.optim import Optimizer


def as_rate(value: SupportsFloat, t: int) -> float:
    """Return what a schedule gave at `t` as a plain float: a NumPy one spoils the checkpoint."""
    rate = value if type(value) is float else _as_float(value, t)
    # Written so that NaN is refused, too.
    if not 0.0 <= rate < inf:
        message = f"`schedule` must give a finite rate >= 0, got {rate} at t={t}."
        raise ValueError(message)
    return rate


def _as_float(value: SupportsFloat, t: int) -> float:
    """Turn an int, a NumPy scalar, a tensor of one element and the like into a float."""
    cause = None
    # Text is no number, though `float` reads it.
    if isinstance(value, SupportsFloat):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            cause = error
    message = f"`schedule` must give a number, got {value!r} at t={t}."
    raise TypeError(message) from cause


def own_rate(group: dict[str, Any]) -> float:
    """Return the rate that the group was given, whatever a scheduler made of it since."""
    return float(group.get("initial_lr", group["lr"]))


def keep_own_rate(group: dict[str, Any]) -> float:
    """Return the group's own rate, noted in the group first if it joined after the scheduler."""
    if "initial_lr" not in group:
        group["initial_lr"] = float(group["lr"])
    return float(group["initial_lr"])


def keep_default_rate(optimizer: Optimizer) -> None:
    """Part a tensor rate in the optimizer's defaults from the groups, which torch lets share it.

    Otherwise a group added later would start from the current rate, not from the default one.
    """
    default = optimizer.defaults.get("lr")
    if isinstance(default, Tensor):
        optimizer.defaults["lr"] = default.clone()


def write_rates(optimizer: Optimizer, rates: Sequence[float | Tensor]) -> None:
    """Give each parameter group its rate: a tensor is filled in place, a number is replaced."""
    # Groups that share a tensor would all get the last one's rate; a new group brings the default.
    taken = {id(optimizer.defaults.get("lr"))}
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        lr = group["lr"]
        # Tensor's own `isinstance` is slow, and most rates are floats.
        if type(lr) is float or not isinstance(lr, Tensor):
            group["lr"] = rate
            continue
        if id(lr) in taken:
            lr = group["lr"] = lr.clone()
        taken.add(id(lr))
        lr.fill_(rate)
