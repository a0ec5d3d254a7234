"""`ScheduleLR` under DistributedDataParallel, and sharded by `fully_shard`, on real processes that torchrun starts."""

import json

import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_gloo_available():
    pytest.skip("torch was built without gloo", allow_module_level=True)

from loops.recipes import LR, RATES, launch, launched_rates
from lrsched_core import Plateau

RECIPE = "DistributedDataParallel"


def test_all_processes_use_the_same_rates_and_a_restart_may_have_another_number_of_them(tmp_path):
    """Two processes, killed after update 5; one, from 3 on, killed after 8; two again, from 6 to the end."""
    two = launched_rates(RECIPE, tmp_path, processes=2, kill_after=5)
    one = launched_rates(RECIPE, tmp_path, processes=1, kill_after=5)
    again = launched_rates(RECIPE, tmp_path, processes=2)
    assert two == [RATES[:5]] * 2
    assert one == [RATES[3:8]]
    assert again == [RATES[6:]] * 2


def test_a_sharded_checkpoint_of_two_processes_is_resumed_by_one_at_the_same_rates(tmp_path):
    """Saved by `torch.distributed.checkpoint`."""
    two = launched_rates("Fully sharded", tmp_path, processes=2, kill_after=5)
    one = launched_rates("Fully sharded", tmp_path, processes=1)
    assert two == [RATES[:5]] * 2
    assert one == [RATES[3:]]


def scaled(metrics):
    """The rates that a rule makes of these."""
    rule = Plateau(0.5, patience=0)
    state, rates = rule.start(), [LR(0)]
    for t, metric in enumerate(metrics):
        state = rule.update(state, metric)
        rates.append(LR(t + 1) * state.scale)
    return rates


def test_of_a_reduced_metric_every_process_makes_the_same_and_accelerate_has_half_the_horizon(tmp_path):
    """Both in one: it is the start of processes that takes the time."""
    pytest.importorskip("accelerate")
    done = launch("reacting.py", folder=tmp_path, processes=2)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line.removeprefix("found")) for line in done.stdout.splitlines() if line.startswith("found")]
    assert [one["reduced"] for one in found] == [scaled([1.0, 0.875, 0.625, 0.625, 0.625])] * 2
    own = [scaled([1.0, 0.5, 0.75, 0.75, 1.0]), scaled([1.0, 1.25, 0.5, 0.5, 0.25])]
    assert sorted(one["each its own"] for one in found) == sorted(own)
    assert own[0] != own[1]
    # 7 batches on each of them, 2 updates an epoch.
    assert [one["horizon"] for one in found] == [[6, 6, [0.0]]] * 2
