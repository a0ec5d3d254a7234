"""Code that is not ours runs wherever a built-in schedule does, and means the same there."""

import inspect
import math
import subprocess
import sys

import numpy as np
import pytest

import lrsched_core.math
from lrsched_core import Constant, Cosine, CustomSchedule, Function, Schedule
from lrsched_core.math import where
from own_code import ASKED, EXPRESSIONS, MADE, PLACES, TIMES, torch_compiled
from thorough import mixed

# Of terms that float32 rounds one by one, and of powers with a great exponent.
PRECISION = {"float32": 5e-6, "float64": 1e-14}


@pytest.mark.parametrize(("asked", "expression", "made"), mixed(ASKED, EXPRESSIONS, MADE, every=2))
def test_an_expression_means_the_same_however_it_is_asked(expression, made, asked):
    ask, precision = ASKED[asked]
    values = np.asarray(ask(MADE[made](expression), TIMES))
    expected = [EXPRESSIONS[expression][1](float(t)) for t in TIMES]
    assert values.dtype == precision
    assert values == pytest.approx(expected, rel=PRECISION[precision], abs=1e-6 if precision == "float32" else 1e-15)


@pytest.mark.parametrize(
    ("asked", "place", "expression", "made"),
    mixed(ASKED, PLACES, ["0.4 / (1 + t / 10.0)", "1", "where, numbers"], MADE, every=4),
)
def test_in_a_composition_as_well(expression, place, made, asked):
    ask, precision = ASKED[asked]
    schedule = PLACES[place](MADE[made](expression))
    values = np.asarray(ask(schedule, TIMES))
    assert values.dtype == precision
    expected = [schedule(int(t)) for t in TIMES]
    assert values == pytest.approx(expected, rel=PRECISION[precision], abs=1e-6 if precision == "float32" else 1e-15)


def test_the_compiler_that_torch_uses_by_default_makes_the_same_of_it():
    schedule = PLACES["in many pieces"](MADE["CustomSchedule"]("noam"))
    expected = pytest.approx(schedule(TIMES), rel=5e-6)
    assert torch_compiled(schedule, TIMES, backend="inductor") == expected


def test_a_function_is_given_a_float_whatever_the_type_of_t():
    given = []
    schedule = Function(lambda t: given.append(type(t)) or 0.5)
    for t in (3, 3.0, np.int64(3), np.float32(3), [3], np.arange(1)):
        schedule(t)
    assert given == [float] * 6


def test_a_function_is_given_a_tensor_of_the_dtype_of_the_answer():
    torch = pytest.importorskip("torch")
    given = []

    def f(t):
        given.append(t.dtype)
        return t

    for schedule in (Function(f), Function(f).repeat(3.5).stretch(2)):
        for dtype in (torch.int8, torch.int64, torch.float16, torch.bfloat16, torch.float32):
            assert schedule(torch.arange(9, dtype=dtype)).dtype == torch.float32
        assert set(given) == {torch.float32}
        assert schedule(torch.arange(9, dtype=torch.float64)).dtype == torch.float64
        assert given.pop() == torch.float64


def test_a_function_is_not_asked_for_times_outside_of_its_piece():
    """Where its slope may be infinite, too: `where` would make it NaN."""
    torch = pytest.importorskip("torch")
    given = []

    def f(t):
        if isinstance(t, torch.Tensor):
            given.append((t.min().item(), t.max().item()))
        return t**0.5

    schedule = Function(f).delay(5).then(Constant(0.25), at=9)
    t = torch.arange(12.0, requires_grad=True)
    schedule(t).sum().backward()
    assert given[0][0] >= 0
    assert given[0][1] <= 4
    assert torch.isfinite(t.grad[6:9]).all()


class Scaled(CustomSchedule):
    """A class that asks another schedule."""

    inner: Schedule
    factor: float = 0.5

    def value(self, t):
        return self.factor * self.inner(t) + where(t < 7, 0.1, 0.0) * self.inner(t / 2)


@pytest.mark.parametrize("inner", [MADE["Function"]("noam"), Cosine(0.3, steps=40).with_warmup(5)], ids=["own", "ours"])
@pytest.mark.parametrize("asked", ASKED)
def test_a_class_may_ask_other_schedules(inner, asked):
    ask, precision = ASKED[asked]
    schedule = Scaled(inner).with_warmup(4)
    values = np.asarray(ask(schedule, TIMES))
    assert values.dtype == precision
    assert values == pytest.approx([schedule(int(t)) for t in TIMES], rel=PRECISION[precision], abs=1e-15)


def test_a_gradient_passes_through():
    jax = pytest.importorskip("jax")
    schedule = MADE["CustomSchedule"]("0.9 ** t").with_warmup(3)
    slope = jax.jit(jax.grad(schedule))(10.0)
    assert float(slope) == pytest.approx((schedule(10.001) - schedule(9.999)) / 0.002, rel=1e-4)


# Answers


def answers(name):
    torch, jnp = pytest.importorskip("torch"), pytest.importorskip("jax.numpy")
    tf, xp = pytest.importorskip("tensorflow"), pytest.importorskip("array_api_strict")
    return {"torch": torch.arange(3), "jax": jnp.arange(3), "tensorflow": tf.range(3), "array API": xp.arange(3)}[name]


