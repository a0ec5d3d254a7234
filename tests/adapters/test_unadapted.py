"""A schedule is a plain function too: Keras' own callback and optax take it as it is."""

import numpy as np
import pytest

from cases import CATALOGUE
from lrsched_core import (
    Linear,
    SquareRoot,
)

every_schedule = pytest.mark.parametrize("schedule", CATALOGUE, ids=repr)


def close_to(schedule, times):
    """What a float32 graph must have computed."""
    return pytest.approx([schedule(t) for t in times], rel=5e-7, abs=0.0)


@every_schedule
def test_the_callback_of_keras_trains_each_epoch_with_the_schedule_at_its_index(schedule):
    """It offers the current rate as a second argument first, which a schedule must not take."""
    keras = pytest.importorskip("keras")
    rates = []

    class WeightChanges(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.trainable_variables[0].assign([[0.0]])

        def on_train_batch_end(self, batch, logs=None):
            rates.append(-float(self.model.trainable_variables[0][0, 0]))

    # The loss |w - (-10)| of the only weight has the gradient 1.
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(), loss="mae", run_eagerly=True)
    model.fit(
        np.ones((1, 1)),
        np.full((1, 1), -10.0),
        epochs=8,
        verbose=0,
        callbacks=[keras.callbacks.LearningRateScheduler(schedule), WeightChanges()],
    )
    assert rates == [float(np.float32(schedule(t))) for t in range(8)]


def optax_steps(optimizer, updates=8):
    """How far each update moves a parameter whose gradient is 1 from 0, and the last state."""
    import jax
    import optax

    at_zero, gradient = jax.numpy.zeros(()), jax.numpy.ones(())

    @jax.jit
    def step(state):
        change, state = optimizer.update(gradient, state, at_zero)
        return -optax.apply_updates(at_zero, change), state

    state = optimizer.init(at_zero)
    rates = []
    for _ in range(updates):
        rate, state = step(state)
        rates.append(float(rate))
    assert step._cache_size() == 1  # one trace, whatever the count
    return rates, state


@every_schedule
def test_the_nth_update_of_optax_sgd_uses_the_schedule_at_n_minus_1(schedule):
    optax = pytest.importorskip("optax")
    rates, _ = optax_steps(optax.sgd(schedule))
    assert rates == close_to(schedule, range(8))


@every_schedule
def test_inject_hyperparams_evaluates_the_schedule_at_every_update(schedule):
    optax = pytest.importorskip("optax")
    optimizer = optax.inject_hyperparams(optax.sgd)(learning_rate=schedule)
    rates, state = optax_steps(optimizer)
    assert rates == close_to(schedule, range(8))
    assert float(state.hyperparams["learning_rate"]) == pytest.approx(schedule(7), rel=5e-7)


def test_a_schedule_joined_by_optax_bears_the_negative_times_of_the_other_branch():
    """optax evaluates the second schedule before its turn, at t - boundary < 0."""
    optax = pytest.importorskip("optax")
    first, second = Linear(0.1, 0.5, steps=4), SquareRoot(0.5)
    rates, _ = optax_steps(optax.sgd(optax.join_schedules([first, second], [4])))
    assert rates == close_to(first.then(second, at=4), range(8))
