"""A live MXNet scheduler, read at any update, gives the rates that it has used and those that it goes on to use."""

from functools import partial

import pytest

from lrsched_core import Constant, Cosine, Factor, Function, Plateau

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Scheduler, from_mxnet
from mxnet_training import parameters, step, trainer_of

UPDATES = 60

WARMUPS = {
    "": {},
    " behind a warmup": {"warmup_steps": 7, "warmup_begin_lr": 0.01},
    " behind a constant": {"warmup_steps": 7, "warmup_begin_lr": 0.2, "warmup_mode": "constant"},
    " behind one update": {"warmup_steps": 1},
}
SCHEDULERS = {
    f"{name}{kind}": partial(getattr(mxnet.lr_scheduler, f"{name}Scheduler"), **arguments, base_lr=0.4, **warmup)
    for name, arguments in {
        "Factor": {"step": 5, "factor": 0.7, "stop_factor_lr": 0.02},
        "MultiFactor": {"step": [3, 6, 20, 50], "factor": 0.5},
        "Poly": {"max_update": 40, "pwr": 3, "final_lr": 0.05},
        "Cosine": {"max_update": 40, "final_lr": 0.05},
    }.items()
    for kind, warmup in WARMUPS.items()
}


def run(scheduler, start, stop):
    """The rates of the updates from `start` on, which MXNet counts from 1."""
    return [scheduler(t + 1) for t in range(start, stop)]


def values(schedule):
    return [schedule(t) for t in range(UPDATES)]


@pytest.mark.parametrize("make", SCHEDULERS.values(), ids=SCHEDULERS)
@pytest.mark.parametrize("n", [0, 1, 4, 8, 21, 45, 59])
def test_a_scheduler_is_read_at_any_update(make, n):
    scheduler = make()
    before = run(scheduler, 0, n)
    schedule = from_mxnet(scheduler)
    assert values(schedule) == pytest.approx(before + run(scheduler, n, UPDATES), rel=1e-12)


@pytest.mark.parametrize("make", SCHEDULERS.values(), ids=SCHEDULERS)
def test_what_is_read_does_not_depend_on_when(make):
    scheduler = make()
    schedules = set()
    for t in range(UPDATES):
        schedules.add(from_mxnet(scheduler))
        scheduler(t + 1)
    assert len(schedules) == 1


def test_what_is_read_looks_as_it_would_be_written():
    scheduler = SCHEDULERS["Cosine"](warmup_steps=5)
    assert from_mxnet(scheduler) == Cosine(0.4, 0.05, steps=35).with_warmup(5).advance(1)


def test_our_own_scheduler_gives_its_schedule_back():
    schedule = Cosine(0.5, steps=9)
    assert from_mxnet(Scheduler(schedule)) is schedule


def test_the_schedule_takes_over_where_a_trainer_stands():
    def trained(scheduler, updates, begin=0):
        params, rates = parameters(), []
        trainer = trainer_of(scheduler, params, begin_num_update=begin)
        for _ in range(updates):
            step(trainer, params)
            rates.append(trainer.learning_rate)
        return rates

    make = SCHEDULERS["Factor behind a warmup"]
    whole = trained(make(), 30)
    begun = make()
    assert trained(begun, 12) == whole[:12]
    rest = trained(Scheduler(from_mxnet(begun)), 18, begin=12)
    assert rest == pytest.approx(whole[12:], rel=1e-12)


# What optimizers write


@pytest.mark.parametrize("kind", WARMUPS)
@pytest.mark.parametrize("name", ["Factor", "MultiFactor"])
@pytest.mark.parametrize("n", [0, 4, 9, 21])
def test_a_rate_that_an_optimizer_wrote_is_respected(name, kind, n):
    """Adam writes its default of 0.001."""
    scheduler = SCHEDULERS[f"{name}{kind}"](**({"stop_factor_lr": 0.0} if name == "Factor" else {}))
    mxnet.optimizer.Adam(lr_scheduler=scheduler)
    assert scheduler.base_lr == 0.001
    before = run(scheduler, 0, n)
    schedule = from_mxnet(scheduler)
    assert values(schedule) == pytest.approx(before + run(scheduler, n, UPDATES), rel=1e-12)


