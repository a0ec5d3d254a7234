"""What the chapter says about its curves, as numbers that a run can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from .records import Record

FIRST = 5  # epochs: the chapter looks at these when it speaks of warmup
LATE = 10  # the last third of the chapter's 30


def gap(record: Record) -> float:
    """By how much the last epoch's training accuracy is above its test accuracy."""
    return record.epochs[-1].train_accuracy - record.epochs[-1].test_accuracy


def roughness(record: Record) -> float:
    """The mean change of the test accuracy from one of the last epochs to the next, in either direction."""
    late = [epoch.test_accuracy for epoch in record.epochs[-LATE:]]
    return fmean(abs(after - before) for before, after in pairwise(late)) if len(late) > 1 else 0.0


def final_test_accuracy(record: Record) -> float:
    """The test accuracy at the end."""
    return record.epochs[-1].test_accuracy


def early_test_accuracy(record: Record) -> float:
    """The mean test accuracy over the first epochs."""
    return fmean(epoch.test_accuracy for epoch in record.epochs[:FIRST])


def accuracy_after_first(record: Record) -> float:
    """The test accuracy at the end of the first epochs."""
    return record.epochs[:FIRST][-1].test_accuracy


@dataclass(frozen=True)
class Claim:
    """One schedule should do better than another, by a measure.

    Attributes:
        text: What is claimed, in a clause.
        schedule: Of which schedule.
        than: Beside which other.
        measured: What the measure is, for a table.
        measure: The number of a run.
        higher: Whether more is better.
    """

    text: str
    schedule: str
    than: str
    measured: str
    measure: Callable[[Record], float]
    higher: bool

    def wins(self, records: Sequence[Record]) -> list[bool]:
        """For each framework and seed with a run of both, whether the claim held."""
        of = {(record.run.schedule, record.run.framework, record.run.seed): record for record in records}
        pairs = [
            (self.measure(record), self.measure(of[self.than, framework, seed]))
            for (schedule, framework, seed), record in of.items()
            if schedule == self.schedule and (self.than, framework, seed) in of
        ]
        return [ours > other if self.higher else ours < other for ours, other in pairs]

    def verdict(self, records: Sequence[Record]) -> str:
        """In words: it holds, where every pair of runs agrees; it does not; or how many agree."""
        wins = self.wins(records)
        if not wins:
            return "not run"
        if all(wins):
            return f"holds, in all {len(wins)} pairs of runs"
        if not any(wins):
            return f"does not hold, in none of {len(wins)} pairs of runs"
        word = "holds mostly" if sum(wins) > len(wins) / 2 else "does not hold mostly"
        return f"{word}: in {sum(wins)} of {len(wins)} pairs of runs"


def because_fitted_less(records: Sequence[Record], schedule: str, than: str) -> str:
    """In how many pairs of runs a smaller gap comes mostly of fitting the training images less, in words."""
    of = {(record.run.schedule, record.run.framework, record.run.seed): record.epochs[-1] for record in records}
    pairs = [
        (of[than, framework, seed], last)
        for (name, framework, seed), last in of.items()
        if name == schedule and (than, framework, seed) in of
    ]
    mostly = [
        other.train_accuracy - ours.train_accuracy > ours.test_accuracy - other.test_accuracy for other, ours in pairs
    ]
    return f"in {sum(mostly)} of {len(mostly)} mostly because the training images are fitted less"


CLAIMS = (
    Claim(
        "with the square-root schedule the curve is smoother than with the constant rate",
        "square-root",
        "constant",
        f"mean change of the test accuracy from epoch to epoch, last {LATE}",
        roughness,
        higher=False,
    ),
    Claim(
        "with the square-root schedule there is less overfitting than with the constant rate",
        "square-root",
        "constant",
        "gap between training and test accuracy",
        gap,
        higher=False,
    ),
    Claim(
        f"warmup helps in the first {FIRST} epochs: on their average",
        "cosine-warmup",
        "cosine",
        f"mean test accuracy of the first {FIRST} epochs",
        early_test_accuracy,
        higher=True,
    ),
    Claim(
        f"warmup helps in the first {FIRST} epochs: at their end",
        "cosine-warmup",
        "cosine",
        f"test accuracy after {FIRST} epochs",
        accuracy_after_first,
        higher=True,
    ),
    Claim(
        "warmup leads to a better network in the end",
        "cosine-warmup",
        "cosine",
        "test accuracy at the end",
        final_test_accuracy,
        higher=True,
    ),
)
