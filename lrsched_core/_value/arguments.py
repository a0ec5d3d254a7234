"""Functions that check their arguments by the names that their callers wrote."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from inspect import BoundArguments, Signature, signature
from operator import is_
from types import NoneType
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar, cast, get_args, get_origin, get_type_hints

from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value import checks
from lrsched_core._value.calls import in_the_place_of, misfit_of
from lrsched_core._value.fields import plain
from lrsched_core._value.operands import schedule_field
from lrsched_core._value.schedule import Schedule

P = ParamSpec("P")
R = TypeVar("R")
Check: TypeAlias = Callable[[str, Any], Any]

# What the items of a sequence are called.
_NOUNS = {float: "numbers", int: "whole numbers", str: "strings", Schedule: "schedules", Mapping: "mappings"}


def checking(function: Callable[P, R]) -> Callable[P, R]:
    """Checks the arguments of a function by its annotations, before it runs.

    `float` and `int` mean a finite number, `bool` True or False, `Literal` one of its words; `Rate`, `Duration` and the
    like mean what they do for fields. Without this, the errors of an inner call would name arguments of that call.
    """
    fitting, written, misfit = signature(function), function.__name__, misfit_of
    found, kept, noted = _checks_of, _as_written, _noted

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = fitting.bind(*args, **kwargs)
        except TypeError as error:
            raise misfit(written, fitting, kwargs, error) from None
        for name, check in found(fitting):
            if name in given.arguments:
                value = given.arguments[name]
                given.arguments[name] = kept(value, check(name, value))
        return noted(function(*given.args, **given.kwargs), written, given)

    made = in_the_place_of(function, call)
    types = get_type_hints(function)  # without the checks
    made.__signature__ = fitting.replace(
        parameters=[p.replace(annotation=types[p.name]) for p in fitting.parameters.values()]
    )
    return cast("Callable[P, R]", made)


def _noted(made: R, name: str, given: BoundArguments) -> R:
    """What a function made, with the call that made it, which pictures use as its name."""
    if isinstance(made, Schedule) and all(made is not value for value in given.arguments.values()):
        object.__setattr__(made, "_recipe", (name, given.args, given.kwargs))
    return made


@cache
def _checks_of(fitting: Signature) -> tuple[tuple[str, Check], ...]:
    found = [(p.name, _check(p.annotation)) for p in fitting.parameters.values() if p.kind is not p.VAR_POSITIONAL]
    return tuple([(name, check) for name, check in found if check is not None])


def _check(kind: Any) -> Check | None:
    """The check that belongs to an annotation, if there is one."""
    if hasattr(kind, "__metadata__"):
        return cast("Check", kind.__metadata__[0])
    members = get_args(kind)
    if NoneType in members:
        inner = _check(_one([member for member in members if member is not NoneType]))
        return None if inner is None else lambda name, value: None if value is None else inner(name, value)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    origin = get_origin(kind)
    if origin is Literal:
        return lambda name, value: checks.choice(name, value, members)
    if origin in _OF_ORIGIN:
        return _OF_ORIGIN[origin]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return _items_check(members[0])
    return None


def _as_written(value: Any, normal: Any) -> Any:
    """A plain number as it was written, for later error messages; anything else in its normal form."""
    return value if value.__class__ in (int, float) and value == normal else normal


def _one(kinds: list[Any]) -> Any:
    return kinds[0] if len(kinds) == 1 else None


def _items_check(kind: Any) -> Check:
    """The check of a sequence and of each of its items."""
    inner, rule = _check(kind), f"a sequence of {_NOUNS[get_origin(plain(kind)) or plain(kind)]}"

    def check(name: str, value: Any) -> Any:
        if isinstance(value, str | Mapping):
            raise refuse(TypeError, name, rule, value)
        try:
            items = tuple(value)
        except TypeError:
            raise refuse(TypeError, name, rule, value) from None
        normal = tuple([inner(f"{name}[{i}]", item) for i, item in enumerate(items)]) if inner else items
        same = all(map(is_, items, map(_as_written, items, normal)))
        return value if same and isinstance(value, list | tuple) else normal

    return check


def _mapping(name: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise refuse(TypeError, name, "a mapping", value)
    return value


def _function(name: str, value: Any) -> Any:
    if not callable(value):
        raise refuse(TypeError, name, "a function", value)
    return value


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise refuse(TypeError, name, "a string", value)
    return value


_SIMPLE: dict[Any, Check] = {
    bool: checks.flag, float: real, int: real, str: _string, Schedule: schedule_field,
}  # fmt: skip
_OF_ORIGIN: dict[Any, Check] = {Mapping: _mapping, Callable: _function}
