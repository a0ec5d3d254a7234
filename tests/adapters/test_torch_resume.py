"""Save, kill, resume: a restarted run uses the rates of the uninterrupted one, bit for bit."""

import io
import signal
import subprocess
import sys

import pytest

from lrsched_core import Cosine, Linear

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import (  # only where torch is installed
    CosineAnnealingLR,
    SequentialLR,
)

from lrsched_torch import ScheduleLR  # as above

UPDATES = 10


def warmup_cosine():
    """Return a schedule whose every value up to its end is another."""
    return Cosine(0.3, 0.01, steps=6).with_warmup(3)


def one_schedule(optimizer):
    """Return the ordinary scheduler: one schedule for all."""
    return ScheduleLR(optimizer, warmup_cosine())


def a_list(optimizer):
    """Return a scheduler with a schedule for each group."""
    return ScheduleLR(optimizer, [warmup_cosine(), Linear(0.4, steps=8)])


def a_factor(optimizer):
    """Return a scheduler that scales each group's own rate, with a schedule that cannot pickle."""
    return ScheduleLR(optimizer, lambda t: 1 / (t + 3), mode="factor")


def a_sequence(optimizer):
    """Return torch's own sequence of two schedules; one of them always waits."""
    schedules = [warmup_cosine(), Linear(0.4, steps=8)]
    return SequentialLR(optimizer, [ScheduleLR(optimizer, s) for s in schedules], milestones=[5])


def start(make_scheduler):
    """Return fresh objects, as a new process makes them."""
    own_rates = (0.3, 0.07) if make_scheduler is a_factor else (1.0, 1.0)
    groups = [{"params": [torch.nn.Parameter(torch.zeros((), dtype=torch.float64))], "lr": rate} for rate in own_rates]
    optimizer = torch.optim.SGD(groups)
    return optimizer, make_scheduler(optimizer)


def train(optimizer, scheduler, updates):
    """Return the rates that the next updates use, by what they move weights of gradient 1."""
    weights = [group["params"][0] for group in optimizer.param_groups]
    rates = []
    for _ in range(updates):
        for weight in weights:
            weight.data.zero_()
            weight.grad = torch.ones_like(weight)
        optimizer.step()
        scheduler.step()
        rates.append([-weight.item() for weight in weights])
    return rates


def reloaded(*objects):
    """Return the states of the objects as a checkpoint file gives them back."""
    file = io.BytesIO()
    torch.save([each.state_dict() for each in objects], file)
    file.seek(0)
    return torch.load(file, weights_only=True)


@pytest.mark.parametrize("make_scheduler", [one_schedule, a_list, a_factor, a_sequence])
@pytest.mark.parametrize("stop", range(UPDATES + 1))
def test_a_run_stopped_after_any_update_goes_on_as_if_it_had_not(make_scheduler, stop):
    """Built afresh, then loaded, as torch asks for it."""
    uninterrupted = train(*start(make_scheduler), UPDATES)
    first = start(make_scheduler)
    before = train(*first, stop)
    second = start(make_scheduler)
    for each, state in zip(second, reloaded(*first), strict=True):
        each.load_state_dict(state)
    assert second[1].state_dict() == first[1].state_dict()
    assert before + train(*second, UPDATES - stop) == uninterrupted


