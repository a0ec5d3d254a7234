"""What the optimizer of a model has really used, for a look at it afterwards."""

import warnings
from typing import Any

import keras

from lrsched_core._run.plan import COMMON
from lrsched_core._run.record import Rows

from ._hyperparameters import compiles_numbers, count
from ._keeping import ATTRIBUTE, Memory
from ._names import NAMES
from ._neighbours import parts, refuse_no_optimizer
from ._schedule import LearningRate, compiled, is_replaced


class Record(Rows, keras.callbacks.Callback):
    """Records what each update has used: the learning rate, weight decay, momentum and the like, whoever gives them.

    `save(path)` writes them as CSV.

    One row for each update, not for each batch: gathered gradients, an update that a `LossScaleOptimizer` skips, and
    the batch too many that Keras asks of data whose length is unknown, make none. A Keras schedule is asked with what
    Keras asks it with. With `steps_per_execution`, an execution's updates are noted together.

    Args:
        path: Where to write the rows as CSV when training ends; None to write none.
        optimizer: The optimizer to watch, where that is not `model.optimizer`; of several in one, the first.

    Raises:
        TypeError: If `optimizer` is none.

    Warns:
        UserWarning: If the optimizer was given another `LearningRate` after the training step had been compiled, which
            goes on with the one before.

    Attributes:
        rows: One dict for each update: `update`, which goes on from the optimizer's count, and the values by the
            names that all frameworks share; where a `ScheduleCallback` has a rule, `scale` is what `lr` was
            multiplied by.

    Example:
        >>> import numpy as np
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(0.5, momentum=0.75), loss="mse")
        >>> record = Record()
        >>> history = model.fit(np.ones((4, 1)), np.ones((4, 1)), batch_size=2, callbacks=[record], verbose=0)
        >>> record.rows
        [{'update': 0, 'lr': 0.5, 'momentum': 0.75}, {'update': 1, 'lr': 0.5, 'momentum': 0.75}]
    """

    def __init__(self, path: Any = None, *, optimizer: Any = None) -> None:
        keras.callbacks.Callback.__init__(self)
        Rows.__init__(self)
        refuse_no_optimizer(optimizer)
        self.path = path
        self.optimizer = optimizer
        self._next: int | None = None  # the update
        self._seen = 0  # of the optimizer's count
        self._scale: dict[str, float] = {}  # when the batch began
        self._told = False  # that the step uses another rate

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Notes what the optimizer has counted, the batch too many included."""
        optimizer = self._watched()
        self._seen, self._scale = count(optimizer), _scale(optimizer)
        if self._next is None:
            self._next = self._seen // _batches(optimizer)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Adds a row for each update that was made."""
        optimizer = self._watched()
        rate = optimizer._learning_rate
        replaced = compiles_numbers(self.model) and is_replaced(optimizer)
        if replaced:
            rate = compiled(optimizer) or rate
        if replaced and not self._told:
            self._told = True
            warnings.warn(
                f"`learning_rate` of the optimizer {optimizer.name} was replaced after Keras had compiled the training "
                "step, which goes on with the one before. Hint: compile the model again, or "
                "model.make_train_function(force=True).",
                UserWarning,
                stacklevel=2,
            )
        held = {name: _number(getattr(optimizer, NAMES.own(name), None)) for name in COMMON if name != "lr"}
        others = {name: number for name, number in held.items() if number is not None}
        for counted in range(self._seen, count(optimizer)):
            if (counted + 1) % _batches(optimizer) == 0:
                assert self._next is not None
                self.add(self._next, {"lr": _rate(optimizer, counted, rate), **others, **self._scale})
                self._next += 1

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the rows."""
        self._next = None
        if self.path is not None:
            self.save(self.path)

    def _watched(self) -> Any:
        return parts(self.model.optimizer if self.optimizer is None else self.optimizer)[0]


def _batches(optimizer: Any) -> int:
    return optimizer.gradient_accumulation_steps or 1


def _scale(optimizer: Any) -> dict[str, float]:
    """What a rule multiplies the rate by, if there is one."""
    memory = getattr(optimizer, ATTRIBUTE, None)
    found = memory.of({"learning_rate"}) if isinstance(memory, Memory) else []
    # Of every state, it comes first.
    scales = [kept.state[0] for kept in found if kept.state]
    return {"scale": float(scales[0])} if scales else {}


def _rate(optimizer: Any, counted: int, rate: Any) -> float:
    """The rate that an update has used that was made when so many batches had been counted."""
    if isinstance(rate, LearningRate):
        return float(rate.schedule(counted // _batches(optimizer)))
    if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
        return float(keras.ops.convert_to_numpy(rate(counted)))
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def _number(held: Any) -> float | None:
    if isinstance(held, keras.Variable):
        return float(keras.ops.convert_to_numpy(held))
    return float(held) if isinstance(held, int | float) and not isinstance(held, bool) else None
