"""Operators, by hand: values, texts, refusals, and what they say about themselves."""

import re

import numpy as np
import pytest

from lrsched_core import Constant, Cosine, Factor, Function, Linear, MultiFactor, SquareRoot, maximum, minimum, parse

LINE = Linear(0.4, steps=4)


def refused(error, message):
    """Expects exactly this message."""
    return pytest.raises(error, match=f"^{re.escape(message)}$")


def at(schedule, stop):
    return [round(schedule(t), 12) for t in range(stop)]


def test_values_by_hand():
    assert at(LINE.delay(2), 7) == [0.4, 0.4, 0.4, 0.3, 0.2, 0.1, 0.0]
    assert at(LINE.advance(1), 5) == [0.3, 0.2, 0.1, 0.0, 0.0]
    assert at(LINE.stretch(2), 9) == [0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05, 0.0]
    assert at(LINE.staircase(2), 6) == [0.4, 0.4, 0.2, 0.2, 0.0, 0.0]
    assert at(LINE.repeat(3), 7) == [0.4, 0.3, 0.2, 0.4, 0.3, 0.2, 0.4]
    assert at(LINE.repeat(4, decay=0.5), 9) == [0.4, 0.3, 0.2, 0.1, 0.2, 0.15, 0.1, 0.05, 0.1]
    assert at(LINE.repeat(2, growth=2), 15) == [0.4, 0.3, 0.4, 0.35, 0.3, 0.25, *at(LINE.stretch(4), 8), 0.4]
    assert at(LINE.cooldown(at=2, steps=4, final_lr=0.1), 8) == [0.4, 0.3, 0.2, 0.175, 0.15, 0.125, 0.1, 0.1]
    assert at(LINE.clip(0.1, 0.25), 6) == [0.25, 0.25, 0.2, 0.1, 0.1, 0.1]
    assert at(minimum(LINE, 0.25, SquareRoot(0.4)), 4) == [0.25, 0.25, 0.2, 0.1]
    assert at(maximum(LINE, 0.15), 5) == [0.4, 0.3, 0.2, 0.15, 0.15]
    assert at(LINE * LINE + 1, 3) == [1.16, 1.09, 1.04]
    assert at(1 - LINE, 3) == [0.6, 0.7, 0.8]
    assert at(LINE / 4, 3) == [0.1, 0.075, 0.05]


def test_restarts_are_found_by_integers():
    restarts = Cosine(0.3, 0.001, steps=10).repeat(10, growth=3)
    assert [restarts(t) for t in (0, 10, 40, 130, 400, 1210, 3640, 5 * (3**30 - 1))] == [0.3] * 8
    assert restarts(1209) < 0.0011


@pytest.mark.parametrize("growth", [1.5, 2, 3, 4, 7.25])
@pytest.mark.parametrize("decay", [0.5, 1.0])
def test_growing_cycles_end_at_the_last_integer_clock_and_hold(growth, decay):
    for inner in (Linear(0.8, 0.1, steps=7), Factor(0.8, 0.5).repeat(3, growth=2), LINE.delay(5).then(LINE, at=8)):
        growing = inner.repeat(9, growth=growth, decay=decay)
        held = growing(2**63)
        for t in (2**63 + 1, 2**63 + 2**61, 10**19, 2**64, 1e25):
            assert growing(t) == growing(float(t)) == growing(np.array([float(t)]))[0] == held


def test_a_shrinking_boundary_between_two_steps_is_kept():
    doubled = Factor(1.0, 0.5, every=2).stretch(0.75)
    assert [doubled(t) for t in (0, 1.4999, 1.5, 2.9999, 3)] == [1.0, 1.0, 0.5, 0.5, 0.25]


@pytest.mark.parametrize(
    "text",
    [
        "2.0 * Linear(0.4, steps=4)",
        "Linear(0.4, steps=4) * 2.0 * 3.0",
        "Constant(2.0) * 3.0",
        "(Linear(0.4, steps=4) + 1.0) * 2.0",
        "Linear(0.4, steps=4) - (Constant(0.1) - 0.05)",
        "Linear(0.4, steps=4) - 0.1 + 0.2",
        "Linear(0.4, steps=4) / 2.0 / 3.0",
        "Linear(0.4, steps=4) * (Constant(0.1) / 3.0)",
        "(Linear(0.4, steps=4) * 2.0).with_warmup(3)",
        "(Linear(0.4, steps=4) + 2.0).delay(3).stretch(2).repeat(7, growth=2, decay=0.5)",
        "minimum(Linear(0.4, steps=4), Constant(0.1)).advance(2).staircase(3).clip(0.1, 0.2)",
        "maximum(Linear(0.4, steps=4), Constant(0.1))",
        "Cosine(0.3, 0.01, steps=15).with_warmup(5)",
        "Factor(1.0, 0.5).with_warmup(3, start=0.1, shape='constant', delay=False)",
    ],
)
def test_an_expression_prints_as_it_is_written(text):
    assert repr(parse(text)) == text


