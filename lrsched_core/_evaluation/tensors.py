"""Tensors: a table becomes a graph in which every time passes through every kind of piece, and `where` picks one.

A tensor may be traced, so nothing here looks at its values. Integer times stay integers until the start or the end of
the piece has been subtracted: float32 counts only to 2**24. Where a formula could fail in a piece that does not hold,
times are moved to the nearest end of that piece first.

Few pieces are nested `where`s. Of many, those with the same code are one graph, their constants columns of a table from
which every time gathers its own row.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lrsched_core._errors import refusal, refuse
from lrsched_core._evaluation import float32, noise, parts, share_powers
from lrsched_core._evaluation.known import Known, Notes
from lrsched_core._evaluation.program import Code, Program, Table
from lrsched_core._evaluation.refusals import real
from lrsched_core._evaluation.runtimes import Runtime
from lrsched_core._evaluation.runtimes import runtime as runtime_of

if TYPE_CHECKING:
    from lrsched_core._value.schedule import Schedule

_FEW = 4
_LARGEST_SINGLE = 3.4028235e38
# Code with this keeps to itself: its constants are tables already.
_ALONE = ("noise", "lookup", "interpolated", "piecewise", "call")
# Code with these is not defined for every time, or has no finite slope there.
_PARTIAL = ("pow", "sqrt", "log", "log1p", "exp_base", "whole_power", "grown", "power_of_share", "call")


class _Times(NamedTuple):
    """The times asked for, and how to compute with them."""

    runtime: Runtime
    t: Any
    integer: bool
    dtype: Any  # of the answer
    narrow: bool  # whether that is float32
    calls: tuple[Any, ...] | None  # somebody else's functions, and in which dtype they compute
    called: Any
    known: Known

    def float(self, x: Any) -> Any:
        """A tensor in the dtype of the answer; numbers stay numbers."""
        return x if isinstance(x, float | int) else self.runtime.cast(x, self.dtype)


class _Rows:
    """A constant that differs from piece to piece. Not a tuple: torch.compile would look at every number of that."""

    __slots__ = ("values",)

    def __init__(self, values: Iterable[Any]) -> None:
        self.values = tuple(values)


class _Column:
    """Such a constant, and the piece that each time belongs to."""

    __slots__ = ("piece", "rows")

    def __init__(self, rows: _Rows, piece: Any) -> None:
        self.rows = rows
        self.piece = piece


def evaluate(schedule: "Schedule", table: Table, runtime: Runtime, t: Any) -> Any:
    """The value at every time in the tensor `t`; below 0, the value at 0. The table is the schedule's, recorded."""
    t = runtime.unwrap(t)
    runtime = runtime.suited(t)
    kind = runtime.kind(t)
    if kind == "other":
        raise refuse(TypeError, "t", "a tensor of real numbers", t.dtype)
    dtype = runtime.float_dtype(t)
    integer = kind == "integer"
    t = runtime.maximum(runtime.integers(t) if integer else runtime.cast(t, dtype), 0)
    times = _Times(runtime, t, integer, dtype, dtype != runtime.float64(t), schedule._calls, dtype, Known())
    device = runtime.kept_on(t)
    if device is not None:
        times = times._replace(known=Known(_notes(schedule, runtime, integer, dtype, device)))
    value = _filled(times, _value(table, times))
    # What is not a number has no value: comparisons would give it that of the last piece.
    return value if integer else runtime.where(t == t, value, t)


def _notes(schedule: "Schedule", runtime: Runtime, integer: bool, dtype: Any, device: Any) -> Notes:
    """What is known for an answer of this dtype to such times, found without asking somebody else's functions."""

    def noted(t: Any) -> Notes:
        times = _Times(runtime, t, integer, dtype, dtype != runtime.float64(t), None, dtype, Known())
        _filled(times, _value(table, times))
        return tuple(times.known.noted)

    table = schedule._table
    notes = table.notes.get((integer, dtype, device))
    if notes is None:
        # Threads may write the same at the same time.
        notes = table.notes[integer, dtype, device] = runtime.noting(noted, integer, dtype, device)
    return notes


# torch.compile need not trace how that is found; see `evaluators`.
_notes._dynamo_marked_constant = True  # type: ignore[attr-defined]  # functions take attributes


