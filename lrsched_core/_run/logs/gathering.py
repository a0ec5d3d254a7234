"""Rows as they come: numbers are kept, in little memory, and nothing else."""

from array import array
from typing import Any

from lrsched_core._errors import refusal
from lrsched_core._run.logs.columns import Habit

_MISSING = {"", "na", "n/a", "none", "null", "-"}


class Column:
    """The rates of one name, each with its time.

    Attributes:
        times: What the log calls step, or the number of the row.
        rates: The rates.
    """

    def __init__(self) -> None:
        self.times, self.rates = array("d"), array("d")

    def add(self, time: Any, rate: Any, place: str) -> None:
        """Takes a row, unless one of both is missing."""
        t, r = number(time, place), number(rate, place)
        if t is not None and r is not None and t == t:
            self.times.append(t)
            self.rates.append(r)

    def log(self, source: str, name: str, time: str | None, habit: Habit) -> "Log":
        """The column as a log."""
        if not self.times:
            message = f"`log` has no numbers in column {name!r}."
            raise ValueError(message)
        return Log(self.times, self.rates, source, name, time, habit)


class Log:
    """What a log says: rates and times, as they were written.

    Attributes:
        times: What the log calls step.
        rates: The rates.
        source: What kind of file it is.
        column: The name of the rates.
        time: The name of the times, None if rows were counted.
        habit: What rows of this kind mean.
    """

    def __init__(self, times: Any, rates: Any, source: str, column: str, time: str | None, habit: Habit) -> None:
        self.times, self.rates, self.source = times, rates, source
        self.column, self.time, self.habit = column, time, habit

    def updates(self, offset: float | None = None) -> Any:
        """The update that used the rate of each row; by the habit of the source if no offset is given."""
        import numpy as np

        return np.asarray(self.times) + (self.habit.offset if offset is None else offset)


def number(value: Any, place: str) -> float | None:
    """A number, None if there is none."""
    if value is None or value.__class__ is float:
        return value
    if isinstance(value, str):
        if value.strip().lower() in _MISSING:
            return None
        try:
            return float(value)
        except ValueError:
            pass
    elif isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    shown = repr(value)[:60]
    raise refusal(ValueError, "log", f"have a number {place}", shown)
