"""What JSON of schedules looks like, as JSON Schema: for editors, and for programs that check configurations."""

import inspect
import re
from dataclasses import MISSING
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from lrsched_core._text.data import VERSION
from lrsched_core._text.names import CATALOGUE
from lrsched_core._value.base import Value
from lrsched_core._value.checks import Says
from lrsched_core._value.fields import Field
from lrsched_core._value.schedule import Schedule

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `to_json` writes and `from_json` reads.

    It knows every class of the catalogue, and those that are registered when it is called. `docs/schedule.schema.json`
    holds that of the catalogue.

    Returns:
        A JSON Schema, as nested dicts and lists. It says what fields there are and what values each may have; what only
        several fields together can tell, such as milestones in order, `from_json` refuses by itself.

    Example:
        >>> schema = json_schema()
        >>> schema["$defs"]["Cosine"]["required"]
        ['base_lr', 'steps']
        >>> schema["$defs"]["Cosine"]["properties"]["base_lr"]["minimum"]
        0
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Learning-rate schedule",
        "description": "A schedule of lrsched-core, as Schedule.to_json writes it.",
        "$ref": "#/$defs/any",
        "properties": {"version": {"const": VERSION, "description": "The version of this form."}},
        "required": ["version"],
        "unevaluatedProperties": False,
        "$defs": {
            "any": {
                "type": "object",
                "properties": {"type": {"enum": sorted(CATALOGUE), "description": "The name of a class."}},
                "required": ["type"],
                # One after the other and not `oneOf`: the errors are those of the type that is given.
                "allOf": [
                    {"if": {"properties": {"type": {"const": name}}}, "then": {"$ref": f"#/$defs/{name}"}}
                    for name in sorted(CATALOGUE)
                ],
            },
            "schedule": {"$ref": "#/$defs/any", "unevaluatedProperties": False},
            **{name: _class(cls) for name, cls in sorted(CATALOGUE.items())},
        },
    }


def _class(cls: type[Value]) -> dict[str, Any]:
    text = _documentation(cls)
    arguments = _arguments(text)
    members = cls._fields
    schema = {
        "title": cls.__name__,
        "description": text.partition("\n")[0],
        "properties": {f.name: {**_field(f), **_described(arguments.get(f.name))} for f in members},
    }
    required = [f.name for f in members if f.default is MISSING and f.default_factory is MISSING]
    return {**schema, "required": required} if required else schema


def _field(f: Field) -> dict[str, Any]:
    annotation: Any = f.type
    schema = _type(annotation)
    if f.default is not MISSING and not isinstance(f.default, Value):
        schema["default"] = list(f.default) if isinstance(f.default, tuple) else f.default
    return schema


def _type(annotation: Any) -> dict[str, Any]:
    if hasattr(annotation, "__metadata__"):
        says = [pair for extra in annotation.__metadata__ if isinstance(extra, Says) for pair in extra]
        limits = {word: list(value) if isinstance(value, tuple) else value for word, value in says}
        return {**_type(annotation.__origin__), **limits}
    if get_origin(annotation) in (Union, UnionType):
        return {"anyOf": [_type(kind) for kind in get_args(annotation)]}
    if annotation in _TYPES:
        return {"type": _TYPES[annotation]}
    # To Python 3.10 `tuple[float, ...]` is a type, of which nothing is a subclass.
    if get_origin(annotation) is None and isinstance(annotation, type) and issubclass(annotation, Value):
        return {"$ref": "#/$defs/schedule"}
    if get_origin(annotation) is Literal:
        return {"type": "string", "enum": list(get_args(annotation))}
    if get_origin(annotation) is tuple and get_args(annotation)[-1] is not Ellipsis:
        kinds = [_type(kind) for kind in get_args(annotation)]
        return {"type": "array", "prefixItems": kinds, "minItems": len(kinds), "maxItems": len(kinds)}
    if get_origin(annotation) is tuple:
        return {"type": "array", "items": _type(get_args(annotation)[0])}
    return {}  # a registered class may say anything, or, by annotations that are strings, nothing


def _documentation(cls: type[Value]) -> str:
    """Its docstring, or, for an operator, that of the method which makes it."""
    text = inspect.getdoc(cls) or ""
    made_by = re.match(r"What `Schedule\.(\w+)` gives", text)
    return (inspect.getdoc(getattr(Schedule, made_by.group(1))) or "") if made_by else text


def _arguments(text: str) -> dict[str, str]:
    """The arguments that a docstring describes, each as one line."""
    section = re.search(r"^Args:\n((?:    .*\n?|\n)+)", text, re.MULTILINE)
    found = re.findall(r"^    (\w+): (.*\n(?:        .*\n?)*)", section.group(1) if section else "", re.MULTILINE)
    return {name: " ".join(description.split()) for name, description in found}


def _described(description: str | None) -> dict[str, str]:
    return {"description": description} if description else {}
