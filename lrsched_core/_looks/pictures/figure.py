"""Curves drawn by matplotlib."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from lrsched_core._errors import refuse
from lrsched_core._looks.pictures.curve import begins_at_zero, curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.labels import called, shortened
from lrsched_core._looks.pictures.phases import phases
from lrsched_core._looks.pictures.quantities import RATE, run_of
from lrsched_core._looks.pictures.units import AXIS, LONG, abbreviated, add_consumption, add_epochs
from lrsched_core._value import checks
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# As many letters as fit above a picture.
WIDTH = 80


# From where to where: two times, or two rates.
Interval: TypeAlias = tuple[float, float]


class Drawn(NamedTuple):
    """A curve of a picture, what it is called, and its colour; the next one of the picture's if it has none."""

    label: str
    schedule: Schedule
    color: str | None = None


def plot(
    schedules: Sequence[Schedule],
    ax: "Axes | None",
    *,
    start: float,
    stop: float | None,
    log: bool,
    marks: bool,
    labels: Sequence[str] | None,
    steps_per_epoch: float | None,
    **style: Any,
) -> "Axes":
    """See `Schedule.plot`."""
    names = labels_of(schedules, labels)
    times = interval(start, stop, schedules)
    ax = _new_axes() if ax is None else ax
    draw(ax, list(map(Drawn, names, schedules)), times, log=log, marks=marks, **style)
    run, marked = run_of(*schedules), marks and len(schedules) == 1
    if run:
        add_consumption(ax, *run, away=marked)
        ax.set_xlabel("update")
    if len(schedules) > 1 or labels is not None:
        add_legend(ax, above=AXIS if run else 0)
    else:
        title(ax, called(schedules[0]), marks=marks)
    if steps_per_epoch is not None:
        add_epochs(ax, checks.duration("steps_per_epoch", steps_per_epoch))
    return ax


def labels_of(schedules: Sequence[Schedule], labels: Sequence[str] | None) -> Sequence[str]:
    """What the curves are called."""
    if labels is not None and len(labels) != len(schedules):
        raise refuse(ValueError, "labels", f"as many as the {len(schedules)} schedules", labels)
    return [shortened(called(schedule), WIDTH) for schedule in schedules] if labels is None else labels


def interval(start: float, stop: float | None, schedules: Sequence[Schedule]) -> Interval:
    """From when to when a picture goes."""
    first = checks.moment("start", start)
    last = sensible_stop(*schedules) if stop is None else checks.moment("stop", stop)
    if last <= first:
        raise refuse(ValueError, "stop", f"> `start`, which is {first!r}", stop)
    return first, last


def draw(
    ax: "Axes", curves: Sequence[Drawn], times: Interval, *, log: bool, marks: bool, quantity: str = RATE, **style: Any
) -> None:
    """Draws curves and, of a single one, its phases, with axes that fit them."""
    rates = trace(ax, curves, times, log=log, marks=marks, **style)
    frame(ax, times, rates, log=log)
    ax.set_xlabel("t")
    ax.set_ylabel(quantity)


def trace(ax: "Axes", curves: Sequence[Drawn], times: Interval, *, log: bool, marks: bool, **style: Any) -> Interval:
    """Draws curves; says which rates they have, or which of them a logarithmic axis shows."""
    rates = []
    for label, schedule, color in curves:
        drawn = curve(schedule, *times, log=log)
        ax.plot(drawn.t, drawn.values, **{"label": label, **({"color": color} if color else {}), **style})
        rates += [float(np.nanmin(drawn.values)), float(np.nanmax(drawn.values))]
    if marks and len(curves) == 1:
        _mark(ax, curves[0].schedule, *times)
    return logarithmic_range([each.schedule for each in curves], *times) if log else (min(rates), max(rates))


def frame(ax: "Axes", times: Interval, rates: Interval, *, log: bool, ticks: int = 8) -> None:
    """Sets the range of both axes, and how their numbers are written."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    ax.set_xlim(times)
    ax.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    if times[1] >= LONG:
        ax.xaxis.set_major_formatter(abbreviated())
    if log:
        ax.set_ylim(rates)  # first: values of which none is positive have no range of their own
        ax.set_yscale("log")
        return
    if ax.get_ylim()[0] > 0 and begins_at_zero(*rates):
        ax.set_ylim(bottom=0)
    # Powers of ten at each rate: one above the axis would be where names are.
    written_out = 1e-2 <= ax.get_ylim()[1] < 1e5
    ax.yaxis.set_major_formatter(ScalarFormatter() if written_out else _scientific)


def add_legend(ax: "Axes", *, above: float = 0) -> None:
    """Above the picture, and so many points of other things, where it hides no curve; in a row if names are short."""
    from matplotlib.transforms import ScaledTranslation

    names = [line.get_label() for line in ax.get_legend_handles_labels()[0]]
    columns = len(names) if sum(len(str(name)) for name in names) + 6 * len(names) <= WIDTH else 1
    place = ax.transAxes + ScaledTranslation(0, above / 72, ax.figure.dpi_scale_trans)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=place, borderaxespad=0.3, ncols=columns, frameon=False,
        fontsize="small",
    )  # fmt: skip


def _scientific(rate: float, _position: float) -> str:
    """As people write rates: 2.5e-4."""
    digits, exponent = f"{rate:.6e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}" if rate else "0"


def _new_axes() -> "Axes":
    return tidy(new_figure((7, 3.2)).add_subplot())


def new_figure(size: tuple[float, float]) -> "Figure":
    """A figure of pyplot's, such as notebooks show by themselves."""
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        message = 'Drawing needs matplotlib: pip install "lrsched-core[plot]"'
        raise ImportError(message) from None
    return plt.figure(figsize=size, layout="constrained")


def tidy(ax: "Axes") -> "Axes":
    """The same axes, with a pale grid and no box."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.3)
    ax.set_axisbelow(True)
    return ax


def title(ax: "Axes", text: str, *, marks: bool, width: int = WIDTH) -> None:
    """Writes an expression above the picture, and above the names of phases."""
    ax.set_title(titled(text, width), family="monospace", fontsize="small", pad=18 if marks else None)


def _mark(ax: "Axes", schedule: Schedule, start: float, stop: float) -> None:
    """A dotted line at each boundary, and the name of what holds between them, where there is room for it."""
    color = ax.xaxis.label.get_color()  # by day or by night
    for phase in phases(schedule, start, stop):
        if phase.start > start:
            ax.axvline(phase.start, color=color, alpha=0.4, linewidth=0.8, linestyle=":", zorder=0)
        if not phase.name:
            continue
        ax.text(
            (phase.start + phase.stop) / 2, 1.02, phase.name, transform=ax.get_xaxis_transform(), ha="center",
            va="bottom", fontsize="x-small", color=color, alpha=0.7,
        )  # fmt: skip


def titled(text: str, width: int = WIDTH) -> str:
    """The name of a picture, on two lines at most."""
    if len(text) > 2 * width and re.search(r"\(.*\w\(", text):  # calls in a call: the names of all are kept
        text = shortened(text, 2 * width)
    lines = wrap(text, width, break_on_hyphens=False)
    rest = " ".join(lines[1:])
    return "\n".join([lines[0], rest if len(rest) <= width else f"{rest[: width - 3]}..."]) if rest else text
