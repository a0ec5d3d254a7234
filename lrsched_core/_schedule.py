"""The value: what every schedule is and can do, whatever its formula."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, overload

from lrsched_core import _check
from lrsched_core._algebra import Algebra
from lrsched_core._evaluation.evaluators import UNPREPARED, Evaluators, evaluate
from lrsched_core._evaluation.program import Table
from lrsched_core._extent import Extent, Span, limit
from lrsched_core._inspection import Part, Times
from lrsched_core._pieces import Pieces
from lrsched_core._time import Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

Tensor = TypeVar("Tensor")


class Schedule(Algebra, ABC):
    r"""A function of time $t \mapsto \eta(t)$, as an immutable value.

    `t` counts completed optimizer updates: the first update uses `schedule(0)`, the n-th `schedule(n - 1)`. The unit is
    the caller's (updates, epochs, tokens), and `t` may be fractional. Schedules are compared and hashed by their
    fields, printed as the call that makes them, pickled, copied and shared freely: they hold no state.

    To write one, derive a dataclass with `frozen=True, slots=True, repr=False`, annotate each field with a type of
    `lrsched_core._check` and say which `_pieces` the function has.
    """

    __slots__ = ("__weakref__", "_evaluators", "_known_extent", "_known_span", "_table")

    # NumPy's numbers leave arithmetic with a schedule to the schedule.
    __array_ufunc__ = None

    _evaluators: Evaluators
    _known_extent: Extent
    _known_span: Span
    _table: Table
    _checks: ClassVar[tuple[tuple[str, Callable[[str, Any], Any]], ...]]
    # How tightly the expression that `repr` prints binds: 3 for a call, 2 for a product, 1 for a sum.
    _binds: ClassVar[int] = 3
    _repeats: ClassVar[bool] = False
    _subtracts: ClassVar[bool] = False

    @abstractmethod
    def _pieces(self) -> Pieces:
        """The formulas and the times at which they begin, the first at 0."""

    def _times(self) -> Times:
        """The times after 0 at which another formula takes over, in ascending order."""
        return iter(())

    def _parts(self, t: Sum) -> tuple[Part, ...]:
        """The schedules that this one consults at `t`."""
        return ()

    def _why(self, t: float) -> str:
        """In what state this schedule is at `t`."""
        return ""

    def _inner(self) -> "tuple[Schedule, ...]":
        """The schedules that this one is made of."""
        return ()

    def _extent(self, pieces: int, again: int) -> tuple[int, int]:
        """How much this schedule lays out (see `Extent`), where those that it is made of lay out so much together."""
        return pieces, again

    def _span(self, inner: Span) -> Span:
        """The times of this schedule, where those that it is made of have these."""
        return inner

    def _reaches_far(self) -> bool:
        """Whether its times may lie outside of the float range."""
        return False

    def _most_pieces(self) -> int:
        """How many pieces it has at most, if it is not made of others."""
        return 1

    def _simplified(self) -> "Schedule":
        """What the method or operator gives that makes such a schedule: what does nothing, or twice, it leaves out."""
        return self

    def _check_together(self) -> None:  # most schedules have nothing to refuse here
        """Refuses what no field can see alone."""

    def __post_init__(self) -> None:
        """Checks the fields, and brings them to normal form; evaluation is prepared when it is first asked for."""
        for name, check in _field_checks(type(self)):
            value = getattr(self, name)
            normal = check(name, value)
            if normal is not value:
                object.__setattr__(self, name, normal)
        self._check_together()
        object.__setattr__(self, "_evaluators", UNPREPARED)
        inner = self._inner()
        if inner:
            limit(self, inner)

    @overload
    def __call__(self, t: float, /) -> float: ...
    @overload
    def __call__(self, t: "Sequence[Any] | NDArray[Any]", /) -> "NDArray[np.float64]": ...
    @overload
    def __call__(self, t: Tensor, /) -> Tensor: ...
    def __call__(self, t: Any, /) -> Any:
        """The value at `t`; what `t` is decides what comes out.

        Args:
            t: Time, finite and >= 0, in the unit of the schedule. A number (NumPy scalars included), a NumPy array of
                any shape or a nested list of numbers, or a tensor of PyTorch, JAX, TensorFlow or Keras.

        Returns:
            A `float` for a number; a float64 array of the same shape for an array or list; a tensor of the same
            framework and shape for a tensor (float32, or float64 where `t` or the framework's default is).

        Raises:
            ValueError: If `t` is negative, NaN or infinite. A tensor is not inspected; below 0 it gives the value at 0.
            TypeError: If `t` is a boolean, text, complex or not a number at all.
            OverflowError: If a growing schedule has left the float range at `t`.
        """
        # The cheapest dispatch that torch.compile can trace as well.
        try:
            return self._evaluators[type(t)](t)
        except KeyError as error:
            if error.args != (type(t),):
                raise  # it comes from a function of somebody else's
        return evaluate(self, t)

    def to_dict(self) -> dict[str, Any]:
        """This schedule as nested dicts, lists, strings and numbers; see `from_dict`."""
        from lrsched_core._data import to_dict  # data stands above the value that offers it

        return to_dict(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """This schedule as JSON; see `lrsched_core.to_json`."""
        from lrsched_core._data import to_json  # as above

        return to_json(self, indent=indent)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """How pydantic reads and writes a field of this type."""
        from lrsched_core._pydantic import core_schema  # only pydantic calls this

        return core_schema(cls)

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        from lrsched_core._pictures.notebook import html  # as above

        return html(self)

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        return f"{type(self).__name__}({', '.join(self._arguments())})"

    def _arguments(self, first: int = 0) -> list[str]:
        """The arguments of that call, from the field of that number on; defaults are left out."""
        return [
            f"{f.name}={value!r}" if f.kw_only else repr(value)
            for f in fields(self)[first:]  # type: ignore[arg-type]  # every subclass is a dataclass
            if (value := getattr(self, f.name)) != f.default
        ]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles and copies the fields alone: the compiled evaluators are made anew."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]  # as above
        return _rebuild, (type(self), values)


def _field_checks(cls: type[Schedule]) -> tuple[tuple[str, Callable[[str, Any], Any]], ...]:
    # Kept on the class: building a schedule should not cost a walk over its annotations.
    if "_checks" not in cls.__dict__:
        cls._checks = tuple(
            (f.name, f.type.__metadata__[0])
            for f in fields(cls)  # type: ignore[arg-type]  # every subclass is a dataclass
            if hasattr(f.type, "__metadata__") and callable(f.type.__metadata__[0])
        )
    return cls._checks


def _rebuild(cls: type[Schedule], values: dict[str, Any]) -> Schedule:
    return cls(**values)


def schedule_field(name: str, value: Any) -> Schedule:
    """The check of a field that holds a schedule."""
    if isinstance(value, Schedule):
        return value
    if not callable(value):
        raise _check.refuse(TypeError, name, "a schedule", value)
    return _function(name, value)


def _function(name: str, value: Any) -> Schedule:
    if isinstance(value, type):
        raise _check.refuse(TypeError, name, "a schedule, not a class", value)
    from lrsched_core._function import Function  # a schedule stands above this module

    return Function(value)


def may_be_negative(schedule: Schedule) -> bool:
    """Whether something in it can make its value negative."""
    return schedule._subtracts or any(map(may_be_negative, schedule._inner()))


def as_schedule(name: str, value: Any) -> Schedule:
    """An operand: a schedule, a function of t, or a number, which is a constant."""
    if isinstance(value, Schedule):
        return value
    if callable(value):
        return _function(name, value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _check.refuse(TypeError, name, "a schedule or a number", value)
    from lrsched_core._steps import Constant  # a schedule stands above this module

    return Constant(_check.rate(name, value))


ScheduleField = Annotated[Schedule, schedule_field]
