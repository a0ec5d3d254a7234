"""What a curve is called, in so many letters."""

import re

_OPENING, _CLOSING = "([{", ")]}"
# Of a long list of numbers, so many say what it is.
_FIRST = 3
_NUMBERS = re.compile(rf"((?:-?[\w.+-]+, ){{{_FIRST}}})-?[\w.+-]+(?:, -?[\w.+-]+)+,?(?=\))")


def shortened(text: str, width: int) -> str:
    """An expression in at most so many letters: the innermost arguments go first, the outermost names last."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    text = _NUMBERS.sub(r"\1...", text)
    depth = _depth(text)
    while len(text) > width and depth:
        text = _without(text, depth)
        depth -= 1
    return text if len(text) <= width else f"{text[: max(width - 3, 0)]}..."[:width]


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
