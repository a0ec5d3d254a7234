"""Updates of a Keras optimizer whose rate is computed inside its graph."""

from collections.abc import Callable
from typing import Any

from benchmarks.quiet import quiet

with quiet():
    import keras
    import tensorflow as tf

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, Race
from benchmarks.policies import END, FLOOR, OURS, PEAK, WARMUP, Policy
from benchmarks.section import Bench, Section, Table, nanoseconds, times
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
# Inside one call of the graph: Python's share, and its noise, are spread over this many updates.
UPDATES = 400


def measure(bench: Bench) -> Section:
    """The time that a rate adds to an update."""
    for name in bench.each("Keras: tracing", graphs := {name: _updates(rate()) for name, rate in RATES.items()}):
        graphs[name]()
    contestants = {name: Contestant(graph) for name, graph in graphs.items()}
    result = bench.race("Keras: updates", contestants, share=4)
    extra = {name: result.extra(name, CONSTANT) for name in RATES}
    rows = [
        (
            name,
            nanoseconds(result.median(name) / UPDATES),
            ""
            if name == CONSTANT
            else f"{_each(extra[name].median)} ({_each(extra[name].low)} to {_each(extra[name].high)})",
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
        "A Keras update",
        f"`SGD.apply` on one variable, {UPDATES} updates in one call of a graph. What else a training step does is "
        "left out: its noise would hide what a rate adds. "
        f"In this run ours added {times(ratio)} times what `CosineDecay` added.",
        [Table("One update", ("", "time", "more than a constant rate, ns"), rows)],
        {Bar.KERAS: ratio},
    )


def _each(extra: float) -> str:
    return f"{extra / UPDATES:,.0f}"


def _updates(rate: Any) -> Callable[[], Any]:
    optimizer, variable, gradient = keras.optimizers.SGD(rate), keras.Variable(1.0), tf.constant(1e-9)
    optimizer.build([variable])

    @tf.function
    def updates() -> None:
        for _ in tf.range(UPDATES):
            optimizer.apply([gradient], [variable])

    return updates  # type: ignore[no-any-return]  # TensorFlow has no types
