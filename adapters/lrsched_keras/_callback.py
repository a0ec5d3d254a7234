"""The Keras callback that gives each epoch or each batch the value of a schedule."""

from collections.abc import Callable
from typing import Any, Literal, SupportsFloat

import keras


class ScheduleCallback(keras.callbacks.LearningRateScheduler):
    """Sets a hyperparameter of the optimizer to ``schedule(t)``, once per epoch or before every batch.

    - ``unit="epoch"``: ``t`` is the index of the epoch, as ``fit`` counts it (``initial_epoch`` and
      a restored backup included). All batches of epoch ``e`` use ``schedule(e)``.
    - ``unit="batch"``: ``t`` is ``optimizer.iterations``, the updates completed so far. That count
      is saved with the optimizer and goes on through epochs and further calls of ``fit``. Where an
      update takes several batches (gradient accumulation), it counts updates; updates that a
      ``LossScaleOptimizer`` skips do not count.

    With ``steps_per_execution=k`` Keras calls back once per ``k`` batches, so the value becomes a
    staircase: ``k`` updates share that of the first. `LearningRate` does not have this limit.

    The learning rate is a variable, so that setting it is all there is to do. Every other
    hyperparameter (``momentum``, ``weight_decay``, ``beta_1``, ...) is a number that Keras on
    TensorFlow and JAX compiles into the training step, and does not look at again. By epoch, the
    step is then compiled anew whenever the number has changed; by batch that is refused, except
    with ``run_eagerly=True``. PyTorch looks at the number in every step.

    Like the callback that it extends, it records what it sets in the logs at the end of each epoch:
    ``logs["learning_rate"]`` is the rate that the last batch has used.

    Args:
        schedule: A schedule, or any function of ``t`` alone that returns a number.
        unit: What ``t`` counts, ``"epoch"`` or ``"batch"``.
        hyperparameter: What is set: any float that the optimizer is created with.

    Raises:
        TypeError: If ``schedule`` cannot be called. When training begins: if the optimizer
            computes its own learning rate, or has no number for the hyperparameter, so that a
            callback cannot set it.
        ValueError: If ``unit`` is another word. When training begins: if the optimizer has no such
            hyperparameter, or setting it would have no effect.

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
        hyperparameter: str = "learning_rate",
    ) -> None:
        if not callable(schedule):
            message = f"`schedule` must be a schedule or a function of t, got {schedule!r}."
            raise TypeError(message)
        if unit not in ("epoch", "batch"):
            message = f'`unit` must be "epoch" or "batch", got {unit!r}.'
            raise ValueError(message)
        super().__init__(schedule)
        self.unit = unit
        self.hyperparameter = hyperparameter

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuses, before the first update, what could not be set or would have no effect."""
        numbers = False
        for optimizer in self._optimizers():
            _refuse_without_effect(optimizer, self.hyperparameter)
            numbers |= isinstance(_settable(optimizer, self.hyperparameter), float)
        if numbers and _compiles_numbers(self.model):
            if self.unit == "batch":
                message = (
                    f'`unit` must be "epoch" for `{self.hyperparameter}`, got "batch": Keras has compiled the number '
                    "into the training step, which would have to be compiled anew for every batch. Hint: "
                    "model.compile(..., run_eagerly=True)."
                )
                raise ValueError(message)
            # A step of an earlier fit may hold a number that has been changed since.
            self.model.make_train_function(force=True)

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the value of the epoch."""
        # Replaces the built-in hook, which calls a schedule again when it raises a TypeError.
        if self.unit == "epoch":
            changed = [self._set(optimizer, epoch) for optimizer in self._optimizers()]
            if any(changed) and _compiles_numbers(self.model):
                self.model.make_train_function(force=True)

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the value of the next update."""
        # Not `batch`: it starts again at 0 in every epoch. The optimizer's count does not.
        if self.unit == "batch":
            for optimizer in self._optimizers():
                self._set(optimizer, int(keras.ops.convert_to_numpy(optimizer.iterations)))

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Records the value of the last update, under the keys that the built-in callback has."""
        if logs is not None:
            several = hasattr(self.model.optimizer, "optimizers")
            for optimizer in self._optimizers():
                name = f"{self.hyperparameter}_{optimizer.name}" if several else self.hyperparameter
                logs[name] = float(keras.ops.convert_to_numpy(getattr(optimizer, self.hyperparameter)))

    def _optimizers(self) -> list[Any]:
        """The model's optimizer, or those it consists of; what is inside a `LossScaleOptimizer`."""
        # Not kept from call to call: on JAX, reading `self.model` brings its variables up to date.
        optimizer = self.model.optimizer
        return [getattr(one, "inner_optimizer", one) for one in getattr(optimizer, "optimizers", (optimizer,))]

    def _set(self, optimizer: Any, t: int) -> bool:
        """Sets the value at `t`; whether a number, not a variable, has changed."""
        held = _settable(optimizer, self.hyperparameter)
        value = float(self.schedule(t))
        if not isinstance(held, keras.Variable):
            setattr(optimizer, self.hyperparameter, value)
            return bool(held != value)
        # TensorFlow's own variable takes a float in less than half the time that
        # `optimizer.learning_rate = rate` needs. JAX and torch hold a tensor there, with no `assign`.
        target = held.value if hasattr(held.value, "assign") else held
        target.assign(value)
        return False


def _settable(optimizer: Any, name: str) -> Any:
    """What the optimizer holds: a Keras variable, or a float."""
    held = getattr(optimizer, name, None)
    if isinstance(held, keras.Variable) or (isinstance(held, float) and name != "learning_rate"):
        return held
    if name == "learning_rate":
        message = (
            "`learning_rate` of the optimizer must be a float that ScheduleCallback can set, got "
            "one that a LearningRateSchedule or a function computes. Hint: create the optimizer "
            "with a float, such as SGD(0.1), or leave the callback out and create it with "
            "lrsched_keras.LearningRate(schedule)."
        )
    else:
        message = (
            f"`{name}` of the optimizer must be a float that ScheduleCallback can set, got {held!r}. Hint: create "
            f"the optimizer with a float, such as {type(optimizer).__name__}({name}=0.1)."
        )
    raise TypeError(message)


def _refuse_without_effect(optimizer: Any, name: str) -> None:
    """Refuses a hyperparameter that the optimizer does not have, or never looks at while it trains."""
    if name == "learning_rate":
        return
    config = optimizer.get_config()
    kind = type(optimizer).__name__
    if name not in config:
        known = ", ".join(key for key, value in config.items() if isinstance(value, float))
        message = f"`hyperparameter` must be one of {kind}'s, got {name!r}. Hint: it has {known}."
        raise ValueError(message)
    if name == "momentum" and config[name] == 0:
        message = (
            f"`momentum` of the optimizer must be > 0 when training begins, got {config[name]}: {kind} keeps none "
            f"otherwise. Hint: create the optimizer with {kind}(momentum=0.9)."
        )
        raise ValueError(message)
    if name == "initial_accumulator_value" or (name == "ema_momentum" and not config["use_ema"]):
        message = f"`hyperparameter` must be one that {kind} reads while it trains, got {name!r}."
        raise ValueError(message)


def _compiles_numbers(model: Any) -> bool:
    """Whether the training step keeps the numbers that it was compiled with."""
    # PyTorch's compiler checks them in every step, and TensorFlow makes a graph also without XLA.
    backend = keras.backend.backend()
    return backend != "torch" and not model.run_eagerly and (backend != "jax" or bool(model.jit_compile))
