"""What is drawn of a difference."""

from lrsched_core import Schedule
from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.labels import called
from lrsched_core._run.differences import Difference, PlanDifference

# How much of a chart is beyond the first difference.
_BEYOND = 1.15


def differing(found: Difference | PlanDifference, first: str, second: str) -> list[tuple[str, Schedule]]:
    """The two schedules that differ, with what they are called; of plans, those of the quantity that does so first."""
    if isinstance(found, Difference):
        return [(first, found.old), (second, found.new)]
    one = found.differences.get(found.name or "")
    return [(f"{found.name}={called(schedule)}", schedule) for schedule in (one.old, one.new)] if one else []


def last_shown(found: Difference | PlanDifference, to: float | None) -> float:
    """Where the chart of them ends: the first difference is in it, and nothing beyond what was compared."""
    one = found if isinstance(found, Difference) else found.differences[found.name or ""]
    last = sensible_stop(one.old, one.new) if to is None else to
    return max(min(max(last, _BEYOND * (one.first or 0)), one.until - 1), 1)
