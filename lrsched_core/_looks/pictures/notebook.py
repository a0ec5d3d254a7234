"""How a schedule shows itself in a notebook: curve, formula, phases."""

import inspect
import io
import re
from html import escape

from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._value.inspection import Segment, repeats
from lrsched_core._value.schedule import Schedule

_ROWS = 12


def html(schedule: Schedule) -> str | None:
    """A piece of HTML, or None where matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return None
    # Apart from pyplot: showing a schedule must neither open a figure nor change the current one.
    figure = Figure(figsize=(6, 2.6), layout="constrained")
    FigureCanvasSVG(figure)
    ax = figure.add_subplot()
    schedule.plot(ax=ax)
    ax.set_title("")
    ax.spines[["top", "right"]].set_visible(False)
    picture = io.StringIO()
    figure.savefig(picture, format="svg", metadata={"Date": None})
    svg = picture.getvalue()
    segments = schedule.segments(sensible_stop(schedule) if repeats(schedule) else None)
    return f"<div><code>{escape(repr(schedule))}</code><br>{svg[svg.index('<svg') :]}{_table(schedule, segments)}</div>"


def _table(schedule: Schedule, segments: tuple[Segment, ...]) -> str:
    rows = [
        f"<tr><td>{_moment(s.start)}</td><td>{_moment(s.stop)}</td><td><code>{escape(repr(s.schedule))}</code></td>"
        f"<td>${formula(s.schedule)}$</td><td>{schedule(s.start):.4g}</td></tr>"
        for s in segments[:_ROWS]
    ]
    if len(segments) > _ROWS:
        rows.append(f"<tr><td colspan=5>and {len(segments) - _ROWS} more</td></tr>")
    head = "".join(f"<th>{title}</th>" for title in ("from", "until", "phase", "formula", "first value"))
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _moment(t: float) -> str:
    return "∞" if t == float("inf") else f"{t:,}"


def formula(schedule: Schedule) -> str:
    """The formula of a schedule's class, as its documentation has it, in LaTeX; empty if it has none."""
    found = re.search(r"\$\$(.*?)\$\$", inspect.getdoc(type(schedule)) or "", re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""
