"""What made the states of a training, from the states alone."""

import pickle
from os import PathLike
from pathlib import Path
from typing import Any

import mxnet

from lrsched_core import Plan, Schedule
from lrsched_core._errors import refusal
from lrsched_core._run.changes import refuse_code

from ._options import NAMES
from ._scheduler import Scheduler


def plan_of(states: Any) -> Schedule | Plan:
    """The schedule or plan that a training has followed and would go on with.

    Where it was changed, by `on_change`, what was in force before comes first: `old.then(new.advance(t), at=t)`.

    Args:
        states: A file that `trainer.save_states` wrote, or its bytes; or a trainer or an optimizer. Files are
            unpickled, as `load_states` does it: take none that you do not trust.

    Returns:
        A schedule; a plan if more than the rate was set.

    Raises:
        TypeError: If `states` is nothing of these, or a schedule in it is a function.
        ValueError: If the training had no `Scheduler`, or the file cannot be read.

    Example:
        >>> from lrsched_core import Linear
        >>> sgd = mxnet.optimizer.SGD(lr_scheduler=Scheduler(Linear(0.5, steps=4)))
        >>> plan_of(sgd)
        Linear(0.5, steps=4)
    """
    if isinstance(states, str | PathLike):
        states = Path(states).read_bytes()
    if isinstance(states, bytes):
        try:
            states = pickle.loads(states)
        except Exception as error:  # what is raised depends on the bytes
            raise refusal(ValueError, "states", "be of `trainer.save_states`", "what cannot be unpickled") from error
        states = states[1] if isinstance(states, tuple) and len(states) == 2 else None
    optimizer = states.optimizer if isinstance(states, mxnet.gluon.Trainer) else states
    if optimizer is not None and not isinstance(optimizer, mxnet.optimizer.Optimizer):
        raise refusal(
            TypeError, "states", "be a file of `trainer.save_states`, or a trainer", f"{type(optimizer).__name__}"
        )
    scheduler = None if optimizer is None else optimizer.lr_scheduler
    if not isinstance(scheduler, Scheduler):
        held = "no optimizer" if optimizer is None else f"{type(scheduler).__name__} as scheduler"
        raise refusal(ValueError, "states", "be of a training with a Scheduler", held)
    refuse_code("states", scheduler.past)
    plan: Schedule | Plan = NAMES.given(scheduler.past)
    return plan
