"""What `shape` means wherever one schedule ramps into another: warmups, decays, cool-downs."""

from collections.abc import Callable

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
    del final_lr, steps  # it stays where it is; the jump is the next piece's
    return Constant(base_lr)


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
