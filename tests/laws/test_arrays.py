"""An array is evaluated as its elements are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, SquareRoot
from strategies import schedules, times


def assert_equal_to_rounding(schedule, values, expected):
    """NumPy's powers and exponentials differ from Python's in the last digit; a formula has several, a product more."""
    expected = np.asarray(expected)
    assert values.dtype == np.float64
    assert values.shape == expected.shape
    factors = 1 + repr(schedule).count("*") + repr(schedule).count("decay")
    np.testing.assert_array_less(np.abs(values - expected), 3e-15 * factors * expected + 1e-300)


@given(schedules(), st.lists(times, max_size=60))
def test_an_array_equals_the_scalars(schedule, asked):
    assert_equal_to_rounding(schedule, schedule(np.array(asked, float)), [schedule(float(t)) for t in asked])
    assert_equal_to_rounding(
        schedule, schedule(np.sort(np.array(asked, float))), [schedule(float(t)) for t in sorted(asked)]
    )


@given(schedules(), st.integers(1, 10**6), st.randoms())
def test_long_arrays_equal_the_scalars_sorted_or_not(schedule, stop, random):
    t = np.linspace(0, stop, 40_000)
    values = schedule(t)
    some = sorted(random.sample(range(t.size), 50))
    assert_equal_to_rounding(schedule, values[some], [schedule(t[i]) for i in some])
    order = np.random.default_rng(random.randrange(10**6)).permutation(t.size)
    np.testing.assert_array_equal(schedule(t[order]), values[order])


@given(schedules(), st.lists(st.integers(0, 100), min_size=1))
def test_the_kind_of_integers_does_not_matter(schedule, asked):
    expected = schedule(np.array(asked, float))
    for dtype in ("int8", "uint8", "int32", "uint64", "int64", "float16", "float32"):
        np.testing.assert_array_equal(schedule(np.array(asked, dtype)), expected)
    np.testing.assert_array_equal(schedule(asked), expected)


@pytest.mark.parametrize(
    "schedule",
    [
        Cosine(0.3, 0.01, steps=10).with_warmup(3),
        Cosine(1e300, 1e299, steps=10),
        Linear(1e-310, steps=7),
        Constant(1e-200) * Linear(1e-200, steps=7),
        Constant(1e200) * Linear(1e-200, steps=7),
        Factor(0.1, 0.5),
        MultiFactor(1e-300, 1e-5, milestones=(1, 2, 3)),
        SquareRoot(0.1).stretch(0.25),
        SquareRoot(0.1).repeat(7.5, decay=0.5),
        Linear(1e-300, steps=7).repeat(7, decay=1e-5),
    ],
    ids=repr,
)
def test_what_leaves_the_float_range_on_the_way_is_no_fault(schedule):
    t = [0.0, 1.0, 1.5, 6.999, 7.0, 1e5, 1e300, 1.7e308]
    with np.errstate(over="raise", under="raise"):
        values = schedule(np.array(t))
    np.testing.assert_allclose(values, [schedule(x) for x in t], rtol=1e-14, atol=1e-320)


@given(schedules())
def test_shapes_are_kept(schedule):
    t = np.arange(24)
    for shape in ((24,), (2, 3, 4), (24, 1), (0, 3), ()):
        assert schedule(np.zeros(shape, int)).shape == shape
    np.testing.assert_array_equal(schedule(t.reshape(4, 6).T), schedule(t).reshape(4, 6).T)
    np.testing.assert_array_equal(schedule([[0, 1], [2, 3]]), schedule(t[:4]).reshape(2, 2))
    np.testing.assert_array_equal(schedule(t[::-2]), schedule(t)[::-2])


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.float64, np.float32])
@given(schedule=schedules())
def test_a_numpy_scalar_gives_a_python_float(schedule, kind):
    value = schedule(kind(3))
    assert type(value) is float
    # A whole number on a fractional clock is divided without the rounding that a float has.
    assert value == pytest.approx(schedule(3), rel=1e-15, abs=0)
