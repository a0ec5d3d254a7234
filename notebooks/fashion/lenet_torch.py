"""LeNet in PyTorch: the network, and a training loop that steps the schedule."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from lrsched_core import Schedule
from lrsched_torch import ScheduleLR

from .data import Data, Split
from .training import Epoch, Listener, Unit


def network() -> nn.Sequential:
    """The textbook's LeNet with ReLU and max-pooling, Xavier-initialised."""
    layers = nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )
    for parameter in layers.parameters():
        if parameter.ndim > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    return layers


def train(data: Data, schedule: Schedule, listener: Listener, *, epochs: int, unit: Unit, seed: int) -> None:
    """Train a new network; the rate of an update is read from the optimizer as it steps."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = network()
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)  # ScheduleLR puts schedule(0) there
    scheduler = ScheduleLR(optimizer, schedule)

    for _ in range(epochs):
        net.train()
        loss_sum, correct = 0.0, 0
        for batch in data.train.batches(data.batch_size, rng):
            images, labels = _tensors(batch)
            scores = net(images)
            loss = loss_of(scores, labels)
            optimizer.zero_grad()
            loss.backward()
            rate = optimizer.param_groups[0]["lr"]
            optimizer.step()
            if unit == "update":
                scheduler.step()
            loss_sum += loss.item() * len(batch)
            correct += int((scores.argmax(1) == labels).sum())
            listener.updated(rate)
        if unit == "epoch":
            scheduler.step()
        epoch = Epoch(
            train_loss=loss_sum / len(data.train),
            train_accuracy=correct / len(data.train),
            test_accuracy=accuracy(net, data.test),
        )
        listener.epoch_ended(epoch)


@torch.no_grad()
def accuracy(net: nn.Module, split: Split) -> float:
    """The share of images that the network puts into the right class."""
    net.eval()
    images, labels = _tensors(split)
    hits = [net(some).argmax(1) == right for some, right in zip(images.split(1000), labels.split(1000), strict=True)]
    return float(torch.cat(hits).double().mean())


def _tensors(split: Split) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(split.images)[:, None], torch.from_numpy(split.labels)
