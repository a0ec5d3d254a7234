"""What is too large to work with is refused when it is built, or read."""

import re

import pytest

from lrsched_core import (
    Constant,
    Cosine,
    Factor,
    Function,
    Linear,
    MultiFactor,
    Noise,
    PiecewiseConstant,
    Sequence,
    SquareRoot,
    fractal_chebyshev,
    from_dict,
    from_json,
    maximum,
    minimum,
    parse,
)

LINE = Linear(0.4, steps=4)


def refused(message):
    return pytest.raises(ValueError, match=re.escape(message))


def nested(operation, depth, schedule=LINE):
    """An operation on an operation, and so on."""
    for _ in range(depth):
        schedule = operation(schedule)
    return schedule


OPERATIONS = {
    "delay": lambda s: s.delay(2).stretch(2),
    "warmup": lambda s: s.with_warmup(3),
    "repeat": lambda s: s.repeat(1000),
    "clip": lambda s: s.clip(0.0, 1.0),
    "staircase": lambda s: s.staircase(2) / 2,
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_hundred_schedules_may_be_nested(name):
    operation = OPERATIONS[name]
    depth = 100 // nested(operation, 1)._known_extent.depth
    schedule = nested(operation, depth)
    assert schedule == parse(repr(schedule)) == from_dict(schedule.to_dict())
    assert schedule(7) == schedule([7])[0]
    with refused("must be nested at most 100 schedules deep, got 101."):
        nested(operation, 1, schedule)


def test_what_is_deep_prints_in_no_time():
    # Twice as long a text at each level would never end.
    assert len(repr(nested(OPERATIONS["delay"], 50))) < 2000


def test_growing_cycles_are_laid_out_up_to_a_limit():
    once = Cosine(0.3, steps=1).repeat(1, growth=1.01)
    assert once(0) == 0.3
    assert once.repeat(1, growth=1.01)(0) == 0.3  # what is cut off does not count
    with refused("`Repeat` must be of at most 100000 pieces, those of all growing cycles included, got "):
        once.repeat(10**6, growth=1.01)
    with refused("`Repeat` must be of at most 100000 pieces, those of all growing cycles included, got "):
        PiecewiseConstant([0.1] * 10_001, milestones=range(10_000)).repeat(10, growth=1.01)
    with refused("`Sequence` must be of at most 100000 pieces"):
        Sequence([once] * 30, milestones=[10**19 * i for i in range(29)])
    with refused("`every` must be long enough for at most 10000 cycles until 2**63, got 1e-200."):
        LINE.repeat(1e-200, growth=1.01)


@pytest.mark.parametrize(
    "schedule",
    [
        Linear(0.1, steps=2**70),
        SquareRoot(0.1).advance(2**70),
        SquareRoot(0.1).repeat(2**70).staircase(2**80),
        Factor(0.1, 0.9, every=2**70).delay(2**90),
        Noise(0.5, seed=2**70) * Linear(0.1, steps=2**70),
    ],
    ids=str,
)
def test_an_array_is_told_times_that_no_integer_of_numpy_holds(schedule):
    np = pytest.importorskip("numpy")
    times = [0, 7, 2.0**75]
    assert schedule(np.array(times)).tolist() == pytest.approx([schedule(t) for t in times], rel=1e-15)


def test_products_do_not_multiply_their_pieces():
    many = Sequence([LINE] * 30, milestones=range(1, 30))
    schedule = many
    for _ in range(8):
        schedule = schedule.staircase(1) * many
    assert schedule._known_extent.pieces < 2000
    assert schedule(3) == pytest.approx(0.4**9)


def test_clocks_stay_within_the_float_range():
    slow = LINE.stretch(1e200)
    with refused("`Stretch` must be such that its times, stretched and added, lie between 1e-300 and 1e+300, got "):
        slow.delay(1).stretch(1e200)
    with refused("`Stretch` must be such that its times"):
        LINE.stretch(1e-200).delay(1).stretch(1e-200)
    with refused("`Delay` must be such that its times"):
        LINE.delay(1e308)
    with refused("`steps` must be >= 1e-300, got 5e-324."):
        LINE.with_warmup(5e-324)
    with refused("`steps` must be within the float range, got 1"):
        Linear(0.1, steps=10**400)
    with refused("`steps` must be within the float range, got a number of 33220 bits."):
        Linear(0.1, steps=10**10_000)


# What is read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Constant(0x" + "f" * 300 + ")", "a number within the float range here (column 10: '0xfff"),
        ("Constant(" + "9" * 400 + "*" + "9" * 400 + ")", "a number within the float range here (column 10"),
        (
            "Cosine(1, steps=1).repeat(1, growth=1.01)" + ".cooldown(at=5, steps=1)" * 9,
            "`text` must describe at most 20000 pieces, those of all growing cycles included. (column 1",
        ),
        ("SquareRoot(1)" + " + 1" * 2500, "`text` must "),
        (
            "Constant(1)" + " + fractal_chebyshev(0.1, 1, steps=65536)" * 900,
            "`text` must describe at most 20000 pieces",
        ),
        ("Quotient(Constant(1), 0)", "`divisor` must be > 0, got 0."),
        ("\n  (Constant(1) +\n  Constant('é') + 1)", "(line 3, column 3: \"Constant('é')\")"),
        ("  Constant('é') + Cosin(1)", "(column 3: \"Constant('é')\")"),
        ("Constant(1) * 'é' + Cosin(1)", "a number or a schedule here (column 15: \"'é'\")"),
        ("minimum('é', Cosin(1))", "the name of a schedule (do you mean Cosine?) here (column 14: 'Cosin')"),
    ],
    ids=lambda text: text[:40],
)
def test_work_is_bounded(text, message):
    with refused(message):
        parse(text)


