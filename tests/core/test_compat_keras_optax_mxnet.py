"""The constructors of Keras, optax and MXNet: what they refuse, and what they give without the originals' quirks."""

import pytest

from lrsched_core import (
    Constant,
    Cosine,
    Exponential,
    Factor,
    Geometric,
    Interpolated,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Polynomial,
)
from lrsched_core.compat import keras, mxnet, optax


def values(schedule, count):
    return [schedule(t) for t in range(count)]


# Without quirks


@pytest.mark.parametrize(
    ("clean", "plain"),
    [
        (
            keras.PiecewiseConstantDecay([3, 7.5], [0.5, 0.1, 0.2], clean=True),
            PiecewiseConstant((0.5, 0.1, 0.2), milestones=(3, 7.5)),
        ),
        (optax.polynomial_schedule(0.3, 0.1, 2, 20, 5, clean=True), Polynomial(0.3, 0.1, steps=20, power=2.0).delay(5)),
        (optax.linear_schedule(0.3, 0.1, 20, clean=True), Linear(0.3, 0.1, steps=20)),
        (optax.exponential_decay(0.3, 20, 0.5, 5, clean=True), Exponential(0.3, 0.5, every=20).delay(5)),
        (
            optax.linear_onecycle_schedule(9, 0.4, 0.5, 0.75, 4.0, 10.0, clean=True),
            Interpolated((0.1, 0.4, 0.1, 0.01), milestones=(0, 4.5, 6.75, 9)),
        ),
        (
            optax.cosine_onecycle_schedule(9, 0.4, 0.5, 4.0, 10.0, clean=True),
            Interpolated((0.1, 0.4, 0.01), milestones=(0, 4.5, 9), shape="cosine"),
        ),
        (optax.warmup_constant_schedule(0.1, 0.4, 0, clean=True), Constant(0.4)),
        (
            optax.warmup_cosine_decay_schedule(0.1, 0.0, 5, 20, 0.3, clean=True),
            Cosine(0.0, 0.3, steps=15).with_warmup(5, start=0.1),
        ),
        (
            optax.warmup_exponential_decay_schedule(0.0, 0.4, 5, 10, 0.5, staircase=True, end_value=0.5, clean=True),
            Factor(0.4, 0.5, every=10, stop_factor_lr=0.5).with_warmup(5),
        ),
        (
            optax.sgdr_schedule(
                [{"init_value": 0.0, "peak_value": 0.0, "warmup_steps": 0, "decay_steps": 9, "end_value": 0.3}],
                clean=True,
            ),
            Cosine(0.0, 0.3, steps=9),
        ),
        (
            mxnet.FactorScheduler(5, 0.5, 1e-3, 0.4, 7, 0.1, "constant", clean=True),
            Factor(0.4, 0.5, every=5, stop_factor_lr=1e-3).with_warmup(7, start=0.1, shape="constant"),
        ),
        (mxnet.FactorScheduler(5, 0.5, 0.4, 0.1, clean=True), Factor(0.1, 0.5, every=5, stop_factor_lr=0.4)),
        (
            mxnet.MultiFactorScheduler([3, 9], 0.5, 0.4, 7, clean=True),
            MultiFactor(0.4, 0.5, milestones=(3, 9)).with_warmup(7, delay=False),
        ),
        (
            mxnet.PolyScheduler(20, 0.3, 2, 0.01, 5, clean=True),
            Polynomial(0.3, 0.01, steps=15, power=2.0).with_warmup(5),
        ),
        (mxnet.CosineScheduler(20, 0.3, 0.01, 5, clean=True), Cosine(0.3, 0.01, steps=15).with_warmup(5)),
    ],
    ids=repr,
)
def test_without_its_quirks_a_schedule_is_the_plain_one(clean, plain):
    assert clean == plain


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
    assert values(quirky, 40) == values(clean, 41)[1:]
    assert clean(0) == 0.0
    assert quirky(4) == clean(5) == 0.3
    assert quirky(19) == clean(20) == 0.0


