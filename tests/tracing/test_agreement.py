"""Every schedule, nested, on every kind of tensor, gives the values that numbers give."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases import CASES, FAR, WIDE, assert_close, assert_close_in_float32
from lrsched_core import CosinePower, Exponential, Geometric, InverseTime, Polynomial, Power, PowerDecay, RAdam
from own_code import ASKED
from runtimes import USUAL, WARNS, Kind
from strategies import schedules
from thorough import some

# What float32 counts exactly, and further: integers stay integers until they are small.
steps = st.lists(st.integers(0, 2 * 10**6) | st.integers(0, 2**31 - 1), min_size=1, max_size=30)
# A decay that float32 has no normal number for, times a rate which makes it one.
flushed = example(schedule=InverseTime(9.0, 1e-6, every=6).repeat(39554, decay=0.9765625), asked=[149316106])


# Of each framework: integers, which single precision answers in some, and floats. TensorFlow's powers and exponentials
# lose digits where they are very small.
KINDS = [
    [Kind("torch", "int64", True), Kind("torch", "float32", True), Kind("torch", "float64", False)],
    [Kind("tensorflow", "int64", True), Kind("tensorflow", "float64", False)],
    [Kind("jax", "int32", True)],
    [Kind("strict", "int64", False)],
]


@WARNS
@pytest.mark.parametrize("kinds", KINDS, ids=lambda kinds: kinds[0].framework)
@flushed
@given(schedule=schedules(), asked=steps)
def test_a_tensor_has_the_values_of_numbers(kinds, schedule, asked):
    for kind in kinds:
        held = [t for t in asked if kind.holds(t)] or [0]
        values, expected = kind.ask(schedule, held), schedule(np.array(held))
        if kind.single:
            assert_close_in_float32(values, expected)
        else:
            assert_close(values, expected, 1e-14, absolute=1e-38 if kind.framework == "tensorflow" else 1e-300)


@pytest.mark.parametrize("way", ["torch int32", "jax.jit", "tf.function with XLA"])
@pytest.mark.parametrize("schedule", WIDE, ids=str)
def test_float32_is_accurate_up_to_the_largest_int32(schedule, way):
    assert_close_in_float32(ASKED[way][0](schedule, FAR), schedule(FAR))


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


# A time in units that are no whole number of steps: float32 would round it before it becomes an exponent.
STRETCHED = [
    *[Exponential(1.0, 0.9).stretch(k) for k in (1.5, 2.5, 0.3, 8.362201882116551)],
    Exponential(1.0, 0.9, every=0.7).stretch(1.1).delay(0.3),
    Exponential(1.0, 0.9).stretch(1.5).repeat(400.2),
    *[Geometric(1.0, 1e-30, steps=1000).stretch(k) for k in (1.7, 0.7)],
]


@WARNS
@pytest.mark.parametrize("kind", [kind for kind in USUAL if kind.single and "int" in kind.dtype], ids=str)
def test_a_power_of_a_fractional_clock_is_as_accurate_in_float32(kind):
    asked = [*range(0, 600, 7)]
    for schedule in STRETCHED:
        assert_close_in_float32(kind.ask(schedule, asked), schedule(np.array(asked)))


TENSORS = [kind for kind in USUAL if kind.dtype.startswith("float") and kind.framework not in ("numbers", "numpy")]


@WARNS
@pytest.mark.parametrize("kind", TENSORS, ids=str)
def test_a_tensor_has_the_value_at_0_before_0_and_none_for_nan(kind):
    for schedule in some(CASES, 3):
        before, zero, none = kind.ask(schedule, [-3.5, 0.0, np.nan])
        assert before == zero == pytest.approx(schedule(0), rel=5e-7), schedule
        assert np.isnan(none), schedule
