"""Keras' own learning rate schedules, read back as schedules."""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import keras
from keras.optimizers import schedules as theirs

from lrsched_core import Schedule
from lrsched_core._errors import refuse
from lrsched_core.compat import keras as compat

from ._schedule import LearningRate

_READERS: dict[type, Callable[..., Schedule]] = {
    theirs.ExponentialDecay: compat.ExponentialDecay,
    theirs.PiecewiseConstantDecay: compat.PiecewiseConstantDecay,
    theirs.PolynomialDecay: compat.PolynomialDecay,
    theirs.InverseTimeDecay: compat.InverseTimeDecay,
    theirs.CosineDecay: compat.CosineDecay,
    theirs.CosineDecayRestarts: compat.CosineDecayRestarts,
}


def from_keras(schedule: Any) -> Schedule:
    """The schedule that a Keras `LearningRateSchedule` describes.

    The clock is the same, the optimizer's count of completed updates. Keras computes in float32,
    what comes out here in float64.

    Args:
        schedule: One of the schedules that Keras has in `keras.optimizers.schedules`, or a
            `LearningRate`, which gives its schedule back.

    Returns:
        The schedule, as the function of the same name in `lrsched_core.compat.keras` makes it.

    Raises:
        TypeError: If it is something else, such as a subclass or a function; or if its initial
            learning rate is a whole number, with which Keras computes in whole numbers.
        ValueError: If no schedule can have its values.

    Example:
        >>> from_keras(theirs.CosineDecay(0.5, decay_steps=1000, alpha=0.1))
        Cosine(0.5, 0.05, steps=1000)
    """
    if isinstance(schedule, LearningRate):
        return schedule.schedule
    read = _READERS.get(type(schedule))
    if read is None:
        raise refuse(
            TypeError,
            "schedule",
            "one that Keras has in keras.optimizers.schedules, or a LearningRate",
            schedule,
            hint="lrsched_core.Function(f) takes any function of t.",
        )
    config = {name: _plain(value) for name, value in schedule.get_config().items()}
    # Keras computes in the type of this one.
    first = config.get("initial_learning_rate")
    if isinstance(first, Integral):
        message = (
            f"`initial_learning_rate` of the schedule must be a float, got {first!r}, with which "
            "Keras computes in whole numbers."
        )
        raise TypeError(message)
    return read(**config)


def _plain(value: Any) -> Any:
    """Numbers as they are, and what a tensor or a variable holds as a number."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, Real)):
        return value
    return keras.ops.convert_to_numpy(value).item()
