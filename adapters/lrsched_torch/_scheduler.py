"""The `LRScheduler` that gives every update the rate of a schedule."""

from collections.abc import Sequence
from math import inf
from typing import Any, Literal

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from ._checks import Schedule, check_fit, check_schedule, refuse_flattening, unwrap
from ._rates import as_rate, keep_default_rate, keep_own_rate, write_rates


class ScheduleLR(LRScheduler):
    """Sets the learning rate of every parameter group to the value of a schedule.

    The clock is torch's own counter, ``t = last_epoch``: the first update uses ``schedule(0)``, the
    one after n calls of ``step()`` uses ``schedule(n)``. Call ``step()`` after every update, or
    after every epoch where the schedule counts epochs. The rate depends on ``t`` alone: what a hand
    or another scheduler made of it lasts until the next ``step()``. So in a ``ChainedScheduler``
    this one comes first.

    To resume, build the optimizer and the scheduler, then load the states of both. The rate is in
    the optimizer's state, and building a scheduler after loading that overwrites it. The schedule
    is not in the state: the one given here is used.

    Args:
        optimizer: Gets plain floats as rates; where it has a tensor, that tensor is filled.
        schedule: A function of ``t`` (a schedule, or any other) that gives a number, or a sequence
            with one for each parameter group. A single one also covers groups that are added later,
            from the next ``step()`` on.
        mode: ``"absolute"``: the rate is ``schedule(t)``. ``"factor"``: it is ``schedule(t)`` times
            the group's own rate (its ``initial_lr``), as in ``LambdaLR``.
        last_epoch: As in torch: -1 to start. To resume without a scheduler's state, the ``t`` of
            the last update, on an optimizer whose state is loaded.

    Raises:
        TypeError: If ``optimizer`` is not a torch optimizer, ``schedule`` is neither a function nor
            a sequence of functions, or it gives something else than a number.
        ValueError: If ``mode`` is unknown, if a sequence does not fit the parameter groups, if one
            absolute schedule would flatten groups whose own rates differ, or if a rate is negative,
            infinite or NaN. The fit and the rates are checked at every ``step()``.

    Example:
        >>> import torch
        >>> optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
        >>> scheduler = ScheduleLR(optimizer, lambda t: 0.5 / (t + 1))
        >>> for _ in range(4):
        ...     optimizer.step()
        ...     scheduler.step()
        >>> scheduler.get_last_lr()
        [0.1]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedule: Schedule | Sequence[Schedule],
        *,
        mode: Literal["absolute", "factor"] = "absolute",
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            message = f"`optimizer` must be a torch optimizer, got {type(optimizer).__name__}."
            raise TypeError(message)
        if mode not in ("absolute", "factor"):
            message = f"`mode` must be 'absolute' or 'factor', got {mode!r}."
            raise ValueError(message)
        self._schedule = check_schedule(schedule)
        self._mode = mode
        # The schedule, where its one value is the rate of every group.
        self._common: Schedule | None = None
        if isinstance(self._schedule, tuple):
            check_fit(self._schedule, optimizer)
        elif mode == "absolute":
            refuse_flattening(optimizer)
            # A subclass with a `get_lr` of its own is asked through that.
            if type(self).get_lr is ScheduleLR.get_lr:
                self._common = unwrap(self._schedule)
        keep_default_rate(optimizer)
        # Last, because it asks `get_lr` for the first rate and sets it.
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float | Tensor]:
        """Return the rate of each group at ``t = last_epoch``. Asking sets nothing."""
        t = self.last_epoch
        groups = self.optimizer.param_groups
        if isinstance(self._schedule, tuple):
            check_fit(self._schedule, self.optimizer)
            values = [as_rate(schedule(t), t) for schedule in self._schedule]
        else:
            values = [as_rate(self._schedule(t), t)] * len(groups)
        if self._mode == "factor":
            values = [as_rate(keep_own_rate(g) * v, t) for g, v in zip(groups, values, strict=True)]
        return [*values]

    def _get_closed_form_lr(self) -> list[float | Tensor]:
        """Answer torch's ``step(t)``, which asks here for the rate at the time it was given."""
        return self.get_lr()

    def _update_lr(self, epoch: int | None = None) -> None:
        """Set the rates as torch would, at a fraction of its cost.

        Torch's own ``step``, with its counts and warnings, calls this hook, and so does its
        ``SequentialLR``. Were the hook to go, torch would ask ``get_lr`` and be slower again.
        """
        t = self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        rates: list[float | Tensor]
        if self._common is None:
            rates = self.get_lr()
            write_rates(self.optimizer, rates)
        else:
            groups = self.optimizer.param_groups
            rate = self._common(t)
            if type(rate) is not float or not 0.0 <= rate < inf:
                rate = as_rate(rate, t)
            rates = [rate] * len(groups)
            for group in groups:
                if type(group["lr"]) is not float:
                    write_rates(self.optimizer, rates)
                    break
                group["lr"] = rate
        self._last_lr = rates

    def state_dict(self) -> dict[str, Any]:
        """Return the clock and the last rates, as plain numbers under keys that never change.

        ``torch.load(weights_only=True)`` reads them, and no function has to be pickled.
        """
        return {
            "last_epoch": self.last_epoch,
            "_step_count": self._step_count,
            "_last_lr": [float(rate) for rate in self._last_lr],
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the clock; the schedule stays the one given here, the rates the optimizer's.

        Keys of other schedulers are ignored, so a run begun with torch's own can be continued.
        """
        # The rate is not set again: `SequentialLR` loads all its schedulers, those at t = -1 too,
        # and the last one would win.
        self.last_epoch = state_dict["last_epoch"]
        self._step_count = state_dict["_step_count"]
        self._last_lr = [float(rate) for rate in state_dict["_last_lr"]]
