"""Which column of a log holds rates, which the time, and which update a row speaks of."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple


class Habit(NamedTuple):
    """What somebody's rows mean.

    Attributes:
        source: Who writes such logs.
        offset: What is added to the time of a row to get the update that used its rate, the first one being 0.
    """

    source: str
    offset: int


PLAIN = Habit("a table", 0)
HUGGING_FACE = Habit("transformers' Trainer", -1)
KERAS = Habit("Keras", 0)
# The names that a rate has, the likelier first, and whose they are.
_RATES: tuple[tuple[str, Habit], ...] = (
    (r"learning_rate", PLAIN),
    (r"lr", PLAIN),
    (r"rate", PLAIN),
    (r"train/learning_rate", HUGGING_FACE),
    (r"epoch_learning_rate", KERAS),
    (r"lr-[^/]+", Habit("Lightning's LearningRateMonitor", 0)),
    (r"learning-rate", Habit("Megatron", 0)),
    (r"train/samples/lr", Habit("DeepSpeed", 0)),
    (r"lr/[^/]+", Habit("torchtitan", -1)),
    (r"optim/lr( \(group 0\))?", Habit("OLMo-core", -1)),
    (r"lr-[^/]+/(pg1|group0)", Habit("Lightning's LearningRateMonitor", 0)),
    (r"learning/current_learning_rate", Habit("MaxText", 0)),
    (r"(.*[/._ -])?(learning[ _-]?rate|lr)([/._ -].*)?", PLAIN),
)
_NEVER = re.compile(r"(val_.*|.*(momentum|weight_decay|__min|__max|loss))", re.IGNORECASE)
# W&B's `_step` counts calls of its log, so that it comes last.
_TIMES = (
    "step", "global_step", "train/global_step", "trainer/global_step", "iteration", "iterations", "iter", "update",
    "updates", "num_updates", "t", "steps", "batch", "epoch", "_step",
)  # fmt: skip


def rate_column(names: Iterable[str], wanted: str | None = None) -> tuple[str, Habit]:
    """The column of the rates, and what its rows mean."""
    given = list(dict.fromkeys(names))
    if wanted is not None:
        if wanted not in given:
            raise _none(given, f"no column {wanted!r}")
        return wanted, habit(wanted)
    usable = [name for name in given if not _NEVER.fullmatch(_metric(name))]
    for pattern, whose in _RATES:
        found = [name for name in usable if re.fullmatch(pattern, _metric(name), re.IGNORECASE)]
        if len(found) > 1:
            raise _none(found, "several columns that may hold rates: choose one")
        if found:
            return found[0], whose
    raise _none(given, "no column that is named as a rate: choose one")


def habit(name: str) -> Habit:
    """What rows mean, by the name of the rate."""
    return next((whose for pattern, whose in _RATES if re.fullmatch(pattern, _metric(name), re.IGNORECASE)), PLAIN)


@lru_cache(maxsize=64)  # every line of JSON names its columns
def may_be_rate(name: str) -> bool:
    """Whether a column is named as rates are."""
    metric = _metric(name)
    return not _NEVER.fullmatch(metric) and any(re.fullmatch(p, metric, re.IGNORECASE) for p, _ in _RATES)


def _metric(name: str) -> str:
    """The name without that of the run, which exports of W&B have before it: `run - train/learning_rate`."""
    return name.rpartition(" - ")[2]


def time_column(names: Iterable[str], wanted: str | None = None) -> str | None:
    """The column of the time; None if rows have to be counted."""
    given = list(dict.fromkeys(names))
    if wanted is not None:
        if wanted not in given:
            raise _none(given, f"no column {wanted!r}")
        return wanted
    lower = {name.lower(): name for name in reversed(given)}
    return next((lower[name] for name in _TIMES if name in lower), None)


def _none(names: list[str], problem: str) -> Exception:
    shown = ", ".join(repr(name[:60]) for name in names[:20]) + (", ..." if len(names) > 20 else "")
    return ValueError(f"`log` has {problem}. There are {shown or 'none'}.")
