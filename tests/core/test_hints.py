"""What errors say is to be written instead."""

import inspect
import re
import warnings

import pytest

from lrsched_core import Constant, Cosine, Factor, Linear, MultiFactor, PiecewiseConstant, Polynomial, parse
from lrsched_core._hints import _LIBRARIES
from lrsched_core._text.names import CATALOGUE


@pytest.mark.parametrize(
    ("cls", "given", "meant"),
    [
        (Cosine, {"base_lr": 0.1, "T_max": 9}, {"steps": "T_max"}),
        (Cosine, {"lr": 0.1, "steps": 9, "eta_min": 0.0}, {"base_lr": "lr", "final_lr": "eta_min"}),
        (Linear, {"base_lr": 0.1, "total_iters": 9}, {"steps": "total_iters"}),
        (Polynomial, {"initial_learning_rate": 0.1, "decay_steps": 9}, {"steps": "decay_steps"}),
        (Factor, {"base_lr": 0.1, "gamma": 0.5, "step_size": 3}, {"factor": "gamma", "every": "step_size"}),
        (MultiFactor, {"base_lr": 0.1, "gamma": 0.5, "milestones": (3,)}, {"factor": "gamma"}),
        (PiecewiseConstant, {"values": (0.1, 0.2), "boundaries": (3,)}, {"milestones": "boundaries"}),
        (Constant, {"learning_rat": 0.1}, {}),
        (Cosine, {"base_lr": 0.1, "setps": 9}, {"steps": "setps"}),
    ],
)  # fmt: skip
def test_an_argument_of_another_library_is_told_in_ours(cls, given, meant):
    pairs = ", ".join(f"`{ours}` for `{theirs}`" for ours, theirs in meant.items())
    unknown = next(name for name in given if name not in inspect.signature(cls).parameters)
    with pytest.raises(TypeError, match=re.escape(f"unexpected keyword argument {unknown!r}")) as error:
        cls(**given)
    for pair in pairs.split(", ") if pairs else ():
        assert pair in str(error.value)
    text = f"{cls.__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})"
    with pytest.raises(ValueError, match=re.escape(str(error.value))):
        parse(text)


@pytest.mark.parametrize("cls", CATALOGUE.values(), ids=lambda cls: cls.__name__)
def test_each_class_says_what_is_none_of_its_arguments_and_what_is_missing(cls):
    if any(p.kind is p.VAR_KEYWORD for p in inspect.signature(cls).parameters.values()):
        return  # it takes any name
    names = [name for name in inspect.signature(cls).parameters if name not in ("args", "kwargs")]
    with pytest.raises(TypeError, match="unexpected keyword argument 'nothing_of_ours'"):
        cls(nothing_of_ours=1)
    required = [
        p for p in inspect.signature(cls).parameters.values() if p.default is p.empty and p.kind.value in (1, 3)
    ]
    if required and names:
        with pytest.raises(TypeError, match=r"missing \d required (positional|keyword-only) argument"):
            cls()


def test_a_scheduler_of_another_library_is_named_with_where_it_is():
    with pytest.raises(ValueError, match=re.escape("do you mean lrsched_core.compat.torch.StepLR")):
        parse("StepLR(0.1, step_size=3)")
    with pytest.raises(ValueError, match=re.escape("do you mean lrsched_core.compat.torch.CosineAnnealingLR")):
        parse("torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=3)")
    for library in _LIBRARIES:
        module = __import__(f"lrsched_core.compat.{library}", fromlist=["_"])
        for name, thing in vars(module).items():
            if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_"):
                with pytest.raises(ValueError, match=rf"do you mean (lrsched_core\.compat\.\w+\.{name}|\w+)"):
                    parse(f"{name}_(1)".replace("_(", "("))


@pytest.mark.parametrize(
    ("text", "hint"),
    [("3e-4", "in YAML write 3.0e-4."), ("3E4", "in YAML write 3.0e+4."), ("0,3", "a decimal is written 0.3.")],
)
def test_what_looks_like_a_number_is_told_as_a_number(text, hint):
    for build in (lambda: Cosine(text, steps=3), lambda: Cosine(0.1, steps=text), lambda: Constant(0.1).delay(text)):
        with pytest.raises(TypeError, match=re.escape(f"must be a real number, got {text!r}. Hint: it is")) as error:
            build()
        assert str(error.value).endswith(hint)


def test_text_where_a_schedule_is_expected_hints_at_parse():
    with pytest.raises(TypeError, match=re.escape("Hint: `parse` makes a schedule of a text.")):
        Constant(0.1).then("Cosine(0.1, steps=3)", at=3)


def test_a_decimal_comma_is_doubted():
    with pytest.warns(UserWarning, match=re.escape("0,3 is two numbers; a decimal is written 0.3.")):
        assert parse("Cosine(0,3, steps=5)") == Cosine(0, 3, steps=5)
    with pytest.raises(ValueError, match=re.escape("a decimal is written 0.3.")):
        parse("Cosine(0,3, 0,01, steps=5)")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in (
            "Cosine(0,3,steps=5)",
            "Cosine(0, 3, steps=5)",
            "MultiFactor(0.1, 0.5, milestones=(10,30))",
            "MultiFactor(0.1, 0.5, milestones=(0,5, 9))",
        ):
            parse(text)


def test_a_schedule_that_is_asked_without_a_time_names_what_keras_takes():
    with pytest.raises(TypeError, match=re.escape("lrsched_keras.LearningRate(schedule)")):
        Cosine(0.1, steps=3)()


def test_a_traced_rate_is_told_to_multiply():
    jax = pytest.importorskip("jax")
    with pytest.raises(TypeError, match=re.escape("write `rate * s(t)`")):
        jax.jit(lambda rate: Cosine(rate, steps=3)(1))(0.1)


def test_messages_are_bounded_whatever_was_received():
    for build in (
        lambda: Cosine("x" * 10**6, steps=3),
        lambda: MultiFactor(0.1, 0.5, milestones=(*range(10**5), 0)),
        lambda: parse(f"Cosine('{'x' * 50_000}', steps=3)"),
        lambda: parse("x" * 50_000),
    ):
        with pytest.raises((TypeError, ValueError)) as error:
            build()
        assert len(str(error.value)) < 1200
