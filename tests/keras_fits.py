"""A Keras model of one weight whose gradient is 1, so that each update moves it by the rate, and what watches it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np

# Four batches of one sample each. The loss |w - (-10)| of the only weight has the gradient 1.
X = np.ones((4, 1), "float32")
Y = np.full((4, 1), -10.0, "float32")


def model_with(optimizer=None, **options):
    """Return a compiled model of such a weight."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer or keras.optimizers.SGD(), **{"loss": "mae"} | options)
    return model


class Interrupted(Exception):  # noqa: N818  # not an error of the program
    """The end of a training that did not end."""


class Watch(keras.callbacks.Callback):
    """Records how far each batch moves the weight from 0, where float32 rounds nothing away; stops before an update."""

    def __init__(self, used=None, stop_before=None):
        super().__init__()
        self.moves = []
        self.used = {} if used is None else used  # by the number of the update
        self.stop_before = stop_before

    def on_train_batch_begin(self, batch, logs=None):
        self.update = int(self.model.optimizer.iterations)
        if self.update == self.stop_before:
            raise Interrupted
        self.model.trainable_variables[0].assign([[0.0]])

    def on_train_batch_end(self, batch, logs=None):
        self.moves.append(-float(self.model.trainable_variables[0][0, 0]))
        self.used[self.update] = self.moves[-1]


def history_of(model, *callbacks, data=(X, Y), **options):
    """Train a sample at a time, or data that come in batches; return the history."""
    x, y, size = (*data, 1) if isinstance(data, tuple) else (data, None, None)
    return model.fit(x, y, batch_size=size, verbose=0, shuffle=False, callbacks=[*callbacks], **options).history


def moves_of(model, *callbacks, epochs=2, **options):
    """Train; return how far each batch moved the weight."""
    watch = Watch()
    history_of(model, *callbacks, watch, epochs=epochs, **options)
    return watch.moves


def single(schedule, times):
    """Return the values as float32 stores them, which a callback must have set."""
    return [float(np.float32(schedule(t))) for t in times]


def on_backends(program, arguments):
    """Run a program beside the tests, by backend with these arguments; Keras has one backend for life.

    Returns:
        What each printed last, as JSON.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    processes = {
        backend: subprocess.Popen(
            [sys.executable, Path(__file__).parent / "adapters" / program, *map(str, given)],
            env=environment | {"KERAS_BACKEND": backend},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for backend, given in arguments.items()
    }
    outputs = {backend: process.communicate() for backend, process in processes.items()}
    for backend, process in processes.items():
        assert process.returncode == 0, outputs[backend][1]
    return {backend: json.loads(out.splitlines()[-1]) for backend, (out, _) in outputs.items()}
