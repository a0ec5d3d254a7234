"""The table's schedules as lists, what holds many of them, and what float32 may miss."""

import numpy as np
import pytest

from examples import OPERATORS, WRITTEN
from lrsched_core import Cosine, Factor, Linear, Sequence

WARMUP_COSINE = OPERATORS["WithWarmup"].trained
# For real optimizers, over two epochs of 4 updates; by name.
TRAINED = {name: example.trained for name, example in WRITTEN.items()}
CATALOGUE = [*TRAINED.values()]
every_schedule = pytest.mark.parametrize("schedule", CATALOGUE, ids=TRAINED)
# For tensors; the first is the usual one.
USUAL = Cosine(0.3, 0.01, steps=15).with_warmup(5)
CASES = [USUAL, *(case for example in WRITTEN.values() for case in example.tensors if case != USUAL)]
WIDE = [case for example in WRITTEN.values() for case in example.wide]

# More pieces than `where` is nested for: of three kinds, some with milestones between the steps.
MANY = Sequence(
    [
        (Linear(0.1 + i / 100, 0.2, steps=7), Cosine(0.3, 0.1 + i / 1000, steps=9), Factor(0.1, 0.9))[i % 3]
        for i in range(30)
    ],
    milestones=[10 * i + 0.5 * (i % 4 == 0) for i in range(1, 30)],
)

LAST = 2**31 - 1
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
