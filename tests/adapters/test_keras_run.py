"""Keras follows a plan and a rule, and a run that is resumed, changed or read back is the run that was planned."""

import contextlib
import csv
import zipfile

import numpy as np
import pytest

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Function,
    Linear,
    PiecewiseConstant,
    Plan,
    Plateau,
    audit,
    extend,
)

keras = pytest.importorskip("keras")
h5py = pytest.importorskip("h5py")

import keras_fits
from keras_fits import Interrupted, Watch, X, Y, history_of
from lrsched_keras import LearningRate, Record, ScheduleCallback, plan_of

SCHEDULE = Cosine(0.3, 0.01, steps=12).with_warmup(4)
UNITS = {"epoch": 1, "batch": 4}  # and how often t counts in an epoch
by_unit = pytest.mark.parametrize("unit", UNITS)


def model_with(optimizer=None, **options):
    """Run eagerly, which takes no time for tracing."""
    return keras_fits.model_with(optimizer, **{"run_eagerly": True} | options)


class Scores(keras.callbacks.Callback):
    """Puts a score of one's own into the logs of each epoch."""

    def __init__(self, scores):
        super().__init__()
        self.scores = scores

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = self.scores[epoch]


def fitted(model, *callbacks, epochs=5, **options):
    return history_of(model, *callbacks, epochs=epochs, **options)


def scales(rule, scores):
    """The scale of each epoch."""
    state, used = rule.start(), []
    for score in scores:
        used.append(state.scale)
        state = rule.update(state, score)
    return used


# A rule


def test_the_decisions_are_those_of_keras_own_callback():
    from lrsched_core.compat.keras import ReduceLROnPlateau

    arguments = {"factor": 0.5, "patience": 2, "min_delta": 0.01, "cooldown": 1}
    scores = [1.0, 0.995, 0.99, 0.985, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    theirs = keras.callbacks.ReduceLROnPlateau(monitor="score", mode="min", **arguments)
    first = fitted(model_with(keras.optimizers.SGD(0.25)), Scores(scores), theirs, epochs=10)
    rule = ReduceLROnPlateau(base_lr=0.25, **arguments)
    ours = ScheduleCallback(Function(quarter), rule=rule, monitor="score")
    assert fitted(model_with(), Scores(scores), ours, epochs=10)["learning_rate"] == first["learning_rate"]


def quarter(t):
    return 0.25


def test_observe_takes_effect_at_the_next_update():
    callback = ScheduleCallback(Linear(1.0, steps=100), unit="batch", rule=Plateau(0.5, 0), monitor=None)
    watch = Watch()

    class Shows(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            callback.observe(np.float32(1.0))

    fitted(model_with(), callback, watch, Shows(), epochs=1)
    assert watch.used == {t: float(np.float32((1 - t / 100) * scale)) for t, scale in enumerate([1.0, 1.0, 0.5, 0.25])}
    assert callback.scale == 0.125


def test_a_rule_scales_the_learning_rate_alone():
    plan = Plan(lr=0.5, weight_decay=0.25)
    callback = ScheduleCallback(plan, rule=Plateau(0.5, 0), monitor="score")
    history = fitted(model_with(keras.optimizers.SGD(weight_decay=0.1)), Scores([1.0] * 4), callback, epochs=4)
    assert history["learning_rate"] == [0.5, 0.5, 0.25, 0.125]
    assert history["weight_decay"] == [0.25] * 4


def test_warmup_cosine_and_plateau_in_the_compiled_step():
    callback, watch = ScheduleCallback(SCHEDULE, unit="batch", rule=Plateau(0.5, 0), monitor="loss"), Watch()
    history = fitted(model_with(run_eagerly=False), callback, watch)
    assert history["scale"] == scales(callback._reaction.rule, history["loss"])
    rates = [SCHEDULE(t) * history["scale"][t // 4] for t in range(20)]
    assert watch.used == {t: float(np.float32(rate)) for t, rate in enumerate(rates)}


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"rule": 0.5}, TypeError, r"^`rule` must be a rule, such as Plateau\(0.5, patience=3\), got 0.5\."),
        (
            {"rule": Plateau(), "hyperparameter": "momentum"},
            ValueError,
            r"^`rule` must be left out where no learning rate",
        ),
        ({"rule": Plateau(), "monitor": 3}, TypeError, r"^`monitor` must be a name in the logs, or None, got 3\."),
        ({"on_change": "maybe"}, ValueError, r"^`on_change` must be one of 'refuse', 'future', 'keep', got 'maybe'\."),
    ],
)
def test_what_is_no_rule_is_refused(arguments, kind, message):
    with pytest.raises(kind, match=message):
        ScheduleCallback(SCHEDULE, **arguments)


