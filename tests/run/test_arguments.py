"""A plan as the arguments of a function with names of its own; the live ones of optax are in tests/loops."""

import re

import pytest

from lrsched_core import Constant, Cosine, Plan

LR = Cosine(0.3, steps=30)


def adamw(learning_rate, b1=0.9, b2=0.999, eps=1e-8, mu_dtype=None, weight_decay=1e-4, mask=None, *, nesterov=False):
    raise NotImplementedError  # it is not called


def sgd(learning_rate, momentum=None, nesterov=False):
    raise NotImplementedError


def muon(learning_rate, ns_steps=5, beta=0.95, eps=1e-8):
    raise NotImplementedError


def adafactor(learning_rate=None, decay_rate=0.8, momentum=None, weight_decay_rate=None):
    raise NotImplementedError


def of_torch(params, lr=1e-3, momentum=0.0, weight_decay=0.0):
    raise NotImplementedError


def of_keras(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    raise NotImplementedError


def private(learning_rate, noise, seed=0):
    raise NotImplementedError


def whatever(learning_rate, **others):
    raise NotImplementedError


PAIRS = [
    (adamw, {"lr": "learning_rate", "weight_decay": "weight_decay", "beta1": "b1", "beta2": "b2", "eps": "eps"}),
    (adamw, {"learning_rate": "learning_rate", "b1": "b1"}),
    (adamw, {"momentum": "b1"}),
    (sgd, {"lr": "learning_rate", "momentum": "momentum"}),
    (muon, {"lr": "learning_rate", "momentum": "beta"}),
    (adafactor, {"lr": "learning_rate", "weight_decay": "weight_decay_rate", "momentum": "momentum"}),
    (of_torch, {"lr": "lr", "weight_decay": "weight_decay"}),
    (of_keras, {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon"}),
    (private, {"lr": "learning_rate", "noise": "noise"}),
    (whatever, {"lr": "learning_rate", "power": "power"}),
]


@pytest.mark.parametrize(("function", "names"), PAIRS)
def test_each_schedule_has_the_name_that_the_function_has_for_it(function, names):
    plan = Plan({name: Constant(0.1 + i) for i, name in enumerate(names)})
    assert plan.arguments_for(function) == {theirs: plan[ours] for ours, theirs in names.items()}


@pytest.mark.parametrize(
    ("plan", "function", "message"),
    [
        (Plan(lr=LR, eps=0.1), sgd, "of what sgd takes, got 'eps'. It takes learning_rate, momentum."),
        (Plan(lr=LR, b_1=0.1), adamw, "of what adamw takes, got 'b_1' (do you mean b1?). It takes learning_rate, b1, "
         "b2, eps, weight_decay."),
        (Plan(lr=LR, nesterov=1.0), adamw, "of what adamw takes, got 'nesterov'. It takes learning_rate, "),
        (Plan(lr=LR, ns_steps=5), muon, "of what muon takes, got 'ns_steps'."),
        (Plan(lr=LR), lambda: None, "of what <lambda> takes, got 'lr'. It takes no number."),
        (Plan(lr=LR, groups={"a": Plan(lr=LR)}), sgd, "without groups to be the arguments of one function, got groups "
         "'a'. Hint: each by itself, {name: part"),
    ],
)  # fmt: skip
def test_what_the_function_does_not_take_is_refused(plan, function, message):
    with pytest.raises(ValueError, match=f"^`plan` must be {re.escape(message)}"):
        plan.arguments_for(function)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(lr=LR, learning_rate=LR), "'learning_rate' once, got 'lr' and 'learning_rate'."),
        (Plan(beta1=0.9, momentum=0.9), "'b1' once, got 'momentum' and 'beta1'."),
    ],
)
def test_two_schedules_of_one_name_are_refused(plan, message):
    with pytest.raises(ValueError, match=f"^`plan` must name {message}"):
        plan.arguments_for(adamw)


@pytest.mark.parametrize("function", [None, 3, "adamw", dict])
def test_what_does_not_say_what_it_takes_is_refused(function):
    with pytest.raises(TypeError, match=r"^`function` must be a function that says what it takes, .*, got "):
        Plan(lr=LR).arguments_for(function)
