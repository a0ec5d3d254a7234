"""A rule on top of a schedule in `ScheduleLR`: the rate in force is `schedule(t) * scale`, after any load too."""

import copy
import math
import pickle
import random

import pytest

from lrsched_core import Constant, Cosine, Greedy, Linear, Plan, Plateau
from lrsched_core._run.plateau import PlateauState

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import (  # only where torch is installed
    ChainedScheduler,
    ExponentialLR,
    LambdaLR,
    ReduceLROnPlateau,
    SequentialLR,
)

from lrsched_torch import ScheduleLR, from_torch, plan_of  # as above
from torch_training import add_group, make_optimizer, rates_of, through_a_file, update  # as above

LR = Cosine(0.3, 0.01, steps=60).with_warmup(6)
RULES = [
    Plateau(0.5, patience=1),
    Plateau(0.7, patience=0, cooldown=2, mode="max", threshold_mode="abs"),
    Plateau(0.1, patience=2, min_scale=0.05),
    Greedy(0.5, patience=1),
    Greedy(0.5, patience=0, window=3),
]
UPDATES = 50


def metrics(seed, count=UPDATES):
    """Metrics that stand still now and then, NaN and infinities among them."""
    rng = random.Random(seed)
    choices = [1.0, 0.9, 0.9, 0.8, -0.5, 0.0, 2.0, math.nan, math.inf]
    return [rng.choice(choices) if rng.random() < 0.5 else rng.gauss(0, 1) for _ in range(count)]


def scales(rule, seen):
    """What the rule itself says, before the first metric and after each."""
    states = [rule.start()]
    for metric in seen:
        states.append(rule.update(states[-1], metric))
    return [state.scale for state in states]


def drive(scheduler, seen):
    """Update and observe in turn; return what each update moved the weights by."""
    moves = []
    for metric in seen:
        moves.append(update(scheduler.optimizer))
        scheduler.step()
        scheduler.observe(metric)
        assert scheduler.get_last_lr() == rates_of(scheduler.optimizer)
    return moves