def test_a_metric_that_is_not_there_is_refused_or_said():
    with pytest.raises(
        ValueError, match=r"^`monitor` must be in the logs, which have loss, learning_rate, got 'acc'\."
    ):
        fitted(model_with(), ScheduleCallback(SCHEDULE, rule=Plateau(), monitor="acc"))
    with pytest.warns(UserWarning, match=r"^`monitor` 'val_loss' is not in the logs of epoch 1") as said:
        fitted(model_with(), ScheduleCallback(SCHEDULE, rule=Plateau()))
    assert len([one for one in said if "monitor" in str(one.message)]) == 1


def test_what_saves_before_the_metric_is_seen_is_refused(tmp_path):
    for saver in (
        keras.callbacks.BackupAndRestore(tmp_path),
        keras.callbacks.ModelCheckpoint(tmp_path / "model.keras"),
    ):
        with pytest.raises(ValueError, match=rf"^`callbacks` must have {type(saver).__name__} after ScheduleCallback"):
            fitted(model_with(), saver, ScheduleCallback(SCHEDULE, rule=Plateau()))


# A plan


NAMES = {"lr": "learning_rate", "weight_decay": "weight_decay", "beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon"}


@pytest.mark.parametrize("own", [False, True])
def test_a_plan_sets_all_of_it_by_common_names_and_by_keras(own):
    schedules = {name: Linear(0.5, 0.1, steps=4 + i) for i, name in enumerate(NAMES)}
    plan = Plan({NAMES[name] if own else name: one for name, one in schedules.items()})
    history = fitted(model_with(keras.optimizers.AdamW(), run_eagerly=False), ScheduleCallback(plan), epochs=3)
    for name, schedule in schedules.items():
        assert history[NAMES[name]] == pytest.approx([schedule(t) for t in range(3)], rel=1e-7)


@by_unit
def test_the_weights_are_those_of_the_same_values_set_by_hand(unit):
    """Rate, weight decay and momentum at once, by real updates."""
    plan = Plan(lr=SCHEDULE, weight_decay=Linear(0.1, 0.5, steps=9), momentum=Linear(0.5, 0.9, steps=7))

    class ByHand(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            count = int(self.model.optimizer.iterations)
            for name, value in plan(count if unit == "batch" else count // 4).items():
                setattr(self.model.optimizer, NAMES.get(name, name), value)

    trained = []
    for callback in (ScheduleCallback(plan, unit=unit), ByHand()):
        model = model_with(keras.optimizers.SGD(momentum=0.9, weight_decay=0.1))
        model.trainable_variables[0].assign([[1.0]])
        fitted(model, callback)
        trained.append(np.array(model.trainable_variables[0]))
    assert trained[0] == trained[1]


def test_a_plan_on_a_clock_counts_samples():
    clock = Clock(batch_size=1, samples_per_epoch=4, epochs=3)
    plan = Plan(lr=Linear(0.5, steps=12), weight_decay=0.1).on(clock, "samples")
    watch = Watch()
    fitted(model_with(keras.optimizers.SGD(weight_decay=0.1)), ScheduleCallback(plan, unit="batch"), watch, epochs=3)
    rates = [0.5 * (1 - t / 12) for t in range(12)]
    assert watch.used == {t: float(np.float32(rate)) for t, rate in enumerate(rates)}
    in_the_graph, watch = model_with(keras.optimizers.SGD(LearningRate(plan["lr"]))), Watch()
    fitted(in_the_graph, watch, epochs=3)
    assert [*watch.used.values()] == pytest.approx(rates, rel=5e-7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ScheduleCallback(Plan(lr=0.1, learning_rate=0.1)), "name a hyperparameter once, got 'lr' and"),
        (lambda: ScheduleCallback(Plan(groups={"body": Plan(lr=0.1)})), r"plan\.groups\['body'\], optimizer=\.\.\."),
        (lambda: ScheduleCallback(Plan(lr=0.1), hyperparameter="momentum"), "^`hyperparameter` must be left out"),
    ],
)
def test_a_plan_that_an_optimizer_cannot_follow_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_name_that_the_optimizer_does_not_have_is_refused_before_the_first_update():
    with pytest.raises(ValueError, match=r"^`hyperparameter` must be one of SGD's, got 'beta_1'\."):
        fitted(model_with(), ScheduleCallback(Plan(lr=0.1, beta1=0.9)))


