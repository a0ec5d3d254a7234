"""Programs: a formula as a list of instructions, separate from its constants.

Pieces of the same shape have the same code, whatever their rates and times. This makes them cheap: code is translated
once per process, and pieces that share it are evaluated together, with their constants in a table.
"""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Protocol

from lrsched_core._evaluation.formula import Clock, Expr
from lrsched_core._evaluation.pieces import Piece, Pieces
from lrsched_core._evaluation.times import reached

# An operation and its operands: each the result of an earlier instruction (>= 0), or the constant ~operand (< 0).
Instruction = tuple[str, tuple[int, ...]]
Code = tuple[Instruction, ...]


class Program(NamedTuple):
    """Straight-line code. Its value is that of the last instruction, or of the only constant if there is none."""

    code: Code
    constants: tuple[object, ...]


def record(result: object) -> Program:
    """The program of what was done to the symbols in `result`."""
    if result.__class__ is not Expr:
        return Program((), (result,))
    code: list[Instruction] = []
    constants: list[object] = []
    places: dict[Expr, int] = {}
    # Not recursive, because a sum of a thousand schedules is a thousand operations deep.
    waiting: list[Any] = [result]
    while waiting:
        expr = waiting[-1]
        operands = []
        own = []
        for x in expr.args:
            if x.__class__ is not Expr:
                own.append(x)
                operands.append(-len(constants) - len(own))
            elif x in places:
                operands.append(places[x])
            else:
                waiting.append(x)
                break
        else:
            if expr.op == "piecewise":
                own[-1] = Table(own[-1])  # its last operand, the pieces
            constants += own
            places[expr] = len(code)
            code.append((expr.op, tuple(operands)))
            waiting.pop()
    return Program(tuple(code), tuple(constants))


def _program(piece: Piece) -> Program:
    """A piece's program. If it begins between two steps, its first value is computed apart, exactly, and pinned.

    The float that stands for such a moment may lie a rounding before or after it.
    """
    value = piece.formula(Clock(piece.origin, piece.scale))
    program = record(value)
    if piece.start.denominator == 1 or not program.code or any(op == "call" for op, _ in program.code):
        return program
    first = Table.value_at_0(Table((piece._replace(start=0, origin=piece.origin - piece.start),)))
    return record(Expr("pinned", value, reached(piece.start), first))


class Table:
    """A flattened schedule: where each piece begins, and each piece's program.

    A program may contain another table, which is a function of a time that the program computes.

    The bounds are known from the start. A formula is recorded when its program is first needed, because a number needs
    only one piece of a thousand. Threads may record at the same time, since they record the same.

    Attributes:
        start: When the first piece begins.
        bounds: When each of the others begins.
        programs: All programs, once they are `recorded`, in which each user's function is replaced by its index in
            `calls`; empty until then.
        of_array: The function of an array, once `arrays` has made it.
        tapes: What `tensors` does, by the kind of the times.
    """

    # Set by `evaluators`, because this module cannot import what evaluates tables.
    value_at_0: ClassVar[Callable[["Table"], float]]

    __slots__ = ("_pieces", "bounds", "of_array", "programs", "start", "tapes")

    def __init__(self, pieces: Pieces) -> None:
        self.start = reached(pieces[0].start)
        self.bounds = tuple([reached(piece.start) for piece in pieces[1:]])
        self.programs: tuple[Program, ...] = ()
        self.of_array: Callable[..., Any] | None = None
        self.tapes: dict[Any, Any] = {}
        self._pieces: list[Piece | Program] = [*pieces]  # each gives way to its program

    def __len__(self) -> int:
        return len(self._pieces)

    def program(self, i: int) -> Program:
        """The program of one piece."""
        piece = self._pieces[i]
        if isinstance(piece, Program):
            return piece
        program = self._pieces[i] = _program(piece)
        return program

    def recorded(self, calls: list[Any]) -> tuple[Program, ...]:
        """The programs of all pieces, for `programs`; sets those of inner tables, and appends users' functions."""
        programs = []
        for i in range(len(self)):
            code, constants = self.program(i)
            functions = {~operands[1] for op, operands in code if op == "call"}
            kept: list[object] = []
            for k, constant in enumerate(constants):
                if isinstance(constant, Table):
                    constant.programs = constant.recorded(calls)
                if k in functions:
                    calls.append(constant)
                    constant = len(calls) - 1
                kept.append(constant)
            programs.append(Program(code, tuple(kept)))
        return tuple(programs)


class Evaluated(Protocol):
    """A schedule, as far as this room knows one: what gives pieces, and keeps what was made of them."""

    _table: Table
    _calls: tuple[Callable[[Any], Any], ...]
    _evaluators: dict[type, Callable[[Any], Any]]

    def __call__(self, t: Any, /) -> Any: ...

    def _pieces(self) -> Pieces: ...
