"""What transformers' ``get_scheduler`` puts into a ``LambdaLR``, read back as schedules."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lrsched_core import Schedule
from lrsched_core.compat import transformers as compat

_Keywords = Mapping[str, Any]


def read_factor(function: Any, base_lr: float) -> Schedule | None:
    """The schedule of a function that transformers has made for a rate; None if it has not made it."""
    made = function.func if isinstance(function, partial) else function
    if getattr(made, "__module__", None) != "transformers.optimization":
        return None
    read = _READERS.get(getattr(made, "__name__", ""))
    keywords = function.keywords if isinstance(function, partial) else {}
    return read(base_lr, keywords) if read else None


def _cosine(base_lr: float, keywords: _Keywords) -> Schedule:
    # Two functions of this name, of which the later one serves both.
    if "min_lr_rate" in keywords:
        return compat.get_cosine_with_min_lr_schedule_with_warmup(base_lr, **keywords)
    return compat.get_cosine_schedule_with_warmup(base_lr, **keywords)


def _polynomial(base_lr: float, keywords: _Keywords) -> Schedule:
    # A factor of the rate that the optimizer had by default, whatever rate the group has.
    arguments = dict(keywords)
    share = base_lr / arguments.pop("lr_init")
    end = arguments.pop("lr_end") * share
    return compat.get_polynomial_decay_schedule_with_warmup(base_lr, lr_end=end, **arguments)


def _wsd(base_lr: float, keywords: _Keywords) -> Schedule:
    arguments = dict(keywords)
    stable = arguments.pop("num_stable_steps")
    total = arguments["num_warmup_steps"] + stable + arguments["num_decay_steps"]
    return compat.get_wsd_schedule(base_lr, num_training_steps=total, **arguments)


_READERS: dict[str, Callable[[float, _Keywords], Schedule]] = {
    "_get_constant_lambda": lambda lr, _: compat.get_constant_schedule(lr),
    "_get_constant_schedule_with_warmup_lr_lambda": lambda lr, keywords: compat.get_constant_schedule_with_warmup(
        lr, **keywords
    ),
    "_get_linear_schedule_with_warmup_lr_lambda": lambda lr, keywords: compat.get_linear_schedule_with_warmup(
        lr, **keywords
    ),
    "_get_cosine_schedule_with_warmup_lr_lambda": _cosine,
    "_get_cosine_with_hard_restarts_schedule_with_warmup_lr_lambda": lambda lr, keywords: (
        compat.get_cosine_with_hard_restarts_schedule_with_warmup(lr, **keywords)
    ),
    "_get_polynomial_decay_schedule_with_warmup_lr_lambda": _polynomial,
    "_get_inverse_sqrt_schedule_lr_lambda": lambda lr, keywords: compat.get_inverse_sqrt_schedule(lr, **keywords),
    "_get_cosine_with_min_lr_schedule_with_warmup_lr_rate_lambda": lambda lr, keywords: (
        compat.get_cosine_with_min_lr_schedule_with_warmup_lr_rate(lr, **keywords)
    ),
    "_get_wsd_scheduler_lambda": _wsd,
}