def test_operators_print_with_the_parentheses_that_they_need():
    a, b, c = Linear(0.4, steps=4), Constant(0.1), SquareRoot(0.2)
    for schedule in (a * (b / 3), a - (b - c), a - (b + c), (a + b) * c, a + b * c, (a - b) + c, a * (b - c) / 2):
        assert parse(repr(schedule)) == schedule


def test_numpy_numbers_leave_arithmetic_to_the_schedule():
    assert np.float64(2) * LINE == 2 * LINE
    assert LINE * np.int64(2) == LINE * 2


# Refusals


REFUSED = {
    "LINE.delay(-1)": "`steps` must be >= 0, got -1.",
    "LINE.advance(-1)": "`steps` must be >= 0, got -1.",
    "LINE.stretch(0)": "`k` must be > 0, got 0.",
    "LINE.staircase(0)": "`every` must be > 0, got 0.",
    "LINE.repeat(0)": "`every` must be > 0, got 0.",
    "LINE.repeat(4, growth=0.5)": "`growth` must be 1, or >= 1.01, got 0.5.",
    "LINE.repeat(4, decay=0)": "`decay` must be > 0, got 0.",
    "LINE.cooldown(at=2, steps=0)": "`steps` must be > 0, got 0.",
    "LINE.cooldown(at=-2, steps=1)": "`at` must be >= 0, got -2.",
    "LINE.clip(0.2, 0.1)": "`high` must be >= `low`, which is 0.2, got 0.1.",
    "maximum(1)": "`schedules` must be at least two schedules, got (Constant(1.0),).",
    "LINE * -1": "`operand` must be >= 0, got -1.",
    "LINE / 0": "`divisor` must be > 0, got 0.",
}


@pytest.mark.parametrize("call", REFUSED)
def test_a_bad_argument_is_refused(call):
    with refused(ValueError, REFUSED[call]):
        eval(call)


def test_what_is_no_operand_is_refused():
    hint = "Hint: `parse` makes a schedule of a text."
    with refused(TypeError, f"`schedules[1]` must be a schedule or a number, got 'x'. {hint}"):
        minimum(LINE, "x")
    with pytest.raises(TypeError, match="unsupported operand"):
        LINE + "x"
    with refused(TypeError, "`function` must be callable, got 3."):
        Function(3)


def test_values_beyond_the_float_range_are_refused_by_name():
    huge = Constant(1e200) * Linear(1e200, 1.0, steps=4)
    with refused(OverflowError, "`t` must be small enough for the schedule to stay within the float range, got 0."):
        huge(0)
    with refused(OverflowError, "`t` must be small enough for the schedule to stay within the float range, got 0.0."):
        huge([0, 4])
    growing = Constant(1.0).repeat(1, decay=2)
    assert growing(1023) == 2.0**1023
    with refused(OverflowError, "`t` must be small enough for the schedule to stay within the float range, got 1024."):
        growing(1024)
    with refused(ValueError, "`decay` must be small enough for the cycles to stay within the float range, got 1e+20."):
        Constant(1.0).repeat(1, growth=2, decay=1e20)


# Functions


def test_a_function_takes_part_in_compositions():
    schedule = Function(lambda t: 1 / (t + 1)).with_warmup(2) * 2
    assert at(schedule, 5) == [0.0, 1.0, 2.0, 1.0, round(2 / 3, 12)]
    np.testing.assert_allclose(schedule(np.arange(5)), [0, 1, 2, 1, 2 / 3])
    assert type(Function(lambda t: np.float32(0.5))(3)) is type(Function(lambda t: np.array(0.5))(3)) is float


@pytest.mark.parametrize(("answer", "error"), [("x", TypeError), (float("nan"), ValueError), (None, TypeError)])
def test_an_answer_that_is_no_number_is_refused(answer, error):
    with pytest.raises(error, match=r"`value at t = 3` must be"):
        Function(lambda _t: answer)(3)


# Explanations