def _value(table: Table, times: _Times) -> Any:
    """A tensor, or a number if that is what the table says at all times."""
    pieces = times.known(lambda: _Pieces(table, _reachable(times, table.bounds)))
    return (_many_pieces if pieces.groups else _few_pieces)(pieces, times)


class _Pieces:
    """The pieces of a table that times can reach: when each begins, the last stop being None; many are in groups."""

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
    """Pieces of the same code, their constants in rows, one for every piece of the table."""

    __slots__ = ("alone", "mine", "program", "start", "stop")

    def __init__(self, pieces: _Pieces, members: list[int]) -> None:
        first, own = members[0], set(members)
        self.alone = len(members) == 1
        self.mine = _Rows([float(i in own) for i in range(len(pieces.programs))])
        self.program = pieces.programs[first]
        self.start: Any = pieces.starts[first]
        self.stop: Any = pieces.stops[first]
        if not self.alone:
            # A time that belongs to another group is given the first piece of this one to work on.
            rows = [i if i in own else first for i in range(len(pieces.programs))]
            columns = zip(*[pieces.programs[row].constants for row in rows], strict=True)
            self.program = Program(self.program.code, tuple(map(_Rows, columns)))
            self.start = _Rows([pieces.starts[row] for row in rows])
            self.stop = _Rows([pieces.stops[row] or math.inf for row in rows])

    def run(self, times: _Times, piece: Any) -> Any:
        code, constants = self.program
        if self.alone:
            return _run(code, constants, times, self.start, self.stop)
        columns = [_Column(rows, piece) for rows in constants]  # type: ignore[arg-type]  # rows, where it is not alone
        return _run(code, columns, times, _Column(self.start, piece), _Column(self.stop, piece))


def _few_pieces(pieces: _Pieces, times: _Times) -> Any:
    value = None
    for i in reversed(range(len(pieces.programs))):
        code, constants = pieces.programs[i]
        here = _run(code, constants, times, pieces.starts[i], pieces.stops[i])
        if i == len(pieces.programs) - 1:
            value = here
        else:
            bound = _first_after(times, pieces, i)
            value = _where(times, times.t < bound, here, value)
    return value


def _first_after(times: _Times, pieces: _Pieces, i: int) -> Any:
    return times.known(lambda: _bound(times, pieces.starts[i + 1]))


def _many_pieces(pieces: _Pieces, times: _Times) -> Any:
    piece = _count(times, lambda: pieces.starts[1:])
    value = None
    for i, group in enumerate(pieces.groups):
        here = group.run(times, piece)
        value = here if i == 0 else _where(times, _gathered(times, _Column(group.mine, piece)) > 0, here, value)
    return value


def _run(code: Code, constants: Sequence[Any], times: _Times, start: Any, stop: Any) -> Any:
    """A tensor, or a number where the piece is constant."""
    if not code:
        return _gathered(times, constants[0])
    if times.known(lambda: any(op in _PARTIAL for op, _ in code)):
        times = _within(times, start, stop)
    results: list[Any] = []
    for op, operands in code:
        arguments = [constants[~x] if x < 0 else results[x] for x in operands]
        results.append(_OPERATIONS[op](times, *arguments))
    return times.float(results[-1])


def _where(times: _Times, condition: Any, here: Any, elsewhere: Any) -> Any:
    here, elsewhere = _number(times, here), _number(times, elsewhere)
    if isinstance(here, float) and isinstance(elsewhere, float):
        here = times.runtime.full(times.t, here, times.dtype)  # two numbers would lose the dtype
    return times.runtime.where(condition, here, elsewhere)


def _number(times: _Times, value: Any) -> Any:
    """A tensor; a number as one of no dimension, where the framework computes with those faster."""
    return times.known(lambda: times.runtime.number(value, times.dtype, times.t)) if isinstance(value, float) else value


# Times. Where they are integers, a moment is split into a whole number, which is subtracted as one, and a rest.


def _reachable(times: _Times, moments: Iterable[float]) -> list[float]:
    """The moments that integer times can reach."""
    return [m for m in moments if not times.integer or m <= times.runtime.largest]


def _bound(times: _Times, moment: float) -> float:
    """The first time, of those that the tensor can hold, that is not before `moment`."""
    if times.integer:
        return min(math.ceil(moment), times.runtime.largest)
    return float32.not_below(moment) if times.narrow else float(moment)


