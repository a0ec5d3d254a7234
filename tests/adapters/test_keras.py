"""Keras trains with exactly the rates of the schedule: by epoch, by batch and inside the graph."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from cases import TRAINED, WARMUP_COSINE, every_schedule
from lrsched_core import Constant, Cosine, CustomSchedule, Function, Linear, SquareRoot

keras = pytest.importorskip("keras")

from keras_fits import X, Y, history_of, model_with, moves_of, single
from lrsched_keras import LearningRate, ScheduleCallback


def close_to(schedule, times):
    """What a float32 graph must have computed."""
    return pytest.approx([schedule(t) for t in times], rel=5e-7, abs=0.0)


# The rate of every update


def by_batch(schedule, wrap=lambda optimizer: optimizer):
    """A model whose optimizer has been wrapped, its callbacks, and the rates that 8 updates of two epochs must use."""
    model = model_with(wrap(keras.optimizers.SGD()))
    return model, [ScheduleCallback(schedule, unit="batch")], single(schedule, range(8))


def by_epoch(schedule, wrap=lambda optimizer: optimizer):
    """The same by epoch."""
    return model_with(wrap(keras.optimizers.SGD())), [ScheduleCallback(schedule)], single(schedule, [0] * 4 + [1] * 4)


def in_the_graph(schedule, wrap=lambda optimizer: optimizer):
    """The same with the rate inside the optimizer."""
    return model_with(wrap(keras.optimizers.SGD(LearningRate(schedule)))), [], close_to(schedule, range(8))


every_way = pytest.mark.parametrize("way", [by_batch, by_epoch, in_the_graph])


@every_way
@every_schedule
def test_the_nth_update_uses_the_schedule_at_n_minus_1_or_at_its_epoch(schedule, way):
    """A naive callback that takes `batch` for t would start again in the second epoch."""
    model, callbacks, expected = way(schedule)
    assert moves_of(model, *callbacks) == expected


@every_way
def test_a_loss_scale_optimizer_changes_no_rate(way):
    model, callbacks, expected = way(WARMUP_COSINE, keras.optimizers.LossScaleOptimizer)
    assert moves_of(model, *callbacks) == expected


@pytest.mark.parametrize("way", [by_batch, in_the_graph])
def test_a_second_fit_goes_on_where_the_first_ended(way):
    """The optimizer's count goes on, although `fit` counts epochs from 0 again."""
    model, callbacks, expected = way(WARMUP_COSINE)
    assert moves_of(model, *callbacks, epochs=1) + moves_of(model, *callbacks, epochs=1) == expected


def test_by_epoch_the_initial_epoch_is_honoured():
    model = model_with()
    used = moves_of(model, ScheduleCallback(WARMUP_COSINE), epochs=5, initial_epoch=3)
    assert used == single(WARMUP_COSINE, [3] * 4 + [4] * 4)


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_a_rate_changed_by_hand_does_not_influence_the_next(unit):
    """The built-in callback hands the current rate to any function with a second argument."""
    model = model_with()
    callback = ScheduleCallback(WARMUP_COSINE, unit=unit)
    moves_of(model, callback, epochs=1)
    model.optimizer.learning_rate = 77.0
    first = {"epoch": 1, "batch": 4}[unit]
    used = moves_of(model, callback, initial_epoch=1, epochs=2)
    assert used[0] == float(np.float32(WARMUP_COSINE(first)))


def test_in_the_graph_large_counts_stay_exact():
    """The optimizer's count goes to the schedule as an integer: float32 cannot hold these."""
    schedule = Linear(0.5, steps=2**30)
    model = model_with(keras.optimizers.SGD(LearningRate(schedule)))
    model.optimizer.iterations.assign(2**30 - 4)
    assert moves_of(model, epochs=1) == close_to(schedule, range(2**30 - 4, 2**30))


def test_one_schedule_serves_several_models():
    """A schedule has no clock of its own that two trainings could share."""
    first, second = (model_with() for _ in range(2))
    callback = ScheduleCallback(WARMUP_COSINE, unit="batch")
    assert moves_of(first, callback) == moves_of(second, callback)


def test_any_function_of_t_can_be_set_by_the_callback():
    model = model_with()
    used = moves_of(model, ScheduleCallback(lambda t: np.float64(t + 1), unit="batch"), epochs=1)
    assert used == [1.0, 2.0, 3.0, 4.0]


# The ways in which Keras runs an optimizer


