"""How a schedule, or a plan, shows itself in a notebook: curves, formulas, phases."""

import inspect
import io
import re
from html import escape

from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.figure import tidy
from lrsched_core._looks.pictures.labels import called, moment
from lrsched_core._looks.pictures.phases import holding, unslowed
from lrsched_core._looks.pictures.quantities import Shown, quantities
from lrsched_core._value.inspection import repeats
from lrsched_core._value.schedule import Schedule

_ROWS = 12


def html(value: Shown) -> str | None:
    """A piece of HTML, or None where matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return None
    from lrsched_core._looks.pictures.plan import plot_plan, size

    # Apart from pyplot: showing a schedule must neither open a figure nor change the current one.
    if isinstance(value, Schedule):
        figure = Figure(figsize=(6, 2.6), layout="constrained")
        ax = tidy(figure.add_subplot())
        value.plot(ax=ax)
        ax.set_title("")
    else:
        figure = Figure(figsize=size([value], 6), layout="constrained")
        plot_plan([value], figure)
    FigureCanvasSVG(figure)
    picture = io.StringIO()
    figure.savefig(picture, format="svg", metadata={"Date": None})
    svg = picture.getvalue()
    return f"<div><code>{escape(called(value))}</code><br>{svg[svg.index('<svg') :]}{_table(value)}</div>"


def _table(value: Shown) -> str:
    """The phases, and of a plan whose they are."""
    several = not isinstance(value, Schedule)
    titles = [*(["quantity"] if several else []), "from", "until", "phase", "formula", "first value"]
    rows = []
    for name, schedule in quantities(value).items():
        whose = f"<td>{escape(name)}</td>" if several else ""
        segments = schedule.segments(sensible_stop(schedule) if repeats(schedule) else None)
        rows += [
            f"<tr>{whose}<td>{_moment(s.start)}</td><td>{_moment(s.stop)}</td>"
            f"<td><code>{escape(repr(holding(schedule, s)))}</code></td>"
            f"<td>${formula(unslowed(s.schedule))}$</td><td>{schedule(s.start):.4g}</td></tr>"
            for s in segments[:_ROWS]
        ]
        if len(segments) > _ROWS:
            rows.append(f"<tr>{whose}<td colspan=5>and {len(segments) - _ROWS} more</td></tr>")
    head = "".join(f"<th>{title}</th>" for title in titles)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _moment(t: float) -> str:
    return "∞" if t == float("inf") else moment(t)


def formula(schedule: Schedule) -> str:
    """The formula of a schedule's class, as its documentation has it, in LaTeX; empty if it has none."""
    found = re.search(r"\$\$(.*?)\$\$", inspect.getdoc(type(schedule)) or "", re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""
