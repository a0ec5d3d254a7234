"""`extend`: a run made longer or shorter."""

import numpy as np
import pytest

from cases import CASES
from lrsched_core import Constant, Cosine, Linear, Plan, diff, extend, parse

RUNS = [(60, 100, 140), (60, 100, 170), (0, 100, 350), (7, 90, 91), (60, 100, 70), (33, 100, 10**9), (0.5, 80, 200.25)]


@pytest.mark.parametrize(("at", "stop", "new_stop"), RUNS)
@pytest.mark.parametrize("schedule", CASES)
def test_it_is_the_same_before_and_slowed_after(schedule, at, stop, new_stop):
    longer = extend(schedule, at=at, stop=stop, new_stop=new_stop)
    before = np.arange(int(at) + 1) * at / max(int(at), 1)
    np.testing.assert_allclose(longer(before), schedule(before), rtol=1e-13)
    assert [longer(t) for t in range(int(at))] == [schedule(t) for t in range(int(at))]
    assert parse(repr(longer)) == longer


@pytest.mark.parametrize("schedule", CASES)
def test_it_adds_no_jump_and_leaves_alone_what_stays(schedule):
    for at in (0, 7, 60):
        assert extend(schedule, at=at, stop=100, new_stop=140)(at) == pytest.approx(schedule(at), rel=1e-13, abs=0)
        assert extend(schedule, at=at, stop=100, new_stop=100) is schedule


# The last is slowed by a ratio that no float holds.
@pytest.mark.parametrize(("at", "stop", "new_stop"), [*RUNS, (60, 100, 183)])
@pytest.mark.parametrize(
    "schedule", [Cosine(0.5, 0.1, steps=80).with_warmup(20), Cosine(0.3, steps=40).repeat(60, decay=0.5)], ids=repr
)
def test_it_ends_where_it_is_to_end_exactly(schedule, at, stop, new_stop):
    longer = extend(schedule, at=at, stop=stop, new_stop=new_stop)
    assert longer(new_stop) == pytest.approx(schedule(stop), rel=1e-12)
    between = np.linspace(at, new_stop, 1001)
    expected = schedule(at + (between - at) * (stop - at) / (new_stop - at))
    np.testing.assert_allclose(longer(between)[:-1], expected[:-1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("at", "stop", "new_stop"), [(4.9, 5.1, 5.53), (2.95, 3.15, 5.28), (1.6, 2.05, 7.46), (0.1, 4.1, 1.73)]
)
def test_times_are_the_decimals_that_are_written(at, stop, new_stop):
    assert extend(Linear(1.0, steps=stop), at=at, stop=stop, new_stop=new_stop)(new_stop) == 0.0


@pytest.mark.parametrize(("at", "stop", "new_stop"), [(60, 100, 183), (7, 100, 1000), (0, 100, 3)])
@pytest.mark.parametrize("steps", [90, 100])
def test_a_final_value_is_reached_at_the_new_end_and_held(at, stop, new_stop, steps):
    longer = extend(Cosine(0.5, 0.1, steps=steps).then(Constant(0.1), at=steps), at=at, stop=stop, new_stop=new_stop)
    assert {longer(new_stop), longer(new_stop + 1), longer(10**12)} == {0.1}
    if steps == 100:
        assert longer(new_stop - (new_stop - at) / 100) > 0.1


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ({"at": 5, "stop": 5, "new_stop": 9}, "`stop` must be > `at`, which is 5, got 5."),
        ({"at": 5, "stop": 9, "new_stop": 5}, "`new_stop` must be > `at`, which is 5, got 5."),
        ({"at": -1, "stop": 9, "new_stop": 5}, "`at` must be >= 0, got -1."),
        ({"at": 1, "stop": 9, "new_stop": float("nan")}, "`new_stop` must be finite, got nan."),
    ],
)
def test_times_out_of_order_are_refused(times, message):
    with pytest.raises(ValueError, match="must be") as raised:
        extend(Cosine(0.5, steps=9), **times)
    assert str(raised.value) == message


def test_of_a_plan_each_schedule_is_made_longer():
    muon = Plan(lr=Cosine(0.02, steps=100), momentum=0.9)
    plan = Plan(lr=Cosine(0.5, steps=90).with_warmup(10), weight_decay=Cosine(0.1, steps=100), groups={"muon": muon})
    times = {"at": 60, "stop": 100, "new_stop": 170}
    longer = extend(plan, **times)
    assert dict(longer) == {name: extend(schedule, **times) for name, schedule in plan.items()}
    assert dict(longer.groups["muon"]) == {name: extend(schedule, **times) for name, schedule in muon.items()}
    assert longer.groups["muon"]["momentum"] == Constant(0.9)
    found = diff(plan, longer)
    assert {name: one.first for name, one in found.differences.items()} == {
        "lr": 61, "weight_decay": 61, "muon.lr": 61, "muon.momentum": None,
    }  # fmt: skip
    assert parse(repr(longer)) == longer
    assert extend(plan, at=60, stop=100, new_stop=100) == plan
