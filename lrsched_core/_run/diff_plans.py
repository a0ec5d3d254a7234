"""Where two plans differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrsched_core._run.diff import Difference
    from lrsched_core._run.plan import Plan
    from lrsched_core._value.schedule import Schedule


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

    old: "Plan"
    new: "Plan"
    differences: "dict[str, Difference]"
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


def compared(old: "Plan", new: "Plan", compare: "Callable[[Schedule, Schedule], Difference]") -> PlanDifference:
    """What each hyperparameter of two plans has become."""
    before, after = old._named(), new._named()
    both = {name: compare(schedule, after[name]) for name, schedule in before.items() if name in after}
    removed, added = (tuple([name for name in a if name not in b]) for a, b in ((before, after), (after, before)))
    return PlanDifference(old, new, both, removed, added)
