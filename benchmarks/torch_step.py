"""`scheduler.step()` of everything that sets the rates of a torch optimizer."""

import math
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import torch
from torch.optim import lr_scheduler as shipped

from benchmarks.bars import Bar
from benchmarks.measure import Contestant
from benchmarks.policies import PEAK
from benchmarks.rivals import NOT_INSTALLED
from benchmarks.rivals.formula import warmup_cosine
from benchmarks.section import Bench, Section, Table, nanoseconds, times
from lrsched_core import Cosine, Linear, Plan, Plateau
from lrsched_torch import ScheduleLR

BARS = {1: Bar.STEP_1, 10: Bar.STEP_10, 100: Bar.STEP_100, 1000: Bar.STEP_1000}
BASE = "CosineAnnealingLR"
# No scheduler comes to its end while it is timed.
LONG, WARMUP = 100_000_000, 1000
OURS = Cosine(PEAK, steps=LONG - WARMUP).with_warmup(WARMUP)

Step = Callable[[], Any]


def optimizer_of(groups: int) -> torch.optim.Optimizer:
    """A real optimizer whose parameters are of no size worth speaking of."""
    parameters = [{"params": [torch.nn.Parameter(torch.zeros(1))]} for _ in range(groups)]
    optimizer = torch.optim.SGD(parameters, lr=PEAK)
    optimizer.step()  # before any scheduler, which would warn
    return optimizer


def _write_loop(optimizer: torch.optim.Optimizer) -> Step:
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        rate = warmup_cosine(t)
        for group in optimizer.param_groups:
            group["lr"] = rate

    return step


def _transformers(optimizer: torch.optim.Optimizer) -> Step:
    optimization: Any = import_module("transformers.optimization")
    return optimization.get_cosine_schedule_with_warmup(optimizer, WARMUP, LONG).step


def _timm(optimizer: torch.optim.Optimizer) -> Step:
    import_module("benchmarks.rivals.timm")
    scheduler = import_module("timm.scheduler.cosine_lr").CosineLRScheduler(optimizer, LONG)
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        scheduler.step(t)

    return step


def _ignite(optimizer: torch.optim.Optimizer) -> Step:
    handler = import_module("ignite.handlers.param_scheduler").CosineAnnealingScheduler(
        optimizer, "lr", PEAK, 0.0, LONG
    )
    return lambda: handler(None)


def _pytorch_warmup(optimizer: torch.optim.Optimizer) -> Step:
    cosine = shipped.CosineAnnealingLR(optimizer, LONG)
    warmup = import_module("pytorch_warmup").LinearWarmup(optimizer, WARMUP)

    def step() -> None:
        with warmup.dampening():
            cosine.step()

    return step


def _sequential(optimizer: torch.optim.Optimizer) -> Step:
    parts = [shipped.LinearLR(optimizer, 0.01, total_iters=WARMUP), shipped.CosineAnnealingLR(optimizer, LONG)]
    return shipped.SequentialLR(optimizer, parts, [WARMUP]).step


def _chained(optimizer: torch.optim.Optimizer) -> Step:
    parts = [shipped.LinearLR(optimizer, 0.01, total_iters=WARMUP), shipped.CosineAnnealingLR(optimizer, LONG)]
    return shipped.ChainedScheduler(parts).step


# Two options beside the rate.
DECAY, MOMENTUM = Linear(0.1, 0.01, steps=LONG), Cosine(0.9, 0.8, steps=LONG)
PLAN = Plan(lr=OURS, weight_decay=DECAY, momentum=MOMENTUM)


def _cosine_and_loop(optimizer: torch.optim.Optimizer) -> Step:
    cosine = shipped.CosineAnnealingLR(optimizer, LONG)
    t = 0

    def step() -> None:
        nonlocal t
        cosine.step()
        t += 1
        share = min(t, LONG) / LONG
        decay, momentum = 0.1 - 0.09 * share, 0.8 + 0.1 * (1 + math.cos(math.pi * share)) / 2
        for group in optimizer.param_groups:
            group["weight_decay"], group["momentum"] = decay, momentum

    return step


