"""What `shape` means wherever one schedule ramps into another: warmups, decays, cool-downs."""

from collections.abc import Callable

from lrsched_core import _check
from lrsched_core._ramps.cosine import Cosine
from lrsched_core._ramps.exponentials import Geometric, NormalizedExponential
from lrsched_core._ramps.linear import Linear
from lrsched_core._ramps.logarithm import Logarithmic
from lrsched_core._ramps.powers import Polynomial, Power
from lrsched_core._ramps.rational import Rex
from lrsched_core._ramps.sigmoid import Tanh
from lrsched_core._schedule import Schedule
from lrsched_core._steps import Constant


def _constant(base_lr: float, final_lr: float, *, steps: float) -> Schedule:
    # It stays where it is, then jumps.
    return Constant(base_lr).then(Constant(final_lr), at=steps)


# From a value, to a value, in a time.
SHAPES: dict[str, Callable[..., Schedule]] = {
    "linear": Linear,
    "cosine": Cosine,
    "exponential": Geometric,
    "constant": _constant,
    "sqrt": Power,
    "polynomial": Polynomial,
    "normalized_exponential": NormalizedExponential,
    "tanh": Tanh,
    "rex": Rex,
    "logarithmic": Logarithmic,
}


def ramp(base_lr: float, final_lr: float, *, steps: float, shape: str) -> Schedule:
    """A ramp of the shape of that name."""
    return SHAPES[_check.choice("shape", shape, SHAPES)](base_lr, final_lr, steps=steps)
