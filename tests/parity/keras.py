"""`keras.optimizers.schedules`, in float64.

Keras computes in the type of the first rate: float32 for a Python number, float64 for one of NumPy.
"""

from functools import partial

import keras
import numpy as np
import tensorflow as tf

from lrsched_core.compat import keras as ours
from parity.case import maker
from parity.comparison import grid


def _rates(original, count, **arguments):
    schedule = original(**{name: _in_64_bits(value) for name, value in arguments.items()})
    if "warmup_target" not in arguments:
        return schedule(tf.range(count, dtype=tf.int64)).numpy()
    # Where Keras chooses between two formulas, it takes one step at a time. A graph does that in less time.
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        steps = tf.range(count, dtype=tf.int64)
        return session.run(tf.map_fn(schedule, steps, fn_output_signature=tf.float64))


def _in_64_bits(value):
    if isinstance(value, list):
        return [_in_64_bits(item) for item in value]
    return np.float64(value) if isinstance(value, float) else value


_made = maker("keras.optimizers.schedules", keras.optimizers.schedules, ours, partial(partial, _rates))


def _case(name, typical, arguments, horizon, quirks=""):
    return _made(name, [typical, *arguments], horizon, quirks)


CASES = [
    _case(
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 100, "decay_rate": 0.96},
        grid(initial_learning_rate=[0.3], decay_steps=[1, 7], decay_rate=[0.5, 0.96, 1.5], staircase=[False, True]),
        lambda *, decay_steps, **_: 10 * decay_steps,
    ),
    _case(
        "PiecewiseConstantDecay",
        {"boundaries": [100, 200], "values": [0.1, 0.01, 0.001]},
        [
            {"boundaries": boundaries, "values": [0.5, 0.1, 0.2, 0.0][: len(boundaries) + 1]}
            for boundaries in ([0], [10], [1, 2], [5, 5], [0, 0, 3], [3, 4, 12], [2.5, 7.0])
        ],
        lambda *, boundaries, **_: int(boundaries[-1]) + 2,
        "the next value comes one update after the boundary; a boundary between updates is rounded down before",
    ),
    _case(
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 100, "end_learning_rate": 0.01},
        grid(
            initial_learning_rate=[0.3, 0.0],
            decay_steps=[1, 7, 20],
            end_learning_rate=[0.0, 0.01, 0.3],
            power=[0.5, 1.0, 2.0],
            cycle=[False, True],
        ),
        lambda *, decay_steps, **_: 2 * decay_steps,
        "with `cycle`, the next cycle begins one update late, already on its way",
    ),
    _case(
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        grid(initial_learning_rate=[0.3], decay_steps=[1, 7], decay_rate=[0.0, 0.5, 2.0], staircase=[False, True]),
        lambda *, decay_steps, **_: 10 * decay_steps,
    ),
    _case(
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 100, "alpha": 0.1, "warmup_target": 0.3, "warmup_steps": 10},
        [
            {**decay, **warmup}
            for decay in grid(initial_learning_rate=[0.1], decay_steps=[1, 20], alpha=[0.0, 1.5])
            for warmup in [
                {},
                {"warmup_steps": 5},
                {"warmup_target": 0.3},
                {"warmup_target": 0.05, "warmup_steps": 1},
                {"warmup_target": 0.3, "warmup_steps": 5},
                {"warmup_target": 0.3, "warmup_steps": 20},
            ]
        ],
        lambda *, decay_steps, warmup_steps=0, **_: decay_steps + warmup_steps,
    ),
    _case(
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 10, "m_mul": 0.8},
        grid(
            initial_learning_rate=[0.3],
            first_decay_steps=[3, 8],
            t_mul=[1.0, 1.5, 2.0],
            m_mul=[0.5, 1.0, 1.1],
            alpha=[0.0, 0.1, 1.0],
        ),
        lambda *, first_decay_steps, **_: 8 * first_decay_steps,
        "not reproduced: can miss a restart",
    ),
]
