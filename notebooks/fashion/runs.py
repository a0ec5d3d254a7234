"""The chapter's runs, as a notebook shows them: from their records, or trained then and there."""

from __future__ import annotations

from functools import cache
from itertools import count, takewhile

from . import records
from .chapter import EPOCHS, SCHEDULES
from .records import Record, Run, Setting
from .short import SHORT, cut, images
from .training import train

_images = cache(images)


def runs_of(framework: str, name: str) -> list[Record]:
    """The run with seed 0, then those with seeds 1, 2, ... that have a record.

    A run with seed 0 that has no record is trained, in some minutes. In short mode it always is, for two epochs.

    Args:
        framework: A key of `training.FRAMEWORKS`.
        name: A key of `chapter.SCHEDULES`.

    Raises:
        ValueError: If a record is not one of this chapter's runs.
    """
    first = Run(name, framework, 0)
    if SHORT:
        return [_trained(first)]
    others = (Run(name, framework, seed) for seed in count(1))
    found = takewhile(lambda run: (records.RESULTS / run.file_name).exists(), others)
    wanted = [first, *found]
    absent = records.missing(wanted, _setting(), SCHEDULES, records.RESULTS)
    return [_trained(run) if run in absent else records.load(records.RESULTS / run.file_name) for run in wanted]


def _setting() -> Setting:
    data = _images()
    return Setting(data.name, len(data.train), data.batch_size, cut(EPOCHS, to=2))


def _trained(run: Run) -> Record:
    setting, schedule = _setting(), SCHEDULES[run.schedule]
    history = train(run.framework, schedule, _images(), epochs=setting.epochs, unit="epoch", seed=run.seed)
    return Record(run, setting, schedule, history.rates, history.epochs, history.seconds, versions={})
