"""Ramps, by hand: at 0, 1, steps - 1, steps, steps + 1 and long after."""

import math

import pytest

from lrsched_core import Cosine, Linear, Polynomial
from lrsched_core._ramps.exponentials import Geometric

MOMENTS = (0, 1, 3, 4, 5, 10**12)


@pytest.mark.parametrize(
    ("schedule", "values"),
    [
        (Linear(1.0, steps=4), [1.0, 0.75, 0.25, 0.0, 0.0, 0.0]),
        (Linear(0.0, 1.0, steps=4), [0.0, 0.25, 0.75, 1.0, 1.0, 1.0]),
        (Linear(0.5, 0.25, steps=4), [0.5, 0.4375, 0.3125, 0.25, 0.25, 0.25]),
        (Polynomial(1.0, steps=4), [1.0, 0.5625, 0.0625, 0.0, 0.0, 0.0]),
        (Polynomial(1.0, steps=4, power=1), [1.0, 0.75, 0.25, 0.0, 0.0, 0.0]),
        (Polynomial(1.0, steps=4, power=0.5), [1.0, math.sqrt(0.75), 0.5, 0.0, 0.0, 0.0]),
        (Polynomial(1.0, steps=4, power=3), [1.0, 0.421875, 0.015625, 0.0, 0.0, 0.0]),
        (Polynomial(1.0, 0.5, steps=4), [1.0, 0.78125, 0.53125, 0.5, 0.5, 0.5]),
        (Polynomial(0.0, 1.0, steps=4), [0.0, 0.4375, 0.9375, 1.0, 1.0, 1.0]),
        (Polynomial(0.5, 1.0, steps=4), [0.5, 0.71875, 0.96875, 1.0, 1.0, 1.0]),
        (Cosine(1.0, steps=4), [1.0, 0.5 + math.sqrt(0.125), 0.5 - math.sqrt(0.125), 0.0, 0.0, 0.0]),
        (Cosine(0.0, 1.0, steps=4), [0.0, 0.5 - math.sqrt(0.125), 0.5 + math.sqrt(0.125), 1.0, 1.0, 1.0]),
        (Cosine(3.0, 1.0, steps=4), [3.0, 2 + math.sqrt(0.5), 2 - math.sqrt(0.5), 1.0, 1.0, 1.0]),
        (Geometric(1.0, 16.0, steps=4), [1.0, 2.0, 8.0, 16.0, 16.0, 16.0]),
        (Geometric(16.0, 1.0, steps=4), [16.0, 8.0, 2.0, 1.0, 1.0, 1.0]),
    ],
    ids=str,
)
def test_a_ramp_has_the_values_of_its_formula(schedule, values):
    assert [schedule(t) for t in MOMENTS] == pytest.approx(values, rel=5e-16, abs=0)


@pytest.mark.parametrize("kind", [Linear, Cosine, Polynomial])
def test_a_ramp_of_one_step_jumps_to_its_end(kind):
    schedule = kind(0.3, 0.1, steps=1)
    assert [schedule(t) for t in (0, 1, 2)] == [0.3, 0.1, 0.1]
    assert 0.1 < schedule(0.5) < 0.3


@pytest.mark.parametrize("kind", [Linear, Cosine, Polynomial])
def test_a_ramp_that_goes_nowhere_is_a_constant(kind):
    assert kind(0.1, 0.1, steps=7)([0, 3, 6.5, 7, 8]).tolist() == [0.1] * 5


@pytest.mark.parametrize("kind", [Linear, Cosine, Polynomial])
def test_the_end_is_exact_though_the_difference_cannot_be_represented(kind):
    # final + (base - final) * 1 is 1.00000008e-08 and 0.0 here
    assert kind(1e-8, 10.0, steps=3)(0) == 1e-8
    assert kind(1e-20, 10.0, steps=3)(0) == 1e-20


def test_a_great_power_of_a_long_time_stays_within_the_float_range():
    schedule = Polynomial(0.1, steps=10**12, power=40)
    assert schedule(0) == 0.1
    assert schedule(5 * 10**11) == pytest.approx(0.1 * 2.0**-40, rel=1e-15)


def test_the_cosine_keeps_its_digits_before_zero():
    # 1 + cos(pi * t / T) is wrong by 6e-6 in the last of a million steps
    assert Cosine(0.1, steps=10**6)(10**6 - 1) == pytest.approx(2.4674011002703074e-13, rel=1e-15)
