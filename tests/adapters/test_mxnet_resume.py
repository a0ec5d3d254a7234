"""An MXNet training that was stopped or killed goes on with the rates of the uninterrupted one."""

import functools
import gc
import json
import random
import signal
import warnings

import numpy as np
import pytest

from forking import lines, said_by
from lrsched_core import Constant, Cosine

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Scheduler, plan_of
from mxnet_training import moves_of, parameters, trainer_of

SCHEDULE = Cosine(0.3, 0.01, steps=5).with_warmup(3)
UPDATES = 8


def new_training(schedule=SCHEDULE, contexts=None, **options):
    """A parameter and its trainer."""
    params = parameters(contexts=contexts)
    return params[0], trainer_of(schedule, params, momentum=0.0, trainer=options)


def train(parameter, trainer, updates):
    """How far each update moves the parameter from 0, where its gradient is 1."""
    return [move for (move,) in moves_of(trainer, [parameter], updates)]


def saved(tmp_path, updates, *training, **options):
    """The states of a training after so many updates."""
    parameter, trainer = new_training(*training, **options)
    train(parameter, trainer, updates)
    trainer.save_states(str(tmp_path / "states"))
    return str(tmp_path / "states")


def rates(schedule, times):
    return [np.float32(schedule(t)) for t in times]


# load_states, which replaces the scheduler

either_side = pytest.mark.parametrize("update_on_kvstore", [True, False])
leaves_a_file_open = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # MXNet's kvstore does


@either_side
@leaves_a_file_open
def test_states_of_another_schedule_are_refused_with_the_first_time_and_nothing_is_loaded(update_on_kvstore, tmp_path):
    options = {"contexts": [mxnet.cpu(0), mxnet.cpu(1)], "update_on_kvstore": update_on_kvstore}
    states = saved(tmp_path, 3, **options)
    parameter, trainer = new_training(Constant(77.0), **options)
    with pytest.raises(ValueError, match=r"^`schedule` must be the one .* first differs at t=0: 77\.0 instead of 0\.0"):
        trainer.load_states(states)
    assert train(parameter, trainer, 2) == rates(Constant(77.0), range(2))


@either_side
@leaves_a_file_open
def test_another_schedule_is_kept_at_the_same_update(update_on_kvstore, tmp_path):
    options = {"contexts": [mxnet.cpu(0), mxnet.cpu(1)], "update_on_kvstore": update_on_kvstore}
    states = saved(tmp_path, 3, **options)
    new = Cosine(0.5, 0.1, steps=8)
    parameter, trainer = new_training(Scheduler(new, on_change="keep"), **options)
    trainer.load_states(states)
    assert train(parameter, trainer, 5) == rates(new, range(3, 8))
    assert plan_of(trainer) == SCHEDULE.then(new.advance(3), at=3)
    trainer.save_states(states)
    assert plan_of(states) == SCHEDULE.then(new.advance(3), at=3)


def test_each_of_two_trainers_with_one_scheduler_is_saved_at_its_own_update(tmp_path):
    """What another trainer has asked for is no past of this one."""
    scheduler = Scheduler(SCHEDULE)
    (first, ahead), (second, behind) = new_training(scheduler), new_training(scheduler)
    assert train(first, ahead, 5) == rates(SCHEDULE, range(5))
    assert train(second, behind, 2) == rates(SCHEDULE, range(2))
    for trainer, updates in ((ahead, 5), (behind, 2)):
        trainer.save_states(str(tmp_path / "states"))
        new = SCHEDULE.cooldown(at=updates, steps=4)
        parameter, again = new_training(Scheduler(new, on_change="future"))
        again.load_states(str(tmp_path / "states"))
        assert train(parameter, again, 3) == rates(new, range(updates, updates + 3))


def test_a_trainer_that_had_no_scheduler_is_told_that_it_now_has_one(tmp_path):
    states = saved(tmp_path, 3)
    _, trainer = new_training(None)
    with pytest.warns(UserWarning, match=r"not with the trainer's own, None\."):
        trainer.load_states(states)


class Halving:
    """A plain function of t, without an equality of its own."""

    def __init__(self, base_lr):
        self.base_lr = base_lr

    def __call__(self, t):
        return self.base_lr * 0.5**t


