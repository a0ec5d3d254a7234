"""All runs in a few pictures: a panel for each framework, a colour for each schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .chapter import SCHEDULES
from .records import Record
from .training import FRAMEWORKS, Epoch

# Okabe and Ito's colours, which colour-blind readers can tell apart.
COLORS = dict(zip(SCHEDULES, ("#000000", "#e69f00", "#009e73", "#0072b2", "#d55e00"), strict=True))

TEXTS = {
    "schedules": "The five schedules over 30 epochs",
    "loss": "Training loss by epoch, a panel for each framework",
    "accuracy": "Test accuracy by epoch, a panel for each framework",
    "gap": "Training accuracy less test accuracy by epoch, a panel for each framework",
}


def schedules(records: Sequence[Record]) -> Figure:
    """The curves of the schedules, by epoch: a rate holds for its epoch."""
    epochs = records[0].setting.epochs
    figure = Figure(figsize=(7, 3.2), dpi=110, layout="constrained")
    axes = figure.subplots()
    for name, schedule in SCHEDULES.items():
        rates = schedule(np.arange(epochs))
        axes.stairs(rates, np.arange(epochs + 1), baseline=None, color=COLORS[name], linewidth=1.8, label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("learning rate")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    _tidy(axes)
    return figure


def loss(records: Sequence[Record]) -> Figure:
    """The training loss after each epoch, on a logarithmic scale."""
    return _panels(records, lambda epoch: epoch.train_loss, "training loss", log=True)


def accuracy(records: Sequence[Record]) -> Figure:
    """The test accuracy after each epoch, without the first epochs of a warmup."""
    return _panels(records, lambda epoch: epoch.test_accuracy, "test accuracy", percent=True, ylim=(0.7, 0.93))


def gap(records: Sequence[Record]) -> Figure:
    """Training accuracy less test accuracy after each epoch."""
    return _panels(
        records, lambda epoch: epoch.train_accuracy - epoch.test_accuracy, "gap", percent=True, ylim=(-0.05, 0.12)
    )


PICTURES: dict[str, Callable[[Sequence[Record]], Figure]] = {
    "schedules.png": schedules,
    "loss.png": loss,
    "accuracy.png": accuracy,
    "gap.png": gap,
}


def _panels(
    records: Sequence[Record],
    measure: Callable[[Epoch], float],
    label: str,
    *,
    log: bool = False,
    percent: bool = False,
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """The mean over the seeds as a line, from the least to the greatest as a band."""
    frameworks = [name for name in FRAMEWORKS if any(record.run.framework == name for record in records)]
    figure = Figure(figsize=(10, 3.6), dpi=110, layout="constrained")
    row: Any = figure.subplots(1, len(frameworks), sharey=True, squeeze=False)[0]
    for axes, framework in zip(row, frameworks, strict=True):
        axes.set_title(FRAMEWORKS[framework].title, fontsize=11)
        for name, color in COLORS.items():
            same = [record for record in records if (record.run.framework, record.run.schedule) == (framework, name)]
            if same:
                runs = np.array([[measure(epoch) for epoch in record.epochs] for record in same])
                x = np.arange(1, runs.shape[1] + 1)
                axes.fill_between(x, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.15, linewidth=0)
                axes.plot(x, runs.mean(axis=0), color=color, linewidth=1.5, label=name)
        axes.set_xlabel("epoch")
        if log:
            axes.set_yscale("log")
        if percent:
            axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        if ylim:
            axes.set_ylim(*ylim)
        _tidy(axes)
    row[0].set_ylabel(label)
    figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(COLORS), frameon=False)
    return figure


def _tidy(axes: Axes) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