def _cosine_and_plateau(optimizer: torch.optim.Optimizer) -> Step:
    cosine, plateau = shipped.CosineAnnealingLR(optimizer, LONG), shipped.ReduceLROnPlateau(optimizer)

    def step() -> None:
        cosine.step()
        plateau.step(1.0)

    return step


def _rule(optimizer: torch.optim.Optimizer) -> Step:
    scheduler = ScheduleLR(optimizer, OURS, rule=Plateau())

    def step() -> None:
        scheduler.step()
        scheduler.observe(1.0)

    return step


RUN_PLAN, RUN_RULE = "ours, a Plan: lr, weight_decay, momentum", "ours, with a rule that observes at every step"
LOOP, PLATEAU = "CosineAnnealingLR and a loop for two options", "CosineAnnealingLR and ReduceLROnPlateau"
STEPS: dict[str, Callable[[torch.optim.Optimizer], Step]] = {
    "a loop that writes the formula": _write_loop,
    "ours": lambda o: ScheduleLR(o, OURS).step,
    'ours, mode="factor"': lambda o: ScheduleLR(o, OURS, mode="factor").step,
    "ours, a schedule a group": lambda o: ScheduleLR(o, [OURS] * len(o.param_groups)).step,
    "ours, a mapping: lr": lambda o: ScheduleLR(o, {"lr": OURS}).step,
    "ours, a mapping: lr, momentum": lambda o: ScheduleLR(o, {"lr": OURS, "momentum": OURS}).step,
    RUN_PLAN: lambda o: ScheduleLR(o, PLAN).step,
    RUN_RULE: _rule,
    LOOP: _cosine_and_loop,
    PLATEAU: _cosine_and_plateau,
    BASE: lambda o: shipped.CosineAnnealingLR(o, LONG).step,
    "ExponentialLR": lambda o: shipped.ExponentialLR(o, 1 - 1e-9).step,
    "LambdaLR (the formula)": lambda o: shipped.LambdaLR(o, warmup_cosine).step,
    "MultiStepLR": lambda o: shipped.MultiStepLR(o, [30_000, 60_000]).step,
    "SequentialLR (LinearLR, CosineAnnealingLR)": _sequential,
    "ChainedScheduler (LinearLR, CosineAnnealingLR)": _chained,
    "CosineAnnealingWarmRestarts": lambda o: shipped.CosineAnnealingWarmRestarts(o, 10_000).step,
    "OneCycleLR": lambda o: shipped.OneCycleLR(o, PEAK, LONG).step,
    "transformers, cosine with warmup": _transformers,
    "timm, cosine": _timm,
    "ignite, cosine": _ignite,
    "pytorch_warmup, linear x CosineAnnealingLR": _pytorch_warmup,
}


def measure(bench: Bench) -> Section:
    """Steps of optimizers with 1 to 1000 parameter groups."""
    results = {}
    for groups in BARS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            steps = {name: step for name, make in STEPS.items() if (step := _made(make, groups))}
            contestants = {name: Contestant(step) for name, step in steps.items()}
            results[groups] = bench.race(f"torch: {groups} groups", contestants)
    rows = []
    for name in STEPS:
        row = [name]
        for result in results.values():
            known = name in result.times
            row.append(
                f"{nanoseconds(result.median(name))}: {times(result.ratio(name, BASE))}" if known else NOT_INSTALLED
            )
        rows.append(row)
    columns = ["", *[f"{n} group{'s' if n > 1 else ''}: x {BASE}" for n in BARS]]
    return Section(
        "One step of a scheduler on a torch optimizer",
        "SGD with tiny parameters. Ours is one schedule, warmup + cosine, shared by all groups, unless said.",
        [Table("`scheduler.step()`", columns, rows)],
        {
            **{bar: results[groups].ratio("ours", BASE) for groups, bar in BARS.items()},
            Bar.STEP_PLAN: results[1].ratio(RUN_PLAN, LOOP),
            Bar.STEP_RULE: results[1].ratio(RUN_RULE, PLATEAU),
        },
    )


def _made(make: Callable[[torch.optim.Optimizer], Step], groups: int) -> Step | None:
    try:
        return make(optimizer_of(groups))
    except ImportError:
        return None
