"""Times mean the decimals that are written; values stay within the float range wherever they are."""

import re

import numpy as np
import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, one_cycle, parse


@pytest.mark.parametrize("t", [1, 2, 3, 7, 100])
def test_a_tenth_is_a_tenth(t):
    schedule = Factor(1.0, 0.5, every=0.1)
    assert schedule(t) == schedule(np.array([t]))[0] == 2.0 ** (-10 * t)
    assert Factor(1.0, 0.5).stretch(0.1)(t) == 2.0 ** (-10 * t)


def test_a_cycle_is_where_its_segment_says_however_late():
    schedule = Cosine(0.3, steps=7).repeat(7).stretch(1.3)
    assert schedule(10**9) == pytest.approx(0.008850351695643533, rel=1e-15)
    for segment in schedule.segments(1100):
        assert schedule(segment.start) == segment.schedule(segment.t) == 0.3


def test_a_schedule_can_be_negated():
    schedule = -Linear(1.0, steps=4)
    assert schedule(1) == -0.75
    assert parse(repr(schedule)) == parse("-Linear(1.0, steps=4)") == schedule


def test_a_segment_keeps_the_speed_of_the_clock():
    first = one_cycle(3e-4, steps=100).stretch(3).segments()[0]
    assert first.schedule(45) == one_cycle(3e-4, steps=100).stretch(3)(45)


def test_a_warmup_to_a_negative_value_is_refused():
    with pytest.raises(ValueError, match=re.escape("`schedule` must be >= 0 where the warmup ends, got -0.19")):
        (Constant(0.1) - Constant(0.3)).with_warmup(5)
