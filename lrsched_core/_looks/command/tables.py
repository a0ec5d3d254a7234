"""Tables of phases and values, and the list of schedules, for a terminal."""

import inspect
import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Literal

from rich.markup import escape
from rich.table import Table
from rich.text import Text

import lrsched_core
from lrsched_core import Schedule
from lrsched_core._errors import refusal, shown
from lrsched_core._looks.command.formulas import plain
from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.labels import moment, shortened
from lrsched_core._looks.pictures.phases import holding
from lrsched_core._looks.pictures.quantities import run_of
from lrsched_core._value.inspection import Segment, repeats

# Functions that read, write, compare or change schedules, and make none of their own.
_READERS = (
    "audit",
    "diff",
    "emit",
    "extend",
    "from_dict",
    "from_json",
    "json_schema",
    "parse",
    "register",
    "register_with",
    "to_json",
)
_TIMES = 11
_LEAST_NAME = 12
# How far a text may be cut.
LEAST = 4
# Columns that are read, not compared.
_TEXTS = ("quantity", "phase", "what holds")

Columns = Sequence[tuple[str, list[str]]]


def phases_and_values(schedule: Schedule, stop: float | None, width: int, rows: int) -> Table:
    """Which part holds from when to when, and values at a few times: side by side where there is room."""
    values = _values(schedule, stop, rows)
    numbers, names = _phases(schedule, stop, rows)
    room = width - 1 - frame(4) - needed(numbers)
    other = frame(2) + 1 + needed(values)
    beside = room - other >= _LEAST_NAME
    if beside:
        room -= other
    else:
        fewer = max((rows - 4) // 2, 2)
        values, (numbers, names) = _values(schedule, stop, fewer), _phases(schedule, stop, fewer)
    named = [
        shortened(name, room - len(since)) + since if len(since) < room - _LEAST_NAME else shortened(name, room)
        for name, since in names
    ]
    first = table((*numbers, ("what holds", named)), width - other if beside else width)
    tables = (first, table(values, width))
    grid = Table.grid(padding=(0, 1))
    for row in (tables,) if beside else ((each,) for each in tables):
        grid.add_row(*row)
    return grid


def _phases(schedule: Schedule, stop: float | None, rows: int) -> tuple[Columns, list[tuple[str, str]]]:
    """The columns of numbers, and what holds, with the time on its own clock."""
    if stop is None and repeats(schedule):
        stop = sensible_stop(schedule)
    segments = schedule.segments(stop)
    shown = segments if len(segments) <= rows else segments[: rows - 1]
    numbers = [_numbers(schedule, segment) for segment in shown]
    since = [f"  from its t = {moment(segment.t)}" if segment.t and not run_of(schedule) else "" for segment in shown]
    names = [(repr(holding(schedule, segment)), text) for segment, text in zip(shown, since, strict=True)]
    if len(segments) > rows:
        numbers.append(("...", "", ""))
        names.append((f"and {len(segments) - len(shown)} more", ""))
    starts, stops, firsts = map(list, zip(*numbers, strict=True))
    return (("from", starts), ("until", stops), ("first", firsts)), names


def _numbers(schedule: Schedule, segment: Segment) -> tuple[str, str, str]:
    """From when to when something holds, and its first value."""
    stop = "" if segment.stop == float("inf") else moment(segment.stop)
    return moment(segment.start), stop, f"{schedule(segment.start):.6g}"


def rows_of_phases(schedule: Schedule, stop: float) -> list[tuple[str, str, str, str]]:
    """From when to when something holds, its first value, and what it is."""
    segments = schedule.segments(stop if repeats(schedule) else None)
    return [(*_numbers(schedule, segment), repr(holding(schedule, segment))) for segment in segments]


def _values(schedule: Schedule, stop: float | None, rows: int) -> Columns:
    """The values at a few times: the first boundaries, and some between."""
    last = sensible_stop(schedule) if stop is None else stop
    edges = [segment.start for segment in schedule.segments(last)][: max(rows // 2, 1)]
    count = min(rows, _TIMES)
    while len(times := {*edges, last, *(int(last * i / (count - 1)) for i in range(count - 1))}) > rows and count > 2:
        count -= 1
    return ("t", [moment(t) for t in sorted(times)]), ("rate", [f"{schedule(t):.8g}" for t in sorted(times)])


def needed(columns: Columns) -> int:
    """How wide the columns are together."""
    return sum(max(len(title), *map(len, texts)) for title, texts in columns)


def table(columns: Columns, width: int) -> Table | Text:
    """The columns as a table of so many letters: texts are cut where they must be, but no number ever is."""
    texts = [column for column in columns if column[0] in _TEXTS]
    room = width - 1 - frame(len(columns)) - needed(columns) + needed(texts)
    if room < LEAST * len(texts):
        return too_narrow(width + LEAST * len(texts) - room)
    rooms: dict[str, int] = {}
    for i, (title, names) in enumerate(texts):
        others = [max(LEAST, *map(len, following)) for _, following in texts[i + 1 :]]
        rooms[title] = min(needed([(title, names)]), room - sum(others))
        room -= rooms[title]
    made = Table()
    for title, _ in columns:
        justify: Literal["left", "right"] = "left" if title in _TEXTS else "right"
        made.add_column(title, justify=justify, no_wrap=True, overflow="crop", max_width=rooms.get(title))
    for row in zip(*(texts for _, texts in columns), strict=True):
        made.add_row(*map(escape, row))
    return made


def frame(count: int) -> int:
    """How much of a line the frame of so many columns takes."""
    return 3 * count + 1


def too_narrow(needed: int) -> Text:
    """What stands in the place of a table that has no room for its numbers."""
    return Text(f"(a table that needs {needed} columns)")


def catalogue(width: int) -> str:
    """Every schedule and recipe: how it is called, and what it is."""
    lines = []
    for name, thing in sorted(made().items(), key=lambda item: (item[0].islower(), item[0])):
        lines += _call(name, thing, width)
        lines += wrap(plain(_text(thing).partition("\n")[0]), width, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def entry(name: str, width: int) -> str:
    """All that is to be said of one of them, within so many columns.

    Args:
        name: A public name.
        width: How many letters a line may have.

    Returns:
        The call, and its documentation, with formulas that can be read as they stand.

    Raises:
        ValueError: If there is no schedule or recipe of that name.
    """
    known = made()
    if name not in known:
        rule = f"be the name of a schedule or a recipe{nearest(name, known)}"
        raise refusal(ValueError, "NAME", rule, shown(name))
    lines = _call(name, known[name], width)
    for paragraph in plain(_text(known[name])).split("\n\n"):
        lines.append("")
        for line in _lines(paragraph):
            indent = line[: len(line) - len(line.lstrip())]
            deeper = f"{indent}    " if re.match(r"\s+(\w+:|>>>) ", line) else indent
            lines += wrap(line, width, subsequent_indent=deeper, break_on_hyphens=False) or [""]
    return "\n".join(lines)


def _lines(paragraph: str) -> list[str]:
    """The lines of a paragraph, put together where one goes on in the next; not those of arguments and examples."""
    lines: list[str] = []
    example = paragraph.startswith("Example")
    for line in paragraph.split("\n"):
        # An argument, `    name: text`, goes on in lines that are deeper.
        goes_on = lines and not example and not lines[-1].endswith(":") and not re.match(r" *\w+: |\w+:$", line)
        if goes_on:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return lines


def _call(name: str, thing: object, width: int) -> list[str]:
    return wrap(f"{name}{signature(thing)}", width, subsequent_indent=" " * 8, break_on_hyphens=False)


def _text(thing: object) -> str:
    """The documentation; there is none under `python -OO`, where dataclasses have their signature in its place."""
    text = inspect.getdoc(thing) or ""
    return "" if text.startswith(f"{getattr(thing, '__name__', '')}(") else text


def made() -> dict[str, object]:
    """What makes a schedule, by its public name."""
    things = {name: getattr(lrsched_core, name) for name in lrsched_core.__all__}
    return {name: thing for name, thing in things.items() if _makes_a_schedule(name, thing)}


def _makes_a_schedule(name: str, thing: object) -> bool:
    if isinstance(thing, type):
        return issubclass(thing, Schedule) and thing not in (Schedule, lrsched_core.CustomSchedule)
    return inspect.isfunction(thing) and name not in _READERS and thing.__annotations__.get("return") is Schedule


def nearest(name: str, known: "dict[str, object]") -> str:
    """What may have been meant."""
    from difflib import get_close_matches  # for an error only

    alike = [other for other in known if other.lower() == name.lower()] or get_close_matches(name, known, 1)
    return f" (do you mean {alike[0]}?)" if alike else ""


def signature(thing: object) -> str:
    """The arguments of a call, without their types."""
    parameters = inspect.signature(thing).parameters.values()  # type: ignore[arg-type]  # classes and functions
    return str(inspect.Signature([p.replace(annotation=p.empty) for p in parameters]))
