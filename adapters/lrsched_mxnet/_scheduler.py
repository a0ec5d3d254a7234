"""The MXNet `LRScheduler` that gives each update the rate of a schedule."""

import pickle
import sys
import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, SupportsFloat

import mxnet

from lrsched_core import Plan
from lrsched_core._errors import refuse
from lrsched_core._run.changes import check_on_change
from lrsched_core._run.remembered import gone_on_from
from lrsched_core._value.answer import as_function, as_rate

from ._changes import equal, resumed
from ._options import in_mxnet, set_options
from ._reacting import Reaction


class Scheduler(mxnet.lr_scheduler.LRScheduler):
    """An MXNet learning rate scheduler whose rate at every update is that of `schedule`.

    MXNet counts an update before it asks for its rate, so `num_update` is 1 at the first one: `t = num_update - 1`. (A
    bare schedule in the place of a scheduler is asked with `num_update`: its rates come one update early, and that at 0
    is never used.) Before training, where `trainer.learning_rate` asks with 0, it is the rate of the first update.
    MXNet asks once per group of parameters and on every look at `trainer.learning_rate`; without a rule, the answer
    depends on `num_update` alone.

    A plan sets other options of the optimizer as well, weight decay, momentum and the like: at the moment at which the
    optimizer asks for the rate, before it looks at them. LBSGD and FTRL look first, as LAMB does at all but its weight
    decay, and are refused. AdaDelta and Test never ask: nothing can be set then, which `trainer.learning_rate`
    refuses for a plan, and a warning says when AdaDelta's states are saved. What multiplies the options of a parameter,
    as its `wd_mult`, goes on to do so.

    A rule reacts to a metric: the rate is `schedule(t) * scale`, where the scale is the rule's, from the update after
    `observe` on. On a dist kvstore that makes the updates, the server has a copy that is shown nothing: use
    `update_on_kvstore=False` there.

    `trainer.save_states` pickles the scheduler with the optimizer, the rule's state included, and `load_states` puts
    the saved one in the place of the trainer's. What that was given then decides: by `on_change="refuse"`, states of
    another schedule, plan or rule are refused, with the first update at which they differ, and nothing is loaded; by
    `"future"`, another is taken over if it has the same values at the updates that were made; by
    `"keep"`, any. The scheduler in the trainer goes on with it then, and remembers what was in force before, see
    `plan_of`. Where the saved scheduler is none of this adapter, MXNet goes on with that, and a warning says so,
    provided that nothing but the trainer holds this one; it cannot be given where updates are made on a kvstore. A dist
    kvstore pickles the scheduler as well. The states of a `Module` hold neither schedule nor count: there,
    `begin_num_update` says how many updates are done.

    Args:
        schedule: A schedule, a plan, or any function of `t` alone that returns a number and can be
            pickled. A plan has the names that all frameworks share (`lr`, `weight_decay`, `momentum`, `beta1`,
            `beta2`, `eps`) or MXNet's own.
        rule: A rule, such as `Plateau`, whose scale multiplies the rate.
        on_change: What happens if states are loaded that another schedule made: `"refuse"`, `"future"` or
            `"keep"`. Of rules, `"future"` takes a new one and one of the same class, which goes on from what was
            remembered; with `"keep"`, one of another class begins anew.

    Attributes:
        schedule: The schedule, or the plan.
        scale: What multiplies the rate now: 1 without a rule.
        base_lr: `schedule(0)`, whatever is written there. An optimizer with a default learning
            rate (Adam, RMSProp and others: 0.001) writes it when it is created, but a schedule is
            absolute. A warning says so; `learning_rate=None` among the optimizer's parameters
            prevents the writing.

    Raises:
        TypeError: If `schedule` cannot be called, or cannot be pickled, such as a lambda: `save_states` would fail
            after training; or if `rule` is none. When asked: if `schedule` gives what is no number.
        ValueError: If `on_change` is another word, or a plan has groups, names an option twice or has no rate. When
            asked: if `schedule` gives a rate that is negative or not finite; if a plan has an option that the
            optimizer does not have. When states are loaded: if they are refused.

    Warns:
        UserWarning: If an optimizer writes another `base_lr`; if one has made updates and never asked for a rate, when
            its states are saved; if states are loaded that were saved without a scheduler of this adapter.

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

    # What states of earlier versions lack.
    _options: Mapping[str, Any] = MappingProxyType({})
    _past: dict[str, Any] | None = None
    _asked: int | None = None
    on_change = "refuse"

    def __init__(
        self,
        schedule: Callable[[int], SupportsFloat] | Plan,
        *,
        rule: Any = None,
        on_change: Literal["refuse", "future", "keep"] = "refuse",
    ) -> None:
        as_function("schedule", schedule)
        try:
            # The protocol of a dist kvstore, which takes less than the newer ones.
            pickle.dumps(schedule, protocol=0)
        except Exception as error:  # what is raised depends on the object: three types are usual
            raise refuse(
                TypeError,
                "schedule",
                "picklable, because MXNet saves it with the optimizer",
                schedule,
                hint="use a schedule of lrsched_core, or a function that is defined at the top level of a module.",
            ) from error
        self.on_change = check_on_change(on_change)
        self._follow(schedule)
        self._reaction = Reaction(rule)
        self._asked = 0
        super().__init__(base_lr=self.base_lr)

    def _follow(self, schedule: Any) -> None:
        self.schedule = schedule
        self._rate, self._options = in_mxnet(schedule) if isinstance(schedule, Plan) else (schedule, {})

    def __call__(self, num_update: int) -> float:
        """The rate of update number `num_update`, counted from 1."""
        t = max(num_update - 1, 0)
        rate = as_rate(self._rate(t), t)
        if self._reaction.rule is not None:
            rate = as_rate(rate * self._reaction.scale, t)
        # Who asks is who trains: MXNet tells a scheduler nothing else of its optimizer.
        optimizer = sys._getframe(1).f_locals.get("self")
        if isinstance(optimizer, mxnet.optimizer.Optimizer):
            if self._asked is not None and num_update > self._asked:
                self._asked = num_update
            if self._options:
                set_options(optimizer, self._options, t)
        return rate

    @property
    def rule(self) -> Any:
        """The rule, None if there is none."""
        return self._reaction.rule

    @property
    def scale(self) -> float:
        """What multiplies the rate now."""
        return self._reaction.scale

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric: its decision holds from the next update on.

        After `load_states`, this scheduler and the one in the trainer share the rule's state, so that either may be
        shown a metric.

        Args:
            metric: A number, or an array of one element. On several processes, the same on each.

        Raises:
            TypeError: If there is no rule, or `metric` is no number.
            ValueError: If it has several elements.
        """
        self._reaction.observe(metric)

    @property
    def followed(self) -> dict[str, Any]:
        """What is followed, by MXNet's names."""
        return {"lr": self._rate, **self._options}

    @property
    def past(self) -> dict[str, Any]:
        """The same, with what was in force before it was changed."""
        return self.followed if self._past is None else self._past

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
        """Say so if `load_states` drops this scheduler for one that is not of this adapter."""
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

    def __getstate__(self) -> dict[str, Any]:
        """All but what belongs to the program; say so if states are saved that owe nothing to the schedule."""
        # Nothing of ours is called before, where an optimizer never asks.
        saving = sys._getframe(1).f_locals.get("self")
        asked = self._asked
        if isinstance(saving, mxnet.optimizer.Updater) and saving.optimizer.lr_scheduler is self:
            optimizer = saving.optimizer
            # Another trainer that has this one may have come further.
            asked = asked and min(asked, optimizer.num_update)
            # LBSGD asks before it counts: once it has counted twice it has asked for the first update.
            if asked == 0 and optimizer.num_update - optimizer.begin_num_update > 1:
                _warn(
                    f"{type(optimizer).__name__} has made {optimizer.num_update - optimizer.begin_num_update} updates "
                    f"and never asked for the rate: {self.schedule!r} had no effect, on any option. Hint: an "
                    "optimizer that has a rate, such as Adam; or none of lr_scheduler."
                )
        kept = {name: value for name, value in self.__dict__.items() if name not in ("on_change", "_rate", "_options")}
        return {**kept, "_asked": asked}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what was saved; if `load_states` replaces another schedule by it, do what that one was given."""
        self.__dict__.update(state)
        self._follow(self.schedule)
        self.__dict__.setdefault("_reaction", Reaction(None))
        # All that load_states calls of ours is this, for the saved scheduler; the one that it drops is known only to
        # the updater that is loading.
        updater = sys._getframe(1).f_locals.get("self")
        if not isinstance(updater, mxnet.optimizer.Updater):
            return
        dropped = updater.optimizer.lr_scheduler
        if isinstance(dropped, Scheduler):
            past = resumed(self, dropped)
            dropped._reaction.set(gone_on_from(self.rule, self._reaction.state, dropped.rule, "states"))
            self._reaction, self.on_change, self._past = dropped._reaction, dropped.on_change, past
            self._follow(dropped.schedule)
        elif not equal(self.schedule, dropped):
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


def _warn(message: str) -> None:
    """Warn about the line that called MXNet: many programs silence the warnings of MXNet's own modules."""
    level, frame = 3, sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("mxnet."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, UserWarning, stacklevel=level)
