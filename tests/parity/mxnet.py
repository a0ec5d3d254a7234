"""`mxnet.lr_scheduler`, asked as a training asks: for every update in order, from `num_update = 1` on."""

from functools import partial

import mxnet

from lrsched_core.compat import mxnet as ours
from parity.case import maker
from parity.comparison import grid

_WARMUP = "the warmup is one update early, without `warmup_begin_lr`"


_PAST = "not reproduced: asked about the past, it answers with the present"


def _rates(original, count, **arguments):
    scheduler = original(**arguments)
    return [scheduler(num_update) for num_update in range(1, count + 1)]


_WARMUPS = [
    {},
    {"warmup_steps": 1},
    {"warmup_steps": 2, "warmup_begin_lr": 0.01},
    {"warmup_steps": 5},
    {"warmup_steps": 7, "warmup_begin_lr": 0.05, "warmup_mode": "constant"},
    {"warmup_steps": 12, "warmup_begin_lr": 0.1},
]


_made = maker("mxnet.lr_scheduler", mxnet.lr_scheduler, ours, partial(partial, _rates))


def _case(name, typical, arguments, horizon, quirks):
    return _made(name, [typical, *arguments], horizon, quirks)


def _decays(**choices):
    """Decays to `max_update`, but for those as long as their warmup, which divide by zero."""
    every = grid(*_WARMUPS, max_update=[1, 2, 3, 10, 30], base_lr=[0.1], final_lr=[0.0, 0.01, 0.1, 0.3], **choices)
    return [arguments for arguments in every if arguments["max_update"] != arguments.get("warmup_steps")]


_EARLY = (
    "all of it is one update early; with more warmup than updates there is no decay; "
    "not reproduced: divides by zero with as much, and stays at `base_lr` if first asked past the end"
)

CASES = [
    _case(
        "FactorScheduler",
        {"step": 10, "factor": 0.5, "base_lr": 0.1, "warmup_steps": 5},
        grid(*_WARMUPS, step=[1, 3, 10], factor=[1.0, 0.5, 0.9], stop_factor_lr=[0.0, 1e-8, 0.05, 0.2], base_lr=[0.1]),
        lambda *, step, **_: 12 + 4 * step,
        f"{_WARMUP}; it decays meanwhile; a rate below the floor is used for `step` updates; {_PAST}",
    ),
    _case(
        "MultiFactorScheduler",
        {"step": [15, 30], "factor": 0.5, "base_lr": 0.5},
        grid(*_WARMUPS, step=[[1], [3, 4, 5], [7, 20], [12]], factor=[1.0, 0.5, 0.1], base_lr=[0.1]),
        lambda *, step, **_: max(12, step[-1]),
        f"{_WARMUP}, and up to `base_lr` even if that has decayed meanwhile; {_PAST}",
    ),
    _case(
        "PolyScheduler",
        {"max_update": 20, "base_lr": 0.3, "final_lr": 0.01, "warmup_steps": 5},
        _decays(pwr=[0.5, 1, 2, 3.5]),
        lambda *, max_update, **_: max(12, max_update),
        _EARLY,
    ),
    _case(
        "CosineScheduler",
        {"max_update": 20, "base_lr": 0.3, "final_lr": 0.01, "warmup_steps": 5},
        _decays(),
        lambda *, max_update, **_: max(12, max_update),
        _EARLY,
    ),
]
