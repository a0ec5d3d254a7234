"""float64 against 120 digits: at most 1e-15 relative, the last steps before zero included."""

import random
from itertools import islice

import numpy as np
import pytest
from mpmath import mpf

from examples import WRITTEN
from examples.reference import exact, limit
from lrsched_core import Cosine, CosinePower, Polynomial, PowerDecay, RAdam
from thorough import some

SCHEDULES = [
    schedule
    for example in WRITTEN.values()
    for schedule in [example.trained, *example.measured]
    if example.exact or schedule is example.trained
]


def moments(schedule):
    """Everywhere, and mostly about where it ends, or what is within it."""
    random.seed(0)
    ends = [int(end) if end == int(end) else float(end) for end in islice(schedule._times(), 4) if 0 < end < 10**16]
    ends = ends[:3] or [10**6]
    asked = {0, 1, 2, 10, 100, 2**31 - 1, 10**15}
    asked |= {int(10 ** random.uniform(0, 15)) for _ in range(50)}
    for end in ends:
        asked |= {end - k for k in range(-1, 101)}
        asked |= {int(random.uniform(0, float(end))) for _ in range(50)}
        if end < 2000:
            asked |= {random.uniform(0, float(end)) for _ in range(100)}
            asked |= {end - end * 2.0**-k for k in range(1, 52)} | {end * 2.0**-k for k in range(1, 60)}
    return sorted(t for t in asked if t >= 0)


def error(value, reference):
    return abs(mpf(value) - reference) / reference if reference else abs(mpf(value))


@pytest.mark.parametrize("schedule", some(SCHEDULES, 2), ids=lambda schedule: str(schedule)[:80])
def test_numbers_and_arrays_are_exact_to_1e_15(schedule):
    times = moments(schedule)
    for t, number, element in zip(times, map(schedule, times), schedule(np.array(times, float)).tolist(), strict=True):
        reference = exact(schedule, t)
        # Values that float64 can only denormalise are left out.
        if not 0 < reference < 1e-290:
            assert error(number, reference) <= limit(schedule), t
            assert error(element, reference) <= limit(schedule), t


# What the docstrings of these classes say that their arguments cost.
STATED = [
    *[(Polynomial(base, final, steps=1000, power=40), 5e-15) for base, final in ((0.1, 0.0), (0.1, 0.01), (0.0, 0.1))],
    *[(Polynomial(0.1, final, steps=1000, power=8, time_power=k), 8e-15) for final in (0.0, 0.2) for k in (0.7, 1.5)],
    (PowerDecay(0.1, 40, timescale=1000), 5e-15),
    (PowerDecay(0.1, 40, timescale=2.5), 5e-15),
    *[(CosinePower(0.1, final, steps=1000, power=2.5), 2e-15) for final in (0.0, 0.2)],
    *[(RAdam(0.1, beta2=0.602 + 0.0133 * k), 1e-13) for k in range(0, 30, 3)],
]


@pytest.mark.parametrize(("schedule", "stated"), STATED, ids=str)
def test_where_an_argument_costs_digits_its_docstring_says_how_many(schedule, stated):
    generator = random.Random(0)
    asked = [*range(0, 1000, 9), *(generator.uniform(0, 1000) for _ in range(300))]
    for t, element in zip(asked, schedule(np.array(asked, float)).tolist(), strict=True):
        reference = exact(schedule, t)
        if not 0 < reference < 1e-100:  # there, 120 digits are not enough for a power of 40
            assert error(schedule(t), reference) <= stated, t
            assert error(element, reference) <= stated, t


def test_the_reference_would_notice_the_textbook_formula():
    """The usual (1 + cos) / 2 fails the bar that ours meets."""
    schedule = Cosine(0.1, steps=10**6)
    t = 10**6 - 1
    textbook = 0.1 * (1 + np.cos(np.pi * t / 10**6)) / 2
    assert error(textbook, exact(schedule, t)) > 1e-6
