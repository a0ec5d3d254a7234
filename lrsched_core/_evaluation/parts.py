"""Periods that are no whole number of steps long, but a whole number of parts of one.

A period is `length` parts long, of which a step has `parts`; the first begins after `start` steps and `lag` parts. The
parts that have elapsed at a whole time are a whole number, so that neither counting periods, nor finding what of the
present one has elapsed, needs a rounding. A float between whole numbers stands for the part to which it is nearest, if
it is the float nearest to that. Everywhere, `cycle` whole steps are `periods` whole periods.
"""

from collections.abc import Callable
from typing import Any

# As many periods as a float can count.
_MOST = 10**300


def counted(
    time: float, length: int, parts: int, start: int, lag: int, _cycle: int, _periods: int
) -> tuple[int, float]:
    """How many periods have elapsed, and how many parts of the present one; for numbers."""
    numerator, denominator = (time, 1) if isinstance(time, int) else time.as_integer_ratio()
    if denominator != 1:
        part = (2 * numerator * parts + denominator) // (2 * denominator)
        if part / parts == time:
            numerator, denominator = part, parts
    elapsed = numerator * parts - (start * parts + lag) * denominator
    count, rest = divmod(elapsed, length * denominator)
    return count, rest // denominator if rest % denominator == 0 else rest / denominator


def count(*arguments: Any) -> int:
    """How many periods have elapsed; for numbers."""
    return min(counted(*arguments)[0], _MOST)


def phase(*arguments: Any) -> float:
    """How many parts of the present period have elapsed; for numbers."""
    return counted(*arguments)[1]


def counted_floats(
    time: Any,
    length: Any,
    parts: Any,
    start: Any,
    lag: Any,
    cycle: Any,
    periods: Any,
    *,
    floor: Any,
    where: Any,
    fixed: Callable[[Any], Any],
) -> tuple[Any, Any]:
    """The same of arrays, and of tensors of floats; what is `fixed` has no slope."""
    whole = floor(time)
    rest = (time - whole) * parts
    part = floor(rest + 0.5)
    # A slope is that of the time, not that of a part.
    rest = rest + fixed(where((whole * parts + part) / parts == time, part - rest, 0.0))
    since = whole - start
    within = since % cycle
    elapsed = within * parts + (rest - lag)
    present = elapsed % length
    return (since - within) / cycle * periods + floor((elapsed - present) / length + 0.5), present
