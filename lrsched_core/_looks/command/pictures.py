"""Pictures in files."""

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrsched_core import Plan
from lrsched_core._errors import refuse
from lrsched_core._looks.command.expressions import Typed, alike
from lrsched_core._looks.pictures.figure import tidy, titled
from lrsched_core._looks.pictures.labels import shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# As many letters as a legend has room for.
_LABEL = 80
_WIDTH = 9
# More curves than these are a tangle in one picture.
_TOGETHER = 6


def save(
    curves: Sequence[Typed],
    output: Path,
    *,
    apart: bool | None = None,
    labels: Sequence[str] | None,
    steps_per_epoch: float | None,
    **options: Any,
) -> None:
    """Draws schedules, or plans, into a file, whose name says the format.

    Args:
        curves: What is drawn.
        output: The file.
        apart: Whether each schedule has a panel of its own; if they are many, where it is not given.
        labels: What the curves are called, if not as they were typed.
        steps_per_epoch: As in `Schedule.plot`.
        options: Those of `Schedule.plot`.

    Raises:
        ValueError: If the name says no format, or one that nobody knows; or if schedules and plans are mixed.
        OSError: If there can be no such file.
        ImportError: If matplotlib is not installed.
    """
    if output.is_dir() or not output.suffix:
        raise refuse(ValueError, "--output", "a file whose name ends in .png, .svg, .pdf or .html", str(output))
    values = alike(curves)
    # Plots are drawn without a screen, whatever matplotlib is set to.
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        message = 'Drawing needs matplotlib: pip install "lrsched-core[plot]"'
        raise ImportError(message) from None
    names = [each.name for each in curves]
    if len(names) > 1 and labels is None:
        labels = [shortened(name, _LABEL) for name in names]
    if isinstance(values[0], Plan):
        from lrsched_core._looks.pictures.plan import plot_plan, size

        figure = Figure(figsize=size(values, _WIDTH), layout="constrained")
        plot_plan(values, figure, labels=labels, steps_per_epoch=steps_per_epoch, **options)
    elif len(values) > _TOGETHER if apart is None else apart:
        if steps_per_epoch is not None:
            raise refuse(ValueError, "--steps-per-epoch", "left out for panels", steps_per_epoch, "add `--together`.")
        from lrsched_core._looks.pictures.multiples import plot_each, size_of

        figure = Figure(figsize=size_of(len(values)), layout="constrained")
        plot_each(values, figure, labels=names if labels is None else labels, **options)
    else:
        figure = Figure(figsize=(_WIDTH, 4), layout="constrained")
        ax = tidy(figure.add_subplot())
        first, *others = values
        first.plot(*others, ax=ax, labels=labels, steps_per_epoch=steps_per_epoch, **options)
        if labels is None:
            ax.title.set_text(titled(names[0]))
    _write(figure, output, "; ".join(names))


def _write(figure: "Figure", output: Path, title: str) -> None:
    if output.suffix != ".html":
        figure.savefig(output, dpi=150)
        return
    svg = io.StringIO()
    figure.savefig(svg, format="svg")
    picture = svg.getvalue().partition("<svg")[2]
    page = f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><body><svg{picture}</body>\n"
    output.write_text(page, encoding="utf-8")
