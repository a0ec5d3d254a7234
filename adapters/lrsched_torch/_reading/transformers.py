"""What transformers' `get_scheduler` puts into a `LambdaLR`, read back as schedules."""

from collections.abc import Callable
from functools import partial
from typing import Any

from lrsched_core import Schedule
from lrsched_core.compat import transformers as compat


def read_factor(function: Any, base_lr: float) -> Schedule | None:
    """The schedule of a function that transformers has made for a rate; None if it has not made it."""
    made = function.func if isinstance(function, partial) else function
    if getattr(made, "__module__", None) != "transformers.optimization":
        return None
    read = _READERS.get(getattr(made, "__name__", ""))
    return read(base_lr, **(function.keywords if isinstance(function, partial) else {})) if read else None


def _constant(base_lr: float, **_: Any) -> Schedule:
    return compat.get_constant_schedule(base_lr)


def _cosine(base_lr: float, **keywords: Any) -> Schedule:
    # Two functions of this name, of which the later one serves both.
    if "min_lr_rate" in keywords:
        return compat.get_cosine_with_min_lr_schedule_with_warmup(base_lr, **keywords)
    return compat.get_cosine_schedule_with_warmup(base_lr, **keywords)


def _polynomial(base_lr: float, *, lr_init: float, lr_end: float, **keywords: Any) -> Schedule:
    # A factor of the rate that the optimizer had by default, whatever rate the group has.
    end = lr_end * (base_lr / lr_init)
    return compat.get_polynomial_decay_schedule_with_warmup(base_lr, lr_end=end, **keywords)


def _wsd(base_lr: float, *, num_stable_steps: int, **keywords: Any) -> Schedule:
    total = keywords["num_warmup_steps"] + num_stable_steps + keywords["num_decay_steps"]
    return compat.get_wsd_schedule(base_lr, num_training_steps=total, **keywords)


_READERS: dict[str, Callable[..., Schedule]] = {
    "_get_constant_lambda": _constant,
    "_get_constant_schedule_with_warmup_lr_lambda": compat.get_constant_schedule_with_warmup,
    "_get_linear_schedule_with_warmup_lr_lambda": compat.get_linear_schedule_with_warmup,
    "_get_cosine_schedule_with_warmup_lr_lambda": _cosine,
    "_get_cosine_with_hard_restarts_schedule_with_warmup_lr_lambda": (
        compat.get_cosine_with_hard_restarts_schedule_with_warmup
    ),
    "_get_polynomial_decay_schedule_with_warmup_lr_lambda": _polynomial,
    "_get_inverse_sqrt_schedule_lr_lambda": compat.get_inverse_sqrt_schedule,
    "_get_cosine_with_min_lr_schedule_with_warmup_lr_rate_lambda": (
        compat.get_cosine_with_min_lr_schedule_with_warmup_lr_rate
    ),
    "_get_wsd_scheduler_lambda": _wsd,
}
