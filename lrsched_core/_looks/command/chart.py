"""A chart in the terminal."""

import math

import numpy as np
import plotext

from lrsched_core import Schedule
from lrsched_core._looks.pictures.curve import curve, logarithmic_range, sensible_stop

_HEIGHT = 18


def chart(schedules: list[Schedule], *, stop: float | None, width: int, log: bool, color: bool) -> str:
    """The curves of some schedules, as lines of text."""
    last = max(map(sensible_stop, schedules)) if stop is None else stop
    plotext.clear_figure()
    plotext.plotsize(width, _HEIGHT)
    plotext.theme("pro" if color else "clear")
    low, high = logarithmic_range(schedules, 0, last) if log else (0.0, 0.0)
    for i, schedule in enumerate(schedules):
        drawn = curve(schedule, 0, last)
        there = drawn.values >= low if log else ~np.isnan(drawn.values)
        t, values = drawn.t[there], drawn.values[there]
        high = max(high, float(values.max(initial=0)))
        label = None if len(schedules) == 1 else f"{i + 1}: {schedule!r}"[: width - 12]
        plotext.plot(t.tolist(), values.tolist(), marker="braille", label=label)
    if log:
        plotext.yscale("log")
        tens = [10.0**k for k in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
        if len(tens) > 1:
            plotext.yticks(tens, [f"{rate:g}" for rate in tens])
    else:
        plotext.ylim(low, 1.02 * high or 1)
        rates = _ticks(high or 1, 4)
        plotext.yticks(rates, [f"{rate:.3g}" for rate in rates])
    ticks = _ticks(last, 6)
    plotext.xlim(0, last)
    plotext.xticks(ticks, [f"{t:,g}" if t < 1e6 else f"{t:.3g}" for t in ticks])
    plotext.xlabel("t")
    text: str = plotext.build() if color else plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return text.rstrip("\n")


def _ticks(last: float, most: int) -> list[float]:
    """Round numbers up to the last, about as many as fit."""
    unit = 10.0 ** np.floor(np.log10(last / most))
    step = next(k * unit for k in (1, 2, 5, 10, 20) if last / (k * unit) <= most)
    return [float(t) for t in np.arange(0, last * (1 + 1e-9), step)]
