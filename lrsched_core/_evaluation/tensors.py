"""Tensors: each time passes through each kind of piece of a table, and `where` picks one of the results.

A tensor may be traced, so nothing here looks at its values. Integer times stay integers until the start or the end of a
piece has been subtracted, because float32 counts only to 2**24. Where a formula could fail outside of its piece, times
are moved to the nearest end of the piece first.

Few pieces become nested `where`s. Of many, those with the same code are evaluated once: their constants are columns of
a table, from which each time gathers its own row.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.program import Code, Evaluated, Program, Table
from lrsched_core._evaluation.runtimes import Runtime
from lrsched_core._evaluation.tape import Recorder, Recording, Symbol, Tape
from lrsched_core._evaluation.tensor_operations import OPERATIONS, answered
from lrsched_core._evaluation.tensor_times import (
    Column,
    Rows,
    Times,
    bound,
    choose,
    filled,
    gathered,
    lone,
    reachable,
    reached,
    within,
)

_FEW = 4
# Code with these is not grouped with others: some of its constants are tables or functions.
_ALONE = ("noise", "lookup", "interpolated", "piecewise", "call")
# Code with these may be undefined, or have no finite gradient, outside of its piece.
_PARTIAL = ("pow", "sqrt", "log", "log1p", "exp_base", "whole_power", "grown", "power_of_share", "call")


def evaluate(schedule: Evaluated, table: Table, runtime: Runtime, t: Any) -> Any:
    """The value at each time in the tensor `t`; below 0, the value at 0. The table is the schedule's, recorded."""
    t = runtime.unwrap(t)
    runtime = runtime.suited(t)
    kind = runtime.kind(t)
    if kind == "other":
        raise refuse(TypeError, "t", "a tensor of real numbers", t.dtype)
    dtype = runtime.float_dtype(t)
    integer = kind == "integer"
    t = runtime.maximum(runtime.integers(t) if integer else runtime.cast(t, dtype), 0)
    call = partial(answered, runtime, schedule._calls)
    device = runtime.kept_on(t)
    if device is None:
        value = _written(table, Times(runtime, t, integer, dtype, dtype != runtime.float64(t), call, dtype))
    else:
        value = _tape(schedule, runtime, integer, dtype, device).run(runtime.steps, call, t)
    # NaN stays NaN: comparisons would give it the value of the last piece.
    return value if integer else runtime.where(t == t, value, t)


def _written(table: Table, times: Times) -> Any:
    return filled(times, _value(table, times))


def _tape(schedule: Evaluated, runtime: Runtime, integer: bool, dtype: Any, device: Any) -> Tape:
    """The tape for such times and this dtype of the answer; recorded without calling users' functions."""

    def recorded(t: Any) -> Tape:
        recorder = Recorder()
        recording, times = Recording(runtime, recorder), Symbol(recorder, t)

        def call(x: Symbol, *which: Any) -> Any:
            return recorder.does("call", lambda x, _function, dtype, _called: runtime.full(x, 0.0, dtype), x, *which)

        narrow = dtype != runtime.float64(t)
        return recorder.tape(_written(table, Times(recording, times, integer, dtype, narrow, call, dtype)))

    table = schedule._table
    tape = table.tapes.get((integer, dtype, device))
    if tape is None:
        # Threads may record the same at the same time.
        tape = table.tapes[integer, dtype, device] = runtime.recorded(recorded, integer, dtype, device)
    return tape


# torch.compile need not trace how a tape is recorded; see `evaluators`.
_tape._dynamo_marked_constant = True  # type: ignore[attr-defined]  # functions take attributes


def _value(table: Table, times: Times) -> Any:
    """A tensor, or a number if the table has the same value at all times."""
    pieces = _Pieces(table, reachable(times, table.bounds))
    return (_many_pieces if pieces.groups else _few_pieces)(pieces, times)


