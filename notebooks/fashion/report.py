"""What came out, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from rich.table import Table

from .data import Data
from .training import FRAMEWORKS, History, Rate, largest_difference

# Okabe and Ito's colours, which colour-blind readers can tell apart.
_COLORS = {"torch": "#d55e00", "keras": "#0072b2", "mxnet": "#009e73"}


def table(histories: Sequence[History], schedule: Rate, data: Data, *, missing: Sequence[str] = ()) -> Table:
    """One row for each framework, as it was at the end of its last epoch.

    Args:
        histories: At least one, all with the same number of epochs.
        schedule: What the rates are compared with, by completed updates.
        data: What the networks were trained and tested on.
        missing: The frameworks that could not take part.
    """
    epochs, updates = len(histories[0].epochs), len(histories[0].rates)
    shown = Table(title=f"LeNet on {data.name} ({updates:,} updates, epochs: {epochs})")
    shown.add_column("framework")
    shown.add_column("seconds", justify="right")
    shown.add_column("train\nloss", justify="right")
    shown.add_column("train\naccuracy", justify="right")
    shown.add_column("test\naccuracy", justify="right")
    shown.add_column("largest |rate used\n- schedule(t)|", justify="right")
    for history in histories:
        last = history.epochs[-1]
        shown.add_row(
            FRAMEWORKS[history.framework].title,
            f"{history.seconds:.1f}",
            f"{last.train_loss:.3f}",
            f"{last.train_accuracy:.1%}",
            f"{last.test_accuracy:.1%}",
            f"{largest_difference(history.rates, schedule):.2g}",
        )
    for framework in missing:
        shown.add_row(FRAMEWORKS[framework].title, "not installed", style="dim")
    if any(history.framework == "keras" for history in histories):
        shown.caption = "Keras computes in float32, whose numbers near 0.3 are 3e-08 apart."
    return shown


def picture(histories: Sequence[History], schedule: Rate, data: Data) -> Figure:
    """The schedule with the rates used on it, above the test accuracy after each epoch.

    Args:
        histories: At least one, all with the same number of epochs and updates.
        schedule: By completed updates.
        data: What the networks were trained and tested on.
    """
    figure = Figure(figsize=(8, 6.5), dpi=150, layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    figure.suptitle(f"One schedule, one LeNet on {data.name}", fontsize=13)
    upper.set_title(fill(repr(schedule), 88), family="monospace", fontsize=8)
    _draw_rates(upper, histories, schedule)
    _draw_accuracies(lower, histories)
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    return figure


def _draw_rates(axes: Axes, histories: Sequence[History], schedule: Rate) -> None:
    updates, epochs = len(histories[0].rates), len(histories[0].epochs)

    def draw(rates: Sequence[float], **look: Any) -> None:
        # A rate holds for its update, the last one up to the end of the run.
        x = [epochs * t / updates for t in range(updates + 1)]
        axes.plot(x, [*rates, rates[-1]], drawstyle="steps-post", **look)

    asked = [schedule(t) for t in range(updates)]
    draw(asked, color="0.85", linewidth=7, solid_capstyle="round", label="schedule(t)")
    # The lines lie on each other: each takes its turn with a dash, so that all can be seen.
    dash, gap = 4, 4 * len(histories) - 4
    for turn, history in enumerate(histories):
        color = _COLORS[history.framework]
        draw(history.rates, color=color, linewidth=2, linestyle=(dash * turn, (dash, gap)))
        axes.plot([], [], color=color, label=f"used by {FRAMEWORKS[history.framework].title}")
    axes.set_ylabel("learning rate")


def _draw_accuracies(axes: Axes, histories: Sequence[History]) -> None:
    for history in histories:
        accuracies = [epoch.test_accuracy for epoch in history.epochs]
        axes.plot(
            range(1, len(accuracies) + 1),
            accuracies,
            marker="o",
            color=_COLORS[history.framework],
            label=f"{FRAMEWORKS[history.framework].title}, {accuracies[-1]:.1%} at the end",
        )
    axes.set_xlabel("epoch")
    axes.set_ylabel("test accuracy")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
