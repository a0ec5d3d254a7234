"""The constructors of other libraries: what they refuse, and what they give without the quirks of the originals."""

import inspect
import re

import pytest

from lrsched_core import Constant, Cosine, Geometric, Linear, MultiFactor, Polynomial
from lrsched_core.compat import fvcore, keras, mxnet, optax, pytorch_warmup, timm, torch, torchvision, transformers

MODULES = [fvcore, keras, mxnet, optax, pytorch_warmup, timm, torch, torchvision, transformers]


def constructors():
    for module in MODULES:
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                yield pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}.{name}")


CONSTRUCTORS = list(constructors())


@pytest.mark.parametrize("constructor", CONSTRUCTORS)
def test_a_constructor_describes_every_argument(constructor):
    arguments = constructor.__doc__.partition("Args:")[2].partition("Returns:")[0]
    described = re.findall(r"^ +(\w+): ", arguments, re.MULTILINE)  # however far: Python 3.13 takes away what is common
    assert [name for name in inspect.signature(constructor).parameters if name not in described] == []


@pytest.mark.parametrize("constructor", CONSTRUCTORS)
def test_a_constructor_with_a_quirk_says_so_and_can_do_without(constructor):
    described = "uirk" in constructor.__doc__.partition("Args:")[0]
    assert described == ("clean" in inspect.signature(constructor).parameters)


# Without quirks


@pytest.mark.parametrize(
    ("clean", "plain"),
    [
        (torch.ConstantLR(0.1, total_iters=0, clean=True), Constant(0.1)),
        (torch.LinearLR(0.1, total_iters=0, clean=True), Constant(0.1)),
        (torch.CosineAnnealingLR(0.1, 50, 0.01, clean=True), Cosine(0.1, 0.01, steps=50)),
        (
            torch.OneCycleLR(0.5, 10, div_factor=5, final_div_factor=10, clean=True),
            Cosine(0.1, 0.5, steps=3).then(Cosine(0.5, 0.01, steps=7), at=3),
        ),
        (
            torch.OneCycleLR(0.5, 10, anneal_strategy="linear", div_factor=5, final_div_factor=10, clean=True),
            Linear(0.1, 0.5, steps=3).then(Linear(0.5, 0.01, steps=7), at=3),
        ),
        (
            torch.OneCycleMomentum(10, pct_start=0.4, three_phase=True, clean=True),
            Cosine(0.95, 0.85, steps=4).then(Cosine(0.85, 0.95, steps=4), at=4).then(Cosine(0.95, 0.95, steps=2), at=8),
        ),
        (transformers.get_cosine_schedule_with_warmup(0.1, 10, 100, clean=True), Cosine(0.1, steps=90).with_warmup(10)),
        (
            transformers.get_cosine_with_min_lr_schedule_with_warmup(0.1, 10, 100, min_lr=0.01, clean=True),
            Cosine(0.1, 0.01, steps=90).with_warmup(10),
        ),
        (
            transformers.get_cosine_with_min_lr_schedule_with_warmup_lr_rate(
                0.1, 10, 100, min_lr=0.01, warmup_lr_rate=0.5, clean=True
            ),
            Cosine(0.1, 0.01, steps=90).with_warmup(10, start=0.05),
        ),
        (
            transformers.get_wsd_schedule(0.1, 10, 20, 100, decay_type="linear", min_lr_ratio=0.5, clean=True),
            Linear(0.0, 0.1, steps=10).then(Constant(0.1), at=10).then(Linear(0.1, 0.05, steps=20), at=80),
        ),
        (
            timm.CosineLRScheduler(0.1, 100, warmup_t=10, clean=True),
            Cosine(0.1, steps=100).with_warmup(10, delay=False),
        ),
        (
            timm.PolyLRScheduler(0.1, 100, warmup_t=10, clean=True),
            Polynomial(0.1, steps=100, power=0.5).with_warmup(10, delay=False),
        ),
        (
            timm.MultiStepLRScheduler(0.1, [3, 9], 0.5, warmup_t=4, warmup_prefix=False, clean=True),
            MultiFactor(0.1, 0.5, milestones=(3, 9)).with_warmup(4, delay=False),
        ),
        (fvcore.CosineParamScheduler(0.1, 0.01, max_iter=90, clean=True), Cosine(0.1, 0.01, steps=90)),
        (fvcore.ExponentialParamScheduler(2.0, 0.5, max_iter=90, clean=True), Geometric(2.0, 1.0, steps=90)),
    ],
    ids=repr,
)
def test_without_its_quirks_a_schedule_is_the_plain_one(clean, plain):
    assert clean == plain


