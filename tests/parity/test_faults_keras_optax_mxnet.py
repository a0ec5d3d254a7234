"""What Keras, optax and MXNet do and no schedule here does: each fault is pinned, beside what stands for it."""

import logging

import numpy as np
import pytest

from lrsched_core import Constant, Cosine
from lrsched_core.compat import keras as our_keras
from lrsched_core.compat import mxnet as our_mxnet
from lrsched_core.compat import optax as our_optax

# Keras


def test_keras_looks_for_a_restart_by_a_logarithm_in_float32_and_misses_it():
    keras = pytest.importorskip("keras")
    restarts = keras.optimizers.schedules.CosineDecayRestarts(0.1, 1)
    assert float(restarts(np.int64(32767))) == 0.0
    assert our_keras.CosineDecayRestarts(0.1, 1)(32767) == 0.1


def test_keras_computes_in_whole_numbers_if_it_is_given_one():
    schedules = pytest.importorskip("keras").optimizers.schedules
    assert [float(schedules.ExponentialDecay(1, 10, 0.5)(t)) for t in range(3)] == [1.0, 0.0, 0.0]
    assert our_keras.ExponentialDecay(1, 10, 0.5)(10) == 0.5


@pytest.mark.parametrize(("steps", "share"), [(10_000, 1.21), (30_000, 0.0)])
def test_keras_and_optax_lose_the_end_of_a_long_cosine_in_float32(steps, share):
    """What users get; everything else is compared in float64."""
    keras, jax, optax = (pytest.importorskip(name) for name in ("keras", "jax", "optax"))
    last = Cosine(0.3, steps=steps)(steps - 1)
    theirs = keras.optimizers.schedules.CosineDecay(np.float32(0.3), steps)(np.int32(steps - 1))
    assert float(theirs) / last == pytest.approx(share, abs=5e-3)
    with jax.experimental.disable_x64():
        theirs = optax.cosine_decay_schedule(0.3, steps)(jax.numpy.int32(steps - 1))
    assert theirs.dtype == np.float32
    assert float(theirs) / last == pytest.approx(share, abs=5e-3)
    for ours in (our_keras.CosineDecay(0.3, steps), our_optax.cosine_decay_schedule(0.3, steps)):
        assert float(ours(jax.numpy.int32(steps - 1))) == pytest.approx(last, rel=5e-7)


def test_keras_rounds_a_late_update():
    """float32 has no odd numbers beyond 2**24."""
    schedules = pytest.importorskip("keras").optimizers.schedules
    steps = schedules.ExponentialDecay(0.5, 2**24 + 1, 0.5, staircase=True)
    assert [float(steps(np.int64(2**24 + i))) for i in range(2)] == [0.25, 0.25]
    assert [our_keras.ExponentialDecay(0.5, 2**24 + 1, 0.5, staircase=True)(2**24 + i) for i in range(2)] == [0.5, 0.25]


# optax


def test_optax_writes_what_it_changes_to_a_log(caplog):
    optax = pytest.importorskip("optax")
    with caplog.at_level(logging.INFO, logger="absl"):
        schedule = optax.linear_schedule(0.1, 0.5, transition_steps=0)
    assert "this results in a constant schedule" in caplog.text
    assert schedule(99) == 0.1
    assert our_optax.linear_schedule(0.1, 0.5, transition_steps=0) == Constant(0.1)


def test_optax_joins_as_many_schedules_as_there_are_boundaries_for():
    optax = pytest.importorskip("optax")
    parts = [0.1, 0.2, 0.3]
    joined = optax.join_schedules([optax.constant_schedule(part) for part in parts], [5])
    assert float(joined(10**6)) == pytest.approx(0.2)
    with pytest.raises(ValueError, match=r"^`boundaries` must be one fewer than the 3 schedules, got \[5\]\.$"):
        our_optax.join_schedules([Constant(part) for part in parts], [5])


def test_optax_takes_no_array_where_it_interpolates():
    optax = pytest.importorskip("optax")
    arguments = {"interpolate_type": "linear", "init_value": 0.1, "boundaries_and_scales": {4: 2.0, 9: 0.5}}
    with pytest.raises(TypeError, match="incompatible shapes"):
        optax.piecewise_interpolate_schedule(**arguments)(np.arange(7))
    assert our_optax.piecewise_interpolate_schedule(**arguments)(np.arange(7))[4] == 0.2


# MXNet


def test_mxnet_answers_a_question_about_the_past_with_the_present():
    theirs = pytest.importorskip("mxnet").lr_scheduler
    scheduler = theirs.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    assert [scheduler(9), scheduler(1)] == [0.0625, 0.0625]
    schedule = our_mxnet.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    assert [schedule(8), schedule(0)] == [0.0625, 1.0]


@pytest.mark.parametrize("name", ["PolyScheduler", "CosineScheduler"])
def test_mxnet_does_not_know_its_end_if_it_was_not_asked_before(name):
    theirs = getattr(pytest.importorskip("mxnet").lr_scheduler, name)
    assert theirs(max_update=5, base_lr=1.0)(7) == 1.0
    assert getattr(our_mxnet, name)(max_update=5, base_lr=1.0)(6) == 0.0


@pytest.mark.parametrize("name", ["PolyScheduler", "CosineScheduler"])
def test_mxnet_divides_by_a_decay_of_no_length(name):
    theirs = getattr(pytest.importorskip("mxnet").lr_scheduler, name)
    with pytest.raises(ZeroDivisionError):
        theirs(max_update=5, warmup_steps=5)(5)
    with pytest.raises(ValueError, match=r"^`warmup_steps` must be other than `max_update`, which is 5, got 5\.$"):
        getattr(our_mxnet, name)(max_update=5, warmup_steps=5)


def test_an_optimizer_of_mxnet_overwrites_the_rate_of_its_scheduler():
    mxnet = pytest.importorskip("mxnet")
    scheduler = mxnet.lr_scheduler.FactorScheduler(step=10, base_lr=0.5)
    mxnet.optimizer.Adam(lr_scheduler=scheduler)
    assert scheduler(1) == 0.001
    assert our_mxnet.FactorScheduler(step=10, base_lr=0.5)(0) == 0.5
