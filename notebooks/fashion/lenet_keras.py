"""LeNet in Keras: the network, and `fit` with the schedule inside the optimizer."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from .quiet import quiet_import

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
with quiet_import():
    import keras
from keras import layers

from lrsched_core import Schedule
from lrsched_keras import LearningRate, ScheduleCallback

from .data import Data, Split
from .training import Epoch, Listener, Unit

# It advises against compiling often, but each run here is one of a new network.
logging.getLogger("tensorflow").setLevel(logging.ERROR)


def network() -> keras.Sequential:
    """The textbook's LeNet with ReLU and max-pooling; Xavier is what Keras does by default."""
    return keras.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(6, kernel_size=5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, kernel_size=5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
        ]
    )


def train(data: Data, schedule: Schedule, listener: Listener, *, epochs: int, unit: Unit, seed: int) -> None:
    """Train a new network; the rate of an update is kept by the optimizer as it applies it."""
    keras.utils.set_random_seed(seed)
    if unit == "update":
        optimizer, callbacks = ObservedSGD(LearningRate(schedule)), []
    else:
        optimizer, callbacks = ObservedSGD(), [ScheduleCallback(schedule, unit="epoch")]
    net = network()
    net.compile(
        optimizer=optimizer,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(
        _batches(data, epochs, seed),
        steps_per_epoch=data.updates_per_epoch,
        shuffle=False,
        validation_data=_arrays(data.test),
        validation_batch_size=1000,
        epochs=epochs,
        callbacks=[*callbacks, _Reporter(listener)],
        verbose=0,
    )


class ObservedSGD(keras.optimizers.SGD):
    """SGD that keeps the rate which its last update multiplied the gradients by.

    `optimizer.learning_rate` would not do: after an update it is the rate of the next one, and
    reading it evaluates the schedule anew, outside the compiled training step.
    """

    def build(self, variables: list[Any]) -> None:
        """Add one variable for the rate."""
        super().build(variables)
        self.rate_used = self.add_variable((), name="rate_used")

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Keep the rate, then update the variable as SGD does."""
        self.assign(self.rate_used, learning_rate)
        super().update_step(gradient, variable, learning_rate)


class _Reporter(keras.callbacks.Callback):
    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.listener = listener

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        rate = self.model.optimizer.rate_used
        self.listener.updated(float(keras.ops.convert_to_numpy(rate)))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.listener.epoch_ended(
            Epoch(
                train_loss=logs["loss"],
                train_accuracy=logs["accuracy"],
                test_accuracy=logs["val_accuracy"],
            )
        )


def _batches(data: Data, epochs: int, seed: int) -> Iterator[tuple[Any, Any]]:
    """Those of the other frameworks, in the same order.

    Given whole arrays, `fit` would shuffle them itself: on TensorFlow, with a seed, into the same order in each epoch.
    """
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        yield from map(_arrays, data.train.batches(data.batch_size, rng))


def _arrays(split: Split) -> tuple[Any, Any]:
    return split.images[..., None], split.labels
