"""Other ways to the same functions of time: one module a library, each a table from policies to functions."""

from functools import cache
from importlib import import_module

from benchmarks.measure import Contestant
from benchmarks.policies import ORDERS, OURS, Policy
from benchmarks.rivals.table import Anew, Function, Functions

LIBRARIES = ("formula", "textbook", "mxnet", "fvcore", "transformers", "timm", "lrsched", "optax", "keras")
NOT_INSTALLED = "not installed"


@cache
def library(name: str) -> Functions | None:
    """The functions of one library, or None where it cannot be imported."""
    try:
        module = import_module(f"{__name__}.{name}")
    except Exception:  # a library that is there may still fail in its own way: it never stops the others
        return None
    functions: Functions = module.functions()
    return functions


def contestants(policy: Policy) -> dict[str, Contestant]:
    """Ours and all rivals that have `policy`."""
    functions: dict[str, Function] = {"ours": OURS[policy]}
    for name in LIBRARIES:
        for label, known in (library(name) or {}).items():
            if policy in known:
                functions[label] = known[policy]
    return {label: _contestant(function, policy) for label, function in functions.items()}


def missing() -> list[str]:
    """The libraries that are not there."""
    return [name for name in LIBRARIES if library(name) is None]


def _contestant(function: Function, policy: Policy) -> Contestant:
    if isinstance(function, Anew):
        return Contestant(function.make, ORDERS[policy], stateful=True)
    return Contestant(function, ORDERS[policy])
