"""The constructors of other libraries: what they refuse, and what they give without the quirks of the originals."""

import inspect
import re

import pytest

import lrsched_core
from lrsched_core import Constant
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


NAMES = {name: getattr(lrsched_core, name) for name in lrsched_core.__all__}
NAMES |= {module.__name__.rpartition(".")[2]: module for module in MODULES}


def assert_equal(row):
    given, _, plain = row.partition(" == ")
    assert eval(given, NAMES) == eval(plain, NAMES)


# Without quirks

PLAIN = [
    "torch.ConstantLR(0.1, total_iters=0, clean=True) == Constant(0.1)",
    "torch.LinearLR(0.1, total_iters=0, clean=True) == Constant(0.1)",
    "torch.CosineAnnealingLR(0.1, 50, 0.01, clean=True) == Cosine(0.1, 0.01, steps=50)",
    "torch.OneCycleLR(0.5, 10, div_factor=5, final_div_factor=10, clean=True)"
    " == Cosine(0.1, 0.5, steps=3).then(Cosine(0.5, 0.01, steps=7), at=3)",
    'torch.OneCycleLR(0.5, 10, anneal_strategy="linear", div_factor=5, final_div_factor=10, clean=True)'
    " == Linear(0.1, 0.5, steps=3).then(Linear(0.5, 0.01, steps=7), at=3)",
    "torch.OneCycleMomentum(10, pct_start=0.4, three_phase=True, clean=True)"
    " == Cosine(0.95, 0.85, steps=4).then(Cosine(0.85, 0.95, steps=4), at=4).then(Cosine(0.95, 0.95, steps=2), at=8)",
    "transformers.get_cosine_schedule_with_warmup(0.1, 10, 100, clean=True) == Cosine(0.1, steps=90).with_warmup(10)",
    "transformers.get_cosine_with_min_lr_schedule_with_warmup(0.1, 10, 100, min_lr=0.01, clean=True)"
    " == Cosine(0.1, 0.01, steps=90).with_warmup(10)",
    "transformers.get_cosine_with_min_lr_schedule_with_warmup_lr_rate"
    "(0.1, 10, 100, min_lr=0.01, warmup_lr_rate=0.5, clean=True)"
    " == Cosine(0.1, 0.01, steps=90).with_warmup(10, start=0.05)",
    'transformers.get_wsd_schedule(0.1, 10, 20, 100, decay_type="linear", min_lr_ratio=0.5, clean=True)'
    " == Linear(0.0, 0.1, steps=10).then(Constant(0.1), at=10).then(Linear(0.1, 0.05, steps=20), at=80)",
    "timm.CosineLRScheduler(0.1, 100, warmup_t=10, clean=True) == Cosine(0.1, steps=100).with_warmup(10, delay=False)",
    "timm.PolyLRScheduler(0.1, 100, warmup_t=10, clean=True)"
    " == Polynomial(0.1, steps=100, power=0.5).with_warmup(10, delay=False)",
    "timm.MultiStepLRScheduler(0.1, [3, 9], 0.5, warmup_t=4, warmup_prefix=False, clean=True)"
    " == MultiFactor(0.1, 0.5, milestones=(3, 9)).with_warmup(4, delay=False)",
    "fvcore.CosineParamScheduler(0.1, 0.01, max_iter=90, clean=True) == Cosine(0.1, 0.01, steps=90)",
    "fvcore.ExponentialParamScheduler(2.0, 0.5, max_iter=90, clean=True) == Geometric(2.0, 1.0, steps=90)",
    "keras.PiecewiseConstantDecay([3, 7.5], [0.5, 0.1, 0.2], clean=True)"
    " == PiecewiseConstant((0.5, 0.1, 0.2), milestones=(3, 7.5))",
    "optax.polynomial_schedule(0.3, 0.1, 2, 20, 5, clean=True) == Polynomial(0.3, 0.1, steps=20, power=2.0).delay(5)",
    "optax.linear_schedule(0.3, 0.1, 20, clean=True) == Linear(0.3, 0.1, steps=20)",
    "optax.exponential_decay(0.3, 20, 0.5, 5, clean=True) == Exponential(0.3, 0.5, every=20).delay(5)",
    "optax.linear_onecycle_schedule(9, 0.4, 0.5, 0.75, 4.0, 10.0, clean=True)"
    " == Interpolated((0.1, 0.4, 0.1, 0.01), milestones=(0, 4.5, 6.75, 9))",
    "optax.cosine_onecycle_schedule(9, 0.4, 0.5, 4.0, 10.0, clean=True)"
    ' == Interpolated((0.1, 0.4, 0.01), milestones=(0, 4.5, 9), shape="cosine")',
    "optax.warmup_constant_schedule(0.1, 0.4, 0, clean=True) == Constant(0.4)",
    "optax.warmup_cosine_decay_schedule(0.1, 0.0, 5, 20, 0.3, clean=True)"
    " == Cosine(0.0, 0.3, steps=15).with_warmup(5, start=0.1)",
    "optax.warmup_exponential_decay_schedule(0.0, 0.4, 5, 10, 0.5, staircase=True, end_value=0.5, clean=True)"
    " == Factor(0.4, 0.5, every=10, stop_factor_lr=0.5).with_warmup(5)",
    "optax.sgdr_schedule([dict(init_value=0.0, peak_value=0.0, warmup_steps=0, decay_steps=9, end_value=0.3)],"
    " clean=True) == Cosine(0.0, 0.3, steps=9)",
    'mxnet.FactorScheduler(5, 0.5, 1e-3, 0.4, 7, 0.1, "constant", clean=True)'
    ' == Factor(0.4, 0.5, every=5, stop_factor_lr=1e-3).with_warmup(7, start=0.1, shape="constant")',
    "mxnet.FactorScheduler(5, 0.5, 0.4, 0.1, clean=True) == Factor(0.1, 0.5, every=5, stop_factor_lr=0.4)",
    "mxnet.MultiFactorScheduler([3, 9], 0.5, 0.4, 7, clean=True)"
    " == MultiFactor(0.4, 0.5, milestones=(3, 9)).with_warmup(7, delay=False)",
    "mxnet.PolyScheduler(20, 0.3, 2, 0.01, 5, clean=True) == Polynomial(0.3, 0.01, steps=15, power=2.0).with_warmup(5)",
    "mxnet.CosineScheduler(20, 0.3, 0.01, 5, clean=True) == Cosine(0.3, 0.01, steps=15).with_warmup(5)",
]


