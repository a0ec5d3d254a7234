"""`function()`: what a schedule compiles into, held without the schedule."""

import gc
import math
import re
import weakref

import pytest

from cases import CASES, MANY, TIMES
from lrsched_core import Constant, Cosine, Function

EVERY = [*CASES, MANY, Constant(0.1), Function(lambda t: 1 / (1 + t)), Function(lambda t: 1 / (1 + t)).with_warmup(3)]


@pytest.mark.parametrize("asked", [False, True], ids=["never asked", "asked before"])
@pytest.mark.parametrize("schedule", EVERY, ids=lambda s: re.sub(r" at 0x\w+", "", str(s))[:60])
def test_its_values_are_those_of_the_schedule(schedule, asked):
    schedule = schedule.delay(1)
    if asked:
        schedule(0)
    rate = schedule.function()
    for t in TIMES.tolist():
        for number in (int(t), float(t), t + 0.5):
            value = rate(number)
            assert (value, type(value)) == (schedule(number), float)


@pytest.mark.parametrize("t", [-1, -0.5, math.nan, math.inf, -math.inf, 10**400])
@pytest.mark.parametrize("schedule", EVERY, ids=lambda s: re.sub(r" at 0x\w+", "", str(s))[:60])
def test_it_refuses_the_times_that_the_schedule_refuses(schedule, t):
    with pytest.raises(ValueError, match="`t` must be") as theirs:
        schedule(t)
    with pytest.raises(ValueError, match="`t` must be") as ours:
        schedule.function()(t)
    assert str(ours.value) == str(theirs.value)


def test_it_does_not_need_the_schedule():
    schedule = Cosine(0.3, steps=15).with_warmup(5)
    expected = [schedule(t) for t in range(25)]
    rate, gone = schedule.function(), weakref.ref(schedule)
    del schedule
    gc.collect()
    assert gone() is None
    assert [rate(t) for t in range(25)] == expected
