"""What an audit found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._errors import refuse
from lrsched_core._run.audit.causes import Cause
from lrsched_core._run.audit.rows import planned_at, rows
from lrsched_core._value.checks import positive
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Row(NamedTuple):
    """A row of a log beside the plan.

    Attributes:
        t: The update.
        planned: The schedule's value there.
        logged: The rate that the log says was used.
    """

    t: float
    planned: float
    logged: float


@dataclass(frozen=True)
class Audit:
    """What a log says was used against what was planned, as `audit` found it; prints as a report.

    Attributes:
        schedule: The plan.
        rows: The number of rows that the log has.
        deviating: The number of them that deviate from the plan.
        first: The first row that deviates, None if none does.
        largest: The row that deviates most, None if none does.
        causes: The simplest explanation that was found: what happened, one thing after the other; empty if none was.
    """

    schedule: Schedule
    rows: int
    deviating: int
    first: Row | None
    largest: Row | None
    causes: tuple[Cause, ...]

    @property
    def ok(self) -> bool:
        """Whether the log is as planned."""
        return not self.deviating

    def raise_for_deviation(self) -> None:
        """Raises an `AssertionError` with the report if a row deviates from the plan."""
        if self.deviating:
            raise AssertionError(str(self))

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.first is None or self.largest is None:
            yield f"All {self.rows:,} rows are as planned."
            return
        yield f"{self.deviating:,} of {self.rows:,} rows deviate from the plan."
        for name, row in (("first", self.first), ("largest", self.largest)):
            yield f"{name + ':':9}t = {row.t:,.10g}: planned {row.planned:.9g}, logged {row.logged:.9g}"
        if not self.causes:
            yield "No explanation was found."
            return
        yield "All rows are explained by this:"
        for cause in self.causes:
            yield f"- {cause}"


def audit(
    schedule: Schedule,
    times: "Sequence[float] | NDArray[Any]",
    rates: "Sequence[float] | NDArray[Any]",
    *,
    tolerance: float = 1e-6,
) -> Audit:
    """Compares the rates that a log says were used with those that were planned, and explains the difference.

    A row is as planned if the two rates differ by at most `tolerance` times the larger of them, plus a thousandth of
    `tolerance` times the greatest planned rate, plus, in a log that was written with few digits, half a unit of the
    last one. A rate that is not finite deviates. Rows may be missing, repeated and in any order.

    These causes are looked for, alone and several together: a shift; a clock that runs k or 1/k times as fast, or
    counts epochs; a factor; another horizon; a restart, or a count that jumps, at a resume; rates that were stale after
    one, or held. Of the explanations found that account for every row, the simplest is given.

    Args:
        schedule: What was planned: a schedule, or a function of t.
        times: The update of each row, 0 for the first one.
        rates: The rate that was used there.
        tolerance: The relative difference that is allowed, > 0 and below 1.

    Returns:
        The first row that deviates, the largest deviation, and the causes.

    Raises:
        TypeError: If `schedule` is not a schedule, or `times` or `rates` is not a sequence of numbers.
        ValueError: If there are not as many rates as times, there are no rows, a time is negative or not finite, or
            `tolerance` is out of its range.

    Example:
        >>> from lrsched_core import Cosine
        >>> plan = Cosine(0.5, steps=8)
        >>> print(audit(plan, range(4), [plan(2 * t) for t in range(4)]))
        3 of 4 rows deviate from the plan.
        first:   t = 1: planned 0.480969883, logged 0.426776695
        largest: t = 3: planned 0.345670858, logged 0.0732233047
        All rows are explained by this:
        - the clock runs 2 times as fast: update t used schedule(2 * t).
          Step the scheduler once for each optimizer update. ...
    """
    import numpy as np

    from lrsched_core._run.audit.search import explain

    plan = schedule_field("schedule", schedule)
    allowed = positive("tolerance", tolerance)
    if allowed >= 1:
        raise refuse(ValueError, "tolerance", "< 1", tolerance)
    log = rows(plan, times, rates, allowed)
    planned = planned_at(plan, log.t)
    wrong = np.flatnonzero(~log.match(planned))
    if not wrong.size:
        return Audit(plan, len(log), 0, None, None, ())
    distance = np.abs(log.rates - planned)[wrong]
    furthest = int(wrong[np.where(np.isnan(distance), np.inf, distance).argmax()])
    found = explain(plan, log)

    def row(i: int) -> Row:
        return Row(float(log.t[i]), float(planned[i]), float(log.rates[i]))

    causes = found.causes if found else ()
    return Audit(plan, len(log), int(wrong.size), row(int(wrong[0])), row(furthest), causes)
