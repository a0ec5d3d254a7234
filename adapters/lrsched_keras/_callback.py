"""The Keras callback that gives each epoch or each batch the rate of a schedule."""

from collections.abc import Callable
from typing import Any, Literal, SupportsFloat

import keras


class ScheduleCallback(keras.callbacks.LearningRateScheduler):
    """Sets the optimizer's learning rate to ``schedule(t)``, once per epoch or before every batch.

    - ``unit="epoch"``: ``t`` is the index of the epoch, as ``fit`` counts it (``initial_epoch`` and
      a restored backup included). All batches of epoch ``e`` use ``schedule(e)``.
    - ``unit="batch"``: ``t`` is ``optimizer.iterations``, the updates completed so far. That count
      is saved with the optimizer and goes on through epochs and further calls of ``fit``. Where an
      update takes several batches (gradient accumulation), it counts updates; updates that a
      ``LossScaleOptimizer`` skips do not count.

    With ``steps_per_execution=k`` Keras calls back once per ``k`` batches, so the rate becomes a
    staircase: ``k`` updates share the rate of the first. `LearningRate` does not have this limit.

    Like the callback that it extends, it records the rate as ``logs["learning_rate"]`` at the end
    of each epoch: the rate that the last batch has used.

    Args:
        schedule: A schedule, or any function of ``t`` alone that returns a number.
        unit: What ``t`` counts, ``"epoch"`` or ``"batch"``.

    Raises:
        TypeError: If ``schedule`` cannot be called. When training begins: if the optimizer
            computes its own learning rate, so that a callback cannot set it.
        ValueError: If ``unit`` is another word.

    Example:
        >>> import numpy as np
        >>> from lrsched_core import MultiFactor
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(), loss="mse")
        >>> halve = ScheduleCallback(MultiFactor(0.5, 0.5, milestones=[1, 3]))
        >>> x = y = np.ones((4, 1))
        >>> history = model.fit(x, y, epochs=4, callbacks=[halve], verbose=0)
        >>> history.history["learning_rate"]
        [0.5, 0.25, 0.25, 0.125]
    """

    def __init__(
        self,
        schedule: Callable[[int], SupportsFloat],
        *,
        unit: Literal["epoch", "batch"] = "epoch",
    ) -> None:
        if not callable(schedule):
            message = f"`schedule` must be a schedule or a function of t, got {schedule!r}."
            raise TypeError(message)
        if unit not in ("epoch", "batch"):
            message = f'`unit` must be "epoch" or "batch", got {unit!r}.'
            raise ValueError(message)
        super().__init__(schedule)
        self.unit = unit

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuses an optimizer that has a schedule of its own, before the first update."""
        for optimizer in self._optimizers():
            _rate_variable(optimizer)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the rate of the epoch."""
        # Replaces the built-in hook, which calls a schedule again when it raises a TypeError.
        if self.unit == "epoch":
            for optimizer in self._optimizers():
                _set_rate(optimizer, self.schedule(epoch))

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the rate of the next update."""
        # Not `batch`: it starts again at 0 in every epoch. The optimizer's count does not.
        if self.unit == "batch":
            for optimizer in self._optimizers():
                t = int(keras.ops.convert_to_numpy(optimizer.iterations))
                _set_rate(optimizer, self.schedule(t))

    def _optimizers(self) -> list[Any]:
        """The model's optimizer, or those it consists of."""
        # Not kept from call to call: on JAX, reading `self.model` brings its variables up to date.
        optimizer = self.model.optimizer
        return list(getattr(optimizer, "optimizers", (optimizer,)))


def _rate_variable(optimizer: Any) -> Any:
    """The Keras variable that holds the learning rate; also through a `LossScaleOptimizer`."""
    variable = getattr(optimizer, "learning_rate", None)
    if not isinstance(variable, keras.Variable):
        message = (
            "`learning_rate` of the optimizer must be a float that ScheduleCallback can set, got "
            "one that a LearningRateSchedule or a function computes. Hint: create the optimizer "
            "with a float, such as SGD(0.1), or leave the callback out and create it with "
            "lrsched_keras.LearningRate(schedule)."
        )
        raise TypeError(message)
    return variable


def _set_rate(optimizer: Any, rate: SupportsFloat) -> None:
    variable = _rate_variable(optimizer)
    value = variable.value
    # TensorFlow's own variable takes a float in less than half the time that
    # `optimizer.learning_rate = rate` needs. JAX and torch hold a tensor there, with no `assign`.
    target = value if hasattr(value, "assign") else variable
    target.assign(float(rate))
