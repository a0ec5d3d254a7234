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
    from lrsched_core._json_schema import json_schema as json_schema
    from lrsched_core._noise import Noise as Noise
    from lrsched_core._operators.limits import maximum as maximum
    from lrsched_core._operators.limits import minimum as minimum
    from lrsched_core._operators.sequence import Sequence as Sequence
    from lrsched_core._parse import parse as parse
    from lrsched_core._ramps.cosine import Cosine as Cosine
    from lrsched_core._ramps.cosine_power import CosinePower as CosinePower
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
    from lrsched_core._recipes.cycles import exp_range as exp_range
    from lrsched_core._recipes.cycles import fractal_chebyshev as fractal_chebyshev
    from lrsched_core._recipes.cycles import one_cycle as one_cycle
    from lrsched_core._recipes.cycles import range_test as range_test
    from lrsched_core._recipes.cycles import restarts as restarts
    from lrsched_core._recipes.cycles import restarts_at as restarts_at
    from lrsched_core._recipes.cycles import triangular as triangular
    from lrsched_core._recipes.cycles import triangular2 as triangular2
    from lrsched_core._recipes.plateaus import flat_cosine as flat_cosine
    from lrsched_core._recipes.plateaus import infinite as infinite
    from lrsched_core._recipes.plateaus import slanted_triangular as slanted_triangular
    from lrsched_core._recipes.plateaus import tri_stage as tri_stage
    from lrsched_core._recipes.plateaus import warmup_hold_cosine as warmup_hold_cosine
    from lrsched_core._recipes.plateaus import wsd as wsd
    from lrsched_core._recipes.plateaus import wsd_periods as wsd_periods
    from lrsched_core._recipes.transformers import inverse_sqrt as inverse_sqrt
    from lrsched_core._recipes.transformers import noam as noam
    from lrsched_core._recipes.transformers import token_power as token_power
    from lrsched_core._recipes.transformers import untuned_exponential_warmup as untuned_exponential_warmup
    from lrsched_core._recipes.transformers import untuned_linear_warmup as untuned_linear_warmup
    from lrsched_core._run.audit.report import audit as audit
    from lrsched_core._run.diff import diff as diff
    from lrsched_core._run.extend import extend as extend
    from lrsched_core._run.greedy import Greedy as Greedy
    from lrsched_core._run.plateau import Plateau as Plateau
    from lrsched_core._schedule import Schedule as Schedule
    from lrsched_core._steps import Constant as Constant
    from lrsched_core._steps import Factor as Factor
    from lrsched_core._steps import MultiFactor as MultiFactor
    from lrsched_core._steps import PiecewiseConstant as PiecewiseConstant
    from lrsched_core._value.pickling import _rebuild as _rebuild
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
    "Greedy",
    "Hyperbolic",
    "Interpolated",
    "InverseTime",
    "Linear",
    "Logarithmic",
    "MultiFactor",
    "Noise",
    "NormalizedExponential",
    "PiecewiseConstant",
    "Plateau",
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
    "audit",
    "diff",
    "exp_range",
    "extend",
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
    "Constant": "_steps",
    "Cosine": "_ramps.cosine",
    "CosinePower": "_ramps.cosine_power",
    "CustomSchedule": "_function",
    "Exponential": "_decays.exponentials",
    "ExponentialHyperbolic": "_ramps.hyperbolas",
    "Factor": "_steps",
    "Function": "_function",
    "Geometric": "_ramps.exponentials",
    "Greedy": "_run.greedy",
    "Hyperbolic": "_ramps.hyperbolas",
    "Interpolated": "_interpolated",
    "InverseTime": "_decays.powers",
    "Linear": "_ramps.linear",
    "Logarithmic": "_ramps.logarithm",
    "MultiFactor": "_steps",
    "Noise": "_noise",
    "NormalizedExponential": "_ramps.exponentials",
    "PiecewiseConstant": "_steps",
    "Plateau": "_run.plateau",
    "Polynomial": "_ramps.powers",
    "Power": "_ramps.powers",
    "PowerDecay": "_decays.powers",
    "RAdam": "_decays.rectification",
    "Rex": "_ramps.rational",
    "Saturating": "_decays.exponentials",
    "Schedule": "_schedule",
    "Sequence": "_operators.sequence",
    "SquareRoot": "_decays.powers",
    "Tanh": "_ramps.sigmoid",
    "audit": "_run.audit.report",
    "diff": "_run.diff",
    "exp_range": "_recipes.cycles",
    "extend": "_run.extend",
    "flat_cosine": "_recipes.plateaus",
    "fractal_chebyshev": "_recipes.cycles",
    "from_dict": "_data",
    "from_json": "_data",
    "infinite": "_recipes.plateaus",
    "json_schema": "_json_schema",
    "inverse_sqrt": "_recipes.transformers",
    "maximum": "_operators.limits",
    "minimum": "_operators.limits",
    "noam": "_recipes.transformers",
    "one_cycle": "_recipes.cycles",
    "parse": "_parse",
    "range_test": "_recipes.cycles",
    "register": "_catalogue",
    "register_with": "_value.tools",
    "restarts": "_recipes.cycles",
    "restarts_at": "_recipes.cycles",
    "slanted_triangular": "_recipes.plateaus",
    "to_json": "_data",
    "token_power": "_recipes.transformers",
    "tri_stage": "_recipes.plateaus",
    "triangular": "_recipes.cycles",
    "triangular2": "_recipes.cycles",
    "untuned_exponential_warmup": "_recipes.transformers",
    "untuned_linear_warmup": "_recipes.transformers",
    "warmup_hold_cosine": "_recipes.plateaus",
    "wsd": "_recipes.plateaus",
    "wsd_periods": "_recipes.plateaus",
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
