"""The clock of a formula for tensors: how much has elapsed or is left, and which moments have been reached."""

import math
from collections.abc import Iterable
from typing import Any

from lrsched_core._evaluation import parts
from lrsched_core._evaluation.tensor_times import (
    Column,
    Rows,
    Times,
    gathered,
    reachable,
    reached,
    sides,
    split,
    values_of,
    wholes_of,
    widely,
    widened,
)


def _elapsed(times: Times, origin: Any) -> Any:
    if times.integer and min(values_of(origin)) < 0:
        # If the beginning of a schedule is left out, more may have elapsed than integers hold.
        largest = times.runtime.largest
        _, rest = split(times, origin)
        behind, ahead = sides([max(math.floor(m), -largest) for m in values_of(origin)])
        since = times.t - wholes_of(times, origin, [min(m, largest) for m in behind])
        elapsed = times.runtime.sum(times.runtime.maximum(since, 0), wholes_of(times, origin, ahead))
        if any(behind):
            # Before an origin, which other pieces in the column may have, an unsigned sum would wrap.
            elapsed = times.runtime.where(since < 0, times.float(since), times.float(elapsed))
    else:
        whole, rest = split(times, origin)
        elapsed = times.t - whole
    return elapsed if isinstance(rest, int | float) and rest == 0 else times.float(elapsed) - rest


def _elapsed_of_sum(times: Times, origin: Any, rest: Any) -> Any:
    return times.runtime.maximum(times.float(_elapsed(times, origin)) - gathered(times, rest), 0.0)


def _left(times: Times, stop: Any) -> Any:
    whole, rest = split(times, stop)
    left = whole - times.t
    return left if isinstance(rest, int | float) and rest == 0 else times.float(left) + rest


def _left_of_sum(times: Times, stop: Any, rest: Any) -> Any:
    return times.float(_left(times, stop)) + gathered(times, rest)


