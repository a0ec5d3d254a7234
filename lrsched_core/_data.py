"""Schedules as plain data: nested dicts, lists, strings and numbers, as JSON has them."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from lrsched_core._catalogue import CATALOGUE
from lrsched_core._check import choice, refuse
from lrsched_core._schedule import Schedule

VERSION = 1


def to_dict(schedule: Schedule) -> dict[str, Any]:
    """The fields of a schedule under its class name, and the version of this form."""
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


def _encode(value: Any) -> Any:
    if isinstance(value, Schedule):
        # Every schedule is a dataclass.
        values = {f.name: _encode(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
        return {"type": type(value).__name__, **values}
    return [_encode(item) for item in value] if isinstance(value, tuple) else value


def _decode(value: Any) -> Any:
    if isinstance(value, Mapping):
        cls = CATALOGUE[choice("type", value.get("type"), CATALOGUE)]
        names = [f.name for f in fields(cls)]  # type: ignore[arg-type]  # as above
        arguments = {key: _decode(item) for key, item in value.items() if key != "type"}
        for name in arguments:
            if name not in names:
                raise refuse(ValueError, f"field of {cls.__name__}", f"one of {', '.join(names)}", name)
        return cls(**arguments)
    return [_decode(item) for item in value] if isinstance(value, list | tuple) else value
