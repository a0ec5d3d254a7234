"""Mathematical functions of numbers, arrays and tensors, for writing your own functions of time.

What a function of time is given depends on who asks its schedule: a number, or a tensor of PyTorch, JAX, TensorFlow or
another library of the array-API standard, perhaps traced by a compiler. Python's `math.sin` takes only numbers: it
silently turns an eager tensor into a number, and raises for a traced one. The functions here take all of them. They
call the function of the framework that a tensor belongs to, and for numbers that of Python's `math`. Arrays and tensors
of one framework may stand beside numbers. The operators `+ - * / // % **` and comparisons work on all of them as well.

A traced `t` has no truth value, so `if t < 3` fails; write `where(t < 3, 0.1, 0.2)` instead.

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
        ValueError: If a number is infinite; such an element of an array or tensor becomes NaN.
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
        ValueError: If a number is infinite; such an element of an array or tensor becomes NaN.
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
        OverflowError: If the value of a number is beyond the float range; an element of an array or tensor becomes
            infinite.
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
        ValueError: If a number is not > 0; such an element of an array or tensor becomes infinite or NaN.
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
        ValueError: If a number is negative; such an element of an array or tensor becomes NaN.
        TypeError: If `x` is something else.

    Example:
        >>> sqrt(4)
        2.0
    """
    return _applied("sqrt", math.sqrt, x)


def floor(x: Any) -> Any:
    r"""Floor, $\lfloor x \rfloor$: the largest whole number that is not greater than $x$, as a float.

    Args:
        x: A number, an array or a tensor.

    Returns:
        A `float` for a number; else what `x` is.

    Raises:
        OverflowError: If a number is infinite.
        ValueError: If a number is NaN.
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
        y: Likewise.

    Returns:
        A `float` for two numbers; else an array or tensor.

    Raises:
        TypeError: If an argument is something else.

    Example:
        >>> minimum(1.0, 0.5)
        0.5
    """
    return _smaller("minimum", min, x, y)


def maximum(x: Any, y: Any) -> Any:
    r"""The larger of two, $\max(x, y)$, element by element.

    Args:
        x: A number, an array or a tensor.
        y: Likewise.

    Returns:
        A `float` for two numbers; else an array or tensor.

    Raises:
        TypeError: If an argument is something else.

    Example:
        >>> maximum(1.0, 0.5)
        1.0
    """
    return _smaller("maximum", max, x, y)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`x` where the condition holds, else `y`, element by element.

    Both are computed before one of them is chosen. When a schedule asks, two numbers that a tensor chooses between have
    the precision of the answer; elsewhere, TensorFlow makes them float32.

    Args:
        condition: A boolean, or an array or tensor of booleans, such as `t < 3`.
        x: A number, an array or a tensor.
        y: Likewise.

    Returns:
        `x` or `y` for one boolean; else an array or tensor.

    Raises:
        TypeError: If an argument is something else.

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