def test_the_graph_takes_the_rate_of_a_plan():
    with pytest.raises(TypeError, match=r'Hint: LearningRate\(plan\["lr"\]\) takes that of a plan'):
        LearningRate(Plan(lr=SCHEDULE))


def test_another_callback_that_sets_a_part_of_the_plan_is_refused():
    plan = Plan(lr=0.1, weight_decay=0.1)
    other = ScheduleCallback(Linear(0.1, steps=3), hyperparameter="weight_decay")
    with pytest.raises(ValueError, match=r"^`callbacks` must have one that sets `weight_decay`"):
        fitted(model_with(keras.optimizers.SGD(weight_decay=0.1)), ScheduleCallback(plan), other)


# A run that is resumed


def resumed(folder, callback, scores, *, stop_before=None, used=None, epochs=5):
    """Train with a backup, as far as it gets."""
    backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
    with contextlib.suppress(Interrupted):
        fitted(model_with(), Scores(scores), callback, backup, Watch(used, stop_before), epochs=epochs)
    return callback


@by_unit
def test_an_epoch_that_was_broken_off_begins_anew_with_its_scale(unit, tmp_path):
    """At the count that the backup has. What else is asked of a run that resumes is in test_resumed.py."""
    rule, scores = Plateau(0.5, 0), [1.0, 0.5, 0.5, 0.75, 0.25]
    rates = [SCHEDULE(u if unit == "batch" else u // 4) * scales(rule, scores)[u // 4] for u in range(20)]
    for stop in (1, 6, 12, 19):
        used: dict[int, float] = {}
        for stop_before in (stop, None):
            callback = ScheduleCallback(SCHEDULE, unit=unit, rule=rule, monitor="score")
            resumed(tmp_path / str(stop), callback, scores, stop_before=stop_before, used=used)
        assert used == {u: float(np.float32(rate)) for u, rate in enumerate(rates)}


OLD = PiecewiseConstant((0.5, 0.25), milestones=(2,))


def test_another_unit_is_refused(tmp_path):
    resumed(tmp_path, ScheduleCallback(OLD), [1.0] * 3, epochs=3)
    with pytest.raises(ValueError, match=r"^`unit` must be the one that the checkpoint was made with, 'epoch', got"):
        resumed(tmp_path, ScheduleCallback(OLD, unit="batch"), [1.0] * 6, epochs=6)


def test_a_second_fit_of_the_same_program_may_follow_what_it_likes():
    model, watch = model_with(), Watch()
    fitted(model, ScheduleCallback(OLD), watch, epochs=2)
    fitted(model, ScheduleCallback(Linear(0.75, steps=4)), watch, epochs=2)
    assert [*watch.used.values()] == [0.5] * 8 + [0.75] * 4 + [0.5625] * 4
    assert plan_of(model) == Linear(0.75, steps=4)


@by_unit
def test_a_model_that_was_loaded_goes_on_after_restore(unit, tmp_path):
    rule, scores = Plateau(0.5, 0), [1.0] * 5
    first = model_with()
    fitted(first, Scores(scores), ScheduleCallback(SCHEDULE, unit=unit, rule=rule, monitor="score"), epochs=3)
    first.save(tmp_path / "model.keras")
    for restores in (True, False):
        model, watch = keras.models.load_model(tmp_path / "model.keras"), Watch()
        callback = ScheduleCallback(SCHEDULE, unit=unit, rule=rule, monitor="score")
        said = contextlib.nullcontext() if restores else pytest.warns(UserWarning, match=r"^`rule` begins anew at t=")
        if restores:
            callback.restore(tmp_path / "model.keras")
        with said:
            fitted(model, Scores(scores), callback, watch, initial_epoch=3)
        start = scales(rule, scores)[3] if restores else 1.0
        assert watch.used[12] == float(np.float32(SCHEDULE(12 if unit == "batch" else 3) * start))


def test_a_file_of_another_training_cannot_be_restored(tmp_path):
    model_with().save(tmp_path / "model.keras")
    with pytest.raises(
        ValueError, match=r"^`path` must be a file that a ScheduleCallback of learning_rate was saved in"
    ):
        ScheduleCallback(SCHEDULE, rule=Plateau()).restore(tmp_path / "model.keras")


@pytest.mark.parametrize(
    ("read", "argument"), [(lambda path: ScheduleCallback(SCHEDULE).restore(path), "path"), (plan_of, "source")]
)
def test_what_is_no_file_of_keras_is_refused(read, argument, tmp_path):
    (tmp_path / "text").write_text("weights")
    with zipfile.ZipFile(tmp_path / "zip", "w") as archive:
        archive.writestr("config.json", "{}")
    for name in ("text", "zip"):
        with pytest.raises(ValueError, match=rf"^`{argument}` must be a \.keras or \.weights\.h5 file, got '.*{name}'"):
            read(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none")
    for nothing in (None, 5, SCHEDULE):
        with pytest.raises(TypeError, match=rf"^`{argument}` must be .*the path of a file, got "):
            read(nothing)


@pytest.mark.parametrize(
    "text",
    [
        *["", "x", "[]", "{}", '{"version":1}', '{"version":2,"callbacks":[]}', '{"version":1,"callbacks":[5]}'],
        '{"version":1,"callbacks":[{"unit":"epoch","given":5,"history":{},"epochs":0,"rule":null,"state":null}]}',
    ],
)
def test_an_entry_that_no_callback_wrote_is_refused(text, tmp_path):
    model, path = model_with(), tmp_path / "model.weights.h5"
    fitted(model, ScheduleCallback(SCHEDULE), epochs=1)
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        place = "optimizer/lrsched/vars"
        del file[place]["json"]
        file[place]["json"] = np.frombuffer(text.encode(), np.uint8)
    for read in (plan_of, ScheduleCallback(SCHEDULE).restore):
        with pytest.raises(ValueError, match=r"^`lrsched/vars/json` must be what a ScheduleCallback keeps"):
            read(path)


def test_a_program_without_the_callback_loads_what_was_saved_with_it(tmp_path, recwarn):
    first = model_with(keras.optimizers.SGD(momentum=0.9))
    fitted(first, ScheduleCallback(SCHEDULE))
    first.save_weights(tmp_path / "model.weights.h5")
    second = model_with(keras.optimizers.SGD(momentum=0.9))
    second.optimizer.build(second.trainable_variables)
    second.load_weights(tmp_path / "model.weights.h5")
    assert int(second.optimizer.iterations) == 20
    assert not [one for one in recwarn if one.category is UserWarning]


# What made a file


def test_the_plan_is_read_from_optimizer_model_and_files(tmp_path):
    plan = Plan(lr=Cosine(0.3, steps=9), weight_decay=Linear(0.1, steps=5))
    model = model_with(keras.optimizers.SGD(weight_decay=0.1))
    fitted(model, ScheduleCallback(plan), epochs=2)
    model.save(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    for source in (model, model.optimizer, tmp_path / "model.keras", str(tmp_path / "model.weights.h5")):
        assert plan_of(source) == plan


@pytest.mark.parametrize("scaled", [False, True])
def test_the_rate_in_the_graph_is_read_together_with_what_a_callback_sets(scaled, tmp_path):
    optimizer = keras.optimizers.SGD(LearningRate(SCHEDULE), weight_decay=0.1)
    model = model_with(keras.optimizers.LossScaleOptimizer(optimizer) if scaled else optimizer)
    decay = Linear(0.1, steps=5)
    fitted(model, ScheduleCallback(decay, hyperparameter="weight_decay"), epochs=1)
    model.save(tmp_path / "model.keras")
    assert plan_of(model) == plan_of(tmp_path / "model.keras") == Plan(lr=SCHEDULE, weight_decay=decay)


def test_a_record_of_no_optimizer_is_refused():
    with pytest.raises(TypeError, match=r"^`optimizer` must be an optimizer of Keras, got 'sgd'"):
        Record(optimizer="sgd")


def test_where_there_is_no_plan_it_says_so(tmp_path):
    model = model_with()
    model.save(tmp_path / "model.keras")
    for source in (model, tmp_path / "model.keras"):
        with pytest.raises(ValueError, match=r"^`source` must have been trained with"):
            plan_of(source)
    with pytest.raises(TypeError, match=r"^`source` must be an optimizer"):
        plan_of(3)
    fitted(model, ScheduleCallback(quarter), epochs=1)
    model.save(tmp_path / "model.keras")
    with pytest.raises(TypeError, match=r"^`source` must hold schedules that have a form, got <function quarter>"):
        plan_of(tmp_path / "model.keras")


# What was used


def filtered():
    """Data whose length Keras does not know."""
    tensorflow = pytest.importorskip("tensorflow")
    return tensorflow.data.Dataset.from_tensor_slices((X, Y)).batch(1).filter(lambda x, y: x[0, 0] > 0)


DECAY = {"initial_learning_rate": 0.5, "decay_steps": 7, "decay_rate": 0.5}
GIVERS = {
    "by batch": lambda: (keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE, unit="batch")]),
    "by epoch": lambda: (keras.optimizers.SGD(), [ScheduleCallback(SCHEDULE)]),
    "in the graph": lambda: (keras.optimizers.SGD(LearningRate(SCHEDULE)), []),
    "Keras' own": lambda: (keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(**DECAY)), []),
    "a number": lambda: (keras.optimizers.SGD(0.25), []),
}


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # as it always does, where the length is unknown
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("giver", GIVERS)
def test_what_is_recorded_is_how_far_each_update_moved_the_weight(giver, unknown, k):
    optimizer, callbacks = GIVERS[giver]()
    optimizer.gradient_accumulation_steps = None if k == 1 else k
    optimizer = type(optimizer).from_config(optimizer.get_config())
    model, record = model_with(optimizer, run_eagerly=False), Record()
    moved = keras_fits.moves_of(model, record, *callbacks, data=filtered() if unknown else (X, Y), epochs=3)
    assert [row["update"] for row in record.rows] == [*range(12 // k)]
    if unknown and k == 2 and giver not in ("by batch", "in the graph"):
        return  # Keras gathers over the end of the epoch there, and throws some away: the weight tells nothing
    assert [row["lr"] for row in record.rows] == pytest.approx(moved[k - 1 :: k], rel=1e-6)


def test_a_rate_that_is_replaced_after_the_step_was_compiled_is_said():
    old, new = Linear(0.5, steps=16), Constant(0.25)
    model = model_with(keras.optimizers.SGD(LearningRate(old)), run_eagerly=False)
    fitted(model, epochs=1)
    model.optimizer.learning_rate = LearningRate(new)
    record, compiled = Record(), keras.backend.backend() != "torch"
    with (
        pytest.warns(UserWarning, match=r"^`learning_rate` of the optimizer sgd\w* was replaced")
        if compiled
        else (contextlib.nullcontext())
    ):
        fitted(model, record, epochs=1)
    assert [row["lr"] for row in record.rows] == [(old if compiled else new)(t) for t in range(4, 8)]
    before = model.get_weights()[0].item()
    model.make_train_function(force=True)
    fitted(model, epochs=1)
    assert before - model.get_weights()[0].item() == pytest.approx(4 * 0.25)


def test_a_record_can_be_audited(tmp_path):
    record = Record(tmp_path / "used.csv")
    fitted(model_with(keras.optimizers.SGD(momentum=0.5)), ScheduleCallback(SCHEDULE, unit="batch"), record)
    with (tmp_path / "used.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [*rows[0]] == ["update", "lr", "momentum"]
    times, rates = [int(row["update"]) for row in rows], [float(row["lr"]) for row in rows]
    assert times == [*range(20)]
    assert audit(SCHEDULE, times, rates).ok
    assert not audit(2 * SCHEDULE, times, rates).ok


@by_unit
def test_a_record_has_the_scale_of_a_rule_beside_the_rate(unit):
    rule, scores, record = Plateau(0.5, 0), [1.0, 0.5, 0.5, 0.75, 0.25], Record()
    callback = ScheduleCallback(SCHEDULE, unit=unit, rule=rule, monitor="score")
    fitted(model_with(), Scores(scores), record, callback)
    expected = [scale for scale in scales(rule, scores) for _ in range(4)]
    assert [row["scale"] for row in record.rows] == expected
    assert [row["lr"] for row in record.rows] == [
        float(np.float32(SCHEDULE(t if unit == "batch" else t // 4) * scale)) for t, scale in enumerate(expected)
    ]


# A branch


@pytest.mark.parametrize(("change", "unit"), [("cooldown", "epoch"), ("longer", "batch"), ("tail", "batch")])
def test_a_branch_of_a_run_that_was_stopped_has_the_weights_of_one_planned_so(change, unit, tmp_path):
    per_epoch = UNITS[unit]
    plan = Plan(lr=Linear(0.5, 0.25, steps=9 * per_epoch).with_warmup(per_epoch), weight_decay=0.1, momentum=0.75)

    def branched(old, at):
        if change == "longer":
            return extend(old, at=at, stop=10 * per_epoch, new_stop=14 * per_epoch)
        cooled, continued = old["lr"].cooldown(at=at, steps=2 * per_epoch), old["lr"].then(Linear(0.25, steps=9), at=at)
        return old.replace(lr=cooled if change == "cooldown" else continued)

    def trained(followed, on_change="refuse", *, backup=None, epochs=4, stop_before=None):
        model = model_with(keras.optimizers.SGD(momentum=0.9, weight_decay=0.1), loss="mse")
        model.trainable_variables[0].assign([[1.0]])
        callbacks = [ScheduleCallback(followed, unit=unit, on_change=on_change)]
        callbacks += [keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False)] if backup else []

        class Stop(keras.callbacks.Callback):
            def on_train_batch_begin(self, batch, logs=None):
                if int(self.model.optimizer.iterations) == stop_before:
                    raise Interrupted

        with contextlib.suppress(Interrupted):
            fitted(model, *callbacks, Stop(), epochs=epochs)
        return np.array(model.trainable_variables[0]).tolist()

    trained(plan, backup=tmp_path, stop_before=9)  # the third epoch was broken off
    old = plan_of(tmp_path / "latest.weights.h5")
    assert old == plan
    at = 2 * per_epoch
    weights = trained(branched(old, at), "future", backup=tmp_path)
    assert weights == trained(branched(plan, at)) != trained(plan)
    with pytest.raises(ValueError, match=rf"made with before t={4 * per_epoch}, got another, .* for 'lr'\.\n"):
        trained(branched(plan, per_epoch), "future", backup=tmp_path, epochs=5)
