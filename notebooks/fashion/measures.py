"""The runs of one framework as tables: what came out, and whether it is what the chapter says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from IPython.display import Markdown

from .claims import CLAIMS, Claim, final_test_accuracy, gap, roughness
from .data import CLASSES
from .records import Record

Runs = Mapping[str, Sequence[Record]]


_SEEDS = "&nbsp;·&nbsp;"  # between the numbers of a cell, which stay on one line


def late_accuracy(record: Record) -> float:
    """Test accuracy, mean over the last five epochs: a single one depends on chance."""
    return fmean(epoch.test_accuracy for epoch in record.epochs[-5:])


def stuck(record: Record) -> bool:
    """Whether the network does little better than a guess at the end, as one does whose units have died."""
    return record.epochs[-1].train_accuracy < 1.5 / CLASSES


_BETTER = [
    Claim(f"{name} leads to a better network", name, "constant", "test accuracy, last 5 epochs", late_accuracy, True)
    for name in ("square-root", "multi-factor", "cosine")
]


def table(runs: Runs) -> Markdown:
    """A row for each schedule; where there are several runs, the numbers of each."""
    columns: dict[str, Callable[[Record], float]] = {
        "train accuracy": lambda record: record.epochs[-1].train_accuracy,
        "test accuracy": final_test_accuracy,
        "gap": gap,
        "roughness": roughness,
    }
    rows = []
    for name, records in runs.items():
        losses = _SEEDS.join(f"{record.epochs[-1].train_loss:.3f}" for record in records)
        cells = [_SEEDS.join(_percent(of(record)) for record in records) for of in columns.values()]
        rows.append([name, losses, *cells])
    return _markdown(["schedule", "train loss", *(f"{title}, %" for title in columns)], rows)


def claims(runs: Runs) -> Markdown:
    """What the chapter says of its curves: the numbers of both runs for each seed, and in how many it is so."""
    rows = []
    for claim in (*CLAIMS, *_BETTER):
        pairs = list(zip(runs[claim.than], runs[claim.schedule], strict=False))
        numbers = "<br>".join(
            f"{_percent(claim.measure(a))}&nbsp;→&nbsp;{_percent(claim.measure(b))}" for a, b in pairs
        )
        holds = sum(claim.wins([record for pair in pairs for record in pair]))
        rows.append(
            [
                claim.text,
                claim.measured,
                f"{claim.than} → {claim.schedule}",
                numbers,
                f"{holds}&nbsp;of&nbsp;{len(pairs)}",
            ]
        )
    return _markdown(["claim", "measured", "from → to", "in %, seed by seed", "so in"], rows, numbers=False)


def at_equal_loss(runs: Runs, slow: str, fast: str) -> Markdown:
    """Where the slow runs are at their end, beside the epoch in which the fast ones first were as far in training."""
    rows = []
    for seed, (other, one) in enumerate(zip(runs[slow], runs[fast], strict=False)):
        last = other.epochs[-1]
        epochs = one.epochs
        i = next((i for i, epoch in enumerate(epochs) if epoch.train_loss <= last.train_loss), len(epochs) - 1)
        rows.append(
            [
                str(seed),
                *(str(len(other.epochs)), f"{last.train_loss:.3f}", _percent(last.test_accuracy)),
                *(str(i + 1), f"{epochs[i].train_loss:.3f}", _percent(epochs[i].test_accuracy)),
            ]
        )
    columns = ["train loss", "test accuracy, %"]
    return _markdown(["seed", f"{slow}: epoch", *columns, f"{fast}: epoch", *columns], rows)


def _percent(x: float) -> str:
    return f"{100 * x:.1f}"


def _markdown(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> Markdown:
    align = ["---", *(["---:" if numbers else "---"] * (len(header) - 1))]
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in [header, align, *rows]))
