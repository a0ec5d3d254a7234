"""The value: what every schedule is and can do, whatever its formula."""

from abc import ABC, abstractmethod
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, TypeVar, overload

from lrsched_core import _check
from lrsched_core._algebra import Algebra
from lrsched_core._evaluation.evaluators import UNPREPARED, Evaluators, evaluate
from lrsched_core._evaluation.program import Table
from lrsched_core._extent import Extent, Span, limit
from lrsched_core._inspection import Part, Times
from lrsched_core._pieces import Pieces
from lrsched_core._value.base import Value

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Number: TypeAlias = float | np.integer[Any] | np.floating[Any] | Fraction
    Numbers: TypeAlias = list[Any] | tuple[Any, ...] | range | NDArray[Any]

    class _HasShape(Protocol):
        """What the tensors of all frameworks have, and neither text nor None."""

        @property
        def shape(self) -> Any: ...

        @property
        def dtype(self) -> Any: ...


Tensor = TypeVar("Tensor", bound="_HasShape")


class _Found:
    """What a schedule finds out when it is built or first asked, and keeps: no fields, and no part of its value."""

    __slots__ = ()

    _evaluators: Evaluators
    _known_extent: Extent
    _known_span: Span
    _table: Table


class Schedule(Value, _Found, Algebra, ABC):
    r"""A function of time $t \mapsto \eta(t)$, as an immutable value.

    `t` counts completed optimizer updates: the first update uses `schedule(0)`, the n-th `schedule(n - 1)`. The unit is
    the caller's (updates, epochs, tokens), and `t` may be fractional. Schedules are compared and hashed by their
    fields, printed as the call that makes them, pickled, copied and shared freely: they hold no state.

    To write one of your own, derive from `CustomSchedule`: its fields and a method `value` are all that it needs.
    """

    __slots__ = ("_evaluators", "_known_extent", "_known_span", "_table")

    # NumPy's numbers leave arithmetic with a schedule to the schedule.
    __array_ufunc__ = None

    # How tightly the expression that `repr` prints binds: 3 for a call, 2 for a product, 1 for a sum.
    _binds: ClassVar[int] = 3
    _repeats: ClassVar[bool] = False

    @abstractmethod
    def _pieces(self) -> Pieces:
        """The formulas and the times at which they begin, the first at 0."""

    def _times(self) -> Times:
        """The times after 0 at which another formula takes over, in ascending order."""
        return iter(())

    def _parts(self, t: float) -> tuple[Part, ...]:
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

    def _built(self) -> None:
        # Evaluation is prepared when it is first asked for.
        object.__setattr__(self, "_evaluators", UNPREPARED)
        self._check_together()
        inner = self._inner()
        if inner:
            limit(self, inner)

    @overload
    def __call__(self, t: "Number", /) -> float: ...
    @overload
    def __call__(self, t: "Numbers", /) -> "NDArray[np.float64]": ...
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

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        from lrsched_core._pictures.notebook import html  # as above

        return html(self)


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
