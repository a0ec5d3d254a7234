"""Schedules that every framework is asked for, and what float32 may miss."""

import numpy as np

from lrsched_core import (
    Constant,
    Cosine,
    CosinePower,
    Exponential,
    ExponentialHyperbolic,
    Factor,
    Geometric,
    Hyperbolic,
    Interpolated,
    InverseTime,
    Linear,
    Logarithmic,
    MultiFactor,
    Noise,
    NormalizedExponential,
    PiecewiseConstant,
    Polynomial,
    Power,
    PowerDecay,
    RAdam,
    Rex,
    Saturating,
    Sequence,
    SquareRoot,
    Tanh,
    minimum,
)

# For real optimizers, over two epochs of 4 updates: each but the constant has other rates in the second.
WARMUP_COSINE = Cosine(0.3, 0.01, steps=4).with_warmup(3)
CATALOGUE = [
    Constant(0.3),
    Factor(0.5, 0.7, every=2, stop_factor_lr=0.2),
    MultiFactor(0.5, 0.5, milestones=[1, 3, 6]),
    SquareRoot(0.1),
    Polynomial(0.5, 0.1, steps=7, power=2.0),
    Linear(0.5, 0.1, steps=7),
    Cosine(0.5, 0.1, steps=7),
    PiecewiseConstant((0.5, 0.3, 0.4), milestones=(2, 5)),
    Interpolated((0.1, 0.5, 0.2), milestones=(0, 3, 8)),
    InverseTime(0.5, 0.2),
    PowerDecay(0.5, timescale=3),
    Exponential(0.5, 0.7, every=2),
    Saturating(0.5, timescale=3),
    RAdam(0.5, beta2=0.9),
    Noise(0.5, seed=3),
    CosinePower(0.5, 0.1, steps=7, power=1.5),
    Geometric(0.5, 0.1, steps=7),
    NormalizedExponential(0.5, 0.1, steps=7, ratio=0.1),
    Power(0.5, 0.1, steps=7),
    Tanh(0.5, 0.1, steps=7),
    Rex(0.5, 0.1, steps=7),
    Logarithmic(0.5, 0.1, steps=7),
    Hyperbolic(0.5, 0.1, steps=7, upper_bound=10),
    ExponentialHyperbolic(0.5, 0.1, steps=7, upper_bound=10),
    WARMUP_COSINE,
]

# For tensors.
CASES = [
    Cosine(0.3, 0.01, steps=15).with_warmup(5),
    Cosine(0.3, 0.01, steps=1500),
    Cosine(0.0, 0.3, steps=15.5),
    Constant(0.1),
    Factor(2.0, 0.9, stop_factor_lr=0.01),
    Factor(2.0, 0.99, every=2.5),
    MultiFactor(0.5, 0.5, milestones=(15, 30.5, 30.5, 10**12)),
    SquareRoot(0.1),
    Polynomial(0.4, 0.1, steps=40),
    Polynomial(0.0, 0.4, steps=40, power=1.5),
    Polynomial(0.3, 0.01, steps=150, power=1.5, time_power=0.7),
    Linear(0.4, steps=9).with_warmup(4, start=0.01, shape="exponential"),
    Cosine(0.3, steps=100).with_warmup(20, delay=False, shape="constant", start=0.1),
    PiecewiseConstant((0.5, 0.3, 0.4, 0.1), milestones=(20, 50.5, 10**12)),
    Interpolated((0.1, 0.5, 0.0, 0.2), milestones=(5, 30, 80.5, 10**12)),
    Interpolated((0.1, 0.5, 0.2), milestones=(0, 30, 80.5), shape="exponential"),
    Interpolated((0.5, 0.1, 0.2), milestones=(0, 30, 80.5)).stretch(3).repeat(300, decay=0.5),
    InverseTime(0.5, 0.2, every=7),
    PowerDecay(0.5, timescale=30),
    PowerDecay(0.5, 1.5, timescale=2.5),
    Exponential(0.5, 0.01, every=500),
    Exponential(0.5, 0.7, every=2.5).stretch(7),
    Exponential(0.5, 1.001),
    Saturating(0.5, timescale=300),
    RAdam(0.5, beta2=0.99),
    Linear(0.3, steps=700) * Noise(0.1, seed=2**40, every=3),
    CosinePower(0.3, 0.01, steps=150, power=1.5),
    CosinePower(0.0, 0.3, steps=150, time_power=0.7).with_warmup(5.5, start=0.1, shape="sqrt"),
    Geometric(1e-4, 1.0, steps=500).with_warmup(10, shape="polynomial"),
    Geometric(1e-4, 1.0, steps=50.5),
    NormalizedExponential(0.3, steps=800, ratio=1e-4),
    NormalizedExponential(0.01, 0.3, steps=80),
    Power(0.3, steps=80).with_warmup(20, shape="rex"),
    Power(0.3, steps=80, power=0.7),
    Tanh(0.3, steps=700).with_warmup(9, shape="tanh"),
    Tanh(0.0, 0.3, steps=70.5, lower=-9, upper=9),
    Rex(0.3, steps=70),
    Logarithmic(0.3, steps=70).with_warmup(9, shape="logarithmic"),
    Hyperbolic(0.3, steps=700, upper_bound=1000),
    Hyperbolic(0.0, 0.3, steps=70.5, upper_bound=100),
    ExponentialHyperbolic(0.3, 0.01, steps=700, upper_bound=1000),
    Cosine(0.3, steps=15).with_warmup(5).repeat(20, decay=0.9),
    Cosine(0.3, 0.01, steps=10).repeat(10, growth=2),
    minimum(Cosine(0.3, 0.01, steps=10), Linear(0.3, steps=20)).repeat(1, growth=2),  # its last bounds exceed 64 bits
    Cosine(0.3, 0.01, steps=20).stretch(7).staircase(7),
    SquareRoot(0.1) * Linear(0.0, 1.0, steps=10) + 0.01,
    minimum(SquareRoot(0.3), Linear(0.3, steps=300)).delay(5).clip(0.01, 0.2),
]