@pytest.mark.parametrize("row", PLAIN)
def test_without_its_quirks_a_schedule_is_the_plain_one(row):
    assert_equal(row)


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


def test_without_its_quirk_a_cycle_of_keras_begins_where_the_one_before_it_ends():
    quirky = keras.PolynomialDecay(0.5, 10, 0.1, cycle=True)
    clean = keras.PolynomialDecay(0.5, 10, 0.1, cycle=True, clean=True)
    differing = [t for t in range(100) if quirky(t) != pytest.approx(clean(t), rel=1e-12)]
    assert differing == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert [quirky(t) for t in differing] == [0.1] * 9
    assert [clean(t) for t in (10, 20, 40)] == pytest.approx([0.1 + 0.4 / 2, 0.1 + 0.4 / 3, 0.1 + 0.4 / 5])
    assert keras.PolynomialDecay(0.5, 2.5, 0.1, cycle=True, clean=True)(2.5) == pytest.approx(0.3)


def test_the_schedules_of_mxnet_are_an_update_late_with_their_warmup_without_their_quirk():
    quirky, clean = (
        mxnet.CosineScheduler(20, 0.3, warmup_steps=5),
        mxnet.CosineScheduler(20, 0.3, warmup_steps=5, clean=True),
    )
    assert [quirky(t) for t in range(40)] == [clean(t) for t in range(1, 41)]
    assert clean(0) == 0.0
    assert quirky(4) == clean(5) == 0.3
    assert quirky(19) == clean(20) == 0.0


def test_a_clean_one_cycle_has_its_peak_at_either_end_of_its_time():
    early, late = (optax.cosine_onecycle_schedule(9, 0.4, pct, 4.0, 10.0, clean=True) for pct in (0.0, 1.0))
    assert [early(0), early(9), early(99)] == [0.4, 0.01, 0.01]
    assert [late(0), late(8.999999), late(9)] == [0.1, pytest.approx(0.4), 0.01]


