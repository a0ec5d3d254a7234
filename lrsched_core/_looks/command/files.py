"""Values as a table in a file: CSV, JSON, Parquet."""

import csv
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import typer
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def _csv(columns: Mapping[str, list[float]], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))


def _json(columns: Mapping[str, list[float]], out: TextIO) -> None:
    json.dump(columns, out)
    out.write("\n")


_TEXTS: dict[str, Callable[[Mapping[str, list[float]], TextIO], None]] = {"csv": _csv, "json": _json}


def write(t: Numbers, values: Mapping[str, Numbers], format_: str, output: Path | None) -> None:
    """Writes a column `t`, and one for each quantity, to a file or to standard output."""
    if format_ == "parquet":
        _parquet(t, values, output)
        return
    times = [int(x) if x.is_integer() else x for x in t.tolist()]
    columns = {"t": times, **{name: column.tolist() for name, column in values.items()}}
    if output is None:
        _TEXTS[format_](columns, sys.stdout)
    else:
        with output.open("w", encoding="utf-8", newline="") as file:
            _TEXTS[format_](columns, file)


def _parquet(t: NDArray[Any], values: Mapping[str, Numbers], output: Path | None) -> None:
    if output is None:
        raise typer.BadParameter("Parquet is not text: say where to write it by --output.")  # noqa: EM101
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise typer.BadParameter("Parquet needs pyarrow: pip install pyarrow") from None  # noqa: EM101
    if not (t % 1).any() and (t < 2**63).all():
        t = t.astype(np.int64)  # as the other forms have it
    parquet.write_table(pyarrow.table({"t": t, **values}), output)
