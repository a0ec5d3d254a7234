"""Which control an argument gets: told by its annotation, or, where that says only `float`, by its name and default."""

import math
from inspect import Parameter
from typing import Any, Literal, NamedTuple, get_origin

from lrsched_core._run.clock import BATCH_UNITS, UNITS
from lrsched_core._value import checks
from lrsched_core._value.shapes import SHAPES

Kind = Literal["rate", "time", "number", "share", "whole", "choice", "flag", "list", "schedules", "schedule", "clock"]

_BY_CHECK: dict[Any, Kind] = {
    checks.rate: "rate",
    checks.positive: "number",
    checks.duration: "time",
    checks.moment: "time",
    checks.share: "share",
    checks.flag: "flag",
    checks.rates: "list",
    checks.milestones: "list",
}
_RATES = ("lr", "start", "low", "high")
_NUMBERS = ("divisor", "factor", "growth", "k", "lower", "model_size", "scale", "upper")
_SHARES = ("amount", "beta2")
_WHOLES = ("phases", "seed")
_WORDS = {"unit": UNITS, "batch_unit": BATCH_UNITS}

# What a control shows first, where the signature has no default: rates and times that suit each other, by name.
_FIRST: dict[str, Any] = {
    "low_lr": 0.01,
    "final_lr": 0.01,
    "stable_lr": 0.1,
    "low": 0.01,
    "upper_bound": 1200,
    "every": 100,
    "warmup": 100,
    "rewarmup": 20,
    "hold": 400,
    "stable": 700,
    "decay": 200,
    "cooldown": 300,
    "up": 200,
    "timescale": 100,
    "at": 1000,
    "factor": 0.5,
    "model_size": 512,
    "scale": 1.0,
    "rate": 0.01,
    "amount": 0.1,
    "k": 2,
    "values": (0.3, 0.1, 0.03),
    "milestones": (300, 600, 900),
    "periods": (400, 600),
    "unit": "epochs",
}
_FIRST_OF_KIND: dict[Kind, Any] = {"rate": 0.3, "time": 1000, "number": 1.0, "share": 0.5, "whole": 1, "list": (1, 2)}


class Scale(NamedTuple):
    """A slider's positions, and what they mean: whole multiples of a step, or powers of ten."""

    low: float
    high: float
    step: float
    logarithmic: bool
    # What stands at the left end of a logarithmic slider, where there is no power of ten.
    zero: bool
    whole: bool

    def value(self, position: float) -> float:
        """The number at a position, round as a person would have it."""
        if not self.logarithmic:
            return round(position) if self.whole else round(position, 6)
        if self.zero and position <= self.low:
            return 0 if self.whole else 0.0
        value = float(f"{10**position:.1e}")
        return max(1, round(value)) if self.whole else value

    def position(self, value: float) -> float:
        """The nearest position to a number."""
        if self.logarithmic:
            value = math.log10(value) if value > 0 else self.low
        return min(max(value, self.low), self.high)


def kind(parameter: Parameter) -> Kind:
    """What sort of value an argument has."""
    annotation, name, default = parameter.annotation, parameter.name, parameter.default
    if parameter.kind is parameter.VAR_POSITIONAL or name == "schedules":
        return "schedules"
    if name == "other":
        return "schedule"
    if name == "clock":
        return "clock"
    if choices(name):
        return "choice"
    if name in _SHARES or name in _WHOLES:
        return "share" if name in _SHARES else "whole"
    if name.endswith("_lr"):
        return "rate"
    checks = _checks(parameter)
    if checks and checks[0] in _BY_CHECK:
        return _BY_CHECK[checks[0]]
    if annotation is bool:
        return "flag"
    if get_origin(annotation) is not None and "Iterable" in str(annotation):
        return "list"
    return _kind_of_number(name, default)


def choices(name: str) -> tuple[str, ...]:
    """The words of which an argument is one, none if it is no word."""
    return tuple(SHAPES) if name.endswith("shape") else _WORDS.get(name, ())


def _checks(parameter: Parameter) -> tuple[Any, ...]:
    return getattr(parameter.annotation, "__metadata__", ())


def _kind_of_number(name: str, default: Any) -> Kind:
    if name in _RATES:
        return "rate"
    if isinstance(default, float):
        return "share" if 0 < default < 1 and name not in _NUMBERS else "number"
    return "number" if name in _NUMBERS else "time"


def first_value(parameter: Parameter) -> Any:
    """What an argument without a default begins with."""
    return _FIRST.get(parameter.name, _FIRST_OF_KIND.get(kind(parameter)))


def scale(parameter: Parameter, value: float) -> Scale:
    """The slider of an argument that has a number; it reaches beyond the value that is there."""
    what = kind(parameter)
    if what == "share":
        return Scale(0.0, 1.0, 0.001, logarithmic=False, zero=False, whole=False)
    if what == "whole":
        return Scale(0, max(10, 2 * value), 1, logarithmic=False, zero=False, whole=True)
    # Four decades, more or less, with the value inside.
    low, high = (math.floor(math.log10(value)) - 2, math.ceil(math.log10(value)) + 1) if value > 0 else (-5, 0)
    if what == "rate":
        zero = checks.positive not in _checks(parameter)
        return Scale(low, high, 0.01, logarithmic=True, zero=zero, whole=False)
    if what == "time":
        low, high = (max(0, low), max(3, high)) if value else (0, 4)
        return Scale(low, high, 0.01, logarithmic=True, zero=True, whole=True)
    if value < 0 or parameter.name in ("lower", "upper"):
        return Scale(-10.0, 10.0, 0.1, logarithmic=False, zero=False, whole=False)
    return Scale(low, high, 0.01, logarithmic=True, zero=False, whole=False)


def number(text: str) -> int | float:
    """A number that was typed."""
    try:
        return int(text)
    except ValueError:
        return float(text)


def numbers(text: str) -> tuple[int | float, ...]:
    """Numbers that were typed, with commas or spaces between them."""
    return tuple(map(number, text.replace(",", " ").split()))
