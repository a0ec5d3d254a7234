"""A Keras training that was killed goes on with the rates of the uninterrupted one."""

import contextlib
import signal

import pytest

from lrsched_core import Cosine
from thorough import THOROUGH

keras = pytest.importorskip("keras")

from keras_fits import Interrupted, Watch, X, Y, history_of, model_with, on_backends
from lrsched_keras import LearningRate, ScheduleCallback

SCHEDULE = Cosine(0.3, 0.01, steps=4).with_warmup(2)
EPOCHS, BATCHES = 3, 2
UPDATES = EPOCHS * BATCHES


def by_batch():
    """An optimizer and the callbacks that give it its rates."""
    return keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE, unit="batch")]


def by_epoch():
    """The same with one rate per epoch."""
    return keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE)]


def in_the_graph():
    """The same with the rate inside the optimizer."""
    return keras.optimizers.SGD(LearningRate(SCHEDULE)), []


def train(setup, rates, *, stop_before=None, model=None):
    """Train a new model, or the one given, as far as it gets; return it."""
    optimizer, setters = setup()
    if model is None:
        model = model_with(optimizer, run_eagerly=True)  # eager: no time for tracing
    done, watch = int(model.optimizer.iterations), Watch(rates, stop_before)
    with contextlib.suppress(Interrupted):
        history_of(
            model, *setters, watch, data=(X[:BATCHES], Y[:BATCHES]), epochs=EPOCHS, initial_epoch=done // BATCHES
        )
    return model


@pytest.mark.parametrize("setup", [by_batch, by_epoch, in_the_graph])
def test_a_saved_model_goes_on_with_equal_rates(setup, tmp_path):
    """The `.keras` file has the optimizer's count and, in the graph, the schedule."""
    whole, first, second = {}, {}, {}
    train(setup, whole)
    model = train(setup, first, stop_before=2 * BATCHES)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    loaded.run_eagerly = True
    train(setup, second, model=loaded)
    assert list(second) == list(range(2 * BATCHES, UPDATES))
    assert first | second == whole


def test_a_saved_model_holds_the_schedule():
    """Loading it needs neither custom objects nor the schedule itself."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(LearningRate(SCHEDULE)))
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model.optimizer))
    copy.build([])
    copy.iterations.assign(3)
    assert float(copy.learning_rate) == pytest.approx(SCHEDULE(3), rel=5e-7)


# Killed for real. The program forks a process for every training.

# Most where a training costs least.
RUNS = {"torch": 80, "tensorflow": 15, "jax": 5} if THOROUGH else {"torch": 15, "tensorflow": 6, "jax": 3}


@pytest.fixture(scope="module")
def killed():
    """What each backend has trained, uninterrupted and killed."""
    return on_backends("keras_killed.py", {backend: [runs] for backend, runs in RUNS.items()})


@pytest.mark.parametrize("backend", RUNS)
def test_killed_at_random_updates_and_resumed_the_rates_are_bit_for_bit_those_of_one_run(backend, killed):
    """From `.keras` files, saved by epoch and within it, and from `BackupAndRestore`; the rate in the graph and set."""
    assert killed[backend]["backend"] == backend
    assert len(killed[backend]["resumed"]) == RUNS[backend]
    for run in killed[backend]["resumed"]:
        whole = killed[backend]["whole"][run["way"]]
        first, second = run["first"], run["second"]
        assert run["signal"] == signal.SIGKILL
        assert first == whole[: run["kill_at"] + 1]
        begins = second[0][0] if second else len(whole)
        assert begins <= len(first)  # at the last checkpoint, or anew
        assert first[:begins] + second == whole


@pytest.mark.parametrize("backend", RUNS)
def test_the_run_that_they_are_compared_with_has_the_rates_of_the_schedule(backend, killed):
    schedule = Cosine(0.3, 0.01, steps=8).with_warmup(4)
    times = {
        "graph": range(12),
        "graph, saved every second batch": range(12),
        "graph, two batches an update": [t for update in range(6) for t in (None, update)],
        "by epoch": [t - t % 3 for t in range(12)],
        "by batch": range(12),
    }
    for way, recorded in killed[backend]["whole"].items():
        expected = [0.0 if t is None else schedule(t) for t in times[way]]
        assert [float.fromhex(rate) for _, rate in recorded] == pytest.approx(expected, rel=5e-7, abs=0.0)


def test_the_kills_are_not_all_alike(killed):
    """Some resume at a checkpoint, some anew since none had been made."""
    runs = [run for backend in RUNS for run in killed[backend]["resumed"]]
    assert {run["kill_at"] for run in runs} == set(range(12))
    begins = {run["second"][0][0] for run in runs if run["second"]}
    assert {0, 3, 6, 9} < begins  # after epochs, and more: within them
