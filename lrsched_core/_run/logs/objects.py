"""JSON: lines of objects, a list of them, the Trainer's state, Keras' history."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lrsched_core._errors import refusal
from lrsched_core._run.logs.columns import (
    HUGGING_FACE,
    KERAS,
    PLAIN,
    habit,
    may_be_rate,
    rate_column,
    time_column,
)
from lrsched_core._run.logs.gathering import Column, Log
from lrsched_core._run.logs.text import opened

# One JSON text has to be read as a whole; lines need not.
_LARGEST = 300_000_000
_MOST_NAMES = 1_000


def read_json(path: Path, column: str | None, time: str | None) -> Log:
    """JSON as a whole, or line by line."""
    with opened(path) as file:
        first = file.readline()
        while first and not first.strip():
            first = file.readline()
        if _is_object(first) and file.read(1):
            file.seek(0)
            return _rows(_parsed(file), column, time, "JSON lines")
    if path.stat().st_size > _LARGEST:
        message = f"`log` must be JSON of at most {_LARGEST:,} bytes, or have an object in each line."
        raise ValueError(message)
    with opened(path) as file:
        return _whole(_loaded(file.read(), "`log`"), column, time)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _parsed(lines: Iterable[str]) -> Iterator[Any]:
    for number, line in enumerate(lines, 1):
        text = line.replace("\0", "").strip()
        # A killed run may leave a part of its last line, or zeros.
        if text and (line.endswith(("\n", "\r")) or _is_object(text)):
            yield _loaded(text, f"line {number:,} of `log`")


def _loaded(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"{place} must be JSON ({error})."
        raise ValueError(message) from None


def _whole(data: Any, column: str | None, time: str | None) -> Log:
    if isinstance(data, list):
        return _rows(data, column, time, "JSON")
    if not isinstance(data, dict):
        message = "`log` must hold objects with names and numbers."
        raise ValueError(message)
    history = data.get("log_history")
    if isinstance(history, list):
        return _rows(history, column, time, "trainer_state.json", trainer=True)
    inner = data.get("history")
    lists = inner if isinstance(inner, dict) else data
    if any(isinstance(value, list) for value in lists.values()):
        return _columns(lists, column, time)
    return _rows([data], column, time, "JSON")


def _columns(lists: Mapping[str, Any], column: str | None, time: str | None) -> Log:
    """A list for each name: Keras' history, by epochs."""
    usable = {name: values for name, values in lists.items() if isinstance(values, list)}
    rate, whose = rate_column(usable, column)
    when = time_column(usable, time)
    times = usable[when] if when is not None else range(len(usable[rate]))
    found = Column()
    for number, (t, value) in enumerate(zip(times, usable[rate], strict=False)):
        found.add(t, value, f"in item {number + 1:,} of {rate!r}")
    return found.log("JSON", rate, when, KERAS if when is None else whose)


def _rows(rows: Iterable[Any], column: str | None, time: str | None, source: str, *, trainer: bool = False) -> Log:
    """An object for each row, each perhaps with other names."""
    columns: dict[str, Column] = {}
    names: dict[str, None] = {}
    when = time
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise refusal(ValueError, "log", f"have an object in row {number + 1:,}", f"{repr(row)[:60]}")
        if len(names) < _MOST_NAMES:
            names.update(dict.fromkeys(row))
        rates = [name for name in row if (name == column if column is not None else may_be_rate(name))]
        if rates:
            when = time_column(row) if when is None else when
            for name in rates[:_MOST_NAMES]:
                t = row.get(when) if when is not None else number
                columns.setdefault(name, Column()).add(t, row[name], f"in row {number + 1:,}")
    if not columns or column is not None:
        rate, _ = rate_column(names, column)
    else:
        rate, _ = rate_column(columns)
    if rate not in columns:
        columns[rate] = Column()
    whose = HUGGING_FACE if trainer else habit(rate)
    return columns[rate].log(source, rate, when, whose if when is not None else PLAIN)
