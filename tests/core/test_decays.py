"""Decays without an end, by hand."""

from lrsched_core import SquareRoot


def test_square_root_falls_with_the_root_of_time():
    schedule = SquareRoot(6.0)
    assert [schedule(t) for t in (0, 3, 8, 35, 1.25)] == [6.0, 3.0, 2.0, 1.0, 4.0]


def test_square_root_never_ends():
    assert SquareRoot(1.0)(10**12 - 1) == 1e-6
