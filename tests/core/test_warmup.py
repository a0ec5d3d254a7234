"""Warmups, by hand."""

import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor


def test_a_linear_warmup_reaches_the_schedule_at_its_end():
    schedule = Constant(0.4).with_warmup(4)
    assert [schedule(t) for t in (0, 1, 2, 3, 4, 5)] == [0.0, 0.1, 0.2, pytest.approx(0.3), 0.4, 0.4]


def test_a_warmup_may_start_above_zero_and_above_its_goal():
    assert [Constant(0.5).with_warmup(4, start=0.25)(t) for t in (0, 2, 4)] == [0.25, 0.375, 0.5]
    assert [Constant(0.25).with_warmup(4, start=0.5)(t) for t in (0, 2, 4)] == [0.5, 0.375, 0.25]


def test_a_delayed_schedule_begins_at_its_own_0():
    schedule = MultiFactor(1.0, 0.5, milestones=[3]).with_warmup(2)
    assert [schedule(t) for t in range(7)] == [0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.5]


def test_without_delay_the_schedule_keeps_its_clock():
    schedule = MultiFactor(1.0, 0.5, milestones=[3]).with_warmup(2, delay=False)
    assert [schedule(t) for t in range(5)] == [0.0, 0.5, 1.0, 0.5, 0.5]


def test_without_delay_the_ramp_aims_at_where_the_schedule_is_by_then():
    schedule = Linear(1.0, steps=4).with_warmup(2, delay=False)
    assert [schedule(t) for t in range(6)] == [0.0, 0.25, 0.5, 0.25, 0.0, 0.0]


def test_without_delay_a_warmup_may_outlast_the_schedule():
    schedule = Linear(1.0, 0.5, steps=2).with_warmup(4, delay=False)
    assert [schedule(t) for t in range(6)] == [0.0, 0.125, 0.25, 0.375, 0.5, 0.5]


def test_a_constant_warmup_jumps():
    schedule = Constant(0.4).with_warmup(3, start=0.1, shape="constant")
    assert [schedule(t) for t in (0, 2, 2.999, 3, 4)] == [0.1, 0.1, 0.1, 0.4, 0.4]


def test_a_cosine_warmup_is_half_a_wave():
    schedule = Constant(0.4).with_warmup(4, shape="cosine")
    assert [schedule(t) for t in (0, 2, 4)] == [0.0, pytest.approx(0.2, rel=1e-15), 0.4]
    assert schedule(1) < 0.1 < 0.3 < schedule(3)


def test_an_exponential_warmup_grows_by_equal_ratios():
    schedule = Constant(1.0).with_warmup(4, start=1e-4, shape="exponential")
    assert [schedule(t) for t in range(6)] == pytest.approx([1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1.0], rel=1e-15)


def test_a_warmup_of_fractional_length_ends_exactly():
    schedule = Cosine(0.3, 0.01, steps=9.7).with_warmup(0.5)
    assert schedule(0.5) == 0.3
    assert schedule(0.5 + 9.7) == 0.01


def test_a_warmup_may_be_warmed_up():
    schedule = Constant(0.4).with_warmup(2, start=0.2).with_warmup(2)
    assert [schedule(t) for t in range(6)] == [0.0, 0.1, 0.2, pytest.approx(0.3), 0.4, 0.4]


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        (Cosine(0.3, 0.01, steps=15).with_warmup(5), "Cosine(0.3, 0.01, steps=15).with_warmup(5)"),
        (
            Factor(1.0, 0.5).with_warmup(3, start=0.1, shape="constant", delay=False),
            "Factor(1.0, 0.5).with_warmup(3, start=0.1, shape='constant', delay=False)",
        ),
    ],
)
def test_a_warmup_prints_as_the_call(schedule, text):
    assert repr(schedule) == text
