"""Values that hold, values from a table, and noise."""

from hypothesis import strategies as st
from mpmath import mp, mpf

from examples.draws import durations, interpolated, moments, periods, piecewise, rates
from examples.example import Example
from examples.reference import written
from lrsched_core import Constant, Factor, Interpolated, Linear, MultiFactor, Noise, PiecewiseConstant

LAST = 2**31 - 1


def since(schedule, t):
    """How many milestones have passed."""
    return sum(1 for milestone in schedule.milestones if milestone <= t)


def between_values(schedule, t):
    """On a straight line from one value to the next."""
    knots = list(zip(schedule.milestones, schedule.values, strict=True))
    i = since(schedule, t)
    if i in (0, len(knots)):
        return mpf(knots[min(i, len(knots) - 1)][1])
    (start, before), (stop, after) = knots[i - 1], knots[i]
    return mpf(before) + (mpf(after) - mpf(before)) * (t - start) / (mpf(stop) - start)


def mixed(x):
    """The hash lowbias32 of 32 bits."""
    x = (x ^ x >> 16) * 0x7FEB352D % 2**32
    x = (x ^ x >> 15) * 0x846CA68B % 2**32
    return x ^ x >> 16


def noise(schedule, t):
    """A hash of the count and the seed, of which one of 32 bits is enough here."""
    first, second = mixed(0x9E3779B9 ^ schedule.seed), mixed(0x85EBCA6B ^ schedule.seed)
    high, low = divmod(int(mp.floor(t / written(schedule.every))), 2**32)
    u = (mixed(mixed(low ^ first) ^ mixed(high ^ second)) + mpf(0.5)) / 2**32
    return 1 + mpf(schedule.amount) * (2 * u - 1)


