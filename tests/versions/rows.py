"""The combinations that are tried: of each framework the oldest version that is supported, and the newest there is."""

from typing import NamedTuple

CORE = (
    "tests/core",
    "tests/laws",
    "--ignore=tests/core/test_emit.py",  # which tries what it emits on other Pythons by itself
    "--doctest-modules",
    "--doctest-ignore-import-errors",
    "--pyargs",
    "lrsched_core",
)
EVERY_ADAPTER = ("tests/adapters/test_imports.py", "tests/adapters/test_resumed.py")
TORCH = (
    *EVERY_ADAPTER,
    "tests/adapters/test_torch.py",
    "tests/adapters/test_torch_checkpoints.py",
    "tests/adapters/test_torch_options.py",
    "tests/adapters/test_torch_plans.py",
    "tests/adapters/test_torch_reading.py",
    "tests/adapters/test_torch_training.py",
)
KERAS = (
    "-W",
    "ignore::DeprecationWarning",  # Keras and TensorFlow draw those of NumPy and JAX
    *EVERY_ADAPTER,
    "tests/adapters/test_keras.py",
    "tests/adapters/test_keras_backends.py",
    "tests/adapters/test_keras_reading.py",
    "tests/adapters/test_keras_run.py",
)
JAX = ("tests/tracing/test_jax.py", "tests/loops/test_optax.py")
MXNET = (
    *EVERY_ADAPTER,
    "tests/adapters/test_mxnet.py",
    "tests/adapters/test_mxnet_reading.py",
    "tests/adapters/test_mxnet_resume.py",
    "tests/adapters/test_mxnet_run.py",
)


class Row(NamedTuple):
    """One environment: a Python, what is asked for, and the tests that run there."""

    subject: str
    python: str
    asked: tuple[str, ...]
    tests: tuple[str, ...]
    impossible: str = ""  # why it cannot be had anywhere, where that is known

    def __str__(self):
        return f"{self.subject}: Python {self.python}, {', '.join(self.asked)}"


# What is asked for without a version is the newest that this Python has.
ROWS = (
    Row("core", "3.10", ("numpy==1.26.0",), CORE),
    Row("core", "3.10", ("numpy",), CORE),
    Row("core", "3.11", ("numpy",), CORE),
    Row("core", "3.12", ("numpy==1.26.0",), CORE),
    Row("core", "3.12", ("numpy",), CORE),
    Row("core", "3.13", ("numpy==1.26.0",), CORE, "NumPy 1 has no wheels for Python 3.13"),
    Row("core", "3.13", ("numpy",), CORE),
    Row("core", "3.14", ("numpy",), CORE),
    Row("torch", "3.11", ("torch==2.9.1", "numpy"), TORCH),
    Row("torch", "3.11", ("torch==2.13.0", "numpy"), TORCH),
    Row("torch", "3.11", ("torch==2.14.1", "numpy"), TORCH),
    Row("keras", "3.11", ("keras==3.7.0", "tensorflow-cpu==2.18.1", "jax==0.4.33"), KERAS),
    Row("keras", "3.13", ("keras", "tensorflow-cpu", "jax"), KERAS),
    Row("jax", "3.10", ("jax==0.4.33", "optax==0.2.5"), JAX),
    Row("jax", "3.13", ("jax", "optax"), JAX),
    Row("mxnet", "3.10", ("mxnet==1.9.1", "numpy==1.26.0"), MXNET),
    Row("mxnet", "3.12", ("mxnet==1.9.1", "numpy<2", "setuptools"), MXNET),
    Row("mxnet", "3.13", ("mxnet==1.9.1",), MXNET, "MXNet needs NumPy 1, which has no wheels for Python 3.13"),
)
