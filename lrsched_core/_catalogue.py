"""Every schedule that has a name, by that name: what text and data may mention."""

from collections.abc import Callable
from typing import TypeVar

from lrsched_core._check import refuse
from lrsched_core._decays.exponentials import Exponential, Saturating
from lrsched_core._decays.powers import InverseTime, PowerDecay, SquareRoot
from lrsched_core._decays.rectification import RAdam
from lrsched_core._function import Function
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
from lrsched_core._run.greedy import Greedy
from lrsched_core._run.plateau import Plateau
from lrsched_core._schedule import Schedule
from lrsched_core._steps import Constant, Factor, MultiFactor, PiecewiseConstant
from lrsched_core._value.base import Value, refuse_decorator

_CLASSES: tuple[type[Value], ...] = (
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
    # Rules.
    Greedy,
    Plateau,
)

CATALOGUE: dict[str, type[Value]] = {cls.__name__: cls for cls in _CLASSES}
# A function has no written form, but pickles name its class, too.
BUILT_IN: dict[str, type[Value]] = {**CATALOGUE, Function.__name__: Function}

_Kind = TypeVar("_Kind", bound=type[Schedule])
_listeners: list[Callable[[type[Value]], None]] = []


def register(cls: _Kind) -> _Kind:
    """Makes a class of one's own known to `parse`, `from_dict` and `from_json`, by its name.

    Args:
        cls: A class derived from `CustomSchedule`. Its fields hold numbers, strings, booleans, schedules, or
            tuples of those.

    Returns:
        The class: `register` is a decorator.

    Raises:
        TypeError: If `cls` is not such a class.
        ValueError: If its name belongs to another one.

    Example:
        See `CustomSchedule`.
    """
    if not (isinstance(cls, type) and issubclass(cls, Schedule)) or cls.__abstractmethods__:
        raise refuse(TypeError, "cls", "a class derived from CustomSchedule, with a `value`", cls)
    refuse_decorator(cls)
    known = CATALOGUE.get(cls.__name__)
    # A class that is defined again, in a notebook's cell or by a reload, replaces itself.
    if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        raise refuse(ValueError, "cls", f"of a name that is free; {cls.__name__!r} is {known}", cls)
    CATALOGUE[cls.__name__] = cls
    for tell in _listeners:
        tell(cls)
    return cls


def on_register(tell: Callable[[type[Value]], None]) -> None:
    """Has a function called with each class that is, or will be, registered."""
    _listeners.append(tell)
    for cls in CATALOGUE.values():
        if BUILT_IN.get(cls.__name__) is not cls:
            tell(cls)
