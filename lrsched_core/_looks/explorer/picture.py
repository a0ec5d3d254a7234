"""Curves for ECharts, the library that draws in the page."""

import math
from typing import Any

from lrsched_core import Schedule
from lrsched_core._looks.explorer.colors import drawn
from lrsched_core._looks.pictures.curve import curve, logarithmic_range, sensible_stop
from lrsched_core._looks.pictures.phases import phases

# So many columns and steps are drawn while a slider is moved.
_COLUMNS = 400
_SAMPLES = 200_000
_TEXT = {":color": drawn("muted")}
_RULE = {":color": drawn("rule")}


def options(schedule: Schedule, pinned: Schedule | None, *, stop: float | None, log: bool) -> dict[str, Any]:
    """The chart of a schedule, and of another one behind it."""
    both = [schedule, *([pinned] if pinned else [])]
    last = sensible_stop(*both) if stop is None else stop
    line = _line("schedule", schedule, last, log, {":color": drawn("curve"), "width": 2.5})
    line["markArea"] = {"silent": True, "data": _named(schedule, last)}
    line["markLine"] = {
        "silent": True, "symbol": "none", "label": {"show": False}, "animation": False,
        "lineStyle": {**_RULE, "type": "dotted"},
        "data": [{"xAxis": edge} for edge, _, _ in phases(schedule, 0, last) if edge > 0],
    }  # fmt: skip
    series = [line]
    if pinned:
        series.insert(0, _line("pinned", pinned, last, log, {":color": drawn("other"), "width": 2, "type": "dashed"}))
    low, high = logarithmic_range(both, 0, last) if log else (0, None)
    return {
        "animation": False,
        "grid": {"left": 16, "right": 28, "top": 40, "bottom": 56, "containLabel": True},
        "legend": {"show": bool(pinned), "bottom": 0, "data": ["schedule", "pinned"], "textStyle": _TEXT},
        "tooltip": {"trigger": "axis", ":valueFormatter": "v => v == null ? '' : (+v).toPrecision(6)"},
        "dataZoom": [{"type": "inside", "filterMode": "none"}],
        "xAxis": {"type": "value", "min": 0, "max": last, "name": "t", "nameLocation": "middle", "nameGap": 28,
                  "splitLine": {"show": False}, "axisLabel": _TEXT, "nameTextStyle": _TEXT,
                  "axisLine": {"lineStyle": _RULE}},
        "yAxis": {"type": "log" if log else "value", "min": low, "max": high, "name": "rate",
                  "nameTextStyle": _TEXT, "splitLine": {"lineStyle": {**_RULE, "opacity": 0.5}},
                  "axisLabel": {**_TEXT, ":formatter": "v => v === 0 ? '0' : String(+v.toPrecision(6))"}},
        "series": series,
    }  # fmt: skip


def described(text: str, schedule: Schedule, stop: float | None) -> str:
    """The picture in words: from which value to which, and the highest between."""
    last = sensible_stop(schedule) if stop is None else stop
    values = curve(schedule, 0, last, columns=_COLUMNS, samples=_SAMPLES).values
    top = max(value for value in values.tolist() if not math.isnan(value))
    return f"{text}: {schedule(0):.4g} at t = 0, at most {top:.4g}, {schedule(last):.4g} at t = {last:,}"


def _line(name: str, schedule: Schedule, last: float, log: bool, style: dict[str, Any]) -> dict[str, Any]:
    points_of = curve(schedule, 0, last, columns=_COLUMNS, samples=_SAMPLES)
    points = [
        [t, None if math.isnan(value) or (log and value <= 0) else value]
        for t, value in zip(points_of.t.tolist(), points_of.values.tolist(), strict=True)
    ]
    return {
        "type": "line", "name": name, "data": points, "showSymbol": False, "lineStyle": style,
        "itemStyle": {":color": style[":color"]},
    }  # fmt: skip


def _named(schedule: Schedule, last: float) -> list[list[dict[str, Any]]]:
    clear = {"color": "transparent"}
    label = {**_TEXT, "position": "top", "fontSize": 11}
    return [
        [{"name": name, "xAxis": left, "itemStyle": clear, "label": label}, {"xAxis": right}]
        for left, right, name in phases(schedule, 0, last)
        if name
    ]
