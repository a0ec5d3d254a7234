"""From the annotations of a class to its fields, and to the methods that use all of them."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, get_args, get_origin

if TYPE_CHECKING:
    from lrsched_core._value.base import Value

Field: TypeAlias = "dataclasses.Field[Any]"
Check: TypeAlias = Callable[[str, Any], Any]
Slots: TypeAlias = dict[str, MemberDescriptorType]


class _Factory:
    """The default in the signature of a field with a default factory."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()
# The default of required arguments, so that an error about a missing one can look at those that were given.
_ABSENT = object()


def fields_of(cls: "type[Value]", most: int) -> tuple[Field, ...]:
    """The fields of the parents, then those that the class annotates; one of the same name replaces the inherited."""
    fields = {f.name: f for f in _inherited(cls)}
    fields.update({f.name: f for f in _annotated(cls)})
    found = tuple(fields.values())
    if len(found) > most:
        raise _refusal(cls, f"have at most {most} fields, got {len(found)}")
    optional = ""
    for f in found:
        if not f.init:
            raise _refusal(cls, f"take each field as an argument, and {f.name!r} is none (`init=False`)")
        if not f.kw_only:
            if _is_optional(f):
                optional = f.name
            elif optional:
                raise _refusal(cls, f"have its fields with defaults last, and {f.name!r} stands after {optional!r}")
    return found


def _inherited(cls: "type[Value]") -> tuple[Field, ...]:
    parents = sorted([getattr(base, "_fields", ()) for base in cls.__bases__], key=len)
    longest: tuple[Field, ...] = parents[-1]
    for fields in parents:
        # The n-th field lives in the n-th slot.
        if [f.name for f in fields] != [f.name for f in longest[: len(fields)]]:
            raise _refusal(cls, "have one parent with fields: those of two would share a place")
    return longest


def _annotated(cls: "type[Value]") -> tuple[Field, ...]:
    """The fields that the class annotates, found by `dataclasses` on a throwaway class."""
    try:
        annotations = inspect.get_annotations(cls, eval_str=True)
    except Exception:  # evaluating a user's text may raise anything; then it stays text
        annotations = inspect.get_annotations(cls)
    defaults = {name: cls.__dict__[name] for name in annotations if name in cls.__dict__}
    namespace = {**defaults, "__annotations__": annotations, "__module__": cls.__module__, "__doc__": "Fields."}
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(type(cls.__name__, (), namespace))
    return dataclasses.fields(made)


def checks_of(fields: tuple[Field, ...]) -> tuple[tuple[str, Check], ...]:
    """The checks that the annotations carry: the first extra of `Annotated[kind, check, ...]`."""
    extras = [(f.name, getattr(f.type, "__metadata__", (None,))[0]) for f in fields]
    return tuple([(name, check) for name, check in extras if callable(check)])


def methods_of(cls: "type[Value]", slots: Slots, checks: Mapping[str, Check]) -> dict[str, Any]:
    """`__init__` (also as `_set`), `__eq__`, `__hash__` and `__match_args__` of a class with these fields."""
    fields: tuple[Field, ...] = cls._fields
    names: dict[str, Any] = {"_FACTORY": _FACTORY, "_ABSENT": _ABSENT, "_misused": _misused}
    parameters, keyword_only, body, wrong = ["self"], list[str](), list[str](), ["_others"]
    for i, f in enumerate(fields):
        parameter = f.name
        if f.default is not MISSING:
            names[f"_default{i}"] = f.default
            parameter += f"=_default{i}"
        elif f.default_factory is not MISSING:
            names[f"_factory{i}"] = f.default_factory
            parameter += "=_FACTORY"
            body.append(f"if {f.name} is _FACTORY: {f.name} = _factory{i}()")
        else:
            parameter += "=_ABSENT"
            wrong.append(f"{f.name} is _ABSENT")
        (keyword_only if f.kw_only else parameters).append(parameter)
        names[f"_put{i}"] = slots[f.name].__set__
        value = f.name
        if f.name in checks:
            names[f"_check{i}"] = checks[f.name]
            value = f"_check{i}({f.name!r}, {f.name})"
        body.append(f"_put{i}(self, {value})")
    if keyword_only:
        parameters += ["*", *keyword_only]
    mine, others = [f"({''.join([f'{of}.{f.name}, ' for f in fields])})" for of in ("self", "other")]
    source = "\n".join(
        [
            f"def __init__({', '.join([*parameters, '**_others'])}):",
            f" if {' or '.join(wrong)}: _misused(**locals())",
            *[f" {line}" for line in body],
            " self._built()",
            "def __eq__(self, other):",
            f" return {mine} == {others} if other.__class__ is self.__class__ else NotImplemented",
            "def __hash__(self):",
            f" return hash({mine})",
        ]
    )
    exec(source, names)  # of names that Python took for identifiers
    methods = {name: names[name] for name in ("__init__", "__eq__", "__hash__")}
    for name, method in methods.items():
        method.__module__, method.__qualname__ = cls.__module__, f"{cls.__qualname__}.{name}"
    methods["__init__"].__annotations__ = {f.name: plain(f.type) for f in fields} | {"return": None}
    methods["__init__"].__signature__ = _signature(fields)
    return {**methods, "_set": methods["__init__"], "__match_args__": tuple([f.name for f in fields if not f.kw_only])}


def _signature(fields: tuple[Field, ...]) -> inspect.Signature:
    """The signature of the constructor, without what only serves error messages."""
    empty, kinds = inspect.Parameter.empty, (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = [inspect.Parameter("self", kinds[0])]
    for f in sorted(fields, key=lambda f: bool(f.kw_only)):
        default = f.default if f.default is not MISSING else _FACTORY if f.default_factory is not MISSING else empty
        parameters.append(inspect.Parameter(f.name, kinds[bool(f.kw_only)], default=default, annotation=plain(f.type)))
    return inspect.Signature(parameters, return_annotation=None)


def _misused(self: "Value", _others: dict[str, Any], **given: Any) -> NoReturn:
    """Raises for unknown or missing arguments, and suggests what was meant."""
    from lrsched_core._hints import unexpected  # for an error alone

    name = type(self).__name__
    absent = [known for known, argument in given.items() if argument is _ABSENT]
    there = [f.name for f in self._fields if given[f.name] is not f.default and f.name not in absent]
    if _others:
        raise unexpected(name, next(iter(_others)), given, [*there, *_others])
    # Python's own wording.
    by_name = [f.name for f in self._fields if f.kw_only]
    missing = [argument for argument in absent if argument not in by_name] or absent
    kind = "keyword-only" if missing[0] in by_name else "positional"
    names = " and ".join(map(repr, missing))
    message = f"{name}() missing {len(missing)} required {kind} argument{'s' * (len(missing) > 1)}: {names}"
    raise TypeError(message)


def plain(annotation: Any) -> Any:
    """An annotation without its checks."""
    if hasattr(annotation, "__metadata__"):
        return plain(annotation.__origin__)
    if get_origin(annotation) is tuple:
        return tuple[tuple([plain(kind) for kind in get_args(annotation)])]  # type: ignore[misc]  # as it is when it runs
    return annotation


def _is_optional(f: Field) -> bool:
    return f.default is not MISSING or f.default_factory is not MISSING


def _refusal(cls: type, rule: str) -> Exception:
    return TypeError(f"`{cls.__name__}` must {rule}.")
