"""The policies that everybody is asked for, as schedules of this library."""

import random
from collections.abc import Callable, Sequence
from enum import StrEnum

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, Schedule, SquareRoot
from lrsched_core import Sequence as Phases

PEAK, FLOOR = 0.1, 0.001
WARMUP, END = 1_000, 100_000
# All are asked for times from 0 to a little past their end.
HORIZON = 105_000
HOLD_UNTIL = 50_000
RISE = 30_000
PERIOD, CYCLES = 10_000, 10
MANY = range(10, END + 10, 10)
MANY_FACTOR = 0.9995


class Policy(StrEnum):
    """A function of time that several libraries offer."""

    CONSTANT = "constant"
    EXPONENTIAL = "exponential"
    STEPS = "2 milestones"
    MANY_STEPS = "10,000 milestones"
    COSINE = "cosine"
    WARMUP_COSINE = "warmup + cosine"
    SQUARE_ROOT = "inverse square root"
    THREE_PHASES = "3 phases"
    ONE_CYCLE = "one-cycle"
    RESTARTS = "restarts"
    PHASES_100 = "100 phases"
    PHASES_1000 = "1000 phases"


def phases(n: int, end: int = END) -> Schedule:
    """`n` cosines of different heights, one after the other, that fill the time until `end`."""
    length = end // n
    waves = tuple([Cosine(height(i), FLOOR, steps=length) for i in range(n)])
    return Phases(waves, milestones=[length * i for i in range(1, n)])


def height(i: int) -> float:
    """Where the i-th of many cosines begins."""
    return PEAK / (1 + i % 7)


OURS: dict[Policy, Schedule] = {
    Policy.CONSTANT: Constant(PEAK),
    Policy.EXPONENTIAL: Factor(PEAK, 0.9999),
    Policy.STEPS: MultiFactor(PEAK, 0.1, milestones=(30_000, 60_000)),
    Policy.MANY_STEPS: MultiFactor(PEAK, MANY_FACTOR, milestones=MANY),
    Policy.COSINE: Cosine(PEAK, FLOOR, steps=END),
    Policy.WARMUP_COSINE: Cosine(PEAK, FLOOR, steps=END - WARMUP).with_warmup(WARMUP),
    Policy.SQUARE_ROOT: SquareRoot(PEAK),
    Policy.THREE_PHASES: Phases(
        (Linear(0.0, PEAK, steps=WARMUP), Constant(PEAK), Cosine(PEAK, FLOOR, steps=END - HOLD_UNTIL)),
        milestones=(WARMUP, HOLD_UNTIL),
    ),
    Policy.ONE_CYCLE: Cosine(PEAK / 25, PEAK, steps=RISE).then(Cosine(PEAK, 1e-6, steps=END - RISE), at=RISE),
    Policy.RESTARTS: Phases(
        (Cosine(PEAK, FLOOR, steps=PERIOD),) * CYCLES, milestones=range(PERIOD, PERIOD * CYCLES, PERIOD)
    ),
    Policy.PHASES_100: phases(100),
    Policy.PHASES_1000: phases(1000),
}


def in_order(n: int) -> Sequence[int]:
    """`n` times of a training run, first to last."""
    return [(2 * i + 1) * HORIZON // (2 * n) for i in range(n)]


def in_any_order(n: int) -> Sequence[int]:
    """The same, shuffled: where a piece is found quickly only if it was the last one's, that shows."""
    return random.Random(0).sample(in_order(n), n)


# How many pieces there are shows in finding the right one, and a time near the last would find it too easily.
ORDERS: dict[Policy, Callable[[int], Sequence[int]]] = {
    policy: in_any_order if policy in (Policy.MANY_STEPS, Policy.PHASES_100, Policy.PHASES_1000) else in_order
    for policy in Policy
}
