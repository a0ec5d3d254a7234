"""Learning-rate schedules as values: immutable, composable functions of time, the same in every supported framework.

One clock: `t` counts completed optimizer updates. The first update uses `schedule(0)`, the n-th `schedule(n - 1)`. The
unit is the caller's, and `t` may be fractional. Pieces are half-open: at a milestone the new value already holds, and a
ramp over `steps` has its first value at `t = 0` and its last, exactly, at `t = steps`. Past its end a schedule holds
its final value for ever. A number or array below 0 is refused; a tensor, which may be traced, gets the value at 0.

    >>> from lrsched_core import Cosine
    >>> lr = Cosine(0.3, 0.01, steps=15).with_warmup(5)
    >>> lr(0), lr(5), lr(20), lr(10**12)
    (0.0, 0.3, 0.01, 0.01)
"""

from lrsched_core import _names

__version__ = "0.2.0"


def __getattr__(name: str) -> object:
    # Names load on first use, so that a program pays only for the schedules that it uses.
    if name == "__all__":
        value: object = [*sorted(name for name in _names.homes() if not name.startswith("_")), "__version__"]
    elif name in _names.homes():
        value = _names.load(name)
    else:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_names.homes()})
