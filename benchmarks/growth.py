"""How cost and memory grow with what a schedule is made of, and with what it is asked."""

import pickle
import tracemalloc
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import repeat
from typing import Any

import numpy as np
import torch

from benchmarks import measure as timer
from benchmarks.arrays import peak, where
from benchmarks.building import sequential
from benchmarks.measure import Contestant
from benchmarks.policies import HORIZON, OURS, Policy, height, phases
from benchmarks.section import FULL, Axis, Bench, Growth, Section, Sized, Table, Timed, nanoseconds
from benchmarks.torch_step import LONG, optimizer_of
from benchmarks.torch_step import OURS as STEPPED
from lrsched_core import Cosine, Factor, MultiFactor, Schedule
from lrsched_torch import ScheduleLR

LENGTH = 100


def _spread_over(stop: int) -> Callable[[int], list[int]]:
    return lambda n: np.random.default_rng(0).integers(0, stop, n).tolist()


def _held(build: Callable[[], Schedule]) -> int:
    """Bytes that a schedule keeps once it has been asked."""
    build()(0)  # what is kept for all schedules is not this one's
    tracemalloc.start()
    try:
        schedule = build()
        schedule(0)
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def _waves(n: int) -> Schedule:
    return phases(n, LENGTH * n)


def _pieces(n: int) -> Timed:
    times = _spread_over(LENGTH * n)
    timed = {
        "ours: a call": Contestant(_asked_everywhere(_waves(n), n), times),
        "ours: building": Contestant(lambda: _built(_waves(n))),
        "ours: building, and a call in each piece": Contestant(lambda: _asked_everywhere(_waves(n), n)),
    }
    if n <= 1000:
        timed["SequentialLR: building"] = Contestant(lambda: sequential(n))
        if (lrsched := _imported("lrsched")) is not None:
            wave = lrsched.cosine(base_lr=0.1, min_lr=0.001, total_steps=LENGTH)
            timed["lrsched: a call"] = Contestant(lrsched.sequential(list(repeat((LENGTH, wave), n))), times)
    return timed


def _asked_everywhere(schedule: Schedule, n: int) -> Schedule:
    """A piece is prepared by the first number that reaches it: a call costs the same in all that have been asked."""
    for t in range(0, LENGTH * n, LENGTH):
        schedule(t)
    return schedule


def _built(schedule: Schedule) -> float:
    """Its first value, so that all that is put off until then is done."""
    return schedule(0)


def _steps(n: int) -> Schedule:
    return MultiFactor(0.1, 1 - 1 / (n + 1), milestones=range(1, n + 1))


def _milestones(n: int) -> Timed:
    times = _spread_over(n + 1)
    timed = {"ours: a call": Contestant(_steps(n), times), "ours: building": Contestant(lambda: _built(_steps(n)))}
    if n <= 100_000 and (lrsched := _imported("lrsched")) is not None:
        theirs = lrsched.multi_step(base_lr=0.1, milestones=range(1, n + 1), gamma=1 - 1 / (n + 1))
        timed["lrsched: a call"] = Contestant(theirs, times)
    return timed


def _chain(n: int) -> Schedule:
    schedule: Schedule = Cosine(height(0), 0.001, steps=LENGTH)
    for i in range(1, n):
        schedule = schedule.then(Cosine(height(i), 0.001, steps=LENGTH), at=LENGTH * i)
    return schedule


def _depth(n: int) -> Timed:
    return {
        "ours: a call": Contestant(_asked_everywhere(_chain(n), n), _spread_over(LENGTH * n)),
        "ours: building": Contestant(lambda: _built(_chain(n))),
    }


def _groups(n: int) -> Timed:
    return {
        "ours: step()": Contestant(ScheduleLR(optimizer_of(n), STEPPED).step),
        "CosineAnnealingLR: step()": Contestant(_cosine(n).step),
    }


def _cosine(n: int) -> torch.optim.lr_scheduler.LRScheduler:
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer_of(n), LONG)


def _state(n: int) -> Sized:
    return {
        "ours: state": len(pickle.dumps(ScheduleLR(optimizer_of(n), STEPPED).state_dict())),
        "CosineAnnealingLR: state": len(pickle.dumps(_cosine(n).state_dict())),
    }


