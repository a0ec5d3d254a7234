"""What transformers makes of a name, read at any step, gives the rates of the live scheduler."""

from functools import partial

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from transformers.optimization import get_scheduler

from lrsched_core import Linear
from lrsched_torch import from_torch

UPDATES = 60
NAMES = {
    "constant": {},
    "constant_with_warmup": {},
    "linear": {},
    "cosine": {},
    "cosine_with_restarts": {"num_cycles": 3},
    "polynomial": {"lr_end": 0.001, "power": 2.0},
    "inverse_sqrt": {},
    "inverse_sqrt of a timescale": {"timescale": 20},
    "cosine_with_min_lr": {"min_lr": 0.01},
    "cosine_with_min_lr of two waves": {"min_lr_rate": 0.1, "num_cycles": 2},
    "cosine_warmup_with_min_lr": {"min_lr_rate": 0.1},
    "cosine_warmup_with_min_lr from a rate": {"min_lr_rate": 0.1, "warmup_lr_rate": 0.2},
    "warmup_stable_decay": {"num_decay_steps": 10},
    "warmup_stable_decay of roots": {
        "num_decay_steps": 10,
        "num_stable_steps": 7,
        "min_lr_ratio": 0.1,
        "warmup_type": "1-sqrt",
        "decay_type": "1-sqrt",
    },
    "warmup_stable_decay without time": {"num_decay_steps": 40},
}


def optimizer(*rates):
    """An optimizer with a parameter group for each rate."""
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    return torch.optim.SGD(groups, lr=0.1)


def made(sgd, name):
    """The scheduler of a name, which takes 5 steps to warm up and 40 in all."""
    kind, given = name.partition(" ")[0], NAMES[name]
    total = None if "num_stable_steps" in given else 40
    return get_scheduler(kind, sgd, num_warmup_steps=5, num_training_steps=total, scheduler_specific_kwargs=given)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("n", [0, 3, 20, 45])
def test_a_scheduler_of_transformers_is_read_at_any_step(name, n):
    sgd = optimizer(0.1, 0.5)
    scheduler = made(sgd, name)
    schedules = []
    for t in range(UPDATES):
        if t == n:
            schedules = from_torch(scheduler)
        sgd.step()
        scheduler.step()
    sgd = optimizer(0.1, 0.5)
    scheduler = made(sgd, name)
    for t in range(UPDATES):
        expected = [group["lr"] for group in sgd.param_groups]
        assert [schedule(t) for schedule in schedules] == pytest.approx(expected, rel=1e-11, abs=1e-15), t
        sgd.step()
        scheduler.step()


def test_what_is_read_looks_as_it_would_be_written():
    [first, second] = from_torch(made(optimizer(0.1, 0.5), "linear"))
    assert first == Linear(0.1, steps=35).with_warmup(5)
    assert second == Linear(0.5, steps=35).with_warmup(5)


def test_a_function_of_transformers_that_is_not_known_is_refused():
    unknown = partial(get_scheduler, "linear")
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer(0.1), lambda t: 1.0)
    scheduler.lr_lambdas = [unknown]
    with pytest.raises(TypeError, match=r"must not be made from a function .* got LambdaLR"):
        from_torch(scheduler)
