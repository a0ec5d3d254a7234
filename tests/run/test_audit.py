"""`audit`: what went wrong, from a log of rates."""

import math

import numpy as np
import pytest
from run.plans import PLANS, UPDATES, T

from lrsched_core import Constant, Cosine, Factor, SquareRoot, audit

RNG = np.random.default_rng(0)


def rounded(values, form):
    return np.array([float(format(value, form)) for value in values])


LOGS = {
    "as it is": lambda t, r: (t, r),
    "in float32": lambda t, r: (t, r.astype(np.float32)),
    "with 6 digits": lambda t, r: (t, rounded(r, ".6g")),
    "with 7 digits": lambda t, r: (t, rounded(r, ".6E")),
    "with 6 decimals": lambda t, r: (t, rounded(r, ".6f")),
    "each 50th update": lambda t, r: (t[49::50], r[49::50]),
    "each 50th, with 6 digits": lambda t, r: (t[::50], rounded(r[::50], ".6g")),
    "each row three times": lambda t, r: (np.repeat(t, 3), np.repeat(r, 3)),
    "in any order": lambda t, r: (t[::-1], r[::-1]),
    "from a resumed run": lambda t, r: (t[600:], r[600:]),
    "as text would be read": lambda t, r: (t.tolist(), r.tolist()),
}


@pytest.mark.parametrize("log", LOGS)
@pytest.mark.parametrize("plan", PLANS, ids=repr)
def test_a_run_as_planned_gives_no_alarm(plan, log):
    found = audit(plan, *LOGS[log](T, plan(T)))
    assert found.ok
    assert found.causes == ()
    found.raise_for_deviation()
    assert str(found).endswith(" rows are as planned.")


def since(start, early, late):
    return np.where(start > T, early, late)


def stale(plan, start, stop):
    rates = plan(T)
    rates[start:stop] = plan(start - 137)
    return rates


# Each with the rates it leads to, and what is to be found.
FAULTS = {
    "one early": (lambda plan: plan(T + 1), [("shift", 1, 0)]),
    "one late": (lambda plan: plan(np.maximum(T - 1, 0)), [("shift", -1, 0)]),
    "two processes": (lambda plan: plan(2 * T), [("fast", 2, 0)]),
    "micro-batches": (lambda plan: plan(4 * (T + 1) - 1), [("fast", 4, 0)]),
    "epochs": (lambda plan: plan(T // 13), [("epochs", 13, 0)]),
    "a base rate": (lambda plan: 0.05 * plan(T), [("factor", 0.05, 0)]),
    "a scaled rate": (lambda plan: math.sqrt(8) * plan(T), [("factor", math.sqrt(8), 0)]),
    "nobody schedules": (lambda plan: np.full(UPDATES, 0.123), [("held", 0.123, 0)]),
    "built anew": (lambda plan: plan(since(431, T, T - 431)), [("restart", -431, 431)]),
    "counted twice": (lambda plan: plan(since(217, T, T + 217)), [("twice", 217, 217)]),
    "an older checkpoint": (lambda plan: plan(since(433, T, T - 57)), [("jump", -57, 433)]),
    "a stale update": (lambda plan: stale(plan, 433, 434), [("stale", None, 433)]),
    "a stale epoch": (lambda plan: stale(plan, 433, 446), [("stale", None, 433)]),
    "built anew, with a base rate": (
        lambda plan: 0.05 * plan(since(431, T, T - 431)),
        [("factor", 0.05, 0), ("restart", -431, 431)],
    ),
    "two processes, built anew": (
        lambda plan: plan(since(301, 2 * T, 2 * (T - 301))),
        [("fast", 2, 0), ("restart", -602, 301)],
    ),
    "two processes, with a base rate": (lambda plan: 0.05 * plan(2 * T), [("fast", 2, 0), ("factor", 0.05, 0)]),
    "built anew twice": (
        lambda plan: plan(np.select([T < 301, T < 702], [T, T - 301], T - 702)),
        [("restart", -301, 301), ("restart", -702, 702)],
    ),
}


def shown(plan, fault):
    """Whether the fault shows, and as itself."""
    rates = FAULTS[fault][0](plan)
    if np.array_equal(rates, plan(T)):
        return False
    if fault != "nobody schedules" and np.ptp(rates) == 0:
        return False  # nothing but a rate that is held
    # Where this schedule is asked four times as fast, half of it comes out.
    return not (plan == SquareRoot(0.1) and fault == "micro-batches")


CASES = [(plan, fault) for plan in PLANS for fault in FAULTS if shown(plan, fault)]


@pytest.mark.parametrize(("plan", "fault"), CASES)
def test_it_finds_what_went_wrong(plan, fault):
    make, expected = FAULTS[fault]
    rates = make(plan)
    found = audit(plan, T, rates)
    assert not found.ok
    assert [cause.kind for cause in found.causes] == [kind for kind, _, _ in expected]
    for cause, (_, value, t) in zip(found.causes, expected, strict=True):
        if value is not None:
            assert cause.value == pytest.approx(value, rel=1e-6)
        assert cause.since == t or (cause.since > t and np.ptp(plan(np.arange(t, cause.since))) == 0)
    first = int(np.flatnonzero(np.abs(rates - plan(T)) > 1e-6 * np.maximum(rates, plan(T)) + 1e-9 * plan(T).max())[0])
    assert found.first == pytest.approx((first, plan(first), rates[first]), rel=1e-15)
