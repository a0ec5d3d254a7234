"""Users' own functions and classes as schedules."""

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

    It has all methods and operators of a schedule; `then`, `Sequence`, `minimum`, `maximum` and arithmetic with a
    schedule also take the bare function. It has no written form: `to_dict` and `parse` know names and numbers, not
    code. Equality, hashing and pickling are those of the function.

    Args:
        function: $f$. It is called with `t` as a `float`, for an array once per element; or with a float tensor of the
            dtype of the answer: float64 if `t` or the framework's default is, else float32, which holds whole numbers
            up to 2**24 exactly. Arithmetic thus means the same everywhere. Written with operators and the functions of
            `lrsched_core.math`, it also runs in the frameworks' compilers. It returns a number, or a tensor of numbers
            that has no dimension or the shape of `t`.

    Raises:
        TypeError: If `function` is not callable; when asked, if it returns something that is not a number.
        ValueError: When asked, if it returns a number that is not finite, or a tensor of another shape.

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
    r"""The base class of your own schedules.

    Annotate the fields, which become the arguments, and write a method `value`; no decorator is needed. Such a schedule
    has all methods and operators, is immutable, and compares, hashes, prints, copies and pickles like any other; once
    its class is registered with `register`, `parse`, `from_dict` and `from_json` read it as well. Fields are stored as
    they are given: refuse bad ones in `check`. Fields after `_: KW_ONLY` (of `dataclasses`) are keyword-only, and
    `field(default_factory=...)` works as it does there. `value` is given, and may return, the same as the function of a
    `Function`.

    Raises:
        TypeError: When a class is derived that has its own `__init__` or `__post_init__` (write `check` instead), more
            than 16 fields, or two parents with different fields; when a value is built of a class that is decorated
            with `@dataclass`.

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
        """The value at `t`, which is a `float` or a float tensor; see `Function`."""

    def check(self) -> None:
        """Raises an error if the fields are not valid."""

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
