"""A plan: several hyperparameters in one value, and public runs written as one."""

import math
import re

import numpy as np
import pytest

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Linear,
    PiecewiseConstant,
    Plan,
    audit,
    from_json,
    json_schema,
    minimum,
    parse,
    wsd,
)
from run.values import assert_is_a_value

CLOCK = Clock(batch_size=PiecewiseConstant((8, 16), milestones=(800,)), tokens_per_sample=2, tokens=4000)
PLAN = Plan(
    lr=wsd(0.4, warmup=200, stable=2800, decay=1000),
    weight_decay=0.1,
    groups={"muon": Plan({"betas[0]": 0.9}, lr=Cosine(0.1, 0.01, steps=4000)), "a b": Plan(momentum=Constant(0.5))},
)
PLANS = [
    PLAN,
    PLAN.on(CLOCK, "tokens"),
    Plan(lr=0.1),
    Plan({"class": 1, "self": 2, "groups": 3}),
    Plan(groups={"a": Plan(eps=1e-8)}),
]


def test_a_plan_says_all_values():
    assert PLAN(100) == {"lr": 0.2, "weight_decay": 0.1}
    assert PLAN.groups["muon"](4000) == {"lr": 0.01, "betas[0]": 0.9}
    assert list(PLAN) == ["lr", "weight_decay"]
    assert (len(PLAN), "lr" in PLAN, "betas[0]" in PLAN, dict(PLAN)["weight_decay"]) == (2, True, False, Constant(0.1))
    values = PLAN(np.arange(3))
    assert {name: value.tolist() for name, value in values.items()} == {
        "lr": [0, 0.002, 0.004],
        "weight_decay": [0.1] * 3,
    }


def test_a_plan_is_read_as_a_dict_is():
    as_dict = {"lr": PLAN["lr"], "weight_decay": Constant(0.1)}
    assert {**PLAN} == dict(PLAN) == dict(PLAN.items()) == as_dict
    assert (list(PLAN.keys()), list(PLAN.values())) == (list(as_dict), list(as_dict.values()))
    assert PLAN.keys() & {"lr", "momentum"} == {"lr"}
    assert (PLAN.get("lr"), PLAN.get("muon"), PLAN.get("muon", 3)) == (PLAN["lr"], None, 3)
    for name in ("muon", "groups", 0):
        with pytest.raises(KeyError, match=repr(name)):
            PLAN[name]
    groups_alone = Plan(groups={"a": Plan(lr=0.1)})
    assert (len(groups_alone), [*groups_alone.values()], groups_alone(3)) == (0, [], {})


def test_a_plan_on_a_clock_is_that_of_each_schedule():
    on = PLAN.on(CLOCK, "tokens")
    assert on["lr"] == PLAN["lr"].on(CLOCK, "tokens")
    assert on.groups["muon"]["lr"] == PLAN.groups["muon"]["lr"].on(CLOCK, "tokens")
    end = CLOCK.steps()
    assert (on(end - 1)["lr"] > 0, on(end)["lr"]) == (True, 0)
    assert on.boundaries == (12.5, 143.75, 175)
    assert CLOCK.tokens_at(175) == 4000


@pytest.mark.parametrize(
    "call",
    [
        lambda: audit(PLAN, [0], [0.1]),
        lambda: Cosine(0.1, steps=3).then(PLAN, at=2),
        lambda: minimum(PLAN, 0.1),
        lambda: Cosine(0.1, steps=3) * PLAN,
        lambda: Plan(lr=PLAN),
    ],
)
def test_a_plan_is_no_schedule(call):
    with pytest.raises(
        TypeError, match=r"must be a schedule.*, got Plan\(.* Hint: a plan has one for each hyperparameter"
    ):
        call()


def test_an_explanation_has_a_line_for_each_part():
    text = str(PLAN.explain(100))
    assert [line.split(":")[0] for line in text.splitlines() if not line.startswith(" ")] == [
        "lr",
        "weight_decay",
        "a b.momentum",
        "muon.lr",
        "muon.betas[0]",
    ]
    assert PLAN.explain(100)["lr"].value == 0.2


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_a_plan_is_equal_to_all_that_is_made_of_it(plan):
    assert_is_a_value(plan)
    assert [other for other in PLANS if other == plan] == [plan]


