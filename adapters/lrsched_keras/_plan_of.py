"""What made a model or its file, from that alone."""

import json
import zipfile
from collections.abc import Iterator
from os import PathLike
from typing import Any

import keras

from lrsched_core import Plan, Schedule, from_dict
from lrsched_core._errors import refusal, refuse
from lrsched_core._run.changes import refuse_code

from ._keeping import ATTRIBUTE, Kept, Memory, read_file
from ._names import NAMES
from ._neighbours import parts
from ._schedule import LearningRate

_REGISTERED = "lrsched_keras>LearningRate"


def plan_of(source: Any) -> Schedule | Plan:
    """The schedule or plan that an optimizer follows, or that a saved model was trained with.

    Both ways of giving one are read: a `LearningRate` in the optimizer, and what a `ScheduleCallback` has set. Where
    that was changed, by `on_change`, what was in force before comes first: `old.then(new.advance(t), at=t)`. The time
    is that of the callback, epochs or updates.

    Args:
        source: An optimizer, a compiled model, or the path of a `.keras` or `.weights.h5` file. Weights hold what
            callbacks have set, not a `LearningRate`.

    Returns:
        A schedule; a plan if more than the rate is set; a plan of groups, if several optimizers have one.

    Raises:
        TypeError: If `source` is nothing of these, or a schedule in it is a function, or of a class that is not
            registered.
        ValueError: If there is none, or the file is something else.

    Example:
        >>> from lrsched_core import Cosine
        >>> plan_of(keras.optimizers.SGD(LearningRate(Cosine(0.5, steps=15))))
        Cosine(0.5, steps=15)
    """
    found: dict[str, dict[str, Any]] = {}
    for place, name, schedule in _of_file(source) if isinstance(source, str | PathLike) else _of_live(source):
        found.setdefault(place, {})[name] = schedule
        refuse_code("source", {name: schedule})
    if not found:
        raise refusal(
            ValueError, "source", "have been trained with a LearningRate or a ScheduleCallback", f"{source!r}"
        )
    plans = {place: NAMES.given(schedules) for place, schedules in found.items()}
    if len(plans) == 1:
        plan: Schedule | Plan
        [plan] = plans.values()
        return plan
    return Plan(groups={place: one if isinstance(one, Plan) else Plan(lr=one) for place, one in plans.items()})


def _of_live(source: Any) -> Iterator[tuple[str, str, Any]]:
    optimizer = source if isinstance(source, keras.optimizers.Optimizer) else getattr(source, "optimizer", None)
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise refuse(TypeError, "source", "an optimizer, a compiled model or the path of a file", source)
    for part in parts(optimizer):
        rate = part._learning_rate
        if isinstance(rate, LearningRate):
            yield part.name, "learning_rate", rate.schedule
        memory = getattr(part, ATTRIBUTE, None)
        if isinstance(memory, Memory):
            yield from _of_memory(part.name, memory.kept)


def _of_file(path: Any) -> Iterator[tuple[str, str, Any]]:
    entries = read_file("source", path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from _of_config(json.loads(archive.read("config.json")), "")
    for place, kept in entries.items():
        yield from _of_memory(place, kept)


def _of_config(node: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """The learning rates in the config of a model, each with the place that its optimizer has in the weights."""
    if not isinstance(node, dict):
        return
    if node.get("registered_name") == _REGISTERED:
        yield place.rpartition("/")[0], "learning_rate", from_dict(node["config"]["schedule"])
        return
    for key, value in node.items():
        inner = place if key in ("config", "compile_config") else f"{place}/{key}".strip("/")
        yield from _of_config(value, inner)


def _of_memory(place: str, kept: dict[tuple[str, ...], Kept]) -> Iterator[tuple[str, str, Any]]:
    for one in kept.values():
        for name, schedule in one.history.items():
            yield place, name, schedule
