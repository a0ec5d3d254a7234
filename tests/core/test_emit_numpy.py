"""What `emit` writes for arrays."""

import ast
import random
import warnings

import pytest

np = pytest.importorskip("numpy")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emitting import FIXED, names_of, times_of
from lrsched_core import Constant, Cosine, Factor, Function, Linear, emit
from lrsched_core._evaluation.source import OPERATIONS
from lrsched_core._text.emission import array_helpers, number_helpers
from strategies import schedules


def answer(function, times):
    """The bits, or what was raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a power of a negative number, where a schedule is asked far beyond its end
        try:
            return function(times).tobytes()
        except (OverflowError, TypeError, ValueError) as error:
            return type(error).__name__


def assert_equal(schedule, times):
    text = emit(schedule, numpy=True)
    function = names_of(text)["learning_rate"]
    times = np.array(times, float)
    times = times[times < 2**53]  # what float64 cannot count a schedule leaves to its function of a number
    for asked in (times, np.sort(times), np.arange(3000), times[:8].reshape(2, 2, 2)):
        found, expected = answer(function, asked), answer(schedule, asked)
        if "_CONSTANTS_" in text and isinstance(expected, bytes):
            # NumPy rounds a power in another way where its base is one of many, which are in rows here.
            np.testing.assert_allclose(np.frombuffer(found), np.frombuffer(expected), rtol=4e-15)
        else:
            assert found == expected


@pytest.mark.parametrize("schedule", FIXED, ids=lambda schedule: repr(schedule)[:40])
def test_arrays_are_equal_bit_for_bit(schedule):
    assert_equal(schedule, times_of(schedule, random.Random(0)))


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(schedules(), st.randoms(use_true_random=False))
def test_arrays_of_random_schedules_are_equal_bit_for_bit(schedule, rng):
    assert_equal(schedule, times_of(schedule, rng))


def test_numbers_and_lists_are_taken_and_shapes_kept():
    function = names_of(emit(Cosine(0.3, steps=5).with_warmup(3), numpy=True))["learning_rate"]
    for t in (3, 3.0, np.int8(3), [3, 4], [[3], [4]], np.zeros((0, 3)), range(5)):
        values = function(t)
        assert values.dtype == np.float64
        assert values.shape == np.shape(t)
    assert function(3) == 0.3


@pytest.mark.parametrize(
    ("t", "message"),
    [
        ([1, -1], r"`t` must be >= 0, got -1\.0\."),
        ([1, float("nan")], r"`t` must be finite, got nan\."),
        ([float("inf")], r"`t` must be finite, got inf\."),
        ([True], r"`t` must be an array of real numbers, got "),
        (["1"], r"`t` must be an array of real numbers, got "),
        ([1j], r"`t` must be an array of real numbers, got "),
        (None, r"`t` must be an array of real numbers, got "),
    ],
)
def test_bad_times_are_refused(t, message):
    function = names_of(emit(Linear(0.3, steps=5), numpy=True))["learning_rate"]
    with pytest.raises((TypeError, ValueError), match="^" + message):
        function(t)


def test_a_growth_and_a_function_are_refused_as_for_numbers():
    for schedule in (Factor(1.0, 2.0), Constant(1e200) * Factor(1.0, 10.0)):
        with pytest.raises(OverflowError, match=r"`t` must be small enough .* got 3000\.0\."):
            names_of(emit(schedule, numpy=True))["learning_rate"]([1, 3000])
    with pytest.raises(TypeError, match="`schedule` must be made of schedules"):
        emit(Function(float).with_warmup(3), numpy=True)


@pytest.mark.parametrize("schedule", FIXED, ids=lambda schedule: repr(schedule)[:40])
def test_a_module_passes_its_own_test(schedule):
    names_of(emit(schedule, numpy=True))["test_learning_rate"]()


@pytest.mark.parametrize("op", sorted(OPERATIONS))
def test_every_operation_can_be_emitted(op):
    """One that calls a function of this library has a helper of that name, for numbers and for arrays."""
    from lrsched_core._text.emission.arrays import _Emitted
    from lrsched_core._text.emission.numbers import Emitted

    known = {
        "bisect_right",
        "int",
        "max",
        "sin",
        "sqrt",
        "log",
        "log1p",
        "expm1",
        "called",
    }  # a function that is called is refused
    for writer, helpers in ((Emitted, number_helpers), (_Emitted, array_helpers)):
        text = writer.text[op].format(*"abcdefghij", t="t")
        calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        assert {call.id for call in calls if isinstance(call, ast.Name)} <= known | vars(helpers).keys()
