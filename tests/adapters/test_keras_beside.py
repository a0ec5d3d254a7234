"""What else takes part in a Keras training: endless data, other optimizers, other callbacks."""

import warnings

import numpy as np
import pytest

from cases import WARMUP_COSINE
from lrsched_core import Constant, Linear

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from keras_fits import Watch, X, Y, history_of, model_with, single
from lrsched_keras import LearningRate, ScheduleCallback

LINE = Linear(0.5, 0.1, steps=16)


def fitted(model, *callbacks, epochs=3, **options):
    """The rates of the updates that `fit` makes, and its history."""
    watch = Watch()
    history = history_of(model, *callbacks, watch, epochs=epochs, **options)
    return watch.moves, history


# Data of unknown length, of which Keras asks for one batch too many


def filtered():
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(1).filter(lambda *_: True)


def generated():
    shape = tf.TensorSpec((1, 1))
    return tf.data.Dataset.from_generator(
        lambda: zip(X[:, None], Y[:, None], strict=True), output_signature=(shape, shape)
    )


def flattened():
    return tf.data.Dataset.range(4).flat_map(lambda _: tf.data.Dataset.from_tensors((X[:1], Y[:1])))


every_source = pytest.mark.parametrize("source", [filtered, generated, flattened])
out_of_data = pytest.mark.filterwarnings("ignore:Your input ran out of data:UserWarning", "ignore:`shuffle=True` was")


def counted(model):
    return int(model.optimizer._iterations)


@out_of_data
@every_source
def test_keras_itself_counts_an_update_too_many_in_each_epoch(source):
    """A fault of Keras, pinned: should it be mended, what is done against it here can go."""
    model = model_with()
    fitted(model, data=source())
    assert counted(model) == 12 + 3


@out_of_data
@every_source
@pytest.mark.parametrize("options", [{}, {"jit_compile": True}, {"run_eagerly": True}], ids=str)
def test_by_batch_no_value_is_left_out_and_the_last_that_was_used_is_logged(source, options):
    model = model_with(**options)
    used, history = fitted(model, ScheduleCallback(LINE, unit="batch"), data=source())
    assert used == single(LINE, range(12))
    assert history["learning_rate"] == single(LINE, [3, 7, 11])
    assert counted(model) == 12
    assert fitted(model, ScheduleCallback(LINE, unit="batch"), data=source(), epochs=1)[0] == single(
        LINE, range(12, 16)
    )


@out_of_data
@every_source
@pytest.mark.parametrize("optimizer", [keras.optimizers.SGD, keras.optimizers.Adam])
@pytest.mark.parametrize("options", [{}, {"jit_compile": True}, {"run_eagerly": True}], ids=str)
def test_in_the_graph_no_value_is_left_out(source, optimizer, options):
    model = model_with(optimizer(LearningRate(LINE)), **options)
    used, _ = fitted(model, data=source())
    assert used == pytest.approx([LINE(t) for t in range(12)], rel=1e-4)  # Adam's epsilon
    assert counted(model) == 12


