"""Schedules as fields of pydantic's models: `lr: Schedule` takes a schedule, an expression, or its JSON form."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import core_schema as schemas

from lrsched_core._catalogue import CATALOGUE
from lrsched_core._data import VERSION, from_dict, to_dict
from lrsched_core._parse import parse
from lrsched_core._value.base import Value


def core_schema(cls: type[Value]) -> schemas.CoreSchema:
    """What pydantic asks a type for: how its values are made and written, and what JSON Schema says of them."""

    def read(value: Any) -> Value:
        try:
            if isinstance(value, str):
                value = parse(value)
            elif isinstance(value, Mapping):
                value = from_dict(value)
        except TypeError as error:
            raise ValueError(str(error)) from None  # pydantic collects no others
        if not isinstance(value, cls):
            message = f"a {cls.__name__} is needed, an expression of one, or its JSON form, not {value!r}"
            raise ValueError(message)
        return value

    return schemas.no_info_plain_validator_function(
        read,
        serialization=schemas.plain_serializer_function_ser_schema(to_dict),
        metadata={"pydantic_js_functions": [lambda _schema, _handler: _json_schema()]},
    )


def _json_schema() -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {"version": {"const": VERSION}, "type": {"enum": sorted(CATALOGUE)}},
        "required": ["version", "type"],
    }
    return {"anyOf": [{"type": "string", "description": "An expression, such as Cosine(0.3, steps=90)."}, form]}