# More pieces than `where` is nested for: of three kinds, some with milestones between the steps.
MANY = Sequence(
    [
        (Linear(0.1 + i / 100, 0.2, steps=7), Cosine(0.3, 0.1 + i / 1000, steps=9), Factor(0.1, 0.9))[i % 3]
        for i in range(30)
    ],
    milestones=[10 * i + 0.5 * (i % 4 == 0) for i in range(1, 30)],
)

LAST = 2**31 - 1
WIDE = [
    Cosine(0.1, steps=LAST),
    Cosine(0.1, 0.001, steps=LAST),
    Cosine(0.0, 0.1, steps=LAST),
    Linear(0.1, steps=LAST),
    Linear(0.0, 0.1, steps=20_000_000.5),
    Polynomial(0.1, steps=LAST),
    Polynomial(0.1, 0.01, steps=LAST, power=0.5),
    Polynomial(0.0, 0.1, steps=LAST, power=3.5),
    Polynomial(0.1, steps=LAST, power=1, time_power=1.5),
    PiecewiseConstant((0.1, 0.2, 0.3), milestones=(2**24 + 1, 2**30 + 1)),
    Interpolated((0.0, 0.1, 0.0, 0.2), milestones=(0, 2**24 + 1, 20_000_000.5, LAST)),
    InverseTime(0.1, 0.001),
    PowerDecay(0.1, timescale=10**6),
    PowerDecay(0.1, 1.5, timescale=10**6),
    Exponential(0.1, 1 - 1e-8),
    Exponential(0.1, 1e-6, every=LAST),
    Saturating(0.1, timescale=10**9),
    RAdam(0.1),
    RAdam(0.1, beta2=0.9999999),
    Noise(0.5, seed=1),
    CosinePower(0.1, steps=LAST, power=1.5),
    CosinePower(0.0, 0.1, steps=LAST, time_power=1.5),
    Geometric(0.1, 1e-6, steps=LAST),
    Geometric(1e-6, 0.1, steps=20_000_000.5),
    NormalizedExponential(0.1, steps=LAST, ratio=1e-6),
    NormalizedExponential(0.0, 0.1, steps=LAST),
    Power(0.1, steps=LAST),
    Power(0.1, steps=LAST, power=1.5),
    Power(0.0, 0.1, steps=LAST, power=0.3),
    Tanh(0.1, steps=LAST),
    Tanh(0.0, 0.1, steps=LAST),
    Rex(0.1, steps=LAST),
    Rex(0.0, 0.1, steps=LAST),
    Logarithmic(0.1, steps=LAST),
    Logarithmic(0.0, 0.1, steps=LAST),
    Hyperbolic(0.1, steps=LAST, upper_bound=2**32),
    Hyperbolic(0.0, 0.1, steps=LAST, upper_bound=2**32),
    ExponentialHyperbolic(0.1, 0.01, steps=LAST, upper_bound=2**32),
    SquareRoot(0.1),
    Factor(0.1, 1 - 1e-8),
    Factor(0.1, 0.999, every=12345),
    MultiFactor(0.1, 0.5, milestones=(2**24 + 1, 2**30 + 1)),
    Cosine(0.1, steps=2**33).with_warmup(2**30),
    Linear(0.1, steps=LAST).with_warmup(1000.25),
    Cosine(0.1, steps=1000).repeat(1000),
    Cosine(0.1, steps=2**29).with_warmup(2**29).repeat(2**30, decay=0.5),
    Cosine(0.1, steps=10).repeat(10, growth=3),
    Cosine(0.1, steps=10**6).stretch(391),
    Polynomial(0.1, steps=10**6).stretch(391).staircase(391),
    Linear(0.1, steps=LAST) * Linear(0.0, 1.0, steps=2**30),
    # Their own clocks count beyond 32 bits, or 64.
    SquareRoot(0.1).advance(2**30).delay(2**29),
    SquareRoot(0.1).advance(2).repeat(1, growth=2),
    SquareRoot(0.1).repeat(1000).advance(2**30 + 7),
    SquareRoot(0.1).staircase(77).advance(2**30 + 7),
    Exponential(0.1, 1 - 1e-8).advance(2**30 + 7),
    Factor(0.1, 0.999, every=12345).advance(2**30 + 7),
]

TIMES = np.arange(1000)
FAR = np.unique(
    np.concatenate(
        [
            np.arange(100),
            LAST - np.arange(100),
            2**24 + np.arange(-50, 50),
            2**30 + np.arange(-50, 50),
            20_000_000 + np.arange(-50, 50),
            np.geomspace(1, LAST, 1000).astype(np.int64),
            np.linspace(0, LAST, 1000).astype(np.int64),
        ]
    )
)


def assert_close(values, expected, relative, absolute=1e-300):
    """Every value is within the relative distance of the one expected, or nearly 0 as that one is."""
    values = np.asarray(values, np.float64)
    assert values.shape == expected.shape
    wrong = np.flatnonzero(~(np.abs(values - expected) <= relative * np.abs(expected) + absolute))  # NaN is, too
    assert not wrong.size, (wrong[:5], values.flat[wrong[:5]], expected.flat[wrong[:5]])


def assert_close_in_float32(values, expected):
    """What float32 may miss."""
    # Runtimes take what is below float32's least normal number, 1.2e-38, for 0: also a factor on the way, which
    # several rates of 10 may multiply.
    assert_close(values, expected, 5e-7, absolute=1e-32)
