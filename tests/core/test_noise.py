"""Noise: random, and a function of time."""

import numpy as np
import pytest

from lrsched_core import Linear, Noise, Sequence
from own_code import ASKED


def test_it_is_the_same_for_numbers_and_arrays_in_any_order():
    noise = Noise(0.3, seed=123, every=3)
    t = np.concatenate([np.arange(1000), 10.0 ** np.arange(3, 300)])
    np.testing.assert_array_equal(noise(t), [noise(float(x)) for x in t])
    np.testing.assert_array_equal(noise(t[::-1]), noise(t)[::-1])


def test_each_value_holds_for_every():
    noise = Noise(0.3, every=10)
    assert len({noise(t) for t in range(10)}) == 1
    assert len({noise(t) for t in range(1000)}) == 100
    assert Noise(0.3, every=2.5)(7.4) == Noise(0.3)(2)


@pytest.mark.parametrize("seed", [0, 1, 2, 12345, 2**31, 2**32, 2**64 + 1])
def test_it_is_uniform_and_successive_values_are_independent(seed):
    u = Noise(1.0, seed=seed)(np.arange(100_000)) / 2
    assert u.min() >= 0
    assert u.max() <= 1
    counts, _ = np.histogram(u, 100, (0, 1))
    # Five standard deviations; and the same noise is asked every time, so that this holds always or never.
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(1000)
    for lag in (1, 2, 7, 256):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 5 / np.sqrt(u.size)


def test_another_seed_gives_independent_noise():
    several = np.array([Noise(1.0, seed=seed)(np.arange(10_000)) for seed in (0, 1, 2, 3, 2**32, 2**64, 7**30)])
    correlations = np.corrcoef(several) - np.eye(len(several))
    assert np.abs(correlations).max() < 5 / np.sqrt(10_000)


def test_it_dampens_and_raises_by_at_most_its_amount():
    noisy = (Linear(0.4, steps=1000) * Noise(0.1, seed=3))(np.arange(1000))
    ratio = noisy / Linear(0.4, steps=1000)(np.arange(1000))
    assert ratio.min() > 0.9 - 1e-12
    assert ratio.max() < 1.1 + 1e-12


WAYS = [
    "torch int64", "torch float64", "torch.compile", "jax", "jax.jit", "jax.jit in double precision",
    "tensorflow int64", "tf.function", "tf.function with XLA", "array-API strict",
]  # fmt: skip


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**40 + 3])
@pytest.mark.parametrize("way", WAYS)
def test_every_runtime_has_the_same_noise(way, seed):
    noise, t = Noise(0.5, seed=seed, every=7), np.r_[0:1000, 2**31 - 9 : 2**31]
    ask, precision = ASKED[way]
    np.testing.assert_allclose(ask(noise, t), noise(t), rtol=2e-7 if precision == "float32" else 0)


def test_torch_has_the_same_noise_far_away():
    torch = pytest.importorskip("torch")
    noise, far = Noise(0.5, seed=2**40 + 3, every=7), 10**15 + np.arange(100)
    np.testing.assert_allclose(noise(torch.tensor(far)).numpy(), noise(far), rtol=2e-7)


def test_many_noises_one_after_the_other_are_what_each_of_them_is():
    seeds = (0, 7, 2**70, 3, 2**31, 9)
    joined = Sequence([Noise(0.5, seed=seed) for seed in seeds], milestones=[10 * i for i in range(1, 6)])
    expected = [Noise(0.5, seed=seeds[t // 10])(t % 10) for t in range(60)]
    order = np.random.default_rng(0).permutation(60)
    assert joined(order).tolist() == [expected[t] for t in order]
    torch = pytest.importorskip("torch")
    np.testing.assert_allclose(joined(torch.arange(60)).numpy(), expected, rtol=2e-7)
