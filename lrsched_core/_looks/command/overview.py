"""A plan in the terminal: a curve of each quantity, and its phases."""

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from lrsched_core import Plan, Schedule
from lrsched_core._looks.command import streams
from lrsched_core._looks.command.chart import sparkline
from lrsched_core._looks.command.tables import LEAST, Columns, frame, needed, rows_of_phases, table, too_narrow
from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.labels import moment, shortened
from lrsched_core._looks.pictures.plan import panels_of
from lrsched_core._looks.pictures.quantities import BATCH, quantities

# The lines of a table's frame.
_LINES = 4
_HIGHEST, _NARROWEST = 6, 4
# How long a number of four digits is.
_DIGITS = 9
# How long the name of a schedule with dots for its arguments is at least.
_CALL = 12
# What is less than this part of the greatest is the last moment before 0.
_NOTHING = 1e-9
# In turn, so that curves that touch are told apart.
_COLORS = ("bright_blue", "yellow")


def overview(plan: Plan, stop: float | None, *, log: bool, width: int, lines: int) -> Group:
    """The curves of all quantities, one under the other, and the phases of each, in so many lines if they suffice.

    Args:
        plan: The plan.
        stop: The last t; somewhat after the last change if it is None.
        log: Whether the curves have logarithmic axes.
        width: How many letters a line may have.
        lines: How many lines there should be.
    """
    last = sensible_stop(*quantities(plan).values()) if stop is None else stop
    panels = panels_of(plan)
    room = lines - 2 * _LINES
    phases = {name: rows_of_phases(schedule, last) for name, schedule in quantities(plan).items()}
    rows = min(sum(map(len, phases.values())), max(room - 2 * len(panels), len(phases)))
    height = min(max((room - rows) // len(panels), 1), _HIGHEST)
    return Group(_curves(panels, last, log, min(width, streams.columns()), height), _phases(phases, width, rows))


def _curves(panels: "dict[str, Schedule]", last: float, log: bool, width: int, height: int) -> Table | Text:
    names = ["quantity", *panels]
    room = width - 1 - frame(4)
    letters = max(room - max(map(len, names)) - 2 * _DIGITS, _NARROWEST)
    drawn = {
        name: sparkline(schedule, last, log=log and name != BATCH, width=letters, height=height)
        for name, schedule in panels.items()
    }
    lows = ["min", *[f"{low if abs(low) > _NOTHING * high else 0.0:.4g}" for _, low, high in drawn.values()]]
    highs = ["max", *[f"{high:.4g}" for _, _, high in drawn.values()]]
    room -= letters + max(map(len, lows)) + max(map(len, highs))
    if room < LEAST:
        return too_narrow(width + LEAST - room)
    made = Table()
    made.add_column(names[0], no_wrap=True, overflow="crop", max_width=room)
    for title, *_ in (lows, highs):
        made.add_column(title, justify="right", no_wrap=True)
    made.add_column(f"t = 0 to {moment(last)}", no_wrap=True, width=letters)
    for i, (name, low, high) in enumerate(zip(panels, lows[1:], highs[1:], strict=True)):
        made.add_row(escape(name), low, high, Text(drawn[name][0], style=_COLORS[i % 2]))
    return made


def _phases(phases: "dict[str, list[tuple[str, str, str, str]]]", width: int, rows: int) -> Table | Text:
    """As many rows as there may be, the first ones of each quantity."""
    # In turn, so that each has some.
    turns = sorted((i, name) for name, found in phases.items() for i in range(len(found)))[:rows]
    shown = []
    for name, found in phases.items():
        kept = found[: sum(name == other for _, other in turns)]
        if len(kept) < len(found):
            kept[-1] = ("...", "", "", f"and {len(found) - len(kept) + 1} more")
        shown += [(name, *row) for row in kept]
    titles = ("quantity", "from", "until", "first", "phase")
    columns = [(title, [row[i] for row in shown]) for i, title in enumerate(titles)]
    room = _room(columns, width)
    if room < _CALL:
        del columns[titles.index("until")]
        room = _room(columns, width)
    # Where there is no room for arguments, names alone.
    named = [shortened(text, room) if room >= _CALL else text.partition("(")[0][:room] for text in columns[-1][1]]
    columns[-1] = (titles[-1], named)
    return table(columns, width)


def _room(columns: Columns, width: int) -> int:
    """How many letters of a line are left for the last of the columns."""
    return max(width - 1 - frame(len(columns)) - needed(columns[:-1]), LEAST)
