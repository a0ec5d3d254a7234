"""Equal schedules give equal values, whatever was asked before."""

from hypothesis import given
from hypothesis import strategies as st

from lrsched_core import parse
from strategies import schedules, times


@given(schedules(), st.lists(times, min_size=1, max_size=20), st.randoms())
def test_the_order_of_questions_does_not_matter(schedule, asked, random):
    first = {t: schedule(t) for t in asked}
    random.shuffle(asked)
    again = parse(repr(schedule))
    assert {t: again(t) for t in asked} == first
    assert {t: schedule(t) for t in asked} == first


@given(schedules(), times)
def test_a_number_in_gives_a_finite_float_that_is_not_negative(schedule, t):
    value = schedule(t)
    assert type(value) is float
    assert 0 <= value < float("inf")


@given(schedules(), st.integers(0, 10**6))
def test_an_integer_and_the_equal_float_are_the_same_time(schedule, t):
    assert schedule(t) == schedule(float(t))
