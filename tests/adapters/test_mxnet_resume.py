"""An MXNet training that was killed goes on with the rates of the uninterrupted one."""

import os
import signal
import subprocess
import sys

import pytest

from lrsched_core import Constant, Cosine

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Scheduler

SCHEDULE = Cosine(0.3, 0.01, steps=5).with_warmup(3)
UPDATES = 8


def new_training(schedule=SCHEDULE):
    """A parameter and its trainer."""
    parameter = mxnet.gluon.Parameter("w", shape=(1,))
    parameter.initialize(init="zeros")
    options = {"lr_scheduler": Scheduler(schedule), "momentum": 0.0}
    return parameter, mxnet.gluon.Trainer([parameter], "sgd", options)


def train(parameter, trainer, updates):
    """How far each update moves the parameter from 0, where its gradient is 1."""
    rates = []
    for _ in range(updates):
        parameter.set_data(mxnet.nd.zeros(1))
        with mxnet.autograd.record():
            loss = parameter.data() * 1.0
        loss.backward()
        trainer.step(1)
        rates.append(-parameter.data().asscalar())
    return rates


@pytest.mark.parametrize("stop", range(UPDATES + 1))
def test_stopped_at_any_update_the_saved_states_resume_with_equal_rates(stop, tmp_path):
    whole = train(*new_training(), UPDATES)
    parameter, trainer = new_training()
    first = train(parameter, trainer, stop)
    trainer.save_states(str(tmp_path / "states"))

    parameter, trainer = new_training()
    trainer.load_states(str(tmp_path / "states"))
    assert first + train(parameter, trainer, UPDATES - stop) == whole


def test_load_states_brings_the_saved_schedule_with_it(tmp_path):
    """MXNet replaces the new trainer's scheduler; our docstring says so."""
    parameter, trainer = new_training()
    first = train(parameter, trainer, 3)
    trainer.save_states(str(tmp_path / "states"))

    parameter, trainer = new_training(Constant(77.0))
    trainer.load_states(str(tmp_path / "states"))
    whole = train(*new_training(), UPDATES)
    assert first + train(parameter, trainer, UPDATES - 3) == whole


# A process that is killed after its fifth update, before it has saved it. Run again, it goes on
# from the states that the first run left. It writes every rate to disk at once.
TRAINING = """
import os, signal, sys
from pathlib import Path
import numpy
numpy.bool = bool
import mxnet
from lrsched_core import Cosine
from lrsched_mxnet import Scheduler

folder, kill_at = Path(sys.argv[1]), int(sys.argv[2])
saved = folder / "states"
schedule = Cosine(0.3, 0.01, steps=5).with_warmup(3)
parameter = mxnet.gluon.Parameter("w", shape=(1,))
parameter.initialize(init="zeros")
trainer = mxnet.gluon.Trainer([parameter], "sgd", {"lr_scheduler": Scheduler(schedule)})
if saved.exists():
    trainer.load_states(str(saved))
while trainer.optimizer.num_update < 8:
    update = trainer.optimizer.num_update
    parameter.set_data(mxnet.nd.zeros(1))
    with mxnet.autograd.record():
        loss = parameter.data() * 1.0
    loss.backward()
    trainer.step(1)
    with (folder / "rates").open("a") as file:
        print(update, float(-parameter.data().asscalar()).hex(), file=file)
    if update == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    trainer.save_states(str(folder / "new"))
    (folder / "new").replace(saved)
"""


def test_killed_for_real_a_new_process_resumes_with_equal_rates(tmp_path):
    def run(kill_at):
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", TRAINING, tmp_path, str(kill_at)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    killed = run(kill_at=4)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = run(kill_at=-1)
    assert resumed.returncode == 0, resumed.stderr

    lines = [line.split() for line in (tmp_path / "rates").read_text().splitlines()]
    assert [int(update) for update, _ in lines] == [0, 1, 2, 3, 4, 4, 5, 6, 7]
    whole = train(*new_training(), UPDATES)
    assert [float.fromhex(rate) for _, rate in lines] == [*whole[:5], *whole[4:]]
