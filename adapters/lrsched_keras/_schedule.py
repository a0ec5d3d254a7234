"""A schedule as the learning rate of a Keras optimizer, computed inside the training step."""

import inspect
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import keras

from lrsched_core import Plan, Schedule, from_dict
from lrsched_core._errors import refuse

# Which learning rates are in a compiled training step, and which one in that of which optimizer, as far as is known.
_TRACED: "WeakSet[LearningRate]" = WeakSet()
_COMPILED: "WeakKeyDictionary[Any, LearningRate]" = WeakKeyDictionary()


@keras.saving.register_keras_serializable(package="lrsched_keras")
class LearningRate(keras.optimizers.schedules.LearningRateSchedule):
    """A Keras `LearningRateSchedule` whose rate at every update is that of `schedule`.

    `t` is `optimizer.iterations`, the updates completed so far: 0 at the first update. It is
    traced with the training step, so every update has its own rate also under
    `steps_per_execution`, `jit_compile` and distribution. The rate is
    computed in float32 at least, whatever precision the model computes in.

    With `gradient_accumulation_steps=k` Keras asks its learning rate schedules with a count of
    batches, `k` to an update, so that they run `k` times too fast. This one reads the count
    of updates from the optimizer that asks. Updates that a `LossScaleOptimizer` skips do not
    count.

    Of data whose length is unknown Keras on TensorFlow asks for one batch too many in each epoch, and
    counts an update that is none. With this learning rate it does not.

    On TensorFlow and JAX, Keras compiles it into the training step. Where `optimizer.learning_rate` is given another
    one after a call of `fit`, the step goes on with the first, without a word: compile the model again. A `Record`
    warns.

    A saved `.keras` model holds the schedule. It loads without `custom_objects` wherever
    `lrsched_keras` has been imported. Elsewhere Keras refuses it: "Could not locate class
    'LearningRate'".

    Args:
        schedule: A schedule of `lrsched_core`.

    Raises:
        TypeError: If `schedule` is anything else, or contains what cannot be saved with the
            model: a plain function, or a class of one's own that is not registered.

    Example:
        >>> from lrsched_core import Cosine
        >>> lr = Cosine(0.5, steps=15).with_warmup(5)
        >>> optimizer = keras.optimizers.SGD(LearningRate(lr))
        >>> float(optimizer.learning_rate)  # of the first update
        0.0
        >>> optimizer.iterations.assign(5)  # doctest: +ELLIPSIS
        <...>
        >>> float(optimizer.learning_rate)
        0.5
    """

    def __init__(self, schedule: Schedule) -> None:
        if not isinstance(schedule, Schedule):
            hint = ""
            if isinstance(schedule, Plan):
                hint = 'LearningRate(plan["lr"]) takes that of a plan; ScheduleCallback takes all of it.'
            elif callable(schedule) and not isinstance(schedule, type):
                hint = "lrsched_keras.ScheduleCallback takes any function of t."
            raise refuse(TypeError, "schedule", "a schedule of lrsched_core", schedule, hint)
        try:
            schedule.to_dict()
        except TypeError as error:
            # Not after a week of training, when Keras asks for it.
            message = f"{error} Keras saves it with the model; lrsched_keras.ScheduleCallback saves none."
            raise TypeError(message) from None
        self.schedule = schedule

    def __call__(self, step: Any) -> Any:
        """The rate at `step`: a float32 tensor for a tensor, a float for a number."""
        traced = _is_traced(step)
        if traced:
            _TRACED.add(self)
        if isinstance(step, keras.Variable):
            optimizer = _asking_with(step)
            if optimizer is not None:
                if traced:
                    _COMPILED[optimizer] = self
                with _once_there_is_data(optimizer):
                    return self.schedule(optimizer.iterations)
        return self.schedule(step)

    def get_config(self) -> dict[str, Any]:
        """The schedule in its JSON form."""
        return {"schedule": self.schedule.to_dict()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "LearningRate":
        """The learning rate that `get_config` described."""
        return cls(from_dict(config["schedule"]))


def compiled(optimizer: Any) -> LearningRate | None:
    """The learning rate that the training step of an optimizer was compiled with; None if that is not known."""
    return _COMPILED.get(optimizer)


def is_replaced(optimizer: Any) -> bool:
    """Whether an optimizer whose training step is compiled holds another learning rate than that."""
    rate = optimizer._learning_rate
    return isinstance(rate, LearningRate) and (rate not in _TRACED or _COMPILED.get(optimizer, rate) is not rate)


def _is_traced(counter: Any) -> bool:
    """Whether a training step is being compiled."""
    return False


def _asking_with(counter: Any) -> Any:
    """The optimizer that is asking for its rate with its own counter; None if somebody else is."""
    # Keras passes its raw counter, of batches, and nothing that tells how many make an update. But
    # the optimizer that passes it is calling, and `iterations` is what it has counted of updates.
    frame = inspect.currentframe()
    while frame is not None:
        caller = frame.f_locals.get("self")
        if isinstance(caller, keras.optimizers.Optimizer) and caller._iterations is counter:
            return caller
        frame = frame.f_back
    return None


def _once_there_is_data(optimizer: Any) -> AbstractContextManager[Any]:
    """Makes the count of an optimizer wait for the batch."""
    return nullcontext()


if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    def _is_traced(counter: Any) -> bool:
        return not tf.executing_eagerly()

    def _once_there_is_data(optimizer: Any) -> AbstractContextManager[Any]:
        # Of data whose length is unknown Keras asks for one batch too many. The step that then fails counts an update,
        # and clears the gradients that have been gathered, since nothing in that waits for the data. But it waits until
        # what was read before has been read.
        if tf.executing_eagerly():
            return nullcontext()
        operations = tf.compat.v1.get_default_graph().get_operations()
        waiting = tf.control_dependencies([one for one in operations if one.type == "Placeholder"])
        with waiting:
            for gathered in getattr(optimizer, "_accumulated_gradients", ()):
                tf.identity(gathered.value)
        return waiting  # type: ignore[no-any-return]  # TensorFlow ships no types


if keras.backend.backend() == "jax":
    import jax

    def _is_traced(counter: Any) -> bool:
        return isinstance(getattr(counter, "value", counter), jax.core.Tracer)


if keras.backend.backend() == "torch":
    import torch

    # torch.compile can trace no look at the callers: it leaves the graph for it, and would warn.
    _asking_with = torch.compiler.disable(_asking_with)  # type: ignore[no-untyped-call]  # torch gives it no types
