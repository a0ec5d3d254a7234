"""Programs: a formula as a list of instructions, apart from its constants.

Two pieces of the same shape, whatever their rates and times, have the same code. That is what makes them cheap: code is
translated once per process, and pieces that share it can be evaluated together with their constants in a table.
"""

from typing import NamedTuple

from lrsched_core._formula import Clock, Expr
from lrsched_core._pieces import Pieces
from lrsched_core._time import reached

# An operation and its operands: each the result of an earlier instruction (>= 0), or the constant ~operand (< 0).
Instruction = tuple[str, tuple[int, ...]]
Code = tuple[Instruction, ...]


class Program(NamedTuple):
    """Straight-line code; its value is that of the last instruction, or, without any, of the only constant."""

    code: Code
    constants: tuple[object, ...]


def record(result: object) -> Program:
    """Writes down what was done to the symbols in `result`."""
    code: list[Instruction] = []
    constants: list[object] = []
    _place(result, code, constants, {})
    return Program(tuple(code), tuple(constants))


# Not a closure over the lists: that would be a reference cycle for every piece.
def _place(operand: object, code: list[Instruction], constants: list[object], places: dict[int, int]) -> int:
    if operand.__class__ is not Expr:
        constants.append(operand)
        return -len(constants)
    place = places.get(id(operand))
    if place is None:
        code.append((operand.op, tuple([_place(x, code, constants, places) for x in operand.args])))
        place = places[id(operand)] = len(code) - 1
    return place


class Table:
    """A flattened schedule: where each piece but the first begins, and each piece's program."""

    __slots__ = ("as_arrays", "bounds", "programs")

    def __init__(self, pieces: Pieces) -> None:
        self.as_arrays: object = None  # what `arrays` made of the two below, once it was asked
        self.bounds = tuple([reached(piece.start) for piece in pieces[1:]])
        self.programs = tuple([record(piece.formula(Clock(piece.origin))) for piece in pieces])