def test_a_growth_that_ends_never_leaves_the_float_range():
    assert optax.exponential_decay(0.1, 1, 2.0, end_value=5.0)(10**9) == 5.0
    with pytest.raises(OverflowError, match="t"):
        optax.exponential_decay(0.1, 1, 2.0)(10**9)


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


# What a schedule is made of

MADE = [
    "keras.ExponentialDecay(0.5, 7, 0.9) == Exponential(0.5, 0.9, every=7)",
    "keras.CosineDecay(0.5, 7, warmup_steps=3) == Cosine(0.5, steps=7)",
    "keras.CosineDecay(0.5, 7, warmup_target=0.1, warmup_steps=3) == Cosine(0.1, steps=7).with_warmup(3, start=0.5)",
    "keras.CosineDecayRestarts(0.5, 7, 1.5, 0.5) == Cosine(0.5, steps=7).repeat(7, growth=1.5, decay=0.5)",
    "keras.CosineDecayRestarts(0.5, 7, 1.5, 0.5, 0.5) == Cosine(0.25, steps=7).repeat(7, growth=1.5, decay=0.5) + 0.25",
    "keras.InverseTimeDecay(0.5, 7, 0.0) == Constant(0.5)",
    "optax.exponential_decay(0.1, 10, 10.0, end_value=10.0) == Geometric(0.1, 10.0, steps=20.0)",
    "optax.exponential_decay(0.1, 10, 10.0, 5, True, 10.0) == Geometric(0.1, 10.0, steps=20.0).staircase(10).delay(5)",
    "optax.exponential_decay(0.1, 0, 0.5, end_value=0.2) == Constant(0.1)",
    "mxnet.FactorScheduler(5, 0.5, 0.4, 0.1) == Constant(0.1).then(Constant(0.4), at=5)",
    "mxnet.PolyScheduler(5, 0.4, warmup_steps=9) == Constant(0.4).with_warmup(9).advance(1)",
]


@pytest.mark.parametrize("row", MADE)
def test_a_schedule_is_made_of_plain_ones(row):
    assert_equal(row)


# Refusals: an argument is named as the original names it; ... is anything