def _count(times: _Times, moments: Callable[[], Iterable[float]]) -> Any:
    def bounds() -> Any:
        dtype = None if times.integer else times.dtype
        return times.runtime.constant([_bound(times, m) for m in moments()], dtype, times.t)

    return times.runtime.count(times.known(bounds), times.t)


def _within(times: _Times, start: Any, stop: Any) -> _Times:
    """The same times, moved into a piece."""
    t = times.t
    if start != 0:
        t = times.runtime.maximum(t, _limit(times, start))
    if stop is not None:
        # Integers go to the last that belongs to the piece; floats to its end, where a logarithm may be infinite.
        t = times.runtime.minimum(t, _limit(times, stop, int(times.integer)))
    return times._replace(t=t)


def _limit(times: _Times, moment: Any, less: int = 0) -> Any:
    if not times.integer:
        return _gathered(times, moment)
    return _whole(times, moment, lambda: [_integer(m, less, times.runtime.largest) for m in _values(moment)])


def _integer(moment: float, less: int, largest: int) -> int:
    return min(math.ceil(moment) - less, largest) if moment < math.inf else largest


def _gathered(times: _Times, constant: Any) -> Any:
    if not isinstance(constant, _Column):
        # No tensor takes an int of more than 64 bits.
        return _held(times, float(constant)) if isinstance(constant, int | float) else constant
    column = times.known(lambda: _floats(times, _values(constant)))
    return times.runtime.take(column, constant.piece)


def _held(times: _Times, x: float) -> float:
    """A constant; frameworks raise, or warn, where float32 does not hold it."""
    return math.copysign(math.inf, x) if times.narrow and abs(x) >= _LARGEST_SINGLE else x


def _floats(times: _Times, values: Iterable[float]) -> Any:
    """Constants as a tensor."""
    return times.runtime.constant([_held(times, x) for x in values], times.dtype, times.t)


def _split(times: _Times, moment: Any) -> tuple[Any, Any]:
    """A moment as a number that the tensor can hold, and the rest."""
    if not times.integer and not times.narrow:
        return _gathered(times, moment), 0
    whole = _whole(times, moment, lambda: _wholes(times, moment), None if times.integer else times.dtype)
    if not times.known(lambda: any(_rests(times, moment))):
        return whole, 0
    return whole, _whole(times, moment, lambda: _rests(times, moment), times.dtype)


def _wholes(times: _Times, moment: Any) -> list[float]:
    largest = times.runtime.largest
    if times.integer:
        return [max(min(math.floor(m), largest), -largest) for m in _values(moment)]
    return [float32.nearest(m) for m in _values(moment)]


def _rests(times: _Times, moment: Any) -> list[float]:
    return [float(m - whole) for m, whole in zip(_values(moment), _wholes(times, moment), strict=True)]


def _values(constant: Any) -> tuple[Any, ...]:
    return constant.rows.values if isinstance(constant, _Column) else (constant,)


def _whole(times: _Times, constant: Any, values: Callable[[], Iterable[Any]], dtype: Any = None) -> Any:
    """Whole numbers, or those of a dtype, in the place of a constant: one, or one to a piece."""
    if not isinstance(constant, _Column):
        return times.known(lambda: next(iter(values())))
    column = times.known(lambda: times.runtime.constant(list(values()), dtype, times.t))
    return times.runtime.take(column, constant.piece)


def _elapsed(times: _Times, origin: Any) -> Any:
    if times.integer and times.known(lambda: min(_values(origin)) < 0):
        # Of a schedule whose beginning is left out, more may have elapsed than integers hold.
        largest = times.runtime.largest
        _, rest = _split(times, origin)
        behind, ahead = times.known(lambda: _sides([max(math.floor(m), -largest) for m in _values(origin)]))
        since = times.t - _whole(times, origin, lambda: [min(m, largest) for m in behind])
        elapsed = times.runtime.sum(times.runtime.maximum(since, 0), _whole(times, origin, lambda: ahead))
        if times.known(lambda: any(behind)):
            # Before an origin, in the column of others, a sum without sign would wrap.
            elapsed = times.runtime.where(since < 0, times.float(since), times.float(elapsed))
    else:
        whole, rest = _split(times, origin)
        elapsed = times.t - whole
    return elapsed if isinstance(rest, int | float) and rest == 0 else times.float(elapsed) - rest


def _sides(origins: Sequence[int]) -> tuple[list[int], list[int]]:
    """How far after 0 each is, and how far before."""
    return [max(m, 0) for m in origins], [max(-m, 0) for m in origins]


