"""`diff`: where two schedules differ."""

import math
import sys

import numpy as np
import pytest

from cases import CASES
from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Exponential,
    Factor,
    Function,
    Linear,
    Plan,
    Plateau,
    SquareRoot,
    diff,
    maximum,
)
from lrsched_core._run.diff import diff_of_pasts
from lrsched_core.math import where


def looked_at(old, new, until):
    """The same by looking at every whole time."""
    a, b = (np.array([schedule(t) for t in range(until)]) for schedule in (old, new))
    different = np.flatnonzero(a != b)
    if not different.size:
        return None, None, 0
    last = int(different[-1]) + 1
    return int(different[0]), float(np.abs(a - b).max()), None if last == until else last


PAIRS = [
    *[(old, new) for old, new in zip(CASES, CASES[1:] + CASES[:1], strict=True)],
    *[(old, old.then(old.advance(41), at=40)) for old in CASES],
    *[(old, old.then(Constant(0.1), at=137)) for old in CASES],
    *[(old, old * 1.0) for old in CASES],
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_it_finds_what_looking_at_every_time_finds(old, new):
    first, most, equal_from = looked_at(old, new, 1500)
    found = diff(old, new, until=1500)
    assert (found.first, found.equal_from, found.until) == (first, equal_from, 1500)
    assert bool(found) == (first is not None)
    assert found.exact
    if found:
        assert found.at_first == (old(first), new(first))
        a, b = found.at_largest
        assert (a, b) == (old(found.largest), new(found.largest))
        assert abs(a - b) == most


@pytest.mark.parametrize("schedule", CASES)
def test_a_schedule_does_not_differ_from_itself_at_all(schedule):
    assert str(diff(schedule, schedule)) == "No difference at all."


@pytest.mark.parametrize("schedule", CASES)
def test_without_an_end_it_ends(schedule):
    found = diff(schedule, schedule + 1.0)
    assert found.first == 0
    assert found.equal_from is None


def test_the_report_says_first_largest_and_from_when_on_they_are_equal():
    old, new = Linear(0.5, steps=10), Linear(0.5, steps=10).then(Linear(0.25, steps=5), at=5)
    assert str(diff(old, new)) == "No difference at all."
    new = Linear(0.5, steps=10).then(Constant(0.25), at=5).then(Constant(0.0), at=12)
    assert str(diff(old, new)).splitlines() == [
        "first difference:   t = 6: 0.2 and 0.25",
        "largest difference: t = 10: 0.0 and 0.25",
        "equal again:        from t = 12 on, for ever",
    ]


@pytest.mark.parametrize("horizon", [10**7, 10**12, 2**52])
def test_in_huge_schedules_the_first_difference_is_found(horizon):
    old = Cosine(0.5, steps=horizon)
    at = horizon // 7 * 5
    branched = diff(old, old.cooldown(at=at, steps=horizon - at))
    assert branched.first in range(at, at + horizon // 10**6 + 3)
    assert branched.equal_from in range(horizon - horizon // 10**6 - 3, horizon + 1)
    replaced = diff(old, old.then(Constant(0.5), at=at))
    assert replaced.first == at
    assert replaced.equal_from is None
    assert replaced.forever


@pytest.mark.parametrize("at", [2**53 + 1, 2**60, 2**62 - 3])
def test_beyond_what_floats_hold_times_are_compared_to_the_step(at):
    old = Constant(0.5).then(Constant(0.1), at=at)
    found = diff(old, Constant(0.5).then(Constant(0.1), at=at + 2))
    assert (found.first, found.equal_from, found.forever) == (at, at + 2, True)
    assert diff(old, Constant(0.5)).first == at


def test_of_what_is_too_far_nothing_is_said():
    found = diff(Constant(0.5).then(Constant(0.1), at=2**70), Constant(0.5))
    assert str(found) == f"No difference before t = {2**62:,}."


def test_where_parts_are_the_same_no_sample_is_needed():
    long = Linear(0.5, 0.1, steps=10**12)
    found = diff(long.then(Constant(0.2), at=10**11), long.then(Constant(0.3), at=10**11))
    assert (found.first, found.exact, found.forever) == (10**11, True, True)


def test_cycles_without_end_are_compared_as_far_as_they_were_looked_at():
    old = Cosine(0.5, steps=10).repeat(10)
    found = diff(old, old.then(Constant(0.0), at=12345))
    assert found.first == 12345
    assert not found.forever
    again = diff(old, maximum(old, 0.0))
    assert not again
    assert str(again) == f"No difference before t = {again.until:,}."


@pytest.mark.parametrize("at", [0, 3_999, 4_000, 104_201])
def test_the_first_four_million_times_are_all_looked_at(monkeypatch, at):
    module = sys.modules["lrsched_core._run.diff"]
    assert module._ALL == 4_000_000
    monkeypatch.setattr(module, "_ALL", 4_000)  # it takes less time
    old, new = Function(lambda t: where(t == at, 0.2, 0.1)), Constant(0.1)
    assert diff(old, new, until=4_000).first == (at if at < 4_000 else None)
    found = diff(old, new, until=200_000)
    assert not found.exact
    if at <= 4_000:  # samples begin at the first of the times that are not all looked at
        assert (found.first, found.largest, found.equal_from) == (at, at, at + 1)
    else:
        assert found.first is None


def test_of_own_code_that_what_holds_goes_on_is_an_assumption():
    found = diff(Function(lambda t: where(t == 10**7, 0.2, 0.1)), Constant(0.1))
    assert (found.first, found.forever) == (None, True)


def test_without_an_end_it_goes_as_far_as_it_says():
    decays, cycles = SquareRoot(0.1), Cosine(0.5, steps=10).repeat(10)
    assert diff(decays, SquareRoot(0.2)).until == 10_000
    assert diff(decays, decays.then(Constant(0.2), at=30_000)).until == 60_000
    assert diff(Constant(0.1), Constant(0.1).then(Constant(0.2), at=30_000)).until == 30_001
    assert diff(cycles, Constant(0.2)).until == 39_990  # the first boundary of 4,000 is at 0


def test_growth_is_compared_as_far_as_it_is_finite():
    found = diff(Exponential(0.1, 1.5), Exponential(0.1, 1.25))
    assert found.first == 1
    assert math.isfinite(found.at_largest[0])
    assert found.until < 2000


def test_a_tolerance_is_relative():
    old, new = Constant(0.1) * 3, Constant(0.3)
    assert diff(old, new)
    assert not diff(old, new, tolerance=1e-15)
    assert diff(SquareRoot(0.1), SquareRoot(0.1) * 1.01, tolerance=1e-3, until=10).first == 0


def test_functions_of_t_are_schedules_here_too():
    assert diff(Factor(1.0, 0.5), lambda t: 0.5**t if t < 5 else 0.0, until=20).first == 5


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1, Constant(1)), TypeError, "`old` must be a schedule, got 1."),
        ((Constant(1), "x"), TypeError, "`new` must be a schedule, got 'x'. Hint: `parse` makes a schedule of a text."),
    ],
)
def test_what_is_no_schedule_is_refused(arguments, error, message):
    with pytest.raises(error) as raised:
        diff(*arguments)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"until": 0}, "`until` must be > 0, got 0."),
        ({"until": -1}, "`until` must be > 0, got -1."),
        ({"until": math.inf}, "`until` must be finite, got inf."),
        ({"until": 1e300}, "`until` must be at most 4611686018427387904, got 1e+300."),
        ({"tolerance": -1}, "`tolerance` must be >= 0, got -1."),
        ({"tolerance": 1}, "`tolerance` must be < 1, got 1."),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match="must be") as raised:
        diff(Constant(1), Constant(2), **options)
    assert str(raised.value) == message