def test_in_the_graph_steps_per_execution_changes_no_rate():
    """Keras calls back every second batch only; the weight has then moved by two rates."""
    model = model_with(keras.optimizers.SGD(LearningRate(WARMUP_COSINE)), steps_per_execution=2)
    pairs = [WARMUP_COSINE(t) + WARMUP_COSINE(t + 1) for t in range(0, 8, 2)]
    assert moves_of(model) == pytest.approx(pairs, rel=1e-6)


def test_by_batch_steps_per_execution_makes_a_staircase():
    model = model_with(keras.optimizers.SGD(), steps_per_execution=2)
    used = moves_of(model, ScheduleCallback(WARMUP_COSINE, unit="batch"))
    stairs = [2 * WARMUP_COSINE(t) for t in range(0, 8, 2)]
    assert used == pytest.approx(stairs, rel=1e-6)


def test_in_the_graph_the_schedule_is_traced_once():
    """A schedule that runs in Python for every update would cost time at every update."""
    steps = []

    class Counted(LearningRate):
        def __call__(self, step):
            steps.append(step)
            return super().__call__(step)

    moves_of(model_with(keras.optimizers.SGD(Counted(WARMUP_COSINE))))
    assert len(steps) == 1


def two_optimizers(**first):
    """A model of two weights, each with an optimizer of its own."""
    if not hasattr(keras.optimizers, "OptimizerMap"):
        pytest.skip("this Keras has no OptimizerMap")
    optimizers = [keras.optimizers.SGD(**first, name="first"), keras.optimizers.SGD(0.1, name="second")]
    layers = [keras.layers.Dense(1, use_bias=False, name=name) for name in ("one", "other")]
    chosen = keras.optimizers.OptimizerMap(optimizers[1], {".*/one/kernel": optimizers[0]})
    model = keras.Sequential([keras.Input((1,)), *layers])
    model.compile(keras.optimizers.MultiOptimizer(chosen), loss="mae")
    return model


def test_every_optimizer_of_several_is_set_and_reported():
    """Keras gives the rate of each a key of its own."""
    schedule = Linear(0.5, 0.1, steps=8)
    model = two_optimizers()
    callback = ScheduleCallback(schedule, unit="batch")
    history = history_of(model, callback, epochs=2)
    assert history["learning_rate_first"] == single(schedule, [3, 7])
    assert history["learning_rate_second"] == single(schedule, [3, 7])


def test_an_optimizer_of_several_that_has_a_schedule_is_refused():
    model = two_optimizers(learning_rate=LearningRate(WARMUP_COSINE))
    with pytest.raises(TypeError, match=r"^`learning_rate` of the optimizer must be a float"):
        model.fit(X, Y, verbose=0, callbacks=[ScheduleCallback(WARMUP_COSINE)])


# Other hyperparameters. test_keras_backends.py has their effect on each backend.


def test_another_hyperparameter_is_reported_under_its_name():
    model = model_with(keras.optimizers.SGD(weight_decay=0.5))
    callbacks = [
        ScheduleCallback(WARMUP_COSINE),
        ScheduleCallback(Linear(0.5, 0.1, steps=4), hyperparameter="weight_decay"),
    ]
    history = history_of(model, *callbacks, epochs=3)
    assert history["weight_decay"] == [Linear(0.5, 0.1, steps=4)(epoch) for epoch in range(3)]
    assert history["learning_rate"] == single(WARMUP_COSINE, range(3))


def test_a_number_changed_between_two_fits_is_not_left_in_the_graph():
    """What the callback finds is already what it would set, but the graph still has the old one."""
    model = model_with(keras.optimizers.SGD(0.0, weight_decay=0.5))
    halves = ScheduleCallback(Constant(0.25), hyperparameter="weight_decay")
    model.fit(X, Y, batch_size=1, verbose=0)
    model.optimizer.weight_decay = 0.25
    model.optimizer.learning_rate = 1.0
    model.trainable_variables[0].assign([[8.0]])
    model.fit(X[:1], Y[:1], batch_size=1, verbose=0, callbacks=[halves])
    assert float(model.trainable_variables[0][0, 0]) == 8.0 - 0.25 * 8.0 - 1.0


def test_a_number_that_does_not_change_is_compiled_once():
    model = model_with(keras.optimizers.SGD(weight_decay=0.5))
    callback = ScheduleCallback(Constant(0.5), hyperparameter="weight_decay")
    functions = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: functions.append(model.train_function))
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[callback, watch])
    assert functions[0] is functions[1] is functions[2]


@pytest.mark.parametrize("options", [{}, {"jit_compile": True}], ids=str)
def test_a_compiled_number_is_not_set_by_batch(options):
    """Keras would go on with the number that it has traced, and say nothing."""
    model = model_with(keras.optimizers.SGD(weight_decay=0.5), **options)
    callback = ScheduleCallback(WARMUP_COSINE, unit="batch", hyperparameter="weight_decay")
    with pytest.raises(
        ValueError, match=r'^`unit` must be "epoch" for `weight_decay`, got "batch": .* run_eagerly=True'
    ):
        moves_of(model, callback)


