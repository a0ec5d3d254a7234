"""Every schedule that has a name, by that name: what text and data may mention."""

from lrsched_core._decays import SquareRoot
from lrsched_core._operators.arithmetic import Difference, Product, Quotient, Sum
from lrsched_core._operators.clocks import Advance, Delay, Staircase, Stretch
from lrsched_core._operators.limits import Clip, Maximum, Minimum
from lrsched_core._operators.repeat import Repeat
from lrsched_core._operators.sequence import Sequence
from lrsched_core._operators.warmup import WithWarmup
from lrsched_core._ramps.cosine import Cosine, CosinePower
from lrsched_core._ramps.exponentials import Geometric, NormalizedExponential
from lrsched_core._ramps.hyperbolas import ExponentialHyperbolic, Hyperbolic
from lrsched_core._ramps.linear import Linear
from lrsched_core._ramps.logarithm import Logarithmic
from lrsched_core._ramps.powers import Polynomial, Power
from lrsched_core._ramps.rational import Rex
from lrsched_core._ramps.sigmoid import Tanh
from lrsched_core._schedule import Schedule
from lrsched_core._steps import Constant, Factor, MultiFactor

_CLASSES: tuple[type[Schedule], ...] = (
    Constant,
    Cosine,
    CosinePower,
    ExponentialHyperbolic,
    Factor,
    Geometric,
    Hyperbolic,
    Linear,
    Logarithmic,
    MultiFactor,
    NormalizedExponential,
    Polynomial,
    Power,
    Rex,
    SquareRoot,
    Tanh,
    # Operators.
    Advance,
    Clip,
    Delay,
    Difference,
    Maximum,
    Minimum,
    Product,
    Quotient,
    Repeat,
    Sequence,
    Staircase,
    Stretch,
    Sum,
    WithWarmup,
)

CATALOGUE: dict[str, type[Schedule]] = {cls.__name__: cls for cls in _CLASSES}
