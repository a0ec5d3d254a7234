"""Bad input is refused: at construction, or, if it is `t`, when it is asked. Every message is pinned."""

import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from examples import EXAMPLES
from lrsched_core import (
    Constant,
    Cosine,
    Interpolated,
    MultiFactor,
    Noise,
    PiecewiseConstant,
    Sequence,
    SquareRoot,
    Tanh,
)

WARM = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def refused(error, message):
    """Expects exactly this message."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


# What is no number that a schedule is made of, and the rule that is told.
NO_NUMBERS = {
    **dict.fromkeys((math.nan, math.inf), "finite"),
    **dict.fromkeys((True, "0.1", 0.1j, None, (3,)), "a real number"),
    10**400: "within the float range",
}


def assert_refused(build, name, rules):
    for value, rule in rules.items():
        with refused(TypeError if rule == "a real number" else ValueError, f"`{name}` must be {rule}, got {value!r}."):
            build(value)


# Rates


def arguments(kind):
    """Of every class, how another is built with one argument changed, which the table says is of this kind."""
    return [
        pytest.param(lambda x, like=example.trained, name=name: like.replace(**{name: x}), name, id=f"{of}-{name}")
        for of, example in EXAMPLES.items()
        for name in getattr(example, kind).split()
    ]


@pytest.mark.parametrize(
    ("build", "name"),
    [
        *arguments("rates"),
        (lambda x: PiecewiseConstant((0.1, x), milestones=(3,)), "values[1]"),
        (lambda x: Interpolated((0.1, x), milestones=(3, 5)), "values[1]"),
        (lambda x: Constant(0.1).with_warmup(3, start=x), "start"),
    ],
)
def test_a_rate_must_be_a_finite_number_that_is_not_negative(build, name):
    assert_refused(build, name, {**NO_NUMBERS, -0.1: ">= 0"})


# Durations, numbers, milestones


@pytest.mark.parametrize(("build", "name"), arguments("positive"))
def test_a_duration_and_a_factor_must_be_positive(build, name):
    assert_refused(build, name, {**NO_NUMBERS, -1: "> 0", 0: "> 0"})


@pytest.mark.parametrize(
    "build",
    [
        lambda x: MultiFactor(0.1, 0.5, milestones=x),
        lambda x: Sequence([Constant(0.1)] * 4, milestones=x),
        lambda x: PiecewiseConstant([0.1] * 4, milestones=x),
        lambda x: Interpolated([0.1] * 3, milestones=x),
    ],
)
def test_milestones_must_be_times_in_ascending_order(build):
    with refused(ValueError, "`milestones` must be in ascending order, got (5, 3, 9)."):
        build([5, 3, 9])
    with refused(ValueError, "`milestones[0]` must be >= 0, got -1."):
        build([-1, 3, 9])
    with refused(ValueError, "`milestones[2]` must be finite, got nan."):
        build([1, 3, math.nan])
    with refused(TypeError, "`milestones[1]` must be a real number, got '3'."):
        build([1, "3", 9])
    with refused(TypeError, "`milestones` must be a sequence of times, got 15."):
        build(15)


@pytest.mark.parametrize(
    "build", [lambda x: PiecewiseConstant(x, milestones=()), lambda x: Interpolated(x, milestones=(3,))]
)
def test_values_must_be_rates(build):
    with refused(TypeError, "`values` must be a sequence of rates, got 0.1."):
        build(0.1)
    with refused(TypeError, "`values` must be a sequence of rates, got '0.1'."):
        build("0.1")


def test_the_shape_between_values_must_be_known_and_fit_them():
    with pytest.raises(ValueError, match=r"^`shape` must be one of 'linear', .*, got 'cubic'\.$"):
        Interpolated((0.1, 0.2), milestones=(1, 2), shape="cubic")


def test_a_seed_must_be_a_number():
    with refused(TypeError, "`seed` must be a real number, got '7'."):
        Noise(0.1, seed="7")


@pytest.mark.parametrize("name", ["lower", "upper"])
def test_an_argument_of_the_hyperbolic_tangent_must_be_a_number(name):
    with refused(TypeError, f"`{name}` must be a real number, got '3'."):
        Tanh(0.1, steps=3, **{name: "3"})


@pytest.mark.parametrize(
    ("build", "message"),
    [(build, message) for example in EXAMPLES.values() for message, build in example.refused.items()],
    ids=[f"{name}: {message}" for name, example in EXAMPLES.items() for message in example.refused],
)
def test_what_the_table_says_is_refused(build, message):
    with refused(ValueError, message):
        build()


# Composition


def test_a_sequence_must_have_one_milestone_fewer_than_schedules():
    a = Constant(0.1)
    with refused(ValueError, "`milestones` must be one fewer than the 2 schedules, got ()."):
        Sequence([a, a], milestones=())
    with refused(ValueError, "`milestones` must be one fewer than the 2 schedules, got (1, 2)."):
        Sequence([a, a], milestones=(1, 2))


def test_a_sequence_must_consist_of_schedules():
    with refused(TypeError, "`schedules[1]` must be a schedule, got 0.1."):
        Sequence([Constant(0.1), 0.1], milestones=[3])
    with refused(TypeError, "`schedules` must be a sequence of schedules, got Constant(0.1)."):
        Sequence(Constant(0.1), milestones=[])
    with refused(TypeError, "`other` must be a schedule, got None."):
        Constant(0.1).then(None, at=3)
    with refused(ValueError, "`at` must be >= 0, got -3."):
        Constant(0.1).then(Constant(0.1), at=-3)


def test_the_arguments_of_a_warmup_are_checked_even_if_it_takes_no_time():
    a = Constant(0.1)
    for steps in (0, 3):
        with refused(
            ValueError,
            "`shape` must be one of 'linear', 'cosine', 'exponential', 'constant', 'sqrt', 'polynomial', "
            "'normalized_exponential', 'tanh', 'rex', 'logarithmic', got 'quadratic'.",
        ):
            a.with_warmup(steps, shape="quadratic")
        with refused(TypeError, "`delay` must be True or False, got 1."):
            a.with_warmup(steps, delay=1)
        with refused(ValueError, "`start` must be > 0, got 0.0."):
            a.with_warmup(steps, shape="exponential")
    with refused(ValueError, "`schedule at the end of the warmup` must be > 0, got 0.0."):
        Constant(0).with_warmup(3, start=0.1, shape="exponential")


# Time


@pytest.mark.parametrize(
    ("t", "error", "message"),
    [
        (-1, ValueError, "`t` must be >= 0, got -1."),
        (-1e-300, ValueError, "`t` must be >= 0, got -1e-300."),
        (math.nan, ValueError, "`t` must be finite, got nan."),
        (math.inf, ValueError, "`t` must be finite, got inf."),
        (-math.inf, ValueError, "`t` must be finite, got -inf."),
        (10**400, ValueError, f"`t` must be within the float range, got {10**400}."),
        (True, TypeError, "`t` must be a real number, got True."),
        ("3", TypeError, "`t` must be a number, an array or a tensor, got '3'."),
        (b"3", TypeError, "`t` must be a number, an array or a tensor, got b'3'."),
        (3j, TypeError, "`t` must be a number, an array or a tensor, got 3j."),
        (None, TypeError, "`t` must be a number, an array or a tensor, got None."),
        (Decimal(3), TypeError, "`t` must be a number, an array or a tensor, got Decimal('3')."),
        ({3}, TypeError, "`t` must be a number, an array or a tensor, got {3}."),
        (np.float64(-1), ValueError, f"`t` must be >= 0, got {-1.0}."),
        (np.float32("nan"), ValueError, "`t` must be finite, got nan."),
        (np.array([0, -1]), ValueError, "`t` must be >= 0, got -1.0."),
        (np.array([[0, 1], [np.nan, 2]]), ValueError, "`t` must be finite, got nan."),
        (np.array([0, np.inf]), ValueError, "`t` must be finite, got inf."),
        (np.array([True]), TypeError, "`t` must be an array of real numbers, got True."),
        (np.array(["3"]), TypeError, "`t` must be an array of real numbers, got '3'."),
        (np.array([3j]), TypeError, "`t` must be an array of real numbers, got 3j."),
        (np.array([None]), TypeError, "`t` must be a real number, got None."),
        ([0, True], TypeError, "`t` must be a real number, got True."),
        ([[0, 1], [2, False]], TypeError, "`t` must be a real number, got False."),
        ([0, "3"], TypeError, "`t` must be an array of real numbers, got '0'."),
        ([0, 10**400], ValueError, f"`t` must be within the float range, got {10**400}."),
        ([[1], [2, 3]], ValueError, "`t` must be of one length in each dimension, got [[1], [2, 3]]."),
        (np.ma.array([1, 2], mask=[True, False]), TypeError, None),
    ],
    ids=lambda value: repr(value)[:30],
)
@pytest.mark.parametrize("schedule", [WARM, SquareRoot(0.1), MultiFactor(0.1, 0.5, milestones=range(9))], ids=str)
def test_a_bad_t_is_refused(schedule, t, error, message):
    with pytest.raises(error) as caught:
        schedule(t)
    said = re.sub(r"np\.(\w+)\((.*)\)", r"\2", str(caught.value))  # NumPy 2 prints the type as well
    if message is None:
        assert "`t` must be an array without a mask" in said
    else:
        assert re.sub(r"np\.(\w+)\((.*)\)", r"\2", said).replace("np.str_", "") == message


def test_a_bad_t_is_found_in_the_last_place_of_a_long_array():
    t = np.arange(100_000.0)
    t[-1] = -3
    with refused(ValueError, "`t` must be >= 0, got -3.0."):
        WARM(t)


def test_time_is_the_only_argument():
    with pytest.raises(TypeError, match="takes from 1 to 2 positional arguments but 3 were given"):
        WARM(0, 0.1)
    with pytest.raises(TypeError, match="positional-only argument"):
        WARM(t=0)


def test_a_fraction_is_a_time():
    assert WARM(Fraction(5, 2)) == WARM(2.5)


def test_durations_are_named():
    with pytest.raises(TypeError, match="positional argument"):
        Cosine(0.3, 0.01, 15)
    with pytest.raises(TypeError, match="steps"):
        Cosine(0.3)
