"""A Keras training step whose rate is computed inside its graph."""

import random
from collections.abc import Callable
from statistics import median
from time import perf_counter_ns
from typing import Any

from benchmarks.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

from benchmarks.bars import Bar
from benchmarks.measure import Race
from benchmarks.policies import END, FLOOR, OURS, PEAK, WARMUP, Policy
from benchmarks.section import FULL, Bench, Section, Table, nanoseconds, times
from lrsched_keras import LearningRate

tf.get_logger().setLevel("ERROR")  # it warns of several functions where each is traced once

CONSTANT, THEIRS, MINE = "constant rate", "CosineDecay with warmup", "ours, warmup + cosine"
RATES: dict[str, Callable[[], Any]] = {
    CONSTANT: lambda: PEAK,
    THEIRS: lambda: keras.optimizers.schedules.CosineDecay(
        0.0, END - WARMUP, FLOOR / PEAK, warmup_target=PEAK, warmup_steps=WARMUP
    ),
    MINE: lambda: LearningRate(OURS[Policy.WARMUP_COSINE]),
    "PiecewiseConstantDecay, 2 milestones": lambda: keras.optimizers.schedules.PiecewiseConstantDecay(
        [30_000, 60_000], [PEAK, 0.01, 0.001]
    ),
    "ours, 2 milestones": lambda: LearningRate(OURS[Policy.STEPS]),
    "ours, 100 phases": lambda: LearningRate(OURS[Policy.PHASES_100]),
}
# Inside one call of the train function: Python's share, and its noise, are spread over this many updates.
UPDATES = 50


def measure(bench: Bench) -> Section:
    """The time that a rate adds to a step."""
    rounds = 60 if bench.effort == FULL else 12
    result = _race(bench, {name: _train_function(rate()) for name, rate in RATES.items()}, rounds)
    extra = {name: result.extra(name, CONSTANT) for name in RATES}
    rows = [
        (
            name,
            nanoseconds(result.median(name)),
            ""
            if name == CONSTANT
            else f"{extra[name].median:,.0f} ({extra[name].low:,.0f} to {extra[name].high:,.0f})",
        )
        for name in RATES
    ]
    ratio = Race(
        {
            name: [mine - plain for mine, plain in zip(result.times[name], result.times[CONSTANT], strict=True)]
            for name in (MINE, THEIRS)
        }
    ).ratio(MINE, THEIRS)
    return Section(
        "A Keras training step",
        f"A Dense(1), batches of 4, {UPDATES} updates in one call of the train function (`steps_per_execution`), the "
        "calls of all rates interleaved. What a rate adds is little beside the step, and the noisiest number here; "
        f"in this run ours added {times(ratio)} times what `CosineDecay` added.",
        [Table("One update", ("", "time", "more than a constant rate, ns"), rows)],
        {Bar.KERAS: ratio},
    )


def _train_function(rate: Any) -> Callable[[], Any]:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse", steps_per_execution=UPDATES)
    model.make_train_function()
    data = tf.data.Dataset.from_tensors((tf.ones((4, 4)), tf.ones((4, 1)))).repeat()
    iterator = iter(data)
    return lambda: model.train_function(iterator)


def _race(bench: Bench, functions: dict[str, Callable[[], Any]], rounds: int, calls: int = 9) -> Race:
    """A round is a median of several calls, since single ones are now and then interrupted for long."""
    for name in bench.each("Keras: tracing", functions):
        functions[name]()
    result = Race({name: [] for name in functions})
    order, shuffle = list(functions), random.Random(0).shuffle
    for _ in bench.each("Keras: round", [str(i) for i in range(rounds)]):
        taken: dict[str, list[float]] = {name: [] for name in functions}
        for _ in range(calls):
            shuffle(order)
            for name in order:
                start = perf_counter_ns()
                functions[name]()
                taken[name].append((perf_counter_ns() - start) / UPDATES)
        for name, durations in taken.items():
            result.times[name].append(median(durations))
    return result
