"""Every schedule that has a name, by that name: what text and data may mention."""

from lrsched_core._decays import SquareRoot
from lrsched_core._ramps.cosine import Cosine
from lrsched_core._ramps.exponentials import Geometric
from lrsched_core._ramps.linear import Linear
from lrsched_core._ramps.powers import Polynomial
from lrsched_core._schedule import Schedule
from lrsched_core._sequence import Sequence
from lrsched_core._steps import Constant, Factor, MultiFactor
from lrsched_core._warmup import WithWarmup

_CLASSES: tuple[type[Schedule], ...] = (
    Constant,
    Cosine,
    Factor,
    Geometric,
    Linear,
    MultiFactor,
    Polynomial,
    Sequence,
    SquareRoot,
    WithWarmup,
)

CATALOGUE: dict[str, type[Schedule]] = {cls.__name__: cls for cls in _CLASSES}
