"""What originals do and no schedule here does: each fault is pinned, beside what stands for it."""

import cmath
import importlib

import pytest

from lrsched_core.compat import fvcore as our_fvcore
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
