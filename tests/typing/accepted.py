"""What is documented, as type checkers see it: `make check` has mypy and pyright read this."""

from collections.abc import Callable
from dataclasses import KW_ONLY
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import assert_type

from lrsched_core import (
    Constant,
    Cosine,
    CustomSchedule,
    Function,
    Interpolated,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Plan,
    Schedule,
    Sequence,
    diff,
    extend,
    maximum,
    minimum,
    one_cycle,
    register,
    register_with,
    wsd,
)


def half(t: float) -> float:
    """Any function of time."""
    return 0.5 * t


def sgd(learning_rate: float, weight_decay: float = 0.0) -> None:
    """What has names of its own."""


# Arguments: any iterable where there are several, any real number, functions where schedules go in.
MultiFactor(0.5, 0.5, milestones=[1, 3])
MultiFactor(0.5, 0.5, milestones=(1, 3.5))
MultiFactor(0.5, 0.5, milestones=range(3))
PiecewiseConstant([0.5, 0.3], milestones=[2])
Interpolated([0.1, 0.5], milestones=[0, 3], shape="cosine")
a, b = Cosine(0.3, 0.01, steps=15), Linear(1, steps=9)
Sequence([a, b], milestones=[3])
Sequence((a, half, lambda t: 0.5), milestones=(3, 5))
a.then(half, at=3)
Function(half).with_warmup(3)
minimum(a, b, 0.5, half)
maximum(a, np.float64(0.5))

# What they make.
assert_type(a, Cosine)
assert_type(a.base_lr, float)
assert_type(a.replace(base_lr=0.1), Cosine)
assert_type(a.with_warmup(3, shape="cosine"), Schedule)
assert_type(a.cooldown(at=3, steps=2, shape="sqrt").repeat(9, growth=2).stretch(391), Schedule)
assert_type(a * b + 0.5 - half, Schedule)
assert_type(2 * a / 2, Schedule)
assert_type(half * a, Schedule)
assert_type(a * np.float32(2), Schedule)
plan = Plan(lr=a, weight_decay=0.1)
assert_type(diff(a, b).first, int | None)
assert_type(diff(plan, plan).name, str | None)
assert_type(extend(a, at=3, stop=9, new_stop=12), Schedule)
assert_type(extend(plan, at=3, stop=9, new_stop=12), Plan)
assert_type(plan.arguments_for(sgd), dict[str, Schedule])
assert_type(one_cycle(0.3, steps=9, shape="linear"), Schedule)
assert_type(wsd(0.3, warmup=1, stable=2, decay=3, decay_shape="sqrt"), Schedule)

# What comes out: a number for a number, an array for an array or a list.
assert_type(a(3), float)
assert_type(a(2.5), float)
assert_type(a(np.int64(3)), float)
assert_type(a(np.float32(3)), float)
assert_type(a(np.zeros(3)), NDArray[np.float64])
assert_type(a([1, 2, 3]), NDArray[np.float64])
assert_type(a(range(3)), NDArray[np.float64])


class TypedHarmonic(CustomSchedule):
    """A class of one's own: fields and a value."""

    base_lr: float
    _: KW_ONLY
    after: Schedule = Constant(0.0)

    def value(self, t: Any) -> Any:
        """As `CustomSchedule.value`."""
        return self.base_lr / (1 + t)

    def check(self) -> None:
        """As `CustomSchedule.check`."""
        super().check()


assert_type(register(TypedHarmonic)(0.4, after=a)(3), float)
register_with("yaml")
as_a_function: Callable[[float], float] = a