def _arrays() -> dict[str, Callable[[Any], Any]]:
    return {
        "ours: warmup + cosine": OURS[Policy.WARMUP_COSINE],
        "ours: 100 phases": OURS[Policy.PHASES_100],
        "np.where": where,
    }


def _points(n: int) -> Timed:
    t = np.linspace(0, HORIZON, n)
    return {name: Contestant(function, lambda k: [t] * k) for name, function in _arrays().items()}


def _peaks(n: int) -> Sized:
    t = np.linspace(0, HORIZON, n)
    return {name: peak(function, t) for name, function in _arrays().items()}


def _times(t: int) -> Timed:
    timed = {
        "ours: cosine": Contestant(Cosine(0.1, steps=2 * 10**15), lambda n: [t] * n),
        "ours: factor": Contestant(Factor(0.1, 0.999, every=10**12), lambda n: [t] * n),
    }
    if t <= 10**9 and (lrsched := _imported("lrsched")) is not None:
        restarts = lrsched.cosine_restarts(base_lr=0.1, min_lr=0.0, period=10_000, t_mult=1)
        timed["lrsched: restarts"] = Contestant(restarts, lambda n: [t] * n)
    if t <= 10**6 and _imported("benchmarks.rivals.mxnet") is not None:
        mxnet: Any = import_module("mxnet")
        timed["MXNet: factor"] = Contestant(lambda: mxnet.lr_scheduler.FactorScheduler(1, 0.999)(t))
    return timed


def _imported(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _powers(last: int, step: int = 1) -> tuple[int, ...]:
    return tuple(10**i for i in range(0, last + 1, step))


AXES = (
    Axis("pieces", _powers(4), _pieces, lambda n: {"ours": _held(lambda: _waves(n))}, "Memory of the schedule"),
    Axis("milestones", _powers(6), _milestones, lambda n: {"ours": _held(lambda: _steps(n))}, "Memory of the schedule"),
    Axis("depth of `then`", _powers(3), _depth, lambda n: {"ours": _held(lambda: _chain(n))}, "Memory of the schedule"),
    Axis("parameter groups", _powers(3), _groups, _state, "Size of the state"),
    Axis("array points", _powers(7), _points, _peaks, "Peak memory"),
    Axis("t", _powers(15, 3), _times),
)


def measure(bench: Bench) -> Section:
    """Measures along each axis, the picture's data included."""
    grown = [_along(axis, bench) for axis in AXES]
    return Section(
        "Growth",
        "Ours in colour, others in grey; building includes the first value. Where a rival stops, it takes too long. "
        "A piece is prepared when a number first reaches it. A call is timed once all of them are, in turn with calls "
        "alone, as in the table of pieces above.",
        [_table(growth) for growth in grown],
        growth=grown,
    )


def _along(axis: Axis, bench: Bench) -> Growth:
    full = bench.effort == FULL
    growth = Growth(axis, {}, {})
    at = axis.at if full else axis.at[: max(3, len(axis.at) - 2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's, of itself
        for number in bench.each(f"growth: {axis.title}", [str(n) for n in at]):
            n = int(number)
            timed = axis.timed(n)
            # What is called and what is built are timed apart: building takes the processor's caches from the calls.
            for builds in (False, True):
                some = {name: one for name, one in timed.items() if (one.arguments is None) is builds}
                result = timer.race(some, seconds=0.25 if full else 0.05, rounds=3, turns=1) if some else timer.Race()
                _note(growth.time, n, {name: result.median(name) for name in result.times})
            if axis.sized is not None:
                _note(growth.memory, n, axis.sized(n))
    return growth


def _note(curves: dict[str, dict[int, float]], n: int, values: dict[str, float] | Sized) -> None:
    for label, value in values.items():
        curves.setdefault(label, {})[n] = value


def _table(growth: Growth) -> Table:
    numbers: Iterable[int] = next(iter(growth.time.values()))
    columns = ["", *growth.time, *[f"{label}, memory" for label in growth.memory]]
    rows = []
    for n in numbers:
        row = [f"{n:,}" if n < 10**7 else f"{n:.0e}"]
        row += [nanoseconds(curve[n]) if n in curve else "" for curve in growth.time.values()]
        row += [f"{curve[n]:,.0f} B" if n in curve else "" for curve in growth.memory.values()]
        rows.append(row)
    return Table(growth.axis.title, columns, rows)
