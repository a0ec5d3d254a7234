"""TensorFlow tensors and variables: the same object, eager, in a graph and in XLA."""

import pytest

from cases import CASES, MANY, TIMES, assert_close, assert_close_in_float32
from thorough import THOROUGH

tf = pytest.importorskip("tensorflow")


DTYPES = (tf.int64, tf.int32, tf.float32)


@pytest.mark.parametrize(("number", "schedule"), [*enumerate([*CASES, MANY])], ids=lambda s: str(s)[:60])
def test_eager_graph_and_xla_give_the_values_of_the_array(schedule, number):
    expected = schedule(TIMES)
    for i, dtype in enumerate(DTYPES, number):
        t = tf.constant(TIMES, dtype)
        answers = [schedule(t), schedule(tf.Variable(t))]
        if THOROUGH or i % 3 == 0:  # compiling takes ten times as long as all the rest
            answers += [tf.function(schedule)(t), tf.function(schedule, jit_compile=True)(t)]
        for values in answers:
            assert values.dtype == tf.float32
            assert_close_in_float32(values, expected)
    double = tf.constant(TIMES, tf.float64)
    for values in (schedule(double), tf.function(schedule)(double)):
        assert values.dtype == tf.float64
        assert_close(values, expected, 1e-14)  # TensorFlow's own power function
    assert schedule(tf.constant(TIMES[:6].reshape(2, 3))).shape == (2, 3)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_thousand_steps_trace_once(jit_compile):
    schedule = CASES[0]
    compiled = tf.function(schedule, jit_compile=jit_compile)
    for t in range(1000):
        assert float(compiled(tf.constant(t, tf.int64))) == pytest.approx(schedule(t), rel=5e-7)
    assert compiled.experimental_get_tracing_count() == 1


def test_a_tensor_below_0_is_given_the_value_at_0():
    assert float(CASES[0](tf.constant(-5))) == CASES[0](0)


def test_a_tensor_of_booleans_is_refused():
    with pytest.raises(TypeError, match=r"`t` must be a tensor of real numbers, got .*bool"):
        CASES[0](tf.constant([True]))
