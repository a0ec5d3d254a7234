"""What a compiler of tensors makes of a schedule: how often it compiles, and how long that takes."""

from collections.abc import Callable
from importlib import import_module
from time import perf_counter_ns
from typing import Any

from benchmarks.bars import Bar
from benchmarks.measure import Race, Spread, exactly
from benchmarks.policies import END, FLOOR, OURS, PEAK, Policy, height, phases
from benchmarks.quiet import quiet
from benchmarks.rivals import NOT_INSTALLED
from benchmarks.section import FULL, Bench, Section, Table, nanoseconds, times

STEPS = 100


def _jax() -> int:
    jax: Any = import_module("jax")
    schedule, traced = OURS[Policy.WARMUP_COSINE], []

    @jax.jit
    def rate(t: Any) -> Any:
        traced.append(t)
        return schedule(t)

    for t in range(STEPS):
        rate(t)
    return len(traced)


def _torch() -> int:
    torch: Any = import_module("torch")
    schedule = OURS[Policy.WARMUP_COSINE]
    counter = import_module("torch._dynamo.testing").CompileCounterWithBackend("eager")
    rate = torch.compile(lambda t: schedule(t), fullgraph=True, backend=counter)
    for t in range(STEPS):
        rate(torch.tensor(t))
    return int(counter.frame_count)


def _tensorflow() -> int:
    with quiet():
        tensorflow: Any = import_module("tensorflow")
    schedule = OURS[Policy.WARMUP_COSINE]
    rate = tensorflow.function(lambda t: schedule(t))
    for t in range(STEPS):
        rate(tensorflow.constant(t))
    return int(rate.experimental_get_tracing_count())


COUNTS: dict[Bar, Callable[[], int]] = {Bar.TRACE_JAX: _jax, Bar.TRACE_TORCH: _torch, Bar.TRACE_TENSORFLOW: _tensorflow}


def _optax_join() -> Any:
    optax: Any = import_module("optax")
    steps = END // 100
    waves = [optax.cosine_decay_schedule(height(i), steps, FLOOR / height(i)) for i in range(100)]
    return optax.join_schedules(waves, [steps * i for i in range(1, 100)])


def _optax_constants() -> Any:
    optax: Any = import_module("optax")
    return optax.piecewise_constant_schedule(PEAK, {1000 * i: 0.9 for i in range(1, 100)})


COMPILED = {
    "ours, 100 phases": lambda: phases(100),
    "optax.join_schedules, 100 phases": _optax_join,
    "optax.piecewise_constant_schedule, 99 milestones": _optax_constants,
}


def measure(bench: Bench) -> Section:
    """Compilations counted, and one of 100 phases timed."""
    counted: dict[Bar, Spread] = {}
    rows = []
    for bar, count in COUNTS.items():
        try:
            counted[bar] = exactly(count())
            rows.append((bar.what, f"{counted[bar].median:.0f}"))
        except ImportError:
            rows.append((bar.what, NOT_INSTALLED))
    tables = [Table("Compilations", ("", "measured"), rows)]
    try:
        tables.append(_compile_times(bench))
    except ImportError:
        tables.append(Table("Compiling under jax.jit", ("",), [(NOT_INSTALLED,)]))
    return Section("Tracing", "", tables, counted)


def _compile_times(bench: Bench) -> Table:
    jax: Any = import_module("jax")
    result = Race({name: [] for name in COMPILED})
    for _ in bench.each("jax.jit: compiling", [str(i) for i in range(7 if bench.effort == FULL else 3)]):
        for name, make in COMPILED.items():
            schedule = make()
            jax.clear_caches()
            start = perf_counter_ns()
            jax.jit(lambda t, f=schedule: f(t)).lower(0).compile()
            result.times[name].append(perf_counter_ns() - start)
    base = next(iter(COMPILED))
    rows = [(name, nanoseconds(result.median(name)), times(result.ratio(name, base))) for name in COMPILED]
    return Table("Compiling under jax.jit", ("", "time", "x ours"), rows)