# What a schedule is made of


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (keras.ExponentialDecay(0.5, 7, 0.9), Exponential(0.5, 0.9, every=7)),
        (keras.CosineDecay(0.5, 7, warmup_steps=3), Cosine(0.5, steps=7)),
        (keras.CosineDecay(0.5, 7, warmup_target=0.1, warmup_steps=3), Cosine(0.1, steps=7).with_warmup(3, start=0.5)),
        (keras.CosineDecayRestarts(0.5, 7, 1.5, 0.5), Cosine(0.5, steps=7).repeat(7, growth=1.5, decay=0.5)),
        (
            keras.CosineDecayRestarts(0.5, 7, 1.5, 0.5, 0.5),
            Cosine(0.25, steps=7).repeat(7, growth=1.5, decay=0.5) + 0.25,
        ),
        (keras.InverseTimeDecay(0.5, 7, 0.0), Constant(0.5)),
        (optax.exponential_decay(0.1, 10, 10.0, end_value=10.0), Geometric(0.1, 10.0, steps=20.0)),
        (
            optax.exponential_decay(0.1, 10, 10.0, 5, True, 10.0),
            Geometric(0.1, 10.0, steps=20.0).staircase(10).delay(5),
        ),
        (optax.exponential_decay(0.1, 0, 0.5, end_value=0.2), Constant(0.1)),
        (mxnet.FactorScheduler(5, 0.5, 0.4, 0.1), Constant(0.1).then(Constant(0.4), at=5)),
        (mxnet.PolyScheduler(5, 0.4, warmup_steps=9), Constant(0.4).with_warmup(9).advance(1)),
    ],
    ids=repr,
)
def test_a_schedule_is_made_of_plain_ones(given, made):
    assert given == made


def test_a_clean_one_cycle_has_its_peak_at_either_end_of_its_time():
    early, late = (optax.cosine_onecycle_schedule(9, 0.4, pct, 4.0, 10.0, clean=True) for pct in (0.0, 1.0))
    assert [early(0), early(9), early(99)] == [0.4, 0.01, 0.01]
    assert [late(0), late(8.999999), late(9)] == [0.1, pytest.approx(0.4), 0.01]


def test_a_growth_that_ends_never_leaves_the_float_range():
    assert optax.exponential_decay(0.1, 1, 2.0, end_value=5.0)(10**9) == 5.0
    with pytest.raises(OverflowError, match="t"):
        optax.exponential_decay(0.1, 1, 2.0)(10**9)


# Refusals: an argument is named as the original names it


