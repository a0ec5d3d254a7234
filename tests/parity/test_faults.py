"""What originals do and no schedule here does: each fault is pinned, beside what stands for it."""

import cmath
import importlib
import logging

import numpy as np
import pytest

from lrsched_core import Constant, Cosine
from lrsched_core.compat import fvcore as our_fvcore
from lrsched_core.compat import keras as our_keras
from lrsched_core.compat import mxnet as our_mxnet
from lrsched_core.compat import optax as our_optax
from lrsched_core.compat import timm as our_timm
from lrsched_core.compat import torch as our_torch
from lrsched_core.compat import transformers as our_transformers


def library(name):
    """The module of cases of a library, if that is installed."""
    pytest.importorskip("torch")
    try:
        return importlib.import_module(f"parity.{name}")
    except ModuleNotFoundError as error:
        pytest.skip(f"without {error.name}")


def values(schedule, count):
    return [schedule(t) for t in range(count)]


# torch


def test_torch_looks_for_a_restart_by_a_logarithm_of_floats_and_misses_it():
    torch = library("torch")
    restarts = torch.theirs.CosineAnnealingWarmRestarts(torch.optimizer(0.1), T_0=10, T_mult=3)
    restarts.step(1210)
    assert restarts.get_last_lr() == [0.0]
    assert our_torch.CosineAnnealingWarmRestarts(0.1, T_0=10, T_mult=3)(1210) == 0.1


def test_torch_divides_by_a_factor_of_0():
    torch = library("torch")
    with pytest.raises(ZeroDivisionError):
        torch.rates(torch.theirs.ConstantLR)(3, 0.1, factor=0.0, total_iters=2)
    assert values(our_torch.ConstantLR(0.1, factor=0.0, total_iters=2), 3) == [0.0, 0.0, 0.1]


def test_torch_never_passes_a_milestone_between_updates():
    torch = library("torch")
    assert torch.rates(torch.theirs.MultiStepLR)(5, 0.1, milestones=[2.5]) == [0.1] * 5
    with pytest.raises(ValueError, match=r"`milestones\[0\]` must be a whole number >= 0, got 2.5\."):
        our_torch.MultiStepLR(0.1, [2.5])


def test_the_one_cycle_of_torch_goes_on_for_an_update_and_then_raises():
    torch = library("torch")
    run = torch.own_rates(torch.theirs.OneCycleLR)
    arguments = {"max_lr": 1.0, "total_steps": 10, "anneal_strategy": "linear"}
    *_, last, after = run(11, **arguments)
    assert last == pytest.approx(4e-6)
    assert after == pytest.approx(-0.1428526)
    *_, after = run(11, **{**arguments, "anneal_strategy": "cos"})
    assert after == pytest.approx(0.0495194)
    with pytest.raises(ValueError, match="Tried to step 11 times"):
        run(12, **arguments)
    assert our_torch.OneCycleLR(**arguments)(11) == 1.0 / 25 / 1e4


def test_the_one_cycle_of_torch_divides_by_a_rise_of_no_length():
    torch = library("torch")
    with pytest.raises(ZeroDivisionError):
        torch.own_rates(torch.theirs.OneCycleLR)(1, max_lr=0.1, total_steps=10, pct_start=0.1)
    with pytest.raises(ValueError, match=r"`pct_start` must be other than 1 / 10, .*, got 0.1\."):
        our_torch.OneCycleLR(0.1, total_steps=10, pct_start=0.1)


def test_torch_leaves_out_an_update_of_a_sequence_that_begins_a_sequence():
    torch = library("torch")
    inner = [("LinearLR", {"start_factor": 0.25, "total_iters": 3}), ("ExponentialLR", {"gamma": 0.5})]

    def nested(sgd, schedulers):
        first = torch.theirs.SequentialLR(sgd, schedulers, [3])
        return torch.theirs.SequentialLR(sgd, [first, torch.theirs.ConstantLR(sgd, 0.1, 100)], [6])

    with pytest.warns(UserWarning, match="lr_scheduler.step"):  # the mark of it
        run = torch.composed(nested)(7, 1.0, inner)
    schedule = our_torch.SequentialLR(torch.children(1.0, inner), [3])
    assert run == pytest.approx([0.25, 0.5, 1.0, 0.5, 0.25, 0.125, 0.1])
    assert values(schedule.then(our_torch.ConstantLR(1.0, 0.1, 100), at=6), 7) == pytest.approx(
        [0.25, 0.5, 0.75, 1.0, 0.5, 0.25, 0.1]
    )


def test_torch_fails_at_a_sequence_later_in_a_sequence():
    torch = library("torch")

    def nested(sgd, schedulers):
        later = torch.theirs.SequentialLR(sgd, schedulers, [3])
        return torch.theirs.SequentialLR(sgd, [torch.theirs.ConstantLR(sgd, 0.1, 100), later], [2])

    with pytest.raises(NotImplementedError):
        torch.composed(nested)(3, 1.0, [torch.LINEAR, torch.EXPONENTIAL])


