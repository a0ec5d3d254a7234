"""Learning-rate schedules as values: immutable, composable functions of time that every framework trains with.

One clock: `t` counts completed optimizer updates. The first update uses `schedule(0)`, the n-th `schedule(n - 1)`. The
unit is the caller's, and `t` may be fractional. Pieces are half-open: at a milestone the new value already holds, and a
ramp over `steps` has its first value at `t = 0` and its last, exactly, at `t = steps`. Past its end a schedule holds
its final value for ever. Below 0 there is no value: a schedule refuses to answer.

    >>> from lrsched_core import Cosine
    >>> lr = Cosine(0.3, 0.01, steps=15).with_warmup(5)
    >>> lr(0), lr(5), lr(20), lr(10**12)
    (0.0, 0.3, 0.01, 0.01)
"""

from lrsched_core._catalogue import register as register
from lrsched_core._data import from_dict as from_dict
from lrsched_core._data import from_json as from_json
from lrsched_core._data import to_json as to_json
from lrsched_core._decays.exponentials import Exponential as Exponential
from lrsched_core._decays.exponentials import Saturating as Saturating
from lrsched_core._decays.powers import InverseTime as InverseTime
from lrsched_core._decays.powers import PowerDecay as PowerDecay
from lrsched_core._decays.powers import SquareRoot as SquareRoot
from lrsched_core._decays.rectification import RAdam as RAdam
from lrsched_core._function import CustomSchedule as CustomSchedule
from lrsched_core._function import Function as Function
from lrsched_core._interpolated import Interpolated as Interpolated
from lrsched_core._noise import Noise as Noise
from lrsched_core._operators.limits import maximum as maximum
from lrsched_core._operators.limits import minimum as minimum
from lrsched_core._operators.sequence import Sequence as Sequence
from lrsched_core._parse import parse as parse
from lrsched_core._ramps.cosine import Cosine as Cosine
from lrsched_core._ramps.cosine import CosinePower as CosinePower
from lrsched_core._ramps.exponentials import Geometric as Geometric
from lrsched_core._ramps.exponentials import NormalizedExponential as NormalizedExponential
from lrsched_core._ramps.hyperbolas import ExponentialHyperbolic as ExponentialHyperbolic
from lrsched_core._ramps.hyperbolas import Hyperbolic as Hyperbolic
from lrsched_core._ramps.linear import Linear as Linear
from lrsched_core._ramps.logarithm import Logarithmic as Logarithmic
from lrsched_core._ramps.powers import Polynomial as Polynomial
from lrsched_core._ramps.powers import Power as Power
from lrsched_core._ramps.rational import Rex as Rex
from lrsched_core._ramps.sigmoid import Tanh as Tanh
from lrsched_core._schedule import Schedule as Schedule
from lrsched_core._steps import Constant as Constant
from lrsched_core._steps import Factor as Factor
from lrsched_core._steps import MultiFactor as MultiFactor
from lrsched_core._steps import PiecewiseConstant as PiecewiseConstant

__version__ = "0.1.0"

__all__ = [
    "Constant",
    "Cosine",
    "CosinePower",
    "CustomSchedule",
    "Exponential",
    "ExponentialHyperbolic",
    "Factor",
    "Function",
    "Geometric",
    "Hyperbolic",
    "Interpolated",
    "InverseTime",
    "Linear",
    "Logarithmic",
    "MultiFactor",
    "Noise",
    "NormalizedExponential",
    "PiecewiseConstant",
    "Polynomial",
    "Power",
    "PowerDecay",
    "RAdam",
    "Rex",
    "Saturating",
    "Schedule",
    "Sequence",
    "SquareRoot",
    "Tanh",
    "__version__",
    "from_dict",
    "from_json",
    "maximum",
    "minimum",
    "parse",
    "register",
    "to_json",
]
