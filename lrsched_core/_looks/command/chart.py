"""A chart in the terminal."""

import math
from collections.abc import Iterator

import numpy as np
import plotext
from numpy.typing import NDArray

from lrsched_core._looks.command import streams
from lrsched_core._looks.command.expressions import Typed
from lrsched_core._looks.pictures.curve import curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.labels import shortened

HEIGHT = 18
_COLORS = ("blue+", "orange+", "green+", "magenta+", "cyan+", "red+")
_MARKERS = "*+o#x@"
# What an encoding without lines has in their place.
_LETTERS = str.maketrans("│┃─━┌┐└┘┤├┬┴┼", "||--+++++++++")


def chart(curves: list[Typed], *, stop: float | None, log: bool, height: int = HEIGHT) -> str:
    """The curves of some schedules, as lines of text."""
    schedules = [each.schedule for each in curves]
    last = sensible_stop(*schedules) if stop is None else stop
    color, drawable, width = streams.colored(), streams.drawable(), streams.columns()
    plotext.clear_figure()
    plotext.plotsize(width, height)
    plotext.theme("pro" if color else "clear")
    low, high = logarithmic_range(schedules, 0, last) if log else (0.0, 0.0)
    for i, each in enumerate(curves):
        drawn = curve(each.schedule, 0, last)
        values = np.where(drawn.values >= low, drawn.values, math.nan) if log else drawn.values
        low = low if log else min(low, float(np.nanmin(values, initial=0)))
        high = max(high, float(np.nanmax(values, initial=0)))
        label = None if len(curves) == 1 else f"{i + 1}: {shortened(each.name, width - 16)}"
        # A jump is a gap: each stretch is drawn by itself, in the same colour.
        for stretch in _unbroken(values):
            plotext.plot(
                drawn.t[stretch].tolist(),
                values[stretch].tolist(),
                marker="braille" if drawable else _MARKERS[i % len(_MARKERS)],
                color=_COLORS[i % len(_COLORS)] if color else None,
                label=label,
            )
            label = None
    if log:
        plotext.yscale("log")
        tens = [10.0**k for k in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
        if len(tens) > 1:
            plotext.yticks(tens, [f"{rate:g}" for rate in tens])
    else:
        plotext.ylim(1.02 * low, 1.02 * high or 1)
        rates = [*(-rate for rate in _ticks(-low, 2)[:0:-1]), *_ticks(high or 1, 4)] if low else _ticks(high or 1, 4)
        plotext.yticks(rates, [f"{rate:.3g}" for rate in rates])
    ticks = _ticks(last, 6)
    plotext.xlim(0, last)
    plotext.xticks(ticks, [f"{t:,g}" if t < 1e6 else f"{t:.3g}" for t in ticks])
    plotext.xlabel("t")
    text: str = plotext.build() if color else plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.rstrip("\n") if drawable else text.rstrip("\n").translate(_LETTERS)


def _unbroken(values: NDArray[np.float64]) -> Iterator[slice]:
    """Where there are values, one after the other."""
    there = np.concatenate([[False], ~np.isnan(values), [False]])
    ends = np.flatnonzero(np.diff(there)).tolist()
    return map(slice, ends[::2], ends[1::2])


def _ticks(last: float, most: int) -> list[float]:
    """Round numbers up to the last, about as many as fit."""
    unit = 10.0 ** np.floor(np.log10(last / most))
    step = next(k * unit for k in (1, 2, 5, 10, 20) if last / (k * unit) <= most)
    return [float(t) for t in np.arange(0, last * (1 + 1e-9), step)]
