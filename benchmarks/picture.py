"""The picture of growth: a small graph for each axis, times above, memory below."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, LogLocator, NullLocator

from benchmarks.section import Growth

OURS, GREY = ("#c2410c", "#fb923c", "#7c2d12"), "#9ca3af"
RIVALS = ("-", "--", ":")
COLUMNS = 3


def draw(path: Path, grown: Sequence[Growth]) -> None:
    """Writes the picture."""
    rows = 2 * -(-len(grown) // COLUMNS)
    with mpl.rc_context({"svg.hashsalt": "lrsched-core", "font.size": 8, "axes.titlesize": 9}):
        figure = Figure(figsize=(10.5, 2.3 * rows), layout="constrained")
        axes = figure.subplots(rows, COLUMNS)
        for i, growth in enumerate(grown):
            row, column = 2 * (i // COLUMNS), i % COLUMNS
            _panel(axes[row][column], f"Time by {growth.axis.title}", growth.time, 1e-9, "s")
            below = axes[row + 1][column]
            if growth.memory:
                title = f"{growth.axis.memory} by {growth.axis.title}"
                _panel(below, title, growth.memory, 1, "B")
            else:
                below.set_axis_off()
        figure.savefig(path, metadata={"Date": None})


def _panel(ax: Any, title: str, curves: dict[str, dict[int, float]], unit: float, symbol: str) -> None:
    colors, styles = iter(OURS), iter(RIVALS)
    for label, curve in curves.items():
        mine = label.startswith("ours")
        look = {"color": next(colors), "linewidth": 2} if mine else {"color": GREY, "linestyle": next(styles)}
        values = [value * unit for value in curve.values()]
        ax.plot(list(curve), values, label=label, marker="o", markersize=3, zorder=2 + mine, **look)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_title(title, loc="left")
    low, high = ax.get_ylim()
    # Room for the legend, and never so little that noise would look like growth.
    ax.set_ylim(low / 2, max(high * 100, low * 1000))
    ax.legend(loc="best", fontsize=7, frameon=False)
    for axis, formatter in ((ax.xaxis, EngFormatter(sep="")), (ax.yaxis, EngFormatter(symbol))):
        axis.set_major_locator(LogLocator(numticks=6))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(formatter)
    ax.grid(color="#e5e7eb")
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
