"""The laws of the operators, over schedules nested as deep as anybody nests them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrsched_core import Constant, Cosine, Linear, MultiFactor, Sequence, from_dict, maximum, minimum, parse
from strategies import durations, leaves, moments, nested, periods, rates, schedules, times

whole = st.integers(0, 10**6)


# Each of these is a hundred times as much as another example: growing cycles within growing cycles.
@settings(max_examples=30)
@given(nested(6), times)
def test_six_operators_deep_all_holds(schedule, t):
    value = schedule(t)
    assert type(value) is float
    assert 0 <= value < float("inf")
    assert schedule.explain(t).value == value
    assert from_dict(schedule.to_dict()) == schedule
    try:
        read = parse(repr(schedule))
    except ValueError as error:  # growing cycles within growing cycles are more than a text may describe
        if "at most 20000 pieces" not in str(error):
            raise
    else:
        assert read == schedule
        assert read(t) == value


# Identities


@given(schedules())
def test_what_changes_nothing_gives_the_schedule_itself(schedule):
    assert schedule.delay(0) == schedule
    assert schedule.advance(0) == schedule
    assert schedule.stretch(1) == schedule
    assert schedule + 0 == 0 + schedule == schedule - 0 == schedule
    assert 1 * schedule == schedule * 1 == schedule / 1 == schedule
    assert schedule + Constant(0) == schedule * Constant(1) == schedule


@given(schedules(), schedules(), schedules())
def test_sums_products_and_extremes_are_associative(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert (a * b) * c == a * (b * c)
    assert minimum(minimum(a, b), c) == minimum(a, minimum(b, c)) == minimum(a, b, c)
    assert maximum(maximum(a, b), c) == maximum(a, maximum(b, c)) == maximum(a, b, c)


@given(leaves(), whole, whole)
def test_two_delays_or_advances_are_one(schedule, i, j):
    assert schedule.delay(i).delay(j) == schedule.delay(i + j)
    assert schedule.advance(i).advance(j) == schedule.advance(i + j)


@given(leaves(), st.integers(1, 1000), st.integers(1, 1000))
def test_two_stretches_are_one(schedule, j, k):
    assert schedule.stretch(j).stretch(k) == schedule.stretch(j * k)


@given(rates, durations, times)
def test_a_warmup_of_a_constant_is_a_ramp(rate, steps, t):
    assert Constant(rate).with_warmup(steps)(t) == Linear(0.0, rate, steps=steps)(t)


# Values


@given(schedules(), schedules(), times)
def test_operations_are_pointwise(a, b, t):
    # Sums of sums and products of products are flattened, and rounded in another order.
    assert (a + b)(t) == pytest.approx(a(t) + b(t), rel=1e-15, abs=0)
    assert (a * b)(t) == pytest.approx(a(t) * b(t), rel=1e-15, abs=1e-300)
    assert (2 * a)(t) == pytest.approx(2 * a(t), rel=1e-15, abs=1e-300)
    assert (a - b)(t) == a(t) - b(t)
    assert (a / 3)(t) == a(t) / 3
    assert minimum(a, b)(t) == min(a(t), b(t))
    assert maximum(a, b)(t) == max(a(t), b(t))


@given(schedules(), times)
def test_nothing_is_left_of_a_schedule_taken_from_itself(schedule, t):
    assert (schedule - schedule)(t) == 0
    assert minimum(schedule, schedule)(t) == maximum(schedule, schedule)(t) == schedule(t)


@given(schedules(), st.tuples(rates, rates).map(sorted), times)
def test_a_clipped_value_is_the_value_or_a_limit(schedule, limits, t):
    low, high = limits
    assert schedule.clip(low, high)(t) == min(max(schedule(t), low), high)
    assert schedule.clip(low, high).clip(low, high)(t) == schedule.clip(low, high)(t)


@given(schedules(), whole, whole)
def test_a_delay_holds_the_first_value_then_begins(schedule, steps, t):
    assert schedule.delay(steps)(steps + t) == schedule(t)
    assert schedule.delay(steps)(min(t, steps)) == schedule(0)


@given(schedules(), whole, whole)
def test_an_advance_leaves_out_the_beginning(schedule, steps, t):
    assert schedule.advance(steps)(t) == schedule(steps + t)
    assert schedule.delay(steps).advance(steps)(t) == schedule(t)


@given(schedules(), st.sampled_from([1, 2, 4, 2**10, 0.5, 2**-5]), whole)
def test_a_stretch_slows_the_clock(schedule, k, t):
    # What is left of fractional steps is divided by another number on each clock, which rounds once.
    assert schedule.stretch(k)(t * k) == pytest.approx(schedule(t), rel=1e-15, abs=0)


@given(schedules(), st.integers(1, 10**4), st.integers(0, 10**4), st.floats(0, 1, exclude_max=True))
def test_a_staircase_holds_each_value(schedule, every, n, share):
    assert schedule.staircase(every)((n + share) * every // 1) == schedule(n * every)


@given(schedules(), st.integers(1, 10**4), st.integers(0, 10**4), whole)
def test_a_repetition_begins_again(schedule, every, cycle, t):
    t %= every
    assert schedule.repeat(every)(cycle * every + t) == schedule(t)


@given(schedules(), periods, st.integers(2, 5), st.floats(0.1, 1), st.integers(0, 12))
def test_each_cycle_begins_where_integers_say_it_does(schedule, every, growth, decay, cycle):
    begun = every * sum(growth**i for i in range(cycle))
    # A clock that begins between two floats is rounded once more where it is stretched.
    expected = pytest.approx(schedule(0) * decay**cycle, rel=1e-15, abs=0)
    assert schedule.repeat(every, growth=growth, decay=decay)(begun) == expected


@given(schedules(), moments, durations, rates)
def test_a_cooldown_leaves_from_the_value_that_is_there(schedule, at, steps, final_lr):
    cooled = schedule.cooldown(at=at, steps=steps, final_lr=final_lr)
    assert cooled(at) == schedule(at)
    assert cooled(1e12) == final_lr


# Looking inside


@given(schedules(), st.integers(0, 500))
def test_the_segments_follow_each_other_and_say_the_value(schedule, stop):
    segments = schedule.segments(stop + 1)
    assert segments[0].start == 0
    assert segments[-1].stop == stop + 1
    assert [s.stop for s in segments[:-1]] == [s.start for s in segments[1:]]


def test_the_boundaries_are_the_ends_and_milestones():
    schedule = Sequence(
        (Cosine(0.3, steps=15).with_warmup(5), MultiFactor(0.1, 0.5, milestones=(2, 4.5))), milestones=(30,)
    )
    assert schedule.boundaries == (5, 20, 30, 32, 34.5)
    assert schedule.cooldown(at=31, steps=2.5).boundaries == (5, 20, 30, 31, 33.5)
    assert (schedule * Linear(0.1, steps=7)).boundaries == (5, 7, 20, 30, 32, 34.5)
    assert schedule.stretch(2).advance(11).staircase(10).boundaries == (30, 50, 60)


@pytest.mark.parametrize("stop", [None, 10])
def test_a_schedule_that_repeats_for_ever_needs_an_end_to_look_at(stop):
    schedule = Linear(0.1, steps=4).repeat(4)
    if stop is None:
        with pytest.raises(ValueError, match=r"`stop` must be given for a schedule that repeats for ever, got None."):
            schedule.segments()
    else:
        assert [s.start for s in schedule.segments(stop)] == [0, 4, 8]
