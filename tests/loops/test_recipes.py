"""Every program of docs/recipes/torch.md is run by a test; nothing is compared that would be equal anyway."""

import pytest

from loops.recipes import RATES, programs

torch = pytest.importorskip("torch")

from loops.updates import recorded


def test_every_recipe_is_run_by_a_test():
    assert list(programs()) == [
        "Lightning",  # in test_lightning.py, and so on
        "Hugging Face Trainer",
        "pytorch-ignite",
        "Accelerate",
        "DistributedDataParallel",
        "Fully sharded",
        "Averaged weights",
    ]


def test_every_update_of_a_recipe_has_another_rate():
    assert len(set(RATES)) == len(RATES)


def test_an_update_by_another_rate_than_the_group_s_would_be_noticed():
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([weight], lr=0.5)
    weight.grad = torch.ones(2)
    optimizer.register_step_post_hook(lambda *_: weight.data.mul_(2))
    with recorded(), pytest.raises(AssertionError, match=r"^0\.5"):
        optimizer.step()


def test_only_updates_that_move_a_weight_are_recorded():
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([weight], lr=0.5)
    with recorded() as rates:
        for gradient in (1.0, 0.0, 2.0):
            weight.grad = torch.full((2,), gradient)
            optimizer.step()
    assert rates == [0.5, 0.5]
    optimizer.step()
    assert rates == [0.5, 0.5]
