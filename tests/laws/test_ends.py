"""Ends are exact, boundaries half-open, and after the end nothing changes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrsched_core import Constant, Sequence
from strategies import durations, leaves, moments, ramps, rates, schedules, times


@given(ramps())
def test_a_ramp_has_its_first_value_at_0_and_its_last_at_steps(ramp):
    assert ramp(0) == ramp.base_lr
    assert ramp(ramp.steps) == ramp.final_lr


@given(ramps(), times)
def test_a_ramp_holds_its_last_value_for_ever(ramp, t):
    assert ramp(ramp.steps + t) == ramp.final_lr


@given(ramps(), st.floats(0, 1))
def test_a_ramp_stays_between_its_ends(ramp, share):
    low, high = sorted((ramp.base_lr, ramp.final_lr))
    assert low * (1 - 1e-15) <= ramp(share * ramp.steps) <= high * (1 + 1e-15)


@given(schedules(), durations, rates)
def test_a_warmup_starts_where_it_was_told_and_then_is_the_schedule(schedule, steps, start):
    warm = schedule.with_warmup(steps, start=start)
    assert warm(0) == start
    assert warm(steps) == schedule(0)
    kept = schedule.with_warmup(steps, start=start, delay=False)
    assert kept(0) == start
    # A duration is the decimal that it prints, a time the float that it is: where these differ, so do their phases.
    one = Fraction(repr(steps)) == Fraction(steps)
    assert kept(steps) == pytest.approx(schedule(steps), rel=0 if one else 1e-9, abs=0)


@given(schedules(), st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_warmup_delays_the_schedule_or_covers_its_beginning(schedule, steps, t):
    assert schedule.with_warmup(steps)(steps + t) == schedule(t)
    assert schedule.with_warmup(steps, delay=False)(steps + t) == schedule(steps + t)


@given(schedules())
def test_a_warmup_of_no_steps_is_the_schedule_itself(schedule):
    assert schedule.with_warmup(0) == schedule


@given(schedules(), schedules(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_then_switches_exactly_at_its_moment(first, second, at, t):
    joined = first.then(second, at=at)
    assert joined(at + t) == second(t)
    if t < at:
        assert joined(t) == first(t)


@given(leaves(), leaves(), leaves(), st.integers(1, 10**6), st.integers(1, 10**6))
def test_then_is_associative(a, b, c, i, j):
    one = a.then(b, at=i).then(c, at=i + j)
    other = a.then(b.then(c, at=j), at=i)
    assert one == other == Sequence((a, b, c), milestones=(i, i + j))


@given(schedules(), schedules(), schedules(), st.integers(1, 10**6), st.integers(1, 10**6), times)
def test_then_is_associative_pointwise_whatever_is_inside(a, b, c, i, j, t):
    one = a.then(b, at=i).then(c, at=i + j)
    other = a.then(b.then(c, at=j), at=i)
    assert one(t) == other(t)


@given(schedules(), schedules(), schedules(), moments, moments, times)
def test_a_sequence_in_a_sequence_is_cut_off_where_the_next_begins(a, b, c, i, j, t):
    joined = a.then(b, at=i).then(c, at=j)
    assert joined(t) == (a.then(b, at=i)(t) if t < j else Sequence((a, c), milestones=(j,))(t))


@given(rates, durations, times)
def test_a_warmup_of_a_constant_from_itself_is_the_constant(rate, steps, t):
    assert Constant(rate).with_warmup(steps, start=rate)(t) == rate
