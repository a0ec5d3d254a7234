"""`ScheduleLR` under DistributedDataParallel, on real processes that torchrun starts."""

import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_gloo_available():
    pytest.skip("torch was built without gloo", allow_module_level=True)

from loops.recipes import RATES, launched_rates

RECIPE = "DistributedDataParallel"


def test_all_processes_use_the_same_rates_and_a_restart_may_have_another_number_of_them(tmp_path):
    """Two processes, killed after update 5; one, from 3 on, killed after 8; two again, from 6 to the end."""
    two = launched_rates(RECIPE, tmp_path, processes=2, kill_after=5)
    one = launched_rates(RECIPE, tmp_path, processes=1, kill_after=5)
    again = launched_rates(RECIPE, tmp_path, processes=2)
    assert two == [RATES[:5]] * 2
    assert one == [RATES[3:8]]
    assert again == [RATES[6:]] * 2
