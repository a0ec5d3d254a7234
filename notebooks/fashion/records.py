"""What the experiments measured, kept as data: one small JSON file for each training run."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import ceil, isfinite
from pathlib import Path
from typing import Any

import numpy as np

from lrsched_core import Schedule, from_dict

from .training import Epoch, History

RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True)
class Run:
    """One training run of the experiments, by which its record is found.

    Attributes:
        schedule: A key of `chapter.SCHEDULES`.
        framework: A key of `training.FRAMEWORKS`.
        seed: For the initial weights and the order of the images.
    """

    schedule: str
    framework: str
    seed: int

    @property
    def file_name(self) -> str:
        """The name of its record in a folder of results."""
        return f"{self.schedule}-{self.framework}-{self.seed}.json"

    def __str__(self) -> str:
        return f"{self.schedule}, {self.framework}, seed {self.seed}"


@dataclass(frozen=True)
class Setting:
    """What all runs of one table have in common.

    Attributes:
        data: The name of the data.
        images: How many there are to train on.
        batch_size: Images per update.
        epochs: How long each run is.
    """

    data: str
    images: int
    batch_size: int
    epochs: int


@dataclass(frozen=True)
class Record:
    """A finished run.

    Attributes:
        run: Which run this is.
        setting: What it was trained on, and how long.
        schedule: The schedule, by epoch.
        rates: The rate that the optimizer used at each update.
        epochs: One entry for each epoch.
        seconds: Time for training and testing, without the import of the framework.
        versions: Of Python, the packages and the machine that it was made with.
    """

    run: Run
    setting: Setting
    schedule: Schedule
    rates: list[float]
    epochs: list[Epoch]
    seconds: float
    versions: dict[str, str]

    @property
    def history(self) -> History:
        """The run as `train` reported it."""
        return History(self.run.framework, self.rates, self.epochs, self.seconds)


def save(record: Record, folder: Path) -> Path:
    """Write the record of a finished run; a reader sees all of it or nothing."""
    path = folder / record.run.file_name
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    unfinished.write_text(_to_json(record), encoding="utf-8")
    unfinished.replace(path)
    return path


def load(path: Path) -> Record:
    """Read the record of a run.

    Raises:
        ValueError: If the file is not such a record. The message names the file.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Record(
            run=Run(**content["run"]),
            setting=Setting(**content["setting"]),
            schedule=from_dict(content["schedule"]),
            rates=[rate for rate, updates in content["rates"] for _ in range(updates)],
            epochs=[
                Epoch(**{name: float("nan") if x is None else x for name, x in epoch.items()})
                for epoch in content["epochs"]
            ],
            seconds=content["seconds"],
            versions=content["versions"],
        )
    except (KeyError, TypeError, ValueError) as error:
        msg = f"`{path}` must be the record of a run, got another content ({type(error).__name__}: {error})."
        raise ValueError(msg) from error


def load_all(folder: Path = RESULTS) -> list[Record]:
    """All records of a folder, in the order of their names."""
    return [load(path) for path in sorted(folder.glob("*.json"))]


def _to_json(record: Record) -> str:
    """An entry a line, so that a difference between two runs can be read."""
    content = {
        "run": asdict(record.run),
        "setting": asdict(record.setting),
        "schedule": record.schedule.to_dict(),
        "rates": [[rate, len(list(same))] for rate, same in groupby(record.rates)],
        "epochs": [_without_nan(asdict(epoch)) for epoch in record.epochs],
        "seconds": record.seconds,
        "versions": record.versions,
    }
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {part}" for name, part in _parts(content)) + "\n}\n"


def _parts(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, part in content.items():
        if isinstance(part, list):
            yield name, "[\n" + ",\n".join(json.dumps(item, allow_nan=False) for item in part) + "\n]"
        else:
            yield name, json.dumps(part, allow_nan=False)


def _without_nan(numbers: dict[str, float]) -> dict[str, float | None]:
    """JSON has no NaN, which is the loss of a run that diverged."""
    return {name: x if isfinite(x) else None for name, x in numbers.items()}


def rates_as_asked(record: Record) -> bool:
    """Whether every update used `schedule(t)` of its epoch: bit for bit, in Keras rounded to its float32."""
    per_epoch = ceil(record.setting.images / record.setting.batch_size)
    asked = [record.schedule(epoch) for epoch in range(record.setting.epochs) for _ in range(per_epoch)]
    if record.run.framework == "keras":
        asked = np.array(asked, np.float32).tolist()
    return record.rates == asked


def missing(runs: Sequence[Run], setting: Setting, schedules: dict[str, Schedule], folder: Path) -> list[Run]:
    """The runs that have no record in the folder yet.

    Raises:
        ValueError: If a record there is of other epochs or images, or of another schedule: nothing is overwritten.
    """
    found = set()
    for record in load_all(folder):
        wanted = setting, schedules.get(record.run.schedule)
        for name, got, right in zip(("setting", "schedule"), (record.setting, record.schedule), wanted, strict=True):
            if got != right:
                msg = (
                    f"`{folder / record.run.file_name}` must be a run with the {name} {right}, got {got}. "
                    "Remove it to train anew, or choose another folder."
                )
                raise ValueError(msg)
        found.add(record.run)
    return [run for run in runs if run not in found]
