"""Building a schedule of many phases, and what a checkpoint keeps of it."""

import pickle
import warnings
from typing import Any

from torch.optim import lr_scheduler as shipped

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, exactly
from benchmarks.policies import PEAK, phases
from benchmarks.section import Bench, Section, Table, nanoseconds, ranking
from benchmarks.torch_step import optimizer_of
from lrsched_torch import ScheduleLR

COUNTS = (1, 10, 100, 1000)
BUILT, CALLED = "ours, built", "ours, built and called once"


def ours(n: int) -> ScheduleLR:
    """The schedule, built, attached, and asked for its first rate."""
    return ScheduleLR(optimizer_of(1), phases(n))


def sequential(n: int) -> Any:
    """Torch's, with its children."""
    optimizer = optimizer_of(1)
    children = [shipped.CosineAnnealingLR(optimizer, 100, PEAK / 100) for _ in range(n)]
    return shipped.SequentialLR(optimizer, children, [100 * i for i in range(1, n)])


def measure(bench: Bench) -> Section:
    """Time to build, and bytes of the state."""
    contestants = {
        BUILT: Contestant(lambda: phases(1000)),
        CALLED: Contestant(lambda: phases(1000)(0)),
        "ours": Contestant(lambda: ours(1000)),
        "SequentialLR": Contestant(lambda: sequential(1000)),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own use of what it deprecates
        result = bench.race("building 1000 phases", contestants)
        sizes = {n: (_bytes(ours(n)), _bytes(sequential(n))) for n in COUNTS}
    beyond = max(mine - len(phases(n).to_json()) for n, (mine, _) in sizes.items())
    rows = [(f"{n}", f"{mine:,}", f"{theirs:,}") for n, (mine, theirs) in sizes.items()]
    return Section(
        "Building 1000 phases",
        "From nothing to the first rate in an optimizer, the children of `SequentialLR` included. The first call, "
        f"which flattens them and prepares some, takes {nanoseconds(result.extra(CALLED, BUILT).median)} of ours.",
        [
            ranking("Time", result, "SequentialLR"),
            Table("Bytes of the pickled `state_dict()`", ("phases", "ours", "SequentialLR"), rows),
        ],
        {Bar.BUILD: result.ratio("ours", "SequentialLR"), Bar.STATE: exactly(beyond)},
    )


def _bytes(scheduler: Any) -> int:
    return len(pickle.dumps(scheduler.state_dict()))
