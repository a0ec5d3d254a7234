"""Write the table of what stands for other libraries: `python docs/write_parity.py` writes docs/parity.md."""

import importlib
import inspect
import math
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "parity.md"
sys.path.insert(0, str(ROOT / "tests"))

importlib.import_module("conftest")  # what must hold before a framework is imported

from parity.comparison import DISTRIBUTIONS, LIBRARIES, ROUNDING, cases, difference  # noqa: E402

HEAD = """\
# Parity with the originals

What the constructors in `lrsched_core.compat` give, beside the live originals: the same rate in every update, quirks
included. Each row is one original, with the first arguments that it is compared with.

- *Difference* is the largest relative one of any rate, rounded up to a power of ten, over all arguments and at least
  three times the length of each schedule, as far as the original survives; 1e-15 is no more than the rounding of the
  largest rate.
- *Quirks* are left out with `clean=True`. What is not reproduced is a fault, pinned in `tests/parity/test_faults*.py`.
- Keras and optax are compared in float64, while both compute in float32 by default: at the last step of a cosine from
  0.3 to 0 over 10,000 steps the rate of both is then 21 % off, and over 30,000 steps it is 0 already.

Written by `python docs/write_parity.py` from the comparisons in `tests/parity`.
"""


def main() -> None:
    """Run every comparison and write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *map(section, LIBRARIES)])


def section(library: str) -> str:
    """One library: what was installed, and a row for each original."""
    compared = cases(library)
    rows = "\n".join(map(row, compared))
    modules = " and ".join(f"`{module}`" for module in dict.fromkeys(name_of(case)[0] for case in compared))
    installed = DISTRIBUTIONS.get(library, library)
    release = f": {installed} {version(installed).partition('+')[0]}" if installed else ""
    return f"""\
## `compat.{library}`{release}

Originals in {modules}:

| original | ours | difference | quirks |
|---|---|---|---|
{rows}
"""


def name_of(case) -> tuple[str, str, str]:
    """Of an original: its module, its name there, and which of its quantities is compared, if not the rate."""
    name, _, twin = case.original.partition(", ")
    module, _, name = name.rpartition(".")
    return module, name, twin


def row(case) -> str:
    """One original."""
    typical = case.grid[0]
    _, name, twin = name_of(case)
    original = f"`{name}({', '.join(arguments(case.ours, typical))})`" + (f", {twin}" if twin else "")
    ours = case.spelling or repr(case.ours(**typical))
    largest = max(difference(case, some) for some in case.grid)
    return f"| {original} | `{ours}` | {power_of_ten(largest)} | {case.quirks} |"


def arguments(function, given) -> list[str]:
    """Those that are not the defaults; a function by its name."""
    defaults = {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}
    return [
        f"{name}={getattr(value, '__name__', None) or repr(value)}"
        for name, value in given.items()
        if value is not None and value != defaults.get(name)
    ]


def power_of_ten(difference: float) -> str:
    """The next one above, and not below the rounding."""
    return f"1e{math.ceil(math.log10(max(difference, ROUNDING)) - 1e-9):d}"


if __name__ == "__main__":
    main()
