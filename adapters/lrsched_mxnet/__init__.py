"""The same learning-rate schedule in MXNet; and MXNet's own, read as schedules."""

import sys

try:
    import mxnet

    # Its last release, which the tests run on; 2.0 has previews only.
    if mxnet.__version__.split(".")[:2] != ["1", "9"]:
        hint = 'Hint: pip install "lrsched-core[mxnet]"'
        message = f"lrsched_mxnet needs MXNet 1.9.1, got {mxnet.__version__}. {hint}"
        raise ImportError(message, name="mxnet")

    from ._plan_of import plan_of as plan_of
    from ._reading import from_mxnet as from_mxnet
    from ._recording import Record as Record
    from ._scheduler import Scheduler as Scheduler
except ModuleNotFoundError as error:
    # Only a missing MXNet is cured by installing it.
    if error.name == "distutils":
        message = "MXNet 1.9.1 needs distutils, which Python 3.12 no longer has. Hint: pip install setuptools"
    elif error.name != "mxnet":
        raise
    elif sys.version_info >= (3, 13):
        message = (
            "lrsched_mxnet needs MXNet 1.9.1, which runs on Python 3.12 at most, got Python "
            f"{sys.version_info.major}.{sys.version_info.minor}: its NumPy 1 has no wheels for that. Hint: use an "
            'environment of Python 3.12, and there pip install "lrsched-core[mxnet]"'
        )
    else:
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

__all__ = ["Record", "Scheduler", "from_mxnet", "plan_of"]
