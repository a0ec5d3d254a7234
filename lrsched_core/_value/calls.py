"""Calls whose arguments do not fit: errors that say what may have been meant."""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from inspect import Signature, signature
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def hinting(method: Callable[P, R]) -> Callable[P, R]:
    """Makes a method suggest what was meant by arguments that it does not have; it checks the others itself."""
    written, misfit, fitting = method.__name__, misfit_of, signature

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # raised within the method
            raise misfit(written, fitting(method), kwargs, error) from None

    return cast("Callable[P, R]", in_the_place_of(method, call))


def in_the_place_of(function: Any, call: Any) -> Any:
    # doctest tells the module of a function by its globals; hence `call` keeps what it needs in its closure.
    made = FunctionType(call.__code__, function.__globals__, function.__name__, None, call.__closure__)
    return update_wrapper(made, function)


def misfit_of(name: str, fitting: Signature, given: Mapping[str, Any], error: TypeError) -> TypeError:
    """The error of a call whose arguments are not those of the signature."""
    from lrsched_core._hints import unexpected  # for an error alone

    known = [known for known in fitting.parameters if known != "self"]
    other = next((other for other in given if other not in known), None)
    if other is not None:
        return unexpected(name, other, known, given)
    # Python names the function, `inspect` does not.
    return TypeError(f"{name}() {str(error).rpartition(f'{name}() ')[2]}")
