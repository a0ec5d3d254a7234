"""Whatever makes a schedule names, in its errors, the argument that its caller wrote."""

import ast
import inspect
import math
import re
from doctest import DocTestParser
from functools import partial
from importlib import import_module

import pytest

import lrsched_core
from lrsched_core import (
    Constant,
    Cosine,
    Linear,
    Schedule,
    batch_ramp,
    extend,
    maximum,
    minimum,
    one_cycle,
    parse,
    range_test,
    wsd,
)
from lrsched_core._hints import _LIBRARIES
from lrsched_core._text.names import RECIPES

PUBLIC = {name: getattr(lrsched_core, name) for name in lrsched_core.__all__}
# Whose docstrings refer to the example of another one.
CALLS = {
    "RAdamWarmup": "RAdamWarmup(0.1, beta2=0.999)",
    "TanhLRScheduler": "TanhLRScheduler(0.1, t_initial=100)",
    "UntunedExponentialWarmup": "UntunedExponentialWarmup(0.1, beta2=0.999)",
}
NEVER = [math.nan, math.inf, -math.inf, 1j, [object()]]
# What the originals do not look at, or give a meaning of its own.
TAKEN = {
    -1: "transition_begin transition_steps warmup_steps stable_power stable_timescale gamma epochs steps_per_epoch "
    "num_cycles lb ub eps verbose min_delta window_size warmup_lr_init",
    "bad": "name scale_mode",
}


def constructors():
    """Each recipe, each method of a schedule, each constructor of `compat`, by name."""
    yield from ((name, PUBLIC, recipe) for name, recipe in RECIPES.items())
    for name, thing in vars(Schedule).items():
        if inspect.isfunction(thing) and not name.startswith("_") and thing.__annotations__["return"] == "Schedule":
            yield name, PUBLIC, thing
    for library in _LIBRARIES:
        module = import_module(f"lrsched_core.compat.{library}")
        for name, thing in vars(module).items():
            if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_"):
                yield name, {**PUBLIC, **vars(module)}, thing


def example(name, names, function):
    """The first call of the function in its docstring: a function without the arguments, and these."""
    names = dict(names)
    for text in [CALLS[name]] if name in CALLS else [e.source for e in DocTestParser().get_examples(function.__doc__)]:
        for node in ast.walk(tree := ast.parse(text)):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                value = partial(_value, names)
                owner = [value(node.func.value)] if isinstance(node.func, ast.Attribute) else []
                named = {keyword.arg: value(keyword.value) for keyword in node.keywords}
                return inspect.signature(function).bind(*owner, *map(value, node.args), **named).arguments
        exec(compile(tree, name, "exec"), names)
    return pytest.fail(f"{name} has no example")


def _value(names, node):
    return eval(compile(ast.Expression(node), "an example", "eval"), names)


def cases():
    for name, names, function in constructors():
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is not parameter.VAR_POSITIONAL and parameter.name != "self":
                yield pytest.param(name, names, function, parameter, id=f"{name}-{parameter.name}")


def refused(value, parameter):
    """Whether the value must be refused; None if that is the function's own affair."""
    if isinstance(value, str) or value == -1:
        return None if parameter.name in TAKEN[value].split() else True
    if value is None:
        return parameter.default is not None
    if value is True:
        return not isinstance(parameter.default, bool)
    return True if any(value is never for never in NEVER) else None


def message(call, arguments):
    """What a call with these arguments is refused by, if it is."""
    try:
        call(**arguments)
    except (TypeError, ValueError) as error:
        return str(error)
    return None


@pytest.mark.parametrize(("name", "names", "function", "parameter"), [*cases()])
def test_an_argument_is_refused_by_the_name_that_its_caller_wrote(name, names, function, parameter):
    given = example(name, names, function)
    for value in (*NEVER, -1, 0, "bad", None, True):
        call = partial(function, given["self"]) if "self" in given else function
        arguments = {key: other for key, other in given.items() if key != "self"}
        said = message(call, {**arguments, parameter.name: value})
        if said is None:
            assert not refused(value, parameter), value
        else:
            if value != "bad" or parameter.name != "monitor":  # whose `mode` is then wanted
                assert re.search(rf"`{parameter.name}[`\[]", said), (value, said)
            assert re.match(r"`(\w+)", said).group(1) in inspect.signature(function).parameters, said


@pytest.mark.parametrize("function", [minimum, maximum])
@pytest.mark.parametrize("value", [*NEVER, -1, "bad", None, True])
def test_one_of_many_is_refused_by_its_place(function, value):
    with pytest.raises((TypeError, ValueError), match=r"^`schedules\[1\]` must be"):
        function(Constant(0.1), value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, True])
def test_an_operand_is_refused_as_that(value):
    schedule = Cosine(0.3, steps=9)
    for build in (
        lambda: schedule * value, lambda: value * schedule, lambda: schedule + value, lambda: value + schedule,
        lambda: schedule - value, lambda: value - schedule,
    ):  # fmt: skip
        with pytest.raises((TypeError, ValueError), match=r"^`operand` must be"):
            build()
    with pytest.raises((TypeError, ValueError), match=r"^`divisor` must be"):
        schedule / value


