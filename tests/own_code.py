"""Functions of time as a user would write them, as functions and as classes, and every way to ask a schedule."""

import math
from functools import partial
from typing import Any

import numpy as np
import pytest

from lrsched_core import CustomSchedule, Function
from lrsched_core.math import cos, exp, floor, log, maximum, minimum, sin, sqrt, where

# By how they are written: the function of the user's, and the same in Python's own numbers.
EXPRESSIONS = {
    "0.4 / (1 + t / 10.0)": (lambda t: 0.4 / (1 + t / 10.0), lambda t: 0.4 / (1 + t / 10.0)),
    "0.4 / (1 + t)": (lambda t: 0.4 / (1 + t), lambda t: 0.4 / (1 + t)),
    "0.9 ** t": (lambda t: 0.9**t, lambda t: 0.9**t),
    "2 ** -t": (lambda t: 2**-t, lambda t: 2.0**-t),
    "t * 0.1": (lambda t: t * 0.1, lambda t: t * 0.1),
    "0.1 * t * t": (lambda t: 0.1 * t * t, lambda t: 0.1 * t * t),
    "(t + 1) ** -0.5": (lambda t: (t + 1) ** -0.5, lambda t: (t + 1) ** -0.5),
    "0.5 ** (t // 3)": (lambda t: 0.5 ** (t // 3), lambda t: 0.5 ** (t // 3)),
    "(t % 5) * 0.1": (lambda t: (t % 5) * 0.1, lambda t: (t % 5) * 0.1),
    "1 - t / 100": (lambda t: 1 - t / 100, lambda t: 1 - t / 100),
    "0.3": (lambda t: 0.3, lambda t: 0.3),
    "1": (lambda t: 1, lambda t: 1.0),
    "where, numbers": (lambda t: where(t < 3, 0.1, 0.2), lambda t: 0.1 if t < 3 else 0.2),
    "where, numbers, then a tensor": (
        lambda t: where(t >= 3, 1, 0) * t + where(t < 7, 0.1, 0.2),
        lambda t: (t if t >= 3 else 0) + (0.1 if t < 7 else 0.2),
    ),
    "where, a number and a tensor": (
        lambda t: where(t < 3, 0.1, where(t < 5, t * 0.1, 0.7)),
        lambda t: 0.1 if t < 3 else t * 0.1 if t < 5 else 0.7,
    ),
    "where, tensors": (lambda t: where(t < 3, t / 10, t / 30), lambda t: t / 10 if t < 3 else t / 30),
    "minimum": (lambda t: minimum(0.3, t / 10), lambda t: min(0.3, t / 10)),
    "minimum, tensors": (lambda t: minimum(t / 20, 1 / (t + 1)), lambda t: min(t / 20, 1 / (t + 1))),
    "maximum": (lambda t: maximum(1 - t / 10, 0.1), lambda t: max(1 - t / 10, 0.1)),
    "noam": (lambda t: minimum((t + 1) ** -0.5, (t + 1) * 8**-1.5), lambda t: min((t + 1) ** -0.5, (t + 1) * 8**-1.5)),
    "cos": (
        lambda t: 0.2 * (1.5 + cos(math.pi * minimum(t / 40, 1.0))),
        lambda t: 0.2 * (1.5 + math.cos(math.pi * min(t / 40, 1.0))),
    ),
    "sin": (lambda t: 2 + sin(t / 7), lambda t: 2 + math.sin(t / 7)),
    "exp": (lambda t: exp(-t / 10) + exp(-1), lambda t: math.exp(-t / 10) + math.exp(-1)),
    "log": (lambda t: 1 / (1 + log(1 + t)), lambda t: 1 / (1 + math.log(1 + t))),
    "log of a number": (lambda t: t * log(2), lambda t: t * math.log(2)),
    "sqrt": (lambda t: 0.1 * sqrt(t) + sqrt(4), lambda t: 0.1 * math.sqrt(t) + 2.0),
    "floor": (lambda t: 1 / (1 + floor(t / 3)), lambda t: 1 / (1 + math.floor(t / 3))),
}
TIMES = np.arange(60)


class Named(CustomSchedule):
    """A class whose field names one of the expressions."""

    expression: str

    def value(self, t):
        """What the expression says."""
        return EXPRESSIONS[self.expression][0](t)


def as_function(expression):
    """The expression as a function."""
    return Function(EXPRESSIONS[expression][0])


MADE = {"Function": as_function, "CustomSchedule": Named}
# Where the function stands: alone, and in every kind of composition.
PLACES = {
    "alone": lambda s: s,
    "warmed up": lambda s: s.with_warmup(3) * 2,
    "late and again": lambda s: s.delay(2.5).repeat(7),
    "in many pieces": lambda s: s.repeat(11).then(s, at=20).then(s + s.stretch(2), at=30).then(s, at=40).then(s, at=47),
}


def torch_tensor(schedule, times, dtype="int64"):
    """An eager tensor."""
    torch = pytest.importorskip("torch")
    return schedule(torch.tensor(times, dtype=getattr(torch, dtype))).numpy()


def torch_compiled(schedule, times, backend="eager"):
    """One graph."""
    torch = pytest.importorskip("torch")
    torch._dynamo.reset()
    return torch.compile(schedule, fullgraph=True, backend=backend)(torch.tensor(times)).numpy()


def jax_array(schedule, times):
    """An eager array."""
    return schedule(pytest.importorskip("jax.numpy").asarray(times))


def jax_jit(schedule, times):
    """A compiled function."""
    jax = pytest.importorskip("jax")
    return jax.jit(schedule)(jax.numpy.asarray(times))


def jax_double(schedule, times):
    """A compiled function, in double precision."""
    jax = pytest.importorskip("jax")
    from jax_precision import double_precision  # only where JAX is installed

    with double_precision():
        return np.asarray(jax.jit(schedule)(jax.numpy.asarray(times)))


def jax_vmap(schedule, times):
    """A function of one time, mapped over many."""
    jax = pytest.importorskip("jax")
    return jax.vmap(schedule)(jax.numpy.asarray(times))


def jax_scan(schedule, times):
    """A loop with a count."""
    jax = pytest.importorskip("jax")
    first = jax.numpy.asarray(times[0])
    return jax.lax.scan(lambda t, _: (t + 1, schedule(t)), first, length=len(times))[1]


def tf_tensor(schedule, times, dtype="int64"):
    """An eager tensor."""
    tf = pytest.importorskip("tensorflow")
    return schedule(tf.constant(times, dtype)).numpy()


def tf_function(schedule, times, dtype="int64", **options):
    """A graph."""
    tf = pytest.importorskip("tensorflow")
    return tf.function(schedule, **options)(tf.constant(times, dtype)).numpy()


def tf_unknown(schedule, times):
    """A graph for times of any shape."""
    tf = pytest.importorskip("tensorflow")
    signature = [tf.TensorSpec(None, tf.int64)]
    return tf.function(lambda t: schedule(t), input_signature=signature)(tf.constant(times)).numpy()


def array_api_strict(schedule, times, dtype="int64"):
    """An array of the standard, and nothing beside it."""
    xp = pytest.importorskip("array_api_strict")
    return np.asarray(schedule(xp.asarray(times, dtype=getattr(xp, dtype))))


# By how a schedule is asked: the function that asks it, and in which precision it answers.
ASKED: dict[str, tuple[Any, str]] = {
    "int": (lambda schedule, times: [schedule(int(t)) for t in times], "float64"),
    "float": (lambda schedule, times: [schedule(float(t)) for t in times], "float64"),
    "NumPy scalar": (lambda schedule, times: [schedule(t) for t in times], "float64"),
    "list": (lambda schedule, times: schedule(times.tolist()), "float64"),
    "NumPy array": (lambda schedule, times: schedule(times), "float64"),
    "NumPy float32": (lambda schedule, times: schedule(times.astype(np.float32)), "float64"),
    "torch int64": (torch_tensor, "float32"),
    "torch int32": (partial(torch_tensor, dtype="int32"), "float32"),
    "torch float32": (partial(torch_tensor, dtype="float32"), "float32"),
    "torch bfloat16": (partial(torch_tensor, dtype="bfloat16"), "float32"),
    "torch float64": (partial(torch_tensor, dtype="float64"), "float64"),
    "torch.compile": (torch_compiled, "float32"),
    "jax": (jax_array, "float32"),
    "jax.jit": (jax_jit, "float32"),
    "jax.jit in double precision": (jax_double, "float64"),
    "jax.vmap": (jax_vmap, "float32"),
    "jax.lax.scan": (jax_scan, "float32"),
    "tensorflow int64": (tf_tensor, "float32"),
    "tensorflow int32": (partial(tf_tensor, dtype="int32"), "float32"),
    "tensorflow float64": (partial(tf_tensor, dtype="float64"), "float64"),
    "tf.function": (tf_function, "float32"),
    "tf.function float64": (partial(tf_function, dtype="float64"), "float64"),
    "tf.function of any shape": (tf_unknown, "float32"),
    "tf.function with XLA": (partial(tf_function, jit_compile=True), "float32"),
    "array-API strict": (array_api_strict, "float64"),
    "array-API strict float32": (partial(array_api_strict, dtype="float32"), "float32"),
}
