"""Schedules one after the other, by hand."""

import pytest

from lrsched_core import Constant, Cosine, Linear, Sequence, SquareRoot


def test_each_schedule_begins_at_its_own_0():
    schedule = Linear(1.0, steps=4).then(Linear(1.0, steps=2), at=3)
    assert [schedule(t) for t in range(7)] == [1.0, 0.75, 0.5, 1.0, 0.5, 0.0, 0.0]


def test_then_is_a_sequence_of_two():
    a, b = Constant(0.1), Constant(0.2)
    assert a.then(b, at=5) == Sequence([a, b], milestones=[5])
    assert repr(a.then(b, at=5)) == "Sequence((Constant(0.1), Constant(0.2)), milestones=(5,))"


def test_nested_sequences_flatten():
    a, b, c = Constant(0.1), Constant(0.2), Constant(0.3)
    flat = Sequence((a, b, c), milestones=(5, 9))
    assert a.then(b, at=5).then(c, at=9) == a.then(b.then(c, at=4), at=5) == flat


def test_what_a_nested_sequence_never_reaches_is_left_out():
    a, b, c = Constant(0.1), Constant(0.2), Constant(0.3)
    assert a.then(b, at=5).then(c, at=4) == Sequence((a, c), milestones=(4,))


def test_a_sequence_of_one_is_that_one():
    schedule = Sequence([Cosine(0.3, steps=4)], milestones=())
    assert [schedule(t) for t in range(6)] == [Cosine(0.3, steps=4)(t) for t in range(6)]


def test_a_schedule_with_no_time_of_its_own_is_passed_over():
    schedule = Sequence((Constant(0.1), Constant(0.2), Constant(0.3)), milestones=(5, 5))
    assert [schedule(t) for t in (4, 5, 6)] == [0.1, 0.3, 0.3]
    assert Constant(0.1).then(Constant(0.2), at=0)(0) == 0.2


def test_a_fractional_milestone_is_not_moved_by_a_shift():
    schedule = Sequence((Constant(0.1), Constant(0.2)), milestones=(1e-100,)).with_warmup(1)
    assert schedule(1) == 0.1
    assert schedule(1.0000000000000002) == 0.2


def test_a_sequence_whose_milestones_cannot_be_added_stays_nested():
    inner = Sequence((Constant(0.0), SquareRoot(1.0)), milestones=(1.4e-45,))
    joined = Constant(0.0).then(inner, at=1)
    assert joined.schedules == (Constant(0.0), inner)
    assert joined(2) == inner(1)


def test_a_fractional_start_keeps_the_first_value_exact():
    schedule = Constant(0.0).with_warmup(524288, start=1.0, delay=False).with_warmup(1.7197821852169)
    assert schedule(1.7197821852169) == 1.0
    assert schedule([1.7197821852169]).tolist() == [1.0]


def test_a_thousand_phases_have_the_values_of_the_phases():
    phases = [Cosine(0.1 + i / 1000, 0.05, steps=10) if i % 2 else Linear(0.1, steps=7) for i in range(1000)]
    schedule = Sequence(phases, milestones=range(10, 10_000, 10))
    assert [schedule(t) for t in range(10_010)] == [
        phases[min(t // 10, 999)](t - min(t // 10, 999) * 10) for t in range(10_010)
    ]
    assert schedule(range(10_010)).tolist() == pytest.approx([schedule(t) for t in range(10_010)], rel=5e-16)
