"""More pieces than are told apart by comparisons: regular ones, irregular ones, and ones of many kinds."""

import math
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from threading import Barrier

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
MANY = Sequence(KINDS * 3, milestones=range(10, 210, 10))
SEQUENCES = {
    "equally long": (KINDS * 5, range(10, 350, 10)),
    "multiples of a step": (KINDS * 5, [10 * i + 20 * (i > 7) for i in range(1, 35)]),
    "of no length": (KINDS * 5, [10 * (i // 2) for i in range(1, 35)]),
    "all at once": (KINDS * 5, [0] * 34),
    "irregular": (KINDS * 5, [i**3 for i in range(1, 35)]),
    "fractional": (KINDS * 5, [10.5 * i for i in range(1, 35)]),
    "of a late kind": ((KINDS[0],) * 37 + (KINDS[3],) * 2 + (KINDS[0],) * 61, range(10, 1000, 10)),
    "of tables": ((KINDS[0] * MANY + MANY, KINDS[1] * MANY, KINDS[0]) * 10, range(10, 300, 10)),
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
def test_the_pieces_asked_for_before_do_not_matter(name):
    schedules, milestones = SEQUENCES[name]
    times = [t for t in range(2 * milestones[-1].__ceil__()) if t < 200 or t % 7 == 0]
    forwards, backwards, as_array = [Sequence(schedules, milestones=milestones) for _ in range(3)]
    expected = [forwards(t) for t in times]
    assert [backwards(float(t)) for t in times[::-1]] == expected[::-1]
    assert [backwards(t) for t in times] == expected
    as_array(times)
    assert [as_array(t) for t in times] == expected


@pytest.mark.parametrize("name", ["equally long", "fractional", "of a late kind", "of many kinds"])
def test_threads_that_ask_a_new_schedule_at_once_get_its_values(name):
    schedules, milestones = SEQUENCES[name]
    times = range(milestones[-1].__ceil__() + 50)
    reference = Sequence(schedules, milestones=milestones)
    expected = [reference(t) for t in times]
    for _ in range(20):
        fresh, start = Sequence(schedules, milestones=milestones), Barrier(4)

        def asked(fresh=fresh, start=start):
            start.wait()
            return [fresh(t) for t in times]

        with switching_often(), ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(asked) for _ in range(4)]
            assert [answer.result() for answer in answers] == [expected] * 4


@contextmanager
def switching_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_largest_time_has_a_value(name):
    schedules, milestones = SEQUENCES[name]
    sequence = Sequence(schedules, milestones=milestones)
    assert sequence(1.7976931348623157e308) == sequence(int(1.7976931348623157e308))