def _elapsed_of_sum(times: _Times, origin: Any, rest: Any) -> Any:
    return times.runtime.maximum(times.float(_elapsed(times, origin)) - _gathered(times, rest), 0.0)


def _left(times: _Times, stop: Any) -> Any:
    whole, rest = _split(times, stop)
    left = whole - times.t
    return left if isinstance(rest, int | float) and rest == 0 else times.float(left) + rest


def _left_of_sum(times: _Times, stop: Any, rest: Any) -> Any:
    return times.float(_left(times, stop)) + _gathered(times, rest)


def _periods(times: _Times, elapsed: Any, every: Any, origin: Any) -> Any:
    runtime, largest = times.runtime, times.runtime.largest
    if times.integer and times.known(lambda: all(isinstance(length, int) for length in _values(every))):
        # Of a whole period, the fraction of a step that an origin between two steps takes away completes none.
        behind, ahead = times.known(lambda: _sides([math.ceil(m) for m in _values(origin)]))
        since = times.t - _whole(times, origin, lambda: [min(m, largest) for m in behind])
        period = _whole(times, every, lambda: [min(length, largest) for length in _values(every)])
        count = since // period
        if times.known(lambda: max(_values(every)) > largest):
            # A period longer than any time is never completed, not even by the longest.
            count = count * _whole(times, every, lambda: [int(length <= largest) for length in _values(every)])
        if not times.known(lambda: any(ahead)):
            return count
        # Periods that are left out, and how much of the next lacks: no sum is more than integers hold.
        before = _whole(times, every, lambda: [m // n for m, n in zip(ahead, _values(every), strict=True)])
        lacking = _whole(
            times, every, lambda: [min(n - m % n, largest) for m, n in zip(ahead, _values(every), strict=True)]
        )
        completed = runtime.integers(since - count * period >= lacking)
        return runtime.minimum(count, largest - 1 - before) + before + completed
    if times.narrow and runtime.wide(times.t) is not None:
        times = _widened(times)
        elapsed = times.float(times.t) - _gathered(times, origin)
    elapsed, length = times.float(elapsed), _gathered(times, every) if isinstance(every, _Column) else float(every)
    # In torch, `//` has no slope.
    return runtime.functions(elapsed).floor((elapsed - elapsed % length) / length + 0.5)


def _part_periods(times: _Times, _time: Any, *constants: Any) -> Any:
    return _parts(times, *constants)[0]


def _part_phase(times: _Times, _time: Any, *constants: Any) -> Any:
    return _parts(times, *constants)[1]


def _parts(times: _Times, *constants: Any) -> tuple[Any, Any]:
    """How many periods have elapsed, and how many parts of the present one."""
    runtime, wide = times.runtime, _widened(times)
    rows, size, overflows = times.known(lambda: _rows_of_parts(wide, constants))
    if not times.integer or overflows:
        # What integers cannot multiply is left to float64, or counted in coarser parts.
        floats = [_gathered(wide, constant) for constant in constants]
        floor = runtime.functions(times.t).floor
        time = wide.float(times.t)
        return parts.counted_floats(time, *floats, floor=floor, where=runtime.where, fixed=runtime.fixed)
    length, fine, start, lag, cycle, periods = rows

    def constant(values: Callable[[], Iterable[int]]) -> Any:
        return _whole(times, constants[0], lambda: [min(value, runtime.largest) for value in values()])

    since = times.t - constant(lambda: _sides(start)[0])
    cycles, within = since // constant(lambda: cycle), since % constant(lambda: cycle)
    if times.known(lambda: min(start) < 0):
        # Of a schedule whose beginning is left out, more may have elapsed than integers hold.
        before, extra = times.known(lambda: tuple(zip(*map(divmod, _sides(start)[1], cycle), strict=True)))
        lacking = constant(lambda: [c - m for m, c in zip(extra, cycle, strict=True)])
        over = within >= lacking
        within = runtime.where(over, within - lacking, within + constant(lambda: extra))
        most = times.known(lambda: runtime.largest - max(before) - 1)
        cycles = runtime.minimum(cycles, most) + constant(lambda: before) + runtime.integers(over)
    elapsed = within * constant(lambda: fine) - constant(lambda: lag)
    most = times.known(lambda: runtime.largest // max(periods) - 1)
    count = runtime.minimum(cycles, most) * constant(lambda: periods)
    present = elapsed % constant(lambda: length)
    if times.known(lambda: max(size) > 1):
        present = times.float(present) * _whole(wide, constants[0], lambda: map(float, size), times.dtype)
    return count + elapsed // constant(lambda: length), present


def _rows_of_parts(wide: _Times, constants: tuple[Any, ...]) -> tuple[tuple[tuple[int, ...], ...], list[int], bool]:
    """The constants by what they are, in parts of so many times their size; whether integers cannot multiply them."""
    largest = wide.runtime.largest
    rows = list(zip(*map(_values, constants), strict=True))
    size = [_size(row, largest) if wide.narrow else 1 for row in rows]
    rows = [_coarser(row, s) for row, s in zip(rows, size, strict=True)]
    overflows = any(cycle * fine > largest for _, fine, _, _, cycle, _ in rows)
    return tuple(zip(*rows, strict=True)), size, overflows


def _size(row: tuple[int, ...], largest: int) -> int:
    """In parts of how many times the size integers can count."""
    _, fine, _, _, cycle, periods = row
    finer = fine // periods
    return next((s for s in range(-(-cycle * fine // largest), finer) if finer % s == 0), finer)


def _coarser(row: tuple[int, ...], size: int) -> tuple[int, ...]:
    length, fine, start, lag, cycle, periods = row
    return length // size, fine // size, start, round(lag / size), cycle, periods


def _multiple(times: _Times, n: Any, length: Any, fine: Any) -> Any:
    """A whole number of lengths; an integer, if it is not more than the time."""
    runtime = times.runtime
    if runtime.kind(n) == "integer" and times.known(lambda: set(_values(fine)) == {1}):
        return runtime.doubled(n) * _whole(times, length, lambda: [min(a, runtime.largest) for a in _values(length)])
    return _wide(times, n) * _gathered(_widened(times), length)


def _pinned(times: _Times, value: Any, at: Any, exactly: Any) -> Any:
    if isinstance(at, _Column) and not times.integer:
        moment = _gathered(times, at)
    else:
        moment = _whole(times, at, lambda: [_moment(times, m) for m in _values(at)])
    exactly = _number(times, _gathered(times, exactly))
    return times.runtime.where(times.t == moment, exactly, times.float(value))


def _moment(times: _Times, moment: float) -> float:
    """The time that is that moment; an integer that is none, if it lies between two."""
    if times.integer:
        return int(moment) if moment % 1 == 0 and 0 <= moment <= times.runtime.largest else -1
    return float32.nearest(moment) if times.narrow else float(moment)


def _phase(times: _Times, elapsed: Any, every: float, origin: float) -> Any:
    """What remains of the time after all whole periods."""
    if times.integer and isinstance(every, int):
        begun = math.ceil(origin)
        rest, largest = begun - origin, times.runtime.largest
        whole = times.t - max(begun, 0)
        if every <= largest:
            whole = whole % every
        if ahead := max(-begun, 0) % every:
            lacking = min(every - ahead, largest)
            less = whole < lacking
            far = times.runtime.sum(times.runtime.where(less, whole, 0), min(ahead, largest))
            near = times.runtime.where(less, whole * 0, whole - lacking)  # a bare 0 has a dtype of its own
            whole = times.runtime.where(less, far, times.runtime.cast(near, far.dtype))
        return times.float(whole) + rest if rest else whole
    return _wide(times, elapsed) % float(every)


def _consumed(times: _Times, elapsed: Any, base: int, rate: int, lack: int, period: int) -> Any:
    runtime = times.runtime
    if runtime.kind(elapsed) == "integer" and runtime.largest > 2**32 and max(base, rate) * 2 <= runtime.largest:
        elapsed = runtime.minimum(elapsed, (runtime.largest - base) // rate)
        return base + rate * elapsed - lack * (elapsed // period)
    wide = _widened(times)
    elapsed = wide.float(elapsed)
    part = runtime.maximum(elapsed % float(period) + (1.0 - period), 0.0)
    length = float(period)
    # In torch, `//` has no slope.
    whole = runtime.functions(elapsed).floor((elapsed - elapsed % length) / length + 0.5)
    return float(base) + float(rate) * elapsed - float(lack) * (whole + part)


def _wide(times: _Times, x: Any) -> Any:
    """A float with all the digits that the runtime can give."""
    return _widened(times).float(x)


def _widened(times: _Times) -> _Times:
    """The same times, to compute with in float64 if the runtime can."""
    wide = times.runtime.wide(times.t)
    return times if wide is None else times._replace(dtype=wide, narrow=False)


def _piecewise(times: _Times, x: Any, table: Table) -> Any:
    if x is times.t:
        return _filled(times, _value(table, times))
    runtime = times.runtime
    integer = runtime.kind(x) == "integer"
    dtype = times.dtype if integer else x.dtype
    # Of the times that belong to other pieces, some may be negative here.
    narrow = dtype != runtime.float64(x)
    inner = times._replace(t=runtime.maximum(x, 0), integer=integer, dtype=dtype, narrow=narrow)
    return times.float(_filled(inner, _value(table, inner)))


def _filled(times: _Times, value: Any) -> Any:
    """A tensor, even where the value is the same number for all times."""
    return times.runtime.full(times.t, value, times.dtype) if isinstance(value, float) else value


def _call(times: _Times, x: Any, function: int) -> Any:
    """What somebody else's function says of the times as floats, with which arithmetic means the same everywhere."""
    runtime, dtype = times.runtime, times.called
    x = runtime.cast(x, dtype)
    if times.calls is None:
        return x
    value = runtime.called(times.calls[function], x, dtype)
    # torch.compile knows the bases of a tensor's type, but not those of a number's.
    found = None if isinstance(value, float | int) else runtime_of(type(value))
    if found is None or found.suited(value) is not runtime:
        return runtime.full(x, float(real("value", value)), times.dtype)
    if runtime.kind(value) == "other":
        raise refusal(
            TypeError,
            "value",
            "be a tensor of real numbers",
            value.dtype,
            hint="lrsched_core.math.where(t < 3, 0.1, 0.2) chooses between numbers.",
        )
    # A tensor of no dimension stands for all times, as a number does.
    values = runtime.full(x, 0.0, times.dtype) + times.float(value)
    if values.shape != x.shape:
        raise refuse(ValueError, "value", f"of the shape of `t`, {tuple(x.shape)}", tuple(value.shape))
    return values


def _between(times: _Times, weight: Any, low: Any, high: Any, _rise: Any) -> Any:
    low, high = [_number(times, _gathered(times, end)) for end in (low, high)]
    return times.runtime.between(weight, low, high)


def _pow(times: _Times, x: Any, power: Any) -> Any:
    x = times.float(x)
    # Its slope at 0 may be infinite, which a gradient would multiply by 0 where another piece holds.
    vanishes = x <= 0
    value = _pow_above_0(times, times.runtime.where(vanishes, _number(times, 1.0), x), power)
    return times.runtime.where(vanishes, _number(times, 0.0), value)


def _pow_above_0(times: _Times, x: Any, power: Any) -> Any:
    if not times.narrow:
        return x ** _gathered(times, power)
    value = x ** _whole(times, power, lambda: [float32.nearest(p) for p in _values(power)], times.dtype)
    if not times.known(lambda: any(_rounded_away(power))):
        return value
    # What float32 rounds away of the power is multiplied by a logarithm, which may be 20.
    rest = _whole(times, power, lambda: _rounded_away(power), times.dtype)
    return value * (1.0 + _OPERATIONS["log"](times, times.runtime.maximum(x, 1e-30)) * rest)


def _rounded_away(constant: Any) -> list[float]:
    return [float(x) - float32.nearest(x) for x in _values(constant)]


def _exp_base(times: _Times, base: float, power: Any) -> Any:
    return times.float(_gathered(times, base)) ** times.float(power)


def _whole_power(times: _Times, base: Any, n: Any) -> Any:
    return _grown(times, 1.0, base, n)


def _grown(times: _Times, start: Any, base: Any, n: Any) -> Any:
    runtime, wide = times.runtime, _widened(times)
    if not wide.narrow:
        if start == 1.0 if isinstance(start, float) else False:
            return times.float(_exp_base(wide, base, n))
        # In parts, as in `shares`: the power may leave the float range where the product does not.
        n = wide.float(n)
        third = runtime.functions(n).floor(n / 3.0)
        power = _exp_base(wide, base, third)
        value = wide.float(_gathered(wide, start)) * power * power * _exp_base(wide, base, n - 2.0 * third)
        return times.float(value)
    # float32 can hold neither a base close to 1 nor a great n. So n is written in base 256, and the power for each
    # digit is looked up: four roundings at most, where a power function would lose digits without limit.
    known = not isinstance(start, _Column) and not isinstance(start, float | int)
    piece = next((x.piece for x in (base, start) if isinstance(x, _Column)), None)
    last = times.known(lambda: max(_last_power(b, runtime.largest if times.integer else 2**30) for b in _values(base)))
    n = runtime.integers(runtime.minimum(n, last))
    product = times.float(start) if known else None
    for shift in range(0, last.bit_length(), 8):
        row = n // 2**shift % 256
        if piece is not None:
            row = row + runtime.integers(piece) * 256
        # A start that is no constant is multiplied by one half of each power, then by the other: their product may be
        # within the range of float32 where the power is not.
        for half in ((0, 1), (1, 1)) if known else ((0, 0),):
            factor = runtime.take(_powers(times, 1.0 if known else start, base, shift, half), row)
            product = factor if product is None else product * factor
    return product


def _powers(times: _Times, start: Any, base: Any, shift: int, half: tuple[int, int]) -> Any:
    """A tensor of the powers for a digit; those for the last are multiplied by the start."""
    return times.known(lambda: _floats(times, _digit_powers(start, base, shift, *half)))


def _digit_powers(start: Any, base: Any, shift: int, more: int, less: int) -> list[float]:
    """The powers for all of a digit, or those for its lower half, (n + 0) >> 1, or its upper, (n + 1) >> 1."""
    bases, starts = _values(base), _values(start) if shift == 0 else (1.0,)
    size = max(len(bases), len(_values(start)))
    bases, starts = bases * (size // len(bases)), starts * (size // len(starts))  # one may be a constant by a column
    return [
        share_powers.grown(first, b, ((digit << shift) + more) >> less)
        for first, b in zip(starts, bases, strict=True)
        for digit in range(256)
    ]


def _last_power(base: float, largest: int) -> int:
    """A whole number from which on powers are 0 or infinite, or the largest there is."""
    n = 1
    while n < largest and 0 < share_powers.grown(1.0, base, n) < math.inf:
        n *= 2
    return min(n, largest)


def _power_of_share(times: _Times, time: Any, *constants: Any) -> Any:
    wide = _widened(times)
    if not wide.narrow:
        base, steps, *others = [_gathered(wide, constant) for constant in constants]
        time = times.runtime.minimum(wide.float(time), share_powers.LARGEST * steps)
        share = time / steps
        power = _exp_base(wide, base, share)
        # What the rounding of the share makes of the power is nothing that float32 could show.
        return times.float(power if times.narrow else power * share_powers.correction(time, share, steps, *others))
    runtime = times.runtime
    piece = next((constant.piece for constant in constants if isinstance(constant, _Column)), None)
    rows = times.known(lambda: _rows_of_shares(constants))

    def power_of(digit: Any, unit: float) -> Any:
        powers = times.known(
            lambda: _floats(times, [power for row in rows for power in share_powers.digit_powers(unit, *row)])
        )
        place = runtime.integers(digit) + (0 if piece is None else runtime.integers(piece) * 256)
        return runtime.take(powers, place)

    # Whole time may be twice what integers hold, where the beginning of a schedule is left out.
    largest = 2 * runtime.largest if times.integer else 2**30
    last = times.known(lambda: max(share_powers.last_time(largest, *row) for row in rows))
    time = runtime.maximum(time, 0)
    time = runtime.minimum(time, last) if last <= runtime.largest else time
    whole = time if runtime.kind(time) == "integer" else runtime.integers(time)
    product = None
    for shift in range(0, last.bit_length(), 8):
        power = power_of(whole // 2**shift % 256, 2.0**shift)
        product = power if product is None else product * power
    if runtime.kind(time) == "float":
        part = time - times.float(whole)
        digit = runtime.maximum(runtime.integers(part * 256.0), 0)  # of no time at all, in a piece that does not hold
        tiny = (part - times.float(digit) / 256.0) * _gathered(times, constants[-1])
        product = product * power_of(digit, 2.0**-8) * (1.0 + _OPERATIONS["expm1"](times, tiny))
    return product


def _rows_of_shares(constants: tuple[Any, ...]) -> tuple[tuple[float, ...], ...]:
    size = max(len(_values(constant)) for constant in constants)
    return tuple(zip(*[_values(c) if isinstance(c, _Column) else (c,) * size for c in constants], strict=True))


def _lookup(times: _Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # the time itself: the milestones are absolute
    reached = _count(times, lambda: _reachable(times, milestones))
    return _gathered(
        times, _Column(times.known(lambda: _Rows(values[: len(_reachable(times, milestones)) + 1])), reached)
    )


def _interpolated(times: _Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # as above
    stretch = _count(times, lambda: _reachable(times, milestones))
    ends, lengths, high, low = [
        _Column(rows, stretch) for rows in times.known(lambda: _stretches(times, milestones, values))
    ]
    weight = times.float(_elapsed(times, ends)) / _gathered(times, lengths)
    return weight * _gathered(times, high) + (1.0 - weight) * _gathered(times, low)


def _stretches(times: _Times, milestones: Any, values: Any) -> tuple[_Rows, ...]:
    """By the number of milestones that have been reached, the stretch of time between two of them.

    From which of its ends its smaller value grows, over which length and in which direction, to which value from which.
    None and all of the milestones belong to other pieces.
    """
    last = len(milestones) - 1
    stretches = [min(max(i, 1), last) for i in range(len(_reachable(times, milestones)) + 1)]
    rising = [values[i] >= values[i - 1] for i in stretches]
    ends = [milestones[i - 1] if up else milestones[i] for i, up in zip(stretches, rising, strict=True)]
    lengths = [(milestones[i] - milestones[i - 1]) * (1 if up else -1) for i, up in zip(stretches, rising, strict=True)]
    high, low = [max(values[i - 1 : i + 1]) for i in stretches], [min(values[i - 1 : i + 1]) for i in stretches]
    return _Rows(ends), _Rows([length or 1 for length in lengths]), _Rows(high), _Rows(low)


def _noise(times: _Times, count: Any, seed: int) -> Any:
    parts = [times.runtime.integers(limb) for limb in noise.limbs(count)]
    upper, lower = noise.halves(parts, *noise.keys(seed))
    return times.float(upper) * 2.0**-16 + (times.float(lower) + 0.5) * 2.0**-32


def _function(name: str, least: float = -math.inf) -> Any:
    """A function that is safe to ask, and has a slope, where it is 0 or not defined: there, its piece does not hold."""

    def operation(times: _Times, x: Any) -> Any:
        runtime, x = times.runtime, times.float(x)
        function = getattr(runtime.functions(x), name)
        if least == -math.inf:
            return function(x)
        outside = x <= least
        inside = runtime.where(outside, _number(times, least + 1.0), x)
        return runtime.where(outside, _number(times, 0.0), function(inside))

    return operation


_OPERATIONS: dict[str, Any] = {
    "time": lambda times: times.t,
    "elapsed": _elapsed,
    "far_elapsed": _elapsed,
    "elapsed_of_sum": _elapsed_of_sum,
    "left": _left,
    "far_left": _left,
    "left_of_sum": _left_of_sum,
    "add": lambda times, x, y: times.float(_gathered(times, x)) + times.float(_gathered(times, y)),
    "sub": lambda times, x, y: times.float(_gathered(times, x)) - times.float(_gathered(times, y)),
    "mul": lambda times, x, y: times.float(_gathered(times, x)) * times.float(_gathered(times, y)),
    "div": lambda times, x, y: times.float(_gathered(times, x)) / times.float(_gathered(times, y)),
    "pow": _pow,
    "periods": _periods,
    "part_periods": _part_periods,
    "part_phase": _part_phase,
    "phase": _phase,
    "consumed": _consumed,
    "multiple": _multiple,
    "between": _between,
    "exp_base": _exp_base,
    "whole_power": _whole_power,
    "grown": _grown,
    "pinned": _pinned,
    "power_of_share": _power_of_share,
    "sin": _function("sin"),
    "sqrt": _function("sqrt", 0.0),
    "log": _function("log", 0.0),
    "log1p": _function("log1p", -1.0),
    "expm1": _function("expm1"),
    "maximum": lambda times, x, low: times.runtime.maximum(times.float(x), times.float(_gathered(times, low))),
    "minimum": lambda times, x, high: times.runtime.minimum(times.float(x), times.float(_gathered(times, high))),
    "finite": lambda _times, x: x,
    "lookup": _lookup,
    "noise": _noise,
    "interpolated": _interpolated,
    "piecewise": _piecewise,
    "call": _call,
}
