"""A schedule is a plain function too: Keras' own callback takes it as it is."""

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
    from keras_fits import X, Y, model_with, moves_of, single

    callback = keras.callbacks.LearningRateScheduler(schedule)
    moves = moves_of(model_with(run_eagerly=True), callback, data=(X[:1], Y[:1]), epochs=8)
    assert moves == single(schedule, range(8))
