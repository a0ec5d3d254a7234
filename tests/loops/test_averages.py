"""`ScheduleLR` beside torch's averages of weights, and before its SWALR."""

import pytest

torch = pytest.importorskip("torch")

from torch.optim.swa_utils import (  # only where torch is installed
    SWALR,
    AveragedModel,
)

from loops.recipes import LR, launched_rates, run
from loops.updates import recorded
from lrsched_core import Linear
from lrsched_torch import ScheduleLR


def trained(model, scheduler_at, updates):
    """Train a model; the scheduler to step after update t is `scheduler_at(t)`."""
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    schedulers = scheduler_at(optimizer)
    for t in range(updates):
        optimizer.zero_grad()
        model(torch.ones(1, 1)).sum().backward()
        optimizer.step()
        schedulers(t).step()


def test_the_recipe_goes_on_after_a_kill_as_if_nothing_had_been(tmp_path, monkeypatch):
    [before] = launched_rates("Averaged weights", tmp_path, kill_after=8)
    monkeypatch.chdir(tmp_path)
    with recorded() as after:
        names = run("Averaged weights")
    rates = [names["lr"](n) for n in range(12)]
    assert len(set(rates)) == 11  # the last two are those of the end
    assert before == rates[:8]
    assert after == rates[6:]
    assert names["swa"].n_averaged == 4
    assert names["ema"].n_averaged == 12


@pytest.mark.parametrize("strategy", ["linear", "cos"])
def test_swalr_goes_on_from_the_schedule_s_rate_as_a_cooldown_would(strategy):
    def ours_then_swalr(optimizer):
        ours = ScheduleLR(optimizer, LR)
        swalr = SWALR(optimizer, swa_lr=0.05, anneal_epochs=4, anneal_strategy=strategy)
        return lambda t: ours if t < 8 else swalr

    with recorded() as rates:
        trained(torch.nn.Linear(1, 1), ours_then_swalr, 16)
    shape = {"linear": "linear", "cos": "cosine"}[strategy]
    one = LR.cooldown(at=8, steps=4, final_lr=0.05, shape=shape)
    assert rates[:9] == [LR(n) for n in range(9)]
    assert rates == pytest.approx([one(n) for n in range(16)], rel=1e-12)


def test_the_decay_of_an_average_can_be_a_schedule():
    """The expected average is summed up by hand, in float64, from the weights themselves."""
    decay = Linear(0.5, 0.9, steps=4)
    model = torch.nn.Linear(1, 1, dtype=torch.float64)
    torch.nn.init.constant_(model.weight, 2.0)
    average = AveragedModel(model, avg_fn=lambda old, new, count: torch.lerp(new, old, decay(count)))
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = ScheduleLR(optimizer, LR)
    weights = []
    for _ in range(8):
        optimizer.zero_grad()
        model(torch.ones(1, 1, dtype=torch.float64)).sum().backward()
        optimizer.step()
        scheduler.step()
        average.update_parameters(model)
        weights.append(model.weight.item())
    expected = weights[0]
    for count, weight in enumerate(weights[1:], start=1):
        expected = decay(count) * expected + (1 - decay(count)) * weight
    assert average.module.weight.item() == pytest.approx(expected, rel=1e-6)
