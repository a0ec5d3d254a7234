"""What an import costs, in fresh interpreters."""

import subprocess
import sys

from benchmarks.bars import Bar
from benchmarks.measure import Race, exactly
from benchmarks.rivals import NOT_INSTALLED
from benchmarks.section import FULL, Bench, Section, Table, nanoseconds, times

# What is loaded by name is loaded when it is asked for, so that the import alone says little.
FIRST, ALL = "lrsched_core, to a first rate", "lrsched_core, all names"
CODE = {
    FIRST: "from lrsched_core import Cosine\nCosine(0.1, steps=99).with_warmup(10)(0)",
    ALL: "from lrsched_core import *",
}
# MXNet needs numpy.bool.
BEFORE = {"mxnet": "import numpy\nnumpy.bool = bool"}
LIGHT = ("lrsched_core", FIRST, ALL, "numpy", "lrsched", "dataclasses", "fvcore.common.param_scheduler")
HEAVY = ("torch", "jax", "optax", "mxnet")
UNWANTED = ("numpy", "torch", "tensorflow", "keras", "jax", "mxnet", "optax")
# The import itself, without the start of Python around it.
_TIMED = """
import time
{before}
start = time.perf_counter_ns()
{code}
print(time.perf_counter_ns() - start)
"""
_LOADED = "from lrsched_core import *; import sys; print(sum(name in sys.modules for name in {names!r}))"


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
            Bar.IMPORT_FIRST: light.ratio(FIRST, "numpy"),
            Bar.IMPORT_LOADS: exactly(run(_LOADED.format(names=UNWANTED))),
        },
    )


def _imports(bench: Bench, names: tuple[str, ...], rounds: int) -> Race:
    result = Race({name: [] for name in names})
    for label in bench.each("import", [f"{name} {i}" for i in range(rounds) for name in names]):
        name = label.rpartition(" ")[0]
        try:
            result.times[name].append(
                run(_TIMED.format(before=BEFORE.get(name, ""), code=CODE.get(name, f"import {name}")))
            )
        except subprocess.CalledProcessError:
            result.times[name].append(0)
    return result


def _table(title: str, result: Race, names: tuple[str, ...]) -> Table:
    rows = []
    for name in names:
        if not all(result.times[name]):
            rows.append((name, NOT_INSTALLED, ""))
        else:
            base = "numpy" if "numpy" in names else names[0]
            rows.append((name, nanoseconds(result.median(name)), times(result.ratio(name, base))))
    return Table(title, ("", "time", f"x {'numpy' if 'numpy' in names else names[0]}"), rows)
