"""Ramps, by hand: at 0, 1, steps - 1, steps, steps + 1 and long after."""

import math

import pytest

from lrsched_core import (
    Cosine,
    CosinePower,
    ExponentialHyperbolic,
    Geometric,
    Hyperbolic,
    Linear,
    Logarithmic,
    NormalizedExponential,
    Polynomial,
    Power,
    Rex,
    Tanh,
)
from lrsched_core._value.shapes import SHAPES

BETWEEN_ANY_RATES = [
    Linear,
    Cosine,
    CosinePower,
    lambda *rates, steps: CosinePower(*rates, steps=steps, power=1.5, time_power=0.7),
    Polynomial,
    Power,
    lambda *rates, steps: Power(*rates, steps=steps, power=0.3),
    NormalizedExponential,
    Tanh,
    Rex,
    Logarithmic,
    lambda *rates, steps: Hyperbolic(*rates, steps=steps, upper_bound=2 * steps),
]
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
        (Polynomial(1.0, steps=4, power=2, time_power=2), [1.0, 0.87890625, 0.19140625, 0.0, 0.0, 0.0]),
        (Polynomial(0.0, 1.0, steps=4, power=2, time_power=2), [0.0, 0.12109375, 0.80859375, 1.0, 1.0, 1.0]),
        (Polynomial(1.0, steps=4, power=1, time_power=0.5), [1.0, 0.5, 1 - math.sqrt(0.75), 0.0, 0.0, 0.0]),
        (Cosine(1.0, steps=4), [1.0, 0.5 + math.sqrt(0.125), 0.5 - math.sqrt(0.125), 0.0, 0.0, 0.0]),
        (Cosine(0.0, 1.0, steps=4), [0.0, 0.5 - math.sqrt(0.125), 0.5 + math.sqrt(0.125), 1.0, 1.0, 1.0]),
        (Cosine(3.0, 1.0, steps=4), [3.0, 2 + math.sqrt(0.5), 2 - math.sqrt(0.5), 1.0, 1.0, 1.0]),
        (Geometric(1.0, 16.0, steps=4), [1.0, 2.0, 8.0, 16.0, 16.0, 16.0]),
        (Geometric(16.0, 1.0, steps=4), [16.0, 8.0, 2.0, 1.0, 1.0, 1.0]),
        (Power(1.0, steps=4), [1.0, 0.5, 1 - math.sqrt(0.75), 0.0, 0.0, 0.0]),
        (Power(0.0, 1.0, steps=4), [0.0, 0.5, math.sqrt(0.75), 1.0, 1.0, 1.0]),
        (Power(1.0, steps=4, power=1), [1.0, 0.75, 0.25, 0.0, 0.0, 0.0]),
        (Power(1.0, steps=4, power=2), [1.0, 0.9375, 0.4375, 0.0, 0.0, 0.0]),
        (Power(1.0, 0.5, steps=4, power=3), [1.0, 0.9921875, 0.7890625, 0.5, 0.5, 0.5]),
        (Power(0.5, 1.0, steps=4, power=3), [0.5, 0.5078125, 0.7109375, 1.0, 1.0, 1.0]),
        # (1 + cos(pi / 4)) / 2 is 1/2 + sqrt(1/8).
        (CosinePower(1.0, steps=4), [1.0, 0.5 + math.sqrt(0.125), 0.5 - math.sqrt(0.125), 0.0, 0.0, 0.0]),
        (
            CosinePower(1.0, steps=4, power=2),
            [1.0, 0.375 + math.sqrt(0.125), 1 / 64 / (0.375 + math.sqrt(0.125)), 0.0, 0.0, 0.0],
        ),
        (
            CosinePower(0.0, 1.0, steps=4, power=2),
            [0.0, 0.625 - math.sqrt(0.125), 0.625 + math.sqrt(0.125), 1.0, 1.0, 1.0],
        ),
        # The square root of 1/4 is 1/2, where the wave is at one half.
        (CosinePower(1.0, steps=4, time_power=0.5), [1.0, 0.5, 0.04363790094891098, 0.0, 0.0, 0.0]),
        # (1/4)^(t/4) is 1, 1/sqrt(2), 1/2, 1/sqrt(8).
        (
            NormalizedExponential(1.0, steps=4, ratio=0.25),
            [1.0, (math.sqrt(0.5) - 0.25) / 0.75, (math.sqrt(0.125) - 0.25) / 0.75, 0.0, 0.0, 0.0],
        ),
        (
            NormalizedExponential(0.0, 1.0, steps=4, ratio=0.25),
            [0.0, (1 - math.sqrt(0.5)) / 0.75, (1 - math.sqrt(0.125)) / 0.75, 1.0, 1.0, 1.0],
        ),
        (NormalizedExponential(1.0, 0.5, steps=4), [1.0, 0.8408964152537145, 0.5946035575013605, 0.5, 0.5, 0.5]),
        # From tanh(-1) to tanh(1), with tanh(-1/2) and tanh(1/2) a quarter of the way from either end.
        (
            Tanh(1.0, steps=4, lower=-1, upper=1),
            [1.0, 0.8033880667585181, 0.19661193324148185, 0.0, 0.0, 0.0],
        ),
        (
            Tanh(0.0, 1.0, steps=4, lower=-1, upper=1),
            [0.0, 0.19661193324148185, 0.8033880667585181, 1.0, 1.0, 1.0],
        ),
        (Rex(1.0, steps=4), [1.0, 6 / 7, 0.4, 0.0, 0.0, 0.0]),
        (Rex(0.0, 1.0, steps=4), [0.0, 1 / 7, 0.6, 1.0, 1.0, 1.0]),
        (Logarithmic(0.0, 1.0, steps=4), [0.0, 0.43067655807339306, 0.8613531161467861, 1.0, 1.0, 1.0]),
        (Logarithmic(1.0, steps=4), [1.0, 0.569323441926607, 0.13864688385321389, 0.0, 0.0, 0.0]),
        (Hyperbolic(1.0, steps=4, upper_bound=4), [1.0, 0.75, 0.25, 0.0, 0.0, 0.0]),
        (Hyperbolic(1.0, steps=4, upper_bound=6), [1.0, math.sqrt(21 / 32), math.sqrt(5 / 32), 0.0, 0.0, 0.0]),
        (Hyperbolic(0.0, 1.0, steps=4, upper_bound=4), [0.0, 0.25, 0.75, 1.0, 1.0, 1.0]),
        (ExponentialHyperbolic(16.0, 1.0, steps=4, upper_bound=4), [16.0, 8.0, 2.0, 1.0, 1.0, 1.0]),
        (
            ExponentialHyperbolic(1.0, 16.0, steps=4, upper_bound=6),
            [1.0, 16 ** (1 - math.sqrt(21 / 32)), 16 ** (1 - math.sqrt(5 / 32)), 16.0, 16.0, 16.0],
        ),
    ],
    ids=str,
)
def test_a_ramp_has_the_values_of_its_formula(schedule, values):
    assert [schedule(t) for t in MOMENTS] == pytest.approx(values, rel=1e-15, abs=0)


