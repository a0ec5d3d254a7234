"""A Keras training that was killed goes on with the rates of the uninterrupted one."""

import contextlib
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from lrsched_core import Cosine

keras = pytest.importorskip("keras")

from lrsched_keras import LearningRate, ScheduleCallback

SCHEDULE = Cosine(0.3, 0.01, steps=4).with_warmup(2)
EPOCHS, BATCHES = 3, 2
UPDATES = EPOCHS * BATCHES

# Batches of one sample each. The loss |w - (-10)| of the only weight has the gradient 1.
X = np.ones((BATCHES, 1), "float32")
Y = np.full((BATCHES, 1), -10.0, "float32")


class Interrupted(Exception):  # noqa: N818  # not an error of the program
    """The end of a training that did not end."""


class WeightChanges(keras.callbacks.Callback):
    """Writes how far each update moves the weight from 0, and stops before one of them."""

    def __init__(self, rates, stop_before=None):
        super().__init__()
        self.rates = rates
        self.stop_before = stop_before

    def on_train_batch_begin(self, batch, logs=None):
        self.update = int(self.model.optimizer.iterations)
        if self.update == self.stop_before:
            raise Interrupted
        self.model.trainable_variables[0].assign([[0.0]])

    def on_train_batch_end(self, batch, logs=None):
        self.rates[self.update] = -float(self.model.trainable_variables[0][0, 0])


def by_batch():
    """An optimizer and the callbacks that give it its rates."""
    return keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE, unit="batch")]


def by_epoch():
    """The same with one rate per epoch."""
    return keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE)]


def in_the_graph():
    """The same with the rate inside the optimizer."""
    return keras.optimizers.SGD(LearningRate(SCHEDULE)), []


def train(setup, rates, *callbacks, stop_before=None, model=None):
    """Train a new model, or the one given, as far as it gets; return it."""
    optimizer, setters = setup()
    if model is None:
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        model.compile(optimizer, loss="mae", run_eagerly=True)  # eager: no time for tracing
    done = int(model.optimizer.iterations)
    with contextlib.suppress(Interrupted):
        model.fit(
            X,
            Y,
            batch_size=1,
            epochs=EPOCHS,
            initial_epoch=done // BATCHES,
            verbose=0,
            callbacks=[*callbacks, *setters, WeightChanges(rates, stop_before)],
        )
    return model


@pytest.mark.parametrize("setup", [by_batch, by_epoch, in_the_graph])
def test_stopped_before_any_update_a_backup_resumes_with_equal_rates(setup, tmp_path):
    """The backup is of the last whole epoch: the updates after it are made again, alike."""
    whole = {}
    train(setup, whole)
    assert list(whole) == list(range(UPDATES))
    for stop_before in range(1, UPDATES):
        backup = tmp_path / str(stop_before)
        killed, resumed = {}, {}
        train(setup, killed, keras.callbacks.BackupAndRestore(backup), stop_before=stop_before)
        train(setup, resumed, keras.callbacks.BackupAndRestore(backup))
        assert list(killed) == list(range(stop_before))
        assert next(iter(resumed)) == stop_before - stop_before % BATCHES
        assert killed | resumed == whole


@pytest.mark.parametrize("setup", [by_batch, by_epoch, in_the_graph])
def test_a_saved_model_goes_on_with_equal_rates(setup, tmp_path):
    """The `.keras` file has the optimizer's count and, in the graph, the schedule."""
    whole, first, second = {}, {}, {}
    train(setup, whole)
    model = train(setup, first, stop_before=2 * BATCHES)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    loaded.run_eagerly = True
    train(setup, second, model=loaded)
    assert list(second) == list(range(2 * BATCHES, UPDATES))
    assert first | second == whole


def test_a_saved_model_holds_the_schedule():
    """Loading it needs neither custom objects nor the schedule itself."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(LearningRate(SCHEDULE)))
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model.optimizer))
    copy.build([])
    copy.iterations.assign(3)
    assert float(copy.learning_rate) == pytest.approx(SCHEDULE(3), rel=5e-7)


# A process that is killed at its fourth update, in the middle of the second epoch. Run again, it
# finds what the first run left. It writes every rate to disk at once.
TRAINING = """
import os, signal, sys
from pathlib import Path
import keras
import numpy as np
from lrsched_core import Cosine
from lrsched_keras import LearningRate, ScheduleCallback

way, folder, kill_at = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
schedule = Cosine(0.3, 0.01, steps=4).with_warmup(2)
saved = folder / "model.keras"

class WeightChanges(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        self.update = int(self.model.optimizer.iterations)
        self.model.trainable_variables[0].assign([[0.0]])

    def on_train_batch_end(self, batch, logs=None):
        rate = -float(self.model.trainable_variables[0][0, 0])
        with (folder / "rates").open("a") as file:
            print(self.update, rate.hex(), file=file)
        if self.update == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

if way == "graph" and saved.exists():
    model = keras.models.load_model(saved)
else:
    rate = LearningRate(schedule) if way == "graph" else 0.1
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(rate), loss="mae")
if way == "graph":
    callbacks = [keras.callbacks.ModelCheckpoint(saved)]
else:
    callbacks = [
        keras.callbacks.BackupAndRestore(folder / "backup"),
        ScheduleCallback(schedule, unit="batch"),
    ]
model.fit(
    np.ones((2, 1), "float32"),
    np.full((2, 1), -10.0, "float32"),
    batch_size=1,
    epochs=3,
    initial_epoch=int(model.optimizer.iterations) // 2,
    verbose=0,
    callbacks=[*callbacks, WeightChanges()],
)
"""


@pytest.mark.parametrize("way", ["batch", "graph"])
def test_killed_for_real_a_new_process_resumes_with_equal_rates(way, tmp_path):
    """By batch from `BackupAndRestore`; in the graph from a `.keras` file alone."""

    def run(kill_at):
        return subprocess.run(
            [sys.executable, "-c", TRAINING, way, tmp_path, str(kill_at)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    killed = run(kill_at=3)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = run(kill_at=-1)
    assert resumed.returncode == 0, resumed.stderr

    lines = [line.split() for line in (tmp_path / "rates").read_text().splitlines()]
    updates = [int(update) for update, _ in lines]
    assert updates == [0, 1, 2, 3, 2, 3, 4, 5]
    rates = {int(update): float.fromhex(rate) for update, rate in lines[:4]}
    for update, rate in lines[4:]:
        assert rates.setdefault(int(update), float.fromhex(rate)) == float.fromhex(rate)
    assert list(rates.values()) == pytest.approx([SCHEDULE(t) for t in range(6)], rel=5e-7, abs=0.0)
