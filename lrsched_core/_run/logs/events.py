"""TensorBoard's event files, through its own package."""

from pathlib import Path
from typing import Any

from lrsched_core._run.logs.columns import rate_column
from lrsched_core._run.logs.gathering import Column, Log


def is_events(path: Path) -> bool:
    """Whether it is an event file, or a folder with some."""
    if path.is_dir():
        return any(path.rglob("*tfevents*"))
    return "tfevents" in path.name


def read_events(path: Path, column: str | None) -> Log:
    """The scalars, or, as Keras writes them, tensors, of one tag."""
    try:
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
        from tensorboard.util.tensor_util import make_ndarray
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "tensorboard":
            raise
        message = 'Event files need TensorBoard: pip install "lrsched-core[tensorboard]"'
        raise ImportError(message) from None
    found: dict[str, Column] = {}
    for folder in _folders(path):
        # Nothing is left out: by default, of many events it keeps a sample.
        events = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0}).Reload()
        tags: Any = events.Tags()
        for tag in tags["scalars"]:
            for event in events.Scalars(tag):
                found.setdefault(tag, Column()).add(event.step, event.value, f"in {tag!r}")
        for tag in tags["tensors"]:
            for event in events.Tensors(tag):
                value = make_ndarray(event.tensor_proto)
                if value.size == 1 and value.dtype.kind in "fiu":
                    found.setdefault(tag, Column()).add(event.step, float(value.reshape(())), f"in {tag!r}")
    if not found:
        message = "`log` has no scalars."
        raise ValueError(message)
    rate, whose = rate_column(found, column)
    return found[rate].log("TensorBoard", rate, "step", whose)


def _folders(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted({file.parent for file in path.rglob("*tfevents*")})
