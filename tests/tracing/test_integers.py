"""Integers of every width and sign: no time that the type holds wraps, or is rounded before it is subtracted."""

# ruff: noqa: F403, F405  # the tables take all of the catalogue

import numpy as np
import pytest

from cases import assert_close
from lrsched_core import *
from runtimes import INTEGERS, WARNS

# Every kind of schedule, where it changes beyond 32 bits, or beyond what float64 counts.
LATE = [
    Constant(0.3),
    Linear(1.0, steps=4 * 10**9),
    Linear(0.3, steps=2**61),
    Cosine(0.3, 0.03, steps=3 * 10**9),
    Cosine(0.03, 0.3, steps=2**53 + 7),
    Polynomial(0.3, 0.1, steps=5 * 10**9, power=1.5),
    Power(0.3, steps=2**40),
    CosinePower(0.3, steps=2**33, power=1.5),
    Geometric(0.3, 0.1, steps=2**34),
    NormalizedExponential(0.3, steps=2**35),
    Tanh(0.3, steps=2**34),
    Rex(0.1, 0.3, steps=2**62),
    Logarithmic(0.3, steps=2**40),
    Hyperbolic(0.3, steps=2**33, upper_bound=2**34),
    ExponentialHyperbolic(0.3, 0.1, steps=2**33, upper_bound=2**34),
    PiecewiseConstant((0.1, 0.2, 0.3, 0.4, 0.5), milestones=(100, 2**31 + 5, 2**32 - 1, 2**53 + 1)),
    MultiFactor(0.5, 0.5, milestones=(200, 2**31, 2**33, 2**62)),
    Interpolated((0.1, 0.5, 0.2, 0.3), milestones=(0, 2**31 + 3, 2**33, 2**60)),
    Sequence((Linear(0.3, 0.1, steps=9), Linear(0.2, 0.4, steps=10), Constant(0.7)), milestones=(2**31 + 9, 2**32 + 9)),
    Sequence([Linear(0.1 + i / 100, steps=50) for i in range(8)], milestones=[2**31 + i * 100 for i in range(7)]),
    Sequence([Linear(0.1 + i / 100, steps=50) for i in range(8)], milestones=[2**53 + 1 + i * 100 for i in range(7)]),
    Cosine(0.3, steps=1000).repeat(1000),
    Linear(0.3, steps=5 * 10**9).repeat(5 * 10**9, decay=0.5),
    Cosine(0.1, steps=10).repeat(10, growth=3),
    Linear(0.3, 0.1, steps=7).repeat(7).stretch(1.3),
    Linear(0.3, 0.1, steps=1000).delay(2**53 + 1),
    Linear(0.3, 0.1, steps=1000).delay(2**33 + 0.5),
    Linear(0.3, 0.1, steps=100).repeat(2**33 + 1).delay(2**53 + 1),
    Linear(0.3, steps=2**40).stretch(3).staircase(1000),
    Linear(0.3, steps=2**40).with_warmup(2**33),
    Linear(0.3, 0.1, steps=2**33).cooldown(at=2**32, steps=2**33),
    Linear(0.3, steps=2**34).advance(2**33),
    Factor(0.3, 0.5, every=2**33 + 1),
    Factor(0.3, 0.5, every=2**40 + 0.1),
    Factor(0.3, 0.5, every=2**33).advance(2**40 + 3),
    SquareRoot(0.3),
    InverseTime(0.3, 1e-9),
    PowerDecay(0.3, timescale=10**9),
    Exponential(0.3, 0.5, every=2**40),
    Saturating(0.3, timescale=2**40),
    RAdam(0.3, beta2=1 - 1e-12),
    Noise(0.3, seed=5),
    minimum(Linear(0.3, steps=2**40), 0.2) * 2,
    wsd(0.3, warmup=2**31, stable=2**33, decay=2**34),
    one_cycle(0.3, steps=2**40),
]
TIMES = [
    *(0, 1, 5, 100, 127, 128, 200, 255),
    *(2**31 + d for d in (-1, 0, 5, 9, 350)),
    *(2**32 + d for d in (-1, 0, 9)),
    *(3 * 10**9, 4 * 10**9, 5 * 10**9, 6 * 10**9, 2**33 + 2, 2**34 + 1, 2**40 + 17),
    *(2**53 + d for d in (-1, 0, 1, 2, 351, 1001)),
    *(2**60, 2**62 + 3, 2**63 - 1),
]


# JAX has no integers of 64 bits unless it is told so.
LARGEST = {"jax": 2**31 - 1}
ENDS_OF_TYPES = [*[str(kind) for kind in INTEGERS if kind.dtype == "uint64"], "jax-uint32"]


@WARNS
@pytest.mark.parametrize("kind", INTEGERS, ids=str)
def test_every_integer_has_the_value_of_the_number(kind):
    times = [t for t in TIMES if kind.holds(t) and t <= LARGEST.get(kind.framework, 2**63 - 1)]
    # Of one length, as JAX compiles for each.
    asked = times + [times[-1]] * (len(TIMES) - len(times))
    for schedule in LATE:
        expected = np.array([schedule(t) for t in asked])
        values = np.array(kind.ask(schedule, asked))
        assert_close(values, expected, 5e-7 if kind.single else 3e-15, absolute=1e-37 if kind.single else 1e-300)


@WARNS
@pytest.mark.parametrize("kind", [kind for kind in INTEGERS if str(kind) in ENDS_OF_TYPES], ids=str)
def test_an_unsigned_integer_beyond_signed_ones_does_not_wrap(kind):
    """Tensors give it the value of the largest signed one."""
    for schedule in LATE:
        last = 2**32 - 1 if kind.dtype == "uint32" else 2**64 - 1
        [value] = kind.ask(schedule, [last])
        expected = [schedule(last), schedule(last // 2)]
        assert any(value == pytest.approx(e, rel=5e-7, abs=1e-37) for e in expected), (schedule, value, expected)


def test_a_list_of_integers_is_as_exact_as_an_array():
    schedule = Linear(0.3, 0.1, steps=1000).delay(2**53 + 1)
    times = [2**53 + 2, 2**53 + 351]
    assert schedule(times).tolist() == schedule(np.array(times)).tolist() == [schedule(t) for t in times]
