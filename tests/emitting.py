"""Schedules to emit, and times to ask them for."""

from itertools import islice

from cases import CASES, CATALOGUE, MANY, WIDE
from lrsched_core import Constant, Factor, Linear, MultiFactor, Noise, PiecewiseConstant, Sequence, SquareRoot

FAR = [0, 1, 2, 10**6 + 1, 2**31 - 1, 2**53 + 1, 10**15, 2**63, 10**19, 0.5, 1e300]
LARGE = [
    MANY,
    MANY * Noise(0.1, seed=3),
    Sequence([Linear(0.1, steps=9)] * 1000, milestones=range(10, 10_000, 10)),
    Sequence([Linear(0.1, steps=9), MANY, Factor(0.1, 0.9)] * 30, milestones=range(1000, 90_000, 1000)),
    MANY.staircase(7).repeat(250, decay=0.9).with_warmup(5.5, delay=False),
    MultiFactor(0.5, 0.99, milestones=range(500)),
    PiecewiseConstant([0.1 + i / 7 for i in range(300)], milestones=range(299)).stretch(1.3),
    Sequence([Constant(i / 7) for i in range(200)], milestones=range(199)),
]
GROWING = [
    Factor(1e300, 2.0),
    Factor(0.1, 1.5, every=0.3) + Linear(0.1, steps=8),
    Constant(1e200) * Factor(1.0, 10.0, every=7),
    Factor(0.1, 2.0).staircase(3).then(SquareRoot(0.1), at=5000),
    Linear(0.1, steps=5).repeat(5, decay=1.5),
]
FIXED = [*CATALOGUE, *CASES, *WIDE, *LARGE, *GROWING]


def times_of(schedule, rng):
    """Whole times, the ends of pieces among them, and fractional ones."""
    bounds = [float(bound) for bound in islice(schedule._times(), 200) if 0 <= bound < 1e300]
    some = rng.sample(bounds, min(len(bounds), 12))
    near = [max(0, int(bound) + i) for bound in some for i in (-1, 0, 1)]
    anywhere = [rng.randrange(10 ** rng.randrange(1, 16)) for _ in range(20)]
    return [*FAR, *near, *some, *anywhere, *[rng.random() * t for t in anywhere[:10]]]


def names_of(text):
    names = {"__name__": "emitted"}
    exec(text, names)
    return names
