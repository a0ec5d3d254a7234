"""Where two schedules, or two plans, differ."""

from collections.abc import Callable
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, overload

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import Exact, reached
from lrsched_core._run.differences import Difference, PlanDifference
from lrsched_core._run.plan import Plan
from lrsched_core._value.base import Value
from lrsched_core._value.checks import duration, moment
from lrsched_core._value.inspection import repeats
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.operators.sequence import Sequence
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

# So many whole times are all looked at, from the first on; of each longer stretch beyond them, so many.
_ALL = 4_000_000
# Before a resumed run goes on with another schedule, as many as nobody will have made in updates.
_PAST = 100_000_000
_SAMPLES = 4_000
_CHUNK = 500_000
# So many boundaries of endless or very long schedules are looked at.
_EDGES = 4_000
# Differences of arrays up to this are looked at in numbers, as far as there are so many.
_ROUNDING, _NUMBERS = 1e-14, 20_000
# Arrays hold whole times up to here.
_LAST = 2**62


@overload
def diff(old: Schedule, new: Schedule, *, until: float | None = None, tolerance: float = 0.0) -> Difference: ...
@overload
def diff(old: Plan, new: Plan, *, until: float | None = None, tolerance: float = 0.0) -> PlanDifference: ...
def diff(old: Any, new: Any, *, until: float | None = None, tolerance: float = 0.0) -> Difference | PlanDifference:
    """Compares two schedules, or two plans, at whole times.

    4,000,000 whole times are compared one by one. Beyond these, each stretch between two boundaries is sampled, and the
    first difference is searched for between the samples; `exact` says whether that was needed. Where both schedules
    hold a value from their last boundary on, the comparison holds for ever. Of plans, each hyperparameter is compared,
    those of groups included.

    Args:
        old: A schedule, or a function of t; or a plan.
        new: Another of the same kind.
        until: The end, which is left out, > 0 and at most 2**62. If it is not given, the end is just after the last
            boundary of both where both hold a value from there on; else, after 4,000 boundaries of cycles, or at twice
            the last boundary, at least 10,000.
        tolerance: The largest relative difference that counts as none, >= 0 and below 1.

    Returns:
        The first difference, the largest, and the time from which on there is none; of plans, those of each
        hyperparameter, and which of them differs first.

    Raises:
        TypeError: If `old` or `new` is neither a schedule nor a plan, or only one of them is a plan.
        ValueError: If `until` or `tolerance` is out of its range.

    Example:
        >>> from lrsched_core import Cosine
        >>> print(diff(Cosine(0.5, steps=20), Cosine(0.5, steps=20).cooldown(at=10, steps=10)))
        first difference:   t = 11: 0.2108913837399423 and 0.22499999999999995
        largest difference: t = 16: 0.04774575140626314 and 0.09999999999999998
        equal again:        from t = 20 on, for ever
        >>> from lrsched_core import Constant, Plan
        >>> plan = Plan(lr=Cosine(0.5, steps=20), weight_decay=Constant(0.1))
        >>> print(diff(plan, plan.replace(weight_decay=Constant(0.1).then(Constant(0.2), at=15))))
        weight_decay differs first, at t = 15
        weight_decay:
          first difference:   t = 15: 0.1 and 0.2
          largest difference: t = 15: 0.1 and 0.2
          different at the end, for ever
        lr: no difference at all.
    """
    accuracy, end = _tolerance(tolerance), _end(until)
    for name, value in (("old", old), ("new", new)):
        if isinstance(value, Value) and not isinstance(value, Schedule | Plan):
            raise refuse(TypeError, name, "a schedule or a plan", value)
    if isinstance(old, Plan):
        if not isinstance(new, Plan):
            raise refuse(TypeError, "new", "a plan, as `old` is", new)
        return _of_plans(old, new, lambda a, b: _Comparison(a, b, accuracy, _ALL).result(end))
    return _Comparison(schedule_field("old", old), schedule_field("new", new), accuracy, _ALL).result(end)


def _of_plans(old: Plan, new: Plan, compare: Callable[[Schedule, Schedule], Difference]) -> PlanDifference:
    """What each hyperparameter of two plans has become."""
    before, after = old._named(), new._named()
    both = {name: compare(schedule, after[name]) for name, schedule in before.items() if name in after}
    removed, added = (tuple([name for name in a if name not in b]) for a, b in ((before, after), (after, before)))
    return PlanDifference(old, new, both, removed, added)


def diff_of_pasts(old: Schedule, new: Schedule, until: int) -> Difference:
    """What `diff` says of the times before `until`, more of which are looked at one by one."""
    return _Comparison(old, new, 0.0, _PAST).result(min(until, _LAST))


def _tolerance(value: Any) -> float:
    number = moment("tolerance", value)
    if number >= 1:
        raise refuse(ValueError, "tolerance", "< 1", value)
    return float(number)


