"""LeNet in MXNet Gluon: the network, and a training loop whose trainer asks the schedule."""

from __future__ import annotations

import numpy as np

# MXNet 1.9.1, the last release, uses the alias `numpy.bool` while it is imported; NumPy 1.24 took
# that alias away. The adapter never touches NumPy: that is left to the program, which is us here.
if "bool" not in vars(np):
    np.bool = bool

import mxnet as mx
from mxnet import autograd, gluon
from mxnet.gluon import nn

from lrsched_core import Schedule
from lrsched_mxnet import Scheduler

from .data import Data, Split
from .training import Epoch, HeldEachEpoch, Listener, Unit


def network() -> nn.HybridSequential:
    """The textbook's LeNet with ReLU and max-pooling, Xavier-initialised and hybridised."""
    layers = nn.HybridSequential()
    layers.add(
        nn.Conv2D(6, kernel_size=5, padding=2, activation="relu"),
        nn.MaxPool2D(2),
        nn.Conv2D(16, kernel_size=5, activation="relu"),
        nn.MaxPool2D(2),
        nn.Flatten(),
        nn.Dense(120, activation="relu"),
        nn.Dense(84, activation="relu"),
        nn.Dense(10),
    )
    layers.initialize(mx.init.Xavier())
    layers.hybridize()
    return layers


def train(data: Data, schedule: Schedule, listener: Listener, *, epochs: int, unit: Unit, seed: int) -> None:
    """Train a new network; the rate of an update is what the trainer says right after it."""
    mx.random.seed(seed)
    rng = np.random.default_rng(seed)
    net = network()
    loss_of = gluon.loss.SoftmaxCrossEntropyLoss()
    # MXNet's only clock counts updates.
    by_update = schedule if unit == "update" else HeldEachEpoch(schedule, data.updates_per_epoch)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"lr_scheduler": Scheduler(by_update)})

    for _ in range(epochs):
        loss_sum, correct = 0.0, 0
        for batch in data.train.batches(data.batch_size, rng):
            images, labels = _arrays(batch)
            with autograd.record():
                scores = net(images)
                loss = loss_of(scores, labels)
            loss.backward()
            trainer.step(len(batch))
            rate = trainer.learning_rate
            loss_sum += float(loss.sum().asscalar())
            correct += int((scores.argmax(axis=1) == labels).sum().asscalar())
            listener.updated(rate)
        epoch = Epoch(
            train_loss=loss_sum / len(data.train),
            train_accuracy=correct / len(data.train),
            test_accuracy=accuracy(net, data.test),
        )
        listener.epoch_ended(epoch)


def accuracy(net: nn.HybridSequential, split: Split) -> float:
    """The share of images that the network puts into the right class."""
    correct = 0
    for start in range(0, len(split), 1000):
        part = Split(split.images[start : start + 1000], split.labels[start : start + 1000])
        images, labels = _arrays(part)
        correct += int((net(images).argmax(axis=1) == labels).sum().asscalar())
    return correct / len(split)


def _arrays(split: Split) -> tuple[mx.nd.NDArray, mx.nd.NDArray]:
    return mx.nd.array(split.images[:, None]), mx.nd.array(split.labels)