@pytest.mark.parametrize("num_cycles", [1, 1.5, 0.7])
def test_without_its_quirk_a_wave_holds_what_it_has_at_the_end(num_cycles):
    quirky = transformers.get_cosine_schedule_with_warmup(0.1, 10, 100, num_cycles)
    clean = transformers.get_cosine_schedule_with_warmup(0.1, 10, 100, num_cycles, clean=True)
    assert [clean(t) for t in range(101)] == [quirky(t) for t in range(101)]
    assert {clean(t) for t in range(100, 300)} == {quirky(100)}
    assert len({quirky(t) for t in range(100, 300)}) > 20


def test_without_its_quirk_the_first_update_of_timm_has_the_first_value():
    quirky, clean = timm.TanhLRScheduler(0.1, 30), timm.TanhLRScheduler(0.1, 30, clean=True)
    assert quirky(0) == 0.1
    assert clean(0) < 0.1
    assert [clean(t) for t in range(1, 99)] == [quirky(t) for t in range(1, 99)]


def test_without_its_quirk_a_polynomial_of_no_length_is_refused():
    assert torch.PolynomialLR(0.1, total_iters=0) == Constant(0.1)
    with pytest.raises(ValueError, match=r"`total_iters` must be a whole number >= 1, got 0\."):
        torch.PolynomialLR(0.1, total_iters=0, clean=True)


def test_without_its_quirk_a_decay_that_begins_before_its_time_is_refused():
    with pytest.raises(ValueError, match=r"`num_training_steps` must be long enough for 4 and 12 steps, got 10\."):
        transformers.get_wsd_schedule(0.1, 4, 12, 10, clean=True)


# By name


@pytest.mark.parametrize("clean", [False, True])
def test_a_schedule_by_name_is_that_of_the_function(clean):
    by_name = transformers.get_scheduler("cosine", 0.1, 10, 100, {"num_cycles": 2}, clean=clean)
    assert by_name == transformers.get_cosine_schedule_with_warmup(0.1, 10, 100, 2, clean=clean)


def test_a_schedule_by_name_may_have_no_end_where_its_stable_part_is_given():
    by_name = transformers.get_scheduler(
        "warmup_stable_decay", 0.1, 10, None, {"num_decay_steps": 5, "num_stable_steps": 9}
    )
    assert by_name == transformers.get_wsd_schedule(0.1, 10, 5, num_stable_steps=9)


# Refusals: an argument is named as the original names it