# One update a line on stdout: its number and its rate, as exact text. A checkpoint every 3 updates.
# Killed, when told so, by the one signal that no process can catch.
PROGRAM = """
import os, signal, sys
import torch
from lrsched_core import Cosine
from lrsched_torch import ScheduleLR

path, kill_after = sys.argv[1], int(sys.argv[2])
weight = torch.nn.Parameter(torch.zeros((), dtype=torch.float64))
optimizer = torch.optim.SGD([weight], lr=1.0)
scheduler = ScheduleLR(optimizer, Cosine(0.3, 0.01, steps=6).with_warmup(3))
done = 0
if os.path.exists(path):
    done, optimizer_state, scheduler_state = torch.load(path, weights_only=True)
    optimizer.load_state_dict(optimizer_state)
    scheduler.load_state_dict(scheduler_state)
for n in range(done + 1, 11):
    weight.data.zero_()
    weight.grad = torch.ones_like(weight)
    optimizer.step()
    scheduler.step()
    print(n, (-weight.item()).hex(), flush=True)
    if n % 3 == 0:
        torch.save([n, optimizer.state_dict(), scheduler.state_dict()], path + ".part")
        os.replace(path + ".part", path)
    if n == kill_after:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_process_goes_on_from_its_last_checkpoint(tmp_path):
    """For real: killed after update 5, resumed after 3, killed after 8, resumed after 6."""

    def run(kill_after):
        process = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "checkpoint"), str(kill_after)],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert process.returncode == (-signal.SIGKILL if kill_after else 0)
        lines = (line.split() for line in process.stdout.splitlines())
        return [(int(n), float.fromhex(rate)) for n, rate in lines]

    schedule = warmup_cosine()
    rates = [(n, schedule(n - 1)) for n in range(1, UPDATES + 1)]
    assert run(kill_after=5) == rates[:5]
    assert run(kill_after=8) == rates[3:8]
    assert run(kill_after=0) == rates[6:]


@pytest.mark.parametrize("make_scheduler", [one_schedule, a_list, a_factor])
@pytest.mark.parametrize("updates", [0, 1, 7])
def test_the_state_has_the_same_few_plain_keys_whatever_the_schedule(make_scheduler, updates):
    """Distributed checkpoints refuse a key that is missing from what was saved."""
    optimizer, scheduler = start(make_scheduler)
    train(optimizer, scheduler, updates)
    state = scheduler.state_dict()
    assert [*state] == ["last_epoch", "_step_count", "_last_lr", "schedule", "mode", "edited", "own", "scales"]
    assert [*state.values()][:3] == [updates, updates + 1, [group["lr"] for group in optimizer.param_groups]]
    assert state["edited"] == []


def test_a_state_does_not_change_with_the_scheduler_that_gave_it():
    """Not by going on, nor by loading it and editing the copy."""
    optimizer, scheduler = start(one_schedule)
    state = scheduler.state_dict()
    state["_last_lr"].append(123.0)
    assert scheduler.get_last_lr() == [0.0, 0.0]
    state, twin = scheduler.state_dict(), scheduler.state_dict()
    scheduler.load_state_dict(state)
    scheduler.get_last_lr().append(123.0)
    train(optimizer, scheduler, 2)
    assert state == twin
    assert [state["last_epoch"], state["_step_count"], state["_last_lr"]] == [0, 1, [0.0, 0.0]]


def test_tensor_rates_are_plain_numbers_in_the_state():
    """The numbers of the schedule, which the tensor may have rounded."""
    weight = torch.nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(1.0))
    scheduler = ScheduleLR(optimizer, lambda t: 0.1)
    assert scheduler.state_dict()["_last_lr"] == [0.1]
    assert [type(rate) for rate in scheduler.state_dict()["_last_lr"]] == [float]


def test_loading_can_keep_the_schedule_that_was_built():
    """The checkpoint has the clock, the program the schedule, by an explicit argument."""
    first = start(one_schedule)
    train(*first, 4)
    optimizer, _ = start(one_schedule)
    scheduler = ScheduleLR(optimizer, Linear(0.4, steps=8), on_change="keep")
    scheduler.load_state_dict(reloaded(first[1])[0])
    assert train(optimizer, scheduler, 3) == [[Linear(0.4, steps=8)(t)] * 2 for t in (4, 5, 6)]


def test_a_run_begun_with_a_scheduler_of_torch_can_be_continued():
    """Its state has the same clock; what else it has is left alone."""
    optimizer, _ = start(one_schedule)
    torchs = CosineAnnealingLR(optimizer, T_max=8)
    train(optimizer, torchs, 4)
    optimizer, scheduler = start(one_schedule)
    scheduler.load_state_dict(reloaded(torchs)[0])
    assert scheduler.last_epoch == 4
    assert [group["lr"] for group in optimizer.param_groups] == scheduler.get_last_lr() == [warmup_cosine()(4)] * 2
    assert "T_max" not in scheduler.state_dict()
    assert not hasattr(scheduler, "T_max")
