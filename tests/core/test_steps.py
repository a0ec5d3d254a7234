"""Schedules that go in steps. Their values by hand are in the table of examples."""

from fractions import Fraction
from importlib.util import find_spec

import numpy as np
import pytest

from lrsched_core import Exponential, Factor, Linear, MultiFactor


@pytest.mark.parametrize("t", [1024, 1024.5, 10**9])
def test_a_growth_that_leaves_the_float_range_raises_and_names_t(t):
    message = rf"`t` must be small enough for the schedule to stay within the float range, got {t}\."
    with pytest.raises(OverflowError, match=message):
        Factor(1.0, 2.0)(t)
    with pytest.raises(OverflowError, match=r"within the float range, got "):
        Factor(1.0, 2.0)([0, t])


def test_a_growth_that_leaves_the_float_range_at_the_last_multiplication_raises():
    with pytest.raises(OverflowError, match="float range, got 1023"):
        Factor(3.0, 2.0)(1023)
    with pytest.raises(OverflowError, match="float range, got 1023"):
        Factor(3.0, 2.0)([1023])


def test_multi_factor_takes_any_iterable_of_times():
    assert MultiFactor(1.0, 0.5, milestones=range(3, 9, 2)) == MultiFactor(1.0, 0.5, milestones=(3, 5, 7.0))


def test_multi_factor_refuses_a_growth_that_cannot_be_represented():
    message = r"`factor` must be small enough for 2000 milestones to stay within the float range, got 2\.0\."
    with pytest.raises(ValueError, match=message):
        MultiFactor(1.0, 2.0, milestones=range(2000))


def test_ten_thousand_milestones_are_found_in_arrays_of_any_order():
    np = pytest.importorskip("numpy")
    schedule = MultiFactor(0.1, 0.9999, milestones=range(10, 100_010, 10))
    t = np.arange(0, 120_000, 3)
    expected = [schedule(int(x)) for x in t]
    assert schedule(t).tolist() == expected
    assert schedule(t[::-1]).tolist() == expected[::-1]
    assert schedule([100, 5]).tolist() == [schedule(100), 0.1]


# The schedule, a time, the value there as a fraction: the power alone is beyond the float range, or below it.
FAR = [
    (Factor(1e-10, 2.0), 1030, Fraction(1e-10) * 2**1030),
    (Factor(1e300, 0.5), 1080, Fraction(1e300) / 2**1080),
    (Factor(1e-300, 1e10, every=3), 180, Fraction(1e-300) * 10**600),
    (Factor(0.0, 2.0), 5000, 0),
    (Exponential(0.0, 1.5), 10**4, 0),
    (Exponential(1e-300, 10.0), 600, Fraction(1e-300) * 10**600),
    (Exponential(1e300, 0.5), 1990, Fraction(1e300) / 2**1990),
    (MultiFactor(1e-200, 1e100, milestones=(1, 2, 3, 4)), 4, Fraction(1e-200) * Fraction(1e100) ** 4),
    (MultiFactor(1e200, 1e-100, milestones=(1, 2, 3, 4)), 4, Fraction(1e200) * Fraction(1e-100) ** 4),
    (MultiFactor(0.0, 1e200, milestones=(1, 2)), 2, 0),
    (Linear(1e-10, steps=5).repeat(5, decay=2.0), 5 * 1030, Fraction(1e-10) * 2**1030),
]


@pytest.mark.parametrize(("schedule", "t", "value"), FAR, ids=[str(schedule) for schedule, _, _ in FAR])
def test_a_product_is_finite_where_its_power_alone_is_not(schedule, t, value):
    expected = pytest.approx(float(value), rel=1e-14, abs=0)
    assert schedule(t) == expected
    assert schedule(np.array([0, t]))[1] == expected
    if find_spec("torch"):
        import torch

        assert schedule(torch.tensor([0.0, t], dtype=torch.float64))[1].item() == expected
