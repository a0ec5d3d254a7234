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

import typing

if typing.TYPE_CHECKING:
    from lrsched_core._catalogue.decays.exponentials import Exponential as Exponential
    from lrsched_core._catalogue.decays.exponentials import Saturating as Saturating
    from lrsched_core._catalogue.decays.powers import InverseTime as InverseTime
    from lrsched_core._catalogue.decays.powers import PowerDecay as PowerDecay
    from lrsched_core._catalogue.decays.powers import SquareRoot as SquareRoot
    from lrsched_core._catalogue.decays.rectification import RAdam as RAdam
    from lrsched_core._catalogue.interpolated import Interpolated as Interpolated
    from lrsched_core._catalogue.noise import Noise as Noise
    from lrsched_core._catalogue.ramps.cosine import Cosine as Cosine
    from lrsched_core._catalogue.ramps.cosine_power import CosinePower as CosinePower
    from lrsched_core._catalogue.ramps.exponentials import Geometric as Geometric
    from lrsched_core._catalogue.ramps.exponentials import NormalizedExponential as NormalizedExponential
    from lrsched_core._catalogue.ramps.hyperbolas import ExponentialHyperbolic as ExponentialHyperbolic
    from lrsched_core._catalogue.ramps.hyperbolas import Hyperbolic as Hyperbolic
    from lrsched_core._catalogue.ramps.linear import Linear as Linear
    from lrsched_core._catalogue.ramps.logarithm import Logarithmic as Logarithmic
    from lrsched_core._catalogue.ramps.powers import Polynomial as Polynomial
    from lrsched_core._catalogue.ramps.powers import Power as Power
    from lrsched_core._catalogue.ramps.rational import Rex as Rex
    from lrsched_core._catalogue.ramps.sigmoid import Tanh as Tanh
    from lrsched_core._catalogue.recipes.cycles import exp_range as exp_range
    from lrsched_core._catalogue.recipes.cycles import fractal_chebyshev as fractal_chebyshev
    from lrsched_core._catalogue.recipes.cycles import one_cycle as one_cycle
    from lrsched_core._catalogue.recipes.cycles import range_test as range_test
    from lrsched_core._catalogue.recipes.cycles import restarts as restarts
    from lrsched_core._catalogue.recipes.cycles import restarts_at as restarts_at
    from lrsched_core._catalogue.recipes.cycles import triangular as triangular
    from lrsched_core._catalogue.recipes.cycles import triangular2 as triangular2
    from lrsched_core._catalogue.recipes.plateaus import flat_cosine as flat_cosine
    from lrsched_core._catalogue.recipes.plateaus import infinite as infinite
    from lrsched_core._catalogue.recipes.plateaus import slanted_triangular as slanted_triangular
    from lrsched_core._catalogue.recipes.plateaus import tri_stage as tri_stage
    from lrsched_core._catalogue.recipes.plateaus import warmup_hold_cosine as warmup_hold_cosine
    from lrsched_core._catalogue.recipes.plateaus import wsd as wsd
    from lrsched_core._catalogue.recipes.plateaus import wsd_periods as wsd_periods
    from lrsched_core._catalogue.recipes.transformers import inverse_sqrt as inverse_sqrt
    from lrsched_core._catalogue.recipes.transformers import noam as noam
    from lrsched_core._catalogue.recipes.transformers import token_power as token_power
    from lrsched_core._catalogue.recipes.transformers import untuned_exponential_warmup as untuned_exponential_warmup
    from lrsched_core._catalogue.recipes.transformers import untuned_linear_warmup as untuned_linear_warmup
    from lrsched_core._catalogue.steps import Constant as Constant
    from lrsched_core._catalogue.steps import Factor as Factor
    from lrsched_core._catalogue.steps import MultiFactor as MultiFactor
    from lrsched_core._catalogue.steps import PiecewiseConstant as PiecewiseConstant
    from lrsched_core._text.data import from_dict as from_dict
    from lrsched_core._text.data import from_json as from_json
    from lrsched_core._text.data import to_json as to_json
    from lrsched_core._text.names import register as register
    from lrsched_core._text.parse import parse as parse
    from lrsched_core._text.schema import json_schema as json_schema
    from lrsched_core._value.function import CustomSchedule as CustomSchedule
    from lrsched_core._value.function import Function as Function
    from lrsched_core._value.operators.limits import maximum as maximum
    from lrsched_core._value.operators.limits import minimum as minimum
    from lrsched_core._value.operators.sequence import Sequence as Sequence
    from lrsched_core._value.schedule import Schedule as Schedule
    from lrsched_core._value.tools import register_with as register_with

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
    "exp_range",
    "flat_cosine",
    "fractal_chebyshev",
    "from_dict",
    "from_json",
    "infinite",
    "inverse_sqrt",
    "json_schema",
    "maximum",
    "minimum",
    "noam",
    "one_cycle",
    "parse",
    "range_test",
    "register",
    "register_with",
    "restarts",
    "restarts_at",
    "slanted_triangular",
    "to_json",
    "token_power",
    "tri_stage",
    "triangular",
    "triangular2",
    "untuned_exponential_warmup",
    "untuned_linear_warmup",
    "warmup_hold_cosine",
    "wsd",
    "wsd_periods",
]