@pytest.mark.parametrize("schedule", [lambda: Cosine(0.3, 0.01, steps=5).with_warmup(3), lambda: Halving(0.3)])
def test_an_equal_schedule_is_loaded_without_a_word_as_often_as_wanted(schedule, tmp_path, recwarn):
    states = saved(tmp_path, 3, schedule())
    parameter, trainer = new_training(schedule())
    for _ in range(2):
        trainer.load_states(states)
        assert train(parameter, trainer, 2) == rates(schedule(), range(3, 5))
    assert not recwarn.list


def test_a_plain_object_that_differs_is_noticed(tmp_path):
    states = saved(tmp_path, 3, Halving(0.3))
    _, trainer = new_training(Halving(0.4))
    with pytest.raises(ValueError, match=r"^`schedule` must be the one that the checkpoint was made with"):
        trainer.load_states(states)


POLY = functools.partial(mxnet.lr_scheduler.PolyScheduler, max_update=9, base_lr=0.5)


def saved_by_mxnet(tmp_path, scheduler, **options):
    """The states of a training that has a scheduler of MXNet's own, or none."""
    parameter, trainer = new_training(None, **options)
    trainer.optimizer.lr_scheduler = scheduler
    train(parameter, trainer, 3)
    trainer.save_states(str(tmp_path / "states"))
    return str(tmp_path / "states")


@pytest.mark.parametrize("contexts", [1, 2])
@pytest.mark.parametrize("begun", [0, 2])
@pytest.mark.parametrize(("make", "named"), [(POLY, "a PolyScheduler of MXNet's own"), (lambda: None, "no scheduler")])
def test_a_scheduler_of_mxnet_that_is_loaded_in_place_of_ours_is_told(make, named, begun, contexts, tmp_path):
    options = {"contexts": [mxnet.cpu(i) for i in range(contexts)], "update_on_kvstore": False}
    options = options if contexts > 1 else {}
    states = saved_by_mxnet(tmp_path, make(), **options)
    parameter, trainer = new_training(**options)
    train(parameter, trainer, begun)
    with pytest.warns(
        UserWarning, match=rf"^The states were saved with {named}, .* not with .*Cosine.* Hint: "
    ) as said:
        trainer.load_states(states)
    assert said[-1].filename == __file__  # the line of the call
    trainer.optimizer.lr_scheduler = Scheduler(SCHEDULE)  # the way out
    assert train(parameter, trainer, 5) == rates(SCHEDULE, range(3, 8))


@leaves_a_file_open
@pytest.mark.parametrize("where", ["on the kvstore", "held by the program"])
def test_where_something_else_holds_the_scheduler_this_goes_unnoticed(where, tmp_path):
    """Nothing of ours is called then: the page of recipes says so, and what to do."""
    options = {"contexts": [mxnet.cpu(0), mxnet.cpu(1)]} if where == "on the kvstore" else {}
    states = saved_by_mxnet(tmp_path, POLY(), **options)
    parameter, trainer = new_training(**options)
    held = trainer.optimizer.lr_scheduler if where == "held by the program" else None
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        trainer.load_states(states)
    assert type(trainer.optimizer.lr_scheduler) is mxnet.lr_scheduler.PolyScheduler
    trainer.optimizer.lr_scheduler = held or Scheduler(SCHEDULE)  # the way out
    assert train(parameter, trainer, 5) == rates(SCHEDULE, range(3, 8))


def test_a_scheduler_that_ends_otherwise_says_nothing(recwarn):
    parameter, trainer = new_training()
    train(parameter, trainer, 1)
    trainer.optimizer.lr_scheduler = POLY()
    trainer.optimizer.lr_scheduler = Scheduler(SCHEDULE)
    del parameter, trainer
    with pytest.raises(TypeError):
        Scheduler(0.1)
    gc.collect()
    assert not [warning for warning in recwarn if warning.category is UserWarning]


def test_a_bare_schedule_runs_one_update_early():
    """MXNet asks with 1 at the first update: README and the page of recipes say so."""
    params = parameters()
    trainer = mxnet.gluon.Trainer(params, "sgd", {"lr_scheduler": SCHEDULE, "momentum": 0.0})
    assert train(*params, trainer, 4) == rates(SCHEDULE, [1, 2, 3, 4])


# MXNet counts the updates of each device apart, and num_update is the largest count that it has seen.


def test_loaded_onto_another_device_mxnet_holds_the_rate_until_that_device_has_caught_up(tmp_path):
    """MXNet's fault, pinned: for 4 updates num_update stays where it was. The page of recipes has the way out."""
    states = saved(tmp_path, 4)
    parameter, trainer = new_training(contexts=[mxnet.cpu(1)])
    trainer.load_states(states)
    assert train(parameter, trainer, 6) == rates(SCHEDULE, [3, 3, 3, 3, 4, 5])


