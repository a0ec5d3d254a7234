"""`optax.schedules`, in float64: the same code, while JAX is told to compute in 64 bits."""

from functools import partial

import jax
import numpy as np
import optax

from jax_precision import double_precision
from lrsched_core.compat import optax as ours
from parity.case import Case, maker
from parity.comparison import grid


def _values(schedule, count):
    # Few lengths: JAX compiles each operation for each of them.
    length = 128 << max(0, (count - 1).bit_length() - 7)
    with double_precision():
        return np.asarray(jax.vmap(schedule)(jax.numpy.arange(length)), np.float64)[:count]


def _rates(original, count, **arguments):
    return _values(original(**arguments), count)


_made = maker("optax", optax.schedules, ours, partial(partial, _rates))


def _case(name, typical, arguments, horizon, quirks=""):
    return _made(name, [typical, *arguments], horizon, quirks)


_JOINED = {
    "one": (["constant_schedule", {"value": 0.1}],),
    "warmup and decay": (
        ["linear_schedule", {"init_value": 0.0, "end_value": 0.3, "transition_steps": 5}],
        ["cosine_decay_schedule", {"init_value": 0.3, "decay_steps": 10}],
    ),
    "cut off": (
        ["cosine_decay_schedule", {"init_value": 0.3, "decay_steps": 10}],
        ["exponential_decay", {"init_value": 0.1, "transition_steps": 2, "decay_rate": 0.5}],
        ["polynomial_schedule", {"init_value": 0.2, "end_value": 0.0, "power": 2, "transition_steps": 9}],
    ),
}


def _join(library, *, schedules, boundaries):
    return library.join_schedules([getattr(library, name)(**given) for name, given in _JOINED[schedules]], boundaries)


_REPAIRED = "without duration it is constant; a `transition_begin` below 0 is 0"


def _last_boundary(*, boundaries_and_scales, **_):
    return max(boundaries_and_scales or {}, default=0) + 1


_SCALES = [None, {}, {0: 0.5}, {1: 0.0}, {5: 0.5, 9: 3.0, 10: 0.1}, {12: 2.0, 3: 0.25, 0: 2.0}]
_TRANSITIONS = {"transition_steps": [-1, 0, 1, 7], "transition_begin": [-3, 0, 10]}
_WARMUPS = [
    arguments
    for arguments in grid(
        init_value=[0.0, 0.05],
        peak_value=[0.0, 0.3],
        warmup_steps=[0, 1, 5],
        decay_steps=[1, 6, 20],
        end_value=[0.0, 0.01, 0.5],
        exponent=[1.0, 2.0, 0.5],
    )
    if arguments["decay_steps"] > arguments["warmup_steps"]
]