# Each name is loaded, with what it needs, when it is first asked for: a program pays for the schedules that it uses.
_HOMES = {
    "_rebuild": "_value.pickling",
    "Constant": "_catalogue.steps",
    "Cosine": "_catalogue.ramps.cosine",
    "CosinePower": "_catalogue.ramps.cosine_power",
    "CustomSchedule": "_value.function",
    "Exponential": "_catalogue.decays.exponentials",
    "ExponentialHyperbolic": "_catalogue.ramps.hyperbolas",
    "Factor": "_catalogue.steps",
    "Function": "_value.function",
    "Geometric": "_catalogue.ramps.exponentials",
    "Hyperbolic": "_catalogue.ramps.hyperbolas",
    "Interpolated": "_catalogue.interpolated",
    "InverseTime": "_catalogue.decays.powers",
    "Linear": "_catalogue.ramps.linear",
    "Logarithmic": "_catalogue.ramps.logarithm",
    "MultiFactor": "_catalogue.steps",
    "Noise": "_catalogue.noise",
    "NormalizedExponential": "_catalogue.ramps.exponentials",
    "PiecewiseConstant": "_catalogue.steps",
    "Polynomial": "_catalogue.ramps.powers",
    "Power": "_catalogue.ramps.powers",
    "PowerDecay": "_catalogue.decays.powers",
    "RAdam": "_catalogue.decays.rectification",
    "Rex": "_catalogue.ramps.rational",
    "Saturating": "_catalogue.decays.exponentials",
    "Schedule": "_value.schedule",
    "Sequence": "_value.operators.sequence",
    "SquareRoot": "_catalogue.decays.powers",
    "Tanh": "_catalogue.ramps.sigmoid",
    "exp_range": "_catalogue.recipes.cycles",
    "flat_cosine": "_catalogue.recipes.plateaus",
    "fractal_chebyshev": "_catalogue.recipes.cycles",
    "from_dict": "_text.data",
    "from_json": "_text.data",
    "infinite": "_catalogue.recipes.plateaus",
    "json_schema": "_text.schema",
    "inverse_sqrt": "_catalogue.recipes.transformers",
    "maximum": "_value.operators.limits",
    "minimum": "_value.operators.limits",
    "noam": "_catalogue.recipes.transformers",
    "one_cycle": "_catalogue.recipes.cycles",
    "parse": "_text.parse",
    "range_test": "_catalogue.recipes.cycles",
    "register": "_text.names",
    "register_with": "_value.tools",
    "restarts": "_catalogue.recipes.cycles",
    "restarts_at": "_catalogue.recipes.cycles",
    "slanted_triangular": "_catalogue.recipes.plateaus",
    "to_json": "_text.data",
    "token_power": "_catalogue.recipes.transformers",
    "tri_stage": "_catalogue.recipes.plateaus",
    "triangular": "_catalogue.recipes.cycles",
    "triangular2": "_catalogue.recipes.cycles",
    "untuned_exponential_warmup": "_catalogue.recipes.transformers",
    "untuned_linear_warmup": "_catalogue.recipes.transformers",
    "warmup_hold_cosine": "_catalogue.recipes.plateaus",
    "wsd": "_catalogue.recipes.plateaus",
    "wsd_periods": "_catalogue.recipes.plateaus",
}

if not typing.TYPE_CHECKING:  # a type checker that sees a `__getattr__` believes every name

    def __getattr__(name):
        if name not in _HOMES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
