"""From one rate to another in a given time, then constant."""

import math

from hypothesis import strategies as st
from mpmath import mp, mpf

from examples.draws import durations, hyperbolas, positive_rates, powers, rates, ratios, small_powers
from examples.example import ROUNDING, Example
from examples.reference import along, bounds, gone, hyperbola, ramp, share, written
from examples.reference import ramps as measured
from examples.reference import ratios as measured_ratios
from lrsched_core import (
    Cosine,
    CosinePower,
    ExponentialHyperbolic,
    Geometric,
    Hyperbolic,
    Linear,
    Logarithmic,
    NormalizedExponential,
    Polynomial,
    Power,
    Rex,
    Tanh,
)

LAST = 2**31 - 1


def by_power(schedule):
    """A power multiplies the rounding of its base, where that is not a time but computed from one."""
    computed = isinstance(schedule, CosinePower) or schedule.time_power != 1
    return ROUNDING * max(1.0, schedule.power) if computed else ROUNDING


def polynomial(schedule, t):
    """The weight: a power of what is left."""
    left = share(schedule, t) if schedule.time_power == 1 else 1 - gone(schedule, t) ** mpf(schedule.time_power)
    return max(left, 0) ** mpf(schedule.power)


def wave(schedule, t):
    """The weight: a power of half a cosine wave."""
    return ((1 + mp.cos(mp.pi * gone(schedule, t) ** mpf(schedule.time_power))) / 2) ** mpf(schedule.power)


def exponential(schedule, t):
    """The weight: a power of the ratio, from 1 to 0."""
    r = mpf(schedule.ratio)
    return (r ** gone(schedule, t) - r) / (1 - r)


def tangent(schedule, t):
    """The weight: a hyperbolic tangent."""
    low, high = mpf(schedule.lower), mpf(schedule.upper)
    x = low + (high - low) * gone(schedule, t)
    return (mp.tanh(high) - mp.tanh(x)) / (mp.tanh(high) - mp.tanh(low))


def geometric(weight):
    """A formula between two rates above 0, of the weight of the first."""

    def value(schedule, t):
        base, final = mpf(schedule.base_lr), mpf(schedule.final_lr)
        return final * (base / final) ** weight(schedule, t)

    return value


