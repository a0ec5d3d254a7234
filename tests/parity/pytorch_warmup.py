"""`pytorch_warmup`, each warmup over a constant rate and over schedulers of torch."""

import pytorch_warmup as theirs
import torch
from torch.optim import lr_scheduler

from lrsched_core.compat import pytorch_warmup as ours
from lrsched_core.compat import torch as our_torch
from parity.case import Case
from parity.comparison import grid


def rates(warmup):
    """Runs a warmup, with what it dampens."""

    def run(count, dampened, beta2=0.999, **arguments):
        adam = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=0.1, betas=(0.9, beta2))
        [group] = adam.param_groups
        scheduler = getattr(lr_scheduler, dampened[0])(adam, **dampened[1]) if dampened else None
        dampening = warmup(adam, **arguments)
        adam.step()  # torch warns if a scheduler is stepped before it
        values = [group["lr"]]
        while len(values) < count:
            with dampening.dampening():
                if scheduler:
                    scheduler.step()
            values.append(group["lr"])
        return values

    return run


def case(name, grid, spelling, relative=1e-12):
    def dampen(dampened, **arguments):
        inner = getattr(our_torch, dampened[0])(0.1, **dampened[1]) if dampened else 0.1
        return getattr(ours, name)(inner, **arguments)

    return Case(
        f"pytorch_warmup.{name}",
        dampen,
        rates(getattr(theirs, name)),
        grid,
        lambda **_: 60,
        relative,
        spelling=spelling,
    )


DAMPENED = [None, ("CosineAnnealingLR", {"T_max": 30, "eta_min": 0.01}), ("StepLR", {"step_size": 4})]
PERIODS = grid(dampened=DAMPENED, warmup_period=[10, 1, 2, 35])
BETAS = grid(dampened=DAMPENED, beta2=[0.999, 0.9, 0.61])

CASES = [
    case("LinearWarmup", PERIODS, "s * Linear(0.1, 1.0, steps=9)"),
    case("ExponentialWarmup", PERIODS, "s * Saturating(timescale=10).advance(1)"),
    case("UntunedLinearWarmup", BETAS, "s * Linear(0.0005, 1.0, steps=1999)"),
    case("UntunedExponentialWarmup", BETAS, "s * Saturating(timescale=1000).advance(1)"),
    # It takes numbers of about 2000 from each other to get 0.01, and that with the rounding of the 2000.
    case("RAdamWarmup", BETAS, "s * RAdam().advance(4)", 1e-11),
]
