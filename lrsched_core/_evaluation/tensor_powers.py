"""Powers and functions of tensors, to the precision of their dtype, with finite gradients where they are undefined."""

import math
from typing import Any

from lrsched_core._evaluation import float32, share_powers
from lrsched_core._evaluation.tensor_times import (
    Column,
    Times,
    floats,
    gathered,
    number,
    values_of,
    wholes_of,
    widened,
)


def _pow(times: Times, x: Any, power: Any) -> Any:
    x = times.float(x)
    # Its derivative at 0 may be infinite, and would become NaN when it is multiplied by 0 where another piece holds.
    vanishes = x <= 0
    value = _pow_above_0(times, times.runtime.where(vanishes, number(times, 1.0), x), power)
    return times.runtime.where(vanishes, number(times, 0.0), value)


def _pow_above_0(times: Times, x: Any, power: Any) -> Any:
    if not times.narrow:
        return x ** gathered(times, power)
    value = x ** wholes_of(times, power, [float32.nearest(p) for p in values_of(power)], times.dtype)
    if not any(_rounded_away(power)):
        return value
    # Corrects what float32 rounds away of the power, which a logarithm multiplies, perhaps by 20.
    rest = wholes_of(times, power, _rounded_away(power), times.dtype)
    return value * (1.0 + _LOG(times, times.runtime.maximum(x, 1e-30)) * rest)


def _rounded_away(constant: Any) -> list[float]:
    return [float(x) - float32.nearest(x) for x in values_of(constant)]


def _exp_base(times: Times, base: float, power: Any) -> Any:
    return times.float(gathered(times, base)) ** times.float(power)


def _whole_power(times: Times, base: Any, n: Any) -> Any:
    return _grown(times, 1.0, base, n)


def _grown(times: Times, start: Any, base: Any, n: Any) -> Any:
    runtime, wide = times.runtime, widened(times)
    if not wide.narrow:
        if start == 1.0 if isinstance(start, float) else False:
            return times.float(_exp_base(wide, base, n))
        # In thirds, as in `share_powers`: the power may leave the float range where the product does not.
        n = wide.float(n)
        third = runtime.functions(n).floor(n / 3.0)
        power = _exp_base(wide, base, third)
        value = wide.float(gathered(wide, start)) * power * power * _exp_base(wide, base, n - 2.0 * third)
        return times.float(value)
    # float32 cannot hold a base close to 1, nor a great n. So n is written in base 256, and the power for each digit is
    # looked up: that is a few roundings, where a power function would lose all digits.
    known = not isinstance(start, Column) and not isinstance(start, float | int)
    piece = next((x.piece for x in (base, start) if isinstance(x, Column)), None)
    last = max(_last_power(b, runtime.largest if times.integer else 2**30) for b in values_of(base))
    n = runtime.integers(runtime.minimum(n, last))
    product = times.float(start) if known else None
    for shift in range(0, last.bit_length(), 8):
        row = n // 2**shift % 256
        if piece is not None:
            row = row + runtime.integers(piece) * 256
        # A start that is no constant is multiplied by one half of each power, then by the other: their product may be
        # within the range of float32 where the power is not.
        for half in ((0, 1), (1, 1)) if known else ((0, 0),):
            factor = runtime.take(_powers(times, 1.0 if known else start, base, shift, half), row)
            product = factor if product is None else product * factor
    return product


def _powers(times: Times, start: Any, base: Any, shift: int, half: tuple[int, int]) -> Any:
    """A tensor of the powers for a digit; those for the lowest are multiplied by the start."""
    return floats(times, _digit_powers(start, base, shift, *half))


def _digit_powers(start: Any, base: Any, shift: int, more: int, less: int) -> list[float]:
    """The powers for all of a digit, or those for its lower half, (n + 0) >> 1, or its upper, (n + 1) >> 1."""
    bases, starts = values_of(base), values_of(start) if shift == 0 else (1.0,)
    size = max(len(bases), len(values_of(start)))
    bases, starts = bases * (size // len(bases)), starts * (size // len(starts))  # one may be a constant by a column
    return [
        share_powers.grown(first, b, ((digit << shift) + more) >> less)
        for first, b in zip(starts, bases, strict=True)
        for digit in range(256)
    ]


def _last_power(base: float, largest: int) -> int:
    """A whole number from which on powers are 0 or infinite, at most `largest`."""
    n = 1
    while n < largest and 0 < share_powers.grown(1.0, base, n) < math.inf:
        n *= 2
    return min(n, largest)


def _power_of_share(times: Times, time: Any, *constants: Any) -> Any:
    wide = widened(times)
    if not wide.narrow:
        base, steps, *others = [gathered(wide, constant) for constant in constants]
        time = times.runtime.minimum(wide.float(time), share_powers.LARGEST * steps)
        share = time / steps
        power = _exp_base(wide, base, share)
        # float32 would not show the correction for the rounding of the share.
        return times.float(power if times.narrow else power * share_powers.correction(time, share, steps, *others))
    runtime = times.runtime
    piece = next((constant.piece for constant in constants if isinstance(constant, Column)), None)
    rows = _rows_of_shares(constants)

    def power_of(digit: Any, unit: float) -> Any:
        powers = floats(times, [power for row in rows for power in share_powers.digit_powers(unit, *row)])
        place = runtime.integers(digit) + (0 if piece is None else runtime.integers(piece) * 256)
        return runtime.take(powers, place)

    # If the beginning of a schedule is left out, more may have elapsed than integers hold, up to twice as much.
    largest = 2 * runtime.largest if times.integer else 2**30
    last = max(share_powers.last_time(largest, *row) for row in rows)
    time = runtime.maximum(time, 0)
    time = runtime.minimum(time, last) if last <= runtime.largest else time
    whole = time if runtime.kind(time) == "integer" else runtime.integers(time)
    product = None
    for shift in range(0, last.bit_length(), 8):
        power = power_of(whole // 2**shift % 256, 2.0**shift)
        product = power if product is None else product * power
    if runtime.kind(time) == "float":
        part = time - times.float(whole)
        digit = runtime.maximum(runtime.integers(part * 256.0), 0)  # of no time at all, in a piece that does not hold
        tiny = (part - times.float(digit) / 256.0) * gathered(times, constants[-1])
        product = product * power_of(digit, 2.0**-8) * (1.0 + _EXPM1(times, tiny))
    return product


def _rows_of_shares(constants: tuple[Any, ...]) -> tuple[tuple[float, ...], ...]:
    size = max(len(values_of(constant)) for constant in constants)
    return tuple(zip(*[values_of(c) if isinstance(c, Column) else (c,) * size for c in constants], strict=True))


def _function(name: str, least: float = -math.inf) -> Any:
    """A function that is also safe, with a finite gradient, where it is undefined: its piece does not hold there."""

    def operation(times: Times, x: Any) -> Any:
        runtime, x = times.runtime, times.float(x)
        function = getattr(runtime.functions(x), name)
        if least == -math.inf:
            return function(x)
        outside = x <= least
        inside = runtime.where(outside, number(times, least + 1.0), x)
        return runtime.where(outside, number(times, 0.0), function(inside))

    return operation


_LOG, _EXPM1 = _function("log", 0.0), _function("expm1")

POWERS: dict[str, Any] = {
    "pow": _pow,
    "exp_base": _exp_base,
    "whole_power": _whole_power,
    "grown": _grown,
    "power_of_share": _power_of_share,
    "sin": _function("sin"),
    "sqrt": _function("sqrt", 0.0),
    "log": _LOG,
    "log1p": _function("log1p", -1.0),
    "expm1": _EXPM1,
}