EXAMPLES = {
    "Linear": Example(
        trained=Linear(0.5, 0.1, steps=7),
        picture="Linear(0.3, 0.03, steps=32)",
        drawn=st.builds(Linear, rates, rates, steps=durations),
        by_hand={
            Linear(1.0, steps=4): along(1.0, 0.75, 0.25, 0.0, 0.0, 0.0),
            Linear(0.0, 1.0, steps=4): along(0.0, 0.25, 0.75, 1.0, 1.0, 1.0),
            Linear(0.5, 0.25, steps=4): along(0.5, 0.4375, 0.3125, 0.25, 0.25, 0.25),
        },
        exact=ramp(share),
        measured=measured(Linear),
        tensors=[Linear(0.4, steps=9)],
        wide=[Linear(0.1, steps=LAST), Linear(0.0, 0.1, steps=20_000_000.5)],
        rates="base_lr final_lr",
        positive="steps",
    ),
    "Cosine": Example(
        trained=Cosine(0.5, 0.1, steps=7),
        picture="Cosine(0.3, 0.01, steps=32)",
        drawn=st.builds(Cosine, rates, rates, steps=durations),
        by_hand={
            Cosine(1.0, steps=4): along(1.0, 0.5 + math.sqrt(0.125), 0.5 - math.sqrt(0.125), 0.0, 0.0, 0.0),
            Cosine(0.0, 1.0, steps=4): along(0.0, 0.5 - math.sqrt(0.125), 0.5 + math.sqrt(0.125), 1.0, 1.0, 1.0),
            Cosine(3.0, 1.0, steps=4): along(3.0, 2 + math.sqrt(0.5), 2 - math.sqrt(0.5), 1.0, 1.0, 1.0),
        },
        exact=ramp(lambda s, t: (1 + mp.cos(mp.pi * gone(s, t))) / 2),
        measured=measured(Cosine),
        tensors=[Cosine(0.3, 0.01, steps=1500), Cosine(0.0, 0.3, steps=15.5)],
        wide=[Cosine(0.1, steps=LAST), Cosine(0.1, 0.001, steps=LAST), Cosine(0.0, 0.1, steps=LAST)],
        rates="base_lr final_lr",
        positive="steps",
    ),
    "CosinePower": Example(
        trained=CosinePower(0.5, 0.1, steps=7, power=1.5),
        picture="CosinePower(0.3, 0.01, steps=32, power=2.0)",
        # Greater powers of a sine multiply what float32 rounds; the class says how far.
        drawn=st.builds(CosinePower, rates, rates, steps=durations, power=st.floats(0.5, 1.25))
        | st.builds(CosinePower, rates, rates, steps=durations, time_power=st.sampled_from([0.5, 1.0, 2.0])),
        by_hand={
            # (1 + cos(pi / 4)) / 2 is 1/2 + sqrt(1/8).
            CosinePower(1.0, steps=4): along(1.0, 0.5 + math.sqrt(0.125), 0.5 - math.sqrt(0.125), 0.0, 0.0, 0.0),
            CosinePower(1.0, steps=4, power=2): along(
                1.0, 0.375 + math.sqrt(0.125), 1 / 64 / (0.375 + math.sqrt(0.125)), 0.0, 0.0, 0.0
            ),
            CosinePower(0.0, 1.0, steps=4, power=2): along(
                0.0, 0.625 - math.sqrt(0.125), 0.625 + math.sqrt(0.125), 1.0, 1.0, 1.0
            ),
            # The square root of 1/4 is 1/2, where the wave is at one half.
            CosinePower(1.0, steps=4, time_power=0.5): along(1.0, 0.5, 0.04363790094891098, 0.0, 0.0, 0.0),
        },
        exact=ramp(wave),
        measured=measured(
            CosinePower,
            {},
            {"power": 2},
            {"power": 0.7},
            {"time_power": 1.5},
            {"time_power": 0.5, "power": 1.5},
            {"time_power": 0.7, "power": 2},
            {"time_power": 2, "power": 0.5},
        ),
        limit=by_power,
        tensors=[
            CosinePower(0.3, 0.01, steps=150, power=1.5),
            CosinePower(0.0, 0.3, steps=150, time_power=0.7).with_warmup(5.5, start=0.1, shape="sqrt"),
        ],
        wide=[CosinePower(0.1, steps=LAST, power=1.5), CosinePower(0.0, 0.1, steps=LAST, time_power=1.5)],
        rates="base_lr final_lr",
        positive="steps power time_power",
    ),
    "Polynomial": Example(
        trained=Polynomial(0.5, 0.1, steps=7, power=2.0),
        picture="Polynomial(0.3, steps=32)",
        drawn=st.builds(Polynomial, rates, rates, steps=durations, power=powers)
        | st.builds(Polynomial, rates, rates, steps=durations, power=small_powers, time_power=small_powers),
        by_hand={
            Polynomial(1.0, steps=4): along(1.0, 0.5625, 0.0625, 0.0, 0.0, 0.0),
            Polynomial(1.0, steps=4, power=1): along(1.0, 0.75, 0.25, 0.0, 0.0, 0.0),
            Polynomial(1.0, steps=4, power=0.5): along(1.0, math.sqrt(0.75), 0.5, 0.0, 0.0, 0.0),
            Polynomial(1.0, steps=4, power=3): along(1.0, 0.421875, 0.015625, 0.0, 0.0, 0.0),
            Polynomial(1.0, 0.5, steps=4): along(1.0, 0.78125, 0.53125, 0.5, 0.5, 0.5),
            Polynomial(0.0, 1.0, steps=4): along(0.0, 0.4375, 0.9375, 1.0, 1.0, 1.0),
            Polynomial(0.5, 1.0, steps=4): along(0.5, 0.71875, 0.96875, 1.0, 1.0, 1.0),
            Polynomial(1.0, steps=4, power=2, time_power=2): along(1.0, 0.87890625, 0.19140625, 0.0, 0.0, 0.0),
            Polynomial(0.0, 1.0, steps=4, power=2, time_power=2): along(0.0, 0.12109375, 0.80859375, 1.0, 1.0, 1.0),
            Polynomial(1.0, steps=4, power=1, time_power=0.5): along(1.0, 0.5, 1 - math.sqrt(0.75), 0.0, 0.0, 0.0),
        },
        exact=ramp(polynomial),
        measured=[
            *measured(
                Polynomial,
                {},
                {"power": 0.5},
                {"power": 3.3},
                {"time_power": 1.5},
                {"time_power": 0.5, "power": 0.5},
                {"time_power": 2, "power": 1},
                {"time_power": 0.7, "power": 1.5},
            ),
            # Great powers of whole times; what is left of a fractional time is rounded, and the power multiplies that.
            Polynomial(0.1, steps=10**6, power=7.3),
            Polynomial(0.0, 0.1, steps=10**9 + 7, power=40),
        ],
        limit=by_power,
        tensors=[
            Polynomial(0.4, 0.1, steps=40),
            Polynomial(0.0, 0.4, steps=40, power=1.5),
            Polynomial(0.3, 0.01, steps=150, power=1.5, time_power=0.7),
        ],
        wide=[
            Polynomial(0.1, steps=LAST),
            Polynomial(0.1, 0.01, steps=LAST, power=0.5),
            Polynomial(0.0, 0.1, steps=LAST, power=3.5),
            Polynomial(0.1, steps=LAST, power=1, time_power=1.5),
        ],
        rates="base_lr final_lr",
        positive="steps power time_power",
    ),
    "Power": Example(
        trained=Power(0.5, 0.1, steps=7),
        picture="Power(0.3, steps=32)",
        drawn=st.builds(Power, rates, rates, steps=durations, power=powers),
        by_hand={
            Power(1.0, steps=4): along(1.0, 0.5, 1 - math.sqrt(0.75), 0.0, 0.0, 0.0),
            Power(0.0, 1.0, steps=4): along(0.0, 0.5, math.sqrt(0.75), 1.0, 1.0, 1.0),
            Power(1.0, steps=4, power=1): along(1.0, 0.75, 0.25, 0.0, 0.0, 0.0),
            Power(1.0, steps=4, power=2): along(1.0, 0.9375, 0.4375, 0.0, 0.0, 0.0),
            Power(1.0, 0.5, steps=4, power=3): along(1.0, 0.9921875, 0.7890625, 0.5, 0.5, 0.5),
            Power(0.5, 1.0, steps=4, power=3): along(0.5, 0.5078125, 0.7109375, 1.0, 1.0, 1.0),
        },
        exact=ramp(lambda s, t: 1 - gone(s, t) ** mpf(s.power)),
        measured=measured(Power, {}, {"power": 2}, {"power": 0.3}, {"power": 3.3}),
        tensors=[Power(0.3, steps=80).with_warmup(20, shape="rex"), Power(0.3, steps=80, power=0.7)],
        wide=[Power(0.1, steps=LAST), Power(0.1, steps=LAST, power=1.5), Power(0.0, 0.1, steps=LAST, power=0.3)],
        rates="base_lr final_lr",
        positive="steps power",
    ),
    "Geometric": Example(
        trained=Geometric(0.5, 0.1, steps=7),
        picture="Geometric(0.3, 0.003, steps=32)",
        drawn=st.builds(Geometric, positive_rates, positive_rates, steps=durations),
        by_hand={
            Geometric(1.0, 16.0, steps=4): along(1.0, 2.0, 8.0, 16.0, 16.0, 16.0),
            Geometric(16.0, 1.0, steps=4): along(16.0, 8.0, 2.0, 1.0, 1.0, 1.0),
        },
        exact=geometric(lambda s, t: 1 - gone(s, t)),
        measured=[
            *measured_ratios(Geometric),
            *[Geometric(0.1, 0.1 * ratio, steps=99_999) for ratio in (1e-8, 1e-250, 1e250)],
        ],
        tensors=[Geometric(1e-4, 1.0, steps=500).with_warmup(10, shape="polynomial"), Geometric(1e-4, 1.0, steps=50.5)],
        wide=[Geometric(0.1, 1e-6, steps=LAST), Geometric(1e-6, 0.1, steps=20_000_000.5)],
        positive="base_lr final_lr steps",
    ),
    "NormalizedExponential": Example(
        trained=NormalizedExponential(0.5, 0.1, steps=7, ratio=0.1),
        picture="NormalizedExponential(0.3, steps=32, ratio=0.01)",
        drawn=st.builds(NormalizedExponential, rates, rates, steps=durations, ratio=ratios),
        by_hand={
            # (1/4)^(t/4) is 1, 1/sqrt(2), 1/2, 1/sqrt(8).
            NormalizedExponential(1.0, steps=4, ratio=0.25): along(
                1.0, (math.sqrt(0.5) - 0.25) / 0.75, (math.sqrt(0.125) - 0.25) / 0.75, 0.0, 0.0, 0.0
            ),
            NormalizedExponential(0.0, 1.0, steps=4, ratio=0.25): along(
                0.0, (1 - math.sqrt(0.5)) / 0.75, (1 - math.sqrt(0.125)) / 0.75, 1.0, 1.0, 1.0
            ),
            NormalizedExponential(1.0, 0.5, steps=4): along(1.0, 0.8408964152537145, 0.5946035575013605, 0.5, 0.5, 0.5),
        },
        exact=ramp(exponential),
        measured=measured(NormalizedExponential, {}, {"ratio": 0.999}, {"ratio": 0.01}, {"ratio": 1e-8}),
        tensors=[NormalizedExponential(0.3, steps=800, ratio=1e-4), NormalizedExponential(0.01, 0.3, steps=80)],
        wide=[NormalizedExponential(0.1, steps=LAST, ratio=1e-6), NormalizedExponential(0.0, 0.1, steps=LAST)],
        rates="base_lr final_lr",
        positive="steps ratio",
        refused={"`ratio` must be < 1, got 1.": lambda: NormalizedExponential(0.1, steps=3, ratio=1)},
    ),
    "Logarithmic": Example(
        trained=Logarithmic(0.5, 0.1, steps=7),
        picture="Logarithmic(0.0, 0.3, steps=32)",
        drawn=st.builds(Logarithmic, rates, rates, steps=durations),
        by_hand={
            Logarithmic(0.0, 1.0, steps=4): along(0.0, 0.43067655807339306, 0.8613531161467861, 1.0, 1.0, 1.0),
            Logarithmic(1.0, steps=4): along(1.0, 0.569323441926607, 0.13864688385321389, 0.0, 0.0, 0.0),
        },
        exact=ramp(lambda s, t: 1 - mp.log(1 + t) / mp.log(1 + written(s.steps))),
        measured=measured(Logarithmic),
        tensors=[Logarithmic(0.3, steps=70).with_warmup(9, shape="logarithmic")],
        wide=[Logarithmic(0.1, steps=LAST), Logarithmic(0.0, 0.1, steps=LAST)],
        rates="base_lr final_lr",
        positive="steps",
    ),
    "Tanh": Example(
        trained=Tanh(0.5, 0.1, steps=7),
        picture="Tanh(0.3, steps=32)",
        drawn=st.builds(Tanh, rates, rates, steps=durations, lower=st.floats(-9.0, 0.0), upper=st.floats(0.25, 9.0)),
        by_hand={
            # From tanh(-1) to tanh(1), with tanh(-1/2) and tanh(1/2) a quarter of the way from either end.
            Tanh(1.0, steps=4, lower=-1, upper=1): along(1.0, 0.8033880667585181, 0.19661193324148185, 0.0, 0.0, 0.0),
            Tanh(0.0, 1.0, steps=4, lower=-1, upper=1): along(
                0.0, 0.19661193324148185, 0.8033880667585181, 1.0, 1.0, 1.0
            ),
        },
        exact=ramp(tangent),
        measured=measured(
            Tanh,
            {},
            {"lower": -0.5, "upper": 9},
            {"lower": 1, "upper": 2},
            {"lower": -20, "upper": 20},
            {"lower": 0, "upper": 1e-12},
        ),
        tensors=[
            Tanh(0.3, steps=700).with_warmup(9, shape="tanh"),
            Tanh(0.0, 0.3, steps=70.5, lower=-9, upper=9),
        ],
        wide=[Tanh(0.1, steps=LAST), Tanh(0.0, 0.1, steps=LAST)],
        rates="base_lr final_lr",
        positive="steps",
        others="lower upper",
        refused={
            "`lower` must be between -20 and 20, got 20.5.": lambda: Tanh(0.1, steps=3, lower=20.5),
            "`lower` must be between -20 and 20, got -21.": lambda: Tanh(0.1, steps=3, lower=-21),
            "`lower` must be finite, got nan.": lambda: Tanh(0.1, steps=3, lower=math.nan),
            "`upper` must be between -20 and 20, got 20.5.": lambda: Tanh(0.1, steps=3, upper=20.5),
            "`upper` must be between -20 and 20, got -21.": lambda: Tanh(0.1, steps=3, upper=-21),
            "`upper` must be finite, got nan.": lambda: Tanh(0.1, steps=3, upper=math.nan),
            # It must be passed upwards.
            "`upper` must be at least 1e-12 above lower (3.0), got 3.0.": lambda: Tanh(0.1, steps=3, lower=3),
            "`upper` must be at least 1e-12 above lower (0.0), got 1e-200.": lambda: Tanh(
                0.1, steps=3, lower=0, upper=1e-200
            ),
        },
    ),
    "Rex": Example(
        trained=Rex(0.5, 0.1, steps=7),
        picture="Rex(0.3, steps=32)",
        drawn=st.builds(Rex, rates, rates, steps=durations),
        by_hand={
            Rex(1.0, steps=4): along(1.0, 6 / 7, 0.4, 0.0, 0.0, 0.0),
            Rex(0.0, 1.0, steps=4): along(0.0, 1 / 7, 0.6, 1.0, 1.0, 1.0),
        },
        exact=ramp(lambda s, t: share(s, t) / (1 - gone(s, t) / 2)),
        measured=measured(Rex),
        tensors=[Rex(0.3, steps=70)],
        wide=[Rex(0.1, steps=LAST), Rex(0.0, 0.1, steps=LAST)],
        rates="base_lr final_lr",
        positive="steps",
    ),
    "Hyperbolic": Example(
        trained=Hyperbolic(0.5, 0.1, steps=7, upper_bound=10),
        picture="Hyperbolic(0.3, 0.01, steps=32, upper_bound=40)",
        drawn=hyperbolas(Hyperbolic, rates),
        by_hand={
            Hyperbolic(1.0, steps=4, upper_bound=4): along(1.0, 0.75, 0.25, 0.0, 0.0, 0.0),
            Hyperbolic(1.0, steps=4, upper_bound=1.5e308): along(1.0, math.sqrt(0.75), 0.5, 0.0, 0.0, 0.0),
            Hyperbolic(1.0, steps=4, upper_bound=6): along(1.0, math.sqrt(21 / 32), math.sqrt(5 / 32), 0.0, 0.0, 0.0),
            Hyperbolic(0.0, 1.0, steps=4, upper_bound=4): along(0.0, 0.25, 0.75, 1.0, 1.0, 1.0),
        },
        exact=ramp(hyperbola),
        measured=measured(Hyperbolic, *bounds(1, 1.5, 1000)),
        tensors=[Hyperbolic(0.3, steps=700, upper_bound=1000), Hyperbolic(0.0, 0.3, steps=70.5, upper_bound=100)],
        wide=[Hyperbolic(0.1, steps=LAST, upper_bound=2**32), Hyperbolic(0.0, 0.1, steps=LAST, upper_bound=2**32)],
        rates="base_lr final_lr",
        positive="steps upper_bound",
        refused={
            "`upper_bound` must be >= steps (10), got 9.5.": lambda: Hyperbolic(0.1, 0.2, steps=10, upper_bound=9.5)
        },
    ),
    "ExponentialHyperbolic": Example(
        trained=ExponentialHyperbolic(0.5, 0.1, steps=7, upper_bound=10),
        picture="ExponentialHyperbolic(0.3, 0.01, steps=32, upper_bound=40)",
        drawn=hyperbolas(ExponentialHyperbolic, st.floats(0.01, 1.0)),
        by_hand={
            ExponentialHyperbolic(16.0, 1.0, steps=4, upper_bound=4): along(16.0, 8.0, 2.0, 1.0, 1.0, 1.0),
            ExponentialHyperbolic(1.0, 16.0, steps=4, upper_bound=6): along(
                1.0, 16 ** (1 - math.sqrt(21 / 32)), 16 ** (1 - math.sqrt(5 / 32)), 16.0, 16.0, 16.0
            ),
        },
        exact=geometric(hyperbola),
        measured=measured_ratios(ExponentialHyperbolic, *bounds(1, 1.7, 100)),
        tensors=[ExponentialHyperbolic(0.3, 0.01, steps=700, upper_bound=1000)],
        wide=[ExponentialHyperbolic(0.1, 0.01, steps=LAST, upper_bound=2**32)],
        positive="base_lr final_lr steps upper_bound",
        refused={
            "`upper_bound` must be >= steps (10), got 9.5.": lambda: ExponentialHyperbolic(
                0.1, 0.2, steps=10, upper_bound=9.5
            )
        },
    ),
}
