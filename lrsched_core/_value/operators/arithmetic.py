"""Pointwise arithmetic: sums, differences, products and quotients of the values at the same t."""

from functools import reduce
from numbers import Real
from operator import add, mul, sub
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Expr, Operand, within_float_range
from lrsched_core._evaluation.pieces import MOST_COPIES, Pieces, pointwise
from lrsched_core._evaluation.times import Exact
from lrsched_core._value.checks import Positive, Says
from lrsched_core._value.inspection import Part, Times, together
from lrsched_core._value.operands import ScheduleField, as_schedule, schedule_field
from lrsched_core._value.operators.text import bound, chain
from lrsched_core._value.schedule import Schedule


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
        # Flattened, so that a * (b * c) equals (a * b) * c.
        kind = type(self)
        if any(isinstance(schedule, kind) for schedule in self.schedules):
            flat = [inner for s in self.schedules for inner in (s.schedules if isinstance(s, kind) else (s,))]
            object.__setattr__(self, "schedules", tuple(flat))

    def _inner(self) -> tuple[Schedule, ...]:
        return self.schedules

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + min(pieces, MOST_COPIES) + 1, again

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        return together(*[schedule._times_from(t) for schedule in self.schedules])

    def _parts(self, t: Exact) -> tuple[Part, ...]:
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
    _subtracts = True

    def _simplified(self) -> Schedule:
        return self.schedule - self.less

    def _inner(self) -> tuple[Schedule, ...]:
        return (self.schedule, self.less)

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        return pieces + min(pieces, MOST_COPIES) + 1, again

    def _pieces(self) -> Pieces:
        return pointwise(sub, self.schedule._pieces(), self.less._pieces())

    def _times(self) -> Times:
        return self._times_from(0)

    def _times_from(self, t: Exact) -> Times:
        return together(self.schedule._times_from(t), self.less._times_from(t))

    def _parts(self, t: Exact) -> tuple[Part, ...]:
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

    def _times_from(self, t: Exact) -> Times:
        return self.schedule._times_from(t)

    def _parts(self, t: Exact) -> tuple[Part, ...]:
        return (Part(self.schedule, t, f"divided by {self.divisor!r}"),)

    def __repr__(self) -> str:
        """The expression that makes this schedule."""
        return f"{bound(self.schedule, 2)} / {self.divisor!r}"


def _operand(value: Any) -> Any:
    if isinstance(value, Schedule):
        return value
    # None makes Python ask the other operand, and word the error.
    return as_schedule("operand", value) if isinstance(value, Real) or callable(value) else None


def _is_number(schedule: Any, number: float) -> bool:
    return getattr(schedule, "lr", None) == number  # only a constant has this field


def added(first: Any, second: Any) -> Schedule:
    """What `first + second` returns; an addend of 0 is left out."""
    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return b if _is_number(a, 0) else a if _is_number(b, 0) else Sum((a, b))


def multiplied(first: Any, second: Any) -> Schedule:
    """What `first * second` returns; a factor of 1 is left out."""
    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return b if _is_number(a, 1) else a if _is_number(b, 1) else Product((a, b))


def subtracted(first: Any, second: Any) -> Schedule:
    """What `first - second` returns; a subtrahend of 0 is left out."""
    a, b = _operand(first), _operand(second)
    if a is None or b is None:
        return NotImplemented  # type: ignore[no-any-return]  # to Python, which does not pass it on
    return a if _is_number(b, 0) else Difference(a, b)
