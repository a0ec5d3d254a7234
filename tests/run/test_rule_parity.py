"""Rules beside the live originals: the same scale after each observation, on random metrics."""

import inspect
import math
import warnings
from functools import partial
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from lrsched_core.compat import keras, optax, timm, torch, transformers
from run.metrics import batches, scales


def library(name):
    """The schedulers of a library that may be missing, or hard to import."""
    try:
        return import_module(f"parity.{name}").theirs
    except ModuleNotFoundError as error:
        pytest.skip(f"without {error.name}")


def one_rate(lr=1.0):
    live = pytest.importorskip("torch")
    return live.optim.SGD([live.zeros(1, requires_grad=True)], lr=lr)


def rates(make, step, metrics):
    """The rates of an original that changes an optimizer's."""
    found = np.empty_like(metrics)
    optimizer = one_rate()
    for i, sequence in enumerate(metrics.tolist()):
        optimizer.param_groups[0]["lr"] = 1.0
        original = make(optimizer)
        for j, x in enumerate(sequence):
            step(original, j, x)
            found[i, j] = optimizer.param_groups[0]["lr"]
    return found


def common(rng):
    return {
        "mode": str(rng.choice(["min", "max"])),
        "factor": float(rng.choice([0.5, 0.1, 0.3])),
        "patience": int(rng.integers(0, 4)),
        "cooldown": int(rng.integers(0, 4)),
    }


@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
def test_plateau_decides_as_torch(threshold_mode):
    live = pytest.importorskip("torch").optim.lr_scheduler.ReduceLROnPlateau
    for rng, metrics in batches(1, positive=threshold_mode == "rel"):
        arguments = common(rng) | {
            "threshold": float(rng.choice([0, 2**-10, 2**-7, 0.1, 1e-4])),
            "threshold_mode": threshold_mode,
            "min_lr": float(rng.choice([0, 0.25, 1e-3])),
            "eps": 0.0,
        }
        expected = rates(partial(live, **arguments), lambda s, _, x: s.step(x), metrics)
        np.testing.assert_array_equal(scales(torch.ReduceLROnPlateau(1.0, **arguments), metrics), expected)


