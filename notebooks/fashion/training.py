"""Train LeNet in any of the frameworks, and keep what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, Protocol

from lrsched_core import Schedule

from .data import Data

Rate = Callable[[int], float]
Unit = Literal["update", "epoch"]


@dataclass(frozen=True)
class Framework:
    """One of the frameworks that the network is written in."""

    title: str
    module: str
    needs: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The packages that it needs and that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]


FRAMEWORKS = {
    "torch": Framework("PyTorch", "lenet_torch", ("torch",)),
    "keras": Framework("Keras", "lenet_keras", ("keras", "tensorflow")),
    "mxnet": Framework("MXNet", "lenet_mxnet", ("mxnet",)),
}


@dataclass(frozen=True)
class Epoch:
    """How an epoch went: means over its updates, and the test accuracy at its end."""

    train_loss: float
    train_accuracy: float
    test_accuracy: float


@dataclass
class History:
    """What happened in one training run, as plain numbers.

    Attributes:
        framework: A key of `FRAMEWORKS`.
        rates: The rate that the optimizer used at each update.
        epochs: One entry for each epoch that has ended.
        seconds: Time for training and testing, without the import of the framework.
    """

    framework: str
    rates: list[float] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class HeldEachEpoch:
    """A schedule by epoch, as a function of completed updates.

    A class rather than a closure, because MXNet pickles what it is given.
    """

    schedule: Schedule
    updates_per_epoch: int

    def __call__(self, t: int, /) -> float:
        """The rate of the epoch in which update `t` is."""
        return self.schedule(t // self.updates_per_epoch)


class Listener(Protocol):
    """What a training loop reports to."""

    def updated(self, rate: float) -> None:
        """An update was made, and its optimizer used this rate."""

    def epoch_ended(self, epoch: Epoch) -> None:
        """An epoch was completed, and the network tested."""


def train(
    framework: str,
    schedule: Schedule,
    data: Data,
    *,
    epochs: int,
    unit: Unit = "update",
    seed: int = 0,
    watch: Callable[[History], None] = lambda history: None,
) -> History:
    """Train a new LeNet by SGD, with the rate `schedule(t)`.

    Args:
        framework: A key of `FRAMEWORKS`.
        schedule: For a constant rate, `Constant(0.3)`.
        data: What to train and test on, and in which batches.
        epochs: How many times to go through the training images.
        unit: What `t` counts: completed updates or completed epochs.
        seed: For the initial weights and the order of the images.
        watch: Called with the history so far, after each update and after each epoch.

    Raises:
        ValueError: If `framework` or `unit` is unknown.
    """
    if framework not in FRAMEWORKS:
        msg = f"`framework` must be one of {', '.join(FRAMEWORKS)}, got {framework!r}."
        raise ValueError(msg)
    if unit not in ("update", "epoch"):
        msg = f"`unit` must be 'update' or 'epoch', got {unit!r}."
        raise ValueError(msg)
    # Imported here, so that a run loads no framework but its own.
    lenet = import_module(f".{FRAMEWORKS[framework].module}", __package__)
    history = History(framework)
    start = time.perf_counter()
    recorder = _Recorder(history, watch)
    lenet.train(data, schedule, recorder, epochs=epochs, unit=unit, seed=seed)
    history.seconds = time.perf_counter() - start
    return history


def largest_difference(rates: list[float], schedule: Rate) -> float:
    """How far the rates that an optimizer used are, at worst, from `schedule(t)`."""
    return max(abs(rate - schedule(t)) for t, rate in enumerate(rates))


@dataclass(frozen=True)
class _Recorder:
    history: History
    watch: Callable[[History], None]

    def updated(self, rate: float) -> None:
        self.history.rates.append(rate)
        self.watch(self.history)

    def epoch_ended(self, epoch: Epoch) -> None:
        self.history.epochs.append(epoch)
        self.watch(self.history)
