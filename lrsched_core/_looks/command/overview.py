"""A plan in the terminal: a curve of each quantity, and its phases."""

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from lrsched_core import Plan, Schedule
from lrsched_core._looks.command import streams
from lrsched_core._looks.command.chart import sparkline
from lrsched_core._looks.command.tables import needed, rows_of_phases, table
from lrsched_core._looks.pictures.curve import sensible_stop
from lrsched_core._looks.pictures.labels import moment, shortened
from lrsched_core._looks.pictures.plan import panels_of
from lrsched_core._looks.pictures.quantities import BATCH, quantities

# The lines of a table's frame, and how much of a line that takes: of one with four columns, and of one with five.
_LINES, _FRAME, _WIDER_FRAME = 4, 13, 16
_HIGHEST, _NARROWEST, _LEAST_NAME = 6, 4, 4
# How long a number of four digits is, and below which width there is no room for both ends of a phase.
_DIGITS, _NARROW = 9, 60
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


def _curves(panels: "dict[str, Schedule]", last: float, log: bool, width: int, height: int) -> Table:
    names = ["quantity", *panels]
    letters = max(width - 1 - _FRAME - max(map(len, names)) - 2 * _DIGITS, _NARROWEST)
    made = Table()
    for title in ("quantity", "min", "max"):
        made.add_column(title, justify="left" if title == "quantity" else "right", no_wrap=True)
    made.add_column(f"t = 0 to {moment(last)}", no_wrap=True, width=letters)
    for i, (name, schedule) in enumerate(panels.items()):
        drawn, low, high = sparkline(schedule, last, log=log and name != BATCH, width=letters, height=height)
        low = low if abs(low) > _NOTHING * high else 0.0
        made.add_row(escape(name), f"{low:.4g}", f"{high:.4g}", Text(drawn, style=_COLORS[i % 2]))
    return made


def _phases(phases: "dict[str, list[tuple[str, str, str, str]]]", width: int, rows: int) -> Table:
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
    frame = _WIDER_FRAME
    if width < _NARROW:
        del columns[titles.index("until")]
        frame = _FRAME
    room = max(width - 1 - frame - needed(columns[:-1]), _LEAST_NAME)
    # Where there is no room for arguments, names alone.
    named = [shortened(text, room) if room >= _CALL else text.partition("(")[0][:room] for text in columns[-1][1]]
    columns[-1] = (titles[-1], named)
    return table(columns)
