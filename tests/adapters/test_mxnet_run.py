"""MXNet follows a plan and a rule, through its own states, and says what was used."""

import csv

import numpy as np
import pytest

from lrsched_core import Cosine, Linear, Plan, Plateau, extend

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Record, Scheduler, plan_of
from mxnet_training import moves_of, parameters, trainer_of, weights_of

SCHEDULE = Cosine(0.3, 0.01, steps=12).with_warmup(4, start=0.05)


def training(scheduler, optimizer="sgd", **options):
    params = parameters()
    return params[0], trainer_of(scheduler, params, optimizer, **{"learning_rate": None, **options})


def step(parameter, trainer):
    """How far an update moves the parameter."""
    [[move]] = moves_of(trainer, [parameter], 1)
    return move


DECAY = Plan(lr=SCHEDULE, weight_decay=Linear(0.5, 0.1, steps=6))
MOMENTUM = DECAY.replace(momentum=Linear(0.5, 0.9, steps=5))
BETAS = DECAY.replace(beta1=Linear(0.8, 0.9, steps=5), beta2=Linear(0.9, 0.99, steps=5))
# DCASGD keeps a copy of its weights; SGLD draws noise.
FOLLOWING = {
    "sgd": MOMENTUM, "nag": MOMENTUM, "signum": MOMENTUM, "adam": BETAS, "adamax": BETAS, "nadam": BETAS, "lamb": DECAY,
    "ftml": BETAS, "adagrad": DECAY, "rmsprop": DECAY, "dcasgd": DECAY,
}  # fmt: skip


@pytest.mark.parametrize("name", FOLLOWING)
def test_the_weights_are_those_of_the_same_values_set_by_hand(name):
    plan = FOLLOWING[name]
    options = {"momentum": 0.9} if "momentum" in plan else {}
    followed, _ = weights_of(name, plan, by_hand=False, **options)
    assert followed == weights_of(name, plan, by_hand=True, **options)[0]
    assert followed != weights_of(name, plan.replace(weight_decay=0.9), by_hand=False, **options)[0]


@pytest.mark.filterwarnings("ignore:`base_lr`:UserWarning")  # FTRL refuses a rate of None
@pytest.mark.parametrize(("name", "plan"), [("lbsgd", DECAY), ("ftrl", DECAY), ("lamb", BETAS)])
def test_an_optimizer_that_looks_before_it_asks_is_refused(name, plan):
    options = {"learning_rate": 0.1} if name == "ftrl" else {}
    parameter, trainer = training(Scheduler(plan), name, **options)
    with pytest.raises(ValueError, match=r"^`schedule` must be of the rate.* alone for"):
        step(parameter, trainer)


@pytest.mark.parametrize("scheduled", [SCHEDULE, DECAY], ids=["schedule", "plan"])
def test_an_optimizer_that_never_asks_is_told_when_its_states_are_saved(scheduled, tmp_path, recwarn):
    parameter, trainer = training(Scheduler(scheduled), "adadelta")
    trainer.save_states(str(tmp_path / "states"))
    assert not recwarn.list
    for _ in range(2):
        step(parameter, trainer)
    message = r"^AdaDelta has made 2 updates and never asked for the rate: (Plan|Sequence|Cosine)\(.* had no effect"
    with pytest.warns(UserWarning, match=message) as said:
        trainer.save_states(str(tmp_path / "states"))
    assert said[-1].filename == __file__
    if scheduled is DECAY:
        with pytest.raises(ValueError, match=r"^`schedule` must be of the rate alone for AdaDelta"):
            trainer.learning_rate  # noqa: B018


@pytest.mark.parametrize("name", ["sgd", "adam", "lbsgd"])
def test_who_asks_is_told_nothing(name, tmp_path, recwarn):
    parameter, trainer = training(Scheduler(SCHEDULE), name)
    for _ in range(3):
        step(parameter, trainer)
        trainer.save_states(str(tmp_path / "states"))
    assert not [one for one in recwarn.list if "never asked" in str(one.message)]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(weight_decay=0.1), "with `lr`"),
        (Plan(lr=0.1, learning_rate=0.1), "once"),
        (Plan(lr=0.1, wd=0.1, weight_decay=0.1), "once"),
        (Plan(groups={"a": Plan(lr=0.1)}), "without groups"),
    ],
)
def test_a_plan_that_no_optimizer_can_follow_is_refused(plan, message):
    with pytest.raises(ValueError, match=f"^`schedule` must .*{message}"):
        Scheduler(plan)


