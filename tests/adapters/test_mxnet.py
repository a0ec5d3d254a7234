"""MXNet trains with exactly the rates of the schedule, however often it asks."""

import functools
import pickle

import numpy as np
import pytest

from cases import WARMUP_COSINE, every_schedule
from lrsched_core import Constant, Linear

mxnet = pytest.importorskip("mxnet")

from lrsched_mxnet import Scheduler
from mxnet_training import moves_of, parameters, trainer_of


def values(schedule, times):
    """The values, as the float32 of a parameter stores them."""
    return [[np.float32(schedule(t))] for t in times]


def cube(t):
    """A plain function that can be pickled."""
    return (t + 1) ** 3


# The rate of every update


@every_schedule
def test_the_nth_update_uses_the_schedule_at_n_minus_1(schedule):
    """MXNet counts an update before it asks for its rate: num_update is 1 at the first."""
    params = parameters()
    assert moves_of(trainer_of(schedule, params), params) == values(schedule, range(8))


@pytest.mark.parametrize("optimizer", ["sgd", "nag", "signum"])
def test_every_parameter_of_an_update_gets_the_same_rate(optimizer):
    """MXNet asks once per parameter or per four of them, so it asks 3 or 9 times per update."""
    params = parameters(9)
    trainer = trainer_of(WARMUP_COSINE, params, optimizer, learning_rate=None, momentum=0.0)
    rows = moves_of(trainer, params)
    assert rows == [[np.float32(WARMUP_COSINE(t))] * 9 for t in range(8)]


def test_looking_at_the_rate_does_not_change_it():
    """A scheduler that counts its calls would decay at each look."""
    params = parameters()
    trainer = trainer_of(WARMUP_COSINE, params)
    rows = []
    for t in range(8):
        rows += moves_of(trainer, params, updates=1)
        assert [trainer.learning_rate] * 3 == [trainer.learning_rate for _ in range(3)]
        assert trainer.learning_rate == WARMUP_COSINE(t)
    assert rows == values(WARMUP_COSINE, range(8))


def test_before_training_the_trainer_shows_the_first_rate():
    trainer = trainer_of(Linear(0.5, 0.1, steps=7), parameters())
    assert trainer.learning_rate == 0.5


def test_begin_num_update_starts_the_schedule_later():
    params = parameters()
    trainer = trainer_of(WARMUP_COSINE, params, begin_num_update=3)
    assert moves_of(trainer, params, updates=4) == values(WARMUP_COSINE, range(3, 7))


def test_two_trainers_can_share_one_scheduler():
    """It has no clock of its own."""
    scheduler = Scheduler(WARMUP_COSINE)
    rows = []
    for _ in range(2):
        params = parameters()
        trainer = mxnet.gluon.Trainer(params, "sgd", {"lr_scheduler": scheduler})
        rows.append(moves_of(trainer, params))
    assert rows[0] == rows[1] == values(WARMUP_COSINE, range(8))


def test_a_rate_multiplier_applies_after_the_schedule():
    params = parameters()
    params[0].lr_mult = 0.5
    rows = moves_of(trainer_of(WARMUP_COSINE, params), params)
    assert rows == [[np.float32(WARMUP_COSINE(t) * 0.5)] for t in range(8)]


def test_the_rate_is_a_python_float():
    """MXNet's SGD refuses arrays, and a NumPy scalar in a pickle ties it to a NumPy version."""
    assert type(Scheduler(lambda_free_float64)(1)) is float
    assert type(Scheduler(Constant(1))(1)) is float


def lambda_free_float64(t):
    """A plain function with a NumPy result."""
    return np.float64(0.5)


def test_any_function_that_pickles_can_be_used():
    assert [Scheduler(cube)(num_update) for num_update in (0, 1, 2, 3)] == [1.0, 1.0, 8.0, 27.0]


# base_lr, which MXNet's optimizers write


def test_base_lr_is_the_first_rate():
    assert Scheduler(Linear(0.5, 0.1, steps=7)).base_lr == 0.5


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adamax", "nadam", "lamb", "signum"])
def test_an_optimizer_that_overwrites_base_lr_is_told_that_it_is_ignored(name):
    """They all have a default learning rate, and write it into the scheduler."""
    params = parameters()
    said = r"^`base_lr` = 0.0\d+, .* is ignored, .* that of the schedule, Cosine.* Hint: pass learning_rate=None"
    with pytest.warns(UserWarning, match=said) as warned:
        trainer = mxnet.gluon.Trainer(params, name, {"lr_scheduler": Scheduler(WARMUP_COSINE)})
    assert warned[0].filename == __file__  # of the call, not of MXNet
    assert trainer.optimizer.lr_scheduler.base_lr == WARMUP_COSINE(0)
    moves_of(trainer, params, updates=3)
    assert trainer.learning_rate == WARMUP_COSINE(2)


def test_an_adam_that_overwrote_base_lr_trains_with_the_schedule():
    """Adam's first update moves a weight by the rate; MXNet's own schedulers give 0.001 here."""
    params = parameters()
    with pytest.warns(UserWarning, match="is ignored"):
        trainer = trainer_of(Constant(0.25), params, "adam")
    assert moves_of(trainer, params, updates=1) == [[pytest.approx(0.25, rel=1e-5)]]


