"""What `diff` gives: where two schedules, or two plans, differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from lrsched_core._run.plan import Plan
from lrsched_core._value.schedule import Schedule


@dataclass(frozen=True)
class Difference:
    """Where two schedules differ at whole times, as `diff` found it; prints as a report, and is true if they differ.

    Attributes:
        old: The first schedule.
        new: The second.
        until: The end of what was compared, which is left out.
        first: The first whole time at which they differ, None if there is none.
        at_first: Both values there.
        largest: Where they differ most.
        at_largest: Both values there.
        equal_from: The time from which on they are equal until the end, None if they differ at the end.
        exact: Whether no stretch before `until` was sampled, so that no difference can have been missed.
        forever: Whether what is said of the last times holds for ever; of a `Function` or a `CustomSchedule` that is
            an assumption, made where a few later times have the same value.
    """

    old: Schedule
    new: Schedule
    until: int
    first: int | None
    at_first: tuple[float, float] | None
    largest: int | None
    at_largest: tuple[float, float] | None
    equal_from: int | None
    exact: bool
    forever: bool

    def __bool__(self) -> bool:
        return self.first is not None

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        end = "for ever" if self.forever else f"before t = {self.until:,}"
        if self.first is None or self.at_first is None or self.at_largest is None:
            yield f"No difference {'at all' if self.forever else end}."
        else:
            yield f"first difference:   t = {self.first:,}: {self.at_first[0]!r} and {self.at_first[1]!r}"
            yield f"largest difference: t = {self.largest:,}: {self.at_largest[0]!r} and {self.at_largest[1]!r}"
            if self.equal_from is None:
                yield f"different at the end, {end}"
            else:
                yield f"equal again:        from t = {self.equal_from:,} on, {end}"
        if not self.exact:
            yield "Long stretches were sampled: a difference between two samples is not seen."


@dataclass(frozen=True)
class PlanDifference:
    """Where two plans differ at whole times, as `diff` found it; prints as a report, and is true if they differ.

    Hyperparameters of groups are named as in `Plan.explain`: `muon.lr`. One that only one plan has differs from t = 0
    on; its value in the other plan is None.

    Attributes:
        old: The first plan.
        new: The second.
        differences: The difference of each hyperparameter that both plans have, by name.
        removed: The hyperparameters that the first alone has.
        added: The hyperparameters that the second alone has.
    """

    old: Plan
    new: Plan
    differences: dict[str, Difference]
    removed: tuple[str, ...]
    added: tuple[str, ...]

    # A dict has none.
    def __hash__(self) -> int:
        return hash((self.old, self.new))

    def __bool__(self) -> bool:
        return self.first is not None

    @property
    def first(self) -> int | None:
        """The first whole time at which a hyperparameter differs, None if there is none."""
        return None if (found := self._found()) is None else found[0]

    @property
    def name(self) -> str | None:
        """The hyperparameter that differs first, None if none does; of several, the first in the order of the plans."""
        return None if (found := self._found()) is None else found[1]

    @property
    def at_first(self) -> tuple[float | None, float | None] | None:
        """Both values of that hyperparameter then, None if there is no difference."""
        if (found := self._found()) is None:
            return None
        t, name = found
        old, new = (plan._named().get(name) for plan in (self.old, self.new))
        return (None if old is None else old(t), None if new is None else new(t))

    def _found(self) -> tuple[int, str] | None:
        firsts = [(found.first, name) for name, found in self.differences.items() if found.first is not None]
        found = [*firsts, *[(0, name) for name in (*self.removed, *self.added)]]
        return min(found, key=lambda one: one[0]) if found else None

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if (found := self._found()) is not None:
            yield f"{found[1]} differs first, at t = {found[0]:,}"
        for name, difference in self.differences.items():
            if difference:
                yield f"{name}:"
                yield from (f"  {line}" for line in difference._lines())
        yield from (f"{name}: only in the first, {self.old._named()[name]!r}" for name in self.removed)
        yield from (f"{name}: only in the second, {self.new._named()[name]!r}" for name in self.added)
        for name, difference in self.differences.items():
            if not difference:
                text = str(difference)
                yield f"{name}: {text[0].lower()}{text[1:]}"
