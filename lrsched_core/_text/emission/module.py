"""Modules: what a schedule's functions call is gathered, and all of it is written down as one text."""

import ast
import builtins
import inspect
import keyword
import re
from collections.abc import Iterable
from types import FunctionType, ModuleType
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Table
from lrsched_core._text.emission.layout import WIDTH, written
from lrsched_core._value.schedule import Schedule

# Where the names come from that are not written out.
_HOMES = {
    "Any": "typing",
    **dict.fromkeys(("expm1", "log", "log1p", "sin", "sqrt"), "math"),
    "bisect_right": "bisect",
    "Integral": "numbers",
    "ArrayLike": "numpy.typing",
    "NDArray": "numpy.typing",
    "Real": "numbers",
    "Sequence": "collections.abc",
}
_MODULES = {"math": "import math", "np": "import numpy as np", "sys": "import sys"}


# Within so many characters the annotation of a constant stands.
_HEAD = 80


class Module:
    """The text of a module, in the making."""

    def __init__(self, helpers: ModuleType) -> None:
        self.helpers = vars(helpers)
        self.constants: list[str] = []
        self.late_constants: list[str] = []  # which hold functions
        self.functions: list[str] = []
        self.tables: dict[int, str] = {}
        self.taken: set[str] = set()

    def name(self, stem: str) -> str:
        """A name that nothing else has."""
        number = 1
        while (name := f"_{stem}_{number}") in self.taken:
            number += 1
        self.taken.add(name)
        return name

    def text(self, title: str, exported: Iterable[str], tests: Iterable[str]) -> str:
        """All of it."""
        body = [*self.functions, *tests]
        used = _names("\n\n".join(body)) | {
            "Any" for text in [*self.constants, *self.late_constants] if "Any" in text[:_HEAD]
        }
        taken: dict[str, str] = {}
        waiting = [name for name in sorted(used) if name in self.helpers]
        while waiting:
            name = waiting.pop(0)
            helper = self.helpers[name]
            if name in taken or not isinstance(helper, FunctionType):
                continue
            taken[name] = self._written(helper)
            inner = _names(taken[name])
            used |= inner
            waiting += [x for x in sorted(inner) if x in self.helpers]
        in_order = [taken[name] for name in self.helpers if name in taken]
        parts = [f'"""{title}"""', *_imports(used), _all(exported)]
        if self.constants:
            parts.append("\n".join(self.constants))
        late = ["\n".join(self.late_constants)] if self.late_constants else []
        return "\n\n\n".join(["\n\n".join(parts), *self.functions, *in_order, *late, *tests]) + "\n"

    def _written(self, helper: FunctionType) -> str:
        """The source of a helper, in which others have the names that they have here, and numbers stand as they are."""

        def renamed(match: re.Match[str]) -> str:
            number = helper.__globals__.get(match[0])
            if isinstance(number, int | float):
                return written(number)
            return f"_{match[0]}" if match[2] and f"_{match[0]}" in self.helpers else match[0]

        return re.sub(r"(?<![\w.\"`])([A-Za-z_]\w*)(?=(\()?)", renamed, inspect.getsource(helper)).rstrip()


def _all(names: Iterable[str]) -> str:
    text = "__all__ = [" + ", ".join([f'"{name}"' for name in names]) + "]"
    if len(text) <= WIDTH:
        return text
    return "\n".join(["__all__ = [", *[f'    "{name}",' for name in names], "]"])


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _imports(used: set[str]) -> list[str]:
    modules = [_MODULES[name] for name in sorted(_MODULES) if name in used]
    homes: dict[str, list[str]] = {}
    for name in sorted(used & _HOMES.keys(), key=lambda name: (not name[0].isupper(), name)):
        homes.setdefault(_HOMES[name], []).append(name)
    names = [f"from {home} import {', '.join(homes[home])}" for home in sorted(homes)]
    # The standard library first, as everywhere.
    groups = [[line for line in [*modules, *names] if (" numpy" in line) is other] for other in (False, True)]
    return ["\n".join(group) for group in groups if group]


def with_helpers(operations: dict[str, str], helpers: ModuleType) -> dict[str, str]:
    """The texts of operations, in which helpers are called by their names."""

    def called(match: re.Match[str]) -> str:
        return f"_{match[0]}" if f"_{match[1]}" in vars(helpers) else match[0]

    return {op: re.sub(r"(?<![\w.])(\w+)\(", called, text) for op, text in operations.items()}


def checked_name(value: Any) -> str:
    """A name that a function may have beside what it is written with."""
    if not isinstance(value, str):
        raise refuse(TypeError, "name", "a string", value)
    if not value.isascii() or not value.isidentifier() or keyword.iskeyword(value):
        raise refuse(ValueError, "name", "an identifier", value)
    if not is_free(value):
        raise refuse(ValueError, "name", "a public name that the module has no other use for", value)
    return value


def is_free(name: str) -> bool:
    """Whether the module has no other use for an identifier."""
    local = ("numpy", "t", "expected", "values", "here", "piece", "kind", "row")
    reserved = {*dir(builtins), *keyword.kwlist, *_HOMES, *_MODULES, *local}
    return not name.startswith(("_", "test_")) and name not in reserved


def object_of(constant: Any, owner: Schedule) -> Any:
    """A constant that text can say: a table of numbers, or of pieces."""
    if isinstance(constant, Table | tuple | list):
        return constant
    raise refuse(TypeError, "schedule", "made of schedules of this library; a function has no text", owner)
