"""`transformers.get_scheduler`, and the functions behind its names."""

from transformers import optimization as theirs

from lrsched_core.compat import transformers as ours
from parity.case import Case, maker
from parity.comparison import grid
from parity.torch import rates

# (warmup, training): no warmup, one update, all of it, more than all of it.
STEPS = [
    {"base_lr": 0.3, "num_warmup_steps": warmup, "num_training_steps": training}
    for warmup, training in [(10, 100), (0, 30), (1, 2), (0, 1), (7, 24)]
]
ODD = [
    {"base_lr": 0.3, "num_warmup_steps": warmup, "num_training_steps": training}
    for warmup, training in [(12, 12), (9, 4), (0, 0)]
]
REBOUND = "rises again after `num_training_steps`"


def horizon(num_training_steps, num_warmup_steps, **_):
    return max(num_training_steps, num_warmup_steps) + 1


def wsd_horizon(num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None, **_):
    return max(num_training_steps or 0, num_warmup_steps + num_decay_steps + (num_stable_steps or 0)) + 1


made = maker("transformers", theirs, ours, rates)


def case(name, grid, horizon=horizon, quirks=""):
    return made(name, grid, horizon, quirks)


def by_name(count, base_lr, name, **arguments):
    def scheduler(optimizer, **arguments):
        return theirs.get_scheduler(name, optimizer, **arguments)

    return rates(scheduler)(count, base_lr, **arguments)


NAMED = [
    ("linear", {}),
    ("cosine", {"num_cycles": 1.5}),
    ("cosine_with_restarts", {"num_cycles": 3}),
    ("polynomial", {"power": 2.0}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("inverse_sqrt", {"timescale": 20}),
    ("cosine_with_min_lr", {"min_lr": 0.01}),
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1, "warmup_lr_rate": 0.05}),
    ("warmup_stable_decay", {"num_decay_steps": 10}),
]

CASES = [
    case("get_constant_schedule", [{"base_lr": 0.3}], lambda **_: 9),
    case(
        "get_constant_schedule_with_warmup",
        grid({"base_lr": 0.3}, num_warmup_steps=[10, 0, 1, 7]),
        lambda num_warmup_steps, **_: num_warmup_steps + 1,
    ),
    case("get_linear_schedule_with_warmup", STEPS + ODD),
    case(
        "get_cosine_schedule_with_warmup", grid(*STEPS, *ODD, num_cycles=[0.5, 1.0, 1.5, 0.3, 0.0, 4]), quirks=REBOUND
    ),
    case(
        "get_cosine_with_hard_restarts_schedule_with_warmup",
        grid(*STEPS, *ODD, num_cycles=[1, 2, 3, 9]),
        quirks="not reproduced: can be one update late with a restart",
    ),
    case(
        "get_polynomial_decay_schedule_with_warmup",
        grid(*STEPS, ODD[1], lr_end=[1e-7, 0.0, 0.1], power=[1.0, 0.5, 2.0, 3.5]),
        quirks="not reproduced: divides by zero where the warmup is all of the training",
    ),
    case(
        "get_inverse_sqrt_schedule",
        grid({"base_lr": 0.3}, num_warmup_steps=[10, 0, 1], timescale=[None, 100, 3]),
        lambda **_: 100,
    ),
    case(
        "get_cosine_with_min_lr_schedule_with_warmup",
        [*grid(*STEPS, *ODD, num_cycles=[0.5, 1.0, 0.7], min_lr=[0.01, 0.0]), *grid(*STEPS, min_lr_rate=[0.1, 1.0])],
        quirks=REBOUND,
    ),
    case(
        "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
        [
            *grid(*STEPS, *ODD, num_cycles=[0.5, 1.0, 0.7], min_lr=[0.01]),
            *grid(*STEPS, *ODD, min_lr_rate=[0.1], warmup_lr_rate=[0.05, 0.0]),
        ],
        quirks="warmup and end are one update early; " + REBOUND,
    ),
    case(
        "get_wsd_schedule",
        [
            *grid(
                {"base_lr": 0.3, "num_warmup_steps": 10, "num_decay_steps": 20, "num_training_steps": 100},
                warmup_type=["linear", "cosine", "1-sqrt"],
                decay_type=["linear", "cosine", "1-sqrt"],
                min_lr_ratio=[0.0, 0.1],
            ),
            *grid(
                {"base_lr": 0.3, "num_warmup_steps": 0, "num_decay_steps": 5, "num_stable_steps": 3},
                {"base_lr": 0.3, "num_warmup_steps": 5, "num_decay_steps": 0, "num_stable_steps": 0},
                {"base_lr": 0.3, "num_warmup_steps": 1, "num_decay_steps": 1, "num_stable_steps": 0},
                {"base_lr": 0.3, "num_warmup_steps": 4, "num_decay_steps": 12, "num_training_steps": 10},
                {"base_lr": 0.3, "num_warmup_steps": 4, "num_decay_steps": 12, "num_training_steps": 3},
                num_cycles=[0.5, 1.0, 0.8],
                decay_type=["cosine", "1-sqrt"],
                min_lr_ratio=[0.0, 0.1],
            ),
        ],
        wsd_horizon,
        quirks="the warmup begins at the floor; too short a training begins the decay in the middle",
    ),
    Case(
        "transformers.get_scheduler",
        ours.get_scheduler,
        by_name,
        [{"name": name, **STEPS[0], "scheduler_specific_kwargs": options} for name, options in NAMED],
        lambda **_: 101,
        quirks="those of the function of that name",
    ),
]
