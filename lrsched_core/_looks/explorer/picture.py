"""Curves for ECharts, the library that draws in the page."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from lrsched_core import Plan, Schedule
from lrsched_core._looks.explorer.colors import drawn
from lrsched_core._looks.pictures.curve import Curve, begins_at_zero, curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.phases import phases
from lrsched_core._looks.pictures.plan import panels_of
from lrsched_core._looks.pictures.quantities import BATCH, RATE, Shown, quantities, run_of
from lrsched_core._looks.pictures.units import marks
from lrsched_core._run.clock import Clock

# So many columns and steps are drawn while a slider is moved.
_COLUMNS = 400
_SAMPLES = 200_000
# The heights of a chart with one panel, of each of several, and of what is between them.
_ALONE, _PANEL, _GAP = 384, 120, 44
# How far a second axis is above the first panel, where phases are named; and how much room it takes there.
_OFFSET, _ABOVE = 36, 52
_TEXT = {":color": drawn("muted")}
_RULE = {":color": drawn("rule")}


def height(value: Shown) -> int:
    """How high the chart is, in dots."""
    count = len(_panels(value))
    return (_ALONE if count == 1 else count * (_PANEL + _GAP) + _GAP) + _above(value)


def options(value: Shown, pinned: Shown | None, *, stop: float | None, log: bool) -> dict[str, Any]:
    """The chart of a schedule, or of each quantity of a plan, and of another one behind it."""
    panels, behind = _panels(value), {} if pinned is None else _panels(pinned)
    planned = [schedule for each in (value, pinned) if each is not None for schedule in quantities(each).values()]
    last = sensible_stop(*planned) if stop is None else stop
    series, axes = [], []
    for i, (name, schedule) in enumerate(panels.items()):
        both = [schedule, *([behind[name]] if name in behind else [])]
        logarithmic = log and name != BATCH
        axes.append(_rates(name, both, last, logarithmic, i))
        on = {"xAxisIndex": i, "yAxisIndex": i}
        if name in behind:
            style = {":color": drawn("other"), "width": 2, "type": "dashed"}
            series.append(_line("pinned", behind[name], last, logarithmic, style) | on)
        line = _line("schedule", schedule, last, logarithmic, {":color": drawn("curve"), "width": 2.5}) | on
        if name != BATCH:
            line |= _phases(schedule, last)
        series.append(line)
    lowest, run = len(panels) - 1, run_of(value)
    unit = "update" if run else "t"
    times = [
        {"type": "value", "min": 0, "max": last, "splitLine": {"show": False}, "axisLine": {"lineStyle": _RULE},
         "gridIndex": i, "axisLabel": {**_TEXT, "show": i == lowest}, "nameTextStyle": _TEXT,
         "name": unit if i == lowest else "", "nameLocation": "middle", "nameGap": 28}
        for i in range(len(panels))
    ]  # fmt: skip
    if run:
        times.append(_consumption(*run, last))
    return {
        "animation": False,
        "grid": [_grid(i, len(panels), _above(value)) for i in range(len(panels))],
        "legend": {"show": pinned is not None, "bottom": 0, "data": ["schedule", "pinned"], "textStyle": _TEXT},
        "tooltip": {"trigger": "axis", ":valueFormatter": "v => v == null ? '' : (+v).toPrecision(6)"},
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "dataZoom": [{"type": "inside", "filterMode": "none", "xAxisIndex": [*range(len(times))]}],
        "xAxis": times,
        "yAxis": axes,
        "series": series,
    }  # fmt: skip


def _panels(value: Shown) -> dict[str, Schedule]:
    return panels_of(value) if isinstance(value, Plan) else quantities(value)


def _above(value: Shown) -> int:
    return _ABOVE if run_of(value) else 0


def _grid(i: int, count: int, above: int) -> dict[str, Any]:
    sides = {"left": 16, "right": 28, "containLabel": True}
    if count == 1:
        return {**sides, "top": 40 + above, "bottom": 56}
    # Without the labels, so that the panels stand one exactly under the other.
    return {"left": 72, "right": 28, "top": above + _GAP + i * (_PANEL + _GAP), "height": _PANEL}


def _consumption(clock: Clock, unit: str, last: float) -> dict[str, Any]:
    """A second axis of times, at which stands what is consumed then."""
    name, amounts = marks(clock, unit, last)
    at = [*amounts]
    texts = f"{[*amounts.values()]}[{at}.findIndex(t => Math.abs(t - v) <= {1e-9 * last})]"
    return {
        "type": "value", "min": 0, "max": last, "gridIndex": 0, "position": "top", "offset": _OFFSET, "name": name,
        "nameLocation": "middle", "nameGap": 26, "nameTextStyle": _TEXT, "splitLine": {"show": False},
        "axisLine": {"show": True, "lineStyle": _RULE}, "axisTick": {"show": True, "customValues": at},
        "axisLabel": {**_TEXT, "customValues": at, ":formatter": f"v => {texts}"}, "axisPointer": {"show": False},
    }  # fmt: skip


def _rates(name: str, schedules: list[Schedule], last: float, log: bool, i: int) -> dict[str, Any]:
    """The axis of a panel: a range of what is shown, with 0 where that is not far."""
    low: float | None
    high: float | None
    if log:
        low, high = logarithmic_range(schedules, 0, last)
    else:
        values = np.concatenate([_curve(schedule, last, log).values for schedule in schedules])
        # Where there is None, ECharts finds a round number.
        low, high = 0 if begins_at_zero(float(np.nanmin(values)), float(np.nanmax(values))) else None, None
    return {
        "type": "log" if log else "value", "min": low, "max": high, "scale": low is None, "name": name, "gridIndex": i,
        "nameTextStyle": _TEXT if name == RATE else {**_TEXT, "align": "left"}, "nameGap": 15 if name == RATE else 22,
        "splitLine": {"lineStyle": {**_RULE, "opacity": 0.5}}, "splitNumber": 5 if name == RATE else 3,
        "axisLabel": {**_TEXT, ":formatter": "v => v === 0 ? '0' : String(+v.toPrecision(6))"},
    }  # fmt: skip


def described(text: str, value: Shown, stop: float | None) -> str:
    """The picture in words: from which value to which, and the highest between; of each quantity of a plan."""
    planned = quantities(value)
    last = sensible_stop(*planned.values()) if stop is None else stop
    told = []
    for name, schedule in planned.items():
        top = np.nanmax(_curve(schedule, last, log=False).values)
        of = "" if isinstance(value, Schedule) else f"{name} "
        told.append(f"{of}{schedule(0):.4g} at t = 0, at most {top:.4g}, {schedule(last):.4g} at t = {last:,}")
    return f"{text}: {'; '.join(told)}"


@lru_cache(maxsize=64)
def _curve(schedule: Schedule, last: float, log: bool) -> Curve:
    return curve(schedule, 0, last, log=log, columns=_COLUMNS, samples=_SAMPLES)


def _phases(schedule: Schedule, last: float) -> dict[str, Any]:
    """What marks boundaries, and names what holds between them."""
    found = phases(schedule, 0, last)
    clear = {"color": "transparent"}
    label = {**_TEXT, "position": "top", "fontSize": 11}
    return {
        "markArea": {"silent": True, "data": [
            [{"name": name, "xAxis": left, "itemStyle": clear, "label": label}, {"xAxis": right}]
            for left, right, name in found if name
        ]},
        "markLine": {
            "silent": True, "symbol": "none", "label": {"show": False}, "animation": False,
            "lineStyle": {**_RULE, "type": "dotted"}, "data": [{"xAxis": edge} for edge, _, _ in found if edge > 0],
        },
    }  # fmt: skip


def _line(name: str, schedule: Schedule, last: float, log: bool, style: dict[str, Any]) -> dict[str, Any]:
    points_of = _curve(schedule, last, log)
    points = [
        [t, None if math.isnan(value) or (log and value <= 0) else value]
        for t, value in zip(points_of.t.tolist(), points_of.values.tolist(), strict=True)
    ]
    return {
        "type": "line", "name": name, "data": points, "showSymbol": False, "lineStyle": style,
        "itemStyle": {":color": style[":color"]},
    }  # fmt: skip