def test_plateau_decides_as_timm():
    pytest.importorskip("torch")
    live = library("timm").PlateauLRScheduler
    for rng, metrics in batches(2, positive=True):
        arguments = {
            "decay_rate": 0.5,
            "patience_t": int(rng.integers(0, 4)),
            "threshold": float(rng.choice([0, 2**-7, 1e-4])),
            "cooldown_t": int(rng.integers(0, 4)),
            "lr_min": float(rng.choice([0, 0.25])),
            "mode": str(rng.choice(["min", "max"])),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            expected = rates(partial(live, **arguments), lambda s, j, x: s.step(j + 1, x), metrics)
        np.testing.assert_array_equal(scales(timm.PlateauLRScheduler(1.0, **arguments), metrics), expected)


def test_plateau_decides_as_keras():
    live = pytest.importorskip("keras").callbacks.ReduceLROnPlateau
    for rng, metrics in batches(3, first_is_finite=True):
        arguments = common(rng) | {
            "monitor": "loss",
            "factor": 0.5,
            "min_delta": float(rng.choice([0, 2**-10, 2**-7])),
            "min_lr": float(rng.choice([0, 0.25])),
        }
        model = SimpleNamespace(optimizer=SimpleNamespace(learning_rate=1.0))
        found = np.empty_like(metrics)
        for i, sequence in enumerate(metrics.tolist()):
            callback = live(**arguments)
            callback.set_model(model)
            model.optimizer.learning_rate = 1.0
            callback.on_train_begin()
            for j, x in enumerate(sequence):
                callback.on_epoch_end(j, {"loss": x})
                found[i, j] = model.optimizer.learning_rate
        np.testing.assert_array_equal(scales(keras.ReduceLROnPlateau(1.0, **arguments), metrics), found)


def test_plateau_decides_as_optax():
    jax = pytest.importorskip("jax")
    live = pytest.importorskip("optax").contrib.reduce_on_plateau
    for rng, metrics in batches(4, positive=True):
        relative = bool(rng.integers(0, 2))
        arguments = {
            "factor": 0.5,
            "patience": int(rng.integers(1, 5)),
            "rtol": float(rng.choice([2**-3, 2**-7])) if relative else 0.0,
            "atol": 0.0 if relative else float(rng.choice([2**-10, 2**-7])),
            "cooldown": int(rng.integers(0, 4)),
            "min_scale": float(rng.choice([0, 0.25])),
        }
        original = live(**arguments)
        zero = jax.numpy.zeros(())

        def step(state, x, original=original, zero=zero):
            _, state = original.update(zero, state, value=x)
            return state, state.scale

        def run(sequence, step=step, original=original, zero=zero):
            return jax.lax.scan(step, original.init(zero), sequence)[1]

        expected = jax.jit(jax.vmap(run))(jax.numpy.asarray(metrics, jax.numpy.float32))
        np.testing.assert_array_equal(scales(optax.reduce_on_plateau(**arguments), metrics), np.asarray(expected))


@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
def test_greedy_decides_as_transformers(threshold_mode):
    pytest.importorskip("torch")
    live = pytest.importorskip("transformers.optimization").GreedyLR
    for rng, metrics in batches(5, positive=threshold_mode == "rel"):
        smooth = bool(rng.integers(0, 2))
        if smooth:  # what is not finite stays in the original's sum for ever
            metrics = np.where(np.isfinite(metrics), metrics, 1.0)
        arguments = common(rng) | {
            "threshold": float(rng.choice([0, 2**-10, 2**-7, 1e-6])),
            "threshold_mode": threshold_mode,
            "warmup": int(rng.integers(0, 4)),
            "min_lr": float(rng.choice([0.25, 1e-3])),
            "max_lr": float(rng.choice([1, 2, 8])),
            "smooth": smooth,
            "window_size": int(rng.choice([1, 2, 4])),
            "reset_start": int(rng.integers(1, 4)),
            "eps": 0.0,
        }
        expected = rates(partial(live, **arguments), lambda s, _, x: s.step(x), metrics)
        np.testing.assert_array_equal(scales(transformers.GreedyLR(1.0, **arguments), metrics), expected)


# What a rule cannot know of its optimizer, and what timm calls noise.
ADDED, LEFT_OUT = {"base_lr"}, {"optimizer", "kwargs", "initialize"}


@pytest.mark.parametrize(
    ("constructor", "home"),
    [
        (torch.ReduceLROnPlateau, "torch.optim.lr_scheduler"),
        (keras.ReduceLROnPlateau, "keras.callbacks"),
        (optax.reduce_on_plateau, "optax.contrib"),
        (timm.PlateauLRScheduler, None),
        (transformers.GreedyLR, "transformers.optimization"),
    ],
)
def test_each_constructor_has_the_arguments_of_its_original(constructor, home):
    pytest.importorskip("torch" if home is None else home.partition(".")[0])
    theirs = library("timm") if home is None else import_module(home)
    originals = inspect.signature(getattr(theirs, constructor.__name__)).parameters
    expected = {name: p.default for name, p in originals.items() if name not in LEFT_OUT and "noise" not in name}
    ours = inspect.signature(constructor).parameters
    assert {name: p.default for name, p in ours.items() if name not in ADDED} == expected
    assert [name for name in ours if name not in ADDED] == [*expected]


def test_where_the_originals_are_wrong_on_negative_metrics_the_rules_are_not():
    live = pytest.importorskip("torch").optim.lr_scheduler.ReduceLROnPlateau
    metrics = np.array([[-1, -1.00005, -1.00008, -1.00009, -1.00012] + [-1.1] * 7])
    torch_s = rates(lambda o: live(o, factor=0.5, patience=2), lambda s, _, x: s.step(x), metrics)
    assert torch_s.tolist() == [[1.0] * 12]  # the same metric for ever counts as an improvement
    rule = torch.ReduceLROnPlateau(1.0, factor=0.5, patience=2)
    assert scales(rule, metrics).tolist() == [[1.0] * 3 + [0.5] * 5 + [0.25] * 3 + [0.125]]


@pytest.mark.parametrize("first", [math.nan, math.inf])
def test_a_first_metric_that_is_not_finite_is_not_keras_best(first):
    metrics = np.array([[first, 1, 0.9, 0.8, 0.7, 0.6]])
    rule = keras.ReduceLROnPlateau(1.0, monitor="loss", factor=0.5, patience=2)
    assert scales(rule, metrics).tolist() == [[1.0] * 6]


def test_a_window_forgets_nan():
    pytest.importorskip("torch")
    live = pytest.importorskip("transformers.optimization").GreedyLR
    arguments = {"factor": 0.5, "patience": 0, "max_lr": 64.0, "smooth": True, "window_size": 2, "eps": 0.0}
    metrics = np.array([[5, math.nan, 4, 3, 2, 1]])
    original = rates(partial(live, **arguments), lambda s, _, x: s.step(x), metrics)
    assert original.tolist() == [[2, 1, 0.5, 0.25, 0.125, 0.0625]]
    assert scales(transformers.GreedyLR(1.0, **arguments), metrics).tolist() == [[2, 1, 0.5, 1, 2, 4]]