def test_a_second_optimizer_over_the_same_scheduler_is_told_as_well():
    scheduler = Scheduler(Constant(0.25))
    for _ in range(2):
        with pytest.warns(UserWarning, match="is ignored"):
            mxnet.optimizer.create("adam", lr_scheduler=scheduler)


def test_a_learning_rate_written_beside_the_scheduler_is_ignored_as_loudly():
    params = parameters()
    with pytest.warns(UserWarning, match=r"^`base_lr` = 0.3, .* is ignored"):
        trainer = trainer_of(WARMUP_COSINE, params, learning_rate=0.3)
    assert moves_of(trainer, params) == values(WARMUP_COSINE, range(8))


@pytest.mark.parametrize("learning_rate", [None, 0.25])
def test_with_no_learning_rate_or_the_first_one_of_the_schedule_adam_does_not_warn(learning_rate, recwarn):
    """The way out that the warning names, and a rate that does not contradict the schedule."""
    params = parameters()
    trainer = trainer_of(Constant(0.25), params, "adam", learning_rate=learning_rate)
    assert moves_of(trainer, params, updates=1) == [[pytest.approx(0.25, rel=1e-5)]]
    assert not [warning for warning in recwarn if "base_lr" in str(warning.message)]


def test_set_learning_rate_is_refused_by_mxnet_and_changes_nothing():
    params = parameters()
    trainer = trainer_of(WARMUP_COSINE, params)
    with pytest.raises(UserWarning, match="LRScheduler of the optimizer has already been defined"):
        trainer.set_learning_rate(0.7)
    assert moves_of(trainer, params) == values(WARMUP_COSINE, range(8))


# Updates that are not made


def test_a_step_that_mixed_precision_skips_moves_neither_the_weights_nor_the_schedule():
    """MXNet's loss scaler looks for gradients that are not finite."""
    from mxnet.contrib.amp.loss_scaler import LossScaler

    (parameter,) = params = parameters()
    trainer = trainer_of(WARMUP_COSINE, params)
    rows = moves_of(trainer, params, updates=3)
    trainer._amp_loss_scaler = LossScaler()
    with mxnet.autograd.record():
        loss = parameter.data() * float("inf")
    loss.backward()
    trainer.step(1)
    trainer._amp_loss_scaler = None
    assert parameter.data().asscalar() == -rows[-1][0]
    assert rows + moves_of(trainer, params, updates=5) == values(WARMUP_COSINE, range(8))


def test_accumulated_gradients_are_one_update():
    (parameter,) = params = parameters()
    parameter.grad_req = "add"
    trainer = trainer_of(WARMUP_COSINE, params)
    rows = []
    for _ in range(5):
        parameter.set_data(mxnet.nd.zeros(1))
        parameter.zero_grad()
        for _ in range(4):
            with mxnet.autograd.record():
                loss = parameter.data() * 1.0
            loss.backward()
        trainer.step(4)
        rows.append([-parameter.data().asscalar()])
    assert rows == values(WARMUP_COSINE, range(5))


# What is saved


@every_schedule
@pytest.mark.parametrize("protocol", [0, pickle.HIGHEST_PROTOCOL])
def test_a_pickled_scheduler_gives_the_same_rates(schedule, protocol):
    """save_states pickles the scheduler, and a dist kvstore does so with protocol 0."""
    copy = pickle.loads(pickle.dumps(Scheduler(schedule), protocol))
    assert copy.schedule == schedule
    assert [copy(n) for n in range(10)] == [Scheduler(schedule)(n) for n in range(10)]


# What is refused


def test_a_number_is_no_schedule():
    with pytest.raises(TypeError, match=r"^`schedule` must be a schedule or a function of t, got 0"):
        Scheduler(0.1)


def test_a_lambda_is_refused_when_the_scheduler_is_built():
    """Else save_states would fail, after the training."""
    with pytest.raises(TypeError, match=r"^`schedule` must be picklable, .*<lambda>.* Hint: use a"):
        Scheduler(lambda t: 0.1)


def test_a_local_function_is_refused_when_the_scheduler_is_built():
    def local(t):
        return 0.1

    with pytest.raises(TypeError, match=r"^`schedule` must be picklable, .*local.* Hint: use a"):
        Scheduler(local)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -0.1])
def test_a_function_whose_rate_is_no_rate_is_refused_when_it_is_asked(wrong):
    with pytest.raises(ValueError, match=r"^`schedule` must give a finite rate >= 0, got .* at t=2\.$"):
        Scheduler(functools.partial([0.1, 0.1, wrong].__getitem__))(3)


def test_an_error_of_the_schedule_reaches_the_caller():
    with pytest.raises(ValueError, match="`t`"):
        Scheduler(Constant(0.1))(float("nan"))


# The import


def test_the_scheduler_is_what_mxnet_expects():
    assert issubclass(Scheduler, mxnet.lr_scheduler.LRScheduler)