# Plans

CLOCK = Clock(batch_size=3, updates=10)
PLAN = Plan(
    lr=Cosine(0.5, steps=20),
    weight_decay=0.1,
    groups={"muon": Plan(lr=Cosine(0.02, steps=20), momentum=Linear(0.85, 0.95, steps=10))},
)


def test_of_plans_the_hyperparameter_that_differs_first_is_told_with_its_group():
    muon = PLAN.groups["muon"]
    new = PLAN.replace(
        lr=PLAN["lr"].cooldown(at=12, steps=3),
        groups={"muon": muon.replace(momentum=muon["momentum"].then(Constant(0.5), at=7))},
    )
    found = diff(PLAN, new)
    assert found
    assert (found.name, found.first, found.at_first) == ("muon.momentum", 7, (muon["momentum"](7), 0.5))
    assert {name: one.first for name, one in found.differences.items()} == {
        "lr": diff(PLAN["lr"], new["lr"]).first,
        "weight_decay": None,
        "muon.lr": None,
        "muon.momentum": 7,
    }
    assert found == diff(PLAN, new)
    assert hash(found) == hash(diff(PLAN, new))
    lines = str(found).splitlines()
    assert lines[:3] == [
        "muon.momentum differs first, at t = 7",
        "lr:",
        f"  first difference:   t = 13: {PLAN['lr'](13)!r} and {new['lr'](13)!r}",
    ]
    assert lines[-2:] == ["weight_decay: no difference at all.", "muon.lr: no difference at all."]


