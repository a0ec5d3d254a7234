"""`torch.optim.lr_scheduler` and `torch.optim.swa_utils`."""

import torch
from torch.optim import lr_scheduler as theirs
from torch.optim.swa_utils import SWALR

from lrsched_core.compat import torch as ours
from parity.case import Case, maker
from parity.comparison import grid


def stepped(count, optimizer, scheduler, read):
    """What the optimizer has in each of its first updates."""
    optimizer.step()  # torch warns if a scheduler is stepped before it
    [group] = optimizer.param_groups
    values = [read(group)]
    while len(values) < count:
        scheduler.step()
        values.append(read(group))
    return values


def optimizer(lr):
    """One with a rate and a momentum."""
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)


def rates(scheduler):
    """Runs a scheduler that reads `base_lr` from the optimizer."""

    def run(count, base_lr, **arguments):
        sgd = optimizer(base_lr)
        return stepped(count, sgd, scheduler(sgd, **arguments), lambda group: group["lr"])

    return run


def own_rates(scheduler, name="lr"):
    """Runs a scheduler that brings its rates with it."""

    def run(count, **arguments):
        sgd = optimizer(0.1)
        return stepped(count, sgd, scheduler(sgd, **arguments), lambda group: group[name])

    return run


def inverse(t):
    return 1 / (t + 1)


def wobble(t):
    return 1.5 if t % 3 == 0 else 0.9


def over(name):
    """The horizon is one of the arguments."""
    return lambda **arguments: arguments[name] + 1


def composed(scheduler):
    """Runs a scheduler of schedulers, which are given by their names and arguments."""

    def run(count, base_lr, schedulers, **arguments):
        sgd = optimizer(base_lr)
        children = [getattr(theirs, name)(sgd, **own) for name, own in schedulers]
        return stepped(count, sgd, scheduler(sgd, children, **arguments), lambda group: group["lr"])

    return run


def children(base_lr, schedulers):
    """Ours for the same."""
    return [getattr(ours, name)(base_lr, **own) for name, own in schedulers]


def one_cycle_length(total_steps=None, epochs=None, steps_per_epoch=None, **_):
    return total_steps or epochs * steps_per_epoch


def named(name):
    return f"torch.optim.lr_scheduler.{name}"


case = maker("torch.optim.lr_scheduler", theirs, ours, rates)


LINEAR, EXPONENTIAL = ("LinearLR", {"total_iters": 5}), ("ExponentialLR", {"gamma": 0.9})
COSINE, STEP = ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.001}), ("StepLR", {"step_size": 4, "gamma": 0.5})
CONSTANT, RESTARTS = ("ConstantLR", {"factor": 0.1, "total_iters": 2}), ("CosineAnnealingWarmRestarts", {"T_0": 7})
POLYNOMIAL, MILESTONES = ("PolynomialLR", {"total_iters": 30}), ("MultiStepLR", {"milestones": [0, 6], "gamma": 0.3})
LAMBDA = ("LambdaLR", {"lr_lambda": inverse})

CYCLES = grid(
    {"step_size_up": 4},
    {"step_size_up": 4, "step_size_down": 0},
    {"step_size_up": 1, "step_size_down": 6},
    {"step_size_up": 5, "step_size_down": 2, "mode": "triangular2"},
    {"step_size_up": 5, "step_size_down": 3, "mode": "exp_range", "gamma": 0.97},
    {"step_size_up": 5, "scale_fn": inverse},
    {"step_size_up": 5, "scale_fn": inverse, "scale_mode": "iterations"},
)
ONE_CYCLES = grid(
    {"total_steps": 100},
    {"total_steps": 2},
    {"total_steps": 7, "pct_start": 0.5},
    {"total_steps": 10, "pct_start": 0.0},
    {"total_steps": 3, "pct_start": 0.25},
    {"total_steps": 13, "pct_start": 1.0},
    {"total_steps": 13, "pct_start": 0.8},
    {"epochs": 3, "steps_per_epoch": 11},
    anneal_strategy=["cos", "linear"],
    three_phase=[False, True],
)
ONE_CYCLES += grid({"total_steps": 1}, three_phase=[False, True])

