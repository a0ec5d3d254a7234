"""Whether a training goes on with what it was saved with, and what of that is saved next."""

import warnings
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._run.changes import history
from lrsched_core._run.remembered import check_rule, gone_on_from

from ._hyperparameters import count
from ._keeping import Kept, memory_of, read_file
from ._names import NAMES
from ._reacting import Reaction


class Resuming:
    """The part of a callback that lasts from one training to the next."""

    def __init__(self, schedules: dict[str, Any], unit: str, reaction: Reaction, on_change: str) -> None:
        self.schedules, self.unit, self.reaction, self.on_change = schedules, unit, reaction, on_change
        self._given: Kept | None = None  # what a file has, until training begins
        self._kept: Kept | None = None
        self._memories: list[Any] = []

    def restore(self, path: Any) -> None:
        """Takes what a file holds for what was loaded."""
        names = {*self.schedules}
        found = [
            kept for entries in read_file("path", path).values() for key, kept in entries.items() if names & {*key}
        ]
        if not found:
            raise refuse(
                ValueError, "path", f"a file that a ScheduleCallback of {', '.join(names)} was saved in", str(path)
            )
        self._given = found[0]

    def begin(self) -> None:
        """A training begins: what it goes on with is known once all callbacks have begun."""
        self._kept = None

    def epoch(self, optimizers: list[Any], epoch: int) -> None:
        """An epoch begins; the first of a training takes over what was saved."""
        if self._kept is None:
            self._memories = [memory_of(optimizer) for optimizer in optimizers]
            self._take_over(epoch if self.unit == "epoch" else _updates(optimizers[0]))
        assert self._kept is not None
        self._kept = self._kept._replace(epochs=epoch + 1)
        self.note()

    def note(self) -> None:
        """Tells the optimizers what to save."""
        if self._kept is not None:
            state = self.reaction.state
            self._kept = self._kept._replace(state=None if state is None else tuple(state))
            for memory in self._memories:
                memory.keep(self._kept)

    def _take_over(self, t: int) -> None:
        names = {*self.schedules}
        loaded = [self._given] if self._given else self._memories[0].loaded(names)
        before = loaded or (self._memories[0].of(names) if t else [])
        self._given = None
        now, rule = dict(self.schedules), self.reaction.rule
        past = now
        for kept in before:
            # What the same program has followed in an earlier fit is no plan of this one.
            on_change = self.on_change if loaded else "keep"
            if kept.unit != self.unit:
                if on_change != "keep":
                    rule = f"the one that the checkpoint was made with, {kept.unit!r}"
                    hint = "on_change='keep' goes on with the one given here."
                    raise refuse(ValueError, "unit", rule, self.unit, hint)
                continue
            # By common names, which a message says.
            old, known, new = map(NAMES.in_common, (kept.given, kept.history, now))
            past = NAMES.in_own(history(old, known, new, at=t, on_change=on_change))
        rules = [kept for kept in before if kept.rule is not None or "learning_rate" in kept.given]
        self._take_over_rule(rules[0] if rules else None, t, loaded=bool(loaded))
        self._kept = Kept(self.unit, now, past, 0, rule, None)

    def _take_over_rule(self, kept: Kept | None, t: int, *, loaded: bool) -> None:
        rule = self.reaction.rule
        before, remembered = (None, None) if kept is None else (kept.rule, kept.state)
        if loaded and kept is not None:
            check_rule(before, remembered, rule, self.on_change)
        # A rule of its own that an earlier fit has shown metrics is of the same run where the clock goes on.
        self.reaction.begin()
        if rule is None:
            return
        if remembered is not None and (loaded or (t and before == rule)):
            self.reaction.set(gone_on_from(before, remembered, rule, "rule_state"))
        elif t and before is None and not (loaded and kept is not None):
            warnings.warn(
                f"`rule` begins anew at t={t}, with a scale of 1: the optimizer was loaded without its state. Hint: "
                "ScheduleCallback(...).restore(path) takes it from the file.",
                UserWarning,
                stacklevel=5,
            )


def _updates(optimizer: Any) -> int:
    return int(count(optimizer) // (optimizer.gradient_accumulation_steps or 1))
