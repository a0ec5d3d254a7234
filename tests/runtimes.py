"""Every kind of input that a schedule is asked for, by name: a table, that what holds for one is tried on all."""

import contextlib
import importlib
from typing import NamedTuple

import numpy as np
import pytest

# A formula is computed for times of other pieces too, where it may be infinite or nothing, before `where` drops it;
# NumPy, behind array-api-strict, warns of that.
WARNS = pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value", "ignore:overflow")


class Kind(NamedTuple):
    """A framework, the dtype of its times, and whether its answers are float32."""

    framework: str
    dtype: str
    single: bool

    def __str__(self):
        return f"{self.framework}-{self.dtype}"

    def ask(self, schedule, times, around=lambda f: f):
        """The values at times, as Python's floats."""
        if self.framework == "numbers":
            number = int if self.dtype.startswith("int") else float
            return [schedule(number(t)) for t in times]
        # JAX compiles each operation anew for each length.
        padded = [*times, *[times[-1]] * (-len(times) % 64)] if self.framework.startswith("jax") else times
        with self.precision():
            values = around(schedule)(self.tensor(padded))
            return np.asarray(values).astype(np.float64).tolist()[: len(times)]

    def precision(self):
        """The context in which the framework has this dtype."""
        if self.framework == "jax64":
            pytest.importorskip("jax")
            from jax_precision import double_precision

            return double_precision()
        return contextlib.nullcontext()

    def tensor(self, times):
        """Times as such an input."""
        array = np.array(times, self.dtype)
        match self.framework:
            case "numpy":
                return array
            case "torch":
                return pytest.importorskip("torch").from_numpy(array)
            case "tensorflow":
                return pytest.importorskip("tensorflow").constant(array)
            case "strict":
                return pytest.importorskip("array_api_strict").asarray(array)
            case _:
                pytest.importorskip("jax")
                return importlib.import_module("jax.numpy").asarray(array)

    @property
    def integer(self):
        return "int" in self.dtype

    def holds(self, t):
        """Whether the dtype has this time."""
        if self.integer:
            limits = np.iinfo(self.dtype)
            return t == int(t) and limits.min <= t <= limits.max
        return float(np.dtype(self.dtype).type(t)) == t

    def rounded(self, value):
        """The value as an answer has it."""
        return float(np.float32(value)) if self.single else float(value)


FLOATS = [
    Kind("numbers", "float64", False),
    Kind("numpy", "float32", False),
    Kind("numpy", "float64", False),
    Kind("torch", "float32", True),
    Kind("torch", "float64", False),
    Kind("jax", "float32", True),
    Kind("jax64", "float32", True),
    Kind("jax64", "float64", False),
    Kind("tensorflow", "float32", True),
    Kind("tensorflow", "float64", False),
    Kind("strict", "float32", True),
    Kind("strict", "float64", False),
]
INTEGERS = [
    Kind("numbers", "int64", False),
    *[Kind("numpy", dtype, False) for dtype in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
    *[Kind("torch", dtype, True) for dtype in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
    *[Kind("jax", dtype, True) for dtype in ("int8", "uint8", "int32", "uint32")],
    *[Kind("jax64", dtype, False) for dtype in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
    *[Kind("tensorflow", dtype, True) for dtype in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
    *[Kind("strict", dtype, False) for dtype in ("int8", "uint8", "int32", "uint32", "int64", "uint64")],
]
USUAL = [*FLOATS, *[kind for kind in INTEGERS if kind.dtype in ("int64", "int32") and str(kind) != "torch-int32"]]
