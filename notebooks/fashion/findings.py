"""The page of results: a table, pictures, and whether the chapter's claims hold; all made from the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from . import overview
from .chapter import SCHEDULES
from .claims import CLAIMS, Claim, because_fitted_less, gap
from .data import CLASSES
from .records import Record, rates_as_asked
from .training import FRAMEWORKS

PAGE = "README.md"

_INTRODUCTION = """\
# What came out

LeNet on {data}: five schedules by epoch, {epochs} epochs of {updates} updates each, in three frameworks with the same
network, batches of {batch_size} images and the same schedule object. `make experiments` trains what has no record here
yet and writes this page; a run is one file beside it, with the rate of every update and the losses and accuracies of
every epoch.

{machine}"""

_HOW_TO_READ = """\
The numbers are those of the last epoch: medians over the seeds, with the least and the greatest where there are
several. Training loss and accuracy are means over the updates of the epoch, while the network still learns; test
accuracy is measured at its end. The gap is training accuracy less test accuracy. Seconds are of one core, while other
runs were trained on the others: for orientation only."""

_CLAIMS = """\
## Do the chapter's claims hold?

Each run is compared with the run of the same framework and the same seed, which begins with the same weights and sees
the images in the same order. A claim holds when every pair agrees."""


def write(records: Sequence[Record], folder: Path) -> None:
    """Write the page and its pictures into the folder of the records."""
    (folder / PAGE).write_text(page(records), encoding="utf-8")
    for name, draw in overview.PICTURES.items():
        draw(records).savefig(folder / name, metadata={"Date": None} if name.endswith(".svg") else None)


def page(records: Sequence[Record]) -> str:
    """The whole page, as Markdown.

    Args:
        records: At least one, all of one setting.
    """
    setting = records[0].setting
    parts = [
        _INTRODUCTION.format(
            data=setting.data,
            epochs=setting.epochs,
            updates=-(-setting.images // setting.batch_size),
            batch_size=setting.batch_size,
            machine=_made_with(records),
        ),
        "## The schedules",
        _markdown(("", "schedule, by epoch"), [(name, f"`{schedule!r}`") for name, schedule in SCHEDULES.items()]),
        *_pictures(("schedules",)),
        "## After the last epoch",
        _HOW_TO_READ,
        results(records),
        _lost(records),
        *_pictures(("loss", "accuracy", "gap")),
        _CLAIMS,
        *[_claim(claim, records) for claim in CLAIMS],
        "## The rates",
        _rates(records),
    ]
    return "\n\n".join(parts) + "\n"


def results(records: Sequence[Record]) -> str:
    """The table of results, as Markdown: a row for each schedule and framework."""
    columns: list[tuple[str, Callable[[Record], float], Callable[[float], str]]] = [
        ("train loss", lambda record: record.epochs[-1].train_loss, "{:.3f}".format),
        ("train accuracy", lambda record: record.epochs[-1].train_accuracy, "{:.1%}".format),
        ("test accuracy", lambda record: record.epochs[-1].test_accuracy, "{:.1%}".format),
        ("gap", gap, "{:.1%}".format),
        ("seconds", lambda record: record.seconds, "{:.0f}".format),
    ]
    rows = []
    for name in SCHEDULES:
        for framework in FRAMEWORKS:
            same = _of(records, name, framework)
            if same:
                cells = [_spread(map(measure, same), text) for _, measure, text in columns]
                rows.append((name, FRAMEWORKS[framework].title, str(len(same)), *cells))
    return _markdown(("schedule", "framework", "seeds", *[title for title, *_ in columns]), rows, numbers_from=2)


def _lost(records: Sequence[Record]) -> str:
    lost = [record for record in records if record.epochs[-1].test_accuracy < 2 / CLASSES]
    if not lost:
        return "Every run learnt."
    told = "; ".join(f"{record.run} (test accuracy {record.epochs[-1].test_accuracy:.1%})" for record in lost)
    return (
        f"Not every run learnt: {told}. Its loss stayed at ln 10 = 2.303, that of guessing, from the first epoch "
        "on: after its first, large updates the network gives every image the same answer. It is counted above."
    )


def _claim(claim: Claim, records: Sequence[Record]) -> str:
    text = claim.text[0].upper() + claim.text[1:]
    why = ""
    if claim.measure is gap and any(claim.wins(records)):
        why = f"; {because_fitted_less(records, claim.schedule, claim.than)}"
    return f"**{text}**: {claim.verdict(records)}{why}.\n\n{_claim_table(claim, records)}"


def _claim_table(claim: Claim, records: Sequence[Record]) -> str:
    rows = [
        (
            FRAMEWORKS[framework].title,
            *[
                _spread(map(claim.measure, _of(records, name, framework)), "{:.2%}".format)
                for name in (claim.schedule, claim.than)
            ],
        )
        for framework in FRAMEWORKS
        if _of(records, claim.schedule, framework) and _of(records, claim.than, framework)
    ]
    return _markdown((claim.measured, claim.schedule, claim.than), rows, numbers_from=1)


def _rates(records: Sequence[Record]) -> str:
    updates = sum(len(record.rates) for record in records)
    wrong = [str(record.run) for record in records if not rates_as_asked(record)]
    told = f"differ in these runs: {'; '.join(wrong)}." if wrong else "are `schedule(t)` of their epoch in every one."
    return (
        f"The rates that the optimizers used, read from them at each of {updates:,} updates in {len(records)} runs, "
        f"{told} PyTorch and MXNet are compared in float64, bit for bit; Keras keeps its rate in float32 and is "
        "compared with `schedule(t)` rounded to that."
    )


def _made_with(records: Sequence[Record]) -> str:
    versions: dict[str, set[str]] = {}
    for record in records:
        for name, number in record.versions.items():
            versions.setdefault(name, set()).add(number)
    machine = " or ".join(sorted(versions.pop("machine", {"an unknown machine"})))
    numbers = ", ".join(f"{name} {' or '.join(sorted(some))}" for name, some in versions.items())
    return f"Made on {machine}, with {numbers}."


def _pictures(stems: Iterable[str]) -> list[str]:
    return [
        f"![{overview.TEXTS[stem]}]({name})" for stem in stems for name in overview.PICTURES if Path(name).stem == stem
    ]


def _of(records: Sequence[Record], schedule: str, framework: str) -> list[Record]:
    return [record for record in records if (record.run.schedule, record.run.framework) == (schedule, framework)]


def _spread(numbers: Iterable[float], text: Callable[[float], str]) -> str:
    some = list(numbers)
    if len(some) == 1:
        return text(some[0])
    return f"{text(median(some))} ({text(min(some))} to {text(max(some))})"


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers_from: int = 1000) -> str:
    table = Table(box=box.MARKDOWN)
    for i, title in enumerate(head):
        table.add_column(title, justify="right" if i >= numbers_from else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    text = StringIO()
    Console(file=text, width=10_000, markup=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().strip().splitlines())
