"""Keras trainings that are killed and resumed, as a program: `KERAS_BACKEND=... python keras_killed.py RUNS`.

A process imports Keras once and computes nothing itself. Every training is a fork of it: a new process, at the cost of
no import. What is printed is JSON: the rates of the uninterrupted trainings, and of each that was killed and resumed.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import keras
import numpy as np

from lrsched_core import Cosine, Linear
from lrsched_keras import LearningRate, ScheduleCallback

SCHEDULE = Cosine(0.3, 0.01, steps=8).with_warmup(4)
EPOCHS, BATCHES = 4, 3
UPDATES = EPOCHS * BATCHES
PATIENCE = 60  # seconds: a training takes one

# Batches of one sample each. The loss |w - (-10)| of the only weight has the gradient 1.
X = np.ones((BATCHES, 1), "float32")
Y = np.full((BATCHES, 1), -10.0, "float32")


class Watch(keras.callbacks.Callback):
    """Writes how far each batch moves the weight from 0; kills the process after one of them."""

    def __init__(self, file, kill_at):
        super().__init__()
        self.file = file
        self.kill_at = kill_at

    def on_train_batch_begin(self, batch, logs=None):
        # Of batches, also where several make an update.
        self.batch = int(keras.ops.convert_to_numpy(self.model.optimizer.variables[0]))
        self.model.trainable_variables[0].assign([[0.0]])

    def on_train_batch_end(self, batch, logs=None):
        rate = -float(keras.ops.convert_to_numpy(self.model.trainable_variables[0])[0, 0])
        print(self.batch, rate.hex(), file=self.file, flush=True)
        self.model.stop_training = self.batch == UPDATES - 1
        if self.batch == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def optimizer_and_callbacks(way, folder):
    """What makes up a way to give rates and to save the state."""
    if way == "graph":
        return keras.optimizers.SGD(LearningRate(SCHEDULE)), [keras.callbacks.ModelCheckpoint(folder / "model.keras")]
    if way == "graph, saved every second batch":
        saved = keras.callbacks.ModelCheckpoint(folder / "model.keras", save_freq=2)
        return keras.optimizers.SGD(LearningRate(SCHEDULE)), [saved]
    backup = keras.callbacks.BackupAndRestore(folder / "backup", delete_checkpoint=False)
    if way == "graph, two batches an update":
        return keras.optimizers.SGD(LearningRate(SCHEDULE), gradient_accumulation_steps=2), [backup]
    if way == "by epoch":
        return keras.optimizers.SGD(), [backup, ScheduleCallback(SCHEDULE.stretch(1 / BATCHES))]
    decay = ScheduleCallback(Linear(0.1, steps=EPOCHS), hyperparameter="weight_decay")
    return keras.optimizers.SGD(weight_decay=0.1), [backup, ScheduleCallback(SCHEDULE, unit="batch"), decay]


WAYS = ["graph", "graph, saved every second batch", "graph, two batches an update", "by epoch", "by batch"]


def train(way, folder, file, kill_at):
    """Train, from the last checkpoint if there is one, until the end or the kill."""
    optimizer, callbacks = optimizer_and_callbacks(way, folder)
    epoch = 0  # BackupAndRestore knows it; a model knows how many updates it has had
    if (folder / "model.keras").exists():
        model = keras.models.load_model(folder / "model.keras")
        epoch = int(model.optimizer.iterations) // BATCHES
        if int(model.optimizer.iterations) == UPDATES:
            return  # it was killed after the last one was saved
    else:
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
        model.compile(optimizer, loss="mae", jit_compile=False)
    # Keras begins a broken epoch anew, with the updates that it had: one more epoch may begin than is needed.
    model.fit(
        X,
        Y,
        batch_size=1,
        epochs=EPOCHS + 1,
        initial_epoch=epoch,
        verbose=0,
        callbacks=[*callbacks, Watch(file, kill_at)],
    )


class Hung(Exception):  # noqa: N818  # no fault of what is tested
    """What may befall a fork of a process that has threads: one of them held a lock when it was copied."""


def process(way, folder, kill_at):
    """Train in a process of its own; return the signal that ended it, and the rates."""
    path = folder / "rates"
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with path.open("w") as file:
                train(way, folder, file, kill_at)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    last = time.monotonic() + PATIENCE
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > last:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise Hung
        time.sleep(0.01)
    status = ended[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        sys.exit("a training has failed")
    lines = [line.split() for line in path.read_text().splitlines()]
    return os.WTERMSIG(status), [(int(batch), rate) for batch, rate in lines]


def patiently(way, *kills):
    """Processes one after the other, on one folder; all again where one hangs."""
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, contextlib.suppress(Hung):
            return [process(way, Path(folder), kill_at) for kill_at in kills]
    sys.exit("a training hangs")


def main(runs):
    """Kill and resume `runs` trainings, the ways in turn."""
    with contextlib.suppress(ModuleNotFoundError):
        importlib.import_module("tensorflow")  # Keras loads it for its data, on every backend
    gc.freeze()  # a fork that collects garbage would first copy all that was imported
    # By lot, but each update in its turn.
    lots = random.Random(0).sample(range(UPDATES), UPDATES)
    whole, resumed = {}, []
    for i in range(runs):
        way = WAYS[i % len(WAYS)]
        if way not in whole:
            whole[way] = patiently(way, None)[0][1]
        kill_at = lots[i % UPDATES]
        (ended, first), (_, second) = patiently(way, kill_at, None)
        resumed.append({"way": way, "kill_at": kill_at, "signal": ended, "first": first, "second": second})
    print(json.dumps({"backend": keras.backend.backend(), "whole": whole, "resumed": resumed}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