every_framework = pytest.mark.parametrize("framework", ["torch", "jax", "tensorflow", "array API"])


@every_framework
def test_a_tensor_of_no_dimension_stands_for_all_times(framework):
    t = answers(framework)
    values = (Function(lambda t: t[0] + 0.5) + 0.0)(t)
    assert values.shape == t.shape
    assert np.asarray(values).tolist() == [0.5] * 3


@every_framework
def test_an_answer_of_another_shape_is_refused(framework):
    with pytest.raises(ValueError, match=r"^`value` must be of the shape of `t`, \(3,\), got \(1, 3\)\.$"):
        Function(lambda t: t[None, ...])(answers(framework))


@every_framework
def test_a_tensor_of_booleans_is_refused_with_the_way_to_choose(framework):
    with pytest.raises(TypeError, match=r"^`value` must be a tensor of real numbers, got .*bool.* Hint: .*where\("):
        Function(lambda t: t < 2)(answers(framework))


@every_framework
@pytest.mark.parametrize(
    ("answer", "error"),
    [("0.1", TypeError), (None, TypeError), (True, TypeError), (1j, TypeError), (float("nan"), ValueError)],
    ids=repr,
)
def test_an_answer_that_is_no_number_is_refused(framework, answer, error):
    with pytest.raises(error, match=r"^`value` must be "):
        Function(lambda _t: answer)(answers(framework))


def test_a_class_is_built_compared_and_compiled_again_and_again():
    """What torch.compile keeps of the first must not serve the second."""
    torch = pytest.importorskip("torch")
    compiled = torch.compile(lambda s, t: s(t), fullgraph=True, backend="eager")
    for name in ("0.3", "t * 0.1", "noam"):
        schedule = MADE["CustomSchedule"](name)
        assert compiled(schedule, torch.tensor(TIMES)).numpy() == pytest.approx(schedule(TIMES), rel=5e-6)


# The functions


ARGUMENTS = {"where": (True, 1, 2), "minimum": (1, 2), "maximum": (1, 2)}


@pytest.mark.parametrize("name", lrsched_core.math.__all__)
def test_of_numbers_a_function_makes_a_float(name):
    for kind in (int, float, np.int64, np.float32):
        first, *others = ARGUMENTS.get(name, (1,))
        first = first if isinstance(first, bool) else kind(first)
        assert type(getattr(lrsched_core.math, name)(first, *map(kind, others))) is float


@pytest.mark.parametrize("name", sorted({*lrsched_core.math.__all__} - {"where"}))
def test_of_integers_an_array_or_tensor_is_made_as_of_floats(name):
    function = getattr(lrsched_core.math, name)
    others = (2.0,) if name in ARGUMENTS else ()
    expected = [function(float(x), *others) for x in (1, 2, 3)]
    for framework in ("torch", "jax", "tensorflow", "array API"):
        if name in ARGUMENTS and framework in ("tensorflow", "array API"):
            continue  # a float does not become an integer
        assert np.asarray(function(answers(framework) + 1, *others)) == pytest.approx(expected, rel=1e-6)
    assert function(np.arange(1, 4), *others) == pytest.approx(expected)


@pytest.mark.parametrize("name", lrsched_core.math.__all__)
@pytest.mark.parametrize("wrong", ["1", None, [1.0], 1j], ids=repr)
def test_of_anything_else_it_says_what_it_takes(name, wrong):
    function = getattr(lrsched_core.math, name)
    arguments = [*ARGUMENTS.get(name, (1,))]
    for i, parameter in enumerate(inspect.signature(function).parameters):
        given = [*arguments]
        given[i] = wrong
        with pytest.raises(TypeError, match=rf"^`{parameter}` must be .*, got"):
            function(*given)


@pytest.mark.parametrize(
    ("name", "x", "error", "value"),
    [
        ("sin", math.inf, ValueError, math.nan),
        ("cos", -math.inf, ValueError, math.nan),
        ("exp", 1000, OverflowError, math.inf),
        ("log", 0, ValueError, -math.inf),
        ("log", -1, ValueError, math.nan),
        ("sqrt", -1, ValueError, math.nan),
        ("floor", math.inf, OverflowError, math.inf),
        ("floor", math.nan, ValueError, math.nan),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_number_without_a_value_is_refused_where_an_array_or_tensor_is_not(name, x, error, value):
    torch = pytest.importorskip("torch")
    function = getattr(lrsched_core.math, name)
    with pytest.raises(error):
        function(x)
    for several in (np.array([float(x)]), torch.tensor([float(x)])):
        assert function(several).tolist() == pytest.approx([value], nan_ok=True)


def test_a_keras_variable_is_taken_for_its_tensor():
    keras = pytest.importorskip("keras")
    assert lrsched_core.math.sqrt(keras.Variable([4.0, 9.0])).numpy().tolist() == [2.0, 3.0]


def test_importing_the_functions_loads_no_framework_nor_numpy():
    code = (
        "import sys, lrsched_core.math as m; m.where(True, m.sin(1), m.minimum(1, 2));"
        "print({'numpy', 'torch', 'jax', 'tensorflow', 'keras', 'mxnet'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