REFUSALS = [
    (lambda: torch.StepLR(0.1, 0), r"`step_size` must be a whole number >= 1, got 0\."),
    (lambda: torch.StepLR(0.1, 2.5), r"`step_size` must be a whole number >= 1, got 2.5\."),
    (lambda: torch.StepLR(0.1, 5, gamma=0), r"`gamma` must be > 0, got 0\."),
    (lambda: torch.MultiStepLR(0.1, [3, -1]), r"`milestones\[1\]` must be >= 0, got -1\."),
    (lambda: torch.ConstantLR(0.1, factor=1.5), r"`factor` must be between 0 and 1, got 1.5\."),
    (lambda: torch.LinearLR(0.1, start_factor=0.0), r"`start_factor` must be > 0, got 0.0\."),
    (lambda: torch.LinearLR(0.1, end_factor=1.1), r"`end_factor` must be between 0 and 1, got 1.1\."),
    (lambda: torch.LinearLR(-0.1), r"`base_lr` must be >= 0, got -0.1\."),
    (lambda: torch.ExponentialLR(0.1, -1), r"`gamma` must be > 0, got -1\."),
    (lambda: torch.PolynomialLR(0.1, total_iters=1.5), r"`total_iters` must be a whole number >= 0, got 1.5\."),
    (lambda: torch.CosineAnnealingLR(0.1, T_max=0), r"`T_max` must be > 0, got 0\."),
    (lambda: torch.CosineAnnealingLR(0.1, 5, eta_min=-1), r"`eta_min` must be >= 0, got -1\."),
    (lambda: torch.CosineAnnealingWarmRestarts(0.1, 10, 1.5), r"`T_mult` must be a whole number >= 1, got 1.5\."),
    (lambda: torch.CyclicLR(0.1, 1.0, mode="x"), r"`mode` must be one of 'triangular', .*, got 'x'\."),
    (
        lambda: torch.CyclicLR(0.1, 1.0, scale_fn=abs, scale_mode="x"),
        r"`scale_mode` must be one of 'cycle', 'iterations', got 'x'\.",
    ),
    (lambda: torch.CyclicLR(0.1, 1.0, step_size_up=0), r"`step_size_up` must be > 0, got 0\."),
    (lambda: torch.OneCycleLR(0.1), r"`total_steps` must be given, or else `epochs` and .*, got None\."),
    (lambda: torch.OneCycleLR(0.1, 10, pct_start=2), r"`pct_start` must be between 0 and 1, got 2\."),
    (lambda: torch.OneCycleLR(0.1, 10, anneal_strategy="x"), r"`anneal_strategy` must be one of 'cos', .*, got 'x'\."),
    (lambda: torch.SequentialLR([], []), r"`schedulers` must be at least one schedule, got \[\]\."),
    (
        lambda: torch.SequentialLR([Constant(1)], [3]),
        r"`milestones` must be one fewer than the 1 schedules, got \(3,\)\.",
    ),
    (lambda: torch.ChainedScheduler([], base_lr=1.0), r"`schedulers` must be at least one schedule, got \[\]\."),
    (lambda: torch.SWALR(0.1, 0.01, anneal_epochs=-1), r"`anneal_epochs` must be >= 0, got -1\."),
    (lambda: torchvision.warmup_lr_scheduler(0.1, -1, 0.1), r"`warmup_iters` must be >= 0, got -1\."),
    (lambda: transformers.get_scheduler("greedy", 0.1), r"`name` must be one of 'linear', .*, got 'greedy'\."),
    (
        lambda: transformers.get_scheduler("linear", 0.1, 5),
        r"`num_training_steps` must be given for 'linear', got None\.",
    ),
    (
        lambda: transformers.get_cosine_with_min_lr_schedule_with_warmup(0.1, 1, 9),
        r"`min_lr` must be given, or else `min_lr_rate`, and not both, got None\.",
    ),
    (
        lambda: transformers.get_polynomial_decay_schedule_with_warmup(0.1, 1, 9, lr_end=0.1),
        r"`lr_end` must be below `base_lr`, 0.1, got 0.1\.",
    ),
    (
        lambda: transformers.get_wsd_schedule(0.1, 1, 9),
        r"`num_training_steps` must be given where `num_stable_steps` is None, got None\.",
    ),
    (
        lambda: transformers.get_wsd_schedule(0.1, 1, 9, 99, decay_type="x"),
        r"`decay_type` must be one of 'linear', 'cosine', '1-sqrt', got 'x'\.",
    ),
    (lambda: timm.CosineLRScheduler(0.1, 0), r"`t_initial` must be > 0, got 0\."),
    (lambda: timm.CosineLRScheduler(0.1, 9, cycle_limit=0.5), r"`cycle_limit` must be a whole number >= 0, got 0.5\."),
    (lambda: timm.TanhLRScheduler(0.1, 9, lb=3), r"`lb` must be below `ub`, 3.0, got 3\."),
    (lambda: timm.MultiStepLRScheduler(0.1, [9, 3]), r"`decay_t` must be in ascending order, got \[9, 3\]\."),
    (lambda: timm.WSDLRScheduler(0.1, 9, 10), r"`decay_t` must be at most `t_initial`, 9, got 10\."),
    (lambda: timm.WSDLRScheduler(0.1, 9, 3, stable_fn="rsqrt"), r"`stable_timescale` must be > 0, got 0\."),
    (lambda: timm.WSDLRScheduler(0.1, 9, 3, decay_ratio=1), r"`decay_ratio` must be < 1, got 1\."),
    (lambda: pytorch_warmup.LinearWarmup(0.1, 0), r"`warmup_period` must be a whole number >= 1, got 0\."),
    (lambda: pytorch_warmup.LinearWarmup(-0.1, 5), r"`schedule` must be >= 0, got -0.1\."),
    (lambda: pytorch_warmup.RAdamWarmup(0.1, beta2=0.5), r"`beta2` must be > 0.6, got 0.5\."),
    (lambda: pytorch_warmup.UntunedLinearWarmup(0.1, beta2=1), r"`beta2` must be >= 0 and < 1, got 1\."),
    (lambda: fvcore.LinearParamScheduler(0.1, 0.2, max_iter=0), r"`max_iter` must be > 0, got 0\."),
    (
        lambda: fvcore.MultiStepParamScheduler([1, 2], max_iter=9),
        r"`num_updates` must be given where `milestones` is None, got None\.",
    ),
    (
        lambda: fvcore.MultiStepParamScheduler([1, 2, 3], milestones=[5, 3, 9], max_iter=9),
        r"`milestones` must be in ascending order, without repeats and < 9, got \[5, 3\]\.",
    ),
    (
        lambda: fvcore.CompositeParamScheduler([Constant(1)], [0.5], ["fixed"], max_iter=9),
        r"`sum of lengths` must be 1, got 0.5\.",
    ),
]


@pytest.mark.parametrize(("build", "message"), REFUSALS, ids=[message for _, message in REFUSALS])
def test_a_refusal_names_the_argument_of_the_original(build, message):
    with pytest.raises((TypeError, ValueError), match=message):
        build()
