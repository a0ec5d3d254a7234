"""The Keras callback that gives each epoch or each batch the value of a schedule.

Long, since a third of it is what the class says to users; what it consists of stands in the modules beside it.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any, Literal, SupportsFloat

import keras

from lrsched_core import Plan
from lrsched_core._errors import refusal, refuse
from lrsched_core._run.changes import check_on_change
from lrsched_core._value.answer import as_function, as_rate

from ._hyperparameters import assign, compiles_numbers, count, refuse_without_effect, settable
from ._keeping import memory_of
from ._names import NAMES
from ._neighbours import parts, refuse_no_optimizer, refuse_other_setters, refuse_savers_before, refuse_to_choose
from ._reacting import Reaction
from ._resuming import Resuming


class ScheduleCallback(keras.callbacks.LearningRateScheduler):
    """Sets hyperparameters of the optimizer to `schedule(t)`, once per epoch or before every batch.

    - `unit="epoch"`: `t` is the index of the epoch, as `fit` counts it (`initial_epoch` and
      a restored backup included). All batches of epoch `e` use `schedule(e)`.
    - `unit="batch"`: `t` is `optimizer.iterations`, the updates completed so far. That count
      is saved with the optimizer and goes on through epochs and further calls of `fit`. Where an
      update takes several batches (gradient accumulation), it counts updates; updates that a
      `LossScaleOptimizer` skips do not count.

    With `steps_per_execution=k` Keras calls back once per `k` batches, so the value becomes a
    staircase: `k` updates share that of the first. `LearningRate` does not have this limit.

    The learning rate is a variable, so that setting it is all there is to do. Other hyperparameters (`momentum`,
    `weight_decay`, `beta_1`, ...) are numbers that Keras on TensorFlow and JAX compiles into the training step, and
    does not look at again. By epoch, the step is then compiled anew whenever the number has changed; by batch that is
    refused, except with `run_eagerly=True`. PyTorch looks at the number in every step.

    Like the callback that it extends, it records what the optimizer holds in the logs at the end of
    each epoch: `logs["learning_rate"]` is the rate that the last batch has used.

    A rule reacts to a metric: the rate is `schedule(t) * scale`, where the scale is the rule's. At the end of each
    epoch, the rule is shown `logs[monitor]`, and `logs["scale"]` is the scale that the epoch has used; with
    `monitor=None` it is shown what `observe` is given, and nothing else. What it decides holds from the next update on.

    What is followed, and the state of the rule, are saved wherever Keras saves the optimizer: by `BackupAndRestore`,
    `ModelCheckpoint`, `save_weights` and `save`. `load_weights` and `BackupAndRestore` bring them back when
    the model has this callback, that is, within `fit`; for a model of `load_model`, or weights that were loaded
    before `fit`, `restore` does. `plan_of` reads them from the file. Where a run goes on that was saved with another
    schedule or rule, `on_change` says what happens. A second call of `fit` in the same program is no such run: it
    may follow what it likes.

    Of data whose length is unknown Keras on TensorFlow asks for one batch too many in each epoch, and counts an update
    that is none. By batch, that count is taken back when the epoch ends; put callbacks that save the optimizer after
    this one. (With gradient accumulation that batch may also throw away what had been gathered. `LearningRate` prevents
    both.)

    Args:
        schedule: A schedule, or any function of `t` alone that returns a finite number >= 0; or a plan, for
            several hyperparameters at once. A plan has the names that all frameworks share (`lr`, `weight_decay`,
            `momentum`, `beta1`, `beta2`, `eps`) or Keras' own.
        unit: What `t` counts, `"epoch"` or `"batch"`.
        hyperparameter: What is set: any float that the optimizer is created with. A plan says it itself.
        optimizer: The optimizer to set, where that is not `model.optimizer`: a model that trains
            with several of its own, such as a GAN, has one callback for each.
        rule: A rule, such as `Plateau`, whose scale multiplies the learning rate.
        monitor: What the rule is shown at the end of each epoch, by its name in the logs; None if `observe` is called.
        on_change: If what was saved followed another schedule or rule, `"refuse"` it; take one that has
            the same value at every whole `t` before the saved time, with `"future"`; or any, with `"keep"`. Of
            rules, `"future"` takes a new one and one of the same class, which goes on from what was remembered; with
            `"keep"`, one of another class begins anew.
        verbose: With 1, prints what is set, once per epoch.

    Attributes:
        scale: What multiplies the learning rate now: 1 without a rule.

    Raises:
        TypeError: If `schedule` cannot be called, `rule` is none, or `optimizer` is none. When training begins: if the
            optimizer computes its own learning rate, or has no number for the hyperparameter, so that a callback cannot
            set it. When asked: if `schedule` gives what is no number.
        ValueError: If `unit` or `on_change` is another word, a plan has groups or names a hyperparameter twice, or
            there is a rule and no learning rate. When training begins: if the optimizer has no such hyperparameter, or
            setting it would have no effect; if another callback sets the same one, such as `ReduceLROnPlateau`; if the
            model has several optimizers and none was given; if what was saved followed another schedule; if there is a
            rule, and a callback that saves before it is shown the metric. When asked: if `schedule` gives a number that
            is negative or not finite. At the end of an epoch: if the logs do not have `monitor`.

    Warns:
        UserWarning: If something else has changed what was set; if the optimizer has made no
            update in an epoch; if a run goes on of which the rule knows nothing; if a metric of the validation is not
            in the logs.

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
        schedule: Callable[[int], SupportsFloat] | Plan,
        *,
        unit: Literal["epoch", "batch"] = "epoch",
        hyperparameter: str = "learning_rate",
        optimizer: Any = None,
        rule: Any = None,
        monitor: str | None = "val_loss",
        on_change: Literal["refuse", "future", "keep"] = "refuse",
        verbose: int = 0,
    ) -> None:
        as_function("schedule", schedule)
        if unit not in ("epoch", "batch"):
            raise refuse(ValueError, "unit", '"epoch" or "batch"', unit)
        refuse_no_optimizer(optimizer)
        super().__init__(schedule, verbose=verbose)
        self.unit = unit
        self.hyperparameter = hyperparameter
        self.optimizer = optimizer
        self._schedules: dict[str, Any] = {hyperparameter: schedule}
        if isinstance(schedule, Plan):
            if hyperparameter != "learning_rate":
                raise refuse(
                    ValueError, "hyperparameter", "left out beside a plan, which names its own", hyperparameter
                )
            self._schedules = NAMES.of_plan(schedule)
            self.hyperparameter = next(iter(self._schedules))
        self.hyperparameters = tuple(self._schedules)
        self._reaction = Reaction(rule, monitor, self.hyperparameters)
        self._resuming = Resuming(self._schedules, unit, self._reaction, check_on_change(on_change))
        self._begin()

    def _begin(self) -> None:
        """Forgets an earlier training. What is kept is one for each optimizer."""
        self._epoch_counts: list[int] = []  # when the epoch began
        self._counts: list[int] = []  # when the last batch began
        self._before: list[dict[str, float]] = []  # what was set for the batch before, in each
        self._given: list[dict[str, float]] = []  # what was set last
        self._batches = 0  # that have ended in this epoch
        self._open = False  # whether a batch has begun and not ended
        self._may_be_idle = True  # whether no update has been seen

    @property
    def scale(self) -> float:
        """What multiplies the learning rate now."""
        return self._reaction.scale

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric: its decision holds from the next update on.

        Args:
            metric: A number. On several processes, the same on each.

        Raises:
            TypeError: If there is no rule, or `metric` is no number.
            ValueError: If it has several elements.
        """
        self._reaction.observe(metric)
        self._resuming.note()

    def restore(self, path: Any) -> "ScheduleCallback":
        """Takes over what a file holds of this callback, before training: what was followed, and the rule's state.

        Args:
            path: A `.keras` or `.weights.h5` file that was saved with the optimizer in training.

        Returns:
            The callback itself.

        Raises:
            TypeError: If `path` is no path.
            ValueError: If the file has nothing of a callback that sets the same hyperparameters, or is something else.
        """
        self._resuming.restore(path)
        return self

    def set_model(self, model: Any) -> None:
        """Gives the optimizer a memory, in time for a callback that loads it when training begins."""
        super().set_model(model)
        optimizer = getattr(model, "optimizer", None) if self.optimizer is None else self.optimizer
        if optimizer is not None:
            for one in parts(optimizer):
                memory_of(one)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Refuses, before the first update, what could not be set or would have no effect."""
        self._begin()
        if self.optimizer is None:
            refuse_to_choose(self.model)
        optimizers = self._optimizers()
        refuse_other_setters(self, optimizers)
        if self._reaction.rule is not None:
            refuse_savers_before(self)
        numbers = []
        for optimizer in optimizers:
            for name in self.hyperparameters:
                refuse_without_effect(optimizer, name)
                numbers += [name] if isinstance(settable(optimizer, name), float) else []
        if numbers and compiles_numbers(self.model):
            if self.unit == "batch":
                raise refusal(
                    ValueError,
                    "unit",
                    f'be "epoch" for `{numbers[0]}`',
                    (
                        '"batch": Keras has compiled the number into the training step, which would have to be '
                        "compiled anew for every batch"
                    ),
                    hint="model.compile(..., run_eagerly=True).",
                )
            # A step of an earlier fit may hold a number that has been changed since.
            self.model.make_train_function(force=True)
        self._resuming.begin()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the value of the epoch."""
        # Replaces the built-in hook, which calls a schedule again when it raises a TypeError.
        optimizers = self._optimizers()
        self._warn_of_changes(optimizers)
        self._epoch_counts, self._batches = [count(optimizer) for optimizer in optimizers], 0
        # By now, whoever loads the optimizer when training begins has done so.
        self._resuming.epoch(optimizers, epoch)
        if self.unit == "epoch":
            self._set(optimizers, [self._values(epoch)] * len(optimizers))
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1}: ScheduleCallback setting {self._said()}.")

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Sets the value of the next update."""
        if self.unit == "batch":
            optimizers = self._optimizers()
            # Not `batch`: it starts again at 0 in every epoch. The optimizer's count does not.
            self._counts = [count(optimizer) for optimizer in optimizers]
            self._before, self._open = self._given, True
            times = [
                counted // (optimizer.gradient_accumulation_steps or 1)
                for counted, optimizer in zip(self._counts, optimizers, strict=True)
            ]
            self._set(optimizers, [self._values(t) for t in times])
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
            print(f"\nEpoch {epoch + 1}: ScheduleCallback has set {self._said()}.")
        if logs is not None:
            for optimizer in optimizers:
                for name in self.hyperparameters:
                    logs[self._logged(name, optimizer)] = _held(optimizer, name)
        if self._reaction.rule is not None:
            self._reaction.end_of_epoch(epoch, logs)
            self._resuming.note()

    def _optimizers(self) -> list[Any]:
        """The optimizers that are set."""
        # Not kept from call to call: on JAX, reading `self.model` brings its variables up to date.
        model = self.model
        return parts(model.optimizer if self.optimizer is None else self.optimizer)

    def _logged(self, name: str, optimizer: Any) -> str:
        """What the logs call a value."""
        if self.optimizer is None and not hasattr(self.model.optimizer, "optimizers"):
            return name
        return f"{name}_{optimizer.name}"

    def _said(self) -> str:
        return ", ".join(f"{name} to {value}" for name, value in self._given[0].items())

    def _values(self, t: int) -> dict[str, float]:
        """The value of each hyperparameter at `t`."""
        values = {}
        for name, schedule in self._schedules.items():
            value = as_rate(schedule(t), t, limit=1.0 if name.startswith("beta_") else math.inf)
            if name == "learning_rate" and self._reaction.rule is not None:
                value = as_rate(value * self._reaction.scale, t)
            values[name] = value
        return values

    def _set(self, optimizers: list[Any], values: list[dict[str, float]]) -> None:
        """Sets the values in each of the optimizers."""
        self._given = values
        changed = [
            assign(optimizer, name, value)
            for optimizer, own in zip(optimizers, values, strict=True)
            for name, value in own.items()
        ]
        if any(changed) and compiles_numbers(self.model):
            self.model.make_train_function(force=True)

    def _take_back(self, optimizers: list[Any]) -> None:
        """Undoes what a batch has counted that was announced, and was not there."""
        self._open = False
        for optimizer, before in zip(optimizers, self._counts, strict=True):
            if count(optimizer) > before:
                optimizer._iterations.assign(before)
        if self._before:
            self._set(optimizers, self._before)

    def _warn_of_changes(self, optimizers: list[Any]) -> None:
        """Says so if something else has set the hyperparameter since."""
        for optimizer, values in zip(optimizers, self._given, strict=False):
            for name, given in values.items():
                settable(optimizer, name)
                held = _held(optimizer, name)
                # As a 16-bit variable may have rounded it.
                if not math.isclose(held, given, rel_tol=0.01, abs_tol=1e-30):
                    warnings.warn(
                        f"`{name}` of the optimizer {optimizer.name} was {held} instead of {given} when the "
                        "epoch began: something else has changed it. ScheduleCallback sets it to the value of its "
                        "schedule again.",
                        UserWarning,
                        stacklevel=2,
                    )
                    return

    def _warn_of_idleness(self, optimizers: list[Any]) -> None:
        """Says so if none of the optimizers has made an update in the epoch."""
        self._may_be_idle = False
        owner = self.model.optimizer if self.optimizer is None else self.optimizer
        # What is inside a LossScaleOptimizer may have had no finite gradient.
        if not hasattr(owner, "inner_optimizer") and [count(one) for one in optimizers] == self._epoch_counts:
            warnings.warn(
                f"The optimizer {owner.name}, whose `{self.hyperparameter}` ScheduleCallback sets, has made no update "
                "in this epoch. Hint: ScheduleCallback(schedule, optimizer=...) sets the one that trains.",
                UserWarning,
                stacklevel=2,
            )


def _held(optimizer: Any, name: str) -> float:
    return float(keras.ops.convert_to_numpy(getattr(optimizer, name)))
