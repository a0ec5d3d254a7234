"""Schedules that go in steps, by hand."""

import pytest

from lrsched_core import Constant, Factor, MultiFactor, PiecewiseConstant


def test_a_constant_is_the_same_for_ever():
    schedule = Constant(0.3)
    assert [schedule(t) for t in (0, 1, 0.5, 10**15)] == [0.3, 0.3, 0.3, 0.3]


def test_factor_multiplies_at_every_step():
    schedule = Factor(1.0, 0.5)
    assert [schedule(t) for t in range(5)] == [1.0, 0.5, 0.25, 0.125, 0.0625]


def test_factor_multiplies_at_the_end_of_every_period():
    schedule = Factor(1.0, 0.5, every=10)
    assert [schedule(t) for t in (0, 1, 9, 10, 11, 19, 20)] == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]


def test_factor_counts_whole_periods_of_a_fractional_length():
    schedule = Factor(1.0, 0.5, every=2.5)
    assert [schedule(t) for t in (0, 2, 2.5, 4.75, 5)] == [1.0, 1.0, 0.5, 0.5, 0.25]


def test_factor_never_falls_below_its_floor():
    schedule = Factor(1.0, 0.5, stop_factor_lr=0.3)
    assert [schedule(t) for t in (0, 1, 2, 3, 10**9)] == [1.0, 0.5, 0.3, 0.3, 0.3]


def test_factor_fades_to_zero_without_a_floor():
    assert Factor(1.0, 0.5)(10**9) == 0.0


def test_factor_of_one_is_a_constant():
    assert Factor(0.7, 1.0)(10**15) == 0.7


def test_factor_may_grow():
    schedule = Factor(1.0, 2.0)
    assert [schedule(t) for t in (0, 1, 10, 1023)] == [1.0, 2.0, 1024.0, 2.0**1023]


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


def test_multi_factor_multiplies_at_each_milestone():
    schedule = MultiFactor(1.0, 0.5, milestones=(3, 7))
    assert [schedule(t) for t in (0, 1, 2, 3, 4, 6, 7, 8, 10**12)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_a_repeated_milestone_counts_again():
    assert MultiFactor(1.0, 0.5, milestones=(3, 3))(3) == 0.25


def test_a_milestone_at_0_holds_from_the_start():
    assert MultiFactor(1.0, 0.5, milestones=[0])(0) == 0.5


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
