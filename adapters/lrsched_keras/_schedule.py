"""A schedule as the learning rate of a Keras optimizer, computed inside the training step."""

from typing import Any

import keras

from lrsched_core import Schedule, from_dict


@keras.saving.register_keras_serializable(package="lrsched_keras")
class LearningRate(keras.optimizers.schedules.LearningRateSchedule):
    """A Keras ``LearningRateSchedule`` whose rate at every update is that of ``schedule``.

    ``t`` is the step that Keras passes, the optimizer's count of completed updates: 0 at the first
    update. It is traced with the training step, so every update has its own rate also under
    ``steps_per_execution`` and ``jit_compile``, at no cost in Python. With
    ``gradient_accumulation_steps=k`` Keras passes a count of batches to every learning rate
    schedule, ``k`` to an update; `ScheduleCallback` with ``unit="batch"`` counts updates there.

    A saved ``.keras`` model holds the schedule. It loads without ``custom_objects`` wherever
    ``lrsched_keras`` has been imported.

    Args:
        schedule: A schedule of ``lrsched_core``.

    Raises:
        TypeError: If ``schedule`` is anything else: a plain function can be neither traced on
            every backend nor saved with the model.

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
            message = (
                f"`schedule` must be a schedule of lrsched_core, got {schedule!r}. Hint: "
                "lrsched_keras.ScheduleCallback takes any function of t."
            )
            raise TypeError(message)
        self.schedule = schedule

    def __call__(self, step: Any) -> Any:
        """The rate at ``step``: a float32 tensor for a tensor, a float for a number."""
        # The schedule knows the tensors of each framework, but not the variable around them.
        return self.schedule(step.value if isinstance(step, keras.Variable) else step)

    def get_config(self) -> dict[str, Any]:
        """The schedule in its JSON form."""
        return {"schedule": self.schedule.to_dict()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "LearningRate":
        """The learning rate that `get_config` described."""
        return cls(from_dict(config["schedule"]))
