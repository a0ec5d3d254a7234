"""The MXNet `LRScheduler` that gives each update the rate of a schedule."""

import pickle
import warnings
from collections.abc import Callable
from typing import SupportsFloat

import mxnet


class Scheduler(mxnet.lr_scheduler.LRScheduler):
    """An MXNet learning rate scheduler whose rate at every update is that of ``schedule``.

    MXNet counts an update before it asks for its rate, so ``num_update`` is 1 at the first one:
    ``t = num_update - 1``. Before training, where ``trainer.learning_rate`` asks with 0, it is the
    rate of the first update. MXNet asks once per group of parameters and on every look at
    ``trainer.learning_rate``; the answer depends on ``num_update`` alone.

    ``trainer.save_states`` pickles the scheduler with the optimizer, and ``load_states`` replaces
    the trainer's scheduler by the saved one: a resumed run goes on with the schedule that it was
    saved with. A dist kvstore pickles it as well.

    Args:
        schedule: A schedule, or any function of ``t`` alone that returns a number and can be
            pickled.

    Attributes:
        schedule: The schedule.
        base_lr: What MXNet has written there, at first ``schedule(0)``. It has no influence: an
            optimizer with a default learning rate (Adam, RMSProp and others: 0.001) writes it
            when it is created, and a schedule is absolute. A warning says so.
            ``learning_rate=None`` among the optimizer's parameters prevents the writing.

    Raises:
        TypeError: If ``schedule`` cannot be called, or cannot be pickled, such as a lambda:
            ``save_states`` would fail after training.

    Example:
        >>> from lrsched_core import Linear
        >>> scheduler = Scheduler(Linear(0.5, steps=4))
        >>> [scheduler(num_update) for num_update in (1, 2, 3)]
        [0.5, 0.375, 0.25]
        >>> weight = mxnet.gluon.Parameter("weight", shape=(1,))
        >>> weight.initialize()
        >>> trainer = mxnet.gluon.Trainer([weight], "sgd", {"lr_scheduler": scheduler})
        >>> trainer.learning_rate  # of the first update
        0.5
    """

    def __init__(self, schedule: Callable[[int], SupportsFloat]) -> None:
        if not callable(schedule):
            message = f"`schedule` must be a schedule or a function of t, got {schedule!r}."
            raise TypeError(message)
        try:
            # The protocol of a dist kvstore, which takes less than the newer ones.
            pickle.dumps(schedule, protocol=0)
        except Exception as error:  # what is raised depends on the object: three types are usual
            message = (
                "`schedule` must be picklable, because MXNet saves it with the optimizer, got "
                f"{schedule!r}. Hint: use a schedule of lrsched_core, or a function that is "
                "defined at the top level of a module."
            )
            raise TypeError(message) from error
        self.schedule = schedule
        self._base_lr = float(schedule(0))
        super().__init__(base_lr=self._base_lr)

    def __call__(self, num_update: int) -> float:
        """The rate of update number ``num_update``, counted from 1."""
        return float(self.schedule(max(num_update - 1, 0)))

    @property
    def base_lr(self) -> float:
        """What MXNet has written here last; without influence on the rate."""
        return self._base_lr

    @base_lr.setter
    def base_lr(self, value: float) -> None:
        # Optimizers write here when they are created: to refuse would refuse Adam.
        if value != self._base_lr:
            warnings.warn(
                f"`base_lr` = {value!r} is ignored: the rate stays that of the schedule, "
                f"{self.schedule!r}. Hint: pass learning_rate=None to the MXNet optimizer, which "
                "writes its own default here.",
                UserWarning,
                stacklevel=2,
            )
        self._base_lr = value
