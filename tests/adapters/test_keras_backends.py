"""Keras trains with exactly the rates of the schedule on each of its backends, in every way that it has to train."""

import importlib.util

import pytest

from cases import WARMUP_COSINE
from lrsched_core import Linear

pytest.importorskip("keras")

from keras_fits import on_backends, single

BACKENDS = ["tensorflow", "jax", "torch"]
EPOCHS = [0] * 4 + [1] * 4
UPDATES = range(8)
DECAY = Linear(0.5, 0.1, steps=4)


@pytest.fixture(scope="module")
def trainings():
    """What each backend has trained, in processes of their own: Keras has one backend for life."""
    return on_backends("keras_training.py", {backend: [] for backend in BACKENDS if importlib.util.find_spec(backend)})


@pytest.fixture(params=BACKENDS)
def used(request, trainings):
    """What one backend has trained."""
    if request.param not in trainings:
        pytest.skip(f"{request.param} is not installed")
    assert trainings[request.param]["backend"] == request.param
    return trainings[request.param]


@pytest.fixture(params=["tensorflow", "jax"])
def used_compiled(request, trainings):
    """What one of the backends has trained that compile by themselves."""
    return trainings[request.param]


def close_to(times):
    """What a float32 graph must have computed."""
    return pytest.approx([WARMUP_COSINE(t) for t in times], rel=5e-7, abs=0.0)


def every_second(rates):
    """Of batches that are two to an update, the first moves nothing."""
    return pytest.approx([rate for r in rates for rate in (0.0, r)], rel=5e-7, abs=0.0)


def with_momentum(rates, momenta):
    """How far SGD moves a weight whose gradient is 1."""
    velocity, moves = 0.0, []
    for rate, momentum in zip(rates, momenta, strict=True):
        velocity = momentum * velocity + rate
        moves.append(velocity)
    return pytest.approx(moves, rel=2e-6)


ACCUMULATED = [WARMUP_COSINE(t) for t in range(4)]


def test_the_rates_are_those_of_the_schedule(used):
    assert used["epoch"] == single(WARMUP_COSINE, EPOCHS)
    assert used["batch"] == single(WARMUP_COSINE, UPDATES)
    assert used["graph"] == close_to(UPDATES)
    assert used["graph eagerly"] == close_to(UPDATES)


HARMONIC = [0.3, 0.2, 0.4 / 3, 0.1, 0.08, 0.01, 0.01, 0.01]


def test_code_that_is_not_ours_trains_as_a_schedule_of_ours_does(used):
    expected = pytest.approx(HARMONIC, rel=1e-6)
    for way in ("own code", "own code by batch", "own code eagerly"):
        assert used[way] == expected
    warmed_up = [0.0, 0.3, *[2 * rate for rate in HARMONIC[:6]]]
    assert used["own code, composed"] == pytest.approx(warmed_up, rel=1e-6)


def test_code_that_is_not_ours_is_compiled_by_xla(used_compiled):
    assert used_compiled["own code compiled"] == pytest.approx(HARMONIC, rel=1e-6)


def test_data_of_unknown_length_leaves_no_value_out(used):
    assert used["graph, unknown length"] == close_to(UPDATES)
    assert used["batch, unknown length"] == single(WARMUP_COSINE, UPDATES)


def test_nobody_has_to_watch(used):
    """JAX keeps the state of the model to itself, as long as no callback asks for it."""
    expected = pytest.approx(sum(map(WARMUP_COSINE, UPDATES)), rel=1e-6)
    assert [used["batch total"], used["graph total"]] == [expected, expected]


def test_compiled_by_xla_the_rates_are_the_same(used_compiled):
    assert used_compiled["graph compiled"] == close_to(UPDATES)


def test_several_steps_in_one_execution_have_a_rate_each(used_compiled):
    pairs = [WARMUP_COSINE(t) + WARMUP_COSINE(t + 1) for t in range(0, 8, 2)]
    assert used_compiled["graph in pairs"] == pytest.approx(pairs, rel=1e-6)


