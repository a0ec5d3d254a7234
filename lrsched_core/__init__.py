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
    from lrsched_core._data import from_dict as from_dict
    from lrsched_core._decays import SquareRoot as SquareRoot
    from lrsched_core._function import Function as Function
    from lrsched_core._operators.limits import maximum as maximum
    from lrsched_core._operators.limits import minimum as minimum
    from lrsched_core._operators.sequence import Sequence as Sequence
    from lrsched_core._parse import parse as parse
    from lrsched_core._ramps import Cosine as Cosine
    from lrsched_core._ramps import Linear as Linear
    from lrsched_core._ramps import Polynomial as Polynomial
    from lrsched_core._schedule import Schedule as Schedule
    from lrsched_core._steps import Constant as Constant
    from lrsched_core._steps import Factor as Factor
    from lrsched_core._steps import MultiFactor as MultiFactor

__version__ = "0.1.0"

__all__ = [
    "Constant",
    "Cosine",
    "Factor",
    "Function",
    "Linear",
    "MultiFactor",
    "Polynomial",
    "Schedule",
    "Sequence",
    "SquareRoot",
    "__version__",
    "from_dict",
    "maximum",
    "minimum",
    "parse",
]

# Each name is loaded, with what it needs, when it is first asked for: a program pays for the schedules that it uses.
_HOMES = {
    "Constant": "_steps",
    "Cosine": "_ramps",
    "Factor": "_steps",
    "Function": "_function",
    "Linear": "_ramps",
    "MultiFactor": "_steps",
    "Polynomial": "_ramps",
    "Schedule": "_schedule",
    "Sequence": "_operators.sequence",
    "SquareRoot": "_decays",
    "from_dict": "_data",
    "maximum": "_operators.limits",
    "minimum": "_operators.limits",
    "parse": "_parse",
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
