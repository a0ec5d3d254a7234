"""What an import costs, in fresh interpreters."""

import subprocess
import sys

from benchmarks.bars import Bar
from benchmarks.measure import Race, exactly
from benchmarks.rivals import NOT_INSTALLED
from benchmarks.section import FULL, Bench, Section, Table, nanoseconds, times

LIGHT = ("lrsched_core", "numpy", "lrsched", "dataclasses", "fvcore.common.param_scheduler")
HEAVY = ("torch", "jax", "optax", "mxnet")
UNWANTED = ("numpy", "torch", "tensorflow", "keras", "jax", "mxnet", "optax")
# The import itself, without the start of Python around it; MXNet needs numpy.bool.
_TIMED = """
import time
if {name!r} == "mxnet":
    import numpy
    numpy.bool = bool
start = time.perf_counter_ns()
import {name}
print(time.perf_counter_ns() - start)
"""
_LOADED = "import lrsched_core, sys; print(sum(name in sys.modules for name in {names!r}))"


def run(code: str) -> int:
    """The number that `code` prints in a new interpreter, where no checkout is in the way (-P)."""
    command = [sys.executable, "-P", "-c", code]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(bench: Bench) -> Section:
    """Imports in turn, and what ours loads."""
    light = _imports(bench, LIGHT, rounds=bench.effort.rounds)
    tables = [_table("Imports", light, LIGHT)]
    if bench.effort == FULL:
        tables.append(_table("Imports of what a schedule usually comes with", _imports(bench, HEAVY, rounds=3), HEAVY))
    return Section(
        "Importing",
        "Each in a fresh interpreter, the start of Python itself not counted.",
        tables,
        {
            Bar.IMPORT: light.ratio("lrsched_core", "numpy"),
            Bar.IMPORT_LOADS: exactly(run(_LOADED.format(names=UNWANTED))),
        },
    )


def _imports(bench: Bench, names: tuple[str, ...], rounds: int) -> Race:
    result = Race({name: [] for name in names})
    for label in bench.each("import", [f"{name} {i}" for i in range(rounds) for name in names]):
        name = label.split()[0]
        try:
            result.times[name].append(run(_TIMED.format(name=name)))
        except subprocess.CalledProcessError:
            result.times[name].append(0)
    return result


def _table(title: str, result: Race, names: tuple[str, ...]) -> Table:
    rows = []
    for name in names:
        if not all(result.times[name]):
            rows.append((name, NOT_INSTALLED, ""))
        else:
            base = names[1] if "numpy" in names else names[0]
            rows.append((name, nanoseconds(result.median(name)), times(result.ratio(name, base))))
    return Table(title, ("", "time", f"x {'numpy' if 'numpy' in names else names[0]}"), rows)
