"""Curves without an end. Their values by hand are in the table of examples."""

import pytest

from lrsched_core import Exponential, Factor, InverseTime, PowerDecay, RAdam, SquareRoot


def test_a_power_decay_by_one_half_is_a_square_root():
    assert [PowerDecay(0.1)(t) for t in range(100)] == [SquareRoot(0.1)(t) for t in range(100)]


@pytest.mark.parametrize("power", [0.3, 0.5, 1, 7.7])
def test_a_power_decay_begins_exactly_where_it_was_told(power):
    assert PowerDecay(0.3, power, timescale=4000)(0) == 0.3


def test_a_great_power_of_a_long_time_fades_to_zero():
    assert PowerDecay(0.1, 40, timescale=3)(10**15) == 0.0
    assert PowerDecay(0.1, 40, timescale=10**300)(10**300) == pytest.approx(0.1 * 2.0**-40, rel=1e-15)


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