@pytest.mark.parametrize("kind", BETWEEN_ANY_RATES)
def test_a_ramp_of_one_step_jumps_to_its_end(kind):
    schedule = kind(0.3, 0.1, steps=1)
    assert [schedule(t) for t in (0, 1, 2)] == [0.3, 0.1, 0.1]
    assert 0.1 < schedule(0.5) < 0.3


@pytest.mark.parametrize("kind", BETWEEN_ANY_RATES)
def test_a_ramp_that_goes_nowhere_is_a_constant(kind):
    assert kind(0.1, 0.1, steps=7)([0, 3, 6.5, 7, 8]).tolist() == [0.1] * 5


@pytest.mark.parametrize("kind", BETWEEN_ANY_RATES)
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


@pytest.mark.parametrize("kind", [Geometric, ExponentialHyperbolic])
def test_a_ratio_may_be_larger_than_a_float(kind):
    options = {} if kind is Geometric else {"upper_bound": 4}
    schedule = kind(1e-300, 1e300, steps=4, **options)
    assert [schedule(t) for t in range(5)] == pytest.approx([1e-300, 1e-150, 1.0, 1e150, 1e300], rel=1e-14)


def test_a_geometric_ramp_between_powers_of_ten_goes_through_powers_of_ten():
    assert [Geometric(1e-4, 1.0, steps=4)(t) for t in range(6)] == [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1.0]


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"constant"}))
def test_every_shape_warms_up_and_starts_where_it_was_told(shape):
    warm = Linear(0.4, 0.1, steps=10).with_warmup(4, start=0.01, shape=shape)
    values = [warm(t) for t in range(5)]
    assert (values[0], values[4]) == (0.01, 0.4)
    assert values == sorted(set(values))