@pytest.mark.parametrize("plan", PLANS, ids=range(len(PLANS)))
def test_a_plans_form_obeys_the_schema(plan):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(__import__("json").loads(plan.to_json()), json_schema())


def test_the_order_of_names_means_nothing():
    assert Plan(weight_decay=0.1, lr=0.2) == Plan(lr=0.2, weight_decay=0.1) == Plan({"weight_decay": 0.1}, lr=0.2)
    assert parse("Plan(lr=Cosine(0.3, steps=10)).on(Clock(updates=5), 'share')") == Plan(lr=Cosine(0.3, steps=10)).on(
        Clock(updates=5), "share"
    )
    assert PLAN.replace(lr=1).replace(lr=PLAN["lr"]) == PLAN


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: Plan(), ValueError, "`Plan` must have at least one hyperparameter or group."),
        (lambda: Plan(lr="x"), TypeError, "`lr` must be a schedule or a number, got 'x'."),
        (lambda: Plan({"betas[0]": -1}), ValueError, "`betas[0]` must be >= 0, got -1."),
        (lambda: Plan({3: 1}), TypeError, "`mapping` must be a mapping from names, got {3: 1}."),
        (lambda: Plan({"lr": 1}, lr=2), ValueError, "`lr` must be left out where `mapping` has it, got 2."),
        (
            lambda: Plan([("lr", 1), ("lr", 2)]),
            ValueError,
            "`mapping` must be a mapping with each name once, got 'lr'.",
        ),
        (lambda: Plan(PLAN), TypeError, "`mapping` must be a mapping from names, got Plan("),
        (lambda: Plan(["lr"]), TypeError, "`mapping` must be a mapping from names, got ['lr']."),
        (lambda: Plan(lr=1, groups=0), TypeError, "`groups` must be a mapping from names, got 0."),
        (lambda: Plan(lr=1, groups=""), TypeError, "`groups` must be a mapping from names, got ''."),
        (lambda: Plan(groups=Plan(lr=1)), TypeError, "`groups` must be a mapping from names, got Plan("),
        (lambda: Plan(lr=1, groups={"a": 3}), TypeError, "`groups['a']` must be a Plan without groups, got 3."),
        (
            lambda: PLAN.on(CLOCK, "epochs"),
            ValueError,
            "`updates_per_epoch` or `samples_per_epoch` is needed for epochs.",
        ),
        (lambda: PLAN(-1), ValueError, "`t` must be >= 0, got -1."),
    ],
)
def test_what_makes_no_plan_is_refused_by_name(make, kind, message):
    with pytest.raises(kind, match="^" + re.escape(message)):
        make()


def test_a_plan_of_groups_alone_is_true():
    assert Plan(groups={"muon": Plan(lr=0.1)})


# Names that Python reads as others, or not at all.
@pytest.mark.parametrize("name", ["\u00b5", "\ufb01", "__debug__", "None", "self", "groups", "a b", "'"])
def test_any_name_comes_back_as_it_was(name):
    plan = Plan({name: 0.1, "lr": 0.2})
    assert parse(repr(plan)) == plan == from_json(plan.to_json())


def test_many_names_take_little_time():
    names = [f"name{i}" for i in range(5_000)]
    assert len(Plan(dict.fromkeys(names, 0.1))) == len(names)


def test_a_plan_is_drawn_with_a_panel_for_each_quantity():
    plt = pytest.importorskip("matplotlib.pyplot")
    figure = PLAN.plot(stop=5000)
    assert [ax.get_ylabel() for ax in figure.axes if ax.get_ylabel()] == [
        "lr",
        "weight_decay",
        "a b.momentum",
        "muon.lr",
        "muon.betas[0]",
    ]
    plt.close(figure)


# Public runs


def nanochat(updates):
    """The three schedules of nanochat's base_train.py, as one plan."""
    decay = round(0.65 * updates)
    warm = Linear(0, 1, steps=40).advance(1).then(Constant(1), at=40)
    late = Constant(0.97).cooldown(at=updates - decay, steps=decay, final_lr=0.9)
    return Plan(
        lr=warm.cooldown(at=updates - decay, steps=decay, final_lr=0.05),
        momentum=Linear(0.85, 0.97, steps=400).then(late.advance(400), at=400),
        weight_decay=Cosine(0.28, steps=updates),
    )


