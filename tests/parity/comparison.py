"""Runs the cases: which there are, and how far an original and ours are apart."""

import importlib
import itertools
from pathlib import Path

NOT_LIBRARIES = {"case", "comparison"}
LIBRARIES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if path.stem not in NOT_LIBRARIES and not path.stem.startswith("test_")
)

# What a library is installed as, where that is another name; None where it is not installed.
DISTRIBUTIONS = {"pytorch_warmup": "pytorch-warmup", "torchvision": None}

# An original that comes down to a small value by subtraction has it with the rounding of its largest.
ROUNDING = 1e-15


def cases(library):
    """The cases of a module here; raises `ModuleNotFoundError` where the library is not installed."""
    return importlib.import_module(f"parity.{library}").CASES


def grid(*fixed, **choices):
    """Every choice of arguments with each of the fixed ones."""
    combinations = [dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]
    return [{**some, **more} for some in fixed or ({},) for more in combinations]


def count(case, arguments):
    """How many updates are compared: three times the horizon, or as many as the original survives."""
    updates = 3 * case.horizon(**arguments) + 3
    return min(updates, case.last(**arguments)) if case.last else updates


# The table and the tests ask for the same; cases and their arguments live as long as the process.
_known = {}


def difference(case, arguments):
    """The largest relative difference of a rate; below the rounding of the largest rate there is none."""
    key = id(case), id(arguments)
    if key not in _known:
        _known[key] = _difference(case, arguments)
    return _known[key]


def _difference(case, arguments):
    theirs = [float(value) for value in case.rates(count(case, arguments), **arguments)]
    schedule = case.ours(**arguments)
    largest = max(abs(value) for value in theirs)
    differences = [0.0]
    for t, value in enumerate(theirs):
        gap = abs(schedule(t) - value)
        if gap > ROUNDING * largest:
            differences.append(gap / abs(value) if value else float("inf"))
    return max(differences)
