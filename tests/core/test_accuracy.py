"""float64 against 120 digits: at most 1e-15 relative, the last steps before zero included."""

import random

import numpy as np
import pytest
from mpmath import mp, mpf

from lrsched_core import (
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
    NormalizedExponential,
    Polynomial,
    Power,
    PowerDecay,
    RAdam,
    Rex,
    Saturating,
    SquareRoot,
    Tanh,
)

mp.dps = 120
LIMIT = 1e-15


def written(time):
    """A duration, as it is written."""
    return mpf(repr(time))


def share(schedule, t):
    return (written(schedule.steps) - mpf(t)) / written(schedule.steps)


def ramp(schedule, t, weight):
    base, final = mpf(schedule.base_lr), mpf(schedule.final_lr)
    return final + (base - final) * weight if t < schedule.steps else final


def gone(schedule, t):
    return min(mpf(t) / written(schedule.steps), 1)


def hyperbola(schedule, t):
    n, bound = written(schedule.steps), written(schedule.upper_bound)

    def h(t):
        return mp.sqrt((n - t) / bound * (2 - (n + t) / bound))

    return h(mpf(t)) / h(0) if t < n else mpf(0)


def exact(schedule, t):
    """The value of the formula as the documentation has it, with 120 digits."""
    match schedule:
        case Linear():
            return ramp(schedule, t, share(schedule, t))
        case Cosine():
            return ramp(schedule, t, (1 + mp.cos(mp.pi * mpf(t) / written(schedule.steps))) / 2)
        case Polynomial():
            left = share(schedule, t) if schedule.time_power == 1 else 1 - gone(schedule, t) ** mpf(schedule.time_power)
            return ramp(schedule, t, max(left, 0) ** mpf(schedule.power))
        case Power():
            return ramp(schedule, t, 1 - gone(schedule, t) ** mpf(schedule.power))
        case CosinePower():
            wave = (1 + mp.cos(mp.pi * gone(schedule, t) ** mpf(schedule.time_power))) / 2
            return ramp(schedule, t, wave ** mpf(schedule.power))
        case NormalizedExponential():
            r = mpf(schedule.ratio)
            return ramp(schedule, t, (r ** gone(schedule, t) - r) / (1 - r))
        case Tanh():
            low, high = mpf(schedule.lower), mpf(schedule.upper)
            x = low + (high - low) * gone(schedule, t)
            return ramp(schedule, t, (mp.tanh(high) - mp.tanh(x)) / (mp.tanh(high) - mp.tanh(low)))
        case Rex():
            return ramp(schedule, t, share(schedule, t) / (1 - gone(schedule, t) / 2))
        case Logarithmic():
            return ramp(schedule, t, 1 - mp.log(1 + mpf(t)) / mp.log(1 + written(schedule.steps)))
        case Hyperbolic():
            return ramp(schedule, t, hyperbola(schedule, t))
        case ExponentialHyperbolic():
            base, final = mpf(schedule.base_lr), mpf(schedule.final_lr)
            return final * (base / final) ** hyperbola(schedule, t)
        case Geometric():
            base, final = mpf(schedule.base_lr), mpf(schedule.final_lr)
            return base * (final / base) ** min(mpf(t) / written(schedule.steps), 1)
        case SquareRoot():
            return mpf(schedule.base_lr) / mp.sqrt(mpf(t) + 1)
        case InverseTime():
            return mpf(schedule.base_lr) / (1 + mpf(schedule.rate) * mpf(t) / written(schedule.every))
        case PowerDecay():
            return mpf(schedule.base_lr) * (1 + mpf(t) / written(schedule.timescale)) ** -mpf(schedule.power)
        case Exponential():
            return mpf(schedule.base_lr) * mpf(schedule.factor) ** (mpf(t) / written(schedule.every))
        case Saturating():
            return mpf(schedule.base_lr) * (1 - mp.exp(-mpf(t) / written(schedule.timescale)))
        case RAdam():
            beta, n = mpf(schedule.beta2), mpf(t) + 1
            limit = 2 / (1 - beta) - 1
            rho = limit - 2 * n * beta**n / (1 - beta**n)
            squared = max(rho - 4, 0) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)
            return mpf(schedule.base_lr) * mp.sqrt(squared)
        case Interpolated():
            knots = list(zip(schedule.milestones, schedule.values, strict=True))
            i = sum(1 for m, _ in knots if m <= t)
            if i in (0, len(knots)):
                return mpf(knots[min(i, len(knots) - 1)][1])
            (start, before), (stop, after) = knots[i - 1], knots[i]
            return mpf(before) + (mpf(after) - mpf(before)) * (mpf(t) - start) / (mpf(stop) - start)
        case Factor():
            n = mp.floor(mpf(t) / written(schedule.every))
            return max(mpf(schedule.base_lr) * mpf(schedule.factor) ** n, mpf(schedule.stop_factor_lr))
        case MultiFactor():
            n = sum(1 for m in schedule.milestones if m <= t)
            return mpf(schedule.base_lr) * mpf(schedule.factor) ** n
        case _:  # WithWarmup, delayed
            if t < schedule.steps:
                return exact(Linear(schedule.start, schedule.schedule(0), steps=schedule.steps), t)
            # A float has reached a moment if it is the one nearest to it.
            end = written(schedule.steps) + written(schedule.schedule.steps)
            since = mpf(t) - written(schedule.steps) if t < float(end) else written(schedule.schedule.steps)
            return exact(schedule.schedule, since)


