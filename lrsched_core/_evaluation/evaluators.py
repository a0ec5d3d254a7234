"""The dispatch: from the type of `t` to the function that evaluates it."""

from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING, Any

from lrsched_core._check import real, refuse
from lrsched_core._evaluation import numbers
from lrsched_core._evaluation.program import Table
from lrsched_core._evaluation.refusals import refuse_time
from lrsched_core._pieces import Pieces

if TYPE_CHECKING:
    from lrsched_core._extent import Extent, Span


class Evaluators(dict[type, Callable[[Any], Any]]):
    """A table from the type of `t` to a function of it.

    It is a dict because a hit costs one look-up, in C, on the way to the formula. Only numbers are in it, from the
    beginning, since torch.compile compiles anew when a dict that it has seen grows; everything else is missing.
    """

    __slots__ = ("extent", "pieces", "span", "table")

    def __init__(self, pieces: Callable[[], Pieces]) -> None:
        first = self._first_number
        super().__init__({int: first, float: first})
        self.pieces = pieces
        self.table: Table | None = None
        self.extent: Extent | None = None
        self.span: Span | None = None

    def _first_number(self, t: float) -> float:
        return _number_function(self)(t)

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        """How a `kind` is evaluated."""
        # What only other kinds than numbers need is imported here: `import lrsched_core` should cost little.
        from lrsched_core._evaluation.runtimes import runtime

        framework = runtime(kind)
        if framework is not None:
            from lrsched_core._evaluation import tensors

            return lambda t: tensors.evaluate(_table(self), framework, t)
        if issubclass(kind, Real):
            return lambda t: self[float](real("t", t))
        if issubclass(kind, list | tuple | range) or hasattr(kind, "__array__"):
            from lrsched_core._evaluation import arrays

            return lambda t: arrays.evaluate(_table(self), t)
        return _refuse_kind


def _table(evaluators: Evaluators) -> Table:
    if evaluators.table is None:
        evaluators.table = Table(evaluators.pieces())
    return evaluators.table


def _number_function(evaluators: Evaluators) -> numbers.Function:
    function = numbers.function(_table(evaluators), refuse_time)
    evaluators[int] = evaluators[float] = function
    return function


# torch.compile cannot and need not trace how a schedule is flattened and compiled. This attribute is what torch's own
# `assume_constant_result` sets; core does not import torch to say so.
_table._dynamo_marked_constant = True  # type: ignore[attr-defined]  # functions take attributes
_number_function._dynamo_marked_constant = True  # type: ignore[attr-defined]  # as above


def _refuse_kind(t: Any) -> Any:
    raise refuse(TypeError, "t", "a number, an array or a tensor", t)
