"""Values in pickles: as their expression where any process can read it, else as their class and fields."""

from collections.abc import Mapping
from typing import Any

from lrsched_core._catalogue import BUILT_IN
from lrsched_core._check import refuse
from lrsched_core._parse import parse
from lrsched_core._value.base import Value


def reduced(value: Value) -> tuple[Any, ...]:
    """What `Value.__reduce__` gives.

    A class of somebody else's is named, and not only its name written: who unpickles it imports its module, or has it
    from cloudpickle, while `parse` would know it only where it is registered already.
    """
    text = repr(value) if _is_built_in(value) else ""
    if text and _is_read_back(text, value):
        return parse, (text,)
    cls = type(value)
    return _rebuild, (cls.__name__ if _has_name(cls) else cls, value._values())


def _rebuild(cls: type[Value] | str, values: Mapping[str, Any]) -> Value:
    """What pickles call for a value that no text holds."""
    kind = BUILT_IN.get(cls) if isinstance(cls, str) else cls
    if not (isinstance(kind, type) and issubclass(kind, Value)):
        raise refuse(TypeError, "cls", "a class of values", cls)
    return kind._of(values)


# As `parse`: what pickles name stays.
_rebuild.__module__ = "lrsched_core"


def _has_name(cls: type[Value]) -> bool:
    return BUILT_IN.get(cls.__name__) is cls


def _is_built_in(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_built_in, value))
    return not isinstance(value, Value) or (_has_name(type(value)) and all(map(_is_built_in, value._values().values())))


def _is_read_back(text: str, value: Value) -> bool:
    try:
        return bool(parse(text) == value)
    except ValueError:  # too large to be read from a text, or code, which no text holds
        return False
