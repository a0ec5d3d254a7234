"""What a scheduler saves and loads, and what it does when the state of its optimizer is loaded."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from torch import Tensor
from torch.optim.lr_scheduler import LRScheduler

from lrsched_core import Plan
from lrsched_core._run.remembered import Reaction

from ._changes import taken_over
from ._checks import Schedules, refuse_other_own
from ._courses import Course
from ._edits import Edits
from ._groups import NAME, names_lost, refuse_unplanned
from ._histories import Before, written
from ._joining import Joining
from ._plans import Followed, text_of
from ._reactions import state_of, state_to_take
from ._states import State, check_state


class Resuming(LRScheduler):
    """The part of a `ScheduleLR` that keeps the rate in force the schedule's through every load.

    What is in force is this scheduler's if every group has what it was set to last; the state says so. In a
    `SequentialLR`, one whose time is over, or has not come, so leaves alone what another one has set.
    """

    _given: Followed
    _plan: Mapping[str, Schedules]
    # What was followed before, each with the clock at which it was left.
    _history: Before
    _reaction: Reaction | None
    _mode: str
    _on_change: str
    _courses: dict[str, Course]
    _edits: Edits | None
    _joining: Joining
    # The courses that a quick step gives one value each, and the last ones.
    _further: list[tuple[Any, float, str, Course]]
    _values: list[tuple[str, float, Course]]
    _text: str | None = None
    # The last rates, if those in force are somebody else's, up to the next step.
    _others: list[float | Tensor] | None = None
    # Between the hooks around the loading of the optimizer's state: whose values it held, what was given, the names.
    _noted: tuple[list[str], list[tuple[str, int, float]], list[tuple[int, Any]]]

    def _values_at(self, t: int, edits: Edits | None) -> dict[str, Sequence[Any]]:
        raise NotImplementedError

    def _set(self, values: Mapping[str, Sequence[Any]]) -> None:
        raise NotImplementedError

    def _note_last(self) -> None:
        """Tell the courses what was set last, which a quick step takes no time for."""
        if self._values:
            groups = len(self._last_lr)
            for _, value, course in self._values:
                course.last = [value] * groups
        if "lr" in self._courses:
            last = [] if self._last_lr is self._others else [float(rate) for rate in self._last_lr]
            self._courses["lr"].last = last

    def _claim(self, name: str) -> None:
        raise NotImplementedError

    def _admit(self) -> None:
        """Take in the groups that have joined, or refuse them."""
        self._note_last()
        if isinstance(self._given, Plan):
            for index, group in enumerate(self.optimizer.param_groups):
                refuse_unplanned(self._given, group, index)
        scale = 1.0 if self._reaction is None else self._reaction.scale
        self._joining.admit(self.optimizer, self._courses.values(), self.last_epoch, scale)

    def _in_force(self) -> list[str]:
        """Return the options whose values are those that were set here last, in every group."""
        self._note_last()
        return [name for name, course in self._courses.items() if self.last_epoch >= 0 and course.holds(self.optimizer)]

    def _before_loading(self, state: Mapping[str, Any]) -> None:
        """Note, before the optimizer's state is loaded, what will be lost with what the groups hold.

        Raises:
            ValueError: If the factors would scale something else than what the groups were given, or the plan's groups
                would be others.
        """
        saved_groups = state.get("param_groups", ())
        names = names_lost(self._given, self.optimizer.param_groups, saved_groups, keep=self._on_change == "keep")
        owns = []
        keep = self._mode == "factor" and self._on_change == "keep"
        for name, course in self._courses.items():
            option = course.option
            pairs = zip(self.optimizer.param_groups, saved_groups, strict=False)
            for index, (group, saved) in enumerate(pairs):
                if option.has_own(group) and (keep or not option.has_own(saved)):
                    owns.append((name, index, option.own(group)))
                elif option.has_own(group) and self._mode == "factor":
                    refuse_other_own(option, index, option.own(saved), option.own(group))
        self._noted = self._in_force(), owns, names

    def _after_loading(self) -> None:
        """Go on with the schedule: what the optimizer was saved with is no news."""
        (ours, owns, names), self._noted = self._noted, ([], [], [])
        for index, known in names:
            self.optimizer.param_groups[index][NAME] = known
        for name, index, own in owns:
            self._courses[name].option.set_own(self.optimizer.param_groups[index], own)
        if ours:
            values = self._values_at(self.last_epoch, self._edits)
            self._set({name: values[name] for name in ours})

    def state_dict(self) -> dict[str, Any]:
        """The clock, what is in force, and the whole schedule, as plain numbers and text.

        The keys never change (a rule has two more), `torch.load(weights_only=True)` reads them, and no function has
        to be pickled. `plan_of` reads the schedule back, with what was followed before it.
        """
        if self._text is None:
            self._text = text_of(self._given)
        groups = self.optimizer.param_groups
        # One that is refused is so at the next step; until then, a checkpoint can be made.
        with suppress(ValueError):
            self._admit()
        ours = self._in_force()
        return {
            "last_epoch": max(self.last_epoch, -1),
            "_step_count": self._step_count,
            "_last_lr": self.get_last_lr(),
            "schedule": written(self._history, self._text),
            "mode": self._mode,
            # What somebody else has set since, what the groups were given, by how much edits have scaled it.
            "edited": [[name, course.held(groups)] for name, course in self._courses.items() if name not in ours],
            "own": [[name, course.owns(groups)] for name, course in self._courses.items() if self._mode == "factor"],
            "scales": None if self._edits is None else [*self._edits.of(groups)],
            **state_of(self._reaction),
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Loads the clock, and sets what is in force there: the schedule stays the one given here.

        In any order with the optimizer's state, and without that. What somebody else had set when the state was
        saved is set again. Keys of other schedulers are ignored, so a run begun with torch's own can be continued.

        Raises:
            TypeError: If the state, or an entry of it, is of another type.
            ValueError: If an entry is missing or cannot be, if it is of another number of groups, or if another
                schedule made the state and `on_change` does not take that. Then nothing has been changed.
        """
        groups = self.optimizer.param_groups
        state = check_state(state_dict, len(groups))
        before = taken_over(state_dict, self._given, self._mode, groups, self._on_change)
        reaction = self._reaction
        remembered = state_to_take(state_dict, reaction, self._on_change)
        remembers = None if reaction is None else reaction.state
        try:
            if reaction is not None:
                reaction.set(remembered)
            self._take(state)
        except BaseException:
            if reaction is not None:
                reaction.set(remembers)
            raise
        self._history = before

    def _take(self, state: State) -> None:
        """Go on from a state that fits."""
        groups = self.optimizer.param_groups
        self._take_owns(state.owns)
        if state.last_epoch < 0:
            self.last_epoch, self._step_count = state.last_epoch, state.step_count
            return
        edits, edited = self._edits, {name: each for name, each in state.edited.items() if name in self._courses}
        if edits is not None:
            edits = Edits([group["params"] for group in groups], state.scales or [1.0] * len(groups))
        values = self._values_at(state.last_epoch, edits)
        if edits is not None and "lr" in edited and state.last_lr and [*values["lr"]] != state.last_lr:
            # Of another schedule's rates: what was made of them is made of these.
            parts = zip(edits.scales, edited.pop("lr"), state.last_lr, strict=True)
            scales = [scale * (rate / last) if last else scale for scale, rate, last in parts]
            values = self._values_at(state.last_epoch, Edits(edits.params, scales))
        self._step_count = state.step_count
        if not edited:
            self._joining.accept(self.optimizer)
        self._set({name: each for name, each in values.items() if name not in edited})
        if "lr" in edited:
            self._last_lr = self._others = [*(state.last_lr or values["lr"])]
        for name, each in edited.items():
            course = self._courses[name]
            held = [value if course.covers(group) else None for group, value in zip(groups, each, strict=True)]
            course.option.write(self.optimizer, held, set())
            course.last = []
            self._claim(name)

    def _take_owns(self, owns: Mapping[str, list[float]]) -> None:
        """Take what the groups of a state were given for those that do not say it; refuse another one."""
        if self._mode != "factor":
            return
        new = []
        for name, each in owns.items():
            option = self._courses[name].option if name in self._courses else None
            for index, (group, own) in enumerate(zip(self.optimizer.param_groups, each, strict=True)):
                if option is None or not self._courses[name].covers(group):
                    continue
                if not option.has_own(group):
                    new.append((option, group, own))
                elif self._on_change != "keep":
                    refuse_other_own(option, index, own, option.own(group))
        for option, group, own in new:
            option.set_own(group, own)
