"""The sizes of batches that a schedule says: whole numbers, constant between the times at which they change."""

from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Program, Table
from lrsched_core._evaluation.times import Exact, exact, whole
from lrsched_core._run.batches import Level
from lrsched_core._value.checks import duration
from lrsched_core._value.schedule import Schedule

# What can be done to constants, and to what is looked up by the time.
_CONSTANT = {"add", "sub", "mul", "div", "maximum", "minimum", "finite", "lookup", "piecewise"}


def whole_number(name: str, value: Any) -> int:
    """A whole number > 0."""
    number = duration(name, value)
    if not isinstance(number, int):
        raise refuse(ValueError, name, "a whole number", value)
    return number


def levels(size: "int | Schedule", scale: Exact = 1) -> list[Level]:
    """The sizes, and when each begins to hold, where the times of the schedule are multiplied by `scale`.

    Raises:
        ValueError: If the sizes are not whole numbers > 0, constant between finitely many times.
    """
    if not isinstance(size, Schedule):
        return [Level(size, 0)]
    if size._repeats or not _is_constant(Table(size._pieces())):
        rule = "a whole number, or a schedule that is constant between its milestones, such as PiecewiseConstant"
        raise refuse(ValueError, "batch_size", rule, size)
    found: list[Level] = []
    for t in (0, *size.boundaries):
        value = size(t)
        if value < 1 or not value.is_integer():
            raise refuse(ValueError, "batch_size", f"a whole number > 0 at every time (at {t!r})", value)
        if not found or found[-1].size != value:
            found.append(Level(int(value), whole(exact(t) * scale)))
    return found


def _is_constant(table: Table) -> bool:
    return all(map(_is_constant_program, map(table.program, range(len(table)))))


def _is_constant_program(program: Program) -> bool:
    used_by: dict[int, set[str]] = {}
    for op, operands in program.code:
        for x in operands:
            used_by.setdefault(x, set()).add(op)
    for i, (op, _) in enumerate(program.code):
        # The time itself is only looked up.
        if op == "time" and used_by.get(i, {"time"}) <= {"lookup", "piecewise"}:
            continue
        if op not in _CONSTANT:
            return False
    tables: list[Any] = [constant for constant in program.constants if isinstance(constant, Table)]
    return all(map(_is_constant, tables))
