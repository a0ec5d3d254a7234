"""Every schedule that has a name, by that name: what text and data may mention."""

from dataclasses import is_dataclass
from typing import Any, TypeVar

from lrsched_core._check import refuse
from lrsched_core._decays.exponentials import Exponential, Saturating
from lrsched_core._decays.powers import InverseTime, PowerDecay, SquareRoot
from lrsched_core._decays.rectification import RAdam
from lrsched_core._interpolated import Interpolated
from lrsched_core._noise import Noise
from lrsched_core._operators.arithmetic import Difference, Product, Quotient, Sum
from lrsched_core._operators.clocks import Advance, Delay, Staircase, Stretch
from lrsched_core._operators.limits import Clip, Maximum, Minimum
from lrsched_core._operators.repeat import Repeat
from lrsched_core._operators.sequence import Sequence
from lrsched_core._operators.warmup import WithWarmup
from lrsched_core._ramps.cosine import Cosine
from lrsched_core._ramps.cosine_power import CosinePower
from lrsched_core._ramps.exponentials import Geometric, NormalizedExponential
from lrsched_core._ramps.hyperbolas import ExponentialHyperbolic, Hyperbolic
from lrsched_core._ramps.linear import Linear
from lrsched_core._ramps.logarithm import Logarithmic
from lrsched_core._ramps.powers import Polynomial, Power
from lrsched_core._ramps.rational import Rex
from lrsched_core._ramps.sigmoid import Tanh
from lrsched_core._schedule import Schedule
from lrsched_core._steps import Constant, Factor, MultiFactor, PiecewiseConstant

_CLASSES: tuple[type[Schedule], ...] = (
    Constant,
    Cosine,
    CosinePower,
    Exponential,
    ExponentialHyperbolic,
    Factor,
    Geometric,
    Hyperbolic,
    Interpolated,
    InverseTime,
    Linear,
    Logarithmic,
    MultiFactor,
    Noise,
    NormalizedExponential,
    PiecewiseConstant,
    Polynomial,
    Power,
    PowerDecay,
    RAdam,
    Rex,
    Saturating,
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

_Kind = TypeVar("_Kind", bound=type[Schedule])


def register(cls: _Kind) -> _Kind:
    """Makes a class of one's own known to `parse`, `from_dict` and `from_json`, by its name.

    Args:
        cls: A frozen dataclass derived from `CustomSchedule`. Its fields hold numbers, strings, booleans, schedules, or
            tuples of those.

    Returns:
        The class: `register` is a decorator.

    Raises:
        TypeError: If `cls` is not such a class.
        ValueError: If its name belongs to another one.

    Example:
        See `CustomSchedule`.
    """
    if not (isinstance(cls, type) and issubclass(cls, Schedule) and is_dataclass(cls) and _is_frozen(cls)):
        raise refuse(TypeError, "cls", "a frozen dataclass derived from CustomSchedule", cls)
    known = CATALOGUE.get(cls.__name__)
    # A class that is defined again, in a notebook's cell or by a reload, replaces itself.
    if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        raise refuse(ValueError, "cls", f"of a name that is free; {cls.__name__!r} is {known}", cls)
    CATALOGUE[cls.__name__] = cls
    return cls


def _is_frozen(cls: Any) -> bool:
    return bool(cls.__dataclass_params__.frozen)