def test_a_long_chain_is_read_or_refused():
    """How deep the text of a chain may nest is up to the Python that reads it: 3.10 and 3.13 read this one."""
    try:
        assert parse("Constant(1)" + ".then(Constant(2), at=3)" * 2500) == Constant(1).then(Constant(2), at=3)
    except ValueError as error:
        assert str(error).startswith("`text` must be nested less deeply")  # noqa: PT017  # either will do


def test_json_is_bounded_too():
    form = {"type": "Constant", "lr": 1}
    with refused("must be nested at most 100 schedules deep"):
        from_dict({"version": 1, **nested(lambda d: {"type": "Clip", "schedule": d, "low": 0, "high": 1}, 101, form)})
    with refused("`data` must be nested less deeply."):
        from_dict({"version": 1, **nested(lambda d: {"type": "Clip", "schedule": d, "low": 0, "high": 1}, 9999, form)})
    with refused("`version` must be 1, got True."):
        from_dict({"version": True, **form})


def test_what_does_nothing_is_left_out_where_an_operator_is_read():
    assert parse("Product((SquareRoot(2), Constant(1)))") == SquareRoot(2)
    assert parse("Delay(Delay(SquareRoot(2), 3), 4)") == SquareRoot(2).delay(7)
    assert parse("Quotient(SquareRoot(2), 1)") == SquareRoot(2)
    assert parse("Difference(SquareRoot(2), Constant(0))") == SquareRoot(2)
    assert parse("Sum((SquareRoot(2), Constant(0), Constant(0)))") == SquareRoot(2)


def test_many_milestones_are_read():
    schedule = fractal_chebyshev(0.1, 1.0, steps=65536)
    assert from_json(schedule.to_json()) == schedule == parse("fractal_chebyshev(0.1, 1.0, steps=65536)")
    schedule = MultiFactor(0.1, 0.999, milestones=range(10_000))
    assert from_json(schedule.to_json()) == schedule == parse(repr(schedule))


def test_a_sum_of_a_thousand_is_read():
    schedule = sum((SquareRoot(1 / i) for i in range(1, 1000)), start=SquareRoot(1))
    assert parse(repr(schedule)) == from_dict(schedule.to_dict()) == schedule


# Plain functions


def double(t):
    return 2.0 * t


def test_operators_take_plain_functions():
    f = Function(double)
    assert LINE.then(double, at=4) == LINE.then(f, at=4)
    assert Sequence((double, LINE), milestones=(3,)) == Sequence((f, LINE), milestones=(3,))
    assert double * LINE == f * LINE
    assert LINE + double == LINE + f
    assert LINE - double == LINE - f
    assert (double + LINE)(1) == 2.3
    assert minimum(double, 0.1) == minimum(f, 0.1)
    assert maximum(LINE, double)([0, 1]).tolist() == [0.4, 2.0]


def test_a_class_is_no_function_of_t():
    for build in (lambda: LINE.then(Cosine, at=3), lambda: Sequence((Cosine,), milestones=())):
        with pytest.raises(TypeError, match=r"must be a schedule, not a class, got <class '.*Cosine'>\."):
            build()
    with pytest.raises(TypeError, match=r"`operand` must be a schedule, not a class, got <class 'int'>\."):
        LINE * int


def test_what_contains_a_function_is_not_saved_and_the_function_is_named():
    message = rf"not functions, to be saved, got the function {__name__}\.double\. Hint: derive a class"
    for schedule in (Function(double), (LINE * double).with_warmup(3), LINE.then(double, at=3)):
        with pytest.raises(TypeError, match=message):
            schedule.to_json()
    assert Constant(1) == from_dict(Constant(1).to_dict())
