"""In every adapter alike: a rule scales the rate, and a run that was stopped goes on with what is given now."""

import random
import re

import numpy as np
import pytest

from lrsched_core import Cosine, Greedy, Linear, PiecewiseConstant, Plateau, diff

SCHEDULE = Cosine(0.3, 0.01, steps=12).with_warmup(4, start=0.05)
HALVE = Plateau(0.5, 0)
RULES = [HALVE, Plateau(0.3, 1, cooldown=1, mode="max"), Greedy(0.5, 0, max_scale=4.0, window=2, min_scale=0.1)]


def by_torch(given, updates, folder, *, scores=(), done=0, **options):
    """Train, after the updates that were done before; return the moves of a weight, and the plan in what is saved."""
    torch = pytest.importorskip("torch")
    from lrsched_torch import ScheduleLR, plan_of
    from torch_training import make_optimizer, update

    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, given, **options)
    if done:
        for each, state in zip((optimizer, scheduler), torch.load(folder / "states"), strict=True):
            each.load_state_dict(state)
    moves = []
    for t in range(done, done + updates):
        moves += update(optimizer)
        scheduler.step()
        if scores:
            scheduler.observe(scores[t])
    torch.save([optimizer.state_dict(), scheduler.state_dict()], folder / "states")
    return moves, plan_of(torch.load(folder / "states")[1])


