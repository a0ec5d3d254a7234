"""What a person types: an expression, JSON, a file, standard input; a time."""

import codecs
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from lrsched_core import Plan, Schedule, from_json, parse
from lrsched_core._errors import refusal, refuse
from lrsched_core._looks.pictures.quantities import Shown, quantities

# Windows writes UTF-16 where other systems write UTF-8; the longer mark first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# More than the longest JSON that is read.
_LARGEST = 10_000_000


@dataclass(frozen=True)
class Typed:
    """A schedule or a plan, and what it is called: as it was typed, which may be shorter than what Python prints."""

    name: str
    value: Shown

    def logged(self, column: str | None) -> Schedule:
        """The schedule of what a log has in a column: of a plan, that of the same name, else that of the rate."""
        if isinstance(self.value, Schedule):
            return self.value
        planned = {**quantities(self.value), **self.value}
        found = planned.get(column or "lr", planned.get("lr"))
        if found is None:
            rule = "a schedule, a plan with an `lr`, or one with a quantity that is called as the `--column`"
            raise refuse(ValueError, "EXPR", rule, self.value)
        return found


def read(text: str) -> Typed:
    """The schedule or plan that an argument of the command line describes."""
    said = source(text)  # once: a pipe says nothing twice
    typed = " ".join(said.split())
    value = described(said)
    printed = repr(value)
    return Typed(typed if len(typed) <= len(printed) and not typed.startswith("{") else printed, value)


def alike(several: Sequence[Typed]) -> list[Any]:
    """What they are: all schedules, or all plans."""
    values = [each.value for each in several]
    if len({isinstance(value, Plan) for value in values}) > 1:
        plan = next(value for value in values if isinstance(value, Plan))
        raise refuse(ValueError, "EXPR", "all schedules, or all plans", plan)
    return values


def source(text: str) -> str:
    """What an argument says, or the file or the standard input that it points to."""
    try:
        if text == "-":
            return _standard_input()
        return _of_file(Path(text[1:])) if text.startswith("@") else text
    except (OSError, ValueError) as error:  # among them a name that no file can have, and bytes that are no text
        raise typer.BadParameter(str(error)) from None


def _of_file(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        message = f"`{path}` must have at most {_LARGEST:,} bytes."
        raise ValueError(message)
    return _decoded(data)


_seen: list[str] = []


def _standard_input() -> str:
    # Two arguments may both be `-`, and both mean what came in.
    if not _seen:
        if sys.stdin is None:
            message = "standard input is closed"
            raise ValueError(message)
        _seen.append(_decoded(sys.stdin.buffer.read()))
    return _seen[0]


def _decoded(data: bytes) -> str:
    return data.decode(next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8"))


def described(text: str) -> Shown:
    """The schedule or plan of an expression, or of JSON."""
    try:
        value = from_json(text) if text.lstrip().startswith("{") else parse(text)
    except (TypeError, ValueError) as error:
        raise typer.BadParameter(str(error)) from None
    if not isinstance(value, Schedule | Plan):
        rule = "be the expression of a schedule or a plan"
        raise refusal(typer.BadParameter, "text", rule, f"a {type(value).__name__}")
    return value


def time(text: str) -> float:
    """A time, >= 0; a whole one as `int`, so that none is rounded."""
    return _number(text, ">= 0", lowest=0)


def duration(text: str) -> float:
    """A time, > 0."""
    return _number(text, "> 0", lowest=math.nextafter(0, 1))


def share(text: str) -> float:
    """A number, >= 0."""
    return float(_number(text, ">= 0", lowest=0))


def _number(text: str, rule: str, lowest: float) -> float:
    try:
        number = float(text)
    except ValueError:
        message = f"must be a number, got {text[:60]!r}."
        raise typer.BadParameter(message) from None
    if not (math.isfinite(number) and number >= lowest):
        message = f"must be finite and {rule}, got {text[:60]}."
        raise typer.BadParameter(message)
    return (int(text) if text.strip().lstrip("+").isdecimal() else int(number)) if number.is_integer() else number
