"""Curves without an end."""

import math

from hypothesis import strategies as st
from mpmath import mp, mpf

from examples.draws import durations, rates, small_powers
from examples.example import Example
from examples.reference import written
from lrsched_core import Exponential, InverseTime, PowerDecay, RAdam, Saturating, SquareRoot


def rectified(schedule, t):
    """The factor by which Adam's variance is rectified."""
    beta, n = mpf(schedule.beta2), t + 1
    limit = 2 / (1 - beta) - 1
    rho = limit - 2 * n * beta**n / (1 - beta**n)
    return mpf(schedule.base_lr) * mp.sqrt(max(rho - 4, 0) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))


# beta2 = 3/4: rho is 7 - 6 (3/4)^n n / ... ; rho_5 = 7 - 2430/781, so only from there on it is above 4 for sure.
RHOS = [7 - 2 * n * 3**n / (4**n - 3**n) for n in range(5, 8)]
RECTIFIED = [2 * math.sqrt((rho - 4) * (rho - 2) * 7 / (3 * 5 * rho)) if rho > 4 else 0.0 for rho in RHOS]

EXAMPLES = {
    "SquareRoot": Example(
        trained=SquareRoot(0.1),
        picture="SquareRoot(0.3)",
        drawn=st.builds(SquareRoot, rates),
        by_hand={
            SquareRoot(6.0): {0: 6.0, 3: 3.0, 8: 2.0, 35: 1.0, 1.25: 4.0},
            SquareRoot(1.0): {1: 0.5**0.5, 10**12 - 1: 1e-6},
        },
        exact=lambda s, t: mpf(s.base_lr) / mp.sqrt(t + 1),
        tensors=[SquareRoot(0.1)],
        wide=[
            SquareRoot(0.1),
            # Their own clocks count beyond 32 bits, or 64.
            SquareRoot(0.1).advance(2**30).delay(2**29),
            SquareRoot(0.1).advance(2).repeat(1, growth=2),
            SquareRoot(0.1).repeat(1000).advance(2**30 + 7),
            SquareRoot(0.1).staircase(77).advance(2**30 + 7),
        ],
        rates="base_lr",
    ),
    "PowerDecay": Example(
        trained=PowerDecay(0.5, timescale=3),
        picture="PowerDecay(0.3, 0.5, timescale=5)",
        drawn=st.builds(PowerDecay, rates, small_powers, timescale=durations),
        by_hand={
            PowerDecay(12.0, 2, timescale=10): {0: 12.0, 10: 3.0, 30: 0.75},
            PowerDecay(6.0, 1, timescale=10): {0: 6.0, 10: 3.0, 20: 2.0, 50: 1.0},
            PowerDecay(6.0, timescale=10): {0: 6.0, 30: 3.0, 80: 2.0, 350: 1.0},
            PowerDecay(0.1, 40, timescale=3): {0: 0.1, 1: 0.1 * 0.75**40, 10**15: 0.0},
            PowerDecay(0.1, 5000, timescale=3): {0: 0.1, 1: 0.0, 10**15: 0.0},
            PowerDecay(1e300, 1, timescale=10**300): {0: 1e300, 10**300: 5e299},
        },
        exact=lambda s, t: mpf(s.base_lr) * (1 + t / written(s.timescale)) ** -mpf(s.power),
        measured=[
            *[PowerDecay(0.1, p, timescale=scale) for p in (0.5, 1, 0.51, 3.3, 40) for scale in (1, 7, 4000, 10**9)],
            PowerDecay(0.1, 1.5, timescale=2.5),
        ],
        tensors=[PowerDecay(0.5, timescale=30), PowerDecay(0.5, 1.5, timescale=2.5)],
        wide=[PowerDecay(0.1, timescale=10**6), PowerDecay(0.1, 1.5, timescale=10**6)],
        rates="base_lr",
        positive="power timescale",
    ),
    "Exponential": Example(
        trained=Exponential(0.5, 0.7, every=2),
        picture="Exponential(0.3, 0.9)",
        drawn=st.builds(Exponential, rates, st.floats(0.01, 1.0), every=durations),
        by_hand={
            Exponential(1.0, 0.25, every=10): {0: 1.0, 5: 0.5, 10: 0.25, 15: 0.125, 20: 0.0625},
            Exponential(1.0, 0.5): {0: 1.0, 1: 0.5, 10**15: 0.0},
            Exponential(1.0, 0.5, every=1e-300): {1e300: 0.0},
            Exponential(0.7, 1.0): {0: 0.7, 10**15: 0.7},
            Exponential(1.0, 2.0): {1023: 2.0**1023},
        },
        exact=lambda s, t: mpf(s.base_lr) * mpf(s.factor) ** (t / written(s.every)),
        measured=[
            *[Exponential(0.1, f, every=every) for f in (0.5, 1e-3, 0.97, 1 - 1e-9) for every in (1, 0.1, 9999)],
            Exponential(0.1, 1e-12, every=10**15),
            Exponential(0.1, 1 + 1e-14),
        ],
        tensors=[
            Exponential(0.5, 0.01, every=500),
            Exponential(0.5, 0.7, every=2.5).stretch(7),
            Exponential(0.5, 1.001),
        ],
        wide=[
            Exponential(0.1, 1 - 1e-8),
            Exponential(0.1, 1e-6, every=2**31 - 1),
            Exponential(0.1, 1 - 1e-8).advance(2**30 + 7),
        ],
        rates="base_lr",
        positive="factor every",
    ),
    "InverseTime": Example(
        trained=InverseTime(0.5, 0.2),
        picture="InverseTime(0.3, 0.2)",
        drawn=st.builds(InverseTime, rates, st.floats(1e-6, 10.0), every=durations),
        by_hand={InverseTime(6.0, 0.5, every=10): {0: 6.0, 1: 6 / 1.05, 20: 3.0, 40: 2.0, 100: 1.0}},
        exact=lambda s, t: mpf(s.base_lr) / (1 + mpf(s.rate) * t / written(s.every)),
        measured=[InverseTime(0.1, rate, every=every) for rate in (0.001, 0.7) for every in (1, 0.3, 12345)],
        refused={
            "`rate` must be small enough for `rate / every` to be within the float range, got 10000000000.0.": lambda: (
                InverseTime(0.1, 1e10, every=1e-300)
            )
        },
        tensors=[InverseTime(0.5, 0.2, every=7)],
        wide=[InverseTime(0.1, 0.001)],
        rates="base_lr",
        positive="rate every",
    ),
    "Saturating": Example(
        trained=Saturating(0.5, timescale=3),
        picture="Saturating(0.3, timescale=8)",
        drawn=st.builds(Saturating, rates, timescale=durations),
        by_hand={
            Saturating(2.0, timescale=1 / math.log(2)): {0: 0.0, 1: 1.0, 2: 1.5, 3: 1.75, 1000: 2.0},
            # 1 - exp(-1e-12) is wrong by 1e-5 there.
            Saturating(timescale=10**12): {1: 1e-12 - 5e-25},
        },
        exact=lambda s, t: mpf(s.base_lr) * (1 - mp.exp(-t / written(s.timescale))),
        measured=[Saturating(0.1, timescale=scale) for scale in (1, 0.3, 12345, 10**14)],
        tensors=[Saturating(0.5, timescale=300)],
        wide=[Saturating(0.1, timescale=10**9)],
        rates="base_lr",
        positive="timescale",
    ),
    "RAdam": Example(
        trained=RAdam(0.5, beta2=0.9),
        picture="RAdam(beta2=0.9)",
        drawn=st.builds(RAdam, rates, beta2=st.sampled_from([0.9, 0.95, 0.98, 0.99, 0.999, 0.9999])),
        by_hand={
            RAdam(2.0, beta2=0.75): {
                **dict.fromkeys((0, 1, 2, 3), 0.0),
                **dict(zip((4, 5, 6), RECTIFIED, strict=True)),
                10**6: 2.0,
                10**300: 2.0,
            }
        },
        exact=rectified,
        measured=[RAdam(0.1, beta2=beta2) for beta2 in (0.8, 0.9, 0.99, 0.999, 0.999999)],
        tensors=[RAdam(0.5, beta2=0.99)],
        wide=[RAdam(0.1), RAdam(0.1, beta2=0.9999999)],
        rates="base_lr",
        positive="beta2",
        refused={
            f"`beta2` must be above 0.6 and below 1, got {beta2!r}.": lambda beta2=beta2: RAdam(beta2=beta2)
            for beta2 in (0.6, 0.5, 1.0, 2)
        },
    ),
}
