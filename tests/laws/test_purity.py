"""Equal schedules give equal values, whatever was asked before."""

from concurrent.futures import ThreadPoolExecutor

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


@given(schedules(), st.lists(times, min_size=1, max_size=20))
def test_threads_may_ask_a_new_schedule_at_once(schedule, asked):
    expected = [schedule(t) for t in asked]
    again = parse(repr(schedule))
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(lambda: [again(t) for t in asked]) for _ in range(2)]
    assert [answer.result() for answer in answers] == [expected] * 2


@given(schedules(), times)
def test_a_number_in_gives_a_finite_float_that_is_not_negative(schedule, t):
    value = schedule(t)
    assert type(value) is float
    assert 0 <= value < float("inf")


@given(schedules(), st.integers(0, 10**6))
def test_an_integer_and_the_equal_float_are_the_same_time(schedule, t):
    assert schedule(t) == schedule(float(t))
