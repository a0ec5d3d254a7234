"""The public names and their homes, as `__init__.pyi` lists them: the one list, which type checkers read as well."""

import re
from functools import cache
from importlib import import_module
from pkgutil import get_data

_LINE = re.compile(r"^from (\S+) import (\w+) as \2\b", re.MULTILINE)


@cache
def homes() -> dict[str, str]:
    """The module of each public name."""
    stub = get_data("lrsched_core", "__init__.pyi")
    if stub is None:
        message = "lrsched_core was installed without its list of names, __init__.pyi"
        raise ImportError(message)
    return {name: module for module, name in _LINE.findall(stub.decode())}


def load(name: str) -> object:
    """What has this public name, from its home."""
    return getattr(import_module(homes()[name]), name)
