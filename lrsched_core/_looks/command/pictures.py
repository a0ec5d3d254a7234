"""Pictures in files."""

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._looks.command.expressions import Typed
from lrsched_core._looks.pictures.figure import titled
from lrsched_core._looks.pictures.labels import shortened

# As many letters as a legend has room for.
_LABEL = 80


def save(curves: Sequence[Typed], output: Path, *, labels: Sequence[str] | None, **options: Any) -> None:
    """Draws the schedules into a file, whose name says the format.

    Args:
        curves: What is drawn.
        output: The file.
        labels: What the curves are called, if not as they were typed.
        options: Those of `Schedule.plot`.

    Raises:
        ValueError: If the name says no format, or one that nobody knows.
        OSError: If there can be no such file.
        ImportError: If matplotlib is not installed.
    """
    if output.is_dir() or not output.suffix:
        raise refuse(ValueError, "--output", "a file whose name ends in .png, .svg, .pdf or .html", str(output))
    first, *others = [each.schedule for each in curves]
    # Plots are drawn without a screen, whatever matplotlib is set to.
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        message = 'Drawing needs matplotlib: pip install "lrsched-core[plot]"'
        raise ImportError(message) from None
    figure = Figure(figsize=(9, 4), layout="constrained")
    ax = figure.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(alpha=0.3)
    names = [each.name for each in curves]
    if others and labels is None:
        labels = [shortened(name, _LABEL) for name in names]
    first.plot(*others, ax=ax, labels=labels, **options)
    if labels is None:
        ax.title.set_text(titled(names[0]))
    if output.suffix == ".html":
        svg = io.StringIO()
        figure.savefig(svg, format="svg")
        title = escape("; ".join(names))
        picture = svg.getvalue().partition("<svg")[2]
        page = f"<!doctype html><meta charset=utf-8><title>{title}</title><body><svg{picture}</body>\n"
        output.write_text(page, encoding="utf-8")
    else:
        figure.savefig(output, dpi=150)
