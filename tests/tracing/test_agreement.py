"""Every schedule, nested, on every kind of tensor, gives the values that numbers give."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases import CASES, assert_close, assert_close_in_float32
from lrsched_core import CosinePower, InverseTime, Polynomial, Power, PowerDecay, RAdam
from runtimes import USUAL, WARNS
from strategies import schedules
from thorough import some

# What float32 counts exactly, and further: integers stay integers until they are small.
steps = st.lists(st.integers(0, 2 * 10**6) | st.integers(0, 2**31 - 1), min_size=1, max_size=30)
# A decay that float32 has no normal number for, times a rate which makes it one.
flushed = example(InverseTime(9.0, 1e-6, every=6).repeat(39554, decay=0.9765625), [149316106])


@flushed
@given(schedules(), steps)
def test_torch(schedule, asked):
    torch = pytest.importorskip("torch")
    asked = np.array(asked)
    expected = schedule(asked)
    assert_close_in_float32(schedule(torch.tensor(asked)).numpy(), expected)
    assert_close(schedule(torch.tensor(asked.astype(np.float64))).numpy(), expected, 1e-14)


@flushed
@given(schedules(), steps)
def test_tensorflow(schedule, asked):
    tf = pytest.importorskip("tensorflow")
    asked = np.array(asked)
    expected = schedule(asked)
    assert_close_in_float32(schedule(tf.constant(asked)), expected)
    # Its powers and exponentials lose digits where they are very small.
    assert_close(schedule(tf.constant(asked, tf.float64)), expected, 1e-14, absolute=1e-38)


@flushed
@given(schedules(), steps)
def test_jax(schedule, asked):
    jnp = pytest.importorskip("jax.numpy")
    asked = np.array(asked)
    expected = schedule(asked)
    padded = np.resize(asked, 30)  # JAX compiles each operation anew for each length
    assert_close_in_float32(np.asarray(schedule(jnp.asarray(padded)))[: len(asked)], expected)


@given(schedules(), st.lists(st.integers(0, 2**24), min_size=1, max_size=30))
def test_float32_times(schedule, asked):
    torch = pytest.importorskip("torch")
    asked = np.array(asked)
    expected = schedule(asked)
    assert_close_in_float32(schedule(torch.tensor(asked, dtype=torch.float32)).numpy(), expected)


# A formula is computed for times of other pieces too, where it may be infinite or nothing, before `where` drops it.
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value", "ignore:overflow")
@given(schedules(), steps)
def test_any_library_of_the_array_api_standard(schedule, asked):
    xp = pytest.importorskip("array_api_strict")
    expected = schedule(np.array(asked))
    assert_close(schedule(xp.asarray(asked)), expected, 1e-14)


# What the docstrings of these classes say that their arguments cost in float32.
STATED = [
    *[(CosinePower(0.1, final, steps=1000, power=2.5), 1e-6) for final in (0.0, 0.2)],
    *[(kind(*ends, steps=2**31 - 1, power=40), 5e-6) for kind in (Polynomial, Power) for ends in ((0.1, 0), (0, 0.1))],
    *[(PowerDecay(0.1, 40, timescale=timescale), 5e-6) for timescale in (30, 1000, 2.5)],
    *[(RAdam(0.1, beta2=0.602 + 0.0133 * k), 1e-5) for k in range(0, 30, 5)],
]


@WARNS
@pytest.mark.parametrize("kind", [kind for kind in USUAL if kind.single], ids=str)
def test_float32_misses_no_more_than_a_docstring_says(kind):
    # The later ones are exact in float32.
    asked = [*range(64), *range(64, 1024, 7), *range(2**23, 2**31, 5 * 2**23)]
    for schedule, stated in STATED:
        assert_close(kind.ask(schedule, asked), schedule(np.array(asked)), stated, absolute=1e-32)


TENSORS = [kind for kind in USUAL if kind.dtype.startswith("float") and kind.framework not in ("numbers", "numpy")]


@WARNS
@pytest.mark.parametrize("kind", TENSORS, ids=str)
def test_a_tensor_has_the_value_at_0_before_0_and_none_for_nan(kind):
    for schedule in some(CASES, 3):
        before, zero, none = kind.ask(schedule, [-3.5, 0.0, np.nan])
        assert before == zero == pytest.approx(schedule(0), rel=5e-7), schedule
        assert np.isnan(none), schedule
