"""The short mode of notebooks: just enough to see that they run.

It is on where the environment variable `LRSCHED_SHORT` is set to anything but 0. Tests set it; the outputs that are
stored in a notebook come from a run without it.
"""

import os

from .data import DIGITS, Data, load

ENVIRONMENT_VARIABLE = "LRSCHED_SHORT"
SHORT = os.environ.get(ENVIRONMENT_VARIABLE, "0") not in ("", "0")


def cut(n: int, *, to: int) -> int:
    """`n`; in short mode `to`, if that is less."""
    return min(n, to) if SHORT else n


def images() -> Data:
    """Fashion-MNIST, as `load` finds it; in short mode 256 of scikit-learn's digits, which are two updates an epoch."""
    return load(DIGITS).limited(256) if SHORT else load()
