"""The doors upward: what a value offers that is made in a room above this one.

`s.to_json()` is made in the room of texts, `s.plot()` where people look, and the shape of a warmup is a schedule of the
catalogue. Imported where they are offered, these would tie all rooms into one ring. So each is named here, once, and
loaded when it is first asked for: no other module of this room, or below it, knows what is above.
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
    """What another room makes, by its name there."""
    return getattr(import_module(_DOORS[name]), name)


def public(name: str) -> Any:
    """What the package offers by this name, such as a schedule of the catalogue."""
    return getattr(import_module("lrsched_core"), name)