def test_gradient_accumulation_counts_updates(used):
    """A learning rate schedule of Keras' own would be asked for the times 1, 3, 5 and 7."""
    assert used["batch accumulated"] == every_second(ACCUMULATED)
    assert used["graph accumulated"] == every_second(ACCUMULATED)
    assert used["graph accumulated and scaled"] == every_second(ACCUMULATED)


def test_gradient_accumulation_counts_updates_compiled_by_xla(used_compiled):
    assert used_compiled["graph accumulated and compiled"] == every_second(ACCUMULATED)


def test_gradient_accumulation_shows_the_rate_that_it_uses(used):
    """In a loop of one's own; on TensorFlow as a function that AutoGraph has converted."""
    assert used["graph by hand"]["asked"] == close_to([0, 0, 1, 1, 2, 2, 3, 3])
    assert used["graph by hand"]["moved"] == every_second(ACCUMULATED)


def test_an_update_that_loss_scaling_skips_does_not_count(used):
    moves = [0, None, 1, 2, 3, None, 4, 5]
    expected = [0.0 if t is None else WARMUP_COSINE(t) for t in moves]
    assert used["batch skipped"] == pytest.approx(expected, rel=5e-7, abs=0.0)
    assert used["graph skipped"] == pytest.approx(expected, rel=5e-7, abs=0.0)


@pytest.mark.parametrize("precision", ["float16", "float16 scaled", "bfloat16"])
def test_mixed_precision_leaves_the_rates_their_digits(precision, used):
    """bfloat16 would keep two or three of them."""
    assert used[f"graph {precision}"] == close_to(UPDATES)


def test_two_devices_use_the_same_rates(used_compiled):
    """A `MirroredStrategy` on TensorFlow, `DataParallel` on JAX."""
    distributed = used_compiled["distributed"]
    assert distributed["batch"] == single(WARMUP_COSINE, UPDATES)
    assert distributed["graph"] == close_to(UPDATES)


def test_two_devices_accumulate_gradients_on_jax(trainings):
    """On TensorFlow Keras cannot: its optimizer merges replicas inside a branch of the graph."""
    assert trainings["jax"]["distributed"]["accumulated"] == every_second(ACCUMULATED)


def test_two_devices_decay_weights_with_the_same_rates(trainings):
    """TensorFlow asks for the rate of a weight decay once more, outside of the replicas."""
    assert trainings["tensorflow"]["distributed"]["decayed"] == close_to(UPDATES)


def test_an_optimizer_made_of_several_uses_the_rates_of_each(used):
    if used["several"] is None:
        pytest.skip("this Keras has no MultiOptimizer")
    assert used["several"] == close_to(UPDATES)


# Other hyperparameters. With the rate 1 the weight goes from 1 to 0, and further by its decay.


def test_weight_decay_by_epoch_takes_effect(used):
    expected = pytest.approx([1 + DECAY(epoch) for epoch in EPOCHS], rel=1e-6)
    assert used["weight decay by epoch"] == expected
    assert used["weight decay scaled"] == expected


def test_weight_decay_by_epoch_takes_effect_compiled_by_xla(used_compiled):
    expected = pytest.approx([1 + DECAY(epoch) for epoch in EPOCHS], rel=1e-6)
    assert used_compiled["weight decay compiled"] == expected


def test_weight_decay_by_batch_takes_effect(used):
    expected = pytest.approx([1 + DECAY(t) for t in UPDATES], rel=1e-6)
    assert used["weight decay by batch"] == expected
    assert used["weight decay as a variable"] == expected


def test_momentum_takes_effect(used):
    assert used["momentum by epoch"] == with_momentum([1.0] * 8, map(DECAY, EPOCHS))
    assert used["momentum by batch"] == with_momentum([1.0] * 8, map(DECAY, UPDATES))


def test_momentum_by_epoch_goes_with_a_rate_in_the_graph(used):
    assert used["momentum and the rate"] == with_momentum(map(WARMUP_COSINE, UPDATES), map(DECAY, EPOCHS))


def test_beta_1_takes_effect(used):
    mean, moves = 0.0, []
    for t, beta in enumerate(map(DECAY, EPOCHS)):
        mean = beta * mean + (1 - beta)
        moves.append(mean / (1 - beta ** (t + 1)))
    assert used["beta_1 by epoch"] == pytest.approx(moves, rel=1e-4)