# Each way to give the same schedule, and the rates of the groups before a rule comes in.
FORMS = {
    "a schedule": (lambda optimizer, **how: ScheduleLR(optimizer, LR, **how), [1.0, 1.0], [1.0, 1.0]),
    "a list": (lambda optimizer, **how: ScheduleLR(optimizer, [LR, 2 * LR], **how), [1.0, 1.0], [1.0, 2.0]),
    "a plan": (
        lambda optimizer, **how: ScheduleLR(optimizer, Plan(lr=LR, weight_decay=0.0), **how),
        [1.0, 1.0],
        [1.0, 1.0],
    ),
    "a factor": (lambda optimizer, **how: ScheduleLR(optimizer, LR, mode="factor", **how), [1.0, 0.5], [1.0, 0.5]),
    "edits kept": (
        lambda optimizer, **how: ScheduleLR(optimizer, LR, mode="factor", on_edit="keep", **how),
        [1.0, 0.5],
        [1.0, 0.5],
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("form", FORMS)
def test_weights_move_by_the_schedule_times_the_scale(form, rule):
    make, owns, shares = FORMS[form]
    for seed in range(5):
        seen = metrics(seed)
        moves = drive(make(make_optimizer(*owns), rule=rule), seen)
        # (lr(t) * own) * scale, each rounded once.
        assert moves == [
            [(share * LR(t)) * scale for share in shares]
            for t, scale in zip(range(UPDATES), scales(rule, seen), strict=False)
        ]


def test_only_the_rate_is_scaled():
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, Plan(lr=LR, weight_decay=LR, momentum=0.5), rule=Plateau(0.5, patience=0))
    update(optimizer)
    scheduler.step()
    scheduler.observe(1.0)
    scheduler.observe(1.0)
    assert (scheduler.scale, *rates_of(optimizer)) == (0.5, LR(1) * 0.5)
    scheduler.step()
    (group,) = optimizer.param_groups
    assert (group["lr"], group["weight_decay"], group["momentum"]) == (LR(2) * 0.5, LR(2), 0.5)


@pytest.mark.parametrize("form", [float, torch.tensor, lambda x: torch.tensor([x], dtype=torch.float64), "numpy"])
def test_a_metric_may_be_anything_with_one_number(form):
    if form == "numpy":
        form = pytest.importorskip("numpy").float64
    scheduler = ScheduleLR(make_optimizer(), Constant(0.5), rule=Plateau(0.5, patience=0))
    for metric in (0.5, 0.75):
        scheduler.observe(form(metric))
    assert scheduler.rule_state == (0.5, 0.5, 0, 0)
    assert [type(value) for value in scheduler.rule_state] == [float, float, int, int]
    assert rates_of(scheduler.optimizer) == [0.25]


def test_what_cannot_be_observed_is_refused():
    scheduler = ScheduleLR(make_optimizer(), LR, rule=Plateau())
    before = scheduler.rule_state
    for metric, error in (("0.5", TypeError), (None, TypeError), (True, TypeError), (torch.tensor(True), TypeError)):
        with pytest.raises(error, match="`metric` must be"):
            scheduler.observe(metric)
    with pytest.raises(ValueError, match=r"`metric` must be one number, got 2\. Hint: their mean"):
        scheduler.observe(torch.zeros(2))
    assert scheduler.rule_state == before
    with pytest.raises(ValueError, match=r"^`rule` must be given for observe\(metric\), got None\."):
        ScheduleLR(make_optimizer(), LR).observe(1.0)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"rule": Plateau},
            TypeError,
            r"^`rule` must be a rule, such as Plateau\(0.5, patience=3\), got .* Hint: Plateau\(\)\.$",
        ),
        ({"rule": 0.5}, TypeError, r"^`rule` must be a rule, such as Plateau\(0.5, patience=3\), got 0\.5\.$"),
        ({"rule_state": (1.0, 1.0, 0, 0)}, ValueError, r"^`rule_state` must come with the `rule` that made it"),
        (
            {"rule": Plateau(), "rule_state": (1.0, 1.0)},
            TypeError,
            r"^`rule_state` must be a PlateauState: scale, best",
        ),
        ({"rule": Plateau(), "rule_state": (1.0, 1.0, 0.5, 0)}, TypeError, r"^`rule_state` must be a PlateauState"),
        (
            {"rule": Plateau(), "rule_state": (math.nan, 1.0, 0, 0)},
            ValueError,
            r"^`rule_state` must have a finite scale",
        ),
        *[
            (
                {"rule": Plateau(), "rule_state": state},
                TypeError,
                r"^`rule_state` must be a PlateauState: scale, best, bad",
            )
            for state in (
                PlateauState("x", 1.0, 0, 0),
                PlateauState(1.0, None, 0, 0),
                Greedy().start(),
                (1.0, 10**400, 0, 0),
            )
        ],
    ],
)
def test_what_is_no_rule_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        ScheduleLR(make_optimizer(), LR, **options)


def test_a_rule_without_a_rate_is_refused():
    with pytest.raises(ValueError, match=r"^`rule` must have a rate to scale, got Plateau\(\) for momentum alone"):
        ScheduleLR(make_optimizer(), {"momentum": LR}, rule=Plateau())


def test_a_group_that_joins_is_scaled_like_the_others():
    optimizer = make_optimizer(1.0)
    scheduler = ScheduleLR(optimizer, LR, mode="factor", rule=Plateau(0.5, patience=0))
    drive(scheduler, [1.0] * 10)
    add_group(optimizer, lr=2 * rates_of(optimizer)[0])
    drive(scheduler, [0.0])
    one, two = rates_of(optimizer)
    assert two == pytest.approx(2 * one, rel=1e-15)


