"""Every schedule that has a name, by that name: what text and data may mention."""

from collections.abc import Callable
from inspect import isabstract, isfunction
from typing import Any, TypeVar

import lrsched_core
from lrsched_core import _names
from lrsched_core._errors import refuse
from lrsched_core._run.on import On
from lrsched_core._value.base import Value, refuse_decorator
from lrsched_core._value.function import Function
from lrsched_core._value.operators.arithmetic import Difference, Product, Quotient, Sum
from lrsched_core._value.operators.clocks import Advance, Delay, Staircase, Stretch
from lrsched_core._value.operators.limits import Clip, Maximum, Minimum
from lrsched_core._value.operators.repeat import Repeat
from lrsched_core._value.operators.sequence import Sequence
from lrsched_core._value.operators.warmup import WithWarmup
from lrsched_core._value.schedule import Schedule

# All that is public in the rooms below this one.
_PUBLIC: dict[str, Any] = {
    name: getattr(lrsched_core, name)
    for name, home in _names.homes().items()
    if home.startswith(("lrsched_core._value.", "lrsched_core._catalogue.", "lrsched_core._run."))
}
# What the methods and operators of a schedule give has no public name.
_OPERATORS = (
    Advance,
    Clip,
    Delay,
    Difference,
    Maximum,
    Minimum,
    On,
    Product,
    Quotient,
    Repeat,
    Sequence,
    Staircase,
    Stretch,
    Sum,
    WithWarmup,
)


def _is_kind_of_value(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Value) and not isabstract(thing)


# A function has no written form, but pickles name its class, too.
BUILT_IN: dict[str, type[Value]] = {
    **{name: thing for name, thing in sorted(_PUBLIC.items()) if _is_kind_of_value(thing)},
    **{cls.__name__: cls for cls in _OPERATORS},
}
CATALOGUE: dict[str, type[Value]] = {name: cls for name, cls in BUILT_IN.items() if cls is not Function}


def _gives_a_schedule(thing: Any) -> bool:
    returned = thing.__annotations__.get("return") if isfunction(thing) else None
    # A schedule, or whatever of schedules and plans it was given.
    return returned in (Schedule, "Schedule") or Schedule in getattr(returned, "__constraints__", ())


# Functions that give a schedule: recipes, and the limits of two schedules.
RECIPES: dict[str, Callable[..., Schedule]] = {
    name: thing for name, thing in _PUBLIC.items() if _gives_a_schedule(thing)
}

_Kind = TypeVar("_Kind", bound=type[Schedule])
_listeners: list[Callable[[type[Value]], None]] = []


def register(cls: _Kind) -> _Kind:
    """Makes a class of your own known to `parse`, `from_dict` and `from_json`, by its name.

    Args:
        cls: A class derived from `CustomSchedule`. Its fields hold numbers, strings, booleans, schedules, or
            tuples of those.

    Returns:
        The class: `register` is a decorator.

    Raises:
        TypeError: If `cls` is not such a class.
        ValueError: If another class has its name.

    Example:
        See `CustomSchedule`.
    """
    if not (isinstance(cls, type) and issubclass(cls, Schedule)) or cls.__abstractmethods__:
        raise refuse(TypeError, "cls", "a class derived from CustomSchedule, with a `value`", cls)
    refuse_decorator(cls)
    known = CATALOGUE.get(cls.__name__)
    # A class that is defined again, in a notebook's cell or by a reload, replaces itself.
    if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        raise refuse(ValueError, "cls", f"of a name that is free; {cls.__name__!r} is {known}", cls)
    CATALOGUE[cls.__name__] = cls
    for tell in _listeners:
        tell(cls)
    return cls


def on_register(tell: Callable[[type[Value]], None]) -> None:
    """Has a function called with each class that is, or will be, registered."""
    _listeners.append(tell)
    for cls in CATALOGUE.values():
        if BUILT_IN.get(cls.__name__) is not cls:
            tell(cls)
