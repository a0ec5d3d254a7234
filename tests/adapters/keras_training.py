"""Trainings that every backend of Keras is asked for, as a program: `KERAS_BACKEND=... python keras_training.py`.

It prints JSON: for each training, how far every batch has moved the weight.
"""

import json
import os

# Two devices, on one CPU. JAX reads this when it is imported.
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import keras
import numpy as np

from lrsched_core import Cosine, CustomSchedule, Linear, register
from lrsched_core.math import minimum, where
from lrsched_keras import LearningRate, ScheduleCallback

SCHEDULE = Cosine(0.3, 0.01, steps=4).with_warmup(3)  # tests/cases.py has it as WARMUP_COSINE
DECAY = Linear(0.5, 0.1, steps=4)
BACKEND = keras.backend.backend()
SGD, Adam = keras.optimizers.SGD, keras.optimizers.Adam

# Four batches of one sample each. The loss |w - (-10)| of the only weight has the gradient 1.
X = np.ones((4, 1), "float32")
Y = np.full((4, 1), -10.0, "float32")


def graph(**options):
    """The optimizer whose rate is computed in the graph."""
    return SGD(LearningRate(SCHEDULE), **options)


@register
class InverseSteps(CustomSchedule):
    """A class of somebody's own."""

    base_lr: float

    def value(self, t):
        """With numbers that are whole, and a choice."""
        return where(t < 5, minimum(0.3, self.base_lr / (1 + t)), 0.01)


def without_length():
    """Data of which nobody knows how much there is."""
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(1).filter(lambda *_: True)


def by(unit, schedule=SCHEDULE, hyperparameter="learning_rate"):
    """The callback."""
    return ScheduleCallback(schedule, unit=unit, hyperparameter=hyperparameter)


class WeightChanges(keras.callbacks.Callback):
    """Records how far each batch moves the weight from where it is set before."""

    def __init__(self, start):
        super().__init__()
        self.start = start
        self.recorded = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.trainable_variables[0].assign([[self.start]])

    def on_train_batch_end(self, batch, logs=None):
        weight = keras.ops.convert_to_numpy(self.model.trainable_variables[0])
        self.recorded.append(self.start - float(weight[0, 0]))


def model_with(optimizer, *, dtype=None, **options):
    """A compiled model of one weight, 0 at first, whose gradient is 1 at every update."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", dtype=dtype)
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(optimizer, loss="mae", **options)
    return model


def train(optimizer, *callbacks, x=X, y=Y, start=0.0, batch_size=1, **options):
    """How far each batch of two epochs moves the weight."""
    model = model_with(optimizer, **options)
    changes = WeightChanges(start)
    callbacks = [*callbacks, changes]
    model.fit(x, y, batch_size=batch_size, epochs=2, verbose=0, shuffle=False, callbacks=callbacks)
    return changes.recorded


def total(optimizer, *callbacks):
    """How far all batches together move it, with nobody watching: JAX keeps the state to itself within an epoch."""
    model = model_with(optimizer)
    model.fit(X, Y, batch_size=1, epochs=2, verbose=0, callbacks=callbacks)
    return -float(keras.ops.convert_to_numpy(model.trainable_variables[0])[0, 0])


def skipped(optimizer, *callbacks):
    """The second batch of each epoch has no finite gradient."""
    x = X.copy()
    x[1] = np.inf
    return train(keras.optimizers.LossScaleOptimizer(optimizer), *callbacks, x=x)


def by_hand():
    """A loop of one's own, which asks the optimizer for its rate before each update; a graph on TensorFlow."""
    optimizer = graph(gradient_accumulation_steps=2)
    weight = keras.Variable(0.0)
    optimizer.build([weight])

    def step():
        optimizer.apply([keras.ops.convert_to_tensor(1.0)], [weight])

    if BACKEND == "tensorflow":
        import tensorflow as tf

        step = tf.function(step)
    asked, moved = [], []
    for _ in range(8):
        asked.append(float(keras.ops.convert_to_numpy(optimizer.learning_rate)))
        weight.assign(0.0)
        step()
        moved.append(-float(keras.ops.convert_to_numpy(weight)))
    return {"asked": asked, "moved": moved}