def test_in_a_sequence_torch_multiplies_on_from_the_rate_before():
    torch = library("torch")
    schedulers = [("ConstantLR", {"factor": 0.5, "total_iters": 9}), ("MultiplicativeLR", {"lr_lambda": lambda _: 0.9})]
    run = torch.composed(torch.theirs.SequentialLR)(4, 1.0, schedulers, milestones=[2])
    assert run == pytest.approx([0.5, 0.5, 0.45, 0.405])
    parts = [our_torch.ConstantLR(1.0, 0.5, 9), our_torch.MultiplicativeLR(1.0, lambda _: 0.9, steps=9)]
    assert values(our_torch.SequentialLR(parts, [2]), 4) == pytest.approx([0.5, 0.5, 1.0, 0.9])


def test_in_a_chain_of_torch_a_rate_of_its_own_wipes_out_a_factor():
    torch = library("torch")
    schedulers = [torch.RESTARTS, ("MultiStepLR", {"milestones": [2]})]
    run = torch.composed(lambda _, chained: torch.theirs.ChainedScheduler(chained))(4, 1.0, schedulers)
    alone = our_torch.CosineAnnealingWarmRestarts(1.0, 7)
    assert run == pytest.approx([1.0, alone(1), 0.1 * alone(2), alone(3)])
    chained = our_torch.ChainedScheduler(torch.children(1.0, schedulers), base_lr=1.0)
    assert values(chained, 4) == pytest.approx([1.0, alone(1), 0.1 * alone(2), 0.1 * alone(3)])


# timm


def test_timm_looks_for_a_restart_by_a_logarithm_of_floats_and_misses_it():
    timm = library("timm")
    restarts = timm.theirs.CosineLRScheduler(timm.optimizer(0.1), 10, cycle_mul=3.0, cycle_limit=9)
    assert restarts._get_lr(1210) == [0.0]
    assert our_timm.CosineLRScheduler(0.1, 10, cycle_mul=3.0, cycle_limit=9)(1210) == 0.1


def test_timm_raises_where_all_of_its_shrinking_cycles_are_over():
    timm = library("timm")
    restarts = timm.theirs.CosineLRScheduler(timm.optimizer(0.1), 10, lr_min=0.01, cycle_mul=0.5, cycle_limit=3)
    with pytest.raises(ValueError, match=r"math domain error|expected a positive input"):
        restarts._get_lr(20)
    assert our_timm.CosineLRScheduler(0.1, 10, lr_min=0.01, cycle_mul=0.5, cycle_limit=3)(20) == 0.01


# transformers


def test_transformers_is_an_update_late_with_a_restart():
    transformers = library("transformers")
    run = transformers.rates(transformers.theirs.get_cosine_with_hard_restarts_schedule_with_warmup)
    arguments = {"num_warmup_steps": 0, "num_training_steps": 49, "num_cycles": 49}
    assert run(2, 0.1, **arguments) == pytest.approx([0.1, 0.0])
    schedule = our_transformers.get_cosine_with_hard_restarts_schedule_with_warmup(0.1, **arguments)
    assert values(schedule, 49) == [0.1] * 49


def test_transformers_divides_by_a_decay_of_no_length():
    transformers = library("transformers")
    arguments = {"num_warmup_steps": 2, "num_training_steps": 2, "lr_end": 0.01}
    with pytest.raises(ZeroDivisionError):
        transformers.rates(transformers.theirs.get_polynomial_decay_schedule_with_warmup)(3, 0.1, **arguments)
    schedule = our_transformers.get_polynomial_decay_schedule_with_warmup(0.1, **arguments)
    assert values(schedule, 4) == [0.0, 0.05, 0.01, 0.01]


# fvcore


def test_fvcore_goes_below_0_after_its_end():
    fvcore = library("fvcore")
    arguments = {"start_value": 0.1, "end_value": 0.01}
    assert fvcore.theirs.LinearParamScheduler(**arguments)(1.5) == pytest.approx(-0.035)
    assert our_fvcore.LinearParamScheduler(**arguments, max_iter=100)(150) == 0.01


def test_fvcore_is_complex_after_its_end():
    fvcore = library("fvcore")
    value = fvcore.theirs.PolynomialDecayParamScheduler(0.1, 0.9)(1.5)
    assert cmath.phase(value) == pytest.approx(0.9 * cmath.pi)
    assert our_fvcore.PolynomialDecayParamScheduler(0.1, 0.9, max_iter=100)(150) == 0.0


def test_fvcore_raises_at_its_end():
    fvcore = library("fvcore")
    with pytest.raises(RuntimeError, match="where in ParamScheduler must be in"):
        fvcore.theirs.ConstantParamScheduler(0.1)(1.0)
    with pytest.raises(IndexError):
        fvcore.theirs.StepParamScheduler(100, [0.1, 0.01])(1.0)
    assert our_fvcore.StepParamScheduler(100, [0.1, 0.01], max_iter=100)(100) == 0.01


def test_fvcore_changes_a_millionth_of_the_training_early():
    fvcore = library("fvcore")
    arguments = {"values": [0.1, 0.01], "milestones": [3, 6]}
    steps = fvcore.theirs.MultiStepParamScheduler(**arguments)
    assert steps(4_999_995 / 1e7) == 0.01
    schedule = our_fvcore.MultiStepParamScheduler(**arguments, max_iter=1e7)
    assert schedule(4_999_999) == 0.1
    assert schedule(5_000_000) == 0.01


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
