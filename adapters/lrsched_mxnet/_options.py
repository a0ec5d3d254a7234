"""What an optimizer of MXNet looks at in every update beside the rate, set from a plan."""

from collections.abc import Mapping
from math import inf
from typing import Any

from lrsched_core import Plan
from lrsched_core._hints import nearest
from lrsched_core._run.plan import COMMON
from lrsched_core._value.answer import as_rate

_MXNET = {"weight_decay": "wd", "eps": "epsilon"}
_COMMON = {mxnet: common for common, mxnet in _MXNET.items()}
# What an optimizer is made with, and what it was given to keep its books: no hyperparameter of a schedule.
_OTHERS = {"lr", "learning_rate", "rescale_grad", "num_update", "begin_num_update", "aggregate_num"}
# They ask for their rate before they count the update, or after they have looked at their weight decay.
_ASKING_OTHERWISE = {"LBSGD", "AdaDelta", "Ftrl", "Test"}
# It looks at all but its weight decay before.
_ALL_BUT_DECAY = {"LAMB"}


def in_mxnet(plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The schedule of the rate, and those of the options of an optimizer by MXNet's names."""
    if plan.groups:
        message = (
            "`schedule` must be a plan without groups, since an optimizer of MXNet has none, got groups "
            f"{', '.join(map(repr, plan.groups))}. Hint: a trainer for each, with Scheduler(plan.groups[...])."
        )
        raise ValueError(message)
    named: dict[str, Any] = {}
    for name, schedule in plan.items():
        mxnet = "lr" if name == "learning_rate" else _MXNET.get(name, name)
        if mxnet in named:
            message = f"`schedule` must name a hyperparameter once, got {_COMMON.get(mxnet, 'lr')!r} and {name!r}."
            raise ValueError(message)
        named[mxnet] = schedule
    if "lr" not in named:
        message = f"`schedule` must be a plan with `lr`, which a scheduler gives, got {plan!r}."
        raise ValueError(message)
    return named.pop("lr"), named


def in_common(schedules: Mapping[str, Any]) -> dict[str, Any]:
    """Schedules by the names that all frameworks share."""
    return {_COMMON.get(name, name): schedule for name, schedule in schedules.items()}


def by_mxnet(schedules: Mapping[str, Any]) -> dict[str, Any]:
    """The way back."""
    return {_MXNET.get(name, name): schedule for name, schedule in schedules.items()}


def given(schedules: Mapping[str, Any]) -> Any:
    """What a user gives for these: a schedule of the rate, or else a plan."""
    return schedules["lr"] if [*schedules] == ["lr"] else Plan(in_common(schedules))


def set_options(optimizer: Any, schedules: Mapping[str, Any], t: int) -> None:
    """Sets what the optimizer will look at in the update that it asks the rate for."""
    kind = type(optimizer).__name__
    if kind in _ASKING_OTHERWISE or (kind in _ALL_BUT_DECAY and schedules.keys() != {"wd"}):
        rest = " and the weight decay" if kind in _ALL_BUT_DECAY else ""
        message = (
            f"`schedule` must be of the rate{rest} alone for {kind}, which looks at its "
            f"other options before it asks for the rate, got a plan with {', '.join(schedules)}."
        )
        raise ValueError(message)
    for name, schedule in schedules.items():
        held = vars(optimizer).get(name)
        if isinstance(held, bool) or not isinstance(held, int | float) or name in _OTHERS or name.startswith("_"):
            raise _unknown(optimizer, name)
        value = as_rate(schedule(t), t, f"schedule[{name!r}]", 1.0 if name in ("beta1", "beta2") else inf)
        if held == 0 and value and name == "momentum":
            message = (
                f"`momentum` of the optimizer must be > 0 when it is created, got {held!r}: {kind} keeps none "
                f"otherwise. Hint: {{'lr_scheduler': ..., 'momentum': 0.9}}."
            )
            raise ValueError(message)
        setattr(optimizer, name, value)


def _unknown(optimizer: Any, name: str) -> Exception:
    known = [
        other
        for other, value in vars(optimizer).items()
        if isinstance(value, float) and other not in _OTHERS and not other.startswith("_")
    ]
    near = nearest(name, known)
    hint = f" (do you mean {near}?)" if near else ""
    return ValueError(
        f"`schedule` must be a plan of what {type(optimizer).__name__} has, got {name!r}{hint}. It has lr, "
        f"{', '.join(_COMMON.get(other, other) for other in known)}."
    )


def hyperparameters(optimizer: Any) -> dict[str, float]:
    """What an optimizer holds of the options that all frameworks have, by their common names."""
    held = {name: vars(optimizer).get(_MXNET.get(name, name)) for name in COMMON}
    return {
        name: float(value)
        for name, value in held.items()
        if name != "lr" and isinstance(value, int | float) and not isinstance(value, bool)
    }
