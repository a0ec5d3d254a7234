"""Rules as values: what they know, refuse, and are traced to."""

import itertools
import math
import pickle

import numpy as np
import pytest

from lrsched_core import Greedy, Plateau
from run.metrics import batches, scales
from run.values import assert_is_a_value

RULES = [
    Plateau(),
    Plateau(0.5, 1),
    Plateau(0.5, 0, threshold=0.0),
    Plateau(0.3, 2, threshold=2**-7, threshold_mode="abs", cooldown=2, min_scale=0.25),
    Plateau(0.5, 1, mode="max", cooldown=1),
    Greedy(),
    Greedy(0.5, 1, max_scale=8.0, min_scale=0.25, reset=2),
    Greedy(0.5, 0, threshold=0.25, threshold_mode="rel", cooldown=2, warmup=1, max_scale=4.0, mode="max"),
    Greedy(0.5, 1, window=3, max_scale=4.0, min_scale=0.5, reset=1),
]
HUGE = 10**400


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_rule_is_a_value_that_prints_as_the_call_that_makes_it(rule):
    assert_is_a_value(rule)
    with pytest.raises(AttributeError):
        rule.factor = 0.2


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_torch_s_safe_loader_keeps_a_rule_and_its_state(rule, tmp_path):
    torch = pytest.importorskip("torch")
    pytest.importorskip("lrsched_torch")
    state = tuple(rule.update(rule.start(), 0.5))
    torch.save({"rule": rule, "state": state}, tmp_path / "checkpoint.pt")
    loaded = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert loaded == {"rule": rule, "state": state}
    assert rule.update(loaded["state"], 0.25) == rule.update(state, 0.25)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_state_is_a_tuple_of_plain_numbers_that_update_leaves_as_it_was(rule):
    state = rule.start()
    assert state.scale == 1.0
    for x in (np.float32(2.0), 1, 0.5, np.float64(0.5), math.nan, math.inf, 0.5, 0.5, 0.5, -math.inf):
        before = tuple(state)
        later = rule.update(state, x)
        assert tuple(state) == before
        state = later
        flat = [*state[:-1], *state.window] if isinstance(rule, Greedy) else [*state]
        assert {type(value) for value in flat} <= {int, float}
    assert rule.update(list(state), 0.5) == rule.update(state, 0.5)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_run_that_is_killed_at_any_observation_decides_as_one_that_was_not(rule):
    _, metrics = next(batches(7))
    whole = scales(rule, metrics)
    for stop in range(1, metrics.shape[1]):
        state = rule.start()
        for x in metrics[0, :stop].tolist():
            state = rule.update(state, x)
        state = type(state)(*pickle.loads(pickle.dumps(tuple(state))))
        for j, x in enumerate(metrics[0, stop:].tolist(), stop):
            state = rule.update(state, x)
            assert state.scale == whole[0, j]


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_arrays_decide_as_numbers(rule):
    _, metrics = next(batches(8))
    together = scales(rule, metrics)
    for row, expected in zip(metrics[:10].tolist(), together.tolist(), strict=False):
        state, found = rule.start(), []
        for x in row:
            state = rule.update(state, x)
            found.append(state.scale)
        assert found == expected


# By hand: factor 0.5, patience 2.
@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ([1] + [0.9] * 7 + [0.8] * 4, [1] * 4 + [0.5] * 3 + [0.25] * 4 + [0.125]),
        ([1] + [math.nan] * 4 + [0.5] + [math.inf] * 3 + [0.5, 0.5, -math.inf], [1] * 3 + [0.5] * 5 + [0.25] * 4),
        ([1] * 4 + [0.5] + [1] * 7, [1] * 3 + [0.5] * 4 + [0.25] * 3 + [0.125] * 2),
        ([-1, -1.00005, -1.00008, -1.00009, -1.00012] + [-1.1] * 7, [1] * 3 + [0.5] * 5 + [0.25] * 3 + [0.125]),
        ([0.0] * 4 + [-0.0], [1] * 3 + [0.5] * 2),
    ],
)
def test_plateau_by_hand(metrics, expected):
    assert scales(Plateau(0.5, 2), np.array([metrics], float)).tolist() == [expected]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Greedy(0.5, 2, max_scale=8.0), [1] * 2 + [2] * 3 + [4] * 3 + [8] * 4),
        (Greedy(0.5, 2, max_scale=8.0, warmup=2), [1] * 2 + [2] * 5 + [4] * 5),
    ],
)
def test_greedy_by_hand_on_a_metric_that_falls(rule, expected):
    metrics = 10 - 0.05 * np.arange(1, 1 + len(expected))[None]
    assert scales(rule, metrics).tolist() == [expected]


def test_greedy_begins_anew_at_the_floor():
    rule = Greedy(0.5, 0, min_scale=0.25, max_scale=2.0, reset=3)
    expected = [2, 1, 0.5, 0.25, 0.25, 1, 2, 1, 0.5, 0.25, 0.25, 1, 2, 1]
    assert scales(rule, np.ones((1, 14))).tolist() == [expected]


def runtimes():
    def jax(rule, metrics):
        live = pytest.importorskip("jax")

        def step(state, x):
            state = rule.update(state, x)
            return state, state.scale

        return live.jit(lambda xs: live.lax.scan(step, rule.start(), xs)[1])(live.numpy.asarray(metrics, "float32"))

    def torch(rule, metrics):
        live = pytest.importorskip("torch")
        live.compiler.reset()  # it compiles a function a few times and no more, for whichever rules
        update = live.compile(rule.update, fullgraph=True, backend="eager")
        state, found = live.utils._pytree.tree_map(live.tensor, rule.start()), []
        for x in live.tensor(metrics, dtype=live.float32):
            state = update(state, x)
            found.append(float(state.scale))
        return found

    def eager_torch(rule, metrics):
        live = pytest.importorskip("torch")
        return scales_of(rule, live.tensor(metrics, dtype=live.float64))

    def tensorflow(rule, metrics):
        live = pytest.importorskip("tensorflow")
        update = live.function(rule.update)
        state, found = live.nest.map_structure(live.constant, rule.start()), []
        for x in live.constant(metrics, live.float32):
            state = update(state, x)
            found.append(float(state.scale))
        assert update.experimental_get_tracing_count() == 1
        return found

    return [jax, torch, eager_torch, tensorflow]


