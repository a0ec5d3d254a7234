"""A run made longer, or shorter."""

from fractions import Fraction
from math import nextafter

from lrsched_core._errors import refuse
from lrsched_core._evaluation.times import exact
from lrsched_core._value.calls import hinting
from lrsched_core._value.checks import duration, moment
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.schedule import Schedule


@hinting
def extend(schedule: Schedule, *, at: float, stop: float, new_stop: float) -> Schedule:
    r"""The same schedule before `at`; what remained of it until `stop` is slowed so that it ends at `new_stop`.

    $$\eta'(t) = \eta(t), \quad t < a; \qquad \eta'(t) = \eta(a + (t - a) (T - a) / (T' - a)), \quad t \ge a$$

    There is no jump at `at`. A schedule that has its final value from `stop` on has it, exactly, from `new_stop` on.
    What comes after `stop` is slowed, too. An earlier `new_stop` makes the run shorter.

    Args:
        schedule: A schedule, or a function of t.
        at: $a$, the update at which the plan is changed, >= 0: the number of completed ones in a checkpoint.
        stop: $T$, where the run was to end, > `at`.
        new_stop: $T'$, where it is to end, > `at`.

    Returns:
        `schedule.then(schedule.advance(at).stretch(k), at=at)`.

    Raises:
        TypeError: If `schedule` is no schedule, or a time is no number.
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
    of, begin = schedule_field("schedule", schedule), moment("at", at)
    old, new = duration("stop", stop), duration("new_stop", new_stop)
    for name, time in (("stop", old), ("new_stop", new)):
        if time <= begin:
            raise refuse(ValueError, name, f"> `at`, which is {at!r}", time)
    if old == new:
        return of
    slowed = (of.advance(begin) if begin else of).stretch(_ratio(Fraction(new) - Fraction(begin), old, begin))
    return of.then(slowed, at=begin) if begin else slowed


def _ratio(lasting: Fraction, old: float, begin: float) -> float:
    """How many times as long, or hardly less: the end shall not come too late, by a rounding."""
    left = Fraction(old) - Fraction(begin)
    ratio = lasting / left
    if ratio.denominator == 1:
        return int(ratio)
    k = float(ratio)
    while exact(k) * left > lasting:
        k = nextafter(k, 0.0)
    return k