def test_an_explanation_names_the_part_at_work():
    schedule = LINE.with_warmup(2).repeat(6, decay=0.5) * 2
    explanation = schedule.explain(9)
    assert explanation.value == schedule(9) == pytest.approx(0.3)
    part = explanation.parts[0]
    assert (part.t, part.why, part.value) == (9, "", schedule(9) / 2)
    inner = part.parts[0]
    assert (inner.t, inner.why) == (3, "cycle 1, 0.5 times as high")
    assert (inner.parts[0].schedule, inner.parts[0].t) == (LINE, 1)
    assert "after the warmup of 2, 1 of 4 steps" in str(explanation)


def test_a_warmup_by_less_than_a_step_is_told():
    """Who writes 0.1 may have meant a tenth of the run."""
    assert "(after the warmup of 0.1, less than one step, " in str(Linear(0.3, steps=90).with_warmup(0.1).explain(5))
    assert "less than one step" not in str(Linear(0.3, steps=90).with_warmup(1).explain(5))


@pytest.mark.parametrize("asked", [0, 1])
def test_an_error_of_the_function_comes_through_as_it_is(asked):
    rates = {0: 0.3}
    schedule = Function(lambda t: rates[t])
    for t in range(asked):
        schedule(t)
    with pytest.raises(KeyError, match=r"^7\.0$") as raised:
        schedule(7)
    assert raised.value.__context__ is None


def test_a_hundred_operators_within_each_other_print_at_once():
    schedule = LINE
    for _ in range(50):
        schedule = schedule.with_warmup(1).staircase(2)
    text = repr(schedule)
    assert text.count(".with_warmup(1).staircase(2)") == 50
    assert len(text) == len(repr(LINE)) + 50 * len(".with_warmup(1).staircase(2)")


# Times without an end, beneath each operator.
ENDLESS = [
    LINE.repeat(5, decay=0.9),
    LINE.repeat(5).with_warmup(3),
    LINE.repeat(5).with_warmup(3, delay=False),
    LINE.repeat(7) + LINE.repeat(3),
    LINE.repeat(3) - LINE.repeat(7) / 4,
    LINE.repeat(7).stretch(1.3),
    LINE.repeat(2.5).staircase(3),
    Constant(0.1).then(LINE.repeat(4), at=10),
    LINE.repeat(4).clip(0.1, 0.2),
    LINE.repeat(5, growth=2),
    LINE.repeat(4).delay(2.5) / 2,
]


@pytest.mark.parametrize("schedule", ENDLESS, ids=str)
@pytest.mark.parametrize("steps", [1, 2.5, 7, 13, 40])
def test_what_is_left_out_at_the_beginning_changes_no_later_boundary(schedule, steps):
    later = [segment.start - steps for segment in schedule.segments(60 + steps) if segment.start > steps]
    assert [segment.start for segment in schedule.advance(steps).segments(60)][1:] == pytest.approx(later)


@pytest.mark.parametrize("schedule", ENDLESS, ids=str)
def test_what_is_left_out_is_not_counted_through(schedule):
    """It would take hours."""
    assert len(schedule.advance(10**12).segments(10)) <= 10


@pytest.mark.parametrize(
    "schedule", [LINE.repeat(1e-6), Constant(0.1).then(LINE.repeat(1e-6) + LINE.repeat(5), at=3)], ids=str
)
def test_cycles_shorter_than_a_step_are_not_counted_through_either(schedule):
    starts = [segment.start for segment in schedule.staircase(1000).segments(5000)]
    assert starts == [0, 1000, 2000, 3000, 4000]


def test_many_milestones_within_a_step_are_passed():
    steps = MultiFactor(0.5, 0.999, milestones=[*range(1, 3001), 9000, 25_000]).staircase(10_000)
    assert [segment.start for segment in steps.segments(50_000)] == [0, 10_000, 30_000]


@pytest.mark.parametrize("growth", [1, 1.01])
@pytest.mark.parametrize("height", [0.1, 1e10, 1e300])
def test_heights_of_cycles_are_right_as_far_as_their_powers_are(height, growth):
    cycles = Constant(height).repeat(2**10, growth=growth, decay=2.0**-10)
    starts = [segment.start for segment in cycles.segments(10**7)]
    for i in (1, 50, 102):  # 2**-1020 is within the normal floats, and 2**-1080 below all of them
        assert cycles(starts[i]) == height * 2.0 ** (-10 * i)
    assert cycles(starts[108]) == 0
