"""Who else sets a hyperparameter in the same training: other callbacks, and other optimizers of the model."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import keras

from lrsched_core._errors import refusal, refuse


def refuse_no_optimizer(optimizer: Any) -> None:
    """Refuses what is no optimizer of Keras; None is the model's."""
    if optimizer is not None and not isinstance(optimizer, keras.optimizers.Optimizer):
        raise refuse(TypeError, "optimizer", "an optimizer of Keras", optimizer)


def refuse_other_setters(mine: Any, optimizers: list[Any]) -> None:
    """Refuses another callback that sets the same hyperparameter of the same optimizer: each would undo the other."""
    for callback in _beside(mine):
        kinds = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
        if not isinstance(callback, kinds):
            continue
        names = getattr(callback, "hyperparameters", ("learning_rate",))
        both = [name for name in mine.hyperparameters if name in names]
        theirs = parts(getattr(callback, "optimizer", None) or mine.model.optimizer)
        if both and any(one is other for one in optimizers for other in theirs):
            kind = type(callback).__name__
            rule = " ScheduleCallback(schedule, rule=Plateau(...)) does both." if kind == "ReduceLROnPlateau" else ""
            raise refusal(
                ValueError,
                "callbacks",
                f"have one that sets `{both[0]}`",
                f"{type(mine).__name__} and {kind}: what one sets, the other undoes",
                hint=f"leave {kind} out, or train with the one first and with the other in a second call of fit.{rule}",
            )


def refuse_savers_before(mine: Any) -> None:
    """Refuses a callback that saves at the end of an epoch before the rule is shown the metric of that epoch."""
    for callback in _list(mine):
        if callback is mine:
            return
        if isinstance(callback, keras.callbacks.BackupAndRestore | keras.callbacks.ModelCheckpoint):
            kind = type(callback).__name__
            raise refusal(
                ValueError,
                "callbacks",
                f"have {kind} after {type(mine).__name__}",
                "it before: it would save the state of the rule without the metric of the epoch that has ended",
            )


def _beside(mine: Any) -> list[Any]:
    """The other callbacks of the training that is about to begin."""
    return [callback for callback in _list(mine) if callback is not mine]


def _list(mine: Any) -> list[Any]:
    """The callbacks of that training, in their order."""
    # A callback is not told of the others. But the list of them is calling.
    frame = inspect.currentframe()
    while frame is not None:
        caller = frame.f_locals.get("self")
        if isinstance(caller, keras.callbacks.CallbackList):
            return list(caller.callbacks)
        frame = frame.f_back
    return []


def refuse_to_choose(model: Any) -> None:
    """Refuses a model that has optimizers of its own: Keras' may be idle, and the rate would be that of none."""
    known = {id(one) for one in (model.optimizer, *parts(model.optimizer))}
    held = {name: value for name, value in vars(model).items() if not name.startswith("_self_")}  # TensorFlow's own
    names = [name for name, value in held.items() if any(id(one) not in known for one in _in(value))]
    if names:
        raise refusal(
            ValueError,
            "optimizer",
            "say which one of the model's to set",
            f"None: beside model.optimizer it has {', '.join(names)}",
            hint=f"ScheduleCallback(schedule, optimizer=model.{names[0]}).",
        )


def _in(value: Any) -> Iterator[Any]:
    items: Iterable[Any] = (value,)
    if isinstance(value, dict):
        items = value.values()
    elif isinstance(value, list | tuple):
        items = value
    return (item for item in items if isinstance(item, keras.optimizers.Optimizer))


def parts(optimizer: Any) -> list[Any]:
    """What an optimizer consists of: those of several, and what is inside a `LossScaleOptimizer`."""
    return [getattr(one, "inner_optimizer", one) for one in getattr(optimizer, "optimizers", (optimizer,))]