@pytest.mark.parametrize("device", [0, 1])
def test_with_begin_num_update_set_after_load_states_every_device_goes_on_where_it_was(device, tmp_path):
    states = saved(tmp_path, 4)
    parameter, trainer = new_training(contexts=[mxnet.cpu(device)])
    trainer.load_states(states)
    trainer.optimizer.begin_num_update = trainer.optimizer.num_update
    assert train(parameter, trainer, 6) == rates(SCHEDULE, range(4, 10))


# Killed for real. One process imports MXNet and forks: a hundred runs, each of them killed at an update drawn by
# lot, before it, after it or between the two files of a checkpoint, and forked again to go on from its last
# checkpoint. Each writes to disk at once how far an update moved one parameter from 0, and where it left another.

LONGER = Cosine(0.3, 0.01, steps=20).with_warmup(6).repeat(13, decay=0.7)
RUNS, LENGTH = 100, 30
MOMENTS = ("before the update", "after the update", "between two files")

TRAINING = """
import os, signal, sys
import numpy
numpy.bool = bool
import mxnet
from forking import stretches
from lrsched_core import parse
from lrsched_mxnet import Scheduler

schedule, length = parse(sys.argv[3]), int(sys.argv[4])

def training(folder, log, every, kill):
    def die_at(*moment):
        if kill == [*moment]:
            os.kill(os.getpid(), signal.SIGKILL)

    probe, weight = (mxnet.gluon.Parameter(name, shape=(1,)) for name in ("probe", "weight"))
    parameters = {p.name: p for p in (probe, weight)}
    for parameter in parameters.values():
        parameter.initialize(init="zeros")
    trainer = mxnet.gluon.Trainer([probe, weight], "sgd", {"lr_scheduler": Scheduler(schedule)})
    checkpoints = sorted(folder.glob("checkpoint-*"))
    if checkpoints:
        for name, value in mxnet.nd.load(str(checkpoints[-1] / "parameters")).items():
            parameters[name].set_data(value)
        trainer.load_states(str(checkpoints[-1] / "states"))
    while (update := trainer.optimizer.num_update) < length:
        probe.set_data(mxnet.nd.zeros(1))
        with mxnet.autograd.record():
            loss = probe.data() + weight.data()
        loss.backward()
        die_at(update, "before the update")
        trainer.step(1)
        moved, left = -probe.data().asscalar(), weight.data().asscalar()
        with log.open("a") as file:
            print(update, float(moved).hex(), float(left).hex(), file=file)
        die_at(update, "after the update")
        if (update + 1) % every == 0:
            new = folder / f"new-{os.getpid()}"
            new.mkdir()
            mxnet.nd.save(str(new / "parameters"), {name: p.data() for name, p in parameters.items()})
            die_at(update, "between two files")
            trainer.save_states(str(new / "states"))
            new.rename(folder / f"checkpoint-{update + 1:03}")

stretches(training)
"""


def test_a_hundred_runs_killed_at_random_updates_resume_with_equal_rates(tmp_path):
    lot = random.Random(20)
    runs = [["whole", 1, None]]
    for run in range(RUNS):
        every = lot.randint(1, 5)
        moment = lot.choice(MOMENTS)
        update = lot.randrange(every - 1, LENGTH, every) if moment == MOMENTS[2] else lot.randrange(LENGTH)
        runs.append([f"run-{run}", every, [update, moment]])
    said = said_by(TRAINING, tmp_path, json.dumps(runs), repr(LONGER), LENGTH)
    assert said.splitlines() == ["whole 0", *[f"run-{run} {-signal.SIGKILL} 0" for run in range(RUNS)]]
    whole = lines(tmp_path / "whole" / "first")
    assert [float.fromhex(rate) for _, rate, _ in whole] == rates(LONGER, range(LENGTH))
    again = 0
    for name, every, (update, moment) in runs[1:]:
        first, second = lines(tmp_path / name / "first"), lines(tmp_path / name / "second")
        assert len(first) == update + (moment != MOMENTS[0])
        resumed_at = LENGTH - len(second)
        assert resumed_at == update // every * every  # from the last checkpoint, not from the start
        assert first == whole[: len(first)]
        assert first[:resumed_at] + second == whole
        again += len(first) - resumed_at
    assert again > RUNS  # updates that were lost and made again
