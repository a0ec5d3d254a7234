"""The `LRScheduler` that gives every update the rate of a schedule."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Literal

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from ._checks import (
    Schedule,
    check_choice,
    check_fit,
    check_schedules,
    refuse_flattening,
    refuse_unknown_own,
    unwrap,
)
from ._courses import Course
from ._fingerprint import fingerprint, refuse_change
from ._members import Members
from ._options import Option
from ._rates import as_rate

LR = Option("lr")


class ScheduleLR(LRScheduler):
    """Sets the learning rate, or any other option, of every parameter group to the value of a schedule.

    The clock is torch's own counter, ``t = last_epoch``: the first update uses ``schedule(0)``, the
    one after n calls of ``step()`` uses ``schedule(n)``. Call ``step()`` after every update, or
    after every epoch where the schedule counts epochs. The rate depends on ``t`` alone: what a hand
    or another scheduler made of it lasts until the next ``step()``. So in a ``ChainedScheduler``
    this one comes first. In a ``SequentialLR``, let all schedulers set the same options.

    An update that ``GradScaler`` skips is none: leave out the ``step()`` then, and the next update
    gets the rate that this one would have had.

        >>> def update(scaler, optimizer, scheduler):
        ...     scale = scaler.get_scale()
        ...     scaler.step(optimizer)
        ...     scaler.update()
        ...     if scaler.get_scale() >= scale:  # it falls when the update was skipped
        ...         scheduler.step()

    To resume, build the optimizer and the scheduler, then load the states of both. The rate is in
    the optimizer's state, and building a scheduler after loading that overwrites it. The state has
    the clock and says which schedule it was; the schedule that is used is the one given here.

    Args:
        optimizer: Gets plain floats; where it has a tensor, that tensor is filled, so that a
            compiled or captured step goes on with it.
        schedule: A function of ``t`` (a schedule, or any other) that gives a number, or a sequence
            with one for each parameter group. A single one also covers groups that are added later,
            from the next ``step()`` on; of a sequence, each group keeps its own when others are
            removed. Or a mapping from options of the groups to such: ``{"lr": ..., "momentum":
            ...}``. The numbers of a pair are options of their own: ``"betas[0]"``, ``"betas[1]"``.
            Options that are not named are left alone.
        mode: ``"absolute"``: the value is ``schedule(t)``. ``"factor"``: it is ``schedule(t)``
            times what the group was given (its ``initial_lr``, ``initial_momentum``, ...), as in
            ``LambdaLR``.
        on_change: What to do when a state is loaded that another schedule made. ``"refuse"``:
            raise, and say where the two differ. ``"keep"``: go on with the schedule given here. A
            schedule that is plain code, or has some in it, is not compared.
        on_edit: What to do at a ``step()`` when somebody has changed the rate since the last one.
            ``"correct"``: overwrite that. ``"keep"``, in factor mode: scale the group's own rate
            by as much, so that it lasts. So ``ReduceLROnPlateau`` works on top, and a
            ``ChainedScheduler`` multiplies. A rate of 0 is corrected all the same: nothing scales
            it. With a tensor rate on an accelerator this waits for it at every step.
        last_epoch: As in torch: -1 to start. To resume without a scheduler's state, the ``t`` of
            the last update, on an optimizer whose state is loaded.

    Raises:
        TypeError: If ``optimizer`` is not a torch optimizer, ``schedule`` is neither a function nor
            a sequence of functions nor a mapping to these, or it gives something else than a
            number.
        ValueError: If an option, ``mode``, ``on_change`` or ``on_edit`` is unknown, if a sequence
            does not fit the parameter groups, if one absolute schedule would flatten groups whose
            own values differ, if a value is negative, infinite or NaN, or one of ``betas`` is not
            below 1; if a state is loaded that another schedule made. The fit and the values are
            checked at every ``step()``.

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
        schedule: Schedule | Sequence[Schedule] | Mapping[str, Schedule | Sequence[Schedule]],
        *,
        mode: Literal["absolute", "factor"] = "absolute",
        on_change: Literal["refuse", "keep"] = "refuse",
        on_edit: Literal["correct", "keep"] = "correct",
        last_epoch: int = -1,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            message = f"`optimizer` must be a torch optimizer, got {type(optimizer).__name__}."
            raise TypeError(message)
        self._mode = check_choice("mode", mode, ("absolute", "factor"))
        self._on_change = check_choice("on_change", on_change, ("refuse", "keep"))
        check_choice("on_edit", on_edit, ("correct", "keep"))
        if on_edit == "keep" and mode == "absolute":
            message = "`on_edit` must be 'correct' where mode='absolute': the rate is the schedule's, got 'keep'."
            raise ValueError(message)
        self._plan = check_schedules(schedule, optimizer)
        named = isinstance(schedule, Mapping)
        courses = {}
        for name, schedules in self._plan.items():
            argument = f"schedule[{name!r}]" if named else "schedule"
            option = Option(name)
            if isinstance(schedules, tuple):
                check_fit(argument, schedules, optimizer)
            elif mode == "absolute":
                refuse_flattening(argument, option, optimizer)
            if mode == "factor" and last_epoch >= 0:
                refuse_unknown_own(option, optimizer)
            courses[name] = Course(option, schedules, argument, factor=mode == "factor")
        for course in courses.values():
            course.option.part_default(optimizer)
        self._rates = courses.pop("lr", None)
        self._keeps_edits = on_edit == "keep" and self._rates is not None
        self._others = tuple(courses.values())
        self._members = Members(optimizer)
        # The schedule, where all there is to do is to give every group its value as the rate.
        self._common: Schedule | None = None
        # A subclass with a `get_lr` of its own is asked through that.
        if self._rates and not self._others and mode == "absolute" and type(self).get_lr is ScheduleLR.get_lr:
            one = self._plan["lr"]
            self._common = None if isinstance(one, tuple) else unwrap(one)
        self._fingerprint: dict[str, str] | None = None
        # The parameters of the groups that `_last_lr` is about, where an edit is to be noticed.
        self._written: list[list[Tensor]] = []
        # Last, because it asks `get_lr` for the first rate and sets it.
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float | Tensor]:
        """Return the rate of each group at ``t = last_epoch``. Asking sets nothing."""
        if self._rates is None:
            return [LR.now(group) for group in self.optimizer.param_groups]
        return [*self._rates.values(self.optimizer, self._members, self.last_epoch)]

    def get_last_lr(self) -> list[float | Tensor]:
        """Return the last rate of each group as a number."""
        return [float(rate) for rate in self._last_lr]

    def _get_closed_form_lr(self) -> list[float | Tensor]:
        """Answer torch's ``step(t)``, which asks here for the rate at the time it was given."""
        return self.get_lr()

    def _update_lr(self, epoch: int | None = None) -> None:
        """Set the rates as torch would, at a fraction of its cost, and the other options.

        Torch's own ``step``, with its counts and warnings, calls this hook, and so does its
        ``SequentialLR``.
        """
        if self._common is None:
            self._update_all(epoch)
            return
        t = self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        groups = self.optimizer.param_groups
        rate = self._common(t)
        if type(rate) is not float or not 0.0 <= rate < inf:
            rate = as_rate(rate, t)
        rates: list[float | Tensor] = [rate] * len(groups)
        for group in groups:
            if type(group["lr"]) is not float:
                LR.write(self.optimizer, rates, set())
                break
            group["lr"] = rate
        self._last_lr = rates

    def _update_all(self, epoch: int | None) -> None:
        """Set whatever there is to set, once all of it is known."""
        # A jump, which `SequentialLR` makes as well, finds there what others did in their own time.
        if self._keeps_edits and epoch is None and self.last_epoch >= 0 and self._written:
            self._keep_edits()
        t = self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
        rates = self.get_lr()
        values = [course.values(self.optimizer, self._members, t) for course in self._others]
        taken: set[int] = set()
        if self._rates is not None:
            LR.write(self.optimizer, rates, taken)
        for course, each in zip(self._others, values, strict=True):
            course.option.write(self.optimizer, each, taken)
        self._last_lr = rates
        if self._keeps_edits:
            self._note_groups()

    def _note_groups(self) -> None:
        params = [group["params"] for group in self.optimizer.param_groups]
        # A state from other groups does not say what theirs were.
        self._written = params if len(params) == len(self._last_lr) else []

    def _keep_edits(self) -> None:
        """Scale the own rate of each group as its rate was scaled by others since it was set."""
        last = {id(params): rate for params, rate in zip(self._written, self._last_lr, strict=True)}
        for group in self.optimizer.param_groups:
            before, rate = last.get(id(group["params"])), group["lr"]
            if isinstance(rate, Tensor) and before is not None:
                # What the tensor made of the number: rounding is no edit.
                before = torch.tensor(before, dtype=rate.dtype).item()
            if before and float(rate) != before:
                LR.scale_own(group, float(rate) / float(before))

    def state_dict(self) -> dict[str, Any]:
        """Return the clock, the last rates and which schedule it is, as plain numbers and text.

        The keys never change, ``torch.load(weights_only=True)`` reads them, no function has to be
        pickled, and the size is the same for every schedule.
        """
        if self._fingerprint is None:
            self._fingerprint = fingerprint(self._plan, self._mode)
        return {
            "last_epoch": self.last_epoch,
            "_step_count": self._step_count,
            "_last_lr": [float(rate) for rate in self._last_lr],
            **self._fingerprint,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the clock; the schedule stays the one given here, the rates the optimizer's.

        Keys of other schedulers are ignored, so a run begun with torch's own can be continued.

        Raises:
            ValueError: If another schedule made the state, unless ``on_change="keep"`` was given.
        """
        if self._on_change == "refuse":
            refuse_change(state_dict, self._plan, self._mode, len(self.optimizer.param_groups))
        # The rate is not set again: `SequentialLR` loads all its schedulers, those at t = -1 too,
        # and the last one would win.
        self.last_epoch = state_dict["last_epoch"]
        self._step_count = state_dict["_step_count"]
        self._last_lr = [float(rate) for rate in state_dict["_last_lr"]]
        if self._keeps_edits:
            self._note_groups()
