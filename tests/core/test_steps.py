"""Schedules that go in steps. Their values by hand are in the table of examples."""

import pytest

from lrsched_core import Factor, MultiFactor, PiecewiseConstant


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


def test_multi_factor_without_milestones_is_a_constant():
    schedule = MultiFactor(0.1, 0.5, milestones=())
    assert schedule(0) == schedule(99) == 0.1
    assert schedule([0, 99]).tolist() == [0.1, 0.1]


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


def test_piecewise_constant_takes_the_new_value_at_its_milestone():
    schedule = PiecewiseConstant((0.5, 0.3, 0.7), milestones=(3, 7.5))
    assert [schedule(t) for t in (0, 1, 2, 3, 4, 7, 7.5, 8, 10**12)] == [0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.7, 0.7, 0.7]


def test_of_two_values_at_the_same_time_the_last_holds():
    assert PiecewiseConstant((0.5, 0.3, 0.7), milestones=(3, 3))(3) == 0.7


def test_one_value_is_a_constant():
    schedule = PiecewiseConstant([0.5], milestones=[])
    assert schedule(0) == schedule(99) == 0.5
    assert schedule([0, 99]).tolist() == [0.5, 0.5]


def test_a_value_that_begins_at_0_hides_the_one_before():
    assert PiecewiseConstant((0.5, 0.3), milestones=(0,))(0) == 0.3
