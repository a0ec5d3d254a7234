"""Schedules as plain data: nested dicts, lists, strings and numbers, and as JSON."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from lrsched_core._catalogue import CATALOGUE
from lrsched_core._check import choice, refuse
from lrsched_core._schedule import Schedule, schedule_field

VERSION = 1
# Bounds the work, and the memory, that a text from elsewhere can cause.
LONGEST = 1_000_000


def to_dict(schedule: Schedule) -> dict[str, Any]:
    """The fields of a schedule under its class name, and the version of this form."""
    schedule_field("schedule", schedule)
    return {"version": VERSION, **_encode(schedule)}


def from_dict(data: Mapping[str, Any]) -> Schedule:
    """Builds the schedule that `Schedule.to_dict` described.

    Args:
        data: A mapping with `"version"`, which must be 1, `"type"`, the name of a class, and the class's fields by
            name. A schedule inside it is a mapping of the same form without a version. Fields with a default may be
            missing.

    Returns:
        A schedule equal to the one described.

    Raises:
        TypeError: If `data` is not a mapping, or a field has the wrong type.
        ValueError: If the version, a name or a field is unknown, or a value is out of its range.

    Example:
        >>> from lrsched_core import Cosine
        >>> Cosine(0.3, 0.01, steps=20).to_dict()
        {'version': 1, 'type': 'Cosine', 'base_lr': 0.3, 'final_lr': 0.01, 'steps': 20}
        >>> from_dict({"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 20})
        Cosine(0.3, steps=20)
    """
    if not isinstance(data, Mapping):
        raise refuse(TypeError, "data", "a mapping", data)
    if data.get("version") != VERSION:
        raise refuse(ValueError, "version", f"{VERSION}", data.get("version"))
    schedule: Schedule = _decode({key: value for key, value in data.items() if key != "version"})
    return schedule


def to_json(schedule: Schedule, *, indent: int | None = None) -> str:
    """Writes a schedule as JSON: the text of `Schedule.to_dict`, which is the same in every process.

    Args:
        schedule: What is written.
        indent: Spaces for each level of nesting; all on one line if it is not given.

    Returns:
        JSON, of which `docs/schedule.schema.json` is the JSON Schema.

    Raises:
        TypeError: If `schedule` is no schedule, or contains a `Function`, or a class that is not registered.

    Example:
        >>> from lrsched_core import Cosine
        >>> to_json(Cosine(0.3, 0.01, steps=20))
        '{"version": 1, "type": "Cosine", "base_lr": 0.3, "final_lr": 0.01, "steps": 20}'
    """
    import json  # here and below: `import lrsched_core` should cost little

    return json.dumps(to_dict(schedule), indent=indent, allow_nan=False)


def from_json(text: str | bytes) -> Schedule:
    """Reads what `to_json` wrote.

    Args:
        text: JSON: one object, as `from_dict` takes it.

    Returns:
        A schedule equal to the one that was written.

    Raises:
        TypeError: If `text` is neither a string nor bytes, or a field has the wrong type.
        ValueError: If it is not JSON, says something twice or is nested too deeply, or if `from_dict` refuses it.

    Example:
        >>> from_json('{"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 20}')
        Cosine(0.3, steps=20)
    """
    import json

    if not isinstance(text, str | bytes | bytearray):
        raise refuse(TypeError, "text", "a string or bytes", text)
    if len(text) > LONGEST:
        raise refuse(ValueError, "length of text", f"at most {LONGEST} characters", len(text))
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", text[:20]) from None
    except UnicodeDecodeError as error:
        raise refuse(ValueError, "text", f"JSON ({error})", text[:20]) from None
    except json.JSONDecodeError as error:
        raise refuse(ValueError, "text", f"JSON ({error})", text[max(0, error.pos - 20) : error.pos + 20]) from None
    try:
        return from_dict(data)
    except RecursionError:
        raise refuse(ValueError, "text", "nested less deeply", text[:20]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise refuse(ValueError, "field", "given once", next(name for name in names if names.count(name) > 1))
    return data


def _no_number(name: str) -> Any:
    raise refuse(ValueError, "number", "finite", name)


def _encode(value: Any) -> Any:
    if isinstance(value, Schedule):
        name = type(value).__name__
        if CATALOGUE.get(name) is not type(value):
            raise refuse(TypeError, "schedule", "made of what has a name here, or is registered, to be saved", value)
        # Every schedule is a dataclass.
        values = {f.name: _encode(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
        return {"type": name, **values}
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


def _decode(value: Any) -> Any:
    if isinstance(value, Mapping):
        cls = CATALOGUE[choice("type", value.get("type"), CATALOGUE)]
        names = [f.name for f in fields(cls)]  # type: ignore[arg-type]  # as above
        arguments = {key: _decode(item) for key, item in value.items() if key != "type"}
        for name in arguments:
            if name not in names:
                raise refuse(ValueError, f"field of {cls.__name__}", f"one of {', '.join(names)}", name)
        for f in fields(cls):  # type: ignore[arg-type]  # as above
            if f.name not in arguments and f.default is MISSING:
                raise refuse(ValueError, f"field {f.name} of {cls.__name__}", "given", None)
        return cls(**arguments)
    return [_decode(item) for item in value] if isinstance(value, list | tuple) else value
