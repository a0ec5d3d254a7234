"""Which values travel as their expression: all that any process reads back, whatever it has registered."""

from typing import Any

from lrsched_core._catalogue import BUILT_IN
from lrsched_core._parse import parse
from lrsched_core._value.base import Value


def portable(value: Value) -> str | None:
    """The expression, if it makes the same value everywhere."""
    if not _is_built_in(value):
        return None
    text = repr(value)
    try:
        return text if parse(text) == value else None
    except ValueError:  # it is too large to be read from a text
        return None


def _is_built_in(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_built_in, value))
    if not isinstance(value, Value):
        return True
    return type(value) in BUILT_IN and all(_is_built_in(getattr(value, f.name)) for f in value._fields)