def test_an_option_that_the_optimizer_does_not_have_is_refused():
    parameter, trainer = training(Scheduler(Plan(lr=0.1, beta1=0.9)))
    with pytest.raises(ValueError, match=r"^`schedule` must be a plan of what SGD has, got 'beta1'"):
        step(parameter, trainer)
    parameter, trainer = training(Scheduler(Plan(lr=0.1, momentum=0.9)))
    with pytest.raises(ValueError, match=r"^`momentum` of the optimizer must be > 0 when it is created"):
        step(parameter, trainer)


def test_the_plan_is_read_from_states_trainer_and_optimizer(tmp_path):
    parameter, trainer = training(Scheduler(DECAY))
    step(parameter, trainer)
    trainer.save_states(str(tmp_path / "states"))
    for source in (tmp_path / "states", str(tmp_path / "states"), (tmp_path / "states").read_bytes(), trainer):
        assert plan_of(source) == DECAY
    with pytest.raises(ValueError, match=r"^`states` must be of a training with a Scheduler"):
        plan_of(training(None, learning_rate=0.1)[1])
    for broken in (b"", b"abc", tmp_path / "broken"):
        (tmp_path / "broken").write_bytes(b"\x80")
        with pytest.raises(ValueError, match=r"^`states` must be of `trainer.save_states`, got what cannot"):
            plan_of(broken)


@pytest.mark.parametrize("scheduler", [Scheduler(DECAY), mxnet.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.5)])
def test_what_is_recorded_is_how_far_each_update_moved_the_weight(scheduler, tmp_path):
    parameter, trainer = training(scheduler)
    record, moved = Record(trainer), []
    for _ in range(6):
        moved.append(step(parameter, trainer))
        record.note()
        record.note()
    assert [np.float32(row["lr"]) for row in record.rows] == moved
    record.save(tmp_path / "used.csv")
    with (tmp_path / "used.csv").open() as file:
        assert [row["update"] for row in csv.DictReader(file)] == [*"012345"]


def test_a_record_has_the_scale_of_a_rule_beside_the_rate():
    rule, scores = Plateau(0.5, 0), [1.0, 0.5, 0.5, 0.75, 0.25]
    scheduler = Scheduler(SCHEDULE, rule=rule)
    parameter, trainer = training(scheduler)
    record, state, scales = Record(trainer), rule.start(), []
    for score in scores:
        step(parameter, trainer)
        record.note()
        scheduler.observe(score)
        scales.append(state.scale)
        state = rule.update(state, score)
    assert [row["scale"] for row in record.rows] == scales
    assert [row["lr"] for row in record.rows] == [SCHEDULE(t) * scale for t, scale in enumerate(scales)]


# A branch


@pytest.mark.parametrize("change", ["cooldown", "longer", "tail"])
def test_a_branch_of_a_run_that_was_stopped_has_the_weights_of_one_planned_so(change, tmp_path):
    plan = MOMENTUM

    def branched(old, at):
        if change == "longer":
            return extend(old, at=at, stop=16, new_stop=30)
        cooled, continued = old["lr"].cooldown(at=at, steps=4), old["lr"].then(Linear(0.1, steps=5), at=at)
        return old.replace(lr=cooled if change == "cooldown" else continued)

    def begun(followed, weight=None, **options):
        parameter, trainer = training(Scheduler(followed, **options), momentum=0.9)
        parameter.set_data(mxnet.nd.ones(1) if weight is None else weight)
        return parameter, trainer

    def trained(parameter, trainer, updates):
        for _ in range(updates):
            with mxnet.autograd.record():
                loss = parameter.data().square().sum()
            loss.backward()
            trainer.step(1)
        return parameter.data()

    parameter, trainer = begun(plan)
    weight = trained(parameter, trainer, 7)
    trainer.save_states(str(tmp_path / "states"))
    old = plan_of(tmp_path / "states")
    assert old == plan
    parameter, trainer = begun(branched(old, 7), weight, on_change="future")
    trainer.load_states(str(tmp_path / "states"))
    weight = trained(parameter, trainer, 6).asscalar()
    assert weight == trained(*begun(branched(plan, 7)), 13).asscalar() != trained(*begun(plan), 13).asscalar()
    assert plan_of(trainer) == branched(plan, 7)
    _, trainer = begun(branched(plan, 3), on_change="future")
    with pytest.raises(
        ValueError, match=r"made with before t=7, got another, which first differs at t=\d: .* for '(lr|weight_decay)'"
    ):
        trainer.load_states(str(tmp_path / "states"))