def _periods(times: Times, elapsed: Any, every: Any, origin: Any) -> Any:
    runtime, largest = times.runtime, times.runtime.largest
    if times.integer and all(isinstance(length, int) for length in values_of(every)):
        # Whole periods from an origin between two steps are completed at the same whole times as from the next step.
        behind, ahead = sides([math.ceil(m) for m in values_of(origin)])
        since = times.t - wholes_of(times, origin, [min(m, largest) for m in behind])
        period = wholes_of(times, every, [min(length, largest) for length in values_of(every)])
        count = since // period
        if max(values_of(every)) > largest:
            # A period that is longer than the largest time is never completed.
            count = count * wholes_of(times, every, [int(length <= largest) for length in values_of(every)])
        if not any(ahead):
            return count
        # The periods left out, and what is missing of the next one: no sum exceeds what integers hold.
        before = wholes_of(times, every, [m // n for m, n in zip(ahead, values_of(every), strict=True)])
        lacking = wholes_of(
            times, every, [min(n - m % n, largest) for m, n in zip(ahead, values_of(every), strict=True)]
        )
        completed = runtime.integers(since - count * period >= lacking)
        return runtime.minimum(count, largest - 1 - before) + before + completed
    if times.narrow and runtime.wide(times.t) is not None:
        times = widened(times)
        elapsed = times.float(times.t) - gathered(times, origin)
    elapsed, length = times.float(elapsed), gathered(times, every) if isinstance(every, Column) else float(every)
    # In torch, `//` has no gradient.
    return runtime.functions(elapsed).floor((elapsed - elapsed % length) / length + 0.5)


def _part_periods(times: Times, _time: Any, *constants: Any) -> Any:
    return _parts(times, *constants)[0]


def _part_phase(times: Times, _time: Any, *constants: Any) -> Any:
    return _parts(times, *constants)[1]


def _parts(times: Times, *constants: Any) -> tuple[Any, Any]:
    """How many periods have elapsed, and how many parts of the present one."""
    runtime, wide = times.runtime, widened(times)
    rows, size, overflows = _rows_of_parts(wide, constants)
    if not times.integer or overflows:
        # Products that integers cannot hold are left to floats.
        floats = [gathered(wide, constant) for constant in constants]
        floor = runtime.functions(times.t).floor
        time = wide.float(times.t)
        return parts.counted_floats(time, *floats, floor=floor, where=runtime.where, fixed=runtime.fixed)
    length, fine, start, lag, cycle, periods = rows

    def constant(values: Iterable[int]) -> Any:
        return wholes_of(times, constants[0], [min(value, runtime.largest) for value in values])

    since = times.t - constant(sides(start)[0])
    cycles, within = since // constant(cycle), since % constant(cycle)
    if min(start) < 0:
        # Of a schedule whose beginning is left out, more may have elapsed than integers hold.
        before, extra = tuple(zip(*map(divmod, sides(start)[1], cycle), strict=True))
        lacking = constant([c - m for m, c in zip(extra, cycle, strict=True)])
        over = within >= lacking
        within = runtime.where(over, within - lacking, within + constant(extra))
        most = runtime.largest - max(before) - 1
        cycles = runtime.minimum(cycles, most) + constant(before) + runtime.integers(over)
    elapsed = within * constant(fine) - constant(lag)
    most = runtime.largest // max(periods) - 1
    count = runtime.minimum(cycles, most) * constant(periods)
    present = elapsed % constant(length)
    if max(size) > 1:
        present = times.float(present) * wholes_of(wide, constants[0], map(float, size), times.dtype)
    return count + elapsed // constant(length), present


def _rows_of_parts(wide: Times, constants: tuple[Any, ...]) -> tuple[tuple[tuple[int, ...], ...], list[int], bool]:
    """The constants by kind, in parts `size` times as large; these sizes; and whether their products overflow."""
    largest = wide.runtime.largest
    rows = list(zip(*map(values_of, constants), strict=True))
    size = [_size(row, largest) if wide.narrow else 1 for row in rows]
    rows = [_coarser(row, s) for row, s in zip(rows, size, strict=True)]
    overflows = any(cycle * fine > largest for _, fine, _, _, cycle, _ in rows)
    return tuple(zip(*rows, strict=True)), size, overflows


def _size(row: tuple[int, ...], largest: int) -> int:
    """How many times as large parts have to be for integers to count them."""
    _, fine, _, _, cycle, periods = row
    finer = fine // periods
    return next((s for s in range(-(-cycle * fine // largest), finer) if finer % s == 0), finer)


def _coarser(row: tuple[int, ...], size: int) -> tuple[int, ...]:
    length, fine, start, lag, cycle, periods = row
    return length // size, fine // size, start, round(lag / size), cycle, periods


def _multiple(times: Times, n: Any, length: Any, fine: Any) -> Any:
    """A whole number of lengths, as an integer if the lengths are whole."""
    runtime = times.runtime
    if runtime.kind(n) == "integer" and set(values_of(fine)) == {1}:
        return runtime.doubled(n) * wholes_of(times, length, [min(a, runtime.largest) for a in values_of(length)])
    return widely(times, n) * gathered(widened(times), length)


def _phase(times: Times, elapsed: Any, every: float, origin: float) -> Any:
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
    return widely(times, elapsed) % float(every)


def _consumed(times: Times, elapsed: Any, base: int, rate: int, lack: int, period: int) -> Any:
    runtime = times.runtime
    if runtime.kind(elapsed) == "integer" and runtime.largest > 2**32 and max(base, rate) * 2 <= runtime.largest:
        elapsed = runtime.minimum(elapsed, (runtime.largest - base) // rate)
        return base + rate * elapsed - lack * (elapsed // period)
    wide = widened(times)
    elapsed = wide.float(elapsed)
    part = runtime.maximum(elapsed % float(period) + (1.0 - period), 0.0)
    length = float(period)
    # In torch, `//` has no gradient.
    whole = runtime.functions(elapsed).floor((elapsed - elapsed % length) / length + 0.5)
    return float(base) + float(rate) * elapsed - float(lack) * (whole + part)


def _lookup(times: Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # the time itself: the milestones are absolute
    piece = reached(times, reachable(times, milestones))
    return gathered(times, Column(Rows(values[: len(reachable(times, milestones)) + 1]), piece))


def _interpolated(times: Times, x: Any, milestones: Any, values: Any) -> Any:
    del x  # as above
    stretch = reached(times, reachable(times, milestones))
    ends, lengths, high, low = [Column(rows, stretch) for rows in _stretches(times, milestones, values)]
    weight = times.float(_elapsed(times, ends)) / gathered(times, lengths)
    return weight * gathered(times, high) + (1.0 - weight) * gathered(times, low)


def _stretches(times: Times, milestones: Any, values: Any) -> tuple[Rows, ...]:
    """The stretches between milestones, by the number of milestones reached.

    Of each: the end where the smaller value is, the length (negative if it falls), the larger value, the smaller value.
    Times before the first milestone and after the last belong to other pieces.
    """
    last = len(milestones) - 1
    stretches = [min(max(i, 1), last) for i in range(len(reachable(times, milestones)) + 1)]
    rising = [values[i] >= values[i - 1] for i in stretches]
    ends = [milestones[i - 1] if up else milestones[i] for i, up in zip(stretches, rising, strict=True)]
    lengths = [(milestones[i] - milestones[i - 1]) * (1 if up else -1) for i, up in zip(stretches, rising, strict=True)]
    high, low = [max(values[i - 1 : i + 1]) for i in stretches], [min(values[i - 1 : i + 1]) for i in stretches]
    return Rows(ends), Rows([length or 1 for length in lengths]), Rows(high), Rows(low)


CLOCKS: dict[str, Any] = {
    "elapsed": _elapsed,
    "far_elapsed": _elapsed,
    "elapsed_of_sum": _elapsed_of_sum,
    "left": _left,
    "far_left": _left,
    "left_of_sum": _left_of_sum,
    "periods": _periods,
    "part_periods": _part_periods,
    "part_phase": _part_phase,
    "phase": _phase,
    "consumed": _consumed,
    "multiple": _multiple,
    "lookup": _lookup,
    "interpolated": _interpolated,
}
