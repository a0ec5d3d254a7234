"""Piecewise functions of time: what every schedule flattens into.

A piece holds from its `start` until the next one begins; the last holds for ever. Its formula reads a clock that is 0
at `origin`, which may lie before `start` where the beginning was cut off.
"""

from typing import NamedTuple

from lrsched_core._formula import Formula
from lrsched_core._time import Sum, exact


class Piece(NamedTuple):
    """One formula, from `start` until the next piece."""

    start: Sum
    origin: Sum
    formula: Formula


Pieces = tuple[Piece, ...]


def piece(formula: Formula, start: float = 0) -> Piece:
    """A piece whose clock is that of the whole schedule."""
    return Piece(exact(start), 0, formula)


def hold(value: float, start: float = 0) -> Piece:
    """A constant from `start` on."""
    return Piece(exact(start), 0, lambda _clock: value)


def shifted(pieces: Pieces, by: float) -> Pieces:
    """The same function, begun `by` later."""
    shift = exact(by)
    return tuple([Piece(start + shift, origin + shift, formula) for start, origin, formula in pieces])


def before(pieces: Pieces, stop: float) -> Pieces:
    """The part of a function that lies before `stop`."""
    return tuple([p for p in pieces if p.start < stop])


def since(pieces: Pieces, start: float) -> Pieces:
    """The part of a function from `start` on; its clocks run as they did."""
    first = max(i for i, p in enumerate(pieces) if p.start <= start)
    return (pieces[first]._replace(start=exact(start)), *pieces[first + 1 :])