RAMPS = [
    kind(base, final, steps=steps, **options)
    for steps in (1, 2, 7, 1000.25, 99_999, 10**6, 10**9 + 7, 10**15)
    for base, final in ((0.1, 0.0), (0.1, 0.001), (0.0, 0.1), (0.001, 0.3), (0.3, 0.29))
    for kind, options in (
        (Linear, {}),
        (Cosine, {}),
        (Polynomial, {}),
        (Polynomial, {"power": 0.5}),
        (Polynomial, {"power": 3.3}),
        (Polynomial, {"time_power": 1.5}),
        (Polynomial, {"time_power": 0.5, "power": 0.5}),
        (Polynomial, {"time_power": 2, "power": 1}),
        (Polynomial, {"time_power": 0.7, "power": 1.5}),
        (Power, {}),
        (Power, {"power": 2}),
        (Power, {"power": 0.3}),
        (Power, {"power": 3.3}),
        (CosinePower, {}),
        (CosinePower, {"power": 2}),
        (CosinePower, {"power": 0.7}),
        (CosinePower, {"time_power": 1.5}),
        (CosinePower, {"time_power": 0.5, "power": 1.5}),
        (CosinePower, {"time_power": 0.7, "power": 2}),
        (CosinePower, {"time_power": 2, "power": 0.5}),
        (NormalizedExponential, {}),
        (NormalizedExponential, {"ratio": 0.999}),
        (NormalizedExponential, {"ratio": 0.01}),
        (NormalizedExponential, {"ratio": 1e-8}),
        (Tanh, {}),
        (Tanh, {"lower": -0.5, "upper": 9}),
        (Tanh, {"lower": 1, "upper": 2}),
        (Tanh, {"lower": -20, "upper": 20}),
        (Rex, {}),
        (Logarithmic, {}),
        (Hyperbolic, {"upper_bound": 1.5 * steps}),
        (Hyperbolic, {"upper_bound": steps}),
        (Hyperbolic, {"upper_bound": 1000 * steps}),
    )
]
RATIOS = [
    kind(0.1, 0.1 * ratio, steps=steps, **options)
    for steps in (1, 7, 1000.25, 99_999, 10**6, 10**9 + 7)
    for ratio in (0.5, 1e-2, 300)
    for kind, options in (
        (Geometric, {}),
        (ExponentialHyperbolic, {"upper_bound": steps}),
        (ExponentialHyperbolic, {"upper_bound": 1.7 * steps}),
        (ExponentialHyperbolic, {"upper_bound": 100 * steps}),
    )
]
SCHEDULES = [
    *RAMPS,
    *RATIOS,
    *[Geometric(0.1, 0.1 * ratio, steps=99_999) for ratio in (1e-8, 1e-250, 1e250)],
    # Great powers of whole times; what is left of a fractional time is rounded, and the power multiplies that.
    Polynomial(0.1, steps=10**6, power=7.3),
    Polynomial(0.0, 0.1, steps=10**9 + 7, power=40),
    SquareRoot(0.1),
    *[InverseTime(0.1, rate, every=every) for rate in (0.001, 0.7) for every in (1, 0.3, 12345)],
    *[PowerDecay(0.1, power, timescale=scale) for power in (0.5, 1, 0.51, 3.3, 40) for scale in (1, 7, 4000, 10**9)],
    PowerDecay(0.1, 1.5, timescale=2.5),
    *[Exponential(0.1, factor, every=every) for factor in (0.5, 1e-3, 0.97, 1 - 1e-9) for every in (1, 0.1, 9999)],
    Exponential(0.1, 1e-12, every=10**15),
    Exponential(0.1, 1 + 1e-14),
    *[Saturating(0.1, timescale=scale) for scale in (1, 0.3, 12345, 10**14)],
    *[RAdam(0.1, beta2=beta2) for beta2 in (0.8, 0.9, 0.99, 0.999, 0.999999)],
    Interpolated((0.3, 0.0, 0.0, 0.1, 0.001), milestones=(10, 5000, 6000, 10**5 + 0.5, 10**9)),
    Factor(0.1, 0.999999),
    Factor(0.1, 0.5, every=10**13),
    Factor(2.0, 0.9, stop_factor_lr=1e-2),
    Factor(0.1, 0.99, every=0.1),
    MultiFactor(0.1, 0.7, milestones=range(10, 10**6, 9973)),
    Cosine(0.3, 0.01, steps=90_000).with_warmup(10_000),
    Cosine(0.3, steps=9.7).with_warmup(0.1),
    Polynomial(0.3, steps=10**6, power=1.5).with_warmup(1000.7),
]


