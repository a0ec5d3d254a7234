"""A chart in the terminal."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotext
from numpy.typing import NDArray

from lrsched_core import Schedule
from lrsched_core._looks.command import streams
from lrsched_core._looks.pictures.curve import begins_at_zero, curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.labels import round_numbers, shortened

HEIGHT = 18
_COLORS = ("blue+", "orange+", "green+", "magenta+", "cyan+", "red+")
_MARKERS = "*+o#x@"
# What an encoding without lines has in their place.
_LETTERS = str.maketrans("│┃─━┌┐└┘┤├┬┴┼", "||--+++++++++")


def chart(curves: Sequence[tuple[str, Schedule]], *, stop: float | None, log: bool, height: int = HEIGHT) -> str:
    """The curves of some schedules, each with what it is called, as lines of text."""
    schedules = [schedule for _, schedule in curves]
    last = sensible_stop(*schedules) if stop is None else stop
    color, drawable, width = streams.colored(), streams.drawable(), streams.columns()
    plotext.clear_figure()
    plotext.plotsize(width, height)
    plotext.theme("pro" if color else "clear")
    low, high = logarithmic_range(schedules, 0, last) if log else (math.inf, -math.inf)
    for i, (name, schedule) in enumerate(curves):
        drawn = curve(schedule, 0, last, log=log)
        values = np.where(drawn.values >= low, drawn.values, math.nan) if log else drawn.values
        if not log:
            low, high = min(low, float(np.nanmin(values))), max(high, float(np.nanmax(values)))
        label = None if len(curves) == 1 else f"{i + 1}: {shortened(name, width - 16)}"
        marker = "braille" if drawable else _MARKERS[i % len(_MARKERS)]
        _draw(drawn.t, values, marker=marker, color=_COLORS[i % len(_COLORS)] if color else None, label=label)
    if log:
        plotext.yscale("log")
        tens = [10.0**k for k in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
        if len(tens) > 1:
            plotext.yticks(tens, [f"{rate:g}" for rate in tens])
    else:
        low, high = 0.0 if begins_at_zero(low, high) else low, max(high, 0.0)
        high = high if high > low else 1.0
        plotext.ylim(low - 0.02 * (high - low) * (low != 0), high + 0.02 * (high - low))
        rates = round_numbers(low, high, 4)
        plotext.yticks(rates, [f"{rate:.3g}" for rate in rates])
    ticks = round_numbers(0, last, 6)
    plotext.xlim(0, last)
    plotext.xticks(ticks, [f"{t:,g}" if t < 1e6 else f"{t:.3g}" for t in ticks])
    plotext.xlabel("t")
    text: str = plotext.build() if color else plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.rstrip("\n") if drawable else text.rstrip("\n").translate(_LETTERS)


def sparkline(schedule: Schedule, stop: float, *, log: bool, width: int, height: int) -> tuple[str, float, float]:
    """A curve without axes, as lines of text, and between which values it lies."""
    drawn = curve(schedule, 0, stop, log=log)
    low, high = float(np.nanmin(drawn.values)), float(np.nanmax(drawn.values))
    plotext.clear_figure()
    plotext.plotsize(width, height)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xaxes(False)
    plotext.yaxes(False)
    plotext.xticks([])
    plotext.yticks([])
    if log:
        floor, ceiling = logarithmic_range([schedule], 0, stop)
        values = np.log10(np.where(drawn.values >= floor, drawn.values, math.nan))
        bottom, top = math.log10(floor), math.log10(ceiling)
    else:
        values, bottom, top = drawn.values, 0.0 if begins_at_zero(low, high) else low, high
    # Within a part of a line, that what is constant is not at its edge.
    margin = 0.02 * (top - bottom or 1)
    plotext.ylim(bottom - margin, top + margin)
    plotext.xlim(0, stop)
    _draw(drawn.t, values, marker="braille" if streams.drawable() else _MARKERS[0])
    text: str = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.rstrip("\n"), low, high


def _draw(t: NDArray[np.float64], values: NDArray[np.float64], *, label: str | None = None, **style: Any) -> None:
    """A jump is a gap: each stretch is drawn by itself, in the same colour."""
    for stretch in _unbroken(values):
        plotext.plot(t[stretch].tolist(), values[stretch].tolist(), label=label, **style)
        label = None


def _unbroken(values: NDArray[np.float64]) -> Iterator[slice]:
    """Where there are values, one after the other."""
    there = np.concatenate([[False], ~np.isnan(values), [False]])
    ends = np.flatnonzero(np.diff(there)).tolist()
    return map(slice, ends[::2], ends[1::2])