def _end(until: Any) -> int | None:
    if until is None:
        return None
    end = duration("until", until)
    if end > _LAST:
        raise refuse(ValueError, "until", f"at most {_LAST}", until)
    return -int(-end // 1)


class _Comparison:
    def __init__(self, old: Schedule, new: Schedule, tolerance: float, most: int) -> None:
        self.old, self.new, self.tolerance, self.most_looked_at = old, new, tolerance, most
        self.first: int | None = None
        self.last: int | None = None
        self.largest, self.most = 0, -1.0
        self.looked = 0
        self.exact = True

    def result(self, until: int | None) -> Difference:
        edges, complete = self._edges(until)
        held = complete and until is None and self._hold(edges[-1])
        end = until
        if end is None:
            end = edges[-1] + 1 if held else min(max(2 * edges[-1], 10_000) if complete else edges[-1], _LAST)
        end = self._within_range(end)
        if self.old == self.new:
            return self._found(end, held or until is None)
        for start, stop in pairwise([*[edge for edge in edges if edge < end], end]):
            self._stretch(start, stop)
        return self._found(end, held)

    def _found(self, end: int, forever: bool) -> Difference:
        if self.first is None:
            return Difference(self.old, self.new, end, None, None, None, None, 0, self.exact, forever)
        equal_from = None if self.last is None or self.last + 1 >= end else self.last + 1
        at_first, at_largest = self._both(self.first), self._both(self.largest)
        return Difference(
            self.old, self.new, end, self.first, at_first, self.largest, at_largest, equal_from, self.exact, forever
        )

    def _edges(self, until: int | None) -> tuple[list[int], bool]:
        """The first whole times of pieces of either schedule, from 0 on; and whether these are all."""
        edges, complete = {0}, True
        limit = _LAST if until is None else until
        for schedule in (self.old, self.new):
            own: list[int] = []
            for time in islice(schedule._times(), _EDGES + 1):
                edge = -int(-reached(time) // 1)
                if edge >= limit:
                    if until is None:
                        own.append(limit)
                    break
                if len(own) == _EDGES:
                    complete = False
                    break
                own.append(edge)
            if repeats(schedule) and until is None:
                complete = False
            edges.update(own)
        found = sorted(edges)
        return found, complete

    def _hold(self, last: int) -> bool:
        """Whether both hold their value from the last boundary on: no elementary function has it at all these times."""
        try:
            return all(
                len(
                    {
                        schedule(t)
                        for t in (last, last + 1, 2 * last + 7, last + 10**6, last + 10**9, last + 10**15, 1e200)
                    }
                )
                == 1
                for schedule in (self.old, self.new)
            )
        except OverflowError:
            return False

    def _within_range(self, end: int) -> int:
        """The end, or the time at which a growing schedule leaves the float range."""
        low, high = 0, end
        if self._finite(end - 1):
            return end
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._finite(middle) else (low, middle)
        return high

    def _finite(self, t: int) -> bool:
        try:
            self._both(t)
        except OverflowError:
            return False
        return True

    def _both(self, t: int) -> tuple[float, float]:
        return self.old(t), self.new(t)

    def _differ(self, t: int) -> bool:
        a, b = self._both(t)
        return abs(a - b) > self.tolerance * max(abs(a), abs(b))

    def _stretch(self, start: int, stop: int) -> None:
        """Looks at a stretch in which each schedule has one formula, as far as boundaries say."""
        if _part(self.old, start) == _part(self.new, start):
            return  # the same part at the same time: no need to look
        import numpy as np  # `import lrsched_core` loads no NumPy

        whole = min(stop, start + max(self.most_looked_at - self.looked, 0))
        for begin in range(start, whole, _CHUNK):
            self._look(np.arange(begin, min(begin + _CHUNK, whole)))
        self.looked += whole - start
        if whole < stop:
            if stop - whole <= _SAMPLES:
                self._look(np.arange(whole, stop))
                return
            self.exact = False
            third = _SAMPLES // 3
            sampled = np.concatenate(
                [
                    whole + np.arange(third),
                    np.linspace(whole, stop - 1, third).astype(np.int64),
                    np.geomspace(1, stop - whole, third).astype(np.int64) + whole - 1,
                    stop - third + np.arange(third),
                ]
            )
            self._look(np.unique(np.clip(sampled, whole, stop - 1)), refine=True)

    def _look(self, t: "Whole", *, refine: bool = False) -> None:
        import numpy as np

        a, b = self.old(t), self.new(t)
        distance = np.abs(a - b)
        size = np.maximum(np.abs(a), np.abs(b))
        different = np.flatnonzero(distance > self.tolerance * size)
        near = different[distance[different] <= _ROUNDING * size[different]]
        if near.size:
            # An array may be computed in another order than a number, whose rounding counts.
            equal = [i for i in near[:_NUMBERS].tolist() if not self._differ(int(t[i]))]
            distance[equal] = 0
            different = np.setdiff1d(different, equal)
        if not different.size:
            return
        peak = int(distance.argmax())
        if distance[peak] > self.most:
            self.most, self.largest = float(distance[peak]), int(t[peak])
        head, tail = int(different[0]), int(different[-1])
        if self.first is None:
            self.first = int(t[head])
            if refine and head:
                self.first = _between(int(t[head - 1]), self.first, self._differ)
        self.last = int(t[tail])
        if refine and tail + 1 < t.size:
            self.last = _between(int(t[tail + 1]), self.last, self._differ)


def _part(schedule: Schedule, t: Exact) -> tuple[Schedule, Exact]:
    """What of a sequence is at work, and the time on its clock."""
    while isinstance(schedule, Sequence):
        [part] = schedule._parts(t)
        schedule, t = part.schedule, part.t
    return schedule, t


def _between(equal: int, different: int, differ: Callable[[int], bool]) -> int:
    """The time nearest to one at which they are equal, at which they differ."""
    while abs(different - equal) > 1:
        middle = (equal + different) // 2
        equal, different = (equal, middle) if differ(middle) else (middle, different)
    return different
