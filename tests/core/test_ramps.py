"""Ramps at their ends, and where digits are lost. Their values by hand are in the table of examples."""

import pytest

from examples import FAMILIES
from lrsched_core import Cosine, ExponentialHyperbolic, Geometric, Linear, Polynomial
from lrsched_core._value.shapes import SHAPES


def like(ramp):
    """Builds a ramp with the options of another."""
    return lambda base, final, *, steps: ramp.replace(base_lr=base, final_lr=final, **lengths(ramp, steps))


def lengths(ramp, steps):
    """Its steps, and what must be as long at least."""
    return {"steps": steps, "upper_bound": 2 * steps} if hasattr(ramp, "upper_bound") else {"steps": steps}


# Those between any rates, 0 included.
BETWEEN_ANY_RATES = [
    pytest.param(like(ramp), id=str(ramp))
    for example in FAMILIES["Ramps"].values()
    for ramp in [example.trained, *example.by_hand]
    if "final_lr" in example.rates
]


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
