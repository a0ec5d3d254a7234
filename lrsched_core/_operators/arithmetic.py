"""Sums, differences, products and quotients of schedules, pointwise: at every t, of the values at the same t."""

from functools import reduce
from operator import add, mul, sub
from typing import Annotated, Any

from lrsched_core._check import Positive, Says, refuse
from lrsched_core._formula import Expr, Operand, within_float_range
from lrsched_core._inspection import Part, Times, together
from lrsched_core._operators.text import bound, chain
from lrsched_core._pieces import MOST_COPIES, Pieces, pointwise
from lrsched_core._schedule import Schedule, ScheduleField, schedule_field


def operands(name: str, value: Any) -> tuple[Schedule, ...]:
    """The check of a field that holds two schedules or more."""
    items = tuple([schedule_field(f"{name}[{i}]", item) for i, item in enumerate(value)])
    if len(items) < 2:
        raise refuse(ValueError, name, "at least two schedules", items)
    return items


Operands = Annotated[tuple[Schedule, ...], operands, Says(minItems=2)]


class Pointwise(Schedule):
    """An operation on the values that several schedules have at the same t."""

    __slots__ = ()

    schedules: tuple[Schedule, ...]

    def _check_together(self) -> None:
        # a * (b * c) is (a * b) * c.
        kind = type(self)
        if any(isinstance(schedule, kind) for schedule in self.schedules):
            flat = [inner for s in self.schedules for inner in (s.schedules if isinstance(s, kind) else (s,))]
            object.__setattr__(self, "schedules", tuple(flat))

    def _inner(self) -> tuple[Schedule, ...]:
        return self.schedules

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + min(pieces, MOST_COPIES) + 1, again

    def _times(self) -> Times:
        return together(*[schedule._times() for schedule in self.schedules])

    def _parts(self, t: float) -> tuple[Part, ...]:
        return tuple([Part(schedule, t, "") for schedule in self.schedules])


def _finite(value: Operand) -> Operand:
    return within_float_range(value) if isinstance(value, Expr) else value


class Sum(Pointwise):
    """What `a + b` gives."""

    schedules: Operands

    _binds = 1

    def _simplified(self) -> Schedule:
        return reduce(add, self.schedules)

    def _pieces(self) -> Pieces:
        return pointwise(lambda *values: _finite(reduce(add, values)), *[s._pieces() for s in self.schedules])

    def __repr__(self) -> str:
        """The expression that makes this schedule."""
        return chain("+", self.schedules, 1)


class Product(Pointwise):
    """What `a * b` gives."""

    schedules: Operands

    _binds = 2

    def _simplified(self) -> Schedule:
        return reduce(mul, self.schedules)

    def _pieces(self) -> Pieces:
        return pointwise(lambda *values: _finite(reduce(mul, values)), *[s._pieces() for s in self.schedules])

    def __repr__(self) -> str:
        """The expression that makes this schedule."""
        return chain("*", self.schedules, 2)


class Difference(Schedule):
    """What `a - b` gives."""

    schedule: ScheduleField
    less: ScheduleField

    _binds = 1

    def _simplified(self) -> Schedule:
        return self.schedule - self.less

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule, self.less)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + min(pieces, MOST_COPIES) + 1, again

    def _pieces(self) -> Pieces:
        return pointwise(sub, self.schedule._pieces(), self.less._pieces())

    def _times(self) -> Times:
        return together(self.schedule._times(), self.less._times())

    def _parts(self, t: float) -> tuple[Part, ...]:
        return Part(self.schedule, t, ""), Part(self.less, t, "taken away")

    def __repr__(self) -> str:
        """The expression that makes this schedule."""
        return chain("-", (self.schedule, self.less), 1)


class Quotient(Schedule):
    """What `a / 2` gives."""

    schedule: ScheduleField
    divisor: Positive

    _binds = 2

    def _simplified(self) -> Schedule:
        return self.schedule / self.divisor

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule,)

    def _pieces(self) -> Pieces:
        return pointwise(lambda value: _finite(value / self.divisor), self.schedule._pieces())

    def _times(self) -> Times:
        return self.schedule._times()

    def _parts(self, t: float) -> tuple[Part, ...]:
        return (Part(self.schedule, t, f"divided by {self.divisor!r}"),)

    def __repr__(self) -> str:
        """The expression that makes this schedule."""
        return f"{bound(self.schedule, 2)} / {self.divisor!r}"
