"""Values at given times, by hand."""

import numpy as np
import pytest

from lrsched_core import Interpolated
from lrsched_core._value.shapes import SHAPES


@pytest.mark.parametrize(
    ("shape", "middle"),
    [("cosine", (2.5, 2.5)), ("exponential", (2.0, 2.0)), ("constant", (1.0, 4.0)), ("sqrt", (1 + 3 * 0.5**0.5, None))],
)
def test_between_its_values_it_has_the_shape(shape, middle):
    schedule = Interpolated((1.0, 4.0, 1.0), milestones=(0, 10, 20), shape=shape)
    assert [schedule(t) for t in (0, 10, 20, 21)] == [1.0, 4.0, 1.0, 1.0]
    for t, value in zip((5, 15), middle, strict=True):
        assert value is None or schedule(t) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_value_comes_out_exactly_at_its_time(shape):
    values = (0.1, 0.7, 0.3, 1e-9, 0.3)
    schedule = Interpolated(values, milestones=(0.1, 0.3, 7, 7.7, 1e9), shape=shape)
    assert tuple(schedule(t) for t in schedule.milestones) == values
    assert schedule(list(schedule.milestones)).tolist() == list(values)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_stays_between_two_values_up_to_the_last_float_before_the_next(shape):
    schedule = Interpolated((0.3, 0.1), milestones=(0.1, 0.7), shape=shape)
    for t in (0.1, np.nextafter(0.1, 1), 0.5, np.nextafter(0.7, 0), 0.7):
        assert 0.1 <= schedule(float(t)) <= 0.3


def test_ten_thousand_values_are_one_formula():
    values, times = np.random.default_rng(0).random(10_000), range(7, 100_007, 10)
    schedule = Interpolated(values, milestones=times)
    t = np.linspace(0, 110_000, 5001)
    np.testing.assert_allclose(schedule(t), np.interp(t, times, values), rtol=1e-12)
    assert len(schedule._pieces()) == 3
    assert schedule(50_002) == pytest.approx((values[4999] + values[5000]) / 2, rel=1e-15)


def test_it_is_stretched_and_moved_without_losing_a_value():
    schedule = Interpolated((0.0, 0.7, 0.1), milestones=(1, 2, 5)).stretch(3).delay(4)
    assert [schedule(4 + 3 * t) for t in (0, 1, 2, 5, 9)] == [0.0, 0.0, 0.7, 0.1, 0.1]
