"""`ScheduleLR` in Accelerate, on real processes: the recipe's clock, and the pace of a scheduler left to it."""

import json

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
if not torch.distributed.is_gloo_available():
    pytest.skip("torch was built without gloo", allow_module_level=True)

from loops.recipes import LR, RATES, launch, launched_rates


def test_the_recipe_counts_updates_on_any_number_of_processes(tmp_path):
    """Two processes, with 3 updates an epoch and killed after 8; one, with 6 an epoch, from 6 to the end."""
    two = launched_rates("Accelerate", tmp_path, processes=2, kill_after=8)
    one = launched_rates("Accelerate", tmp_path, processes=1)
    assert two == [RATES[:8]] * 2
    assert one == [RATES[6:]]


def test_left_to_itself_on_two_processes_it_steps_twice_per_update(tmp_path):
    """But once with split batches, and in the Trainer; a schedule stretched by 2 makes up for it."""
    pytest.importorskip("transformers")
    done = launch("paces.py", folder=tmp_path, processes=2)
    assert done.returncode == 0, done.stderr
    assert "lr_scheduler.step()" not in done.stderr, done.stderr
    found = [json.loads(line.removeprefix("found")) for line in done.stdout.splitlines() if line.startswith("found")]
    assert found == 2 * [
        {
            "left to Accelerate": [[LR(2 * n) for n in range(4)], 8],
            "stretched": [[LR(n) for n in range(4)], 8],
            "stretched, accumulating": [[LR(n) for n in range(4)], 8],
            "split batches": [[LR(n) for n in range(4)], 4],
            "Trainer": [[LR(n) for n in range(4)], 4],
        }
    ]