@pytest.mark.parametrize("shape", ["exponential"])
def test_an_end_at_0_is_refused_by_the_name_that_its_caller_wrote(shape):
    for name, build in (
        ("low_lr", lambda: range_test(0.0, 1.0, steps=9)),
        ("base_lr", lambda: range_test(0.1, 0.0, steps=9)),
        ("base_lr", lambda: wsd(0.0, 0.1, warmup=0, stable=3, decay=2, decay_shape=shape)),
        ("base_lr", lambda: wsd(0.0, 0.1, warmup=2, stable=3, decay=2, warmup_shape=shape, start=0.1)),
        ("start", lambda: wsd(0.1, 0.1, warmup=2, stable=3, decay=2, warmup_shape=shape)),
        ("final_lr", lambda: wsd(0.1, warmup=2, stable=3, decay=2, decay_shape=shape)),
        ("stable_lr", lambda: lrsched_core.infinite(0.1, 0.0, warmup=2, cooldown=3, shape=shape)),
        ("weights[1]", lambda: lrsched_core.restarts_at(0.1, 0.1, periods=(2, 3), weights=(1, 0), shape=shape)),
        ("final_lr", lambda: Constant(0.1).cooldown(at=3, steps=3, shape=shape)),
        ("schedule at the beginning of the cooldown",
         lambda: Linear(0.1, steps=3).cooldown(at=3, steps=3, final_lr=0.1, shape=shape)),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=rf"^`{re.escape(name)}` must be > 0, got 0"):
            build()


@pytest.mark.parametrize(
    ("build", "hint"),
    [
        (lambda: one_cycle(0.1, total_steps=9), "`steps` for `total_steps`"),
        (lambda: one_cycle(max_lr=0.1, total_steps=9), "`base_lr` for `max_lr`, `steps` for `total_steps`"),
        (lambda: one_cycle(0.1, steps=9, pct_start=0.3), "`warmup_share` for `pct_start`"),
        (lambda: wsd(0.1, num_warmup_steps=9, stable=2, decay=3), "`warmup` for `num_warmup_steps`"),
        (lambda: Constant(0.1).with_warmup(warmup_steps=3), "`steps` for `warmup_steps`"),
        (lambda: Constant(0.1).with_warmup(num_warmup_steps=3), "`steps` for `num_warmup_steps`"),
        (lambda: Constant(0.1).cooldown(at=3, cooldown_steps=4), "`steps` for `cooldown_steps`"),
        (lambda: Cosine(0.1, steps=3, warmup_steps=4), "`.with_warmup(...)` after the schedule for `warmup_steps`"),
        (lambda: Cosine(0.1, steps=3).repeat(period=3), "`every` for `period`"),
        (lambda: Constant(0.1).cooldown(at=3, total_iters=4), "`steps` for `total_iters`"),
        (lambda: Constant(0.1).clip(min=0.1, hihg=0.2), "`high` for `hihg`"),
    ],
)
def test_a_call_with_an_argument_of_another_name_says_what_is_meant(build, hint):
    with pytest.raises(TypeError, match=r"\(\) got an unexpected keyword argument '\w+'; it takes ") as error:
        build()
    assert hint in str(error.value)


@pytest.mark.parametrize(("name", "names", "function"), [pytest.param(*each, id=each[0]) for each in constructors()])
def test_each_says_what_is_none_of_its_arguments(name, names, function):
    given = example(name, names, function)
    owner = [given["self"]] if "self" in given else []
    if name in ("minimum", "maximum"):
        return  # Python's own words
    with pytest.raises(TypeError, match=rf"^{name}\(\) got an unexpected keyword argument 'nothing_of_ours'; it takes"):
        function(*owner, nothing_of_ours=1)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: Cosine(0.3, steps=3).with_warmup(), "with_warmup"),
        (lambda: Cosine(0.3, steps=3).with_warmup(1, 2, 3), "with_warmup"),
        (lambda: batch_ramp(), "batch_ramp"),
        (lambda: extend(Cosine(0.3, steps=3), at=1), "extend"),
        (lambda: wsd(), "wsd"),
    ],
)
def test_a_call_with_too_few_or_too_many_arguments_names_the_function_once(call, name):
    with pytest.raises(TypeError, match=rf"^{name}\(\) (missing|takes) [^()]*$"):
        call()


def test_text_is_refused_as_the_call_in_it_would_be():
    with pytest.raises(ValueError, match=re.escape("`warmup` must be >= 0, got -1.")):
        parse("wsd(0.1, warmup=-1, stable=2, decay=3)")
    with pytest.raises(ValueError, match=re.escape("Hint: write `steps` for `total_steps`.")):
        parse("one_cycle(0.1, total_steps=9)")


def test_an_error_from_within_is_not_taken_for_a_call_that_does_not_fit():
    def broken(t):
        message = "broken"
        raise TypeError(message)

    with pytest.raises(TypeError, match=r"^broken$"):
        lrsched_core.Function(broken).with_warmup(3, shape="exponential", start=0.1)


def test_functions_stay_those_of_their_modules():
    for name, _, function in constructors():
        assert function.__name__ == name
        assert function.__globals__["__name__"] == function.__module__, "doctest asks"
        assert "Annotated" not in str(inspect.signature(function))
