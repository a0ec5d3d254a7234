"""Decisions on numbers, arrays and traced values alike: no branch depends on a value that is traced."""

from numbers import Real
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.runtimes import runtime


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`."""
    if condition is True or condition is False:
        return x if condition else y
    framework = runtime(type(condition))
    if framework is not None:
        return framework.where(condition, x, y)
    import numpy as np  # the condition came from one of its arrays

    return np.where(condition, x, y)


def either(first: Any, second: Any) -> Any:
    """Whether one of two conditions holds."""
    return where(first, True, second)


def metric_value(metric: Any) -> Any:
    """A metric as rules calculate with it: a number as a `float`, NaN and infinities among them; the rest as it is."""
    kind = type(metric)
    if kind is float:
        return metric
    if isinstance(metric, Real) and not isinstance(metric, bool):
        try:
            return float(metric)
        except OverflowError:
            raise refuse(ValueError, "metric", "within the float range", metric) from None
    if runtime(kind) is not None or (
        hasattr(metric, "__array__") and hasattr(metric, "dtype") and metric.dtype.kind in "fiu"
    ):
        return metric
    raise refuse(TypeError, "metric", "a real number, an array or a tensor", metric)
