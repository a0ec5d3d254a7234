"""Tensors: a table becomes a graph in which every time passes through every kind of piece, and `where` picks one.

A tensor may be traced, so nothing here looks at its values. Integer times stay integers until the start or the end of
the piece has been subtracted: float32 counts only to 2**24. Where a formula could fail in a piece that does not hold,
times are moved to the nearest end of that piece first.

Few pieces are nested `where`s. Of many, those with the same code are one graph, their constants columns of a table from
which every time gathers its own row.
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from lrsched_core._errors import refuse
from lrsched_core._evaluation import noise, parts, shares, single
from lrsched_core._evaluation.program import Program, Table
from lrsched_core._evaluation.refusals import real
from lrsched_core._evaluation.runtimes import Runtime
from lrsched_core._evaluation.runtimes import runtime as runtime_of

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
    calls: tuple[Any, ...]  # somebody else's functions, and in which dtype they compute
    called: Any

    def float(self, x: Any) -> Any:
        """A tensor in the dtype of the answer; numbers stay numbers."""
        return x if isinstance(x, float | int) else self.runtime.cast(x, self.dtype)


class _Column(NamedTuple):
    """A constant that differs from piece to piece, and the piece that each time belongs to."""

    values: tuple[float, ...]
    piece: Any


def evaluate(table: Table, runtime: Runtime, t: Any, calls: tuple[Any, ...]) -> Any:
    """The value at every time in the tensor `t`; below 0, the value at 0."""
    t = runtime.unwrap(t)
    runtime = runtime.suited(t)
    kind = runtime.kind(t)
    if kind == "other":
        raise refuse(TypeError, "t", "a tensor of real numbers", t.dtype)
    dtype = runtime.float_dtype(t)
    integer = kind == "integer"
    t = runtime.maximum(runtime.integers(t) if integer else runtime.cast(t, dtype), 0)
    times = _Times(runtime, t, integer, dtype, dtype != runtime.float64(t), calls, dtype)
    value = _filled(times, _value(table, times))
    # What is not a number has no value: comparisons would give it that of the last piece.
    return value if integer else runtime.where(t == t, value, t)


def _value(table: Table, times: _Times) -> Any:
    """A tensor, or a number if that is what the table says at all times."""
    starts = (table.start, *(_reachable(times, table.bounds)))
    programs = table.programs[: len(starts)]
    return (_few_pieces if len(starts) <= _FEW else _many_pieces)(programs, starts, times)


def _few_pieces(programs: tuple[Program, ...], starts: tuple[float, ...], times: _Times) -> Any:
    value = _run(programs[-1], times, starts[-1], None)
    for i in range(len(programs) - 2, -1, -1):
        here = _run(programs[i], times, starts[i], starts[i + 1])
        value = _where(times, times.t < _bound(times, starts[i + 1]), here, value)
    return value


def _many_pieces(programs: tuple[Program, ...], starts: tuple[float, ...], times: _Times) -> Any:
    piece = _count(times, starts[1:])
    stops = (*starts[1:], None)
    value = None
    for members in _grouped(programs):
        # A time that belongs to another group is given the first piece of this one to work on.
        rows = [i if i in members else members[0] for i in range(len(programs))]
        program = programs[members[0]]
        if len(members) == 1:
            here = _run(program, times, starts[members[0]], stops[members[0]])
        else:
            columns = zip(*[programs[row].constants for row in rows], strict=True)
            start = _Column(tuple([starts[row] for row in rows]), piece)
            stop = _Column(tuple([stops[row] or math.inf for row in rows]), piece)
            here = _run(
                Program(program.code, tuple([_Column(column, piece) for column in columns])), times, start, stop
            )
        if value is None:
            value = here
        else:
            mine = _Column(tuple([float(i in members) for i in range(len(programs))]), piece)
            value = _where(times, _gathered(times, mine) > 0, here, value)
    return value


def _grouped(programs: tuple[Program, ...]) -> Iterable[list[int]]:
    groups: dict[Any, list[int]] = {}
    for i, program in enumerate(programs):
        alone = any(op in _ALONE for op, _ in program.code)
        groups.setdefault(i if alone else program.code, []).append(i)
    return groups.values()


def _run(program: Program, times: _Times, start: Any, stop: Any) -> Any:
    """A tensor, or a number where the piece is constant."""
    if not program.code:
        return _gathered(times, program.constants[0])
    if any(op in _PARTIAL for op, _ in program.code):
        times = _within(times, start, stop)
    results: list[Any] = []
    for op, operands in program.code:
        arguments = [program.constants[~x] if x < 0 else results[x] for x in operands]
        results.append(_OPERATIONS[op](times, *arguments))
    return times.float(results[-1])


def _where(times: _Times, condition: Any, here: Any, elsewhere: Any) -> Any:
    if isinstance(here, float) and isinstance(elsewhere, float):
        here = times.runtime.full(times.t, here, times.dtype)  # two numbers would lose the dtype
    return times.runtime.where(condition, here, elsewhere)


# Times. Where they are integers, a moment is split into a whole number, which is subtracted as one, and a rest.


def _reachable(times: _Times, moments: Iterable[float]) -> list[float]:
    """The moments that integer times can reach."""
    return [m for m in moments if not times.integer or m <= times.runtime.largest]


def _bound(times: _Times, moment: float) -> float:
    """The first time, of those that the tensor can hold, that is not before `moment`."""
    if times.integer:
        return min(math.ceil(moment), times.runtime.largest)
    return single.reached(moment) if times.narrow else float(moment)


def _count(times: _Times, moments: Iterable[float]) -> Any:
    bounds = [_bound(times, m) for m in moments]
    return times.runtime.count(times.runtime.constant(bounds, None if times.integer else times.dtype, times.t), times.t)


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
    return _whole(times, moment, [_integer(m, less, times.runtime.largest) for m in _values(moment)])


def _integer(moment: float, less: int, largest: int) -> int:
    return min(math.ceil(moment) - less, largest) if moment < math.inf else largest


def _gathered(times: _Times, constant: Any) -> Any:
    if not isinstance(constant, _Column):
        # No tensor takes an int of more than 64 bits.
        return _held(times, float(constant)) if isinstance(constant, int | float) else constant
    return times.runtime.take(_floats(times, constant.values), constant.piece)


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
    values, largest = _values(moment), times.runtime.largest
    wholes: list[float] = [
        max(min(math.floor(m), largest), -largest) if times.integer else single.nearest(m) for m in values
    ]
    rests = [float(m - whole) for m, whole in zip(values, wholes, strict=True)]
    if not isinstance(moment, _Column):
        return wholes[0], rests[0]
    whole = _whole(times, moment, wholes) if times.integer else _gathered(times, moment._replace(values=tuple(wholes)))
    return whole, _gathered(times, moment._replace(values=tuple(rests))) if any(rests) else 0


def _values(constant: Any) -> tuple[Any, ...]:
    return constant.values if isinstance(constant, _Column) else (constant,)


def _whole(times: _Times, constant: Any, values: list[Any], dtype: Any = None) -> Any:
    """Whole numbers, or those of a dtype, in the place of a constant: one, or one to a piece."""
    if not isinstance(constant, _Column):
        return values[0]
    return times.runtime.take(times.runtime.constant(values, dtype, times.t), constant.piece)


def _elapsed(times: _Times, origin: Any) -> Any:
    whole, rest = _split(times, origin)
    if times.integer and min(_values(origin)) < 0:
        # Of a schedule whose beginning is left out, more may have elapsed than integers hold.
        behind, ahead = _sides([max(math.floor(m), -times.runtime.largest) for m in _values(origin)])
        whole = _whole(times, origin, [min(m, times.runtime.largest) for m in behind])
        since = times.t - whole
        elapsed = times.runtime.sum(times.runtime.maximum(since, 0), _whole(times, origin, ahead))
        if any(behind):
            # Before an origin, in the column of others, a sum without sign would wrap.
            elapsed = times.runtime.where(since < 0, times.float(since), times.float(elapsed))
    else:
        elapsed = times.t - whole
    return elapsed if isinstance(rest, int | float) and rest == 0 else times.float(elapsed) - rest


def _sides(origins: list[int]) -> tuple[list[int], list[int]]:
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
    runtime, lengths = times.runtime, _values(every)
    if times.integer and all(isinstance(length, int) for length in lengths):
        # Of a whole period, the fraction of a step that an origin between two steps takes away completes none.
        behind, ahead = _sides([math.ceil(m) for m in _values(origin)])
        since = times.t - _whole(times, origin, [min(m, runtime.largest) for m in behind])
        period = _whole(times, every, [min(length, runtime.largest) for length in lengths])
        count = since // period
        if max(lengths) > runtime.largest:
            # A period longer than any time is never completed, not even by the longest.
            count = count * _whole(times, every, [int(length <= runtime.largest) for length in lengths])
        if not any(ahead):
            return count
        # Periods that are left out, and how much of the next lacks: no sum is more than integers hold.
        before = _whole(times, every, [m // length for m, length in zip(ahead, lengths, strict=True)])
        lacking = [min(length - m % length, runtime.largest) for m, length in zip(ahead, lengths, strict=True)]
        completed = runtime.integers(since - count * period >= _whole(times, every, lacking))
        return runtime.minimum(count, runtime.largest - 1 - before) + before + completed
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
    runtime = times.runtime
    rows = list(zip(*map(_values, constants), strict=True))
    wide = _widened(times)
    # What integers cannot multiply is left to float64, or counted in coarser parts.
    size = [1] * len(rows) if not wide.narrow else [_size(row, runtime.largest) for row in rows]
    rows = [_coarser(row, s) for row, s in zip(rows, size, strict=True)]
    if not times.integer or any(cycle * fine > runtime.largest for _, fine, _, _, cycle, _ in rows):
        floats = [_gathered(wide, constant) for constant in constants]
        floor = runtime.functions(times.t).floor
        time = wide.float(times.t)
        return parts.counted_floats(time, *floats, floor=floor, where=runtime.where, fixed=runtime.fixed)
    length, fine, start, lag, cycle, periods = zip(*rows, strict=True)

    def constant(values: Iterable[int]) -> Any:
        return _whole(times, constants[0], [min(value, runtime.largest) for value in values])

    behind, ahead = _sides(list(start))
    since = times.t - constant(behind)
    cycles, within = since // constant(cycle), since % constant(cycle)
    if any(ahead):
        # Of a schedule whose beginning is left out, more may have elapsed than integers hold.
        before, extra = zip(*map(divmod, ahead, cycle), strict=True)
        lacking = constant([c - m for m, c in zip(extra, cycle, strict=True)])
        over = within >= lacking
        within = runtime.where(over, within - lacking, within + constant(extra))
        cycles = runtime.minimum(cycles, runtime.largest - max(before) - 1) + constant(before) + runtime.integers(over)
    elapsed = within * constant(fine) - constant(lag)
    count = runtime.minimum(cycles, runtime.largest // max(periods) - 1) * constant(periods)
    present = elapsed % constant(length)
    if max(size) > 1:
        present = times.float(present) * _whole(wide, constants[0], [float(s) for s in size], times.dtype)
    return count + elapsed // constant(length), present


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
    if runtime.kind(n) == "integer" and set(_values(fine)) == {1}:
        return runtime.doubled(n) * _whole(times, length, [min(a, runtime.largest) for a in _values(length)])
    return _wide(times, n) * _gathered(_widened(times), length)


def _pinned(times: _Times, value: Any, at: Any, exactly: Any) -> Any:
    if times.integer:
        largest = times.runtime.largest
        # No whole time is a moment between two.
        moment = _whole(times, at, [int(m) if m % 1 == 0 and 0 <= m <= largest else -1 for m in _values(at)])
    elif isinstance(at, _Column):
        moment = _gathered(times, at)
    else:
        moment = single.nearest(at) if times.narrow else float(at)
    return times.runtime.where(times.t == moment, _gathered(times, exactly), times.float(value))


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
            near = times.runtime.where(less, 0, whole - lacking)
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
    return float(base) + float(rate) * elapsed - float(lack) * (elapsed // float(period) + part)


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
    value = runtime.called(times.calls[function], x, dtype)
    # torch.compile knows the bases of a tensor's type, but not those of a number's.
    if isinstance(value, float | int) or runtime_of(type(value)) is not runtime:
        return runtime.full(x, float(real("value", value)), times.dtype)
    if runtime.kind(value) == "other":
        message = (
            f"`value` must be a tensor of real numbers, got {value.dtype}. "
            "Hint: lrsched_core.math.where(t < 3, 0.1, 0.2) chooses between numbers."
        )
        raise TypeError(message)
    # A tensor of no dimension stands for all times, as a number does.
    values = runtime.full(x, 0.0, times.dtype) + times.float(value)
    if values.shape != x.shape:
        raise refuse(ValueError, "value", f"of the shape of `t`, {tuple(x.shape)}", tuple(value.shape))
    return values


def _between(times: _Times, weight: Any, low: Any, high: Any, _rise: Any) -> Any:
    return weight * _gathered(times, high) + (1.0 - weight) * _gathered(times, low)


def _pow(times: _Times, x: Any, power: Any) -> Any:
    x = times.float(x)
    # Its slope at 0 may be infinite, which a gradient would multiply by 0 where another piece holds.
    vanishes = x <= 0
    value = _pow_above_0(times, times.runtime.where(vanishes, 1.0, x), power)
    return times.runtime.where(vanishes, 0.0, value)


def _pow_above_0(times: _Times, x: Any, power: Any) -> Any:
    if not times.narrow:
        return x ** _gathered(times, power)
    powers = power if isinstance(power, _Column) else _Column((power,), None)
    near, rest = zip(*[(single.nearest(p), float(p) - single.nearest(p)) for p in powers.values], strict=True)

    def constant(values: tuple[float, ...]) -> Any:
        return values[0] if powers.piece is None else _gathered(times, powers._replace(values=values))

    value = x ** constant(near)
    if not any(rest):
        return value
    # What float32 rounds away of the power is multiplied by a logarithm, which may be 20.
    return value * (1.0 + _OPERATIONS["log"](times, times.runtime.maximum(x, 1e-30)) * constant(rest))


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
    bases = _values(base)
    known = not isinstance(start, _Column) and not isinstance(start, float | int)
    starts = (1.0,) if known else _values(start)
    size = max(len(bases), len(starts))
    bases, starts = (x * (size // len(x)) for x in (bases, starts))  # one may be a constant beside a column
    piece = next((x.piece for x in (base, start) if isinstance(x, _Column)), None)
    last = max(_last_power(b, runtime.largest if times.integer else 2**30) for b in bases)
    n = runtime.integers(runtime.minimum(n, last))
    product = times.float(start) if known else None
    for shift in range(0, last.bit_length(), 8):
        row = n // 2**shift % 256
        if piece is not None:
            row = row + runtime.integers(piece) * 256
        # The start is part of the first, that their product may be within the range of float32 where the power is not;
        # where it is no constant, it is multiplied by one half of each power, then by the other.
        firsts = starts if shift == 0 else (1.0,) * size
        for halves in ((0, 1), (1, 1)) if known else ((0, 0),):
            powers = [
                shares.grown(first, b, _half(digit << shift, *halves))
                for first, b in zip(firsts, bases, strict=True)
                for digit in range(256)
            ]
            factor = runtime.take(_floats(times, powers), row)
            product = factor if product is None else product * factor
    return product


def _half(n: int, more: int, shift: int) -> int:
    """All of n, its lower half, or its upper."""
    return (n + more) >> shift


def _last_power(base: float, largest: int) -> int:
    """A whole number from which on powers are 0 or infinite, or the largest there is."""
    n = 1
    while n < largest and 0 < shares.grown(1.0, base, n) < math.inf:
        n *= 2
    return min(n, largest)


def _power_of_share(times: _Times, time: Any, *constants: Any) -> Any:
    wide = _widened(times)
    if not wide.narrow:
        base, steps, *others = [_gathered(wide, constant) for constant in constants]
        time = times.runtime.minimum(wide.float(time), shares.LARGEST * steps)
        share = time / steps
        power = _exp_base(wide, base, share)
        # What the rounding of the share makes of the power is nothing that float32 could show.
        return times.float(power if times.narrow else power * shares.correction(time, share, steps, *others))
    runtime = times.runtime
    piece = next((constant.piece for constant in constants if isinstance(constant, _Column)), None)
    size = 1 if piece is None else max(len(c.values) for c in constants if isinstance(c, _Column))
    rows = list(zip(*[c.values if isinstance(c, _Column) else (c,) * size for c in constants], strict=True))

    def power_of(digit: Any, unit: float) -> Any:
        powers = [power for row in rows for power in shares.digit_powers(unit, *row)]
        place = runtime.integers(digit) + (0 if piece is None else runtime.integers(piece) * 256)
        return runtime.take(_floats(times, powers), place)

    # Whole time may be twice what integers hold, where the beginning of a schedule is left out.
    largest = 2 * runtime.largest if times.integer else 2**30
    last = max(shares.last_time(largest, *row) for row in rows)
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


def _lookup(times: _Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # the time itself: the milestones are absolute
    reachable = _reachable(times, milestones)
    return _gathered(times, _Column(tuple(values[: len(reachable) + 1]), _count(times, reachable)))


def _interpolated(times: _Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # as above
    reachable = _reachable(times, milestones)
    # By the number of milestones that have been reached, the stretch of time between two of them: from which of its
    # ends its smaller value grows, and how far. None and all of them belong to other pieces.
    last = len(milestones) - 1
    stretches = [min(max(i, 1), last) for i in range(len(reachable) + 1)]
    rising = [values[i] >= values[i - 1] for i in stretches]
    ends = [milestones[i - 1] if up else milestones[i] for i, up in zip(stretches, rising, strict=True)]
    lengths = [(milestones[i] - milestones[i - 1]) * (1 if up else -1) for i, up in zip(stretches, rising, strict=True)]
    stretch = _count(times, reachable)

    def column(constants: list[float]) -> Any:
        return _gathered(times, _Column(tuple(constants), stretch))

    weight = times.float(_elapsed(times, _Column(tuple(ends), stretch))) / column([length or 1 for length in lengths])
    high, low = [max(values[i - 1 : i + 1]) for i in stretches], [min(values[i - 1 : i + 1]) for i in stretches]
    return weight * column(high) + (1.0 - weight) * column(low)


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
        return runtime.where(outside, 0.0, function(runtime.where(outside, least + 1.0, x)))

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
