"""The dispatch: from the type of `t` to the function that evaluates it."""

from collections.abc import Callable
from numbers import Real
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Evaluated, Table
from lrsched_core._evaluation.refusals import real

# From `int` and `float` to the schedule's function of a number; empty until the first call. A plain dict, because
# nothing is looked up faster, and torch.compile can read it.
Evaluators = dict[type, Callable[[Any], Any]]
UNPREPARED: Evaluators = {}

# The default of `t`, to tell a call without a time.
NO_TIME = object()


def evaluate(schedule: Evaluated, t: Any) -> Any:
    """The value at the first number that is asked, or at anything that is not an `int` or `float`."""
    kind = type(t)
    if kind is int or kind is float:
        return _prepare(schedule)[kind](t)
    if t is NO_TIME:
        message = (
            "`t` must be given, as in `schedule(0)`. Hint: Keras calls what it does not know without arguments;"
            " give it `lrsched_keras.LearningRate(schedule)`."
        )
        raise TypeError(message)
    # What only arrays and tensors need is imported here, to keep `import lrsched_core` cheap.
    if kind.__name__ == "ndarray" and kind.__module__ == "numpy":
        return _of_array(schedule, t)
    from lrsched_core._evaluation.runtimes import is_keras_variable, runtime

    if is_keras_variable(kind):
        return schedule(t.value)
    framework = runtime(kind)
    if framework is not None:
        # As a name of its own, which Python finds faster than an attribute of a module.
        from lrsched_core._evaluation.tensors import evaluate as of_tensor

        return of_tensor(schedule, _recorded(schedule), framework, t)
    if issubclass(kind, Real):
        return schedule(real("t", t))
    if issubclass(kind, list | tuple | range) or hasattr(kind, "__array__"):
        return _of_array(schedule, t)
    raise refuse(TypeError, "t", "a number, an array or a tensor", t)


def _of_array(schedule: Evaluated, t: Any) -> Any:
    table = _table(schedule)
    if table.of_array is None:
        from lrsched_core._evaluation import arrays

        table.of_array = arrays.function(table)
    return table.of_array(t, schedule)


def prepared(schedule: Evaluated) -> Evaluators:
    """The schedule's functions of a number, made now if none was asked for before."""
    return schedule._evaluators or _prepare(schedule)


def _value_at_0(table: Table) -> float:
    from lrsched_core._evaluation import numbers

    of_int, _ = numbers.functions(table)
    return of_int(0)


Table.value_at_0 = staticmethod(_value_at_0)


def _table(schedule: Evaluated) -> Table:
    try:
        return schedule._table
    except AttributeError:
        object.__setattr__(schedule, "_table", Table(schedule._pieces()))
        return schedule._table


def _recorded(schedule: Evaluated) -> Table:
    table = _table(schedule)
    if not table.programs:
        calls: list[Callable[[Any], Any]] = []
        programs = table.recorded(calls)
        # torch.compile can guard a function that the schedule holds, but not one that it finds in a constant.
        object.__setattr__(schedule, "_calls", tuple(calls))
        table.programs = programs
    return table


def _prepare(schedule: Evaluated) -> Evaluators:
    from lrsched_core._evaluation import numbers

    of_int, of_float = numbers.functions(_table(schedule))
    evaluators: Evaluators = {int: of_int, float: of_float}
    object.__setattr__(schedule, "_evaluators", evaluators)
    return evaluators


# torch.compile cannot and need not trace how a schedule is flattened and compiled. This is the attribute that torch's
# `assume_constant_result` sets; the core does not import torch to call that.
_recorded._dynamo_marked_constant = True  # type: ignore[attr-defined]  # functions take attributes
# Nor can it trace a number through a function that does not exist yet. This is what `torch.compiler.disable` sets.
_prepare._torchdynamo_disable = True  # type: ignore[attr-defined]  # as above
_prepare._torchdynamo_disable_msg = "a schedule must have been called once"  # type: ignore[attr-defined]  # as above
