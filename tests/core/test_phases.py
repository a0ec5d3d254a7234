"""Repetitions that begin between two steps, against fractions: no clock is too late for their digits."""

import math
from fractions import Fraction

import numpy as np
import pytest

from lrsched_core import Constant, Factor, Linear, PowerDecay
from lrsched_core._time import reached

LIMIT = 1e-15
WARMUPS = (1.0448127, 0.1, 1000.7, 3.3000003, 6.99999999)
BEGUN = (0, 1, 2, 10, 999, 57_777, 524_281, 10**7, 2**31 // 10 - 7, 10**11)


def grid_of(*times):
    return math.lcm(*[said(time).denominator for time in times])


def said(t, *others):
    """The time that a number stands for: one on the grid of the others, if it is the float nearest to that."""
    time = Fraction(repr(t))
    if not others:
        return time
    grid = grid_of(*others)
    near = Fraction(round(time * grid), grid)
    return near if float(near) == t else Fraction(t)


def sawtooth(t, every):
    """What is left of `Linear(1.0, steps=every)` in the cycle of `t`, exactly."""
    return 1 - (t % every) / every


def nested(t, every):
    """The same of a cycle within a cycle one and a half times as long, both begun at 0."""
    return sawtooth(t % (every * Fraction(3, 2)), every)


def hyperbola(t, every):
    return 1 / (1 + t % every)


# The schedule, its exact value so long after its beginning, and how long its cycle is.
CYCLES = [
    *[(Linear(1.0, steps=every).repeat(every), sawtooth, every) for every in (1, 7, 10, 10_000, 9.7, 0.3)],
    *[(PowerDecay(1.0, 1).repeat(every), hyperbola, every) for every in (1, 7, 2.3)],
    (Linear(1.0, steps=5).repeat(5).repeat(7.5), nested, 5),
    (Linear(1.0, steps=1).repeat(1).stretch(1.3), sawtooth, 1.3),
    (Linear(1.0, steps=5).repeat(5).stretch(1.5), sawtooth, 7.5),
]
IDS = [str(schedule) for schedule, _, _ in CYCLES]


def moments(warmup, every):
    """Whole steps, and the numbers around the beginnings of cycles, from the end of the warmup on."""
    begun, length = said(warmup), said(every)
    asked = set()
    for cycle in BEGUN:
        start = begun + cycle * length
        at = reached(start)
        asked |= {at, math.nextafter(at, 0), math.nextafter(at, math.inf), at + every / 3, at + every - every / 1000}
        asked |= {math.floor(start) + k for k in (-1, 0, 1, 2)}
    asked |= {100, 524_290, 2**31 - 1, 2**31, 10**9, 10**12}
    # Where floats are further apart than the times of the grid, they cannot tell them apart.
    told_apart = 2.0**52 / grid_of(warmup, every)
    return sorted(t for t in asked if warmup <= t <= 10**12 and (t % 1 == 0 or t < told_apart))


def worst(values, schedule_moments, value_at, warmup, every):
    errors = []
    for value, t in zip(values, schedule_moments, strict=True):
        time = said(t, warmup, every)
        exact = value_at(time - said(warmup), said(every))
        # Of a time between those of the grid, the phase is rounded.
        size = exact if said(t) == time else 1
        errors.append((float(abs(Fraction(value) - exact) / size), t, value))
    return max(errors)


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize(("cycle", "value_at", "every"), CYCLES, ids=IDS)
def test_numbers_lose_no_digits_to_a_beginning_between_two_steps(cycle, value_at, every, warmup):
    asked = moments(warmup, every)
    for schedule in (cycle.with_warmup(warmup), cycle.delay(warmup)):
        found = worst([schedule(t) for t in asked], asked, value_at, warmup, every)
        assert found[0] <= LIMIT, found


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize(("cycle", "value_at", "every"), CYCLES, ids=IDS)
def test_arrays_lose_no_digits_to_a_beginning_between_two_steps(cycle, value_at, every, warmup):
    asked = moments(warmup, every)
    values = cycle.with_warmup(warmup)(np.array(asked, float)).tolist()
    found = worst(values, asked, value_at, warmup, every)
    assert found[0] <= LIMIT, found


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize(("cycle", "value_at", "every"), CYCLES, ids=IDS)
@pytest.mark.parametrize("dtype", ["int64", "float64"])
def test_tensors_lose_no_digits_to_a_beginning_between_two_steps(cycle, value_at, every, warmup, dtype):
    torch = pytest.importorskip("torch")
    asked = [t for t in moments(warmup, every) if dtype == "float64" or t == int(t)]
    t = torch.tensor(asked, dtype=getattr(torch, dtype))
    values = cycle.with_warmup(warmup)(t)
    found = worst(values.tolist(), asked, value_at, warmup, every)
    # Of integers, tensors compute in float32.
    assert found[0] <= (LIMIT if values.dtype == torch.float64 else 5e-7), found


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize("every", [1, 7, 2.3, 10_000])
def test_steps_that_begin_between_two_steps_are_counted_exactly(every, warmup):
    torch = pytest.importorskip("torch")
    step = Factor(1.0, 1 - 2.0**-40, every=every).delay(warmup)
    asked = [t for t in moments(warmup, every) if t <= 2**31]
    counts = [(said(t, warmup, every) - said(warmup)) // said(every) for t in asked]
    expected = pytest.approx([math.exp(int(n) * math.log1p(-(2.0**-40))) for n in counts], rel=1e-15)
    assert [step(t) for t in asked] == expected
    assert step(np.array(asked, float)).tolist() == expected
    assert step(torch.tensor(asked, dtype=torch.float64)).tolist() == expected


@pytest.mark.parametrize("warmup", WARMUPS)
@pytest.mark.parametrize("every", [1, 7, 2.3, 10_000])
def test_height_and_phase_of_a_cycle_change_at_the_same_time(every, warmup):
    """Where they did not, a value would be twice too high, or twice too low."""
    schedule = Linear(1.0, 0.75, steps=every).repeat(every, decay=0.5).delay(warmup)
    asked = [t for t in moments(warmup, every) if t <= warmup + 1000 * every]
    for value, again, t in zip([schedule(t) for t in asked], schedule(np.array(asked, float)), asked, strict=True):
        cycle, phase = divmod(said(t, warmup, every) - said(warmup), said(every))
        expected = pytest.approx(float((1 - phase / said(every) / 4) / 2**cycle), rel=LIMIT)
        assert value == expected
        assert again == expected


def test_a_cycle_begins_with_its_first_value_where_a_number_can_say_when():
    schedule = Linear(0.3, 0.1, steps=4).repeat(4).delay(0.625)
    begun = [0.625 + 4 * cycle for cycle in (1, 2, 1000, 2**40)]
    assert [schedule(t) for t in begun] == [0.3] * 4
    assert schedule(np.array(begun)).tolist() == [0.3] * 4


def test_cycles_within_cycles_do_not_multiply_without_end():
    schedule = Linear(1.0, steps=1)
    for level in range(60):
        schedule = schedule.repeat(2**level)
    schedule = schedule.delay(0.3)
    assert schedule(1.2) == pytest.approx(0.1, rel=1e-14)
    assert (schedule * Constant(1.0))(np.array([1.2])).tolist() == [pytest.approx(0.1, rel=1e-14)]
