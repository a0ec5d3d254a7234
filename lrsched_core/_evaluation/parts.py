"""Periods whose length is not a whole number of steps, but a whole number of parts of a step.

A period is `length` parts long, and a step has `parts` of them; the first period begins after `start` steps and `lag`
parts. At a whole time a whole number of parts has elapsed, so that counting periods, and finding how much of the
present one has elapsed, needs no rounding. A float between whole numbers stands for a part if it is the float nearest
to it. Throughout, `cycle` whole steps are `periods` whole periods.
"""

from typing import Any


def counted(
    time: float,
    length: int,
    parts: int,
    start: int,
    lag: int,
    *_: int,
) -> tuple[int, float]:
    """How many periods have elapsed, and parts of the present one; for numbers."""
    if time.__class__ is int:
        return divmod(time * parts - start * parts - lag, length)
    numerator, denominator = time.as_integer_ratio()
    if denominator != 1:
        part = (2 * numerator * parts + denominator) // (2 * denominator)
        if part / parts == time:
            numerator, denominator = part, parts
    elapsed = numerator * parts - (start * parts + lag) * denominator
    count, rest = divmod(elapsed, length * denominator)
    if rest % denominator:
        return count, rest / denominator
    return count, rest // denominator


def part_periods(time: float, *constants: int) -> int:
    """How many periods have elapsed, as far as a float can count; for numbers."""
    count, _ = counted(time, *constants)
    return count if count < 1e300 else 10**300


def part_phase(time: float, *constants: int) -> float:
    """How many parts of the present period have elapsed; for numbers."""
    return counted(time, *constants)[1]


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
    fixed: Any,
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
    before = (since - within) / cycle * periods
    return before + floor((elapsed - present) / length + 0.5), present
