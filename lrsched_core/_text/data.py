"""Schedules as plain data: nested dicts, lists, strings and numbers, and as JSON."""

from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any

from lrsched_core._errors import refusal, refuse
from lrsched_core._text.names import CATALOGUE
from lrsched_core._value.base import Value
from lrsched_core._value.checks import choice
from lrsched_core._value.extent import Effort, check_read
from lrsched_core._value.function import Function
from lrsched_core._value.operands import schedule_field

VERSION = 1
# Bounds the work, and the memory, that a text from elsewhere can cause.
_LONGEST = 2_000_000


def to_dict(schedule: Value) -> dict[str, Any]:
    """The fields of a value under its class name, and the version of this form."""
    if not isinstance(schedule, Value):
        schedule = schedule_field("schedule", schedule)
    return {"version": VERSION, **_encode(schedule)}


def from_dict(data: Mapping[str, Any]) -> Any:
    """Builds the schedule, plan, clock or rule that `to_dict` described.

    Args:
        data: A mapping with `"version"`, which must be 1, `"type"`, the name of a class, and the class's fields by
            name. A schedule inside it is a mapping of the same form without a version. Fields with a default may be
            missing.

    Returns:
        A value equal to the one described.

    Raises:
        TypeError: If `data` is not a mapping, or a field has the wrong type.
        ValueError: If the version, a name or a field is unknown, a field is missing or out of its range, or the whole
            is nested too deeply or would have more than 20,000 pieces.

    Example:
        >>> from lrsched_core import Cosine
        >>> Cosine(0.3, 0.01, steps=20).to_dict()
        {'version': 1, 'type': 'Cosine', 'base_lr': 0.3, 'final_lr': 0.01, 'steps': 20}
        >>> from_dict({"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 20})
        Cosine(0.3, steps=20)
    """
    if not isinstance(data, Mapping):
        raise refuse(TypeError, "data", "a mapping", data)
    version = data.get("version")
    if version != VERSION or isinstance(version, bool):
        raise refuse(ValueError, "version", f"{VERSION}", version)
    reader = _Reader()
    try:
        schedule = reader.value({key: value for key, value in data.items() if key != "version"})
    except RecursionError:
        message = "`data` must be nested less deeply."
        raise ValueError(message) from None
    check_read(schedule)
    return schedule


def to_json(schedule: Value, *, indent: int | None = None) -> str:
    """Writes a schedule, plan, clock or rule as JSON: the data of its `to_dict`.

    Args:
        schedule: What is written.
        indent: The number of spaces for each level of nesting; all on one line if it is not given.

    Returns:
        JSON, of which `docs/schedule.schema.json` is the JSON Schema; the same text in every process.

    Raises:
        TypeError: If `schedule` is none of these, or contains a `Function`, or a class that is not registered.

    Example:
        >>> from lrsched_core import Cosine
        >>> to_json(Cosine(0.3, 0.01, steps=20))
        '{"version": 1, "type": "Cosine", "base_lr": 0.3, "final_lr": 0.01, "steps": 20}'
    """
    import json  # here and below: `import lrsched_core` should cost little

    return json.dumps(to_dict(schedule), indent=indent, allow_nan=False)


def from_json(text: str | bytes) -> Any:
    """Reads what `to_json` wrote.

    Args:
        text: JSON: one object, as `from_dict` takes it.

    Returns:
        A value equal to the one that was written.

    Raises:
        TypeError: If `text` is neither a string nor bytes, or a field has the wrong type.
        ValueError: If `text` is longer than 2,000,000 characters, is not JSON, names a field twice or is nested too
            deeply, or if `from_dict` refuses it.

    Example:
        >>> from_json('{"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 20}')
        Cosine(0.3, steps=20)
    """
    import json

    if not isinstance(text, str | bytes | bytearray):
        raise refuse(TypeError, "text", "a string or bytes", text)
    if len(text) > _LONGEST:
        raise refuse(ValueError, "length of text", f"at most {_LONGEST} characters", len(text))
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", text[:20]) from None
    except UnicodeDecodeError as error:
        raise refuse(ValueError, "text", f"JSON ({error})", text[:20]) from None
    except json.JSONDecodeError as error:
        raise refuse(ValueError, "text", f"JSON ({error})", text[max(0, error.pos - 20) : error.pos + 20]) from None
    return from_dict(data)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise refuse(ValueError, "field", "given once", name)
            seen.add(name)
    return data


def _no_number(name: str) -> Any:
    raise refuse(ValueError, "number", "finite", name)


def _encode(value: Any) -> Any:
    if isinstance(value, Value):
        return {"type": _name(value), **{name: _encode(inner) for name, inner in value._values().items()}}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    if value is not None and type(value) not in (bool, int, float, str):
        raise refuse(TypeError, "field", "a number, a string, a schedule or a tuple of them, to be saved", value)
    return value


def _name(schedule: Value) -> str:
    name = type(schedule).__name__
    if isinstance(schedule, Function):
        function = schedule.f
        module, qualified = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
        raise refusal(
            TypeError,
            "schedule",
            "be made of classes, not functions, to be saved",
            f"the function {(f'{module}.{qualified}' if qualified else repr(function))}",
            hint="derive a class from CustomSchedule, and register it.",
        )
    if CATALOGUE.get(name) is not type(schedule):
        raise refuse(TypeError, "schedule", "made of what has a name here, or is registered, to be saved", schedule)
    return name


class _Reader:
    def __init__(self) -> None:
        self.effort = Effort()

    def read(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.value(value)
        return [self.read(item) for item in value] if isinstance(value, list | tuple) else value

    def value(self, data: Mapping[str, Any]) -> Value:
        cls = CATALOGUE[choice("type", data.get("type"), CATALOGUE)]
        names = [f.name for f in cls._fields]
        for name in data:
            if name != "type" and name not in names:
                raise refuse(ValueError, f"field of {cls.__name__}", f"one of {', '.join(names)}", name)
        for f in cls._fields:
            if f.name not in data and f.default is MISSING and f.default_factory is MISSING:
                raise refuse(ValueError, f"field {f.name} of {cls.__name__}", "given", None)
        arguments = {name: self.read(data[name]) for name in names if name in data}
        self.effort.before(cls.__name__, arguments.values())
        try:
            value = cls._of(arguments)._simplified()
        except ArithmeticError as error:
            message = f"{error} ({cls.__name__})"
            raise ValueError(message) from None
        self.effort.built(value)
        return value
