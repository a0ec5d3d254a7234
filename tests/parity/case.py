"""One comparison: a live original, our constructor for it, and the arguments that both are given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lrsched_core import Schedule

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """An original and what stands for it here.

    Attributes:
        original: Its full name, `torch.optim.lr_scheduler.StepLR`.
        ours: The constructor in `lrsched_core.compat`.
        rates: Runs the live original: `rates(count, **arguments)` are the rates that its first `count` updates use.
        grid: The arguments to compare with, by name, as both take them.
        horizon: After how many updates nothing new happens; the comparison runs over at least three times as many.
        relative: How far apart they may be: 1e-12, or 1e-6 where the original computes in float32.
        last: How many updates the original survives, where it raises after its end; else None.
        quirks: What is odd about the original, as the table in the documentation says it, or "".
    """

    original: str
    ours: Callable[..., Schedule]
    rates: Callable[..., Sequence[float]]
    grid: Sequence[Arguments]
    horizon: Callable[..., int]
    relative: float = 1e-12
    last: Callable[..., int] | None = None
    quirks: str = ""
    spelling: str = field(default="")  # our expression in the table, where `ours` alone does not say it


def maker(address: str, theirs: Any, ours: Any, rates: Callable[..., Any], **usual: Any) -> Callable[..., Case]:
    """What makes a case of a name: `rates` runs what the module of the originals calls so."""

    def case(name: str, grid: Sequence[Arguments], horizon: Callable[..., int], quirks: str = "", **more: Any) -> Case:
        run = rates(getattr(theirs, name))
        return Case(f"{address}.{name}", getattr(ours, name), run, grid, horizon, quirks=quirks, **{**usual, **more})

    return case
