"""What an optimizer of MXNet looks at in every update beside the rate, set from a plan."""

from collections.abc import Mapping
from math import inf
from typing import Any

from lrsched_core import Plan
from lrsched_core._errors import refusal, refuse
from lrsched_core._hints import nearest
from lrsched_core._run.names import Names
from lrsched_core._run.plan import COMMON
from lrsched_core._value.answer import as_rate

NAMES = Names(
    "MXNet",
    "a trainer for each, with Scheduler({}).",
    learning_rate="lr",
    weight_decay="wd",
    eps="epsilon",
)
# What an optimizer is made with, and what it was given to keep its books: no hyperparameter of a schedule.
_OTHERS = {"lr", "learning_rate", "rescale_grad", "num_update", "begin_num_update", "aggregate_num"}
# They ask for their rate before they count the update, or after they have looked at their weight decay.
_ASKING_OTHERWISE = {"LBSGD", "AdaDelta", "Ftrl", "Test"}
# It looks at all but its weight decay before.
_ALL_BUT_DECAY = {"LAMB"}


def in_mxnet(plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The schedule of the rate, and those of the options of an optimizer by MXNet's names."""
    named = NAMES.of_plan(plan)
    if "lr" not in named:
        raise refuse(ValueError, "schedule", "a plan with `lr`, which a scheduler gives", plan)
    return named.pop("lr"), named


def set_options(optimizer: Any, schedules: Mapping[str, Any], t: int) -> None:
    """Sets what the optimizer will look at in the update that it asks the rate for."""
    kind = type(optimizer).__name__
    if kind in _ASKING_OTHERWISE or (kind in _ALL_BUT_DECAY and schedules.keys() != {"wd"}):
        rest = " and the weight decay" if kind in _ALL_BUT_DECAY else ""
        raise refusal(
            ValueError,
            "schedule",
            f"be of the rate{rest} alone for {kind}, which looks at its other options before it asks for the rate",
            f"a plan with {', '.join(schedules)}",
        )
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
        f"{', '.join(NAMES.in_common(dict.fromkeys(known)))}."
    )


def hyperparameters(optimizer: Any) -> dict[str, float]:
    """What an optimizer holds of the options that all frameworks have, by their common names."""
    held = {name: vars(optimizer).get(NAMES.own(name)) for name in COMMON}
    return {
        name: float(value)
        for name, value in held.items()
        if name != "lr" and isinstance(value, int | float) and not isinstance(value, bool)
    }
