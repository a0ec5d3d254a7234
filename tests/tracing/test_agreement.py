"""Every schedule, nested, on every kind of tensor, gives the values that numbers give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import assert_close
from strategies import schedules

# What float32 counts exactly, and further: integers stay integers until they are small.
steps = st.lists(st.integers(0, 2 * 10**6) | st.integers(0, 2**31 - 1), min_size=1, max_size=30)


def normal(asked, values):
    """The times at which float32 holds the value with all its digits, or 0."""
    keep = (values == 0) | (values > 1.2e-38)
    return asked[keep], values[keep]


@given(schedules(), steps)
def test_torch(schedule, asked):
    torch = pytest.importorskip("torch")
    asked, expected = normal(np.array(asked), schedule(np.array(asked)))
    assert_close(schedule(torch.tensor(asked)).numpy(), expected, 5e-7)
    assert_close(schedule(torch.tensor(asked.astype(np.float64))).numpy(), expected, 1e-14)


@given(schedules(), steps)
def test_tensorflow(schedule, asked):
    tf = pytest.importorskip("tensorflow")
    asked, expected = normal(np.array(asked), schedule(np.array(asked)))
    assert_close(schedule(tf.constant(asked)), expected, 5e-7)
    assert_close(schedule(tf.constant(asked, tf.float64)), expected, 1e-14)


@given(schedules(), steps)
def test_jax(schedule, asked):
    jnp = pytest.importorskip("jax.numpy")
    asked, expected = normal(np.array(asked), schedule(np.array(asked)))
    assert_close(schedule(jnp.asarray(asked)), expected, 5e-7)


@given(schedules(), st.lists(st.integers(0, 2**24), min_size=1, max_size=30))
def test_float32_times(schedule, asked):
    torch = pytest.importorskip("torch")
    asked, expected = normal(np.array(asked), schedule(np.array(asked)))
    assert_close(schedule(torch.tensor(asked, dtype=torch.float32)).numpy(), expected, 5e-7)


# A formula is computed for times of other pieces too, where it may be infinite or nothing, before `where` drops it.
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value", "ignore:overflow")
@given(schedules(), steps)
def test_any_library_of_the_array_api_standard(schedule, asked):
    xp = pytest.importorskip("array_api_strict")
    expected = schedule(np.array(asked))
    assert_close(schedule(xp.asarray(asked)), expected, 1e-14)