REFUSED = {
    torch: {
        "StepLR(0.1, 0)": "`step_size` must be a whole number >= 1, got 0.",
        "StepLR(0.1, 2.5)": "`step_size` must be a whole number >= 1, got 2.5.",
        "StepLR(0.1, 5, gamma=0)": "`gamma` must be > 0, got 0.",
        "MultiStepLR(0.1, [3, -1])": "`milestones[1]` must be >= 0, got -1.",
        "ConstantLR(0.1, factor=1.5)": "`factor` must be between 0 and 1, got 1.5.",
        "LinearLR(0.1, start_factor=0.0)": "`start_factor` must be > 0, got 0.0.",
        "LinearLR(0.1, end_factor=1.1)": "`end_factor` must be between 0 and 1, got 1.1.",
        "LinearLR(-0.1)": "`base_lr` must be >= 0, got -0.1.",
        "ExponentialLR(0.1, -1)": "`gamma` must be > 0, got -1.",
        "PolynomialLR(0.1, total_iters=1.5)": "`total_iters` must be a whole number >= 0, got 1.5.",
        "CosineAnnealingLR(0.1, T_max=0)": "`T_max` must be > 0, got 0.",
        "CosineAnnealingLR(0.1, 5, eta_min=-1)": "`eta_min` must be >= 0, got -1.",
        "CosineAnnealingWarmRestarts(0.1, 10, 1.5)": "`T_mult` must be a whole number >= 1, got 1.5.",
        'CyclicLR(0.1, 1.0, mode="x")': "`mode` must be one of 'triangular', 'triangular2', 'exp_range', got 'x'.",
        'CyclicLR(0.1, 1.0, scale_fn=abs, scale_mode="x")': "`scale_mode` must be one of 'cycle', 'iterations',"
        " got 'x'.",
        "CyclicLR(0.1, 1.0, step_size_up=0)": "`step_size_up` must be > 0, got 0.",
        "OneCycleLR(0.1)": "`total_steps` must be given, or else `epochs` and `steps_per_epoch`, got None.",
        "OneCycleLR(0.1, 10, pct_start=2)": "`pct_start` must be between 0 and 1, got 2.",
        'OneCycleLR(0.1, 10, anneal_strategy="x")': "`anneal_strategy` must be one of 'cos', 'linear', got 'x'.",
        "SequentialLR([], [])": "`schedulers` must be at least one schedule, got [].",
        "SequentialLR([Constant(1)], [3])": "`milestones` must be one fewer than the 1 schedules, got (3,).",
        "ChainedScheduler([], base_lr=1.0)": "`schedulers` must be at least one schedule, got [].",
        "SWALR(0.1, 0.01, anneal_epochs=-1)": "`anneal_epochs` must be >= 0, got -1.",
    },
    torchvision: {
        "warmup_lr_scheduler(0.1, -1, 0.1)": "`warmup_iters` must be >= 0, got -1.",
    },
    transformers: {
        'get_scheduler("greedy", 0.1)': "`name` must be one of 'linear', ..., got 'greedy'.",
        'get_scheduler("linear", 0.1, 5)': "`num_training_steps` must be given for 'linear', got None.",
        "get_cosine_with_min_lr_schedule_with_warmup(0.1, 1, 9)": "`min_lr` must be given, or else `min_lr_rate`, and"
        " not both, got None.",
        "get_polynomial_decay_schedule_with_warmup(0.1, 1, 9, lr_end=0.1)": "`lr_end` must be below `base_lr`, 0.1,"
        " got 0.1.",
        "get_wsd_schedule(0.1, 1, 9)": "`num_training_steps` must be given where `num_stable_steps` is None, got None.",
        'get_wsd_schedule(0.1, 1, 9, 99, decay_type="x")': "`decay_type` must be one of 'linear', 'cosine', '1-sqrt',"
        " got 'x'.",
    },
    timm: {
        "CosineLRScheduler(0.1, 0)": "`t_initial` must be > 0, got 0.",
        "CosineLRScheduler(0.1, 9, cycle_limit=0.5)": "`cycle_limit` must be a whole number >= 0, got 0.5.",
        "TanhLRScheduler(0.1, 9, lb=3)": "`lb` must be below `ub`, 3.0, got 3.",
        "MultiStepLRScheduler(0.1, [9, 3])": "`decay_t` must be in ascending order, got [9, 3].",
        "WSDLRScheduler(0.1, 9, 10)": "`decay_t` must be at most `t_initial`, 9, got 10.",
        'WSDLRScheduler(0.1, 9, 3, stable_fn="rsqrt")': "`stable_timescale` must be > 0, got 0.",
        "WSDLRScheduler(0.1, 9, 3, decay_ratio=1)": "`decay_ratio` must be < 1, got 1.",
    },
    pytorch_warmup: {
        "LinearWarmup(0.1, 0)": "`warmup_period` must be a whole number >= 1, got 0.",
        "LinearWarmup(-0.1, 5)": "`schedule` must be >= 0, got -0.1.",
        "RAdamWarmup(0.1, beta2=0.5)": "`beta2` must be > 0.6, got 0.5.",
        "UntunedLinearWarmup(0.1, beta2=1)": "`beta2` must be >= 0 and < 1, got 1.",
    },
    fvcore: {
        "LinearParamScheduler(0.1, 0.2, max_iter=0)": "`max_iter` must be > 0, got 0.",
        "MultiStepParamScheduler([1, 2], max_iter=9)": "`num_updates` must be given where `milestones` is None,"
        " got None.",
        "MultiStepParamScheduler([1, 2, 3], milestones=[5, 3, 9], max_iter=9)": "`milestones` must be in ascending"
        " order, without repeats and < 9, got [5, 3].",
        'CompositeParamScheduler([Constant(1)], [0.5], ["fixed"], max_iter=9)': "`sum of lengths` must be 1, got 0.5.",
    },
    keras: {
        "ExponentialDecay(-0.1, 5, 0.5)": "`initial_learning_rate` must be >= 0, got -0.1.",
        "ExponentialDecay(0.1, 0, 0.5)": "`decay_steps` must be > 0, got 0.",
        "ExponentialDecay(0.1, 5, 0)": "`decay_rate` must be > 0, got 0.",
        "PiecewiseConstantDecay([], [0.1])": "`boundaries` must be at least one time, got [].",
        "PiecewiseConstantDecay([5], [0.1])": "`values` must be one more than the 1 boundaries, got [0.1].",
        "PiecewiseConstantDecay([5], [0.1, -1])": "`values[1]` must be >= 0, got -1.",
        "PiecewiseConstantDecay([-5], [0.1, 1])": "`boundaries[0]` must be >= 0, got -5.",
        "PiecewiseConstantDecay([5, 3], [0.1, 1, 2])": "`boundaries` must be in ascending order, got (5, 3).",
        "PolynomialDecay(0.1, 5, -1)": "`end_learning_rate` must be >= 0, got -1.",
        "PolynomialDecay(0.1, 5, power=0)": "`power` must be > 0, got 0.",
        "PolynomialDecay(0.1, 2.5, cycle=True)": "`decay_steps` must be a whole number >= 1, got 2.5.",
        "InverseTimeDecay(0.1, 5, -0.5)": "`decay_rate` must be >= 0, got -0.5.",
        "CosineDecay(0.1, 5, -0.5)": "`alpha` must be >= 0, got -0.5.",
        "CosineDecay(0.1, 5, warmup_target=-1)": "`warmup_target` must be >= 0, got -1.",
        "CosineDecay(0.1, 5, warmup_target=1, warmup_steps=-1)": "`warmup_steps` must be >= 0, got -1.",
        "CosineDecayRestarts(0.1, 0)": "`first_decay_steps` must be > 0, got 0.",
        "CosineDecayRestarts(0.1, 5, 0.5)": "`t_mul` must be 1, or >= 1.01, got 0.5.",
        "CosineDecayRestarts(0.1, 5, m_mul=0)": "`m_mul` must be > 0, got 0.",
        "CosineDecayRestarts(0.1, 5, alpha=1.5)": "`alpha` must be between 0 and 1, got 1.5.",
    },
    optax: {
        "constant_schedule(-1)": "`value` must be >= 0, got -1.",
        "polynomial_schedule(-1, 0, 1, 5)": "`init_value` must be >= 0, got -1.",
        "polynomial_schedule(1, 0, 0, 5)": "`power` must be > 0, got 0.",
        "polynomial_schedule(1, 0, 1, 0, clean=True)": "`transition_steps` must be > 0, got 0.",
        "polynomial_schedule(1, 0, 1, 5, -1, clean=True)": "`transition_begin` must be >= 0, got -1.",
        'polynomial_schedule(1, 0, 1, "5")': "`transition_steps` must be a real number, got '5'.",
        "linear_schedule(0, -1, 5)": "`end_value` must be >= 0, got -1.",
        "linear_schedule(0, 1, -5, clean=True)": "`transition_steps` must be > 0, got -5.",
        "piecewise_constant_schedule(1, {5: -0.5})": "`boundaries_and_scales[5]` must be >= 0, got -0.5.",
        "piecewise_constant_schedule(1, {-5: 0.5})": "`boundaries_and_scales[0]` must be >= 0, got -5.",
        "exponential_decay(1, 5, -0.5)": "`decay_rate` must be >= 0, got -0.5.",
        "exponential_decay(1, 5, 0, clean=True)": "`decay_rate` must be > 0, got 0.",
        "exponential_decay(1, 5, 0.5, end_value=-1)": "`end_value` must be >= 0, got -1.",
        "cosine_decay_schedule(1, 0)": "`decay_steps` must be > 0, got 0.",
        "cosine_decay_schedule(1, 5, -1)": "`alpha` must be >= 0, got -1.",
        "cosine_decay_schedule(1, 5, exponent=0)": "`exponent` must be > 0, got 0.",
        'piecewise_interpolate_schedule("x", 1)': "`interpolate_type` must be one of 'linear', 'cosine', got 'x'.",
        'piecewise_interpolate_schedule("linear", 1, {2.5: 2})': "`boundaries_and_scales` must be a whole number >= 0,"
        " got 2.5.",
        "linear_onecycle_schedule(0, 1)": "`transition_steps` must be a whole number >= 1, got 0.",
        "linear_onecycle_schedule(9, -1)": "`peak_value` must be >= 0, got -1.",
        "linear_onecycle_schedule(9, 1, 2.0)": "`pct_start` must be between 0 and 1, got 2.0.",
        "linear_onecycle_schedule(9, 1, pct_final=2.0)": "`pct_final` must be between 0 and 1, got 2.0.",
        "linear_onecycle_schedule(9, 1, 0.5, 0.4, clean=True)": "`pct_final` must be >= `pct_start`, which is 0.5,"
        " got 0.4.",
        "cosine_onecycle_schedule(9, 1, div_factor=0)": "`div_factor` must be > 0, got 0.",
        "cosine_onecycle_schedule(9, 1, final_div_factor=0)": "`final_div_factor` must be > 0, got 0.",
        "warmup_constant_schedule(0, 1, -1, clean=True)": "`warmup_steps` must be >= 0, got -1.",
        "warmup_cosine_decay_schedule(0, 1, 5, 5)": "`decay_steps` must be > `warmup_steps`, which is 5, got 5.",
        "warmup_exponential_decay_schedule(0, 1, -1, 5, 0.5)": "`warmup_steps` must be >= 0, got -1.",
        "sgdr_schedule([])": "`cosine_kwargs` must be the arguments of at least one cycle, got [].",
        "join_schedules([], [])": "`boundaries` must be one fewer than the 0 schedules, got [].",
        "join_schedules([3], [])": "`schedules[0]` must be a schedule, got 3.",
        "join_schedules([Constant(1)] * 3, [5, 3])": "`boundaries` must be in ascending order, got (5, 3).",
    },
    mxnet: {
        "FactorScheduler(0)": "`step` must be a whole number >= 1, got 0.",
        "FactorScheduler(2.5)": "`step` must be a whole number >= 1, got 2.5.",
        "FactorScheduler(5, 1.5)": "`factor` must be > 0 and <= 1, got 1.5.",
        "FactorScheduler(5, 0)": "`factor` must be > 0 and <= 1, got 0.",
        "FactorScheduler(5, stop_factor_lr=-1)": "`stop_factor_lr` must be >= 0, got -1.",
        "FactorScheduler(5, base_lr=-1)": "`base_lr` must be >= 0, got -1.",
        "FactorScheduler(5, warmup_steps=2.5)": "`warmup_steps` must be a whole number >= 0, got 2.5.",
        "FactorScheduler(5, warmup_begin_lr=0.1)": "`warmup_begin_lr` must be <= `base_lr`, which is 0.01, got 0.1.",
        'FactorScheduler(5, warmup_mode="cosine")': "`warmup_mode` must be one of 'linear', 'constant', got 'cosine'.",
        "MultiFactorScheduler([])": "`step` must be at least one time, in ascending ..., got [].",
        "MultiFactorScheduler([5, 5])": "`step` must be ... and without repeats, got [5, 5].",
        "MultiFactorScheduler([0])": "`step[0]` must be a whole number >= 1, got 0.",
        "PolyScheduler(0)": "`max_update` must be a whole number >= 1, got 0.",
        "PolyScheduler(5, pwr=0)": "`pwr` must be > 0, got 0.",
        "CosineScheduler(5, warmup_steps=5)": "`warmup_steps` must be other than `max_update`, which is 5, got 5.",
        "CosineScheduler(5, warmup_steps=6, clean=True)": "`warmup_steps` must be < `max_update`, which is 5, got 6.",
        "CosineScheduler(5, final_lr=-1)": "`final_lr` must be >= 0, got -1.",
    },
}


@pytest.mark.parametrize(
    ("module", "call", "message"),
    [(module, call, message) for module, refused in REFUSED.items() for call, message in refused.items()],
    ids=[call for refused in REFUSED.values() for call in refused],
)
def test_a_refusal_names_the_argument_of_the_original(module, call, message):
    pattern = re.escape(message).replace(re.escape("..."), ".*")
    with pytest.raises((TypeError, ValueError), match=f"^{pattern}( Hint: .*)?$"):
        eval(call, NAMES | vars(module))
