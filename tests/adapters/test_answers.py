"""Every adapter asks the same of what a function gives."""

import re

import numpy as np
import pytest

from lrsched_core import Constant, Cosine


def of_torch(function, t):
    """The rate that torch's optimizer holds for the update after `t` others."""
    torch, lrsched_torch = pytest.importorskip("torch"), pytest.importorskip("lrsched_torch")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler = lrsched_torch.ScheduleLR(optimizer, lambda s: function(s) if s == t else 0.5)
    for _ in range(t):
        optimizer.step()
        scheduler.step()
    return optimizer.param_groups[0]["lr"]


def of_keras(unit):
    """The same for Keras, by epochs or by batches."""

    def rate(function, t):
        keras, lrsched_keras = pytest.importorskip("keras"), pytest.importorskip("lrsched_keras")
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile(keras.optimizers.SGD(), run_eagerly=True)
        model.optimizer.build(model.trainable_variables)
        model.optimizer.iterations.assign(t)
        callback = lrsched_keras.ScheduleCallback(function, unit=unit)
        callback.set_model(model)
        callback.on_train_begin()
        callback.on_epoch_begin(t)
        callback.on_train_batch_begin(0)
        return float(model.optimizer.learning_rate)

    return rate


class Given:
    """A function that can be pickled."""

    def __init__(self, function, t):
        self.function = function
        self.t = t

    def __call__(self, t):
        return self.function(t) if t == self.t else 0.5

    def __reduce__(self):
        return Constant, (0.5,)


def of_mxnet(function, t):
    """The same for MXNet."""
    pytest.importorskip("mxnet")
    lrsched_mxnet = pytest.importorskip("lrsched_mxnet")
    return lrsched_mxnet.Scheduler(Given(function, t))(t + 1)


ADAPTERS = {"torch": of_torch, "keras by epoch": of_keras("epoch"), "keras by batch": of_keras("batch")}
ADAPTERS["mxnet"] = of_mxnet


@pytest.fixture(params=ADAPTERS)
def rate(request):
    """The rate that an adapter makes of a function."""
    return ADAPTERS[request.param]


class Torn:
    """Says that it is a number."""

    def __float__(self):
        message = "from within"
        raise ValueError(message)

    def __repr__(self):
        return "Torn()"


NO_NUMBERS = ["0.1", b"0.1", None, [0.1], 1j, True, np.bool_(True), np.array([True]), np.array([0.1, 0.2])]
NO_NUMBERS += [Torn(), 10**400]
NO_RATES = [float("nan"), float("inf"), float("-inf"), -1.0, -1, np.float32("nan"), np.float64(-0.5), np.array(-1.0)]


@pytest.mark.parametrize("t", [0, 2])
@pytest.mark.parametrize("answer", NO_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused_by_name(answer, t, rate):
    shown = re.escape(repr(answer)[:20])
    with pytest.raises(TypeError, match=rf"^`schedule` must give a number, got {shown}.* at t={t}\.$"):
        rate(lambda _t: answer, t)


@pytest.mark.parametrize("value", [[1.0, 1.0], 1j], ids=str)
def test_what_is_no_number_of_torch_is_refused_by_name(value, rate):
    answer = pytest.importorskip("torch").tensor(value)
    with pytest.raises(TypeError, match=rf"^`schedule` must give a number, got {re.escape(str(answer))} at t=2\.$"):
        rate(lambda _t: answer, 2)


@pytest.mark.parametrize("t", [0, 2])
@pytest.mark.parametrize("answer", NO_RATES, ids=repr)
def test_what_is_no_rate_is_refused_by_name(answer, t, rate):
    with pytest.raises(ValueError, match=rf"^`schedule` must give a finite rate >= 0, got .* at t={t}\.$"):
        rate(lambda _t: answer, t)


@pytest.mark.parametrize(
    "answer", [0.25, 1, 0, np.float32(0.25), np.float64(0.25), np.int64(1), np.array(0.25)], ids=repr
)
def test_what_is_a_rate_is_taken(answer, rate):
    assert rate(lambda _t: answer, 2) == float(answer)


def test_a_tensor_of_one_element_is_taken(rate):
    torch = pytest.importorskip("torch")
    assert rate(lambda _t: torch.tensor(0.25), 2) == 0.25


def by_torch(schedule):
    """Built by torch's adapter."""
    torch, lrsched_torch = pytest.importorskip("torch"), pytest.importorskip("lrsched_torch")
    return lrsched_torch.ScheduleLR(torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5), schedule)


def by_keras_callback(schedule):
    """Built by Keras' callback."""
    return pytest.importorskip("lrsched_keras").ScheduleCallback(schedule)


def by_keras(schedule):
    """Built by Keras' learning rate."""
    return pytest.importorskip("lrsched_keras").LearningRate(schedule)


def by_mxnet(schedule):
    """Built by MXNet's scheduler."""
    pytest.importorskip("mxnet")
    return pytest.importorskip("lrsched_mxnet").Scheduler(schedule)


@pytest.mark.parametrize("build", [by_torch, by_keras_callback, by_keras, by_mxnet])
@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("Cosine(0.1, steps=3)", "`parse` makes a schedule of a text."),
        (Cosine(0.1, steps=3).to_json(), "`from_json` makes a schedule of a text."),
        (Cosine(0.1, steps=3).to_dict(), "`from_dict` makes a schedule of such a mapping."),
        (Cosine, "it is a class; a schedule is what its call gives, Cosine(...)."),
    ],
    ids=["text", "JSON", "a mapping", "a class"],
)
def test_what_is_not_yet_a_schedule_is_told_how_to_make_one(build, given, hint):
    with pytest.raises(TypeError, match=r"^`schedule` must be a") as error:
        build(given)
    assert str(error.value).endswith(f"Hint: {hint}")
