"""The `LRScheduler` that gives every update the rate of a schedule."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, Literal
from weakref import ref

from torch import Tensor
from torch.optim import Optimizer

from lrsched_core import Plan
from lrsched_core._errors import refuse
from lrsched_core._run.changes import check_on_change
from lrsched_core._value.answer import as_rate
from lrsched_core._value.checks import choice

from ._checks import (
    Schedule,
    check_beginning,
    check_epoch,
    check_fit,
    check_schedules,
    refuse_flattening,
    refuse_other_steps,
    refuse_unknown_own,
    unwrap,
    warn_of_own_ways,
)
from ._courses import Course
from ._edits import LR, Edits, found
from ._groups import ByName
from ._joining import Joining
from ._members import Members
from ._observing import Observing
from ._optimizers import refuse_turns, watch_loading, writers_of
from ._options import Group, Option, are_same
from ._reactions import reaction_of


class ScheduleLR(Observing):
    """Sets the learning rate, or any other option, of every parameter group to the value of a schedule.

    The clock is torch's own counter, `t = last_epoch`: the first update uses `schedule(0)`, the one after n calls of
    `step()` uses `schedule(n)`. Call `step()` after every update, or after every epoch where the schedule counts
    epochs. Without a rule, and with `on_edit="correct"`, the rate depends on `t` alone: what a hand or another
    scheduler made of it lasts until the next `step()`. So in a `ChainedScheduler` this one comes first. In a
    `SequentialLR`, let all schedulers set the same options.

    An update that `GradScaler` skips is none: leave out the `step()` then, and the next update gets the rate that this
    one would have had.

        >>> def update(scaler, optimizer, scheduler):
        ...     scale = scaler.get_scale()
        ...     scaler.step(optimizer)
        ...     scaler.update()
        ...     if scaler.get_scale() >= scale:  # it falls when the update was skipped
        ...         scheduler.step()

    To resume, build both and load both states, in any order; the scheduler's alone is enough for the rates. From then
    on, every group has `schedule(t)`, of the schedule given here, or what somebody else had set when the state was
    saved. (What a factor scales is what the groups were given before the scheduler was built: that of the program, if
    it is built before the optimizer's state is loaded.) The state has the clock and the whole schedule, which `plan_of`
    reads back.

    A group that joins later has the rate that it came with until the next `step()`. With one absolute schedule it must
    then be a rate that the others were given or have, or it is refused, as it would have been at the beginning; as a
    factor, it is the group's rate at that moment.

    Two that set the same option in turn undo each other: this is refused at a `step()` where one of them is a factor,
    which the product `a * b` does right, and warned of otherwise.

    Args:
        optimizer: Gets plain floats; where it has a tensor, that tensor is filled, so that a compiled or captured step
            goes on with it.
        schedule: A function of `t` (a schedule, or any other) that gives a number, or a sequence with one for each
            parameter group. A single one also covers groups that are added later; of a sequence, each group keeps its
            own when others are removed. Or a mapping to such from options of the groups, `{"lr": a, "momentum": b}`.
            The numbers of a pair are options of their own: `"betas[0]"`, `"betas[1]"`. Options that are not named are
            left alone. Or a `Plan` of all this; its groups are parameter groups with such a `"name"`, and follow what
            is said there alone. The names that all frameworks share are those of torch, but for `beta1` and `beta2`,
            the elements of `betas`; where there is no `momentum`, that is `betas[0]`.
        rule: What reacts to a metric, as `Plateau`: the rates, and no other option, are multiplied by its scale,
            which `observe` changes.
        rule_state: What the rule remembers from before, if it is not loaded with the state: what `rule_state` or
            `from_torch` gave.
        mode: `"absolute"`: the value is `schedule(t)`. `"factor"`: it is `schedule(t)` times what the group was given
            (its `initial_lr`, `initial_momentum`, ...), as in `LambdaLR`.
        on_change: What to do when a state is loaded that another schedule made, or, in factor mode, one with groups
            that were given something else. `"refuse"`: raise, and say where `lrsched_core.diff` finds the first
            difference; one that is written otherwise, with the same values for ever, is not another. `"future"`: go on
            with the schedule given here if it has the same value at every whole `t` before the saved clock, else raise.
            `"keep"`: go on with it whatever it is. A schedule that is plain code, or has some in it, is not compared.
            Another rule is refused alike; `"future"` takes a new rule and one of the same class, which goes on from
            what was remembered; `"keep"` takes any, and one of another class begins anew. What was followed before
            stays known: `plan_of` gives it, and its state may be loaded with either.
        on_edit: What to do at a `step()` when somebody has changed the rate since the last one. `"correct"`: overwrite
            that. `"keep"`, in factor mode: scale all that follows by as much, so that it lasts. So `ReduceLROnPlateau`
            works on top, and in a `ChainedScheduler` this multiplies with torch's schedulers that multiply, before or
            behind them: what one of torch's has made of the rate before this one is built counts. A rate of 0 is
            corrected all the same: nothing scales it, and what others make of it is lost, so in a chain a warmup from 0
            comes first. With a tensor rate on an accelerator this waits for it at every step.
        last_epoch: As in torch: -1 to start. To resume without a scheduler's state, the `t` of the last update, on an
            optimizer whose state is loaded.

    Raises:
        TypeError: If `optimizer` is not a torch optimizer, `last_epoch` no whole number, `schedule` neither a
            function nor a sequence of functions nor a mapping to these nor a plan, or it gives something else than a
            number; if `rule` is no rule; if a tensor that it is to fill has whole numbers, or float16.
        ValueError: If an option, a parameter group of a plan, `mode`, `on_change` or `on_edit` is unknown, if a
            sequence does not fit the parameter groups, if one absolute schedule would flatten groups whose own values
            differ, if a value is negative, infinite or NaN, or one of `betas` is not below 1; if a state is loaded that
            another schedule made, or that cannot be one; if `step` is given a fraction. The fit and the values are
            checked at every `step()`, which then changes no value.

    Warns:
        UserWarning: If the optimizer uses other rates than it is given (Rprop, ASGD), or two of these take turns.

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
        schedule: Schedule | Sequence[Schedule] | Mapping[str, Schedule | Sequence[Schedule]] | Plan,
        *,
        rule: Any = None,
        rule_state: Any = None,
        mode: Literal["absolute", "factor"] = "absolute",
        on_change: Literal["refuse", "future", "keep"] = "refuse",
        on_edit: Literal["correct", "keep"] = "correct",
        last_epoch: int = -1,
    ) -> None:
        check_beginning(optimizer, last_epoch)
        self._mode = choice("mode", mode, ("absolute", "factor"))
        self._on_change = check_on_change(on_change)
        choice("on_edit", on_edit, ("correct", "keep"))
        if on_edit == "keep" and mode == "absolute":
            rule = "'correct' where mode='absolute': the rate is the schedule's"
            raise refuse(ValueError, "on_edit", rule, on_edit)
        self._plan = check_schedules(schedule, optimizer)
        self._given = schedule if isinstance(schedule, Plan) else self._plan
        self._history = []
        self._reaction = reaction_of(rule, rule_state, self._plan)
        named = isinstance(schedule, Mapping | Plan)
        self._courses = {}
        # The rate first: of a tensor that several options share, it is the owner.
        for name, schedules in sorted(self._plan.items(), key=lambda item: item[0] != "lr"):
            argument = f"schedule[{name!r}]" if named else "schedule"
            option = Option(name)
            option.refuse_narrow(optimizer)
            if isinstance(schedules, tuple):
                check_fit(argument, schedules, optimizer)
            elif mode == "absolute":
                refuse_flattening(argument, option, schedules, optimizer)
            if mode == "factor" and last_epoch >= 0:
                refuse_unknown_own(option, schedules, optimizer)
            self._courses[name] = Course(option, schedules, argument, optimizer, factor=mode == "factor")
        for course in self._courses.values():
            course.option.part_default(optimizer)
        self._edits = Edits() if on_edit == "keep" and "lr" in self._plan else None
        self._members = Members(optimizer)
        self._joining = Joining(optimizer)
        # The schedule of the rate and the other courses, where each gives one value to every group.
        self._common: Schedule | None = None
        self._further = []
        self._values = []
        # A subclass with a `get_lr` of its own is asked through that.
        if mode == "absolute" and "lr" in self._plan and type(self).get_lr is ScheduleLR.get_lr:
            one = self._plan["lr"]
            if not any(isinstance(each, tuple | ByName) for each in self._plan.values()):
                self._common = unwrap(one)  # type: ignore[arg-type]  # neither a tuple nor by name
                self._further = [course.quick() for name, course in self._courses.items() if name != "lr"]
        # Whether no other scheduler has set any option since; the same schedule, as long as that is so; and the last of
        # the groups that are known.
        self._alone = False
        self._quick: Schedule | None = None
        self._newest: list[Tensor] | None = None
        self._noted = ([], [], [])
        self._attach(optimizer)
        warn_of_own_ways(optimizer, self._courses)
        # Last, because it asks `get_lr` for the first rate and sets it.
        super().__init__(optimizer, last_epoch)

    def _attach(self, optimizer: Optimizer) -> None:
        self._me = ref(self)
        self._writers = writers_of(optimizer)
        self._writers.setdefault("lr", None)
        watch_loading(optimizer, self)

    def _claim(self, name: str) -> None:
        """Note that an option was set here; who had set it before looks, at his next step, who has done so since."""
        writer = self._writers.get(name)
        other = writer() if writer is not None else None
        if other is not None and other is not self:
            other._alone, other._quick = False, None
        self._writers[name] = self._me

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_me", "_writers")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _alone=False, _quick=None)
        self._attach(self.optimizer)

    def get_lr(self) -> list[float | Tensor]:
        """The rate of each group at `t = last_epoch`. Asking sets nothing."""
        if self._get_lr_called_within_step and not self._setting:
            refuse_other_steps(self._courses)
        groups = self.optimizer.param_groups
        if "lr" not in self._courses:
            return [LR.now(group) for group in groups]
        t, rates = self.last_epoch, self._shares()
        if self._edits is not None:
            scales = self._edits.of(groups)
            rates = [r and as_rate(r * scale, t) for r, scale in zip(rates, scales, strict=True)]
        if self._reaction is not None:
            rates = [r and as_rate(r * self._reaction.scale, t) for r in rates]
        # A group that a plan says no rate of keeps the one it has.
        return [LR.now(group) if r is None else r for group, r in zip(groups, rates, strict=True)]

    def _shares(self) -> list[Any]:
        """Return the rates as they are without any edit and rule."""
        return self._courses["lr"].values(self.optimizer, self._members, self.last_epoch)

    def get_last_lr(self) -> list[float | Tensor]:
        """The last rate of each group as a number; once groups have changed, what each of them holds."""
        groups = self.optimizer.param_groups
        if len(self._last_lr) != len(groups) or not are_same(groups, self._holders):
            return [LR.held(group) for group in groups]
        return [float(rate) for rate in self._last_lr]

    def _get_closed_form_lr(self) -> list[float | Tensor]:
        """Answer torch's `step(t)`, which asks here for the rate at the time it was given."""
        return self.get_lr()

    def _update_lr(self, epoch: int | None = None) -> None:
        """Set the rates as torch would, at a fraction of its cost, and the other options.

        Torch's own `step`, with its counts and warnings, calls this hook, and so does its
        `SequentialLR`.
        """
        if epoch is not None:
            epoch = check_epoch(epoch)
        groups, common = self.optimizer.param_groups, self._quick
        # A group that joins comes last.
        if common is None or not groups or groups[-1]["params"] is not self._newest:
            self._update_all(epoch)
            return
        t = self.last_epoch + 1 if epoch is None else epoch
        rate = common(t)
        if self._reaction is not None:
            rate = (rate if type(rate) is float else as_rate(rate, t)) * self._reaction.scale
        if type(rate) is not float or not 0.0 <= rate < inf:
            rate = as_rate(rate, t)
        further = []
        for schedule, limit, key, course in self._further:
            value = schedule(t)
            if type(value) is not float or not 0.0 <= value < limit:
                value = course.checked(value, t)
            further.append((key, value, course))
        self.last_epoch = t
        rates: list[float | Tensor] = [rate] * len(groups)
        for group in groups:
            if type(group["lr"]) is not float:
                LR.write(self.optimizer, rates, set())
                break
            group["lr"] = rate
        self._last_lr = rates
        if further:
            self._values = further
            for key, value, course in further:
                for group in groups:
                    # Under the name of one of a pair there is nothing.
                    if type(group.get(key)) is not float:
                        course.give(self.optimizer, value)
                        break
                    group[key] = value

    def _update_all(self, epoch: int | None) -> None:
        """Set whatever there is to set, once all of it is known."""
        groups = self.optimizer.param_groups
        if groups and groups[-1]["params"] is not self._joining.last:
            self._admit()
        # At a beginning, or a jump, it is nobody's turn.
        if not self._alone and self.last_epoch >= 0 and epoch is None and self._step_count > 1:
            for name in self._courses:
                if (writer := self._writers.get(name)) is not self._me and writer is not None:
                    refuse_turns(writer, name, self._mode)
        edits = self._edits
        if edits is not None:
            edits = self._edits_at(edits, groups, epoch)
        t = self.last_epoch + 1 if epoch is None else epoch
        self._set(self._values_at(t, edits))
        self._alone, self._quick = True, self._common

    def _edits_at(self, edits: Edits, groups: Sequence[Group], epoch: int | None) -> Edits:
        """Return the edits that are to be kept, those since the last step included."""
        if self.last_epoch < 0:
            writer = self._writers["lr"]
            before = writer() if writer is not None else None
            if before is None or before is self or before.last_epoch < 0:
                # In a sequence, what others did in their own time is no edit.
                return found(groups) if epoch is None else Edits().among(groups)
            if epoch is None and "lr" not in before._in_force():
                return found(groups)
            # What another one of these has kept, this one keeps.
            return (before._edits or Edits()).among(groups)
        if epoch is not None or not edits.params:
            # A jump finds what was there, and nobody knows what had been set before.
            return edits.among(groups)
        return edits.seen(groups, [float(rate) for rate in self._last_lr], self._scaled_shares)

    def _values_at(self, t: int, edits: Edits | None) -> dict[str, Sequence[Any]]:
        """Move the clock, and return the values of each option there; if one of them is refused, move nothing."""
        before = self.last_epoch, self._edits
        self.last_epoch, self._edits, self._setting = t, edits, True
        try:
            return {
                name: self.get_lr() if name == "lr" else course.values(self.optimizer, self._members, t)
                for name, course in self._courses.items()
            }
        except BaseException:
            self.last_epoch, self._edits = before
            raise
        finally:
            self._setting = False

    def _set(self, values: Mapping[str, Sequence[Any]]) -> None:
        """Give the groups their values of some options, or of all."""
        taken: set[int] = set()
        for name, each in values.items():
            course = self._courses[name]
            course.option.write(self.optimizer, each, taken)
            course.last = each
            self._values = []
            if not self._alone:
                self._claim(name)
        if "lr" in values:
            self._last_lr = [*values["lr"]]
        elif "lr" not in self._courses:
            self._last_lr = [LR.now(group) for group in self.optimizer.param_groups]
        self._newest, self._holders = self._joining.last, [group["params"] for group in self.optimizer.param_groups]