def test_equal_plans_do_not_differ():
    found = diff(PLAN, PLAN.replace(groups=PLAN.groups))
    assert not found
    assert (found.name, found.first, found.at_first) == (None, None, None)
    assert str(found).splitlines()[0] == "lr: no difference at all."


def test_what_a_single_plan_has_differs_from_the_beginning():
    found = diff(PLAN, Plan(lr=PLAN["lr"], eps=1e-8))
    assert (found.removed, found.added) == (("weight_decay", "muon.lr", "muon.momentum"), ("eps",))
    assert (found.name, found.first, found.at_first) == ("weight_decay", 0, (0.1, None))
    assert "eps: only in the second, Constant(1e-08)" in str(found).splitlines()
    assert diff(Plan(lr=PLAN["lr"]), Plan(lr=PLAN["lr"], eps=1e-8)).at_first == (None, 1e-8)


def test_names_that_look_alike_are_kept_apart():
    one, other = Plan({"a.b": 0.1}, groups={"a": Plan(b=0.2)}), Plan({"a.b": 0.3}, groups={"a": Plan(b=0.4)})
    assert {name: found.at_first for name, found in diff(one, other).differences.items()} == {
        "'a.b'": (0.1, 0.3),
        "a.b": (0.2, 0.4),
    }
    assert [*one.explain(0)] == ["'a.b'", "a.b"]


def test_until_and_tolerance_hold_for_each_hyperparameter():
    later = PLAN.replace(lr=PLAN["lr"].then(Constant(0.2), at=15))
    assert not diff(PLAN, later, until=15)
    assert diff(PLAN, later, until=16).first == 15
    assert not diff(PLAN, PLAN.replace(weight_decay=0.1000001), tolerance=1e-3)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (PLAN, PLAN["lr"], r"^`new` must be a plan, as `old` is, got Cosine"),
        (PLAN["lr"], PLAN, r"^`new` must be a schedule, got Plan.* Hint: .*plan\[\"lr\"\]"),
        *[
            (old, new, rf"^`{name}` must be a schedule or a plan, got Clock.* Hint: .*`schedule.on\(clock, unit\)`")
            for name, old, new in (
                ("old", CLOCK, CLOCK),
                ("old", CLOCK, PLAN["lr"]),
                ("old", CLOCK, PLAN),
                ("new", PLAN["lr"], CLOCK),
                ("new", PLAN, CLOCK),
            )
        ],
        (Plateau(), Plateau(), r"^`old` must be a schedule or a plan, got Plateau\(\)\.$"),
    ],
)
def test_what_are_not_two_schedules_or_two_plans_is_not_compared(old, new, message):
    with pytest.raises(TypeError, match=message):
        diff(old, new)


def test_a_past_is_compared_at_every_update_where_diff_samples():
    at = 4_500_001
    bump = Function(lambda t: where(t == at, 0.2, 0.1))
    assert not diff(bump, Constant(0.1), until=6_000_000).first
    assert diff_of_pasts(bump, Constant(0.1), at + 1).first == at
    assert not diff_of_pasts(bump, Constant(0.1), at)
