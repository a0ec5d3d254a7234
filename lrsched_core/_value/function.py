"""Somebody else's function as a schedule, and somebody else's class."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Annotated, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.formula import Clock, Expr, Operand
from lrsched_core._evaluation.pieces import Pieces, piece
from lrsched_core._value.base import refuse_decorator
from lrsched_core._value.schedule import Schedule


def _callable(name: str, value: Any) -> Any:
    if not callable(value):
        raise refuse(TypeError, name, "callable", value)
    return value


class Function(Schedule):
    r"""Any function of time, to be composed with schedules.

    $$\eta(t) = f(t)$$

    It takes part in every operator; `then`, `Sequence`, `minimum`, `maximum` and arithmetic with a schedule take the
    function itself. What it cannot have is a written form: `to_dict` and `parse` know names and numbers, not code.
    Equality, hashing and pickling are those of the function.

    Args:
        function: $f$, called with `t` as a `float`, also for each element of an array in turn, or as a float tensor of
            the dtype of the answer (float64 if `t` or the framework's default is, else float32, which holds whole
            numbers up to 2**24 exactly), so that arithmetic means the same in all of them. Written with operators and
            `lrsched_core.math`, whose `where` chooses, it runs in their compilers as well. It answers with a number,
            or with a tensor of numbers, of no dimension or of the shape of `t`.

    Raises:
        TypeError: If `function` is not callable; when asked, if it does not answer with a number.
        ValueError: When asked, if the answer is a number that is not finite, or a tensor of another shape.

    Example:
        >>> lr = Function(lambda t: 0.5 ** (t // 2)).with_warmup(2)
        >>> [lr(t) for t in range(6)]
        [0.0, 0.5, 1.0, 1.0, 0.5, 0.5]

    Reference:
        `torch.optim.lr_scheduler.LambdaLR`.
    """

    f: Annotated[Callable[[Any], Any], _callable]  # every schedule has a method `function`

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._set(_callable("function", function))

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return Expr("call", clock.elapsed, self.f)


class CustomSchedule(Schedule):
    r"""The base of schedule classes of one's own.

    Annotate its fields, which are its arguments, and write a `value`; no decorator is needed. It takes part in every
    operator, cannot be changed, compares, hashes, prints, copies and pickles like any schedule; once registered by
    `register`, `parse`, `from_dict` and `from_json` know it, too. Fields are taken as they are: refuse bad ones in
    `check`. Those after `_: KW_ONLY` (of `dataclasses`) are given by name; `field(default_factory=...)` works as there.
    What `value` is given, and what it may answer, is what holds for the function of a `Function`.

    Raises:
        TypeError: When a class is derived that has its own `__init__` or `__post_init__` (write `check`), more than 16
            fields, or two parents with different ones; when a value is built of a class that `@dataclass` decorates.

    Example:
        >>> from lrsched_core import CustomSchedule, parse, register
        >>> @register
        ... class Harmonic(CustomSchedule):
        ...     base_lr: float
        ...
        ...     def value(self, t):
        ...         return self.base_lr / (1 + t)
        >>> parse("Harmonic(0.4).with_warmup(2)")([0, 1, 2, 3])
        array([0. , 0.2, 0.4, 0.2])
    """

    __slots__ = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Refuses what the base class does by itself."""
        refuse_decorator(cls)
        for name in ("__init__", "__post_init__"):
            if name in cls.__dict__:
                message = (
                    f"`{cls.__name__}` must not have `{name}`: its annotations are its arguments. "
                    "Hint: refuse bad ones in `check`."
                )
                raise TypeError(message)
        super().__init_subclass__(**keywords)

    @abstractmethod
    def value(self, t: Any) -> Any:
        """The value at `t`, a `float` or a float tensor; see `Function`."""

    def check(self) -> None:
        """Raises if the fields are not right."""

    def _check_together(self) -> None:
        refuse_decorator(type(self))
        self.check()

    def _inner(self) -> tuple[Schedule, ...]:
        items = [
            item for value in self._values().values() for item in (value if isinstance(value, tuple) else (value,))
        ]
        return tuple([item for item in items if isinstance(item, Schedule)])

    def _pieces(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        return Expr("call", clock.elapsed, self.value)