EXAMPLES = {
    "Constant": Example(
        trained=Constant(0.3),
        picture="Constant(0.3)",
        drawn=st.builds(Constant, rates),
        by_hand={Constant(0.3): dict.fromkeys((0, 0.5, 1, 10**15), 0.3)},
        exact=lambda s, _: mpf(s.lr),
        tensors=[Constant(0.1)],
        rates="lr",
    ),
    "Factor": Example(
        trained=Factor(0.5, 0.7, every=2, stop_factor_lr=0.2),
        picture="Factor(0.3, 0.7, every=4)",
        drawn=st.builds(Factor, rates, st.floats(0.1, 1.0), every=durations, stop_factor_lr=rates),
        by_hand={
            Factor(1.0, 0.5): {0: 1.0, 1: 0.5, 2: 0.25, 3: 0.125, 4: 0.0625, 10**9: 0.0},
            Factor(1.0, 0.5, every=10): {0: 1.0, 1: 1.0, 9: 1.0, 10: 0.5, 11: 0.5, 19: 0.5, 20: 0.25},
            Factor(1.0, 0.5, every=2.5): {0: 1.0, 2: 1.0, 2.5: 0.5, 4.75: 0.5, 5: 0.25},
            Factor(1.0, 0.5, every=0.1): {0: 1.0, 0.3: 0.125, 1: 2.0**-10},
            Factor(1.0, 0.5, stop_factor_lr=0.3): {0: 1.0, 1: 0.5, 2: 0.3, 3: 0.3, 10**9: 0.3},
            Factor(0.7, 1.0): {0: 0.7, 10**15: 0.7},
            Factor(1.0, 2.0): {0: 1.0, 1: 2.0, 10: 1024.0, 1023: 2.0**1023},
        },
        exact=lambda s, t: max(mpf(s.base_lr) * mpf(s.factor) ** mp.floor(t / written(s.every)), mpf(s.stop_factor_lr)),
        measured=[
            Factor(0.1, 0.999999),
            Factor(0.1, 0.5, every=10**13),
            Factor(2.0, 0.9, stop_factor_lr=1e-2),
            Factor(0.1, 0.99, every=0.1),
        ],
        tensors=[Factor(2.0, 0.9, stop_factor_lr=0.01), Factor(2.0, 0.99, every=2.5)],
        wide=[Factor(0.1, 1 - 1e-8), Factor(0.1, 0.999, every=12345)],
        rates="base_lr stop_factor_lr",
        positive="factor every",
    ),
    "MultiFactor": Example(
        trained=MultiFactor(0.5, 0.5, milestones=[1, 3, 6]),
        picture="MultiFactor(0.3, 0.5, milestones=(15, 25))",
        drawn=st.builds(MultiFactor, rates, st.floats(0.1, 1.5), milestones=st.lists(moments, max_size=6).map(sorted)),
        by_hand={
            MultiFactor(0.1, 0.5, milestones=()): {0: 0.1, 99: 0.1},
            MultiFactor(1.0, 0.5, milestones=(3, 7)): {
                **dict.fromkeys((0, 1, 2), 1.0),
                **dict.fromkeys((3, 4, 6), 0.5),
                **dict.fromkeys((7, 8, 10**12), 0.25),
            },
            # One that is repeated counts again.
            MultiFactor(1.0, 0.5, milestones=(3, 3)): {2: 1.0, 3: 0.25},
            MultiFactor(1.0, 0.5, milestones=[0]): {0: 0.5},
            MultiFactor(0.1, 0.5, milestones=()): {0: 0.1, 99: 0.1},
        },
        exact=lambda s, t: mpf(s.base_lr) * mpf(s.factor) ** since(s, t),
        measured=[MultiFactor(0.1, 0.7, milestones=range(10, 10**6, 9973))],
        tensors=[MultiFactor(0.5, 0.5, milestones=(15, 30.5, 30.5, 10**12))],
        wide=[MultiFactor(0.1, 0.5, milestones=(2**24 + 1, 2**30 + 1))],
        rates="base_lr",
        positive="factor",
        others="milestones",
    ),
    "PiecewiseConstant": Example(
        trained=PiecewiseConstant((0.5, 0.3, 0.4), milestones=(2, 5)),
        picture="PiecewiseConstant((0.1, 0.3, 0.05), milestones=(10, 25))",
        drawn=piecewise(PiecewiseConstant),
        by_hand={
            PiecewiseConstant([0.5], milestones=[]): {0: 0.5, 99: 0.5},
            # Of two values at the same time the last holds; one at 0 hides the one before.
            PiecewiseConstant((0.5, 0.3, 0.7), milestones=(3, 3)): {2: 0.5, 3: 0.7},
            PiecewiseConstant((0.5, 0.3), milestones=(0,)): {0: 0.3},
            PiecewiseConstant((0.1, 0.3, 0.05), milestones=(2, 4.5)): {
                **dict.fromkeys((0, 1, 1.5), 0.1),
                **dict.fromkeys((2, 3, 4), 0.3),
                **dict.fromkeys((4.5, 5, 10**12), 0.05),
            },
            PiecewiseConstant([0.2], milestones=()): {0: 0.2, 10**12: 0.2},
        },
        exact=lambda s, t: mpf(s.values[since(s, t)]),
        measured=[PiecewiseConstant((0.5, 0.3, 0.4, 0.1), milestones=(20, 50.5, 10**12))],
        tensors=[PiecewiseConstant((0.5, 0.3, 0.4, 0.1), milestones=(20, 50.5, 10**12))],
        wide=[PiecewiseConstant((0.1, 0.2, 0.3), milestones=(2**24 + 1, 2**30 + 1))],
        others="values milestones",
        refused={
            "`values[1]` must be >= 0, got -0.1.": lambda: PiecewiseConstant((0.1, -0.1), milestones=(3,)),
            "`values` must be at least one rate, got ().": lambda: PiecewiseConstant((), milestones=()),
            "`milestones` must be one fewer than the 2 values, got (1, 2).": lambda: PiecewiseConstant(
                (0.1, 0.2), milestones=(1, 2)
            ),
        },
    ),
    "Interpolated": Example(
        trained=Interpolated((0.1, 0.5, 0.2), milestones=(0, 3, 8)),
        picture="Interpolated((0.05, 0.3, 0.2, 0.0), milestones=(0, 8, 25, 38))",
        drawn=interpolated(Interpolated),
        by_hand={
            Interpolated((1.0, 3.0, 0.0, 0.0, 2.0), milestones=(2, 4, 8, 9, 10)): {
                0: 1.0,
                1: 1.0,
                2: 1.0,
                3: 2.0,
                4: 3.0,
                5: 2.25,
                6: 1.5,
                7: 0.75,
                8: 0.0,
                8.5: 0.0,
                9: 0.0,
                9.5: 1.0,
                10: 2.0,
                11: 2.0,
                10**12: 2.0,
            },
            # A time that is given twice is a jump.
            Interpolated((0.0, 2.0, 5.0, 7.0), milestones=(0, 2, 2, 4)): {1: 1.0, 2: 5.0, 3: 6.0, 4: 7.0},
            Interpolated((1.0, 2.0), milestones=(0, 0)): {0: 2.0},
            Interpolated((1.0, 2.0), milestones=(3, 3)): {2: 1.0, 3: 2.0},
            Interpolated([0.3], milestones=[5]): {0: 0.3, 5: 0.3, 6: 0.3},
        },
        exact=between_values,
        measured=[Interpolated((0.3, 0.0, 0.0, 0.1, 0.001), milestones=(10, 5000, 6000, 10**5 + 0.5, 10**9))],
        tensors=[
            Interpolated((0.1, 0.5, 0.0, 0.2), milestones=(5, 30, 80.5, 10**12)),
            Interpolated((0.1, 0.5, 0.2), milestones=(0, 30, 80.5), shape="exponential"),
            Interpolated((0.5, 0.1, 0.2), milestones=(0, 30, 80.5)).stretch(3).repeat(300, decay=0.5),
        ],
        wide=[Interpolated((0.0, 0.1, 0.0, 0.2), milestones=(0, 2**24 + 1, 20_000_000.5, LAST))],
        others="values milestones shape",
        refused={
            "`values[1]` must be >= 0, got -0.1.": lambda: Interpolated((0.1, -0.1), milestones=(3, 5)),
            "`values` must be at least one rate, got ().": lambda: Interpolated((), milestones=(3,)),
            "`milestones` must be as many as the 2 values, got (1,).": lambda: Interpolated(
                (0.1, 0.2), milestones=(1,)
            ),
            "`values[1]` must be > 0, got 0.0.": lambda: Interpolated(
                (0.1, 0.0), milestones=(1, 2), shape="exponential"
            ),
        },
    ),
    "Noise": Example(
        trained=Noise(0.5, seed=3),
        picture="Noise(0.3, seed=1)",
        drawn=st.builds(Noise, st.floats(0.0, 0.9), seed=st.integers(0, 2**70), every=periods),
        # Whoever resumes a run with a later version must meet the same noise.
        by_hand={
            Noise(0.5, seed=7): {
                0: 0.8176960783312097,
                1: 0.7416880674427375,
                2: 1.3026544930180535,
                10**9: 0.9680959336692467,
                2**40: 0.5335066813277081,
                2.0**70: 0.8176960783312097,
            },
            Noise(0.0, seed=7): {0: 1.0, 17: 1.0},
        },
        exact=noise,
        measured=[Noise(0.5, seed=7), Noise(0.3, seed=2**31 + 1, every=10), Noise(1.0, every=2.5)],
        tensors=[Linear(0.3, steps=700) * Noise(0.1, seed=2**40, every=3)],
        wide=[Noise(0.5, seed=1)],
        rates="amount",
        positive="every",
        others="seed",
        refused={
            "`amount` must be <= 1, got 1.5.": lambda: Noise(1.5),
            **{
                f"`seed` must be a whole number >= 0, got {seed!r}.": lambda seed=seed: Noise(0.1, seed=seed)
                for seed in (-1, 0.5, -2.0)
            },
            "`seed` must be finite, got nan.": lambda: Noise(0.1, seed=float("nan")),
        },
    ),
}
