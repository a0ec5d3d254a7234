"""A run made longer, or shorter."""

from fractions import Fraction
from math import nextafter
from typing import Any, TypeVar

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import Exact, exact
from lrsched_core._run.plan import Plan
from lrsched_core._value.calls import hinting
from lrsched_core._value.checks import duration, moment
from lrsched_core._value.constant import Constant
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.schedule import Schedule

Followed = TypeVar("Followed", Schedule, Plan)


@hinting
def extend(schedule: Followed, *, at: float, stop: float, new_stop: float) -> Followed:
    r"""The same schedule or plan before `at`, whose rest until `stop` is slowed so that it ends at `new_stop`.

    $$\eta'(t) = \eta(t), \quad t < a; \qquad \eta'(t) = \eta(a + (t - a) (T - a) / (T' - a)), \quad t \ge a$$

    At `at`, the value is the schedule's own, up to a rounding: no jump is added. A schedule that holds its final value
    from `stop` on holds it from `new_stop` on. What comes after `stop` is slowed, too. An earlier `new_stop` makes the
    run shorter. Of a plan, each schedule is changed in this way, those of groups included.

    Args:
        schedule: A schedule, or a function of t; or a plan.
        at: $a$, the update at which the schedule is changed, >= 0: the number of updates that a checkpoint has
            completed.
        stop: $T$, where the run was to end, > `at`.
        new_stop: $T'$, where it is to end, > `at`.

    Returns:
        `schedule.then(schedule.advance(at).stretch(k), at=at)` with $k = (T' - a) / (T - a)$, rounded down to a float;
        the schedule as it is where that changes nothing. Of a plan, a plan of these.

    Raises:
        TypeError: If `schedule` is neither a schedule nor a plan, or a time is not a number.
        ValueError: If a time is out of its range.

    Example:
        >>> from lrsched_core import Cosine
        >>> lr = Cosine(0.5, steps=100)
        >>> longer = extend(lr, at=60, stop=100, new_stop=140)
        >>> longer
        Sequence((Cosine(0.5, steps=100), Cosine(0.5, steps=100).advance(60).stretch(2)), milestones=(60,))
        >>> longer(59) == lr(59), longer(60) == lr(60), longer(80) == lr(70), longer(140)
        (True, True, True, 0.0)
    """
    begin = moment("at", at)
    old, new = duration("stop", stop), duration("new_stop", new_stop)
    for name, time in (("stop", old), ("new_stop", new)):
        if time <= begin:
            raise refuse(ValueError, name, f"> `at`, which is {at!r}", time)
    k = _ratio(exact(new) - exact(begin), exact(old) - exact(begin))
    made: Any = _slowed_plan(schedule, begin, k) if isinstance(schedule, Plan) else _slowed(schedule, begin, k)
    return made  # type: ignore[no-any-return]


def _slowed_plan(plan: Plan, begin: float, k: float) -> Plan:
    options = {name: _slowed(schedule, begin, k) for name, schedule in plan.items()}
    return Plan(options, groups={name: _slowed_plan(part, begin, k) for name, part in plan.groups.items()})


def _slowed(schedule: Any, begin: float, k: float) -> Schedule:
    of = schedule_field("schedule", schedule)
    # A constant is what it was, however slow.
    if k == 1 or isinstance(of, Constant):
        return of
    slowed = (of.advance(begin) if begin else of).stretch(k)
    return of.then(slowed, at=begin) if begin else slowed


def _ratio(lasting: Exact, left: Exact) -> float:
    """How many times as long, or hardly less: the end shall not come too late, by a rounding."""
    ratio = Fraction(lasting) / left
    if ratio.denominator == 1:
        return int(ratio)
    k = float(ratio)
    while exact(k) * left > lasting:
        k = nextafter(k, 0.0)
    return k