@pytest.mark.parametrize("name", ["Poly", "Cosine"])
def test_a_rate_that_an_optimizer_wrote_has_no_influence_on_decays_that_know_their_own(name):
    scheduler = SCHEDULERS[name]()
    untouched = from_mxnet(scheduler)
    mxnet.optimizer.Adam(lr_scheduler=scheduler)
    assert from_mxnet(scheduler) == untouched
    assert values(untouched) == pytest.approx(run(scheduler, 0, UPDATES), rel=1e-12)


def test_the_number_that_an_optimizer_wrote_is_found_again():
    scheduler = mxnet.lr_scheduler.FactorScheduler(step=5, factor=0.7, stop_factor_lr=0.0, base_lr=0.4)
    mxnet.optimizer.Adam(lr_scheduler=scheduler)
    run(scheduler, 0, 50)
    assert from_mxnet(scheduler) == Factor(0.001, 0.7, every=5)


# What is refused


def test_a_first_rate_that_the_floor_has_swallowed_is_refused():
    scheduler = SCHEDULERS["Factor"](stop_factor_lr=1e-4)
    scheduler.base_lr = 0.001
    run(scheduler, 0, UPDATES)
    assert scheduler.base_lr == 1e-4
    with pytest.raises(
        ValueError, match=r"^`base_lr` of the scheduler must be above `stop_factor_lr`, .*, got 0.0001\.$"
    ):
        from_mxnet(scheduler)


@pytest.mark.parametrize(
    ("name", "attribute", "value", "message"),
    [
        ("Factor", "count", 3, "`count` of the scheduler must be a multiple of `step`, 5, got 3."),
        ("Poly", "max_update", 50, "`max_steps` of the scheduler must be `max_update - warmup_steps`, which is 50"),
        ("Cosine", "base_lr_orig", 0.3, "`warmup_final_lr` of the scheduler must be `base_lr_orig`, which is 0.3"),
    ],
)
def test_attributes_that_contradict_each_other_are_refused(name, attribute, value, message):
    scheduler = SCHEDULERS[name]()
    setattr(scheduler, attribute, value)
    with pytest.raises(ValueError, match=f"^{message}"):
        from_mxnet(scheduler)


def test_another_rate_behind_a_warmup_that_never_ends_in_a_decay_is_refused():
    scheduler = SCHEDULERS["Poly"](warmup_steps=50)
    assert values(from_mxnet(scheduler)) == pytest.approx(run(scheduler, 0, UPDATES))
    scheduler.base_lr = 0.001
    with pytest.raises(
        ValueError, match=r"^`base_lr` of the scheduler must be `base_lr_orig`, which is 0.4, .*, got 0.001"
    ):
        from_mxnet(scheduler)


def test_a_decay_of_no_length_is_refused():
    """MXNet divides by zero there."""
    with pytest.raises(ValueError, match=r"^`warmup_steps` must be other than `max_update`, which is 40, got 40"):
        from_mxnet(SCHEDULERS["Poly"](warmup_steps=40))


class Half(mxnet.lr_scheduler.FactorScheduler):
    """A subclass."""

    def __call__(self, num_update):
        return super().__call__(num_update) / 2


def half(t):
    return 0.5


@pytest.mark.parametrize("scheduler", [half, Half(step=3), Scheduler(half), mxnet.lr_scheduler.LRScheduler(), 0.1])
def test_what_cannot_be_read_is_refused(scheduler):
    with pytest.raises(
        TypeError, match=r"^`scheduler` must be one of the four that MXNet has, got .* Hint: .*Function"
    ):
        from_mxnet(scheduler)


def test_a_rule_is_no_function_of_time():
    scheduler = Scheduler(Constant(0.5), rule=Plateau())
    with pytest.raises(TypeError, match=r"^`scheduler` must be a function of time, got a Scheduler with a rule"):
        from_mxnet(scheduler)
    assert from_mxnet(Scheduler(scheduler.schedule)) == Constant(0.5)


def test_what_the_refusal_tells_to_do_is_enough():
    assert values(Function(half)) == values(Constant(0.5))
