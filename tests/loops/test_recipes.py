"""Every program of docs/recipes/torch.md is run by a test; nothing is compared that would be equal anyway."""

import pytest

from loops.recipes import RATES, launched_rates, programs, run

torch = pytest.importorskip("torch")

from loops.updates import recorded


def test_every_recipe_is_run_by_a_test():
    assert list(programs()) == [
        *["Lightning", "Hugging Face Trainer", "pytorch-ignite"],  # below
        "Accelerate",  # in test_accelerate.py, and so on
        *["DistributedDataParallel", "Fully sharded"],  # in test_ddp.py
        "Averaged weights",
    ]


@pytest.mark.filterwarnings("ignore::UserWarning:pytorch_lightning", "ignore:.*LeafSpec.*is deprecated:FutureWarning")
@pytest.mark.parametrize(
    ("heading", "needed"),
    [
        ("Lightning", ["pytorch_lightning"]),
        ("Hugging Face Trainer", ["accelerate", "transformers"]),
        ("pytorch-ignite", ["ignite.handlers"]),
    ],
)
def test_a_recipe_goes_on_after_a_kill_as_if_nothing_had_been(heading, needed, tmp_path, monkeypatch):
    """Killed after update 5, resumed after 3, in the middle of an epoch."""
    for module in needed:
        pytest.importorskip(module)
    [before] = launched_rates(heading, tmp_path, kill_after=5)
    monkeypatch.chdir(tmp_path)
    with recorded() as after:
        names = run(heading)
    assert before == RATES[:5]
    assert after == RATES[3:]
    if heading == "Hugging Face Trainer":  # what is logged is what was used
        history = names["trainer"].state.log_history
        assert {row["step"]: row["learning_rate"] for row in history if "loss" in row} == dict(enumerate(RATES, 1))


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