def began_with(optimizer, hyperparameter):
    """Begin a training with this callback."""
    model = model_with(optimizer)
    callback = ScheduleCallback(WARMUP_COSINE, hyperparameter=hyperparameter)
    callback.set_model(model)
    callback.on_train_begin()


@pytest.mark.parametrize("name", ["momentun", "iterations", "use", ""])
def test_a_hyperparameter_that_the_optimizer_does_not_have_is_refused(name):
    """`iterations` is a variable, and no hyperparameter."""
    with pytest.raises(ValueError, match=rf"^`hyperparameter` must be one of SGD's, got '{name}'\. Hint: .* momentum"):
        began_with(keras.optimizers.SGD(), name)


@pytest.mark.parametrize("name", ["weight_decay", "nesterov", "name", "gradient_accumulation_steps"])
def test_a_hyperparameter_that_is_no_float_is_refused(name):
    optimizer = keras.optimizers.SGD(gradient_accumulation_steps=2)
    with pytest.raises(TypeError, match=rf"^`{name}` of the optimizer must be a float that ScheduleCallback can set"):
        began_with(optimizer, name)


@pytest.mark.parametrize("kind", [keras.optimizers.SGD, keras.optimizers.RMSprop])
def test_momentum_needs_an_optimizer_that_was_made_with_some(kind):
    with pytest.raises(ValueError, match=rf"^`momentum` of the optimizer must be > 0 .* Hint: .* {kind.__name__}\("):
        began_with(kind(), "momentum")


@pytest.mark.parametrize(
    ("optimizer", "name"),
    [(keras.optimizers.Adagrad, "initial_accumulator_value"), (keras.optimizers.SGD, "ema_momentum")],
)
def test_a_hyperparameter_that_training_does_not_read_is_refused(optimizer, name):
    with pytest.raises(ValueError, match=rf"must be one that {optimizer.__name__} reads while it trains, got '{name}'"):
        began_with(optimizer(), name)


# What is reported, and what is saved


@pytest.mark.parametrize(("unit", "times"), [("epoch", [0, 1, 2]), ("batch", [3, 7, 11])])
def test_the_logs_have_the_last_rate_of_each_epoch(unit, times):
    history = history_of(model_with(), ScheduleCallback(WARMUP_COSINE, unit=unit), epochs=3)
    assert history["learning_rate"] == single(WARMUP_COSINE, times)


def test_before_training_the_optimizer_shows_the_first_rate():
    optimizer = keras.optimizers.SGD(LearningRate(Cosine(0.5, steps=7)))
    assert float(optimizer.learning_rate) == 0.5


def test_a_number_gives_the_value_of_the_schedule():
    assert LearningRate(WARMUP_COSINE)(2) == WARMUP_COSINE(2)


def test_the_callback_and_the_learning_rate_are_what_keras_expects():
    assert issubclass(ScheduleCallback, keras.callbacks.LearningRateScheduler)
    assert issubclass(LearningRate, keras.optimizers.schedules.LearningRateSchedule)


@every_schedule
def test_the_config_is_json_and_gives_the_schedule_back(schedule):
    config = json.loads(json.dumps(LearningRate(schedule).get_config()))
    assert LearningRate.from_config(config).schedule == schedule


LOAD = """
import sys
import keras
try:
    keras.models.load_model(sys.argv[1])
    print("imported" if "lrsched_keras" in sys.modules else "")
except TypeError as error:
    print("Could not locate class 'LearningRate'" in str(error))
import lrsched_keras
optimizer = keras.models.load_model(sys.argv[1]).optimizer
print(optimizer.get_config()["learning_rate"]["config"]["schedule"])
print(float(optimizer.learning_rate))
"""


