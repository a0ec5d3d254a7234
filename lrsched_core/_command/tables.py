"""Tables of phases, values and schedules, for a terminal."""

import inspect

from rich.markup import escape
from rich.table import Table

import lrsched_core
from lrsched_core import Schedule
from lrsched_core._inspection import repeats
from lrsched_core._pictures.curve import sensible_stop

_ROWS = 15
# Functions that read, write, compare or change schedules, and make none of their own.
_READERS = (
    "audit", "diff", "extend", "from_dict", "from_json", "json_schema", "parse", "register", "register_with", "to_json",
)  # fmt: skip


def phases(schedule: Schedule, stop: float | None) -> Table:
    """Which part holds from when to when."""
    if stop is None and repeats(schedule):
        stop = sensible_stop(schedule)
    table = Table(title="phases", title_justify="left")
    for title in ("from", "until", "first value"):
        table.add_column(title, justify="right")
    table.add_column("what holds")
    segments = schedule.segments(stop)
    for segment in segments[:_ROWS]:
        until = "" if segment.stop == float("inf") else f"{segment.stop:,}"
        since = f"  from its t = {segment.t:,}" if segment.t else ""
        table.add_row(
            f"{segment.start:,}", until, f"{schedule(segment.start):.6g}", escape(f"{segment.schedule!r}{since}")
        )
    if len(segments) > _ROWS:
        table.add_row("...", "", "", f"and {len(segments) - _ROWS} more")
    return table


def values(schedule: Schedule, stop: float | None) -> Table:
    """The values at a few times: boundaries, and some between."""
    last = sensible_stop(schedule) if stop is None else stop
    edges = [segment.start for segment in schedule.segments(last)]
    even = [int(last * i / 10) for i in range(11)]
    table = Table(title="values", title_justify="left")
    table.add_column("t", justify="right")
    table.add_column("rate", justify="right")
    for t in sorted({*even, *edges[:_ROWS]}):
        table.add_row(f"{t:,}", f"{schedule(t):.8g}", style="bold" if t in edges else None)
    return table


def catalogue() -> Table:
    """Every schedule and recipe: how it is called, and what it is."""
    table = Table(show_lines=False)
    table.add_column("call", style="bold", overflow="fold")
    table.add_column("what it is")
    table.add_column("formula, or what it is made of")
    for name, thing in sorted(made().items(), key=lambda item: (item[0].islower(), item[0])):
        text = inspect.getdoc(thing) or ""
        table.add_row(escape(f"{name}{signature(thing)}"), escape(text.partition("\n")[0]), escape(_formula(text)))
    return table


def made() -> dict[str, object]:
    """What makes a schedule, by its public name."""
    things = {name: getattr(lrsched_core, name) for name in lrsched_core.__all__}
    return {name: thing for name, thing in things.items() if _makes_a_schedule(name, thing)}


def _makes_a_schedule(name: str, thing: object) -> bool:
    if isinstance(thing, type):
        return issubclass(thing, Schedule) and thing not in (Schedule, lrsched_core.CustomSchedule)
    return inspect.isfunction(thing) and name not in _READERS


def signature(thing: object) -> str:
    """The arguments of a call, without their types."""
    parameters = inspect.signature(thing).parameters.values()  # type: ignore[arg-type]  # classes and functions
    return str(inspect.Signature([p.replace(annotation=p.empty) for p in parameters]))


def _formula(text: str) -> str:
    _, dollars, rest = text.partition("$$")
    if dollars:
        return " ".join(rest.partition("$$")[0].split())
    _, _, rest = text.partition("Returns:\n")
    return " ".join(rest.partition("\n\n")[0].split())
