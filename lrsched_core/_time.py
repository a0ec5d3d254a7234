"""Sums of times. Integers add exactly; for floats, what a sum rounds away must not move a boundary or a last step."""

import math


def two_sum(a: float, b: float) -> tuple[float, float]:
    """The sum of two times, and what it rounded away (Knuth); 0 for integers."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def later(moment: float, by: float) -> float:
    """The first number at which `moment + by` has been reached."""
    total, lost = two_sum(moment, by)
    return math.nextafter(total, math.inf) if lost > 0 else total
