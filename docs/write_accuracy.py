"""Write the table of what rounding costs: `python docs/write_accuracy.py` writes docs/accuracy.md."""

import importlib
import math
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "core")]

importlib.import_module("conftest")  # what must hold before a framework is imported

from test_accuracy import SCHEDULES, error, exact, moments  # noqa: E402

from lrsched_core import CosinePower, Polynomial, RAdam, Schedule  # noqa: E402

HEAD = """\
# Accuracy

The largest relative error of any rate, rounded up to one digit, against a reference of 120 digits: of numbers, which
are float64, and of integer times up to $2^{31} - 1$ in PyTorch, whose answers are float32. The times are the first and
the last hundred updates of each schedule, powers of ten, and random ones in between; the arguments are those that
`tests/core/test_accuracy.py` tries, a part of them here. float32 alone rounds by 6e-8, float64 by 1.1e-16. In float32,
rates below 1e-30 and above 1e38 are left out.

Written by `python docs/write_accuracy.py`.

| schedule | numbers | float32 |
|---|---|---|
"""
# More than every class needs, since rounding depends on these arguments.
EXTREME = [
    *[RAdam(0.1, beta2=0.602 + 0.0133 * k) for k in range(30)],
    *[CosinePower(0.1, final, steps=1000, power=p) for p in (1.5, 2, 2.5) for final in (0.0, 0.2)],
    *[Polynomial(0.1, final, steps=1000, power=p) for p in (0.5, 1.5, 3.3) for final in (0.0, 0.2)],
]


def main() -> None:
    """Measure everything and write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    worst: dict[str, list[float]] = {}
    of_kind: dict[str, list[Schedule]] = {}
    for schedule in [*SCHEDULES, *EXTREME]:
        of_kind.setdefault(type(schedule).__name__, []).append(schedule)
    # Of each kind a dozen or two, if there are so many.
    some = [schedule for kind in of_kind.values() for schedule in (*kind[:: max(1, len(kind) // 12)], *kind[-3:])]
    for schedule in [*some, *EXTREME]:
        kind = type(schedule).__name__
        if kind == "WithWarmup":
            continue
        numbers, singles = worst.setdefault(kind, [0.0, 0.0])
        found = errors(schedule)
        worst[kind] = [max(numbers, found[0]), max(singles, found[1])]
    rows = [f"| `{kind}` | {rounded(n)} | {rounded(s)} |\n" for kind, (n, s) in sorted(worst.items())]
    return HEAD + "".join(rows)


def errors(schedule: Schedule) -> tuple[float, float]:
    """The largest of numbers, and of float32."""
    import torch

    asked = sorted({*moments(schedule), *range(20)})
    values = {t: exact(schedule, t) for t in asked}
    numbers = max(float(error(schedule(t), v)) for t, v in values.items() if not 0 < v < 1e-290)
    whole = [t for t in asked if t == int(t) and t < 2**31]
    singles = schedule(torch.from_numpy(np.array(whole, np.int64))).tolist()
    pairs = [(x, values[t]) for t, x in zip(whole, singles, strict=True) if values[t] == 0 or 1e-30 < values[t] < 1e38]
    return numbers, max(float(error(x, v)) for x, v in pairs)


def rounded(value: float) -> str:
    """Upwards, to one digit."""
    if value == 0:
        return "0e+00"
    exponent = math.floor(math.log10(value))
    digit = math.ceil(value / 10.0**exponent)
    return f"{digit * 10.0**exponent:.0e}"


if __name__ == "__main__":
    main()