@out_of_data
@pytest.mark.parametrize("k", [2, 3, 4, 8])
@pytest.mark.parametrize("way", ["graph", "batch"])
def test_gathered_gradients_are_used_at_the_right_batch_with_the_right_rate(k, way):
    """Keras' own count takes a place among the batches of an update, which may be the last of them."""
    rate = LearningRate(LINE) if way == "graph" else 0.0
    model = model_with(keras.optimizers.SGD(rate, gradient_accumulation_steps=k))
    callbacks = [ScheduleCallback(LINE, unit="batch")] if way == "batch" else []
    used, _ = fitted(model, *callbacks, data=filtered(), epochs=4)
    expected = [LINE(n // k) if n % k == k - 1 else 0.0 for n in range(16)]
    if way == "batch" and k == 3:
        # The batch too many, the 9th, has thrown away what two had gathered: a fault of Keras, which a callback cannot
        # mend.
        expected[8] /= 3
    assert used == pytest.approx(expected, rel=1e-6)
    assert counted(model) == 16


@out_of_data
def test_validation_at_the_end_of_an_epoch_changes_nothing():
    model = model_with()
    used, history = fitted(model, ScheduleCallback(LINE, unit="batch"), data=filtered(), validation_data=filtered())
    assert used == single(LINE, range(12))
    assert history["learning_rate"] == single(LINE, [3, 7, 11])


@out_of_data
def test_what_is_saved_after_the_callback_resumes_at_the_right_update(tmp_path):
    model = model_with()
    save = keras.callbacks.ModelCheckpoint(str(tmp_path / "model.keras"))
    fitted(model, ScheduleCallback(LINE, unit="batch"), save, data=filtered(), epochs=2)
    loaded = keras.models.load_model(tmp_path / "model.keras")
    used, _ = fitted(loaded, ScheduleCallback(LINE, unit="batch"), data=filtered(), epochs=1)
    assert used == single(LINE, range(8, 12))


# Models with optimizers of their own


class Two(keras.Model):
    """Two weights, each with an optimizer; that of the model is idle."""

    def __init__(self):
        super().__init__()
        self.first = self.add_weight(name="first", initializer="zeros", shape=())
        self.second = self.add_weight(name="second", initializer="zeros", shape=())

    def compile(self, first, second, hold=lambda one, other: {"one": one, "other": other}):
        super().compile()
        for name, held in hold(first, second).items():
            setattr(self, name, held)
        object.__setattr__(self, "trained", ((first, self.first), (second, self.second)))

    def train_step(self, data):
        for optimizer, weight in self.trained:
            optimizer.apply([tf.ones(())], [weight])
        return {"loss": tf.zeros(())}


def two(**options):
    """Such a model and its optimizers."""
    first, second = keras.optimizers.SGD(0.0, name="d"), keras.optimizers.SGD(0.0, name="g")
    model = Two()
    model.compile(first, second, **options)
    for optimizer, weight in model.trained:
        optimizer.build([weight])
    return model, first, second


HELD = {
    "attributes": lambda one, other: {"one": one, "other": other},
    "a list": lambda one, other: {"one": [one, other]},
    "a tuple": lambda one, other: {"one": (one, other)},
    "a dict": lambda one, other: {"one": {"d": one, "g": other}},
}


@pytest.mark.parametrize("unit", ["epoch", "batch"])
@pytest.mark.parametrize("hold", HELD.values(), ids=HELD)
def test_a_model_with_optimizers_of_its_own_is_asked_which_one(unit, hold):
    """Keras gives it another, which never moves a weight: its rate would be set, and logged."""
    model, *_ = two(hold=hold)
    said = (
        r"^`optimizer` must say which one of the model's to set, got None: .* it has one.* Hint: .*optimizer=model\.one"
    )
    with pytest.raises(ValueError, match=said):
        model.fit(X, verbose=0, callbacks=[ScheduleCallback(LINE, unit=unit)])


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_each_optimizer_follows_the_schedule_of_its_callback(unit):
    model, first, second = two()
    slow = LINE / 10
    callbacks = [ScheduleCallback(s, unit=unit, optimizer=o) for s, o in ((LINE, first), (slow, second))]
    history = model.fit(X, batch_size=1, epochs=2, verbose=0, callbacks=callbacks).history
    times = range(8) if unit == "batch" else [0] * 4 + [1] * 4
    assert float(model.first) == pytest.approx(-sum(map(LINE, times)), rel=1e-6)
    assert float(model.second) == pytest.approx(-sum(map(slow, times)), rel=1e-6)
    assert history["learning_rate_d"] == single(LINE, [times[3], times[7]])
    assert history["learning_rate_g"] == single(slow, [times[3], times[7]])


def test_an_optimizer_that_does_nothing_is_not_set_in_silence():
    """Here nothing tells before the training that there are others."""
    model, *_ = two(hold=lambda *_: {})
    with pytest.warns(
        UserWarning, match=r"^The optimizer rm.*, whose `learning_rate` .* has made no update in this epoch\. Hint: "
    ):
        model.fit(X, batch_size=1, epochs=3, verbose=0, callbacks=[ScheduleCallback(LINE)])


def test_an_optimizer_that_waits_for_finite_gradients_is_not_called_idle(recwarn):
    model = model_with(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD()))
    fitted(model, ScheduleCallback(LINE), data=(X * np.inf, Y), epochs=1)
    assert not [w for w in recwarn if "update" in str(w.message)]


def test_a_model_that_holds_its_own_optimizer_twice_needs_no_choice():
    model = model_with()
    model.mine = model.optimizer
    assert fitted(model, ScheduleCallback(LINE))[0] == single(LINE, [0] * 4 + [1] * 4 + [2] * 4)


@pytest.mark.parametrize("wrong", ["sgd", 0.1, LINE], ids=repr)
def test_what_is_no_optimizer_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^`optimizer` must be an optimizer of Keras, got "):
        ScheduleCallback(LINE, optimizer=wrong)


# Other callbacks

OTHERS = {
    "ReduceLROnPlateau": lambda: keras.callbacks.ReduceLROnPlateau("loss"),
    "LearningRateScheduler": lambda: keras.callbacks.LearningRateScheduler(LINE),
    "ScheduleCallback": lambda: ScheduleCallback(LINE / 2),
}


@pytest.mark.parametrize("unit", ["epoch", "batch"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("other", OTHERS)
def test_two_callbacks_that_set_the_same_are_refused_before_the_first_update(other, first, unit):
    mine, theirs = ScheduleCallback(LINE, unit=unit), OTHERS[other]()
    model = model_with()
    said = rf"^`callbacks` must have one that sets `learning_rate`, got .*{other}: .* the other undoes\. Hint: "
    with pytest.raises(ValueError, match=said):
        fitted(model, *((mine, theirs) if first else (theirs, mine)))
    assert counted(model) == 0


def test_in_a_list_of_callbacks_that_was_made_before_they_are_refused_as_well():
    model = model_with()
    listed = keras.callbacks.CallbackList(
        [ScheduleCallback(LINE), keras.callbacks.ReduceLROnPlateau("loss")], model=model, epochs=1
    )
    with pytest.raises(ValueError, match="ReduceLROnPlateau"):
        model.fit(X, Y, verbose=0, callbacks=listed)


def test_what_sets_something_else_is_no_matter(recwarn):
    model = model_with(keras.optimizers.SGD(weight_decay=0.5))
    decay = ScheduleCallback(Constant(0.25), hyperparameter="weight_decay")
    fitted(model, decay, keras.callbacks.ReduceLROnPlateau("loss"), epochs=2)
    assert not [w for w in recwarn if "sets" in str(w.message)]


class Changes(keras.callbacks.Callback):
    """A callback of somebody's own."""

    def __init__(self, when):
        super().__init__()
        setattr(self, when, self.change)

    def change(self, *_):
        self.model.optimizer.learning_rate = 0.001


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_a_rate_that_something_else_changes_is_put_right_and_reported(unit):
    model = model_with()
    said = r"^`learning_rate` of the optimizer (?i:sgd).* was 0\.001\d* instead of .*: something else has changed it"
    with pytest.warns(UserWarning, match=said):
        used, _ = fitted(model, ScheduleCallback(LINE, unit=unit), Changes("on_epoch_end"))
    assert used == single(LINE, range(12) if unit == "batch" else [0] * 4 + [1] * 4 + [2] * 4)


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_an_optimizer_that_is_loaded_after_the_epoch_has_begun_uses_the_rate_of_the_schedule(unit):
    """Whatever the file holds; a training that goes on from a backup does so."""
    model = model_with()
    used, _ = fitted(model, ScheduleCallback(LINE, unit=unit), Changes("on_epoch_begin"))
    assert used == single(LINE, range(12) if unit == "batch" else [0] * 4 + [1] * 4 + [2] * 4)


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_nothing_is_said_where_nothing_changed(unit):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted(model_with(), ScheduleCallback(WARMUP_COSINE, unit=unit))


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_verbose_prints_what_is_set_once_an_epoch(unit, capsys):
    fitted(model_with(), ScheduleCallback(Linear(0.5, 0.0, steps=12), unit=unit, verbose=1), epochs=2)
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    rates = {"epoch": (0.5, 0.5 * 11 / 12), "batch": (0.375, 0.5 * 5 / 12)}[unit]
    assert len(lines) == 2
    for n, (line, rate) in enumerate(zip(lines, rates, strict=True), 1):
        assert line.startswith(f"Epoch {n}: ScheduleCallback ")
        assert float(line.rpartition(" ")[2].rstrip(".")) == pytest.approx(rate)


def test_without_verbose_nothing_is_printed(capsys):
    fitted(model_with(), ScheduleCallback(LINE))
    assert capsys.readouterr().out == ""
