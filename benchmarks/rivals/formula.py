"""The formula alone: plain functions with literal constants, without checks. Nothing in Python is much faster."""

import math
from bisect import bisect_right
from itertools import accumulate, repeat

from benchmarks.policies import END, FLOOR, MANY, MANY_FACTOR, PEAK, Policy, height
from benchmarks.rivals.table import Functions


def constant(t):
    """The same for ever."""
    return 0.1


def exponential(t):
    """A factor at each step."""
    return 0.1 * 0.9999**t


def steps(t):
    """A tenth at each of two milestones."""
    if t < 30_000:
        return 0.1
    if t < 60_000:
        return 0.01
    return 0.001


def cosine(t):
    """The textbook's half wave."""
    if t < 100_000:
        return 0.001 + 0.099 * (1 + math.cos(math.pi * t / 100_000)) / 2
    return 0.001


def warmup_cosine(t):
    """A ramp, then half a wave."""
    if t < 1_000:
        return 0.1 * t / 1_000
    if t < 100_000:
        return 0.001 + 0.099 * (1 + math.cos(math.pi * (t - 1_000) / 99_000)) / 2
    return 0.001


def square_root(t):
    """The inverse square root."""
    return 0.1 * (t + 1) ** -0.5


def three_phases(t):
    """A ramp, a plateau, half a wave."""
    if t < 1_000:
        return 0.1 * t / 1_000
    if t < 50_000:
        return 0.1
    if t < 100_000:
        return 0.001 + 0.099 * (1 + math.cos(math.pi * (t - 50_000) / 50_000)) / 2
    return 0.001


def one_cycle(t):
    """Half a wave up, half a wave down."""
    if t < 30_000:
        return 0.1 - 0.096 * (1 + math.cos(math.pi * t / 30_000)) / 2
    if t < 100_000:
        return 0.000001 + 0.099999 * (1 + math.cos(math.pi * (t - 30_000) / 70_000)) / 2
    return 0.000001


def restarts(t):
    """Ten half waves."""
    if t < 100_000:
        return 0.001 + 0.099 * (1 + math.cos(math.pi * (t % 10_000) / 10_000)) / 2
    return 0.001


def _many_steps():
    levels = list(accumulate(repeat(MANY_FACTOR, len(MANY)), lambda lr, factor: lr * factor, initial=PEAK))
    milestones = list(MANY)
    return lambda t: levels[bisect_right(milestones, t)]


def _phases(n):
    length = END // n
    heights = [height(i) for i in range(n)]
    starts = [length * i for i in range(1, n)]

    def wave(t):
        if t >= 100_000:
            return 0.001
        i = bisect_right(starts, t)
        return FLOOR + (heights[i] - FLOOR) * (1 + math.cos(math.pi * (t - i * length) / length)) / 2

    return wave


def functions() -> Functions:
    """What every other time is divided by."""
    return {
        "formula": {
            Policy.CONSTANT: constant,
            Policy.EXPONENTIAL: exponential,
            Policy.STEPS: steps,
            Policy.MANY_STEPS: _many_steps(),
            Policy.COSINE: cosine,
            Policy.WARMUP_COSINE: warmup_cosine,
            Policy.SQUARE_ROOT: square_root,
            Policy.THREE_PHASES: three_phases,
            Policy.ONE_CYCLE: one_cycle,
            Policy.RESTARTS: restarts,
            Policy.PHASES_100: _phases(100),
            Policy.PHASES_1000: _phases(1000),
        }
    }