class _Pieces:
    """The pieces of a table that times can reach, their starts and stops (the last is None), and groups if many."""

    __slots__ = ("groups", "programs", "starts", "stops")

    def __init__(self, table: Table, bounds: list[float]) -> None:
        self.programs = table.programs[: len(bounds) + 1]
        self.starts = (table.start, *bounds)
        self.stops = (*bounds, None)
        self.groups = tuple(self._grouped()) if len(bounds) >= _FEW else ()

    def _grouped(self) -> Iterator["_Group"]:
        by_code: dict[Any, list[int]] = {}
        for i, program in enumerate(self.programs):
            alone = any(op in _ALONE for op, _ in program.code)
            by_code.setdefault(i if alone else program.code, []).append(i)
        for members in by_code.values():
            yield _Group(self, members)


class _Group:
    """Pieces of the same code, with their constants in rows, one for each piece of the table."""

    __slots__ = ("alone", "mine", "program", "start", "stop")

    def __init__(self, pieces: _Pieces, members: list[int]) -> None:
        first, own = members[0], set(members)
        self.alone = len(members) == 1
        self.mine = Rows([float(i in own) for i in range(len(pieces.programs))])
        self.program = pieces.programs[first]
        self.start: Any = pieces.starts[first]
        self.stop: Any = pieces.stops[first]
        if not self.alone:
            # A time that belongs to another group gets the constants of the first piece of this one.
            rows = [i if i in own else first for i in range(len(pieces.programs))]
            columns = zip(*[pieces.programs[row].constants for row in rows], strict=True)
            self.program = Program(self.program.code, tuple(map(Rows, columns)))
            self.start = Rows([pieces.starts[row] for row in rows])
            self.stop = Rows([pieces.stops[row] or math.inf for row in rows])

    def run(self, times: Times, piece: Any) -> Any:
        code, constants = self.program
        if self.alone:
            return _run(code, constants, times, self.start, self.stop)
        columns = [Column(rows, piece) for rows in constants]  # type: ignore[arg-type]  # rows, where it is not alone
        return _run(code, columns, times, Column(self.start, piece), Column(self.stop, piece))


def _few_pieces(pieces: _Pieces, times: Times) -> Any:
    value = None
    for i in reversed(range(len(pieces.programs))):
        code, constants = pieces.programs[i]
        here = _run(code, constants, times, pieces.starts[i], pieces.stops[i])
        if i == len(pieces.programs) - 1:
            value = here
        else:
            bound = _first_after(times, pieces, i)
            value = choose(times, times.t < bound, here, value)
    return value


def _first_after(times: Times, pieces: _Pieces, i: int) -> Any:
    return lone(times, bound(times, pieces.starts[i + 1]))


def _many_pieces(pieces: _Pieces, times: Times) -> Any:
    piece = reached(times, pieces.starts[1:])
    value = None
    for i, group in enumerate(pieces.groups):
        here = group.run(times, piece)
        value = here if i == 0 else choose(times, gathered(times, Column(group.mine, piece)) > 0, here, value)
    return value


def _run(code: Code, constants: Sequence[Any], times: Times, start: Any, stop: Any) -> Any:
    """A tensor, or a number where the piece is constant."""
    if not code:
        return gathered(times, constants[0])
    if any(op in _PARTIAL for op, _ in code):
        times = within(times, start, stop)
    results: list[Any] = []
    for op, operands in code:
        arguments = [constants[~x] if x < 0 else results[x] for x in operands]
        results.append(_OPERATIONS[op](times, *arguments))
    return times.float(results[-1])


def _piecewise(times: Times, x: Any, table: Table) -> Any:
    if x is times.t:
        return filled(times, _value(table, times))
    runtime = times.runtime
    integer = runtime.kind(x) == "integer"
    dtype = times.dtype if integer else x.dtype
    # Times that belong to other pieces may be negative here.
    narrow = dtype != runtime.float64(x)
    inner = times._replace(t=runtime.maximum(x, 0), integer=integer, dtype=dtype, narrow=narrow)
    return times.float(filled(inner, _value(table, inner)))


_OPERATIONS = {**OPERATIONS, "piecewise": _piecewise}