CASES = [
    _case("constant_schedule", {"value": 0.1}, grid(value=[0.0]), lambda **_: 1),
    _case(
        "polynomial_schedule",
        {"init_value": 0.3, "end_value": 0.01, "power": 2, "transition_steps": 80, "transition_begin": 20},
        grid(init_value=[0.3, 0.0], end_value=[0.0, 0.01, 0.5], power=[0.5, 1, 2, 3.5], **_TRANSITIONS),
        lambda *, transition_steps, transition_begin=0, **_: max(1, transition_steps + transition_begin),
        _REPAIRED,
    ),
    _case(
        "linear_schedule",
        {"init_value": 0.0, "end_value": 0.3, "transition_steps": 80},
        grid(init_value=[0.3, 0.0], end_value=[0.0, 0.01, 0.5], **_TRANSITIONS),
        lambda *, transition_steps, transition_begin=0, **_: max(1, transition_steps + transition_begin),
        _REPAIRED,
    ),
    _case(
        "piecewise_constant_schedule",
        {"init_value": 0.5, "boundaries_and_scales": {15: 0.5, 30: 0.5}},
        grid(init_value=[0.3, 0.0], boundaries_and_scales=_SCALES),
        _last_boundary,
    ),
    _case(
        "exponential_decay",
        {"init_value": 0.5, "transition_steps": 10, "decay_rate": 0.5},
        grid(
            init_value=[0.3],
            decay_rate=[0.0, 0.5, 1.0, 1.5],
            staircase=[False, True],
            end_value=[None, 0.0, 0.1, 0.5],
            **_TRANSITIONS,
        ),
        lambda *, transition_steps, transition_begin=0, **_: max(1, transition_steps + transition_begin),
        f"{_REPAIRED}; with `decay_rate=0` it is constant",
    ),
    _case(
        "cosine_decay_schedule",
        {"init_value": 0.5, "decay_steps": 100, "alpha": 0.1},
        grid(init_value=[0.3], decay_steps=[1, 2, 7, 30], alpha=[0.0, 0.1, 1.0, 1.5], exponent=[0.5, 1.0, 2.0, 3.0]),
        lambda *, decay_steps, **_: decay_steps,
    ),
    _case(
        "piecewise_interpolate_schedule",
        {"interpolate_type": "linear", "init_value": 0.1, "boundaries_and_scales": {10: 4, 20: 0.5}},
        grid(interpolate_type=["linear", "cosine"], init_value=[0.3], boundaries_and_scales=_SCALES),
        _last_boundary,
    ),
    _case(
        "linear_onecycle_schedule",
        {"transition_steps": 100, "peak_value": 0.5},
        grid(
            transition_steps=[1, 2, 10, 33],
            peak_value=[0.3],
            pct_start=[0.0, 0.3, 1.0],
            pct_final=[0.2, 0.85],
            div_factor=[25.0, 0.5],
            final_div_factor=[1e4],
        ),
        lambda *, transition_steps, **_: transition_steps,
        "times are rounded down, and where two are the same, one is lost with its factor",
    ),
    _case(
        "cosine_onecycle_schedule",
        {"transition_steps": 100, "peak_value": 0.5},
        grid(
            transition_steps=[1, 2, 10, 33],
            peak_value=[0.3],
            pct_start=[0.0, 0.3, 1.0],
            div_factor=[25.0, 0.5],
            final_div_factor=[1e4],
        ),
        lambda *, transition_steps, **_: transition_steps,
        "the time of the peak is rounded down; if that is the end, it is lost with its factor",
    ),
    _case(
        "warmup_constant_schedule",
        {"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 10},
        grid(init_value=[0.0, 0.1], peak_value=[0.3, 0.0], warmup_steps=[-1, 0, 1, 7]),
        lambda *, warmup_steps, **_: max(1, warmup_steps),
        "without a warmup it stays at `init_value`",
    ),
    _case(
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 10, "decay_steps": 100},
        _WARMUPS,
        lambda *, decay_steps, **_: decay_steps,
        "with a peak of 0 the end is 0",
    ),
    _case(
        "warmup_exponential_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.5, "warmup_steps": 5, "transition_steps": 10, "decay_rate": 0.5},
        grid(
            init_value=[0.0, 0.1],
            peak_value=[0.3],
            warmup_steps=[0, 1, 5],
            transition_steps=[0, 7],
            decay_rate=[0.5, 1.5],
            transition_begin=[-2, 4],
            staircase=[False, True],
            end_value=[None, 0.1, 0.5],
        ),
        lambda *, warmup_steps, transition_steps, transition_begin=0, **_: max(
            1, warmup_steps + transition_steps + transition_begin
        ),
        f"{_REPAIRED}; the warmup goes up to `peak_value` even if `end_value` then forbids that",
    ),
    _case(
        "sgdr_schedule",
        {"cosine_kwargs": [{"init_value": 0.0, "peak_value": 0.4, "warmup_steps": 2, "decay_steps": 10}] * 2},
        [
            {"cosine_kwargs": [_WARMUPS[i] for i in chosen]}
            for chosen in [(0,), (1, 1), (5, 40, 80), tuple(range(0, len(_WARMUPS), 11))]
        ],
        lambda *, cosine_kwargs: sum(cycle["decay_steps"] for cycle in cosine_kwargs),
        "with a peak of 0 the end is 0",
    ),
    Case(
        original="optax.join_schedules",
        ours=partial(_join, ours),
        rates=lambda count, **arguments: _values(_join(optax.schedules, **arguments), count),
        grid=[
            *({"schedules": "warmup and decay", "boundaries": [at]} for at in (5, 0, 1, 20)),
            {"schedules": "one", "boundaries": []},
            *({"schedules": "cut off", "boundaries": list(at)} for at in ((0, 0), (0, 4), (4, 4), (3, 11))),
        ],
        horizon=lambda **_: 30,
        quirks="not reproduced: leaves out what has no boundary or no schedule",
    ),
]
