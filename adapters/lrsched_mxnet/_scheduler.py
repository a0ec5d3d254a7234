"""The MXNet `LRScheduler` that gives each update the rate of a schedule."""

import pickle
import sys
import warnings
from collections.abc import Callable
from typing import Any, SupportsFloat

import mxnet

from lrsched_core._value.answer import as_function, as_rate


class Scheduler(mxnet.lr_scheduler.LRScheduler):
    """An MXNet learning rate scheduler whose rate at every update is that of ``schedule``.

    MXNet counts an update before it asks for its rate, so ``num_update`` is 1 at the first one:
    ``t = num_update - 1``. (A bare schedule in the place of a scheduler is asked with
    ``num_update``: its rates come one update early, and that at 0 is never used.) Before training,
    where ``trainer.learning_rate`` asks with 0, it is the rate of the first update. MXNet asks once
    per group of parameters and on every look at ``trainer.learning_rate``; the answer depends on
    ``num_update`` alone.

    ``trainer.save_states`` pickles the scheduler with the optimizer, and ``load_states`` puts the
    saved one in the place of the trainer's: a resumed run goes on with the schedule that it was
    saved with. Where the trainer had another one, a warning says so; to go on with that, set
    ``trainer.optimizer.lr_scheduler`` after ``load_states``. Where the saved one is of MXNet's own,
    the warning needs that nothing but the trainer holds this one, and cannot be given where updates
    are made on a kvstore. A dist kvstore pickles the scheduler
    as well. The states of a ``Module`` hold neither schedule nor count: there, ``begin_num_update``
    says how many updates are done.

    Args:
        schedule: A schedule, or any function of ``t`` alone that returns a number and can be
            pickled.

    Attributes:
        schedule: The schedule.
        base_lr: ``schedule(0)``, whatever is written there. An optimizer with a default learning
            rate (Adam, RMSProp and others: 0.001) writes it when it is created, but a schedule is
            absolute. A warning says so; ``learning_rate=None`` among the optimizer's parameters
            prevents the writing.

    Raises:
        TypeError: If ``schedule`` cannot be called, or cannot be pickled, such as a lambda:
            ``save_states`` would fail after training.
        ValueError: If ``schedule`` gives a rate that is negative or not finite.
        TypeError: If it gives what is no number.

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
        as_function("schedule", schedule)
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
        super().__init__(base_lr=self.base_lr)

    def __call__(self, num_update: int) -> float:
        """The rate of update number ``num_update``, counted from 1."""
        t = max(num_update - 1, 0)
        return as_rate(self.schedule(t), t)

    @property
    def base_lr(self) -> float:
        """The rate of the first update."""
        return self(1)

    @base_lr.setter
    def base_lr(self, value: float) -> None:
        # Optimizers write here when they are created: to refuse would refuse Adam.
        if value != self.base_lr:
            _warn(
                f"`base_lr` = {value!r}, which an MXNet optimizer writes from its learning_rate, is ignored, whatever "
                f"MXNet prints: the rate stays that of the schedule, {self.schedule!r}. Hint: pass learning_rate=None "
                'beside lr_scheduler, as in Trainer(params, "adam", {"lr_scheduler": ..., "learning_rate": None}); '
                "Adam and others write a default of their own otherwise."
            )

    def __del__(self) -> None:
        """Say so if ``load_states`` drops this scheduler for one that is not of this adapter."""
        # load_states asks nothing of ours then. But once the trainer has the saved optimizer, nobody holds this one.
        loading = _loading()
        if loading is None or "schedule" not in self.__dict__:
            return
        loaded = loading.optimizer.lr_scheduler
        # Of ours, __setstate__ has told what was to be told.
        if not isinstance(loaded, Scheduler):
            saved = "no scheduler" if loaded is None else f"a {type(loaded).__name__} of MXNet's own"
            _warn(
                f"The states were saved with {saved}, and MXNet goes on with that, not with the trainer's own "
                f"schedule, {self.schedule!r}. Hint: to go on with the schedule, set "
                "`trainer.optimizer.lr_scheduler = Scheduler(schedule)` after load_states."
            )

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what was saved; say so if ``load_states`` replaces another schedule by it."""
        self.__dict__.update(state)
        # All that load_states calls of ours is this, for the saved scheduler; the one that it drops is known only to
        # the updater that is loading.
        updater = sys._getframe(1).f_locals.get("self")
        if not isinstance(updater, mxnet.optimizer.Updater):
            return
        dropped = updater.optimizer.lr_scheduler
        dropped = getattr(dropped, "schedule", dropped)
        if not _equal(self.schedule, dropped):
            _warn(
                f"The states were saved with the schedule {self.schedule!r}, and MXNet goes on with that one, not "
                f"with the trainer's own, {dropped!r}. Hint: to go on with another, set "
                "`trainer.optimizer.lr_scheduler = Scheduler(schedule)` after load_states."
            )


def _loading() -> Any:
    """The trainer that is loading states."""
    if sys is None or sys.is_finalizing():  # a scheduler may outlive the modules
        return None
    frame = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("mxnet."):
        trainer = frame.f_locals.get("self")
        if frame.f_code.co_name == "load_states" and isinstance(trainer, mxnet.gluon.Trainer):
            return trainer
        frame = frame.f_back  # type: ignore[assignment]  # None at the end
    return None


def _equal(saved: Any, given: Any) -> bool:
    # Objects without an equality of their own are compared as they are saved.
    return bool(saved == given) or pickle.dumps(saved) == pickle.dumps(given)


def _warn(message: str) -> None:
    """Warn about the line that called MXNet: many programs silence the warnings of MXNet's own modules."""
    level, frame = 3, sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("mxnet."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UserWarning, stacklevel=level)
