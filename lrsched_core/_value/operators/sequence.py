"""Schedules one after the other."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY
from functools import partial
from itertools import takewhile
from operator import gt
from typing import TYPE_CHECKING, Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.pieces import Piece, Pieces, within
from lrsched_core._evaluation.times import Exact, exact, known, nearest
from lrsched_core._value.checks import Milestones, Says, milestones
from lrsched_core._value.extent import LONGEST, Span
from lrsched_core._value.inspection import Part, Times, sums
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.schedule import Schedule


def _schedules(name: str, value: Any) -> tuple[Schedule, ...]:
    if not isinstance(value, Iterable):
        raise refuse(TypeError, name, "a sequence of schedules", value)
    items = tuple(value)
    if all(issubclass(kind, Schedule) for kind in set(map(type, items))):
        return items  # the usual case, which should be fast
    return tuple([schedule_field(f"{name}[{i}]", item) for i, item in enumerate(items)])


class Sequence(Schedule):
    r"""Schedules one after the other, each on a clock of its own.

    $$\eta(t) = \eta_i(t - m_i), \quad m_i \le t < m_{i+1}, \quad m_0 = 0$$

    Nested sequences are flattened: for whole $i < j$ and other schedules, `a.then(b, at=i).then(c, at=j)` and
    `a.then(b.then(c, at=j - i), at=i)` equal `Sequence((a, b, c), milestones=(i, j))`.

    Args:
        schedules: The schedules, at least one; a function of `t` becomes a `Function`.
        milestones: When each schedule after the first begins, >= 0, in ascending order: one fewer than there are
            schedules. At its milestone the new schedule, at its own 0, already holds.

    Raises:
        TypeError: If `schedules` holds something else, or a milestone is not a number.
        ValueError: If there is no schedule, or the milestones are too few, too many or out of order.

    Example:
        >>> from lrsched_core import Constant, Linear
        >>> trapezoid = Sequence((Linear(0.0, 0.4, steps=2), Constant(0.4), Linear(0.4, steps=2)), milestones=(2, 7))
        >>> [trapezoid(t) for t in (0, 1, 2, 6, 7, 8, 9)]
        [0.0, 0.2, 0.4, 0.4, 0.4, 0.2, 0.0]

    Reference:
        `torch.optim.lr_scheduler.SequentialLR`, `optax.join_schedules`.
    """

    schedules: Annotated[tuple[Schedule, ...], _schedules, Says(minItems=1)]
    _: KW_ONLY
    milestones: Milestones

    if TYPE_CHECKING:  # takes any iterable, also of functions

        def __init__(
            self, schedules: Iterable[Schedule | Callable[[Any], Any]], *, milestones: Iterable[float]
        ) -> None: ...

    def _check_together(self) -> None:
        if not self.schedules:
            raise refuse(ValueError, "schedules", "at least one schedule", self.schedules)
        if len(self.milestones) != len(self.schedules) - 1:
            rule = f"one fewer than the {len(self.schedules)} schedules"
            raise refuse(ValueError, "milestones", rule, self.milestones)
        if any(issubclass(kind, Sequence) for kind in set(map(type, self.schedules))):
            schedules, starts = self._flattened()
            object.__setattr__(self, "schedules", schedules)
            object.__setattr__(self, "milestones", milestones("milestones", starts[1:]))

    def _inner(self) -> tuple[Schedule, ...]:
        return self.schedules

    def _span(self, inner: Span) -> Span:
        return inner.after(self.milestones[-1]) if self.milestones else inner

    def _reaches_far(self) -> bool:
        return bool(self.milestones) and self.milestones[-1] > LONGEST

    def _flattened(self) -> tuple[tuple[Schedule, ...], tuple[float, ...]]:
        schedules: list[Schedule] = []
        starts: list[float] = []
        ends = (*map(exact, self.milestones), float("inf"))
        for schedule, start, end in zip(self.schedules, (0, *self.milestones), ends, strict=True):
            inner, sums = [schedule], [exact(start)]
            if isinstance(schedule, Sequence):
                sums += [sums[0] + exact(milestone) for milestone in schedule.milestones]
                # A sum that no float holds cannot be a milestone: such a sequence stays as it is.
                inner = [*schedule.schedules] if all(map(known, sums)) else inner
            begun = [moment for moment in sums[: len(inner)] if moment < end or moment == sums[0]]
            schedules += inner[: len(begun)]
            starts += map(nearest, begun)
        return tuple(schedules), tuple(starts)

    def _pieces(self) -> Pieces:
        starts = (0, *map(exact, self.milestones))
        pieces: list[Piece] = []
        for schedule, start, end in zip(self.schedules, starts, (*starts[1:], float("inf")), strict=True):
            pieces += within(schedule._pieces(), start, end)
        return tuple(pieces)

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        starts = (0, *map(exact, self.milestones))
        for schedule, start, end in zip(self.schedules, starts, (*starts[1:], float("inf")), strict=True):
            if start < end:
                yield start
                if t < end:
                    yield from takewhile(partial(gt, end), sums(schedule._times_from(t - start), start))

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        i = bisect_right(self.milestones, t, key=exact)
        start = (0, *self.milestones)[i]
        return (Part(self.schedules[i], t - exact(start), f"since {start!r}" if i else ""),)
