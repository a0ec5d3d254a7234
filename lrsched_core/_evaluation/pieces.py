"""Piecewise functions of time, which schedules flatten into.

A piece holds from its `start` until the next one begins; the last holds for ever. Its formula reads a clock that is 0
at `origin` and counts in units of `scale`. The origin lies before `start` if the beginning of the formula is cut off.
"""

from collections.abc import Callable
from typing import NamedTuple

from lrsched_core._evaluation.formula import Clock, Expr, Formula, Operand
from lrsched_core._evaluation.times import Exact, exact


class Piece(NamedTuple):
    """One formula, from `start` until the next piece."""

    start: Exact
    formula: Formula
    origin: Exact = 0
    scale: Exact = 1
    # What its formula contains beside itself: other formulas, the pieces of tables, milestones.
    weight: int = 0


Pieces = tuple[Piece, ...]

# Laying out a table of this many milestones costs as much as another formula.
MILESTONES_A_PIECE = 16
# How many copies of what formulas contain an operation may make, one for each piece: more would multiply from operation
# to operation. A few formulas that contain nothing, such as numbers, are copied in any case.
MOST_COPIES = 32
_FEW = 4


def piece(formula: Formula, start: float = 0, weight: int = 0) -> Piece:
    """A piece whose clock is that of the whole schedule."""
    return Piece(exact(start), formula, 0, 1, weight)


def hold(value: float, start: float = 0) -> Piece:
    """A constant from `start` on."""
    return Piece(exact(start), lambda _clock: value)


def moved(pieces: Pieces, by: Exact, scale: Exact = 1) -> Pieces:
    """The same function, made `scale` times as slow, then delayed by `by`."""
    return tuple(
        [
            Piece(start * scale + by, formula, origin * scale + by, own * scale, weight)
            for start, formula, origin, own, weight in pieces
        ]
    )


def laid_out(pieces: Pieces) -> int:
    """How many pieces there are, and what they contain."""
    return sum([1 + p.weight for p in pieces])


def before(pieces: Pieces, stop: float | Exact) -> Pieces:
    """The part of a function that lies before `stop`."""
    stop = exact(stop)
    return tuple([p for p in pieces if p.start < stop])


def within(pieces: Pieces, start: Exact, stop: float | Exact) -> Pieces:
    """The same function, begun at `start` and cut off at `stop`."""
    # One pass instead of `moved` and `before`, because a thousand schedules may follow each other.
    return tuple(
        [
            Piece(start + own, formula, start + origin, scale, weight)
            for own, formula, origin, scale, weight in pieces
            if start + own < stop
        ]
    )


def since(pieces: Pieces, start: float | Exact) -> Pieces:
    """The part of a function from `start` on, with its clocks unchanged."""
    start = exact(start)
    first = max(i for i, p in enumerate(pieces) if p.start <= start)
    return (pieces[first]._replace(start=start), *pieces[first + 1 :])


def on(clock: Clock, pieces: Pieces) -> Operand:
    """The value of a whole function at the time of a clock."""
    if len(pieces) == 1:
        return pieces[0].formula(clock.inner(pieces[0].origin, pieces[0].scale))
    return Expr("piecewise", Expr("time"), moved(pieces, clock.origin, clock.scale))


def at(time: Expr, clock: Clock, pieces: Pieces, parts: int) -> Operand:
    """The value of a whole function at another time, which counts from the clock's origin in parts of a step."""
    return Expr("piecewise", time, moved(pieces, 0, clock.scale * parts))


def again(clock: Clock, pieces: Pieces, every: float) -> Operand:
    """The value of a function whose first part, of length `every` and given by `pieces`, repeats for ever."""
    phase, parts = clock.within_period(every)
    return at(phase, clock, pieces, parts)


def pointwise(operation: Callable[..., Operand], *functions: Pieces) -> Pieces:
    """The function whose value is that of an operation on the values of others."""

    def formula(parts: list[Pieces]) -> Formula:
        return lambda clock: operation(*[on(clock, part) for part in parts])

    parts = list(functions)
    many = [i for i, part in enumerate(parts) if len(part) > 1]
    others = sum([laid_out(part) for part in parts if len(part) == 1])
    contained = others - (len(parts) - len(many))
    if len(many) != 1 or len(parts) > _FEW or len(parts[many[0]]) * contained > MOST_COPIES:
        return (piece(formula(parts), weight=others + sum([laid_out(parts[i]) for i in many])),)
    # If only one of them has several pieces, the result has the same ones, and stays as flat.
    [i] = many
    return tuple(
        [Piece(p.start, formula([*parts[:i], (p,), *parts[i + 1 :]]), weight=p.weight + others) for p in parts[i]]
    )