def test_a_new_process_loads_a_saved_model_once_the_adapter_is_imported(tmp_path):
    """Without custom objects. Of eight batches, two to an update, four updates have been made."""
    model = model_with(keras.optimizers.SGD(LearningRate(WARMUP_COSINE), gradient_accumulation_steps=2))
    moves_of(model)
    model.save(tmp_path / "model.keras")
    done = subprocess.run(
        [sys.executable, "-c", LOAD, tmp_path / "model.keras"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    refused, schedule, rate = done.stdout.splitlines()[-3:]
    assert refused in ("True", "imported")  # Keras 3.7 imports by itself what a file names
    assert schedule == str(WARMUP_COSINE.to_dict())
    assert float(rate) == pytest.approx(WARMUP_COSINE(4), rel=5e-7)


def test_a_schedule_takes_a_keras_variable():
    """The optimizer's count, say."""
    optimizer = keras.optimizers.SGD()
    optimizer.iterations.assign(4)
    rate = WARMUP_COSINE(optimizer.iterations)
    assert keras.ops.is_tensor(rate)
    assert float(rate) == pytest.approx(WARMUP_COSINE(4), rel=5e-7)
    times = keras.Variable([0.0, 1.5, 9.0])
    assert WARMUP_COSINE(times).numpy() == pytest.approx(WARMUP_COSINE([0.0, 1.5, 9.0]), rel=5e-7)


def test_an_optimizer_config_gives_the_schedule_back():
    """Keras turns nested containers of a config into its own; the schedule must survive that."""
    optimizer = keras.optimizers.SGD(LearningRate(TRAINED["MultiFactor"].then(WARMUP_COSINE, at=7)))
    config = json.loads(json.dumps(keras.optimizers.serialize(optimizer)))
    copy = keras.optimizers.deserialize(config)
    copy.build([keras.Variable([0.0])])
    copy.iterations.assign(9)
    assert float(copy.learning_rate) == pytest.approx(WARMUP_COSINE(2), rel=5e-7)


# What is refused


def test_another_unit_is_refused():
    with pytest.raises(ValueError, match=r"""^`unit` must be "epoch" or "batch", got 'step'\.$"""):
        ScheduleCallback(WARMUP_COSINE, unit="step")


def test_a_number_is_no_schedule_for_the_callback():
    with pytest.raises(TypeError, match=r"^`schedule` must be a schedule or a function of t, got 0"):
        ScheduleCallback(0.1)


@pytest.mark.parametrize("not_ours", [0.1, SquareRoot, np.sqrt], ids=repr)
def test_only_a_schedule_can_be_computed_in_the_graph(not_ours):
    """A plain function could be neither traced nor saved."""
    with pytest.raises(TypeError, match=r"^`schedule` must be a schedule of lrsched_core, got .*"):
        LearningRate(not_ours)


def half(t):
    return 0.5


class Unregistered(CustomSchedule):
    """Without a name that a file could hold."""

    def value(self, t):
        return 0.5


@pytest.mark.parametrize("schedule", [Function(half), (WARMUP_COSINE * half).delay(3)], ids=["alone", "inside"])
def test_a_function_in_the_graph_is_refused_by_name_when_built_since_no_file_could_hold_it(schedule):
    with pytest.raises(TypeError, match=rf"got the function {__name__}\.half\. Hint: .* Keras saves it with the model"):
        LearningRate(schedule)
    with pytest.raises(TypeError, match=r"or is registered, to be saved, got .*Unregistered.* Keras saves it"):
        LearningRate(Unregistered().with_warmup(3))


@pytest.mark.parametrize("unit", ["epoch", "batch"])
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "loss_scale_optimizer"])
def test_an_optimizer_with_a_schedule_is_refused_before_the_first_update(unit, wrapped):
    """Two schedules for one rate: the callback's would be ignored or fail in mid-training."""
    optimizer = keras.optimizers.SGD(LearningRate(WARMUP_COSINE))
    if wrapped:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    callback = ScheduleCallback(WARMUP_COSINE, unit=unit)
    callback.set_model(model_with(optimizer))
    with pytest.raises(TypeError, match=r"^`learning_rate` of the optimizer must be a float .* SGD"):
        callback.on_train_begin()


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_a_schedule_given_to_the_optimizer_later_is_refused_too(unit):
    """Keras itself allows the exchange, and then goes on with the rate that it has traced."""
    model = model_with()
    callback = ScheduleCallback(WARMUP_COSINE, unit=unit)
    moves_of(model, callback, epochs=1)
    model.optimizer.learning_rate = LearningRate(WARMUP_COSINE)
    hook = {"epoch": callback.on_epoch_begin, "batch": callback.on_train_batch_begin}[unit]
    with pytest.raises(TypeError, match=r"leave the callback out"):
        hook(1)


@pytest.mark.parametrize("unit", ["epoch", "batch"])
def test_a_type_error_of_the_schedule_reaches_the_caller(unit):
    """The built-in callback offers the current rate first, and calls again after any TypeError."""
    asked = []

    def broken(*arguments):
        asked.append(arguments)
        message = "from within the schedule"
        raise TypeError(message)

    model = model_with()
    with pytest.raises(TypeError, match=r"^from within the schedule$"):
        moves_of(model, ScheduleCallback(broken, unit=unit))
    assert asked == [(0,)]


# The import
