"""What a curve is called, in so many letters."""

import math
import re

from lrsched_core._run.plan import Plan
from lrsched_core._value.schedule import Schedule

_OPENING, _CLOSING = "([{", ")]}"
# Of a long list of numbers, so many say what it is.
_FIRST = 3
# So many decimals of a time are shown.
_DECIMALS = 3
_ZEROS = re.compile(r"(?<![\w.])([1-9]\d{0,2}?)(0{6,})(?:\.0)?(?![\w.])")
_NUMBERS = re.compile(rf"((?:-?[\w.+-]+, ){{{_FIRST}}})-?[\w.+-]+(?:, -?[\w.+-]+)+,?(?=\))")


def called(value: Schedule | Plan) -> str:
    """The expression of a schedule or plan, in which recipes go by their names, and long numbers are 798e9."""
    return _with_exponents(_called(value))


def written(number: float) -> str:
    """A number as a person writes it: 798e9."""
    return _with_exponents(repr(number))


def _with_exponents(text: str) -> str:
    return _ZEROS.sub(lambda found: f"{found[1]}e{len(found[2])}", text)


def _called(value: Schedule | Plan) -> str:
    if recipe := getattr(value, "_recipe", None):
        name, arguments, options = recipe
        given = [f"{key}={_argument(option)}" for key, option in options.items() if option is not None]
        return f"{name}({', '.join([*map(_argument, arguments), *given])})"
    text = repr(value)
    for inner in value._inner():
        expression, name = repr(inner), _called(inner)
        if hasattr(inner, "_recipe"):
            # A product that goes by a name needs no parentheses.
            text = text.replace(f"({expression}).", f"{name}.")
        text = text.replace(expression, name)
    return text


def _argument(value: object) -> str:
    return _called(value) if isinstance(value, Schedule) else repr(value)


def round_numbers(first: float, last: float, most: int) -> list[float]:
    """Round numbers from the first to the last, about as many as fit."""
    span = last - first
    unit = 10.0 ** math.floor(math.log10(span / most))
    step = next(k * unit for k in (1, 2, 5, 10, 20) if span / (k * unit) <= most)
    return [
        float(f"{k * step:.12g}") for k in range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1)
    ]


def moment(t: float) -> str:
    """A time as a person reads it: on a clock, pieces may begin within an update."""
    text = f"{t:,}"
    if len(text.partition(".")[2]) <= _DECIMALS:
        return text
    return f"{t:,.{_DECIMALS}f}".rstrip("0").rstrip(".") if t >= 1 else f"{t:.6g}"


def shortened(text: str, width: int) -> str:
    """An expression in at most so many letters: the innermost arguments go first, the outermost names last."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    text = _NUMBERS.sub(r"\1...", text)
    depth = _depth(text)
    # What is one call would have nothing left but its name.
    while len(text) > width and depth and not (depth == 1 and _is_call(text)):
        text = _without(text, depth)
        depth -= 1
    return text if len(text) <= width else f"{text[: max(width - 3, 0)]}..."[:width]


def _is_call(text: str) -> bool:
    """Whether it is one call with others among its arguments."""
    inside = text.partition("(")[2]
    return "(...)" in inside and text[-1:] == ")" and _closed(inside[:-1])


def _closed(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        if depth < 0:
            return False
    return True


def _depth(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter in _OPENING) - (letter in _CLOSING)
        deepest = max(deepest, depth)
    return deepest


def _without(text: str, deepest: int) -> str:
    """The same text, with dots for what stands in so many parentheses or more."""
    depth, kept = 0, []
    for letter in text:
        depth -= letter in _CLOSING
        if depth < deepest:
            kept.append(letter)
        depth += letter in _OPENING
        if letter in _OPENING and depth == deepest:
            kept.append("...")
    return "".join(kept)
