"""The picture of a plan: one panel a quantity."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lrsched_core._run.plan import Plan


def plot_plan(plan: "Plan", **options: Any) -> "Figure":
    """See `Plan.plot`."""
    from matplotlib import pyplot as plt

    panels = dict(plan.items())
    panels.update(
        {f"{group}.{name}": schedule for group, part in plan.groups.items() for name, schedule in part.items()}
    )
    figure, axes = plt.subplots(len(panels), squeeze=False, sharex=True, figsize=(6.4, 2.4 * len(panels)))
    for ax, (name, schedule) in zip(axes[:, 0], panels.items(), strict=True):
        schedule.plot(ax=ax, **options)
        ax.set_ylabel(name)
    return figure