@pytest.mark.parametrize("n", [900, 2000, 21_400])
def test_nanochat(n):
    d = round(0.65 * n)
    plan = nanochat(n)
    for t in range(n):
        p = (n - t) / d
        lr = (t + 1) / 40 if t < 40 else 1 if t <= n - d else p + 0.05 * (1 - p)
        late = 0.97 - 0.07 * (t - (n - d)) / d if t >= n - d else 0.97
        momentum = 0.85 + 0.12 * t / 400 if t < 400 else late
        # The textbook's (1 + cos) / 2 loses digits near 0.
        decay = 0.28 * math.sin(math.pi * (n - t) / n / 2) ** 2
        assert plan(t) == pytest.approx({"lr": lr, "momentum": momentum, "weight_decay": decay}, rel=1e-12)


def test_the_known_answers_of_nanochat():
    known = {
        701: (0.9992692307692308, 0.9699461538461538, 0.20336264906321638),
        1999: (0.05073076923076924, 0.9000538461538462, 1.7271804150675865e-07),
    }
    for t, (lr, momentum, decay) in known.items():
        value = nanochat(2000)(t)
        assert (value["lr"], value["momentum"]) == pytest.approx((lr, momentum), rel=1e-12)
        assert value["weight_decay"] == pytest.approx(decay, rel=1e-9)


def test_modded_nanogpt():
    stages = PiecewiseConstant((1.0, 1.52, 1.73, 1.0), milestones=(423, 847, 1270))
    down, up = [Constant(a).then(Linear(a, b, steps=762), at=508) for a, b in ((1, 0), (0, 0.15))]
    plan = Plan(
        lr=stages * down + up, momentum=Linear(0.85, 0.95, steps=300).then(Linear(0.95, 0.85, steps=50), at=1235)
    )
    for t in range(1285):
        m = 1.0 if t < 423 else 1.52 if t < 847 else 1.73 if t < 1270 else 1.0
        u = min(1, max(0, t - 508) / 762)
        momentum = 0.85 + 0.1 * t / 300 if t < 300 else 0.95 if t <= 1235 else 0.95 - 0.1 * (t - 1235) / 50
        assert plan(t) == pytest.approx({"lr": m * (1 - u) + 0.15 * u, "momentum": momentum}, rel=1e-12)
    assert plan(847)["lr"] == pytest.approx(1.0270866141732282, rel=1e-12)
    assert plan(1284) == pytest.approx({"lr": 0.15, "momentum": 0.852}, rel=1e-12)


@pytest.mark.parametrize(
    ("ratio", "kind", "least", "known"),
    [
        (None, "linear", 0.0, {0: 0.005, 199: 1, 200: 1, 500: 0.625, 801: 0.24875, 999: 0.00125}),
        (0.2, "linear", 0.0, {0: 0.005, 500: 1, 800: 1, 801: 0.995, 900: 0.5, 999: 0.005}),
        (0.2, "sqrt", 0.1, {800: 1, 801: 0.936360389693, 900: 0.363603896932, 999: 0.102252819553}),
        (0.2, "cosine", 0.1, {800: 1, 801: 0.999944484617, 900: 0.55, 999: 0.100055515383}),
    ],
)
def test_the_five_fields_of_torchtitan(ratio, kind, least, known):
    warmup, total = 200, 1000
    decay = total - warmup if ratio is None else round(total * ratio)
    warm = Linear(0, 1, steps=warmup).advance(1).then(Constant(1), at=warmup)
    plan = Plan(lr=warm.cooldown(at=total - decay, steps=decay, final_lr=least, shape=kind))
    for t, value in known.items():
        assert plan(t)["lr"] == pytest.approx(value, rel=1e-11)
    for t in range(total):
        p = max(0, t - (total - decay)) / decay
        q = {"linear": 1 - p, "sqrt": 1 - math.sqrt(p), "cosine": (1 + math.cos(math.pi * p)) / 2}[kind]
        expected = (t + 1) / warmup if t < warmup else least + (1 - least) * q
        assert plan(t)["lr"] == pytest.approx(expected, rel=1e-12)
