"""`audit`: what went wrong, from a log of rates."""

import math

import numpy as np
import pytest

from lrsched_core import Constant, Cosine, Factor, SquareRoot, audit
from run.plans import PLANS, UPDATES, T
from thorough import some

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
    "one more after each epoch": (lambda plan: plan(T + T // 13), [("phantom", 13, 0)]),
    "held from a resume on": (lambda plan: plan(np.minimum(T, 433)), [("held", None, 434)]),
    "scaled from a resume on": (lambda plan: np.where(T < 433, 1, 2) * plan(T), [("factor", 2, 433)]),
    "early, and built anew": (lambda plan: plan(since(431, T, T - 431) + 1), [("shift", 1, 0), ("restart", -431, 431)]),
    "epochs, with a base rate": (lambda plan: 0.05 * plan(T // 13), [("epochs", 13, 0), ("factor", 0.05, 0)]),
    "two processes, with a base rate": (lambda plan: 0.05 * plan(2 * T), [("fast", 2, 0), ("factor", 0.05, 0)]),
    "built anew twice": (
        lambda plan: plan(np.select([T < 301, T < 702], [T, T - 301], T - 702)),
        [("restart", -301, 301), ("restart", -702, 702)],
    ),
}


STEPS = [Factor(0.1, 0.5, every=150), PLANS[10], PLANS[11]]
# Where something else, as simple, leads to the same rates.
LIKEWISE = [
    (SquareRoot(0.1), "micro-batches"),
    *[(plan, fault) for plan in STEPS for fault in ("one more after each epoch", "early, and built anew")],
    *[(plan, fault) for plan in STEPS for fault in ("held from a resume on", "scaled from a resume on")],
]


def shown(plan, fault):
    """Whether the fault shows, and as itself."""
    rates = FAULTS[fault][0](plan)
    if np.array_equal(rates, plan(T)):
        return False
    if fault != "nobody schedules" and np.ptp(rates) == 0:
        return False  # nothing but a rate that is held
    return (plan, fault) not in LIKEWISE


CASES = [(plan, fault) for plan in PLANS for fault in FAULTS if shown(plan, fault)]


@pytest.mark.parametrize(("plan", "fault"), some(CASES, 4))
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


@pytest.mark.parametrize(
    "log", ["in float32", "with 6 digits", "with 7 digits", "each row three times", "in any order"]
)
@pytest.mark.parametrize("fault", FAULTS)
def test_how_the_log_was_written_hides_nothing(fault, log):
    plan = PLANS[1]
    make, expected = FAULTS[fault]
    found = audit(plan, *LOGS[log](T, make(plan)))
    assert [cause.kind for cause in found.causes] == [kind for kind, _, _ in expected]
    for cause, (_, value, _) in zip(found.causes, expected, strict=True):
        if value is not None:
            assert cause.value == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("fault", ["one early", "two processes", "micro-batches", "a base rate", "built anew"])
@pytest.mark.parametrize("plan", [PLANS[0], PLANS[1], PLANS[13]], ids=repr)
def test_a_log_of_each_50th_update_says_as_much(plan, fault):
    make, expected = FAULTS[fault]
    if not shown(plan, fault):
        pytest.skip("it does not show")
    found = audit(plan, T[::50], make(plan)[::50])
    assert [(cause.kind, cause.value) for cause in found.causes] == [(kind, value) for kind, value, _ in expected]


@pytest.mark.parametrize(
    ("plan", "used", "end"),
    [
        (Cosine(0.3, steps=1000), Cosine(0.3, steps=800), 800),
        (Cosine(0.3, steps=1000), Cosine(0.3, steps=1300), 1300),
        (Cosine(0.3, 0.01, steps=900).with_warmup(100), Cosine(0.3, 0.01, steps=710).with_warmup(100), 810),
        (Cosine(0.3, steps=10**6).with_warmup(100), Cosine(0.3, steps=987_654).with_warmup(100), 987_754),
        (PLANS[2], PLANS[2].replace(steps=1001), 1001),
        (PLANS[6], PLANS[6].stretch(1.25), 1250),
    ],
)
def test_another_horizon_is_told_by_its_end(plan, used, end):
    t = np.unique(np.linspace(0, max(end, 1000), 1000).astype(int))
    [cause] = audit(plan, t, used(t)).causes
    assert (cause.kind, cause.value) == ("horizon", pytest.approx(end, rel=1e-6))


def test_a_longer_horizon_after_a_resume_is_a_horizon_from_there_on():
    plan = Cosine(0.3, steps=800)
    [cause] = audit(plan, T, np.where(T < 400, plan(T), Cosine(0.3, steps=1100)(T))).causes
    assert (cause.kind, cause.value, cause.since) == ("horizon", 1100, 400)


def test_rates_of_something_else_have_no_explanation():
    found = audit(PLANS[1], T, RNG.random(UPDATES))
    assert found.causes == ()
    assert str(found).endswith("No explanation was found.")


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, -0.1])
def test_a_rate_that_is_none_deviates(odd):
    rates = PLANS[0](T)
    rates[7] = odd
    found = audit(PLANS[0], T, rates)
    assert found.deviating == 1
    assert found.first.t == 7


@pytest.mark.parametrize("odd", [math.nan, math.inf])
@pytest.mark.parametrize("start", [0, 700])
def test_rates_that_are_none_until_the_end_have_no_explanation(odd, start):
    found = audit(PLANS[1], T, np.where(start > T, PLANS[1](T), odd))
    assert (found.first.t, found.deviating, found.causes) == (start, UPDATES - start, ())


def test_times_far_beyond_the_plan_do_no_harm():
    t = np.array([4e12, 1.3e13, 1.6e13])
    assert not audit(Cosine(0.0, 0.3, steps=70.5).with_warmup(5), t, np.full(3, 3e-31)).ok


def test_what_grows_out_of_range_on_another_clock_does_no_harm():
    plan = Factor(0.1, 1.5, every=1)
    found = audit(plan, T, plan(T) * 2)
    assert [cause.kind for cause in found.causes] == ["factor"]


def test_a_deviation_is_an_assertion_with_the_report():
    plan = Cosine(0.5, steps=8)
    with pytest.raises(AssertionError) as raised:
        audit(plan, range(4), [plan(2 * t) for t in range(4)]).raise_for_deviation()
    lines = str(raised.value).splitlines()
    assert lines[0] == "3 of 4 rows deviate from the plan."
    assert lines[1] == "first:   t = 1: planned 0.480969883, logged 0.426776695"
    assert lines[4] == "- the clock runs 2 times as fast: update t used schedule(2 * t)."


def test_a_million_rows_take_seconds():
    plan = Cosine(3e-4, steps=10**6).with_warmup(10**4)
    t = np.arange(10**6)
    assert audit(plan, t, plan(t)).ok
    [cause] = audit(plan, t, plan(np.where(t < 400_000, t, t - 400_000))).causes
    assert (cause.kind, cause.since) == ("restart", 400_000)


@pytest.mark.parametrize(
    ("times", "rates", "error", "message"),
    [
        ([0, 1], [0.1], ValueError, "`rates` must be as many as the 2 times, got 1."),
        ([], [], ValueError, "`times` must be at least one, got []."),
        ([-1], [0.1], ValueError, "`times` must be finite and >= 0, got -1.0."),
        ([math.nan], [0.1], ValueError, "`times` must be finite and >= 0, got nan."),
        (["a"], [0.1], TypeError, "`times` must be a sequence of numbers, got ['a']."),
        ([0], ["0.1"], TypeError, "`rates` must be a sequence of numbers, got ['0.1']."),
        ([0], [True], TypeError, "`rates` must be a sequence of numbers, got [True]."),
        ([[0]], [[0.1]], TypeError, "`times` must be a sequence of numbers, got [[0]]."),
        (3, 0.1, TypeError, "`times` must be a sequence of numbers, got 3."),
    ],
)
def test_a_log_that_is_none_is_refused(times, rates, error, message):
    with pytest.raises(error) as raised:
        audit(Constant(0.1), times, rates)
    assert str(raised.value) == message


def test_times_beyond_64_bits_are_numbers():
    found = audit(Constant(0.1).then(Constant(0.2), at=2**65), [2**63, 2**64, 2**70], [0.1, 0.1, 0.3])
    assert (found.rows, found.deviating, found.first.t) == (3, 1, 2.0**70)
    with pytest.raises(TypeError, match=r"^`times` must be a sequence of numbers"):
        audit(Constant(0.1), [10**400], [0.1])
    with pytest.raises(TypeError, match=r"^`times` must be a sequence of numbers"):
        audit(Constant(0.1), [2**70, None], [0.1, 0.1])


@pytest.mark.parametrize("tolerance", [0, -1, 1, math.nan])
def test_a_tolerance_out_of_range_is_refused(tolerance):
    with pytest.raises(ValueError, match="`tolerance` must be "):
        audit(Constant(0.1), [0], [0.1], tolerance=tolerance)
