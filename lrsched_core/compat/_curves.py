"""Compositions that several originals share."""

from collections.abc import Callable
from functools import partial

from lrsched_core import Constant, Cosine, Linear, Power, Schedule

# Ways from one rate to another.
DECAYS: dict[str, Callable[..., Schedule]] = {
    "linear": Linear,
    "cosine": Cosine,
    "1-sqrt": partial(Power, power=0.5),
}


def endless_cosine(high: float, low: float, steps: float) -> Schedule:
    """A cosine wave that nobody stopped: down in `steps`, up in as many, and so on for ever."""
    return Cosine(high, low, steps=steps).then(Cosine(low, high, steps=steps), at=steps).repeat(2 * steps)


def held(schedule: Schedule, at: float) -> Schedule:
    """The schedule until `at`, and then for ever the value that it has there."""
    return schedule.then(Constant(schedule(at)), at=at)


def warmed_up(schedule: Schedule, steps: float, start: float, target: float) -> Schedule:
    """A straight line from `start` towards `target`, then the schedule, whatever value it begins with."""
    if not steps or schedule(0) == target:
        return schedule.with_warmup(steps, start=start)
    return Linear(start, target, steps=steps).then(schedule, at=steps)
