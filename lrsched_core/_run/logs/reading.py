"""A log, whatever it is."""

from pathlib import Path

from lrsched_core._errors import refusal, refuse
from lrsched_core._run.logs.events import is_events, read_events
from lrsched_core._run.logs.gathering import Log
from lrsched_core._run.logs.objects import read_json
from lrsched_core._run.logs.tables import read_table
from lrsched_core._run.logs.text import opened


def read_log(path: Path, *, column: str | None = None, time: str | None = None) -> Log:
    """Reads the rates of a log.

    Args:
        path: CSV (Lightning's `metrics.csv`, exports of W&B and MLflow, Keras' CSVLogger), JSON lines, JSON
            (`trainer_state.json` of transformers, Keras' history), or event files of TensorBoard and folders of them.
        column: The name of the rates; found by its name if it is not given.
        time: The name of the times.

    Returns:
        Rates and times, and what they mean in logs of this kind.

    Raises:
        OSError: If the file cannot be read.
        ImportError: If its reader needs a package that is not there.
        ValueError: If it is no such log, or it is not clear which column holds the rates.
    """
    if is_events(path):
        return read_events(path, column)
    if path.is_dir():
        raise refuse(ValueError, "log", "a file, or a folder with event files", str(path))
    with opened(path) as file:
        begin = file.read(4_096).lstrip()
    if not begin.strip("\0"):
        raise refusal(ValueError, "log", "have rows", "an empty file")
    return (read_json if begin[0] in "[{" else read_table)(path, column, time)
