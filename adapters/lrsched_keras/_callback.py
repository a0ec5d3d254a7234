"""The Keras callback that gives each epoch or each batch the value of a schedule."""

import math
import warnings
from collections.abc import Callable
from typing import Any, Literal, SupportsFloat

import keras

from lrsched_core._value.answer import as_function, as_rate

from ._hyperparameters import compiles_numbers, refuse_without_effect, settable
from ._neighbours import parts, refuse_other_setters, refuse_to_choose


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

    Like the callback that it extends, it records what the optimizer holds in the logs at the end of
    each epoch: ``logs["learning_rate"]`` is the rate that the last batch has used.

    Of data whose length is unknown Keras on TensorFlow asks for one batch too many in each epoch,
    and counts an update that is none. By batch, that count is taken back when the epoch ends; put
    callbacks that save the optimizer after this one. (With gradient accumulation that batch may also
    throw away what had been gathered. `LearningRate` prevents both.)

    Args:
        schedule: A schedule, or any function of ``t`` alone that returns a finite number >= 0.
        unit: What ``t`` counts, ``"epoch"`` or ``"batch"``.
        hyperparameter: What is set: any float that the optimizer is created with.
        optimizer: The optimizer to set, where that is not ``model.optimizer``: a model that trains
            with several of its own, such as a GAN, has one callback for each.
        verbose: With 1, prints what is set, once per epoch.

    Raises:
        TypeError: If ``schedule`` cannot be called, or ``optimizer`` is none. When training begins:
            if the optimizer computes its own learning rate, or has no number for the
            hyperparameter, so that a callback cannot set it. When asked: if ``schedule`` gives what
            is no number.
        ValueError: If ``unit`` is another word. When training begins: if the optimizer has no such
            hyperparameter, or setting it would have no effect; if another callback sets the same
            one, such as ``ReduceLROnPlateau``; if the model has several optimizers and none was
            given. When asked: if ``schedule`` gives a number that is negative or not finite.

    Warns:
        UserWarning: If something else has changed what was set; if the optimizer has made no
            update in an epoch.

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
        optimizer: Any = None,
        verbose: int = 0,
    ) -> None:
        as_function("schedule", schedule)
        if unit not in ("epoch", "batch"):
            message = f'`unit` must be "epoch" or "batch", got {unit!r}.'
            raise ValueError(message)
        if optimizer is not None and not isinstance(optimizer, keras.optimizers.Optimizer):
            message = f"`optimizer` must be an optimizer of Keras, got {optimizer!r}."
            raise TypeError(message)
        super().__init__(schedule, verbose=verbose)
        self.unit = unit
        self.hyperparameter = hyperparameter
        self.optimizer = optimizer
        self._limit = 1.0 if hyperparameter.startswith("beta_") else math.inf
        self._begin()

    def _begin(self) -> None:
        """Forgets an earlier training. What is kept is one for each optimizer."""
        self._epoch_counts: list[int] = []  # when the epoch began
        self._counts: list[int] = []  # when the last batch began
        self._before: list[float] = []  # what was set for the batch before
        self._given: list[float] = []  # what was set last
        self._batches = 0  # that have ended in this epoch
        self._open = False  # whether a batch has begun and not ended
        self._may_be_idle = True  # whether no update has been seen

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuses, before the first update, what could not be set or would have no effect."""
        self._begin()
        if self.optimizer is None:
            refuse_to_choose(self.model)
        optimizers = self._optimizers()
        refuse_other_setters(self, optimizers)
        numbers = False
        for optimizer in optimizers:
            refuse_without_effect(optimizer, self.hyperparameter)
            numbers |= isinstance(settable(optimizer, self.hyperparameter), float)
        if numbers and compiles_numbers(self.model):
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
        optimizers = self._optimizers()
        self._warn_of_changes(optimizers)
        self._epoch_counts, self._batches = [_count(optimizer) for optimizer in optimizers], 0
        if self.unit == "epoch":
            self._set(optimizers, [self._value(epoch)] * len(optimizers))
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1}: ScheduleCallback setting {self.hyperparameter} to {self._given[0]}.")

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the value of the next update."""
        if self.unit == "batch":
            optimizers = self._optimizers()
            # Not `batch`: it starts again at 0 in every epoch. The optimizer's count does not.
            self._counts = [_count(optimizer) for optimizer in optimizers]
            self._before, self._open = self._given, True
            times = [
                count // (optimizer.gradient_accumulation_steps or 1)
                for count, optimizer in zip(self._counts, optimizers, strict=True)
            ]
            self._set(optimizers, [self._value(t) for t in times])
        elif batch == 0:
            # Another callback may have loaded the optimizer since the epoch began.
            self._set(self._optimizers(), self._given)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes that the batch was there."""
        self._batches += 1
        self._open = False

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Records the value of the last update, under the keys that the built-in callback has."""
        optimizers = self._optimizers()
        if self._open:
            self._take_back(optimizers)
        if self._may_be_idle and self._batches:
            self._warn_of_idleness(optimizers)
        if self.verbose > 0 and self.unit == "batch" and self._given:
            print(f"\nEpoch {epoch + 1}: ScheduleCallback has set {self.hyperparameter} to {self._given[0]}.")
        if logs is not None:
            for name, optimizer in zip(self._names(optimizers), optimizers, strict=True):
                logs[name] = self._held(optimizer)

    def _optimizers(self) -> list[Any]:
        """The optimizers that are set."""
        # Not kept from call to call: on JAX, reading `self.model` brings its variables up to date.
        model = self.model
        return parts(model.optimizer if self.optimizer is None else self.optimizer)

    def _names(self, optimizers: list[Any]) -> list[str]:
        """What the logs call the value of each."""
        if self.optimizer is None and not hasattr(self.model.optimizer, "optimizers"):
            return [self.hyperparameter]
        return [f"{self.hyperparameter}_{optimizer.name}" for optimizer in optimizers]

    def _value(self, t: int) -> float:
        return as_rate(self.schedule(t), t, limit=self._limit)

    def _held(self, optimizer: Any) -> float:
        return float(keras.ops.convert_to_numpy(getattr(optimizer, self.hyperparameter)))

    def _set(self, optimizers: list[Any], values: list[float]) -> None:
        """Sets a value in each of the optimizers."""
        self._given = values
        changed = [
            _set(optimizer, self.hyperparameter, value) for optimizer, value in zip(optimizers, values, strict=True)
        ]
        if any(changed) and compiles_numbers(self.model):
            self.model.make_train_function(force=True)

    def _take_back(self, optimizers: list[Any]) -> None:
        """Undoes what a batch has counted that was announced, and was not there."""
        self._open = False
        for optimizer, count in zip(optimizers, self._counts, strict=True):
            if _count(optimizer) > count:
                optimizer._iterations.assign(count)
        if self._before:
            self._set(optimizers, self._before)

    def _warn_of_changes(self, optimizers: list[Any]) -> None:
        """Says so if something else has set the hyperparameter since."""
        for optimizer, given in zip(optimizers, self._given, strict=False):
            settable(optimizer, self.hyperparameter)
            held = self._held(optimizer)
            # As a 16-bit variable may have rounded it.
            if not math.isclose(held, given, rel_tol=0.01, abs_tol=1e-30):
                warnings.warn(
                    f"`{self.hyperparameter}` of the optimizer {optimizer.name} was {held} instead of {given} when the "
                    "epoch began: something else has changed it. ScheduleCallback sets it to the value of its schedule "
                    "again.",
                    UserWarning,
                    stacklevel=2,
                )
                return

    def _warn_of_idleness(self, optimizers: list[Any]) -> None:
        """Says so if none of the optimizers has made an update in the epoch."""
        self._may_be_idle = False
        owner = self.model.optimizer if self.optimizer is None else self.optimizer
        # What is inside a LossScaleOptimizer may have had no finite gradient.
        if not hasattr(owner, "inner_optimizer") and [_count(one) for one in optimizers] == self._epoch_counts:
            warnings.warn(
                f"The optimizer {owner.name}, whose `{self.hyperparameter}` ScheduleCallback sets, has made no update "
                "in this epoch. Hint: ScheduleCallback(schedule, optimizer=...) sets the one that trains.",
                UserWarning,
                stacklevel=2,
            )


def _count(optimizer: Any) -> int:
    """The batches that an optimizer has counted; several of them may make an update."""
    return int(keras.ops.convert_to_numpy(optimizer._iterations))


def _set(optimizer: Any, name: str, value: float) -> bool:
    """Sets a hyperparameter; whether a number, not a variable, has changed."""
    held = settable(optimizer, name)
    if not isinstance(held, keras.Variable):
        setattr(optimizer, name, value)
        return bool(held != value)
    # TensorFlow's own variable takes a float in less than half the time that
    # `optimizer.learning_rate = rate` needs. JAX and torch hold a tensor there, with no `assign`.
    target = held.value if hasattr(held.value, "assign") else held
    target.assign(value)
    return False
