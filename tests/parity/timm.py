"""`timm.scheduler`, without noise."""

import logging
import sys
from importlib.util import find_spec, module_from_spec

# Importing timm itself needs a torchvision that was built like this torch; its schedulers need neither. So the package
# is there, and was not run.
if "timm" not in sys.modules:
    spec = find_spec("timm")
    if spec is None:
        raise ModuleNotFoundError(name="timm")
    sys.modules["timm"] = module_from_spec(spec)

from timm import scheduler as theirs

logging.getLogger("timm").setLevel(logging.ERROR)  # it warns of cycles of length 1, which are compared, too

from lrsched_core.compat import timm as ours
from parity.case import maker
from parity.comparison import grid
from parity.torch import optimizer


def rates(scheduler):
    """Runs a scheduler as timm's own training script does: the first update comes before the first step."""

    def run(count, base_lr, **arguments):
        sgd = optimizer(base_lr)
        [group] = sgd.param_groups
        running = scheduler(sgd, t_in_epochs=False, **arguments)
        values = [group["lr"]]
        for t in range(1, count):
            running.step_update(t)
            values.append(group["lr"])
        return values

    return run


def horizon(t_initial, cycle_mul=1.0, cycle_limit=1, warmup_t=0, **_):
    return round(sum(t_initial * cycle_mul**i for i in range(min(cycle_limit, 4)))) + warmup_t + 1


def below_its_limit(t_initial, cycle_mul=1.0, warmup_t=0, **_):
    """Shrinking cycles never get beyond a certain time; timm takes the logarithm of a negative number there."""
    return round(t_initial / (1 - cycle_mul)) if cycle_mul < 1 else 10**6


case = maker("timm.scheduler", theirs, ours, rates)


WARMUPS = {"warmup_t": [0, 5], "warmup_prefix": [False, True]}
CYCLES = grid(
    {"base_lr": 0.1, "t_initial": 10},
    {"base_lr": 0.1, "t_initial": 1},
    {"base_lr": 0.1, "t_initial": 10, "cycle_limit": 0},
    {"base_lr": 0.1, "t_initial": 10, "cycle_limit": 3},
    {"base_lr": 0.1, "t_initial": 10, "cycle_limit": 3, "cycle_decay": 0.5},
    {"base_lr": 0.1, "t_initial": 10, "cycle_limit": 4, "cycle_mul": 2.0, "cycle_decay": 0.3},
    {"base_lr": 0.1, "t_initial": 10, "cycle_limit": 4, "cycle_mul": 1.5},
    {"base_lr": 0.1, "t_initial": 16, "cycle_limit": 3, "cycle_mul": 0.5, "cycle_decay": 0.5},
    lr_min=[0.0, 0.01],
)
CYCLES += [{**CYCLES[0], "warmup_t": 10, "warmup_lr_init": 1e-3}, {**CYCLES[0], "warmup_t": 25, "warmup_prefix": True}]
JUMP = "without `warmup_prefix` the warmup ends with a jump"

CASES = [
    case(
        "CosineLRScheduler",
        grid(*CYCLES, **WARMUPS) + grid(CYCLES[0], CYCLES[9], k_decay=[0.7, 2.0], warmup_t=[0, 5]),
        horizon,
        last=below_its_limit,
        quirks=f"{JUMP}; not reproduced: with `cycle_mul`, a restart can be one update late",
    ),
    case(
        "PolyLRScheduler",
        grid(*CYCLES, **WARMUPS)
        + grid(CYCLES[0], CYCLES[9], power=[1.0, 2.0, 0.9])
        + grid(CYCLES[0], CYCLES[9], power=[0.5, 1.0, 1.7], k_decay=[0.7, 2.0]),
        horizon,
        last=below_its_limit,
        quirks=f"{JUMP}; not reproduced: that of the cosine",
    ),
    case(
        "TanhLRScheduler",
        grid(*CYCLES, **WARMUPS) + grid(CYCLES[0], CYCLES[9], lb=[-3.0, -6.0], ub=[1.0, 6.0]),
        horizon,
        last=below_its_limit,
        quirks="the first update has all of `base_lr`, the second begins with the curve; not reproduced: that of the "
        "cosine",
    ),
    case(
        "StepLRScheduler",
        grid(
            {"base_lr": 0.1, "decay_t": 30},
            {"base_lr": 0.1, "decay_t": 1},
            {"base_lr": 0.1, "decay_t": 2.5},
            decay_rate=[0.1, 1.0, 0.7],
            warmup_t=[0, 5],
            warmup_prefix=[True, False],
            warmup_lr_init=[0.0, 0.01],
        ),
        lambda **_: 65,
        quirks=JUMP,
    ),
    case(
        "MultiStepLRScheduler",
        grid({"base_lr": 0.1}, decay_t=[[30, 60], [], [0], [1], [3, 3, 9]], decay_rate=[0.1, 0.7], **WARMUPS),
        lambda decay_t, warmup_t, **_: max(decay_t, default=0) + warmup_t + 1,
        quirks=f"milestones hold one update early; {JUMP}",
    ),
    case(
        "WSDLRScheduler",
        grid(
            {"base_lr": 0.1, "t_initial": 100, "decay_t": 20},
            {"base_lr": 0.1, "t_initial": 20, "decay_t": 20},
            {"base_lr": 0.1, "t_initial": 7, "decay_t": 1, "lr_min": 0.01},
            {"base_lr": 0.1, "t_initial": 9, "decay_t": 4, "lr_min": 0.2},
            {"base_lr": 0.1, "t_initial": 60, "decay_t": 30, "stable_fn": "rsqrt", "stable_timescale": 3},
            {
                "base_lr": 0.1,
                "t_initial": 60,
                "decay_t": 30,
                "stable_fn": "rsqrt",
                "stable_timescale": 3,
                "lr_min": 0.02,
            },
            {
                "base_lr": 0.1,
                "t_initial": 60,
                "decay_t": 30,
                "stable_fn": "power",
                "stable_timescale": 10,
                "stable_power": 0.8,
                "lr_min": 0.01,
            },
            decay_fn=["1-sqrt", "linear", "cosine", "power", "exp"],
            warmup_t=[0, 5],
        )
        + grid({"base_lr": 0.1, "t_initial": 9, "decay_t": 4, "lr_min": 0.02}, decay_fn=[lambda f: (1 - f) ** 3])
        + [{"base_lr": 0.1, "t_initial": 9, "decay_t": 4, "warmup_t": 3, "warmup_lr_init": 0.01}]
        + [{"base_lr": 0.1, "t_initial": 9, "decay_t": 4, "decay_fn": "power", "decay_power": 2.0}]
        + [{"base_lr": 0.1, "t_initial": 9, "decay_t": 4, "decay_fn": "exp", "decay_ratio": 0.01}],
        lambda t_initial, warmup_t=0, **_: t_initial + warmup_t + 1,
        quirks="with `lr_min` above `base_lr`, the first update has `base_lr`",
    ),
]
