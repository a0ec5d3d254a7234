"""Schedules one after the other, by hand."""

import pytest

from lrsched_core import Constant, Cosine, Linear, Sequence, SquareRoot


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
