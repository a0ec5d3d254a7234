"""Measures everything, prints it, and writes docs/benchmarks.md: `make bench`, or `python -m benchmarks --help`."""

import sys
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

# `python -m` puts the checkout first on the path, where it would shadow the installed package that is to be measured.
sys.path.pop(0)

DOCS = Path(__file__).resolve().parents[1] / "docs"


class Part(StrEnum):
    """A module that measures, in the order of the report."""

    SCALARS = "scalars"
    ARRAYS = "arrays"
    CLOCKS = "clocks"
    TENSORS = "tensors"
    TORCH_STEP = "torch_step"
    KERAS_GRAPH = "keras_graph"
    BUILDING = "building"
    START_UP = "start_up"
    TRACING = "tracing"
    GROWTH = "growth"


def main(
    quick: Annotated[bool, typer.Option(help="A tenth of the time: enough to see where things stand.")] = False,
    only: Annotated[list[Part] | None, typer.Option(help="Measure this part alone; may be repeated.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where the page goes: docs/ for a full run, nowhere for one that is not.")
    ] = None,
) -> None:
    """Measure schedules and their rivals in turn, and hold the ratios against the bars."""
    from benchmarks import report, section

    console = Console(width=None if sys.stdout.isatty() else 150)
    if output is None and not quick and only is None:
        output = DOCS
    sections = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        bench = section.Bench(section.QUICK if quick else section.FULL, progress)
        parts = only or list(Part)
        overall = progress.add_task("benchmarks", total=len(parts))
        for part in parts:
            progress.update(overall, description=f"benchmarks: {part}")
            sections.append(import_module(f"benchmarks.{part}").measure(bench))
            for table in sections[-1].tables:
                report.show(console, table)
            progress.advance(overall)
    report.show(console, report.verdicts(sections, every=only is None))
    if output is not None:
        console.print(f"Written: {report.write(output, sections)}")


if __name__ == "__main__":
    typer.run(main)
