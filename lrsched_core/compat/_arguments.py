"""Checks of arguments that only the originals have."""

from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.checks import moment, positive, rate


def whole(name: str, value: Any, *, least: int = 0) -> int:
    """A whole number: what a counter is compared with."""
    number = moment(name, value) if least >= 0 else real(name, value)
    if not isinstance(number, int) or number < least:
        raise refuse(ValueError, name, f"a whole number >= {least}", value)
    return number


def share(name: str, value: Any) -> float:
    """A part of a whole, between 0 and 1."""
    number = real(name, value)
    if not 0 <= number <= 1:
        raise refuse(ValueError, name, "between 0 and 1", value)
    return float(number)


def relative(name: str, value: Any, base_lr: Any) -> float:
    """A least rate as a part of the first one, which a rule scales."""
    base, least = positive("base_lr", base_lr), rate(name, value)
    if least > base:
        raise refuse(ValueError, name, f"at most `base_lr`, which is {base_lr!r}", value)
    return least / base
