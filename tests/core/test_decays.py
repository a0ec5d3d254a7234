"""Curves without an end, by hand."""

import math

import pytest

from lrsched_core import Exponential, Factor, InverseTime, PowerDecay, RAdam, Saturating, SquareRoot


def test_square_root_falls_with_the_root_of_time():
    schedule = SquareRoot(6.0)
    assert [schedule(t) for t in (0, 3, 8, 35, 1.25)] == [6.0, 3.0, 2.0, 1.0, 4.0]


def test_square_root_never_ends():
    assert SquareRoot(1.0)(10**12 - 1) == 1e-6


def test_inverse_time_falls_with_the_inverse_of_time():
    schedule = InverseTime(6.0, 0.5, every=10)
    assert [schedule(t) for t in (0, 20, 40, 100)] == [6.0, 3.0, 2.0, 1.0]
    assert schedule(1) == pytest.approx(6 / 1.05, rel=1e-15)


def test_a_power_decay_falls_with_a_power_of_time():
    schedule = PowerDecay(12.0, 2, timescale=10)
    assert [schedule(t) for t in (0, 10, 30)] == pytest.approx([12.0, 3.0, 0.75], rel=1e-15)
    assert [PowerDecay(6.0, 1, timescale=10)(t) for t in (0, 10, 20, 50)] == [6.0, 3.0, 2.0, 1.0]
    assert [PowerDecay(6.0, timescale=10)(t) for t in (0, 30, 80, 350)] == [6.0, 3.0, 2.0, 1.0]


def test_a_power_decay_by_one_half_is_a_square_root():
    assert [PowerDecay(0.1)(t) for t in range(100)] == [SquareRoot(0.1)(t) for t in range(100)]


@pytest.mark.parametrize("power", [0.3, 0.5, 1, 7.7])
def test_a_power_decay_begins_exactly_where_it_was_told(power):
    assert PowerDecay(0.3, power, timescale=4000)(0) == 0.3


def test_a_great_power_of_a_long_time_fades_to_zero():
    assert PowerDecay(0.1, 40, timescale=3)(10**15) == 0.0
    assert PowerDecay(0.1, 40, timescale=10**300)(10**300) == pytest.approx(0.1 * 2.0**-40, rel=1e-15)


def test_an_exponential_multiplies_in_equal_times():
    schedule = Exponential(1.0, 0.25, every=10)
    assert [schedule(t) for t in (0, 5, 10, 15, 20)] == [1.0, 0.5, 0.25, 0.125, 0.0625]


def test_an_exponential_is_a_factor_where_that_changes():
    smooth, steps = Exponential(0.3, 0.7, every=12), Factor(0.3, 0.7, every=12)
    for n in (0, 1, 2, 10, 100, 1000):
        assert smooth(12 * n) == steps(12 * n)


def test_an_exponential_fades_to_zero_or_is_constant_or_grows():
    assert Exponential(1.0, 0.5)(10**15) == 0.0
    assert Exponential(1.0, 0.5, every=1e-300)(1e300) == 0.0
    assert Exponential(0.7, 1.0)(10**15) == 0.7
    assert Exponential(1.0, 2.0)(1023) == 2.0**1023
    for t in (1024, 10**9, 1e300):
        with pytest.raises(OverflowError, match=r"`t` must be small enough for the schedule to stay within the float"):
            Exponential(1.0, 2.0)(t)
        with pytest.raises(OverflowError, match=r"`t` must be small enough for the schedule to stay within the float"):
            Exponential(1.0, 2.0)([0, t])


def test_saturating_grows_towards_its_limit():
    schedule = Saturating(2.0, timescale=1 / math.log(2))
    assert [schedule(t) for t in (0, 1, 2, 3)] == pytest.approx([0.0, 1.0, 1.5, 1.75], rel=1e-15)
    assert schedule(1000) == 2.0


def test_saturating_keeps_its_digits_at_the_beginning():
    # 1 - exp(-1e-12) is wrong by 1e-5 there
    assert Saturating(timescale=10**12)(1) == pytest.approx(1e-12 - 5e-25, rel=1e-15)


def test_rectified_adam_waits_and_grows_towards_1():
    # beta2 = 3/4: rho is 7 - 6 (3/4)^n n / ... ; rho_5 = 7 - 2430/781, so only from there on it is above 4 for sure.
    schedule = RAdam(2.0, beta2=0.75)
    rhos = [7 - 2 * n * 3**n / (4**n - 3**n) for n in range(1, 8)]
    expected = [2 * math.sqrt((rho - 4) * (rho - 2) * 7 / (3 * 5 * rho)) if rho > 4 + 1e-9 else 0.0 for rho in rhos]
    assert [schedule(t) for t in range(7)] == pytest.approx(expected, rel=1e-14)
    assert expected[:4] == [0.0] * 4
    assert schedule(10**6) == pytest.approx(2.0, rel=1e-15)
    assert schedule(10**300) == pytest.approx(2.0, rel=1e-15)


@pytest.mark.parametrize("beta2", [0.9, 0.99, 0.999, 0.9999])
def test_rectified_adam_is_that_of_pytorch_warmup_without_its_wait(beta2):
    torch = pytest.importorskip("torch")
    warmup = pytest.importorskip("pytorch_warmup")
    optimizer = torch.optim.Adam([torch.zeros(1)], lr=1.0, betas=(0.9, beta2))
    original = warmup.RAdamWarmup(optimizer)
    ours = RAdam(beta2=beta2).advance(4)
    for t in range(1000):
        params = original.warmup_params[0]
        # The original subtracts two nearly equal numbers.
        assert ours(t) == pytest.approx(original.warmup_factor(t, **params), rel=1e-9)


@pytest.mark.parametrize("schedule", [InverseTime(0.3, 0.01), Exponential(0.3, 0.97), PowerDecay(0.3, 1.7), RAdam(0.3)])
def test_a_curve_without_an_end_is_finite_at_the_largest_time(schedule):
    assert 0 <= schedule(1.7e308) <= 0.3 * (1 + 1e-15)
