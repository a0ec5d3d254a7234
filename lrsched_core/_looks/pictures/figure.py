"""Curves drawn by matplotlib."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refuse
from lrsched_core._looks.pictures.curve import curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.labels import shortened
from lrsched_core._looks.pictures.phases import phases
from lrsched_core._value import checks
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# As many letters as fit above a picture.
_WIDTH = 80
# Times from here on are written as 100k.
_LONG = 100_000


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
    first = checks.moment("start", start)
    last = sensible_stop(*schedules) if stop is None else checks.moment("stop", stop)
    if last <= first:
        raise refuse(ValueError, "stop", f"> `start`, which is {first!r}", stop)
    if labels is not None and len(labels) != len(schedules):
        raise refuse(ValueError, "labels", f"as many as the {len(schedules)} schedules", labels)
    ax = _new_axes() if ax is None else ax
    for i, schedule in enumerate(schedules):
        drawn = curve(schedule, first, last)
        label = labels[i] if labels is not None else shortened(repr(schedule), _WIDTH)
        ax.plot(drawn.t, drawn.values, **{"label": label, **style})
        if marks and len(schedules) == 1:
            _mark(ax, schedule, first, last)
    ax.set_xlim(first, last)
    if log:
        ax.set_yscale("log")
        ax.set_ylim(logarithmic_range(schedules, first, last))
    elif ax.get_ylim()[0] > 0:
        ax.set_ylim(bottom=0)
    _label(ax, last)
    if len(schedules) > 1 or labels is not None:
        _add_legend(ax)
    else:
        title = titled(repr(schedules[0]))
        ax.set_title(title, family="monospace", fontsize="small", pad=18 if marks else None)
    if steps_per_epoch is not None:
        _add_epochs(ax, checks.duration("steps_per_epoch", steps_per_epoch))
    return ax


def _add_legend(ax: "Axes") -> None:
    """Above the picture, where it hides no curve; beside each other if the names are short."""
    names = [line.get_label() for line in ax.get_legend_handles_labels()[0]]
    columns = len(names) if sum(len(str(name)) for name in names) + 6 * len(names) <= _WIDTH else 1
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.3, ncols=columns, frameon=False, fontsize="small"
    )


def _label(ax: "Axes", last: float) -> None:
    from matplotlib.ticker import EngFormatter, MaxNLocator, ScalarFormatter

    ax.set_xlabel("t")
    ax.set_ylabel("rate")
    ax.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]))
    if last >= _LONG:
        ax.xaxis.set_major_formatter(EngFormatter(sep=""))
    if ax.get_yscale() == "linear":
        # Powers of ten at each rate: one above the axis would be where names are.
        written_out = 1e-2 <= ax.get_ylim()[1] < 1e5
        ax.yaxis.set_major_formatter(ScalarFormatter() if written_out else _scientific)


def _scientific(rate: float, _position: float) -> str:
    """As people write rates: 2.5e-4."""
    digits, exponent = f"{rate:.6e}".split("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(exponent)}" if rate else "0"


def _new_axes() -> "Axes":
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        message = 'Drawing needs matplotlib: pip install "lrsched-core[plot]"'
        raise ImportError(message) from None
    _, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.3)
    ax.set_axisbelow(True)
    return ax


def _add_epochs(ax: "Axes", every: float) -> None:
    def epoch(t: Any) -> Any:
        return t / every

    def steps(epoch: Any) -> Any:
        return epoch * every

    axis = ax.secondary_xaxis("bottom", functions=(epoch, steps))
    axis.spines["bottom"].set_position(("outward", 34))
    axis.set_xlabel("epoch")


def _mark(ax: "Axes", schedule: Schedule, start: float, stop: float) -> None:
    """A dotted line at each boundary, and the name of what holds between them, where there is room for it."""
    for phase in phases(schedule, start, stop):
        if phase.start > start:
            ax.axvline(phase.start, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
        if not phase.name:
            continue
        ax.text(
            (phase.start + phase.stop) / 2, 1.02, phase.name, transform=ax.get_xaxis_transform(), ha="center",
            va="bottom", fontsize="x-small", color="0.4",
        )  # fmt: skip


def titled(text: str) -> str:
    """The name of a picture, on two lines at most."""
    if len(text) > 2 * _WIDTH and re.search(r"\(.*\w\(", text):  # calls in a call: the names of all are kept
        text = shortened(text, 2 * _WIDTH)
    lines = wrap(text, _WIDTH, break_on_hyphens=False)
    rest = " ".join(lines[1:])
    return "\n".join([lines[0], rest if len(rest) <= _WIDTH else f"{rest[: _WIDTH - 3]}..."]) if rest else text
