"""What a scheduler has to do with the parameter groups of its optimizer."""

from math import isclose
from typing import Any, NamedTuple

from torch import Tensor


class Group(NamedTuple):
    """What a scheduler has to do with one parameter group.

    Attributes:
        own: The rate that the scheduler takes for the group's own.
        set: The rate that it has set last.
        now: The rate that the group has now, which the next update will use.
        precision: How far a rate may be from what it should be by rounding alone.
    """

    own: float
    set: float
    now: float
    precision: float

    def is_near(self, rate: float, other: float, scale: float = 0.0) -> bool:
        """Tell whether only rounding is between two rates, that of a rate of the size of `scale` included."""
        return isclose(rate, other, rel_tol=self.precision, abs_tol=self.precision * scale)


def groups_of(scheduler: Any, base: Any = None) -> list[Group]:
    """Return the groups with the rates that the scheduler has set, and their own as `base` knows them."""
    base = base or scheduler
    groups = scheduler.optimizer.param_groups
    if len(base.base_lrs) != len(groups):
        message = (
            f"`scheduler` must know each of the {len(groups)} parameter groups, got one that was made "
            f"for {len(base.base_lrs)}. Torch fails there as well, at the next step."
        )
        raise ValueError(message)
    return [
        # A tensor has few digits, of which each step of a recursion takes some.
        Group(float(own), float(last), float(group["lr"]), 1e-4 if isinstance(group["lr"], Tensor) else 1e-9)
        for own, last, group in zip(base.base_lrs, scheduler._last_lr, groups, strict=True)
    ]
