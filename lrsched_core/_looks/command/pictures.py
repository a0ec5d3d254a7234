"""Pictures in files."""

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from lrsched_core import Schedule


def save(schedules: Sequence[Schedule], output: Path, **options: Any) -> None:
    """Draws the schedules into a file, whose name says the format."""
    first, *others = schedules
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
    first.plot(*others, ax=ax, **options)
    if output.suffix == ".html":
        svg = io.StringIO()
        figure.savefig(svg, format="svg")
        title = escape("; ".join(map(repr, schedules)))
        picture = svg.getvalue().partition("<svg")[2]
        page = f"<!doctype html><meta charset=utf-8><title>{title}</title><body><svg{picture}</body>\n"
        output.write_text(page, encoding="utf-8")
    else:
        figure.savefig(output, dpi=150)
