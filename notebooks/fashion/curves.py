"""The pictures of the notebooks: a schedule above, how the training went below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from lrsched_core import Schedule

from .measures import stuck
from .records import Record
from .training import History

_LOSS, _TRAIN, _TEST = "C2", "C0", "C1"


def draw_run(schedule: Schedule, records: Sequence[Record]) -> None:
    """One schedule by epoch; its runs, of which the first is drawn thick.

    Args:
        schedule: By epoch.
        records: At least one.
    """
    first = records[0]
    _, axes = plt.subplot_mosaic([["rate", "rate"], ["loss", "accuracy"]], figsize=(7.5, 5), height_ratios=[2, 3])
    schedule.plot(ax=axes["rate"], stop=len(first.epochs), marks=False, color="0.82", linewidth=6)
    _draw_rates(axes["rate"], first, color="C6", linewidth=1.2)
    for i, record in enumerate(records):
        look = {"linewidth": 1.8} if i == 0 else {"linewidth": 0.8, "alpha": 0.5}
        x = range(1, len(record.epochs) + 1)
        axes["loss"].plot(x, [epoch.train_loss for epoch in record.epochs], color=_LOSS, **look)
        train = [epoch.train_accuracy for epoch in record.epochs]
        test = [epoch.test_accuracy for epoch in record.epochs]
        axes["accuracy"].plot(x, train, color=_TRAIN, label="train" if i == 0 else None, **look)
        axes["accuracy"].plot(x, test, color=_TEST, label="test" if i == 0 else None, **look)
        if i == 0:
            axes["accuracy"].fill_between(x, test, train, color=_TRAIN, alpha=0.1, linewidth=0)
    last = first.epochs[-1]
    axes["rate"].set_ylabel("rate")
    axes["loss"].set_title(f"train loss: {last.train_loss:.3f} at the end")
    axes["loss"].set_ylim(bottom=0)
    gap = 100 * (last.train_accuracy - last.test_accuracy)
    axes["accuracy"].set_title(f"accuracy: test {last.test_accuracy:.1%}, gap {gap:.1f} points")
    axes["accuracy"].legend(loc="lower right")
    _label_accuracy(axes["accuracy"], [record.epochs[-1].test_accuracy for record in records])
    for axis in axes.values():
        _label_epochs(axis)
    plt.show()


def draw_together(runs: Mapping[str, Sequence[Record]]) -> None:
    """A run with each schedule, the first that is not stuck: rates, loss, test accuracy, gap to the train accuracy."""
    figure, axes = plt.subplot_mosaic([["rate", "loss"], ["test", "gap"]], figsize=(7.5, 6))
    shown = []
    for i, (name, records) in enumerate(runs.items()):
        seed = next((seed for seed, record in enumerate(records) if not stuck(record)), 0)
        record, color = records[seed], f"C{i}"
        label = f"{name} (stuck)" if stuck(record) else f"{name} (seed {seed})" if seed else name
        if not stuck(record):
            shown.append(record.epochs[-1].test_accuracy)
        x = range(1, len(record.epochs) + 1)
        _draw_rates(axes["rate"], record, color=color, label=label)
        axes["loss"].plot(x, [epoch.train_loss for epoch in record.epochs], color=color)
        axes["test"].plot(x, [epoch.test_accuracy for epoch in record.epochs], color=color)
        gaps = [epoch.train_accuracy - epoch.test_accuracy for epoch in record.epochs]
        axes["gap"].plot(x, gaps, color=color)
    axes["rate"].set_title("rate")
    axes["loss"].set_title("train loss")
    axes["loss"].set_ylim(0, min(1.0, axes["loss"].get_ylim()[1]))
    axes["test"].set_title("test accuracy")
    _label_accuracy(axes["test"], shown)
    axes["gap"].set_title("train accuracy less test accuracy")
    axes["gap"].yaxis.set_major_formatter(PercentFormatter(1))
    axes["gap"].set_ylim(bottom=max(-0.05, axes["gap"].get_ylim()[0]))
    for axis in axes.values():
        _label_epochs(axis)
    figure.legend(loc="outside upper center", ncols=len(runs))
    plt.show()


def draw_short(histories: Mapping[str, History], *, title: str) -> None:
    """A few short runs: the rates that were used, the train loss, the test accuracy.

    Args:
        histories: By label.
        title: What the labels are.
    """
    figure, (rate, loss, test) = plt.subplots(1, 3, figsize=(7.5, 3))
    for i, (label, history) in enumerate(histories.items()):
        x = range(1, len(history.epochs) + 1)
        _draw_rates(rate, history, color=f"C{i}", label=label)
        loss.plot(x, [epoch.train_loss for epoch in history.epochs], color=f"C{i}", marker="o")
        test.plot(x, [epoch.test_accuracy for epoch in history.epochs], color=f"C{i}", marker="o")
    rate.set_title("rate")
    loss.set_title("train loss")
    loss.set_ylim(bottom=0)
    test.set_title("test accuracy")
    test.yaxis.set_major_formatter(PercentFormatter(1))
    for axis in (rate, loss, test):
        _label_epochs(axis)
    figure.legend(title=title, loc="outside upper center", ncols=len(histories))
    plt.show()


def draw_range(rates: Sequence[float], losses: Sequence[float]) -> None:
    """The loss of each update against its rate, on a logarithmic axis, and smoothed."""
    _, axis = plt.subplots()
    axis.semilogx(rates, losses, color="0.75", linewidth=1, label="of one update")
    axis.semilogx(rates, _smoothed(losses), color="C0", linewidth=2, label="smoothed")
    # A loss that explodes would make everything before it a flat line.
    axis.set_ylim(0, 1.5 * losses[0])
    axis.set_xlabel("rate")
    axis.set_ylabel("train loss")
    axis.legend()
    plt.show()


def _smoothed(values: Sequence[float], keep: float = 0.9) -> list[float]:
    """The exponential mean, free of the weight of its start."""
    mean, weight, means = 0.0, 0.0, []
    for value in values:
        mean, weight = keep * mean + (1 - keep) * value, keep * weight + (1 - keep)
        means.append(mean / weight)
    return means


def _draw_rates(axis: Axes, run: Record | History, **look: object) -> None:
    # A rate holds for its update, the last one up to the end of the run.
    updates, epochs = len(run.rates), len(run.epochs)
    x = [epochs * t / updates for t in range(updates + 1)]
    axis.plot(x, [*run.rates, run.rates[-1]], drawstyle="steps-post", **look)


def _label_accuracy(axis: Axes, last: Sequence[float]) -> None:
    axis.yaxis.set_major_formatter(PercentFormatter(1))
    # The first epochs would make the rest a flat line.
    low, _ = axis.get_ylim()
    axis.set_ylim(bottom=max(low, min(0.7, *last) - 0.02))


def _label_epochs(axis: Axes) -> None:
    axis.set_xlabel("epoch")
    axis.xaxis.set_major_locator(MaxNLocator(7, integer=True))
