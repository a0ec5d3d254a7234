"""What a trainer has really used, for a look at it afterwards."""

from typing import Any

import mxnet

from lrsched_core._errors import refuse
from lrsched_core._run.record import Rows

from ._options import hyperparameters
from ._scheduler import Scheduler


class Record(Rows):
    """Records what the updates of a trainer have used: the rate, weight decay, momentum and the like.

    MXNet calls nobody after an update: call `note` after each `trainer.step`, before a rule is shown a metric.
    `save(path)` writes the rows as CSV.

    Args:
        trainer: A trainer of Gluon; or an optimizer, for other loops.

    Attributes:
        rows: One dict for each update: `update`, which is `num_update - 1`, and the values by the names that all
            frameworks share; with a rule, `scale` is what `lr` was multiplied by.

    Raises:
        TypeError: If `trainer` is something else.

    Example:
        >>> from lrsched_core import Linear
        >>> from lrsched_mxnet import Scheduler
        >>> weight = mxnet.gluon.Parameter("weight", shape=(1,))
        >>> weight.initialize()
        >>> trainer = mxnet.gluon.Trainer([weight], "sgd", {"lr_scheduler": Scheduler(Linear(0.5, steps=4))})
        >>> record = Record(trainer)
        >>> for _ in range(2):
        ...     with mxnet.autograd.record():
        ...         loss = weight.data().sum()
        ...     loss.backward()
        ...     trainer.step(1)
        ...     record.note()
        >>> [(row["update"], row["lr"]) for row in record.rows]
        [(0, 0.5), (1, 0.375)]
    """

    def __init__(self, trainer: Any) -> None:
        super().__init__()
        if not isinstance(trainer, mxnet.gluon.Trainer | mxnet.optimizer.Optimizer):
            raise refuse(TypeError, "trainer", "a trainer of Gluon, or an optimizer", trainer)
        self.trainer = trainer
        self._last = self._optimizer().num_update

    def _optimizer(self) -> Any:
        # `load_states` replaces it.
        return self.trainer.optimizer if isinstance(self.trainer, mxnet.gluon.Trainer) else self.trainer

    def note(self) -> None:
        """Notes what the update has used that was just made; nothing if there was none."""
        optimizer = self._optimizer()
        if optimizer.num_update != self._last:
            self._last = optimizer.num_update
            # Asked again for the same update, a scheduler gives what it gave.
            used = {"lr": float(optimizer.learning_rate), **hyperparameters(optimizer)}
            scheduler = optimizer.lr_scheduler
            if isinstance(scheduler, Scheduler) and scheduler.rule is not None:
                used["scale"] = scheduler.scale
            self.add(self._last - 1, used)