def distributed():
    """Two replicas, of half a batch each."""
    data = {"x": np.repeat(X, 2, axis=0), "y": np.repeat(Y, 2, axis=0), "batch_size": 2}
    if BACKEND == "jax":
        keras.distribution.set_distribution(keras.distribution.DataParallel())
        used = {
            "graph": train(graph(), **data),
            "accumulated": train(graph(gradient_accumulation_steps=2), **data),
            "batch": train(SGD(), by("batch"), **data),
        }
        keras.distribution.set_distribution(None)
        return used
    import tensorflow as tf

    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        return {
            "graph": train(graph(), **data),
            "decayed": train(graph(weight_decay=0.0), **data),
            "batch": train(SGD(), by("batch"), **data),
        }


def several():
    """An optimizer made of two, of which the second has nothing to do."""
    optimizers = [SGD(LearningRate(SCHEDULE)), SGD()]
    return train(keras.optimizers.MultiOptimizer(keras.optimizers.OptimizerMap(optimizers[0], {"none": optimizers[1]})))


def main():
    """Train in every way that the backend has."""
    if BACKEND == "tensorflow":
        import tensorflow as tf

        cpu = tf.config.list_physical_devices("CPU")[0]
        tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    eagerly = {"run_eagerly": True}
    variable = SGD(1.0, weight_decay=0.5)
    variable.weight_decay = keras.Variable(0.5, trainable=False)
    used = {
        "backend": BACKEND,
        "epoch": train(SGD(), by("epoch")),
        "own code": train(SGD(LearningRate(InverseSteps(0.4)))),
        "own code, composed": train(SGD(LearningRate(InverseSteps(0.4).with_warmup(2) * 2))),
        "own code by batch": train(SGD(), by("batch", InverseSteps(0.4))),
        "own code eagerly": train(SGD(LearningRate(InverseSteps(0.4))), run_eagerly=True),
        "graph, unknown length": train(graph(), x=without_length(), y=None, batch_size=None),
        "batch, unknown length": train(SGD(), by("batch"), x=without_length(), y=None, batch_size=None),
        "batch": train(SGD(), by("batch")),
        "graph": train(graph()),
        "batch total": total(SGD(), by("batch")),
        "graph total": total(graph()),
        "graph eagerly": train(graph(), **eagerly),
        "batch accumulated": train(SGD(gradient_accumulation_steps=2), by("batch")),
        "graph accumulated": train(graph(gradient_accumulation_steps=2)),
        "graph accumulated and scaled": train(
            keras.optimizers.LossScaleOptimizer(graph(gradient_accumulation_steps=2))
        ),
        "graph by hand": by_hand(),
        "batch skipped": skipped(SGD(), by("batch")),
        "graph skipped": skipped(graph()),
        "graph float16": train(graph(), dtype="mixed_float16"),
        "graph float16 scaled": train(keras.optimizers.LossScaleOptimizer(graph()), dtype="mixed_float16"),
        "graph bfloat16": train(graph(), dtype="mixed_bfloat16"),
        "weight decay by epoch": train(SGD(1.0, weight_decay=0.5), by("epoch", DECAY, "weight_decay"), start=1.0),
        "weight decay by batch": train(
            SGD(1.0, weight_decay=0.5), by("batch", DECAY, "weight_decay"), start=1.0, **eagerly
        ),
        "weight decay as a variable": train(variable, by("batch", DECAY, "weight_decay"), start=1.0),
        "weight decay scaled": train(
            keras.optimizers.LossScaleOptimizer(SGD(1.0, weight_decay=0.5)),
            by("epoch", DECAY, "weight_decay"),
            start=1.0,
        ),
        "momentum by epoch": train(SGD(1.0, momentum=0.9), by("epoch", DECAY, "momentum")),
        "momentum by batch": train(SGD(1.0, momentum=0.9), by("batch", DECAY, "momentum"), **eagerly),
        "beta_1 by epoch": train(Adam(1.0), by("epoch", DECAY, "beta_1")),
        "momentum and the rate": train(graph(momentum=0.9), by("epoch", DECAY, "momentum")),
        "several": several() if hasattr(keras.optimizers, "MultiOptimizer") else None,  # Keras 3.7 has none
    }
    if BACKEND != "torch":
        used |= {
            "graph compiled": train(graph(), jit_compile=True),
            "own code compiled": train(SGD(LearningRate(InverseSteps(0.4))), jit_compile=True),
            "graph accumulated and compiled": train(graph(gradient_accumulation_steps=2), jit_compile=True),
            "graph in pairs": train(graph(), steps_per_execution=2),
            "weight decay compiled": train(
                SGD(1.0, weight_decay=0.5), by("epoch", DECAY, "weight_decay"), start=1.0, jit_compile=True
            ),
            "distributed": distributed(),
        }
    print(json.dumps(used))


if __name__ == "__main__":
    main()
