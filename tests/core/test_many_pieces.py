"""More pieces than are told apart by comparisons: regular ones, irregular ones, and ones of many kinds."""

import math
from itertools import pairwise

import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, Polynomial, Sequence, SquareRoot

KINDS = (
    Cosine(0.3, 0.1, steps=50),
    Linear(0.1, steps=30),
    Constant(0.2),
    SquareRoot(0.3),
    Factor(0.3, 0.5, every=7),
    MultiFactor(0.3, 0.5, milestones=(3, 9)),
    Polynomial(0.3, steps=40, power=3.0),
)
MANY_KINDS = tuple(
    [a + b for a in KINDS for b in KINDS[3:]] + [a * b * Constant(2.0) for a in KINDS for b in KINDS if a is not b]
)
SEQUENCES = {
    "equally long": (KINDS * 5, range(10, 350, 10)),
    "multiples of a step": (KINDS * 5, [10 * i + 20 * (i > 7) for i in range(1, 35)]),
    "of no length": (KINDS * 5, [10 * (i // 2) for i in range(1, 35)]),
    "all at once": (KINDS * 5, [0] * 34),
    "irregular": (KINDS * 5, [i**3 for i in range(1, 35)]),
    "fractional": (KINDS * 5, [10.5 * i for i in range(1, 35)]),
    "of many kinds": (MANY_KINDS, range(10, 10 * len(MANY_KINDS), 10)),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_value_is_that_of_the_schedule_at_work(name):
    schedules, milestones = SEQUENCES[name]
    sequence = Sequence(schedules, milestones=milestones)
    bounds = (0, *milestones, math.inf)
    for schedule, (start, stop) in zip(schedules, pairwise(bounds), strict=True):
        for t in (start, start + 1, start + 2.5, min(stop, start + 100) - 1, 10**9):
            if start <= t < stop:
                assert sequence(t) == pytest.approx(schedule(t - start), rel=1e-15)
                assert sequence(float(t)) == sequence(t)


@pytest.mark.parametrize("name", SEQUENCES)
@pytest.mark.parametrize(
    ("t", "rule"),
    [
        (-1, ">= 0"),
        (-(10**9), ">= 0"),
        (-0.5, ">= 0"),
        (math.nan, "finite"),
        (math.inf, "finite"),
        (-math.inf, "finite"),
        (10**400, "within the float range"),
    ],
)
def test_what_is_no_time_is_refused(name, t, rule):
    schedules, milestones = SEQUENCES[name]
    with pytest.raises(ValueError, match=f"`t` must be {rule}, got"):
        Sequence(schedules, milestones=milestones)(t)


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_largest_time_has_a_value(name):
    schedules, milestones = SEQUENCES[name]
    sequence = Sequence(schedules, milestones=milestones)
    assert sequence(1.7976931348623157e308) == sequence(int(1.7976931348623157e308))