def test_a_hand_that_changed_the_rate_is_not_overruled_by_observing():
    """What somebody made of it lasts until the next step, as without a rule."""
    scheduler = ScheduleLR(make_optimizer(), Constant(0.5), rule=Plateau(0.5, patience=0))
    scheduler.observe(1.0)
    scheduler.optimizer.param_groups[0]["lr"] = 0.125
    scheduler.observe(1.0)
    assert (scheduler.scale, rates_of(scheduler.optimizer)) == (0.5, [0.125])
    update(scheduler.optimizer)
    scheduler.step()
    assert rates_of(scheduler.optimizer) == [0.25]


@pytest.mark.parametrize("seed", range(5))
def test_edits_of_others_last_beside_a_rule(seed):
    """A chain with torch's own, and its own rule: the product of all."""
    rule, seen = Plateau(0.5, patience=1), metrics(seed)
    optimizer = make_optimizer(1.0, 0.25)
    inner = ScheduleLR(optimizer, Linear(1.0, 0.5, steps=50), mode="factor", on_edit="keep", rule=rule)
    chain = ChainedScheduler([inner, ExponentialLR(optimizer, 0.875)])
    for t, (metric, scale) in enumerate(zip(seen, scales(rule, seen), strict=False)):
        expected = Linear(1.0, 0.5, steps=50)(t) * 0.875**t * scale
        assert rates_of(optimizer) == pytest.approx([expected, expected / 4], rel=1e-12)
        update(optimizer)
        chain.step()
        inner.observe(metric)


def test_in_a_sequence_a_rule_scales_in_its_own_time():
    optimizer = make_optimizer()
    rule = Plateau(0.5, patience=0)
    parts = [ScheduleLR(optimizer, Constant(0.5), rule=rule), ScheduleLR(optimizer, Constant(0.75), rule=rule)]
    scheduler = SequentialLR(optimizer, parts, milestones=[3])
    seen = []
    for _ in range(6):
        seen.append(update(optimizer)[0])
        scheduler.step()
        parts[0].observe(1.0)
    assert (seen, parts[0].scale) == ([0.5, 0.5, 0.25, 0.75, 0.75, 0.75], 0.5**5)
    parts[1].observe(1.0)
    parts[1].observe(1.0)
    assert rates_of(optimizer) == [0.375] == parts[1].get_last_lr()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("order", [0, 1])
