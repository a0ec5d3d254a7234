"""The report: on the terminal, and as a page of Markdown."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import rich.table
from cpuinfo import get_cpu_info
from rich import box
from rich.console import Console
from rich.text import Text

from benchmarks import picture
from benchmarks.bars import Bar
from benchmarks.measure import Spread
from benchmarks.section import Section, Table

DISTRIBUTIONS = (
    "lrsched-core",
    "numpy",
    "torch",
    "tensorflow-cpu",
    "keras",
    "mxnet",
    "jax",
    "optax",
    "fvcore",
    "transformers",
    "timm",
    "pytorch-ignite",
    "pytorch-warmup",
    "lrsched",
)

INTRODUCTION = """\
# Benchmarks

`make bench` makes this page, in an environment of its own. Everything that a table compares is timed in turn inside
each of many rounds, with garbage collection off. The speed of a machine that does other things changes within seconds,
so times are for orientation. What counts is a ratio: the median over rounds of the ratio inside a round, with its
quartiles. In a round everything has three turns, of which the fastest counts, since the others were interrupted."""


def verdicts(sections: list[Section], *, every: bool = True) -> Table:
    """One row a bar; without `every`, only those that were measured."""
    measured = {bar: value for section in sections for bar, value in section.measured.items()}
    rows = []
    for bar in Bar:
        value = measured.get(bar)
        if value is None and not every:
            continue
        verdict = "not measured" if value is None else "meets" if bar.meets(value) else "falls short"
        rows.append((bar.what, f"{bar.limit:g}", *_numbers(value), verdict))
    return Table("Bars", ("", "at most", "measured", "quartiles", ""), rows)


def _numbers(value: Spread | None) -> tuple[str, str]:
    if value is None:
        return "", ""
    quartiles = "" if value.low == value.high else f"{value.low:.3g} to {value.high:.3g}"
    return f"{value.median:.3g}", quartiles


def machine() -> str:
    """What it was measured on, in words."""
    info = get_cpu_info()
    lines = [f"- {info.get('brand_raw', platform.machine())}, {os.cpu_count()} cores, {platform.system()}"]
    lines.append(f"- Python {platform.python_version()}")
    lines.append("- " + ", ".join(f"{name} {_version(name)}" for name in DISTRIBUTIONS))
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def write(folder: Path, sections: list[Section]) -> Path:
    """Writes the page and its picture, and returns where the page is."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [INTRODUCTION, machine(), "## Bars", _markdown(verdicts(sections))]
    for section in sections:
        parts += [f"## {section.title}", section.note]
        if section.growth:
            picture.draw(folder / "growth.svg", section.growth)
            parts.append("![How cost and memory grow](growth.svg)")
        for table in section.tables:
            parts += [f"### {table.title}", table.note, _markdown(table)]
    page = folder / "benchmarks.md"
    page.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return page


def _markdown(table: Table) -> str:
    lines = [table.columns, ["---"] + ["---:"] * (len(table.columns) - 1), *table.rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def show(console: Console, table: Table) -> None:
    """Prints a table."""
    shown = rich.table.Table(title=table.title, title_justify="left", box=box.SIMPLE_HEAD, caption=table.note or None)
    for i, column in enumerate(table.columns):
        shown.add_column(column, justify="right" if i else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*[Text(cell, style=_STYLES.get(cell, "")) for cell in row])
    console.print(shown)


_STYLES = {"meets": "green", "falls short": "bold red", "not measured": "yellow", "not installed": "yellow"}