CASES = [
    case(
        "LambdaLR",
        [{"base_lr": 0.1, "lr_lambda": inverse}, {"base_lr": 0.1, "lr_lambda": wobble}],
        lambda **_: 20,
        spelling="0.1 * Function(inverse)",
    ),
    Case(
        named("MultiplicativeLR"),
        lambda base_lr, lr_lambda: ours.MultiplicativeLR(base_lr, lr_lambda, steps=30),
        rates(theirs.MultiplicativeLR),
        [{"base_lr": 0.1, "lr_lambda": wobble}],
        lambda **_: 9,
        spelling="PiecewiseConstant((0.1, 0.09, ...), milestones=(1, ...))",
        quirks="no formula gives a product of any factors: it is tabulated for the updates that there will be",
    ),
    case(
        "StepLR",
        grid({"base_lr": 0.1}, step_size=[30, 1, 7], gamma=[0.1, 0.5, 1.0, 1.01]),
        lambda step_size, **_: 3 * step_size,
    ),
    case(
        "MultiStepLR",
        grid({"base_lr": 0.1}, milestones=[[30, 80], [], [0], [3, 3, 9], [12, 5, 0, 1]], gamma=[0.1, 0.7]),
        lambda milestones, **_: max(milestones, default=0) + 1,
    ),
    case(
        "ConstantLR",
        grid({"base_lr": 0.1}, factor=[0.5, 1 / 3, 1.0], total_iters=[5, 1, 0]),
        over("total_iters"),
        quirks="`total_iters=0` never leaves the reduced rate",
    ),
    case(
        "LinearLR",
        grid({"base_lr": 0.1}, start_factor=[0.25, 1.0, 1e-3], end_factor=[1.0, 0.5, 0.0], total_iters=[5, 1, 0, 37]),
        over("total_iters"),
        quirks="`total_iters=0` stays at the start",
    ),
    case("ExponentialLR", grid({"base_lr": 0.1}, gamma=[0.9, 0.5, 1.0, 1.05]), lambda **_: 50),
    case(
        "PolynomialLR",
        grid({"base_lr": 0.1}, total_iters=[30, 1, 0, 7], power=[1.0, 0.9, 2.0, 3.5, 0.5]),
        over("total_iters"),
        quirks="`total_iters=0` never decays",
    ),
    case(
        "CosineAnnealingLR",
        grid({"base_lr": 0.1}, T_max=[50, 1, 2, 7, 4.5], eta_min=[0.0, 0.01, 0.1, 0.3]),
        lambda T_max, **_: round(2 * T_max),  # noqa: N803
        quirks="rises again after `T_max`, up to `base_lr`, and so on",
    ),
    case(
        "CosineAnnealingWarmRestarts",
        grid({"base_lr": 0.1}, T_0=[10, 1, 7], T_mult=[1, 2, 3], eta_min=[0.0, 0.01]),
        lambda T_0, **_: 12 * T_0,  # noqa: N803
        quirks="not reproduced: `step(epoch)` can miss a restart",
    ),
    Case(
        named("CyclicLR"),
        ours.CyclicLR,
        own_rates(theirs.CyclicLR),
        [{"base_lr": 0.01, "max_lr": 0.1, **cycle} for cycle in CYCLES]
        + [{"base_lr": 0.0, "max_lr": 0.1, **CYCLES[3]}]
        + [{"base_lr": 0.5, "max_lr": 0.1, **CYCLES[3]}],
        lambda **_: 20,
    ),
    Case(
        named("CyclicLR") + ", momentum",
        ours.CyclicMomentum,
        lambda count, **arguments: own_rates(theirs.CyclicLR, "momentum")(count, base_lr=0.1, max_lr=0.2, **arguments),
        [*CYCLES, *grid({"base_momentum": 0.5, "max_momentum": 0.99, **CYCLES[3]})],
        lambda **_: 20,
    ),
    Case(
        named("OneCycleLR"),
        ours.OneCycleLR,
        own_rates(theirs.OneCycleLR),
        [{"max_lr": 0.1, **cycle} for cycle in ONE_CYCLES]
        + [{"max_lr": 0.1, "total_steps": 20, "div_factor": 10.0, "final_div_factor": 1.0}],
        one_cycle_length,
        last=one_cycle_length,
        quirks="the peak is at `pct_start * total_steps - 1`, the end at `total_steps - 1`; not reproduced: after "
        "that, one rise or a negative rate, then an error",
    ),
    Case(
        named("OneCycleLR") + ", momentum",
        ours.OneCycleMomentum,
        lambda count, **arguments: own_rates(theirs.OneCycleLR, "momentum")(count, max_lr=0.1, **arguments),
        [*ONE_CYCLES, {"total_steps": 20, "base_momentum": 0.5, "max_momentum": 0.99}],
        one_cycle_length,
        last=one_cycle_length,
        quirks="those of the rate",
    ),
    Case(
        named("SequentialLR"),
        lambda base_lr, schedulers, milestones: ours.SequentialLR(children(base_lr, schedulers), milestones),
        composed(theirs.SequentialLR),
        [
            {"base_lr": 0.1, "schedulers": [LINEAR, COSINE], "milestones": [5]},
            {"base_lr": 0.1, "schedulers": [LINEAR, EXPONENTIAL, STEP], "milestones": [5, 11]},
            {"base_lr": 0.1, "schedulers": [LINEAR, POLYNOMIAL], "milestones": [0]},
            {"base_lr": 0.1, "schedulers": [CONSTANT, MILESTONES, RESTARTS], "milestones": [8, 8]},
            {"base_lr": 0.1, "schedulers": [LAMBDA, RESTARTS, LAMBDA], "milestones": [3, 20]},
            {"base_lr": 0.1, "schedulers": [COSINE], "milestones": []},
        ],
        lambda milestones, **_: max(milestones, default=0) + 40,
        spelling="Sequence((Linear(...), Cosine(...)), milestones=(5,))",
        quirks="not reproduced: a `SequentialLR` within another leaves out an update, or fails",
    ),
    Case(
        named("ChainedScheduler"),
        lambda base_lr, schedulers: ours.ChainedScheduler(children(base_lr, schedulers), base_lr=base_lr),
        composed(lambda _, schedulers: theirs.ChainedScheduler(schedulers)),
        [
            {"base_lr": 0.1, "schedulers": [CONSTANT, EXPONENTIAL]},
            {"base_lr": 0.1, "schedulers": [LINEAR, POLYNOMIAL]},
            {"base_lr": 0.1, "schedulers": [MILESTONES, LINEAR, STEP, EXPONENTIAL]},
            {"base_lr": 0.1, "schedulers": [RESTARTS]},
        ],
        lambda **_: 40,
        spelling="Constant(0.1).with_warmup(...) * (Factor(0.1, 0.9) / 0.1)",
        quirks="not reproduced: schedulers that do not multiply wipe out what the others did",
    ),
    Case(
        "torch.optim.swa_utils.SWALR",
        ours.SWALR,
        rates(SWALR),
        grid({"base_lr": 0.1}, swa_lr=[0.05, 0.0, 0.3], anneal_epochs=[10, 1, 0], anneal_strategy=["cos", "linear"]),
        over("anneal_epochs"),
    ),
]
