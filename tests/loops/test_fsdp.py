"""`ScheduleLR` with a model that `fully_shard` has divided, saved by `torch.distributed.checkpoint`."""

import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_gloo_available():
    pytest.skip("torch was built without gloo", allow_module_level=True)

from loops.recipes import RATES, launched_rates

RECIPE = "Fully sharded"


def test_a_checkpoint_of_two_processes_is_resumed_by_one_at_the_same_rates(tmp_path):
    two = launched_rates(RECIPE, tmp_path, processes=2, kill_after=5)
    one = launched_rates(RECIPE, tmp_path, processes=1)
    assert two == [RATES[:5]] * 2
    assert one == [RATES[3:]]
