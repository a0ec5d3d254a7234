"""Mathematical functions of numbers, arrays and tensors, to write the functions of time with that are one's own.

What a function of time is given depends on who asks its schedule: a number, or a tensor of PyTorch, JAX, TensorFlow or
any library of the array-API standard, perhaps traced by a compiler. `math.sin` takes the first alone (of an eager
tensor it makes a number, in silence; of a traced one it raises). The functions here take all of them: the first tensor
among their arguments decides whose function is called, and numbers beside it become what it holds. Without a tensor it
is that of Python's `math`. Beside them stand the operators: `+ - * / // % **` and comparisons.

A traced `t` has no truth value, so that `if t < 3` fails. `where(t < 3, 0.1, 0.2)` chooses.

Example:
    >>> from lrsched_core import Function
    >>> from lrsched_core.math import cos, minimum, where
    >>> lr = Function(lambda t: where(t < 2, 0.5, minimum(0.25, 1 / (1 + t))) * cos(0 * t))
    >>> [lr(t) for t in range(6)]
    [0.5, 0.5, 0.25, 0.25, 0.2, 0.16666666666666666]
"""

import math
import sys
from collections.abc import Callable
from numbers import Real
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.runtimes import Runtime, is_keras_variable, runtime

__all__ = ["cos", "exp", "floor", "log", "maximum", "minimum", "sin", "sqrt", "where"]


def sin(x: Any) -> Any:
    r"""Sine, $\sin x$, of an angle in radians.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        TypeError: If `x` is something else.

    Example:
        >>> sin(0)
        0.0
    """
    return _applied("sin", math.sin, x)


def cos(x: Any) -> Any:
    r"""Cosine, $\cos x$, of an angle in radians.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        TypeError: If `x` is something else.

    Example:
        >>> cos(0)
        1.0
    """
    return _applied("cos", math.cos, x)


def exp(x: Any) -> Any:
    r"""Exponential, $e^x$.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        OverflowError: If the answer to a number is not within the float range; arrays and tensors become infinite.
        TypeError: If `x` is something else.

    Example:
        >>> exp(0)
        1.0
    """
    return _applied("exp", math.exp, x)


def log(x: Any) -> Any:
    r"""Natural logarithm, $\ln x$.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        ValueError: If a number is not > 0; of such an element of an array or tensor it is infinite or NaN.
        TypeError: If `x` is something else.

    Example:
        >>> log(1)
        0.0
    """
    return _applied("log", math.log, x)


def sqrt(x: Any) -> Any:
    r"""Square root, $\sqrt x$.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        ValueError: If a number is negative; of such an element of an array or tensor it is NaN.
        TypeError: If `x` is something else.

    Example:
        >>> sqrt(4)
        2.0
    """
    return _applied("sqrt", math.sqrt, x)


def floor(x: Any) -> Any:
    r"""The largest whole number that is not greater, $\lfloor x \rfloor$, as a float.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        TypeError: If `x` is something else.

    Example:
        >>> floor(-1.5)
        -2.0
    """
    return _applied("floor", lambda number: float(math.floor(number)), x)


def minimum(x: Any, y: Any) -> Any:
    r"""The smaller of two, $\min(x, y)$, element by element.

    Args:
        x: A number, an array or a tensor.
        y: The same; in any order.

    Returns:
        One of two numbers; else an array or tensor.

    Raises:
        TypeError: If one of them is something else.

    Example:
        >>> minimum(1.0, 0.5)
        0.5
    """
    return _smaller("minimum", min, x, y)


def maximum(x: Any, y: Any) -> Any:
    r"""The larger of two, $\max(x, y)$, element by element.

    Args:
        x: A number, an array or a tensor.
        y: The same; in any order.

    Returns:
        One of two numbers; else an array or tensor.

    Raises:
        TypeError: If one of them is something else.

    Example:
        >>> maximum(1.0, 0.5)
        1.0
    """
    return _smaller("maximum", max, x, y)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`, element by element.

    Both are computed before one of them is chosen. Two numbers that a tensor chooses between come in the precision of
    the answer, where a schedule asks; elsewhere TensorFlow has them in float32.

    Args:
        condition: A boolean, or an array or tensor of booleans, such as `t < 3`.
        x: A number, an array or a tensor.
        y: The same.

    Returns:
        `x` or `y` for one boolean; else an array or tensor.

    Raises:
        TypeError: If one of them is something else.

    Example:
        >>> where(3 < 2, 0.1, 0.2)
        0.2
    """
    condition, x, y = _value(condition), _number("x", x), _number("y", y)
    if isinstance(condition, bool):
        return x if condition else y
    owner = _owner(condition)
    if owner is None:
        if _numpy(condition) is None:
            raise refuse(TypeError, "condition", "a boolean, or an array or tensor of them", condition)
        return sys.modules["numpy"].where(condition, x, y)
    if isinstance(x, float) and isinstance(y, float):
        return owner.chosen(condition, x, y)
    like = y if isinstance(x, float) else x
    dtype = like.dtype

    def tensor(number: Any) -> Any:
        return owner.full(like, number, dtype) if isinstance(number, float) else number

    return owner.where(condition, tensor(x), tensor(y))


def _applied(name: str, of_number: Callable[[float], float], x: Any) -> Any:
    x = _number("x", x)
    if isinstance(x, float):
        return of_number(x)
    owner = _owner(x)
    if owner is None:
        return getattr(sys.modules["numpy"], name)(x)
    if owner.kind(x) == "integer":
        x = owner.cast(x, owner.float_dtype(x))
    return getattr(owner.functions(x), name)(x)


def _smaller(name: str, of_numbers: Callable[[float, float], float], x: Any, y: Any) -> Any:
    x, y = _number("x", x), _number("y", y)
    if isinstance(x, float):
        if isinstance(y, float):
            return of_numbers(x, y)
        x, y = y, x
    owner = _owner(x)
    return getattr(owner or sys.modules["numpy"], name)(x, y)


def _number(name: str, x: Any) -> Any:
    """A number as a float; an array or tensor as it is."""
    if isinstance(x, float | int):
        return float(x)
    x = _value(x)
    if isinstance(x, Real):
        return float(x)
    if _owner(x) is None and _numpy(x) is None:
        raise refuse(TypeError, name, "a number, an array or a tensor", x)
    return x


def _value(x: Any) -> Any:
    return x.value if is_keras_variable(type(x)) else x


def _owner(x: Any) -> Runtime | None:
    return runtime(type(x))


def _numpy(x: Any) -> Any:
    return x if type(x).__module__ == "numpy" and hasattr(x, "dtype") else None