def test_a_hundred_killed_runs_resume_to_the_same_decisions(form, order):
    """At every update of 50, with each of the rules: rates, decisions and what is remembered, bit for bit."""
    make, owns, _ = FORMS[form]
    for seed in range(100 // len(RULES)):
        for rule in RULES:
            seen, killed = metrics(seed), random.Random(seed).randrange(UPDATES)
            optimizer = make_optimizer(*owns)
            scheduler = make(optimizer, rule=rule)
            whole = drive(scheduler, seen[:killed])
            states = through_a_file([optimizer.state_dict(), scheduler.state_dict()])
            whole += drive(scheduler, seen[killed:])
            optimizer = make_optimizer(*owns)
            twin = make(optimizer, rule=rule)
            for part, state in list(zip((optimizer, twin), states, strict=True))[:: -1 if order else 1]:
                part.load_state_dict(state)
            assert rates_of(optimizer) == twin.get_last_lr() == states[1]["_last_lr"]
            assert drive(twin, seen[killed:]) == whole[killed:]
            assert repr(twin.state_dict()) == repr(scheduler.state_dict())  # NaN among them
            assert plan_of(states[1]) == plan_of(twin.state_dict())


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_goes_on_alike(copied):
    scheduler = ScheduleLR(make_optimizer(), LR, rule=RULES[0])
    drive(scheduler, metrics(1)[:20])
    twin = copied(scheduler)
    assert drive(twin, metrics(2)) == drive(scheduler, metrics(2))


def test_a_closure_of_the_state_holds_a_rule_of_two_more_keys():
    plain, ruled = (ScheduleLR(make_optimizer(), LR, rule=rule).state_dict() for rule in (None, Plateau()))
    assert [*ruled] == [*plain, "rule", "remembered"]


@pytest.mark.parametrize(
    "remembered",
    [
        *[None, [0.5], "abcd", [0.5, 1.0, 0, 0.5], [math.inf, 1.0, 0, 0], [-1.0, 1.0, 0, 0], [True, 1.0, 0, 0]],
        *[[10**400, 1.0, 0, 0], [1.0, 1.0, 10**400, 0], {"scale": 1.0}, PlateauState("x", 1.0, 0, 0)],
    ],
)
def test_a_broken_memory_is_refused_and_nothing_changed(remembered):
    scheduler = ScheduleLR(make_optimizer(), LR, rule=Plateau())
    state = {**scheduler.state_dict(), "last_epoch": 3, "remembered": remembered}
    with pytest.raises((TypeError, ValueError), match=r"^`state_dict\['remembered'\]` must"):
        scheduler.load_state_dict(state)
    assert (scheduler.last_epoch, scheduler.rule_state) == (0, Plateau().start())


@pytest.mark.parametrize("seed", range(40))
def test_torchs_own_rule_is_carried_on(seed):
    """What `ReduceLROnPlateau` decides after it was read is what the rule decides."""
    rng = random.Random(seed)
    optimizer = make_optimizer(0.5, 0.25)
    options = {
        "mode": rng.choice(["min", "max"]),
        "factor": rng.choice([0.1, 0.5, 0.75]),
        "patience": rng.randrange(3),
        "cooldown": rng.randrange(3),
        "threshold_mode": rng.choice(["rel", "abs"]),
        "min_lr": rng.choice([0.0, [0.03125, 0.015625]]),
        "eps": 0.0,
    }
    theirs = ReduceLROnPlateau(optimizer, **options)
    seen = [abs(metric) if metric == metric else 0.5 for metric in metrics(seed)]
    for metric in seen[:20]:
        theirs.step(metric)
    rule, state = from_torch(theirs)
    rates = rates_of(optimizer)
    ours = ScheduleLR(make_optimizer(*rates), [Constant(rate) for rate in rates], rule=rule, rule_state=state)
    for metric in seen[20:]:
        theirs.step(metric)
        ours.observe(metric)
        assert rates_of(ours.optimizer) == pytest.approx(rates_of(optimizer), rel=1e-14)


def test_rates_that_share_no_scale_are_refused():
    with pytest.raises(ValueError, match=r"the same part of every group's rate, .* got parts 0.2, 0.1"):
        from_torch(ReduceLROnPlateau(make_optimizer(0.5, 1.0), min_lr=0.1))


def test_a_scheduler_with_a_rule_is_no_function_of_time():
    with pytest.raises(TypeError, match="a rule that reacts to a metric"):
        from_torch(ScheduleLR(make_optimizer(), LR, rule=Plateau()))


def test_a_state_of_torchs_own_leaves_the_rule_as_it_is():
    scheduler = ScheduleLR(make_optimizer(), Constant(0.5), rule=Plateau(), rule_state=(0.5, 1.0, 0, 0))
    scheduler.load_state_dict(LambdaLR(make_optimizer(), lambda t: 1.0).state_dict())
    assert rates_of(scheduler.optimizer) == [0.25]


def test_a_compiled_step_goes_on_with_the_rate_that_was_observed():
    weight = torch.nn.Parameter(torch.ones(()))
    weight.grad = torch.ones(())
    optimizer = torch.optim.SGD([weight], lr=torch.tensor(0.5), foreach=False)
    scheduler = ScheduleLR(optimizer, Constant(0.5), rule=Plateau(0.5, patience=0))
    rate, compilations = optimizer.param_groups[0]["lr"], []

    def backend(graph, _):
        compilations.append(graph)
        return graph

    step = torch.compile(optimizer.step, backend=backend)
    for t in range(5):
        assert optimizer.param_groups[0]["lr"] is rate
        assert rate.item() == 0.5 * 0.5 ** max(0, t - 1)
        step()
        scheduler.step()
        scheduler.observe(1.0)
        if t == 1:
            once = len(compilations)
    assert len(compilations) == once
