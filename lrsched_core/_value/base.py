"""The value: immutable, equal by its fields, printed as the call that makes it, opaque to every tool around a run."""

from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, field
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from lrsched_core._errors import refuse
from lrsched_core._value.doors import door
from lrsched_core._value.fields import Field, Slots, checks_of, fields_of, methods_of

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_keywords):
        """Tells type checkers that annotations are arguments; Python 3.10 has none, and needs none when it runs."""
        return lambda cls: cls


_SLOTS = tuple([f"_slot{i}" for i in range(16)])


@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field,))
class Value:
    """Something that is what its fields are.

    To derive one, annotate the fields; no decorator is needed:

        class Ramp(Value):
            base_lr: Rate                # an `Annotated` type: its first extra checks the argument, see `_check`
            final_lr: Rate = 0.0
            _: KW_ONLY
            steps: Duration

    The fields are the arguments, in this order, those of a parent first. Each is checked and brought to its normal form
    as its annotation says, then `_check_together` refuses what no field can see alone. A value prints as the call that
    makes it, without arguments that have their default values; override `__repr__` where a person would write it
    another way, which `parse` must read back. Anything kept beside the fields needs its own name in `__slots__` and is
    written with `object.__setattr__`. A class whose arguments are not its fields has an `__init__` that calls
    `self._set(...)` with the fields.

    `parse`, `from_dict` and `from_json` read the classes of `_catalogue`, whose fields hold numbers, strings, booleans,
    None, values, and tuples of these.
    """

    # Not a dataclass, because tools take those apart. The fields live in a pool of slots, which leaves `__dict__` empty
    # for torch's LambdaLR, which saves it. It has to be a real one: a property would break torch.compile.
    __slots__ = ("__dict__", "__weakref__", *_SLOTS)

    _fields: ClassVar[tuple[Field, ...]] = ()
    _checks: ClassVar[tuple[tuple[str, Callable[[str, Any], Any]], ...]] = ()
    _set: ClassVar[Callable[..., None]]

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Makes the fields of what the class annotates."""
        super().__init_subclass__(**keywords)
        refuse_decorator(cls)
        cls._fields = fields_of(cls, len(_SLOTS))
        cls._checks = checks_of(cls._fields)
        slots: Slots = {f.name: Value.__dict__[slot] for f, slot in zip(cls._fields, _SLOTS, strict=False)}
        for name, slot in slots.items():
            setattr(cls, name, slot)
        for name, method in methods_of(cls, slots, dict(cls._checks)).items():
            if name not in cls.__dict__:
                setattr(cls, name, method)

    def _check_together(self) -> None:
        """Refuses what no field can see alone."""

    def _built(self) -> None:
        """Completes the value, once its fields are set."""
        self._check_together()

    def _simplified(self) -> "Value":
        """What the method or operator that makes such a value returns: without what has no effect."""
        return self

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> "Self":
        """The value with these fields."""
        made = cls.__new__(cls)
        made._set(**values)
        return made

    def _values(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in self._fields}

    def replace(self, /, **changes: Any) -> "Self":
        """The same value with other fields.

        Args:
            changes: New fields by name; the others keep their values.

        Returns:
            The value that a call with these arguments makes.

        Raises:
            TypeError: If there is no such field, or an argument is of the wrong type.
            ValueError: If an argument is out of its range.

        Example:
            >>> from lrsched_core import Cosine
            >>> Cosine(0.3, steps=90).replace(base_lr=0.1)
            Cosine(0.1, steps=90)
        """
        values = self._values()
        for name in changes:
            if name not in values:
                raise refuse(TypeError, "replace", f"given fields of {type(self).__name__} ({', '.join(values)})", name)
        return self._of({**values, **changes})._simplified()  # type: ignore[return-value]  # where an operator is left out, what it was applied to

    __replace__ = replace  # Python 3.13's `copy.replace`

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise _frozen(self, name)

    def __delattr__(self, name: str) -> NoReturn:
        raise _frozen(self, name)

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, _memo: Any) -> "Self":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the expression, which needs only one function of this package; else the class and the fields."""
        made: tuple[Any, ...] = door("reduced")(self)
        return made

    if not TYPE_CHECKING:  # to a type checker, `type(value).__name__` would be this property

        @property
        def __name__(self):
            """The expression, which tools show if they take a value for a function."""
            return repr(self)

    def __repr__(self) -> str:
        """The call that makes this value."""
        return f"{type(self).__name__}({', '.join(self._arguments())})"

    def _arguments(self, first: int = 0) -> list[str]:
        """The arguments of that call without defaults, from the field with this number on."""
        in_place, by_name = [], []
        skipped = False
        for f in self._fields[first:]:
            value = getattr(self, f.name)
            if value == f.default:
                skipped = skipped or not f.kw_only
            elif f.kw_only or skipped:
                by_name.append(f"{f.name}={value!r}")
            else:
                in_place.append(repr(value))
        return in_place + by_name

    def to_dict(self) -> dict[str, Any]:
        """This value as nested dicts, lists, strings and numbers; see `from_dict`."""
        made: dict[str, Any] = door("to_dict")(self)
        return made

    def to_json(self, *, indent: int | None = None) -> str:
        """This value as JSON; see `lrsched_core.to_json`."""
        text: str = door("to_json")(self, indent=indent)
        return text

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        """How pydantic reads and writes a field of this type."""
        return door("core_schema")(cls)


def refuse_decorator(cls: type) -> None:
    """Refuses a class that is a dataclass, because tools would take its values apart."""
    if "__dataclass_fields__" in cls.__dict__:
        message = f"`{cls.__name__}` must not be a dataclass. Hint: leave out `@dataclass`; nothing replaces it."
        raise TypeError(message)


def _frozen(value: Value, name: str) -> Exception:
    of = type(value).__name__
    hint = f" Hint: `replace({name}=...)` gives another." if any(f.name == name for f in value._fields) else ""
    return FrozenInstanceError(f"`{name}` of {of} cannot be changed: it is an immutable value.{hint}")
