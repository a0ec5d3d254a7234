"""A schedule is a plain function too: Keras' own callback takes it as it is."""

import numpy as np
import pytest

from cases import CATALOGUE, every_schedule
from thorough import some


@every_schedule
def test_a_second_argument_is_refused_which_keras_offers_first(schedule):
    with pytest.raises(TypeError, match="positional argument"):
        schedule(0, 0.1)


@pytest.mark.parametrize("schedule", some(CATALOGUE, 6), ids=str)
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
