"""The same learning-rate schedule in MXNet; and MXNet's own, read as schedules."""

try:
    from ._reading import from_mxnet as from_mxnet
    from ._scheduler import Scheduler as Scheduler
except ModuleNotFoundError as error:
    # Only a missing MXNet is cured by installing it.
    if error.name != "mxnet":
        raise
    message = 'lrsched_mxnet needs MXNet 1.9.1. Hint: pip install "lrsched-core[mxnet]"'
    raise ModuleNotFoundError(message, name="mxnet") from error
except AttributeError as error:
    # MXNet 1.9.1 uses names that NumPy 1.24 removed. To put one back into NumPy changes it for the
    # whole program, which is for the program to decide, not for a library that it imports.
    if "module 'numpy' has no attribute 'bool'" not in str(error):
        raise
    message = (
        "MXNet 1.9.1 cannot be imported with this NumPy, which has no `numpy.bool`. "
        "Hint: run `import numpy; numpy.bool = bool` before the import."
    )
    raise ImportError(message, name="mxnet") from error

__all__ = ["Scheduler", "from_mxnet"]