def scales_of(rule, metrics):
    state, found = rule.start(), []
    for x in metrics:
        state = rule.update(state, x)
        found.append(float(state.scale))
    return found


@pytest.mark.parametrize(
    ("rule", "runtime"), [pytest.param(r, f, id=f"{r!r}-{f.__name__}") for r, f in itertools.product(RULES, runtimes())]
)
def test_a_traced_update_decides_as_numbers(rule, runtime):
    _, metrics = next(batches(9))
    for row in metrics[:2].tolist():
        np.testing.assert_allclose(runtime(rule, row), scales_of(rule, row), rtol=1e-6)


@pytest.mark.parametrize("kind", [Plateau, Greedy])
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"factor": 1.0}, ValueError, "`factor` must be between 0 and 1, got 1.0."),
        ({"factor": 0}, ValueError, "`factor` must be between 0 and 1, got 0."),
        ({"factor": math.nan}, ValueError, "`factor` must be finite, got nan."),
        ({"factor": "0.1"}, TypeError, "`factor` must be a real number, got '0.1'."),
        ({"factor": True}, TypeError, "`factor` must be a real number, got True."),
        ({"patience": -1}, ValueError, "`patience` must be a whole number >= 0, got -1."),
        ({"patience": 1.5}, ValueError, "`patience` must be a whole number >= 0, got 1.5."),
        ({"cooldown": -1}, ValueError, "`cooldown` must be a whole number >= 0, got -1."),
        ({"threshold": -1e-4}, ValueError, "`threshold` must be >= 0, got -0.0001."),
        ({"threshold": HUGE}, ValueError, "`threshold` must be within the float range, got 10"),
        (
            {"threshold": 1.0, "threshold_mode": "rel"},
            ValueError,
            "`threshold` must be < 1 where `threshold_mode` is 'rel', got 1.0.",
        ),
        ({"threshold_mode": "relative"}, ValueError, "`threshold_mode` must be one of 'rel', 'abs', got 'relative'."),
        ({"min_scale": 2}, ValueError, "`min_scale` must be from 0 to 1, since it is relative to the schedule, got 2."),
        ({"mode": "minimum"}, ValueError, "`mode` must be one of 'min', 'max', got 'minimum'."),
        ({"mode": ["min"]}, ValueError, "`mode` must be one of 'min', 'max', got ['min']."),
    ],
)
def test_a_rule_refuses_what_makes_no_sense(kind, arguments, error, message):
    with pytest.raises(error) as raised:
        kind(**arguments)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_scale": 0.5}, "`max_scale` must be >= 1, since it is relative to the schedule, got 0.5."),
        ({"window": 0}, "`window` must be a whole number >= 1, got 0."),
        ({"reset": 0}, "`reset` must be a whole number >= 1, got 0."),
        ({"warmup": -1}, "`warmup` must be a whole number >= 0, got -1."),
        ({"window": 10**9}, "`window` must be at most 10000, got 1000000000."),
        ({"patience": 10**400}, f"`patience` must be within the float range, got {10**400}."),
    ],
)
def test_greedy_refuses_what_makes_no_sense(arguments, message):
    with pytest.raises(ValueError, match="must be") as raised:
        Greedy(**arguments)
    assert str(raised.value) == message


@pytest.mark.parametrize("rule", [Plateau(), Greedy()])
@pytest.mark.parametrize("metric", [None, True, "0.1", 1j, [0.1], np.array(["a"]), np.array([True]), {"loss": 1.0}])
def test_a_metric_that_is_no_number_is_refused(rule, metric):
    with pytest.raises(TypeError, match=r"`metric` must be a real number, an array or a tensor, got "):
        rule.update(rule.start(), metric)


@pytest.mark.parametrize("rule", [Plateau(), Greedy()])
@pytest.mark.parametrize(
    "state",
    [
        *[lambda start, state=state: state for state in (None, (), (1.0, 2.0), 3, "abcd", b"abcd")],
        lambda start: start._asdict(),
        lambda start: [None, *start[1:]],
        lambda start: ["1", *start[1:]],
        lambda start: [True, *start[1:]],
        lambda start: [*start[:-1], (1.0,)],
        lambda start: [*start[:-1], None],
    ],
)
def test_a_state_of_another_form_is_refused(rule, state):
    with pytest.raises(TypeError, match=r"`state` must be a \w+State: scale, best, "):
        rule.update(state(rule.start()), 0.5)


@pytest.mark.parametrize("window", [1, 2, 5])
def test_the_state_of_another_window_is_refused(window):
    with pytest.raises(TypeError, match=r"`state` must be a GreedyState: .*, window of 3, got "):
        Greedy(window=3).update(Greedy(window=window).start(), 0.5)


@pytest.mark.parametrize("rule", [Plateau(), Greedy(), Greedy(window=3)])
@pytest.mark.parametrize("scale", [math.nan, math.inf, -1.0])
def test_a_state_of_an_impossible_scale_is_refused(rule, scale):
    with pytest.raises(ValueError, match=rf"^`state` must have a finite scale >= 0, got {scale}\.$"):
        rule.update([scale, *rule.start()[1:]], 0.5)
