"""Small multiples: many schedules, each in a panel of its own, on the same axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lrsched_core._looks.pictures.figure import Drawn, frame, interval, labels_of, new_figure, tidy, title, trace
from lrsched_core._looks.pictures.quantities import RATE
from lrsched_core._run.sizes import whole_number
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 3
_WIDTH, _HEIGHT, _FRAME = 3.5, 1.6, 0.4
# As many letters as fit above a panel, and times below it.
_LETTERS, _TICKS = 44, 5


def plot_each(
    schedules: Sequence[Schedule],
    figure: "Figure | None" = None,
    *,
    columns: int | None = None,
    start: float = 0,
    stop: float | None = None,
    log: bool = False,
    labels: Sequence[str] | None = None,
    **style: Any,
) -> "Figure":
    """See `Schedule.plot_each`."""
    names, times = labels_of(schedules, labels), interval(start, stop, schedules)
    wide = _columns(len(schedules)) if columns is None else min(whole_number("columns", columns), len(schedules))
    figure = figure or new_figure(size_of(len(schedules), wide))
    grid = figure.subplots(-(-len(schedules) // wide), wide, sharex=True, sharey=True, squeeze=False)
    axes = list(grid.flat)[: len(schedules)]
    shown = []
    for ax, name, schedule in zip(axes, names, schedules, strict=True):
        shown.append(trace(tidy(ax), [Drawn(name, schedule)], times, log=log, marks=False, **{"color": "C0", **style}))
        title(ax, name, marks=False, width=_LETTERS)
    rates = min(low for low, _ in shown), max(high for _, high in shown)
    for i, ax in enumerate(axes):
        frame(ax, times, rates, log=log, ticks=_TICKS)
        if i + wide >= len(axes):  # nothing is below it
            ax.set_xlabel("t")
            ax.tick_params(labelbottom=True)
    for ax in grid[:, 0]:
        ax.set_ylabel(RATE)
    for ax in list(grid.flat)[len(schedules) :]:
        ax.remove()
    return figure


def size_of(count: int, columns: int | None = None) -> tuple[float, float]:
    """How large a figure of so many panels should be, in inches."""
    wide = columns or _columns(count)
    return _WIDTH * wide, _HEIGHT * -(-count // wide) + _FRAME


def _columns(count: int) -> int:
    """Rather full rows than wide ones."""
    return min(_COLUMNS, -(-count // -(-count // _COLUMNS)))
