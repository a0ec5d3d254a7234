"""A log beside a plan."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lrsched_core import Schedule, audit
from lrsched_core._run.audit.report import Audit
from lrsched_core._run.logs.gathering import Log
from lrsched_core._run.logs.reading import read_log

# Of longer logs, so many points are drawn.
_POINTS = 5_000


def check(
    path: Path,
    schedule: Schedule,
    *,
    column: str | None,
    time: str | None,
    offset: float | None,
    tolerance: float,
    output: Path | None,
) -> tuple[str, Audit]:
    """What is said of the log, and what was found."""
    log = read_log(path, column=column, time=time)
    updates = log.updates(offset)
    if updates.min() < 0:
        message = f"--offset must make the first update at least 0, which is {updates.min():g}."
        raise ValueError(message)
    found = audit(schedule, updates, log.rates, tolerance=tolerance)
    if output is not None:
        _draw(found, updates, np.asarray(log.rates), output)
    return _described(log, offset), found


def _described(log: Log, offset: float | None) -> str:
    by = log.habit.offset if offset is None else offset
    row = "the number of a row" if log.time is None else log.time
    update = f"{row} {by:+g}" if by else row
    whose = f" as {log.habit.source} writes it" if offset is None and log.habit.offset else ""
    return f"{log.source}: rates from {log.column!r}; the update is {update}{whose}."


def _draw(found: Audit, t: NDArray[np.float64], rates: NDArray[np.float64], output: Path) -> None:
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        message = 'Drawing needs matplotlib: pip install "lrsched-core[plot]"'
        raise ImportError(message) from None
    figure = Figure(figsize=(9, 4), layout="constrained")
    ax = figure.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.3)
    found.schedule.plot(ax=ax, stop=max(float(t.max()), 1.0), labels=["planned"])
    some = np.unique(np.linspace(0, len(t) - 1, min(len(t), _POINTS)).astype(int))
    ax.plot(t[some], rates[some], ".", markersize=3, label="logged")
    if found.first is not None:
        ax.axvline(found.first.t, color="0.4", linewidth=0.8, linestyle="--", label="first deviation")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize="small")
    figure.savefig(output, dpi=150)