def by_keras(unit):
    """The same, where an epoch is one batch."""

    def train(given, updates, folder, *, scores=(), done=0, **options):
        keras = pytest.importorskip("keras")
        from keras_fits import X, Y, model_with, moves_of
        from lrsched_keras import ScheduleCallback, plan_of

        class Scores(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                logs["score"] = scores[epoch] if scores else 0.0

        callback = ScheduleCallback(given, unit=unit, monitor="score", **options)
        backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
        model, data = model_with(run_eagerly=True), (X[:1], Y[:1])
        moves = moves_of(model, Scores(), callback, backup, data=data, epochs=done + updates)
        return moves, plan_of(folder / "latest.weights.h5")

    return train


def by_mxnet(given, updates, folder, *, scores=(), done=0, **options):
    """The same."""
    pytest.importorskip("mxnet")
    from lrsched_mxnet import Scheduler, plan_of
    from mxnet_training import moves_of, parameters, trainer_of

    params = parameters()
    trainer = trainer_of(Scheduler(given, **options), params, learning_rate=None)
    if done:
        trainer.load_states(str(folder / "states"))
    moves = []
    for t in range(done, done + updates):
        [[move]] = moves_of(trainer, params, 1)
        moves.append(float(move))
        if scores:
            trainer.optimizer.lr_scheduler.observe(scores[t])
    trainer.save_states(str(folder / "states"))
    return moves, plan_of(folder / "states")


ADAPTERS = {
    "torch": (by_torch, float),
    "keras by epoch": (by_keras("epoch"), np.float32),
    "keras by batch": (by_keras("batch"), np.float32),
    "mxnet": (by_mxnet, np.float32),
}


@pytest.fixture(params=ADAPTERS)
def train(request):
    """Trains in one of the adapters."""
    return ADAPTERS[request.param][0]


@pytest.fixture
def rates(request):
    """The rates from one update to another as the adapter's weight has them."""
    kept = ADAPTERS[request.node.callspec.params["train"]][1]
    return lambda schedule, times, scales=None: [
        float(kept(schedule(t) * (scales[t] if scales else 1.0))) for t in times
    ]


def draw(seed, count=12):
    """Scores of which some are not finite."""
    lot = random.Random(seed)
    return [lot.choice([0.1, 0.2, 0.5, 1.0, -1.0, float("nan"), float("inf")]) for _ in range(count)]


def scales(rule, scores):
    """The scale of each update."""
    state, found = rule.start(), []
    for score in scores:
        found.append(state.scale)
        state = rule.update(state, score)
    return found


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_run_that_was_stopped_anywhere_uses_the_rates_of_the_schedule_times_the_scale(train, rates, rule, tmp_path):
    for run, stop in enumerate((1, 2, 5, 11)):
        scores, folder = draw(run), tmp_path / str(run)
        folder.mkdir()
        first, _ = train(SCHEDULE, stop, folder, scores=scores, rule=rule)
        second, plan = train(SCHEDULE, 12 - stop, folder, scores=scores, rule=rule, done=stop)
        assert first + second == rates(SCHEDULE, range(12), scales(rule, scores))
        assert plan == SCHEDULE


# The rule before, the rule now, `on_change`, and the scale that it goes on from; None where it is refused.
CHANGES = [
    (HALVE, HALVE, "refuse", 0.5),
    (HALVE, Plateau(0.5, 9), "refuse", None),
    (HALVE, Plateau(0.5, 9), "future", 0.5),
    (HALVE, Plateau(0.5, 9), "keep", 0.5),
    (HALVE, None, "refuse", None),
    (HALVE, None, "future", None),
    (HALVE, None, "keep", 1.0),
    (None, HALVE, "refuse", None),
    (None, Plateau(), "future", 1.0),
    (None, Plateau(), "keep", 1.0),
    (HALVE, Greedy(), "future", None),
    (HALVE, Greedy(), "keep", 1.0),
]


@pytest.mark.parametrize(("before", "now", "on_change", "scale"), CHANGES)
def test_another_rule_is_taken_as_on_change_says(train, rates, before, now, on_change, scale, tmp_path):
    scores = [1.0] * 3
    train(SCHEDULE, 2, tmp_path, rule=before, scores=scores if before else ())
    options = {"done": 2, "rule": now, "scores": scores if now else (), "on_change": on_change}
    if scale is None:
        said = (
            rf"(?s)^`rule` must be the one that .* {re.escape(repr(before))}.*, got |^`rule` must be the one .* another"
        )
        with pytest.raises(ValueError, match=said):
            train(SCHEDULE, 1, tmp_path, **options)
    else:
        assert train(SCHEDULE, 1, tmp_path, **options)[0] == rates(SCHEDULE, [2], [scale] * 3)


OLD = PiecewiseConstant((0.5, 0.25), milestones=(2,))


def test_the_same_schedule_written_otherwise_goes_on(train, rates, tmp_path):
    train(OLD, 3, tmp_path)
    again = PiecewiseConstant((0.5, 0.5, 0.25), milestones=(1, 2))
    assert train(again, 2, tmp_path, done=3)[0] == rates(OLD, [3, 4])


@pytest.mark.parametrize(
    ("rates_now", "on_change", "said"),
    [
        ((0.5, 0.125), "refuse", r"first differs at t=2: 0\.125 instead of 0\.25"),
        ((0.25, 0.5), "future", r"made with before t=3, .*first differs at t=0: 0\.25 instead of 0\.5"),
    ],
)
def test_another_schedule_is_refused_with_the_first_time_and_both_values(train, rates_now, on_change, said, tmp_path):
    train(OLD, 3, tmp_path)
    with pytest.raises(ValueError, match=rf"^`schedule` must be the one .*{said}"):
        train(PiecewiseConstant(rates_now, milestones=(2,)), 2, tmp_path, done=3, on_change=on_change)


@pytest.mark.parametrize(
    ("new", "on_change"), [(OLD.cooldown(at=3, steps=4), "future"), (Linear(0.75, steps=40), "keep")]
)
def test_what_is_taken_is_followed_at_once_and_the_history_stays_known(train, rates, new, on_change, tmp_path):
    train(OLD, 3, tmp_path)
    moves, plan = train(new, 4, tmp_path, done=3, on_change=on_change)
    assert moves == rates(new, range(3, 7))
    whole = OLD.then(new.advance(3), at=3)
    assert not diff(plan, whole)
    # The same program goes on with what it was given, and another with all of it.
    for t, given in ((7, new), (8, whole)):
        moves, plan = train(given, 1, tmp_path, done=t)
        assert moves == rates(new, [t])
        assert not diff(plan, whole)


def test_a_schedule_is_read_back_whole_however_long(train, tmp_path):
    lot = random.Random(1)
    lr = PiecewiseConstant([lot.random() for _ in range(500)], milestones=range(1, 500))
    assert len(lr.to_json()) > 10_000
    assert train(lr, 1, tmp_path)[1] == lr


def observer(framework):
    """What takes a metric, and how that framework makes a tensor."""
    if framework == "torch":
        torch = pytest.importorskip("torch")
        from lrsched_torch import ScheduleLR
        from torch_training import make_optimizer

        return lambda rule: ScheduleLR(make_optimizer(), SCHEDULE, rule=rule), torch.tensor
    if framework == "keras":
        keras = pytest.importorskip("keras")
        from lrsched_keras import ScheduleCallback

        return lambda rule: ScheduleCallback(SCHEDULE, rule=rule), keras.ops.convert_to_tensor
    mxnet = pytest.importorskip("mxnet")
    from lrsched_mxnet import Scheduler

    return lambda rule: Scheduler(SCHEDULE, rule=rule), lambda value: mxnet.nd.array(np.atleast_1d(value))


@pytest.mark.parametrize("framework", ["torch", "keras", "mxnet"])
def test_a_metric_is_one_number_of_whatever_kind(framework):
    build, tensor = observer(framework)
    adapter = build(HALVE)
    for metric in ("1.0", True, None, [1.0, 2.0], np.ones(2), tensor([1.0, 1.0]), np.array([True])):
        with pytest.raises((TypeError, ValueError), match=r"^`metric` must be "):
            adapter.observe(metric)
    assert adapter.scale == 1.0  # nothing has happened
    for metric in (tensor(1.0), np.ones(1), np.float32(1.0), 1):
        adapter.observe(metric)
    assert adapter.scale == 0.5**3
    with pytest.raises((TypeError, ValueError), match=r"^`(observe|rule)` "):
        build(None).observe(1.0)
