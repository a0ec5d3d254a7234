"""Building a schedule of many phases, and what a checkpoint keeps of it."""

import pickle
import warnings
from collections.abc import Callable
from typing import Any

from torch.optim import lr_scheduler as shipped

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, Spread, exactly
from benchmarks.policies import PEAK, phases
from benchmarks.section import Bench, Section, Table, nanoseconds, ranking
from benchmarks.torch_step import optimizer_of
from lrsched_core import Cosine, Factor, Linear, Schedule
from lrsched_core._evaluation import numbers
from lrsched_torch import ScheduleLR

COUNTS = (1, 10, 100, 1000)
WARM, MANY, AND_ASKED = "warmup + cosine", "1000 phases", ", and asked"
COMPOSITIONS: dict[str, Callable[[], Schedule]] = {
    "cosine": lambda: Cosine(PEAK, steps=100),
    WARM: lambda: Cosine(PEAK, steps=100).with_warmup(10),
    "restarts, warmup": lambda: Cosine(PEAK, steps=10).repeat(10, decay=0.9).with_warmup(5),
    "cosine x steps x ramp": lambda: Cosine(PEAK, steps=90) * Factor(1.0, 0.9, every=7) * Linear(0.5, 1.0, steps=30),
    "100 phases": lambda: phases(100),
    MANY: lambda: phases(1000),
}
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
        first = bench.race("first values", _first_values())
    beyond = max(mine - len(phases(n).to_json()) for n, (mine, _) in sizes.items())
    rows = [(f"{n}", f"{mine:,}", f"{theirs:,}") for n, (mine, theirs) in sizes.items()]
    return Section(
        "Building 1000 phases",
        "From nothing to the first rate in an optimizer, the children of `SequentialLR` included. The first call, "
        f"which flattens them and prepares some, takes {nanoseconds(result.extra(CALLED, BUILT).median)} of ours.",
        [
            ranking("Time", result, "SequentialLR"),
            Table(
                "The first value of a schedule whose like nobody has asked before",
                ("", "time"),
                [(name, nanoseconds(first.extra(f"{name}{AND_ASKED}", name).median)) for name in COMPOSITIONS],
            ),
            Table("Bytes of the pickled `state_dict()`", ("phases", "ours", "SequentialLR"), rows),
        ],
        {
            Bar.BUILD: result.ratio("ours", "SequentialLR"),
            Bar.STATE: exactly(beyond),
            Bar.FIRST: _microseconds(first.extra(f"{WARM}{AND_ASKED}", WARM)),
            Bar.FIRST_1000: _microseconds(first.extra(f"{MANY}{AND_ASKED}", MANY)),
        },
    )


def _first_values() -> dict[str, Contestant]:
    """Each built alone, and built and asked, without what is kept of code that was compiled."""
    found = {}
    for name, make in COMPOSITIONS.items():
        found[name] = Contestant(lambda make=make: _forgotten(make()))
        found[f"{name}{AND_ASKED}"] = Contestant(lambda make=make: _forgotten(make())(0))
    return found


def _forgotten(schedule: Schedule) -> Schedule:
    for kept in (numbers._few_pieces, numbers._one_piece, numbers._many):
        kept.cache_clear()
    return schedule


def _microseconds(nanoseconds: Spread) -> Spread:
    return Spread(*[value / 1000 for value in nanoseconds])


def _bytes(scheduler: Any) -> int:
    return len(pickle.dumps(scheduler.state_dict()))