REFUSALS = [
    (lambda: keras.ExponentialDecay(-0.1, 5, 0.5), r"`initial_learning_rate` must be >= 0, got -0.1\."),
    (lambda: keras.ExponentialDecay(0.1, 0, 0.5), r"`decay_steps` must be > 0, got 0\."),
    (lambda: keras.ExponentialDecay(0.1, 5, 0), r"`decay_rate` must be > 0, got 0\."),
    (lambda: keras.PiecewiseConstantDecay([], [0.1]), r"`boundaries` must be at least one time, got \[\]\."),
    (
        lambda: keras.PiecewiseConstantDecay([5], [0.1]),
        r"`values` must be one more than the 1 boundaries, got \[0.1\]\.",
    ),
    (lambda: keras.PiecewiseConstantDecay([5], [0.1, -1]), r"`values\[1\]` must be >= 0, got -1\."),
    (lambda: keras.PiecewiseConstantDecay([-5], [0.1, 1]), r"`boundaries\[0\]` must be >= 0, got -5\."),
    (
        lambda: keras.PiecewiseConstantDecay([5, 3], [0.1, 1, 2]),
        r"`boundaries` must be in ascending order, got \(5, 3\)\.",
    ),
    (lambda: keras.PolynomialDecay(0.1, 5, -1), r"`end_learning_rate` must be >= 0, got -1\."),
    (lambda: keras.PolynomialDecay(0.1, 5, power=0), r"`power` must be > 0, got 0\."),
    (lambda: keras.PolynomialDecay(0.1, 2.5, cycle=True), r"`decay_steps` must be a whole number >= 1, got 2.5\."),
    (lambda: keras.InverseTimeDecay(0.1, 5, -0.5), r"`decay_rate` must be >= 0, got -0.5\."),
    (lambda: keras.CosineDecay(0.1, 5, -0.5), r"`alpha` must be >= 0, got -0.5\."),
    (lambda: keras.CosineDecay(0.1, 5, warmup_target=-1), r"`warmup_target` must be >= 0, got -1\."),
    (lambda: keras.CosineDecay(0.1, 5, warmup_target=1, warmup_steps=-1), r"`warmup_steps` must be >= 0, got -1\."),
    (lambda: keras.CosineDecayRestarts(0.1, 0), r"`first_decay_steps` must be > 0, got 0\."),
    (lambda: keras.CosineDecayRestarts(0.1, 5, 0.5), r"`t_mul` must be 1, or >= 1.01, got 0.5\."),
    (lambda: keras.CosineDecayRestarts(0.1, 5, m_mul=0), r"`m_mul` must be > 0, got 0\."),
    (lambda: keras.CosineDecayRestarts(0.1, 5, alpha=1.5), r"`alpha` must be between 0 and 1, got 1.5\."),
    (lambda: optax.constant_schedule(-1), r"`value` must be >= 0, got -1\."),
    (lambda: optax.polynomial_schedule(-1, 0, 1, 5), r"`init_value` must be >= 0, got -1\."),
    (lambda: optax.polynomial_schedule(1, 0, 0, 5), r"`power` must be > 0, got 0\."),
    (lambda: optax.polynomial_schedule(1, 0, 1, 0, clean=True), r"`transition_steps` must be > 0, got 0\."),
    (lambda: optax.polynomial_schedule(1, 0, 1, 5, -1, clean=True), r"`transition_begin` must be >= 0, got -1\."),
    (lambda: optax.polynomial_schedule(1, 0, 1, "5"), r"`transition_steps` must be a real number, got '5'\."),
    (lambda: optax.linear_schedule(0, -1, 5), r"`end_value` must be >= 0, got -1\."),
    (lambda: optax.linear_schedule(0, 1, -5, clean=True), r"`transition_steps` must be > 0, got -5\."),
    (lambda: optax.piecewise_constant_schedule(1, {5: -0.5}), r"`boundaries_and_scales\[5\]` must be >= 0, got -0.5\."),
    (lambda: optax.piecewise_constant_schedule(1, {-5: 0.5}), r"`boundaries_and_scales\[0\]` must be >= 0, got -5\."),
    (lambda: optax.exponential_decay(1, 5, -0.5), r"`decay_rate` must be >= 0, got -0.5\."),
    (lambda: optax.exponential_decay(1, 5, 0, clean=True), r"`decay_rate` must be > 0, got 0\."),
    (lambda: optax.exponential_decay(1, 5, 0.5, end_value=-1), r"`end_value` must be >= 0, got -1\."),
    (lambda: optax.cosine_decay_schedule(1, 0), r"`decay_steps` must be > 0, got 0\."),
    (lambda: optax.cosine_decay_schedule(1, 5, -1), r"`alpha` must be >= 0, got -1\."),
    (lambda: optax.cosine_decay_schedule(1, 5, exponent=0), r"`exponent` must be > 0, got 0\."),
    (
        lambda: optax.piecewise_interpolate_schedule("x", 1),
        r"`interpolate_type` must be one of 'linear', 'cosine', got 'x'\.",
    ),
    (
        lambda: optax.piecewise_interpolate_schedule("linear", 1, {2.5: 2}),
        r"`boundaries_and_scales` must be a whole number >= 0, got 2.5\.",
    ),
    (lambda: optax.linear_onecycle_schedule(0, 1), r"`transition_steps` must be a whole number >= 1, got 0\."),
    (lambda: optax.linear_onecycle_schedule(9, -1), r"`peak_value` must be >= 0, got -1\."),
    (lambda: optax.linear_onecycle_schedule(9, 1, 2.0), r"`pct_start` must be between 0 and 1, got 2.0\."),
    (lambda: optax.linear_onecycle_schedule(9, 1, pct_final=2.0), r"`pct_final` must be between 0 and 1, got 2.0\."),
    (
        lambda: optax.linear_onecycle_schedule(9, 1, 0.5, 0.4, clean=True),
        r"`pct_final` must be >= `pct_start`, which is 0.5, got 0.4\.",
    ),
    (lambda: optax.cosine_onecycle_schedule(9, 1, div_factor=0), r"`div_factor` must be > 0, got 0\."),
    (lambda: optax.cosine_onecycle_schedule(9, 1, final_div_factor=0), r"`final_div_factor` must be > 0, got 0\."),
    (lambda: optax.warmup_constant_schedule(0, 1, -1, clean=True), r"`warmup_steps` must be >= 0, got -1\."),
    (
        lambda: optax.warmup_cosine_decay_schedule(0, 1, 5, 5),
        r"`decay_steps` must be > `warmup_steps`, which is 5, got 5\.",
    ),
    (lambda: optax.warmup_exponential_decay_schedule(0, 1, -1, 5, 0.5), r"`warmup_steps` must be >= 0, got -1\."),
    (lambda: optax.sgdr_schedule([]), r"`cosine_kwargs` must be the arguments of at least one cycle, got \[\]\."),
    (lambda: optax.join_schedules([], []), r"`boundaries` must be one fewer than the 0 schedules, got \[\]\."),
    (lambda: optax.join_schedules([3], []), r"`schedules\[0\]` must be a schedule, got 3\."),
    (
        lambda: optax.join_schedules([Constant(1)] * 3, [5, 3]),
        r"`boundaries` must be in ascending order, got \(5, 3\)\.",
    ),
    (lambda: mxnet.FactorScheduler(0), r"`step` must be a whole number >= 1, got 0\."),
    (lambda: mxnet.FactorScheduler(2.5), r"`step` must be a whole number >= 1, got 2.5\."),
    (lambda: mxnet.FactorScheduler(5, 1.5), r"`factor` must be > 0 and <= 1, got 1.5\."),
    (lambda: mxnet.FactorScheduler(5, 0), r"`factor` must be > 0 and <= 1, got 0\."),
    (lambda: mxnet.FactorScheduler(5, stop_factor_lr=-1), r"`stop_factor_lr` must be >= 0, got -1\."),
    (lambda: mxnet.FactorScheduler(5, base_lr=-1), r"`base_lr` must be >= 0, got -1\."),
    (lambda: mxnet.FactorScheduler(5, warmup_steps=2.5), r"`warmup_steps` must be a whole number >= 0, got 2.5\."),
    (
        lambda: mxnet.FactorScheduler(5, warmup_begin_lr=0.1),
        r"`warmup_begin_lr` must be <= `base_lr`, which is 0.01, got 0.1\.",
    ),
    (
        lambda: mxnet.FactorScheduler(5, warmup_mode="cosine"),
        r"`warmup_mode` must be one of 'linear', 'constant', got 'cosine'\.",
    ),
    (lambda: mxnet.MultiFactorScheduler([]), r"`step` must be at least one time, in ascending .*, got \[\]\."),
    (lambda: mxnet.MultiFactorScheduler([5, 5]), r"`step` must be .* and without repeats, got \[5, 5\]\."),
    (lambda: mxnet.MultiFactorScheduler([0]), r"`step\[0\]` must be a whole number >= 1, got 0\."),
    (lambda: mxnet.PolyScheduler(0), r"`max_update` must be a whole number >= 1, got 0\."),
    (lambda: mxnet.PolyScheduler(5, pwr=0), r"`pwr` must be > 0, got 0\."),
    (
        lambda: mxnet.CosineScheduler(5, warmup_steps=5),
        r"`warmup_steps` must be other than `max_update`, which is 5, got 5\.",
    ),
    (
        lambda: mxnet.CosineScheduler(5, warmup_steps=6, clean=True),
        r"`warmup_steps` must be < `max_update`, which is 5, got 6\.",
    ),
    (lambda: mxnet.CosineScheduler(5, final_lr=-1), r"`final_lr` must be >= 0, got -1\."),
]


@pytest.mark.parametrize(("build", "message"), REFUSALS, ids=[message for _, message in REFUSALS])
def test_a_refusal_names_the_argument_of_the_original(build, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}$"):
        build()
