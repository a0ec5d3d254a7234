"""The doors upward: what a value offers, but a room above this one makes.

`s.to_json()` is made in `_text`, `s.plot()` in `_looks`, and the shape of a warmup is a schedule of `_catalogue`.
Imported where they are offered, they would tie all rooms into one circular import. So each is named here, once, and
loaded on first use: no other module in or below this room knows what is above.
"""

from importlib import import_module
from typing import Any

_DOORS = {
    "On": "lrsched_core._run.on",
    "core_schema": "lrsched_core._text.pydantic",
    "html": "lrsched_core._looks.pictures.notebook",
    "plot": "lrsched_core._looks.pictures.figure",
    "plot_each": "lrsched_core._looks.pictures.multiples",
    "plot_plan": "lrsched_core._looks.pictures.plan",
    "reduced": "lrsched_core._text.pickling",
    "to_dict": "lrsched_core._text.data",
    "to_json": "lrsched_core._text.data",
}


def door(name: str) -> Any:
    """What another room makes, by its name."""
    return getattr(import_module(_DOORS[name]), name)


def public(name: str) -> Any:
    """The public object of this name, such as a schedule of the catalogue."""
    return getattr(import_module("lrsched_core"), name)
