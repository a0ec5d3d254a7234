"""The picture of plans: one panel a quantity, one under the other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refuse
from lrsched_core._looks.pictures.figure import WIDTH, Drawn, add_legend, draw, interval, new_figure, tidy, title
from lrsched_core._looks.pictures.labels import called, shortened
from lrsched_core._looks.pictures.quantities import BATCH, batch_sizes, quantities, run_of
from lrsched_core._looks.pictures.units import AXIS, add_consumption, add_epochs
from lrsched_core._run.on import On
from lrsched_core._run.plan import Plan
from lrsched_core._value import checks
from lrsched_core._value.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PANEL, _FRAME = 1.9, 0.7


def panels_of(plan: Plan) -> dict[str, Schedule]:
    """What is drawn of a plan: its quantities, and the sizes of batches where it is on a clock that knows them."""
    run = run_of(plan)
    sizes = batch_sizes(run[0]) if run else None
    return {**quantities(plan), **({BATCH: sizes} if sizes else {})}


def _names(plans: Sequence[Plan]) -> list[str]:
    """The panels of plans, those of batches at the end."""
    return sorted({name: None for plan in plans for name in panels_of(plan)}, key=lambda name: name == BATCH)


def size(plans: Sequence[Plan], width: float) -> tuple[float, float]:
    """How large a figure should be in which plans are drawn, in inches."""
    return width, _FRAME + _PANEL * len(_names(plans))


def plot_plan(
    plans: Sequence[Plan],
    figure: "Figure | None" = None,
    *,
    start: float = 0,
    stop: float | None = None,
    log: bool = False,
    marks: bool = True,
    labels: Sequence[str] | None = None,
    steps_per_epoch: float | None = None,
    **style: Any,
) -> "Figure":
    """See `Plan.plot`."""
    if labels is not None and len(labels) != len(plans):
        raise refuse(ValueError, "labels", f"as many as the {len(plans)} plans", labels)
    drawn = [panels_of(plan) for plan in plans]
    names = _names(plans)
    planned = [schedule for plan in plans for schedule in quantities(plan).values()]
    times = interval(start, stop, planned)
    figure = figure or new_figure(size(plans, 7))
    axes = figure.subplots(len(names), squeeze=False, sharex=True)[:, 0]
    labelled = labels or [shortened(called(plan), WIDTH) for plan in plans]
    alone, run = len(plans) == 1, run_of(*plans)
    for ax, name in zip(axes, names, strict=True):
        curves = [Drawn(labelled[i], panels[name], f"C{i}") for i, panels in enumerate(drawn) if name in panels]
        tidy(ax)
        own = name != BATCH
        draw(ax, curves, times, log=log and own, marks=marks and alone and own, quantity=name, **style)
        if alone and own:
            schedule = curves[0].schedule
            title(ax, called(schedule.schedule if isinstance(schedule, On) and run else schedule), marks=marks)
        if ax is not axes[-1]:
            ax.set_xlabel("")
    if not alone or labels is not None:
        add_legend(axes[0], above=AXIS if run else 0)
    if run:
        add_consumption(axes[0], *run, away=marks and alone)
        axes[-1].set_xlabel("update")
    if steps_per_epoch is not None:
        add_epochs(axes[-1], checks.duration("steps_per_epoch", steps_per_epoch))
    return figure