def moments(schedule):
    random.seed(0)
    end = getattr(schedule, "steps", 10**6)
    if isinstance(schedule, Interpolated):
        end = schedule.milestones[1]
    if hasattr(schedule, "schedule"):
        end += schedule.schedule.steps
    asked = {0, 1, 2, 10, 100, 2**31 - 1, 10**15}
    asked |= {end - k for k in range(-1, 101)}
    asked |= {int(random.uniform(0, float(end))) for _ in range(50)} | {
        int(10 ** random.uniform(0, 15)) for _ in range(50)
    }
    if end < 2000:
        asked |= {random.uniform(0, float(end)) for _ in range(100)}
        asked |= {end - end * 2.0**-k for k in range(1, 52)} | {end * 2.0**-k for k in range(1, 60)}
    return sorted(t for t in asked if t >= 0)


def limit(schedule):
    """A power multiplies the rounding of its base, where that is not a time but computed from one."""
    if isinstance(schedule, CosinePower) or getattr(schedule, "time_power", 1) != 1:
        return LIMIT * max(1.0, schedule.power)
    return LIMIT


def error(value, reference):
    return abs(mpf(value) - reference) / reference if reference else abs(mpf(value))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_numbers_are_exact_to_1e_15(schedule):
    # Values that float64 can only denormalise are left out.
    worst = max((error(schedule(t), ref), t) for t in moments(schedule) if not 0 < (ref := exact(schedule, t)) < 1e-290)
    assert worst[0] <= limit(schedule), worst


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_arrays_are_exact_to_1e_15(schedule):
    t = np.array(moments(schedule), float)
    values = schedule(t).tolist()
    worst = max(
        (error(v, ref), x)
        for v, x in zip(values, t.tolist(), strict=True)
        if not 0 < (ref := exact(schedule, x)) < 1e-290
    )
    assert worst[0] <= limit(schedule), worst


def test_the_reference_would_notice_the_textbook_formula():
    """The usual (1 + cos) / 2 fails the bar that ours meets."""
    schedule = Cosine(0.1, steps=10**6)
    t = 10**6 - 1
    textbook = 0.1 * (1 + np.cos(np.pi * t / 10**6)) / 2
    assert error(textbook, exact(schedule, t)) > 1e-6
