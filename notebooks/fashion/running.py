"""One run of the experiments, wherever it is trained: on this machine, or on one of a cluster."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from lrsched_core import Schedule

from . import data
from .records import Record, Run, Setting
from .training import FRAMEWORKS, History, train

# A LeNet gains nothing from a second core: runs are trained side by side, each with one thread.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "MXNET_CPU_WORKER_NTHREADS"), "1"
)
# A run whose machine is lost begins again, unless it has brought down so many.
_RETRIES = 5


def trained(
    run: Run,
    schedule: Schedule,
    data_folder: str | None,
    limit: int | None,
    epochs: int,
    watch: Callable[[History], None] = lambda history: None,
) -> Record:
    """Train what a run says, and say what happened."""
    images = data.load(data_folder)
    if limit is not None:
        images = images.limited(limit)
    history = train(run.framework, schedule, images, epochs=epochs, unit="epoch", seed=run.seed, watch=watch)
    setting = Setting(images.name, len(images.train), images.batch_size, epochs)
    packages = ["lrsched_core", "numpy", *FRAMEWORKS[run.framework].needs]
    versions = {
        "python": platform.python_version(),
        **{name: import_module(name).__version__ for name in packages},
        "machine": f"{platform.system()} {platform.machine()}, one of {os.cpu_count()} cores",
    }
    return Record(run, setting, schedule, history.rates, history.epochs, round(history.seconds, 1), versions)


def trained_on_ray(
    runs: list[Run],
    schedules: dict[str, Schedule],
    address: str,
    data_folder: str | None,
    limit: int | None,
    epochs: int,
) -> Iterator[Record]:
    """Train runs on the machines of a Ray cluster, as many at a time as it has cores; give each record as it comes.

    A schedule travels to its machine as a value, and the record back; nothing is written there. Machines need the
    framework, this library, and the images at the same place. One that is lost costs no record: Ray begins its runs
    again on another.
    """
    import ray  # only this needs it

    here = {"py_modules": [str(Path(__file__).parent)], "env_vars": ONE_THREAD}
    ray.init(address, runtime_env=here, log_to_driver=False)
    try:
        # A framework, loaded, stays loaded: each run has a process of its own.
        remote = ray.remote(num_cpus=1, max_retries=_RETRIES, max_calls=1)(trained)
        waiting = [remote.remote(run, schedules[run.schedule], data_folder, limit, epochs) for run in runs]
        while waiting:
            [done], waiting = ray.wait(waiting)
            yield ray.get(done)
    finally:
        ray.shutdown()
