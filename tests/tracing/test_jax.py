"""JAX arrays and tracers: the same object under jit, vmap and scan."""

import pytest

from cases import CASES, MANY, TIMES, assert_close, assert_close_in_float32

jax = pytest.importorskip("jax")
jnp = pytest.importorskip("jax.numpy")

from jax_precision import double_precision  # only where JAX is installed


@pytest.mark.parametrize(("number", "schedule"), [*enumerate([*CASES, MANY])], ids=lambda s: str(s)[:60])
def test_eager_jit_and_vmap_give_the_values_of_the_array(schedule, number):
    expected = schedule(TIMES)
    for i, dtype in enumerate((jnp.int32, jnp.float32), number):
        t = jnp.asarray(TIMES, dtype)
        compiled = jax.jit(schedule if i % 2 else jax.vmap(schedule))
        for values in (schedule(t), compiled(t)):
            assert values.dtype == jnp.float32
            assert_close_in_float32(values, expected)
    assert schedule(jnp.asarray(TIMES[:6]).reshape(2, 3)).shape == (2, 3)


def test_a_thousand_steps_compile_once():
    schedule, traced = CASES[0], []

    @jax.jit
    def compiled(t):
        traced.append(t)
        return schedule(t)

    for t in range(1000):
        assert float(compiled(t)) == pytest.approx(schedule(t), rel=5e-7)
    assert len(traced) == 1


def test_scan_carries_the_clock():
    schedule = CASES[0]
    _, values = jax.lax.scan(lambda t, _: (t + 1, schedule(t)), 0, None, length=30)
    assert_close_in_float32(values, schedule(range(30)))


def test_double_precision_is_double_precision():
    with double_precision():
        for schedule in (*CASES, MANY):
            # XLA's own power function, and its own expm1
            assert_close(jax.jit(schedule)(jnp.asarray(TIMES)), schedule(TIMES), 3e-14)


def test_a_tracer_below_0_is_given_the_value_at_0():
    assert jax.jit(CASES[0])(-5) == CASES[0](0)


def test_an_array_of_booleans_is_refused():
    with pytest.raises(TypeError, match=r"`t` must be a tensor of real numbers, got dtype..bool"):
        CASES[0](jnp.ones(2, bool))
