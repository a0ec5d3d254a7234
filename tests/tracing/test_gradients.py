"""By time, every schedule has a finite slope in every runtime; what is no time has no value."""

import math

import numpy as np
import pytest

from cases import CASES, CATALOGUE, MANY
from lrsched_core import Constant, CosinePower, Hyperbolic, Polynomial, Power, PowerDecay, RAdam
from runtimes import FLOATS, WARNS

SCHEDULES = [
    *CATALOGUE,
    *CASES,
    MANY,
    Polynomial(0.3, steps=10, power=0.5),
    Polynomial(0.0, 0.3, steps=10, power=0.5),
    Polynomial(0.3, 0.1, steps=10, power=0.7, time_power=0.3),
    Polynomial(0.1, 0.3, steps=10, power=0.3, time_power=0.5).with_warmup(3),
    Power(0.3, steps=10, power=0.3),
    Power(0.0, 0.3, steps=10),
    CosinePower(0.3, steps=10, power=0.4),
    CosinePower(0.0, 0.3, steps=10, power=0.4, time_power=0.5),
    Hyperbolic(0.3, steps=10, upper_bound=10),
    Hyperbolic(0.0, 0.3, steps=10, upper_bound=100),
    PowerDecay(0.3, timescale=0.5),
    RAdam(0.5, beta2=0.7),
    RAdam(0.5, beta2=0.999) * Power(0.3, steps=10),
    Power(0.3, steps=10).repeat(10, decay=0.9),
    Power(0.3, steps=10).repeat(2.5).delay(0.7),
]


def times(schedule):
    """At 0, inside, at each end and past it."""
    ends = [float(b) for b in schedule.segments(200)[-1:][0][:1]] + [
        float(s.start) for s in schedule.segments(200)[:40]
    ]
    around = [t for end in ends if end < 1e4 for t in (end, math.nextafter(end, 0.0), end + 0.5)]
    return sorted({0.0, 0.5, 1.0, 3.25, 1e4, *around})


def torch_slopes(schedule, asked, dtype):
    torch = pytest.importorskip("torch")
    t = torch.tensor(asked, dtype=getattr(torch, dtype), requires_grad=True)
    values = schedule(t)
    if not values.requires_grad:  # it is constant
        return [0.0] * len(asked)
    values.sum().backward()
    return t.grad.tolist()


def jax_slopes(schedule, asked, dtype):
    jax = pytest.importorskip("jax")
    from jax_precision import double_precision

    padded = [*asked, *[asked[-1]] * (-len(asked) % 128)]  # JAX compiles each operation anew for each length
    with double_precision():
        slopes = jax.grad(lambda t: schedule(t).sum())(jax.numpy.asarray(padded, dtype))
        return np.asarray(slopes).tolist()[: len(asked)]


def tensorflow_slopes(schedule, asked, dtype):
    tf = pytest.importorskip("tensorflow")
    t = tf.constant(asked, dtype)
    with tf.GradientTape() as tape:
        tape.watch(t)
        values = schedule(t)
    slopes = tape.gradient(values, t)
    return [0.0] * len(asked) if slopes is None else slopes.numpy().tolist()


RUNTIMES = {"torch": torch_slopes, "jax": jax_slopes, "tensorflow": tensorflow_slopes}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_slope_is_finite_everywhere_and_away_from_ends_that_of_the_curve(runtime):
    for schedule in SCHEDULES:
        ends = times(schedule)
        bounds = [s.start for s in schedule.segments(60)]
        inside = [t for t in (1.3, 2.7, 6.2, 8.8, 17.45, 33.3) if all(abs(t - b) > 1e-3 for b in bounds)]
        step = 1e-5
        expected = [(schedule(t + step) - schedule(t - step)) / (2 * step) for t in inside]
        slopes = RUNTIMES[runtime](schedule, [*inside, *ends], "float64")
        assert np.isfinite(slopes).all(), (schedule, ends, slopes[len(inside) :])
        assert slopes[: len(inside)] == pytest.approx(expected, rel=1e-5, abs=1e-8), schedule


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_slope_is_finite_in_float32(runtime):
    for schedule in SCHEDULES[-20:]:
        ends = times(schedule)
        slopes = RUNTIMES[runtime](schedule, ends, "float32")
        assert np.isfinite(slopes).all(), (schedule, ends, slopes)


@WARNS
@pytest.mark.parametrize("kind", [kind for kind in FLOATS if kind.framework not in ("numbers", "numpy")], ids=str)
def test_what_is_no_number_has_no_value_in_a_tensor(kind):
    """Not even a constant; a tensor may be traced, so that nothing can be raised."""
    for schedule in (*CATALOGUE, MANY, Constant(0.1) * 2):
        first, nan = kind.ask(schedule, [0.0, math.nan])
        assert first == pytest.approx(schedule(0), rel=5e-7)
        assert math.isnan(nan), schedule


@pytest.mark.parametrize("kind", [kind for kind in FLOATS if kind.framework in ("numbers", "numpy")], ids=str)
def test_what_is_no_number_is_refused_elsewhere(kind):
    for schedule in (*CATALOGUE, MANY, Constant(0.1) * 2):
        with pytest.raises(ValueError, match="`t` must be finite, got nan"):
            kind.ask(schedule, [0.0, math.nan])
