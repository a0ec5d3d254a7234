"""Exact ends: base, peak and final values, and those at milestones, come out in every runtime as they were written."""

# ruff: noqa: F403, F405  # the tables take all of the catalogue

import random

import pytest

from lrsched_core import *
from lrsched_core._value.shapes import SHAPES
from runtimes import USUAL, WARNS

NUMBERS = random.Random(0)
RAMPS = {
    Linear: [{}],
    Cosine: [{}],
    Polynomial: [{}, {"power": 0.5}, {"power": 1.7}, {"power": 1.5, "time_power": 0.7}],
    Power: [{}, {"power": 3.3}],
    CosinePower: [{}, {"power": 2}, {"power": 1.3, "time_power": 0.5}],
    Geometric: [{}],
    NormalizedExponential: [{}, {"ratio": 1e-3}],
    Tanh: [{}, {"lower": -2.5, "upper": 2.5}],
    Rex: [{}],
    Logarithmic: [{}],
    Hyperbolic: [{"upper_bound": 1e5}],
    ExponentialHyperbolic: [{"upper_bound": 1e5}],
}
# The schedule, and at some of its times the values that it was given for them.
ENDS = []
ADVANCED = []


def rate():
    return round(10 ** NUMBERS.uniform(-4, 0), NUMBERS.choice([4, 17])) or 0.1


def length():
    return NUMBERS.choice([int(10 ** NUMBERS.uniform(0, 4)), round(NUMBERS.uniform(0.5, 100), 2)])


for kind, options in RAMPS.items():
    for option in options * 2:
        for base, final in ((rate(), rate()), (0.0, rate()), (rate(), 0.0)):
            if not base * final and kind in (Geometric, ExponentialHyperbolic):
                continue
            steps, late = length(), NUMBERS.choice([1, 7, 2.5, 0.7, 32.21014862693846])
            ramp = kind(base, final, steps=steps, **option)
            ENDS += [
                (ramp, {0: base, steps: final, steps + 3: final}),
                (ramp.delay(late), {0: base, late: base, 2 * (steps + late): final}),
                (ramp.then(Constant(0.3).then(ramp, at=4), at=late), {late: 0.3, late + 4: base}),
                (ramp.repeat(steps), {0: base, steps: base, 2 * steps: base}),
                (ramp.cooldown(at=steps, steps=late, final_lr=0.007), {steps: final, 2 * (steps + late): 0.007}),
            ]
for shape in SHAPES:
    for peak, start in ((rate(), rate()), (rate(), rate())):
        warm = Cosine(peak, 0.01, steps=7).with_warmup(12.3, start=start, shape=shape)
        ENDS.append((warm, {0: start, 12.3: peak, 40: 0.01}))
        ENDS.append((warm.stretch(10), {0: start, 123: peak, 200: 0.01}))
for late in (0, 5, 0.7, 32.21014862693846, 1.1, 77.77):
    base = rate()
    for decay in (
        SquareRoot(base),
        PowerDecay(base, 1.0, timescale=3),
        PowerDecay(base, 0.51, timescale=4000),
        InverseTime(base, 0.3, every=3),
        Exponential(base, 0.97, every=7),
        Exponential(base, 1.01),
        Factor(base, 0.5, every=0.1),
        MultiFactor(base, 0.5, milestones=(3, 8)),
    ):
        ENDS.append((decay.delay(late), {0: base, late: base}))
        ADVANCED.append((decay, late))
    ENDS.append((Saturating(base, timescale=9).delay(late), {0: 0.0, late: 0.0}))
    ENDS.append((RAdam(base).delay(late), {0: 0.0, late: 0.0}))
for _ in range(6):
    values = (rate(), rate(), 0.0, rate(), rate(), rate())
    milestones = (1, 5, 9.3, 33, 101)
    ENDS.append((Interpolated(values, milestones=(0, *milestones)), dict(zip((0, *milestones), values, strict=True))))
    ENDS.append((PiecewiseConstant(values, milestones=milestones), dict(zip((0, *milestones), values, strict=True))))
    parts = [Linear(value, 0.3, steps=2.7) for value in values]
    ENDS.append((Sequence(parts, milestones=milestones), dict(zip((0, *milestones), values, strict=True))))
    peak, steps = rate(), int(10 ** NUMBERS.uniform(1, 4))
    for cut in (0.1, 0.3, 1 / 3):
        ENDS.append((slanted_triangular(peak, steps=steps, warmup_share=cut), {0: peak / 32, steps: peak / 32}))
        ENDS.append((one_cycle(peak, steps=steps, warmup_share=cut), {0: peak / 25, steps: peak / 25 / 1e4}))
        ENDS.append((one_cycle(peak, steps=steps, warmup_share=cut, phases=3), {0: peak / 25, steps: peak / 25 / 1e4}))
        ENDS.append((flat_cosine(peak, 0.007, steps=steps, flat_share=cut), {0: peak, steps: 0.007}))
    ENDS.append((wsd(peak, warmup=0.1, stable=0.2, decay=steps), {0.1: peak, 0.3: peak, steps + 0.3: 0.0}))
    ENDS.append(
        (wsd_periods(peak, 0.001, periods=(0.7, 1.1, 1.2), decay=0.3), {0: peak, 0.7: peak, 1.8: peak, 3: 0.001})
    )
    ENDS.append((restarts(peak, 0.001, steps=0.7, warmup=0.1), {0.1: peak, 0.8: peak, 7.1: peak}))
    ENDS.append((triangular(peak / 3, peak, up=7), {0: peak / 3, 7: peak, 14: peak / 3, 7 + 14 * 9: peak}))


@WARNS
@pytest.mark.parametrize("kind", USUAL, ids=str)
def test_ends_come_out_as_they_were_written(kind):
    found = []
    # Frameworks that take long for each call are asked for a part of them.
    for schedule, ends in ENDS if kind.framework in ("numbers", "numpy", "torch") else ENDS[::4]:
        asked = [t for t in ends if kind.holds(t)]
        values = kind.ask(schedule, asked) if asked else []
        found += [
            (schedule, t, ends[t], value)
            for t, value in zip(asked, values, strict=True)
            if value != kind.rounded(ends[t])
        ]
    assert not found, (len(found), found[:10])


@pytest.mark.parametrize(("decay", "late"), ADVANCED, ids=str)
def test_what_begins_late_begins_with_what_it_has_there(decay, late):
    schedule = decay.advance(1).delay(late)
    assert schedule(0) == schedule(late) == decay(1)
    assert schedule([0.0, late]).tolist() == decay([1, 1]).tolist()
