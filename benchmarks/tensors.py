"""A torch tensor in, a torch tensor out: as it is, and in the graphs of torch.compile."""

import math
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import torch

from benchmarks.bars import Bar
from benchmarks.measure import Contestant, Race, Spread, spread
from benchmarks.policies import END, FLOOR, HOLD_UNTIL, OURS, PEAK, WARMUP, Policy, phases
from benchmarks.section import FULL, Bench, Section, Table, ranking, times
from lrsched_core import Schedule

T = torch.tensor(70_000)
THEIRS, THREE, WAVES, HUNDRED, THOUSAND = "torch.where", "3 phases", "3 cosines", "100 phases", "1000 phases"
SCHEDULES: dict[str, Callable[[], Schedule]] = {
    THREE: lambda: OURS[Policy.THREE_PHASES],
    HUNDRED: lambda: phases(100),
    THOUSAND: lambda: phases(1000),
}


def where(t: Any) -> Any:
    """The 3 phases, as they are usually written."""
    wave = FLOOR + (PEAK - FLOOR) * (1 + torch.cos(math.pi * (t - HOLD_UNTIL) / (END - HOLD_UNTIL))) / 2
    late = torch.where(t < END, wave, FLOOR)
    return torch.where(t < WARMUP, PEAK * t / WARMUP, torch.where(t < HOLD_UNTIL, PEAK, late))


def measure(bench: Bench) -> Section:
    """Calls with a tensor of one time."""
    torch.testing.assert_close(OURS[Policy.THREE_PHASES](T), where(T))
    kept = {name: make() for name, make in {**SCHEDULES, WAVES: lambda: phases(3)}.items()}
    functions: dict[str, Callable[[Any], Any]] = {THEIRS: where, **kept}
    plain = bench.race("torch: tensors", {name: _given(function) for name, function in functions.items()})
    first, following = _compiled(bench)
    rows = [(name, f"{first[name].median:.2g} s", times(following.ratio(name, THREE))) for name in SCHEDULES]
    return Section(
        "A call with a torch tensor",
        "A tensor of one whole number. `torch.where` computes in float32, which counts to 2**24; ours is right at "
        "every whole number, and exact at its ends. Inductor compiles for the processor.",
        [ranking("As it is", plain, THREE), Table("torch.compile", ("", "first call", f"next calls, x {THREE}"), rows)],
        {
            Bar.TENSOR_3: plain.ratio(THREE, THEIRS),
            Bar.TENSOR_100: plain.ratio(HUNDRED, THREE),
            Bar.TENSOR_1000: plain.ratio(THOUSAND, THREE),
            Bar.COMPILE_100: first[HUNDRED],
            Bar.COMPILE_1000: first[THOUSAND],
            Bar.COMPILED_100: following.ratio(HUNDRED, THREE),
            Bar.COMPILED_1000: following.ratio(THOUSAND, THREE),
        },
    )


def _given(function: Callable[[Any], Any]) -> Contestant:
    return Contestant(function, lambda n: [T] * n)


def _compiled(bench: Bench) -> tuple[dict[str, Spread], Race]:
    """Seconds until the first value of schedules that nobody has asked before, and the calls after it."""
    taken: dict[str, list[float]] = {name: [] for name in SCHEDULES}
    compiled: dict[str, Callable[[Any], Any]] = {}
    rounds = 5 if bench.effort == FULL else 2
    _first(lambda t: t + 1)  # loads the compiler
    for label in bench.each("torch.compile", [f"{name} {i}" for i in range(rounds) for name in SCHEDULES]):
        name = label.rpartition(" ")[0]
        torch._dynamo.reset()
        compiled[name], seconds = _first(SCHEDULES[name]())
        taken[name].append(seconds)
    torch._dynamo.reset()
    compiled = {name: _first(make())[0] for name, make in SCHEDULES.items()}
    race = bench.race("torch.compile: next calls", {name: _given(function) for name, function in compiled.items()})
    return {name: spread(seconds) for name, seconds in taken.items()}, race


def _first(function: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], float]:
    compiled = torch.compile(lambda t: function(t), fullgraph=True)
    start = perf_counter_ns()
    compiled(T)
    return compiled, (perf_counter_ns() - start) / 1e9
