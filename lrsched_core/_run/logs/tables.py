"""Tables as text: CSV with any of the usual separators, and MLflow's metric files."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from lrsched_core._errors import refusal
from lrsched_core._run.logs.columns import PLAIN, rate_column, time_column
from lrsched_core._run.logs.gathering import Column, Log
from lrsched_core._run.logs.text import opened

_SEPARATORS = ",;\t"


def read_table(path: Path, column: str | None, time: str | None) -> Log:
    """A table with a header."""
    with opened(path) as file:
        header, first = next(((number, line) for number, line in enumerate(file, 1) if line.strip()), (1, ""))
        parts = first.split()
        if len(parts) == 3 and all(map(_is_number, parts)) and not set(_SEPARATORS) & set(first):
            file.seek(0)
            return _mlflow(file)
        separator = max(_SEPARATORS, key=first.count)
        names = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
        if names and all(map(_is_number, names)):
            raise refusal(ValueError, "log", "begin with the names of its columns", "numbers")
        rate, habit = rate_column(names, column)
        when = time_column(names, time)
        for name in filter(None, (rate, when)):
            if names.count(name) > 1:
                raise refusal(ValueError, "log", f"have one column {name!r}", f"{names.count(name)} of that name")
        rows = enumerate(csv.reader(_lines(file), delimiter=separator), header + 1)
        return _gathered(rows, names, rate, when).log("CSV", rate, when, habit)


def _gathered(rows: Iterator[tuple[int, list[str]]], names: list[str], rate: str, when: str | None) -> Column:
    found = Column()
    at_rate, at_time = names.index(rate), names.index(when) if when is not None else -1
    place = counted = 0
    try:
        for place, row in rows:
            # A killed run may leave a part of its last row; one that was appended has the header again.
            if len(row) > max(at_rate, at_time) and row[at_rate] != rate:
                found.add(row[at_time] if at_time >= 0 else counted, row[at_rate], f"in row {place:,}")
                counted += 1
    except csv.Error as error:
        raise refusal(ValueError, "log", "be a table", f"something else after row {place:,} ({error})") from None
    return found


def _lines(file: TextIO) -> Iterator[str]:
    # A killed run may leave zeros at the end, which the reader would refuse.
    for line in file:
        yield line.replace("\0", "")


def _mlflow(file: TextIO) -> Log:
    """Lines of `milliseconds value step`, without a header."""
    found = Column()
    for number, line in enumerate(file, 1):
        parts = line.split()
        if len(parts) == 3:
            found.add(parts[2], parts[1], f"in row {number:,}")
    return found.log("MLflow", "value", "step", PLAIN)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
