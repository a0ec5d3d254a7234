"""What `emit` writes: a module that needs nothing, and is the schedule."""

import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import pythons
from cases import MANY
from emitting import FIXED, names_of, times_of
from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    CustomSchedule,
    Factor,
    Function,
    Linear,
    PiecewiseConstant,
    Plan,
    Sequence,
    SquareRoot,
    emit,
    parse,
)
from strategies import schedules

RUN = Path(__file__).parents[1] / "emitted.py"
WARM = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def value(function, t):
    try:
        return function(t).hex()
    except (OverflowError, TypeError, ValueError) as error:
        return type(error).__name__


def case(schedule, rng, **options):
    times = times_of(schedule, rng)
    values = {"learning_rate": [value(schedule, t) for t in times]}
    return {"text": emit(schedule, **options), "times": times, "values": values}


def expression(doc):
    lines = [line.strip() for line in doc.splitlines()]
    return lines[lines.index("Expression:") + 1]


@pytest.fixture(scope="module")
def drawn():
    """Random schedules, and those of the table."""
    rng = random.Random(0)
    found = [case(schedule, rng) for schedule in FIXED]
    many = 2 * settings().max_examples

    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(schedules())
    def draw(schedule):
        found.append(case(schedule, rng))

    draw()
    assert len(found) >= many
    return found


def assert_agree(python, cases, folder):
    """The emitted modules agree with these, by a Python that has nothing but its standard library."""
    (folder / "cases.json").write_text(json.dumps(cases))
    done = subprocess.run(
        [python, "-I", "-W", "error", str(RUN), str(folder / "cases.json")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout == f"{len(cases)} agree.\n"


@pytest.mark.parametrize("python", [sys.executable, *pythons.params("3.10", "3.13")])
def test_emitted_schedules_equal_their_source_bit_for_bit_without_the_library(python, drawn, tmp_path):
    assert_agree(python, drawn, tmp_path)


# By the names that functions have: groups, names that are no identifiers, and those that a module has other uses for.
CLOCK = Clock(batch_size=PiecewiseConstant((100, 200), milestones=(5000,)), samples_per_epoch=1000, epochs=40)
PLANS = [
    (Plan(lr=WARM), {"lr": WARM}),
    (
        Plan(lr=WARM, weight_decay=0.1, beta1=Cosine(0.95, 0.85, steps=30), groups={"head": Plan(lr=WARM / 10)}),
        {"lr": WARM, "weight_decay": Constant(0.1), "beta1": Cosine(0.95, 0.85, steps=30), "head_lr": WARM / 10},
    ),
    (
        Plan(
            {
                "betas[0]": WARM,
                "betas_0": MANY,
                "class": 1,
                "sin": 2,
                "t": 3,
                "1": 4,
                "test_a": 5,
                "\\": 6,
                'a"""\nb': 7,
            }
        ),
        {
            "betas_0": WARM,
            "betas_0_": MANY,
            "class_": Constant(1),
            "sin_": Constant(2),
            "t_": Constant(3),
            "option_1": Constant(4),
            "option_test_a": Constant(5),
            "option": Constant(6),
            "a_b": Constant(7),
        },
    ),
    (Plan(lr=Linear(0.1, steps=9000), eps=Factor(0.1, 0.5, every=0.7)).on(CLOCK, "samples"), None),
    (Plan(lr=MANY, momentum=MANY * 2, weight_decay=MANY.stretch(1.5)), None),
]


@pytest.mark.parametrize("python", pythons.params("3.10"))
def test_an_emitted_plan_has_a_function_for_each_of_its_schedules(python, tmp_path):
    rng = random.Random(0)
    cases = []
    for plan, functions in PLANS:
        times = [t for schedule in plan._inner() for t in times_of(schedule, rng)]
        values = {name: [value(f, t) for t in times] for name, f in (functions or dict(plan.options)).items()}
        text = emit(plan)
        # In the order of the names, which says where an exception to them begins.
        order = names_of(text)["__all__"]
        cases.append({"text": text, "times": times, "values": {name: values[name] for name in order}})
        assert len(order) == len(values)
    assert_agree(python, cases, tmp_path)


@pytest.mark.parametrize("numpy", [False, True])
def test_parse_reads_a_plan_from_the_docstring_of_its_module(numpy):
    for plan, _ in PLANS:
        names = names_of(emit(plan, numpy=numpy))
        assert parse(expression(names["__doc__"])) == plan
        schedules = [parse(expression(names[name].__doc__)) for name in names["__all__"]]
        assert sorted(map(repr, schedules)) == sorted(map(repr, plan._inner()))


def test_an_emitted_plan_of_arrays_equals_the_plan():
    np = pytest.importorskip("numpy")
    plan, functions = PLANS[1]
    names = names_of(emit(plan, numpy=True))
    for name, schedule in functions.items():
        np.testing.assert_array_equal(names[name](np.arange(50)), schedule(np.arange(50)))


def test_a_plan_is_not_given_a_name():
    with pytest.raises(ValueError, match=r"`name` must be left out where a plan is emitted, .*, got 'rate'"):
        emit(Plan(lr=0.1), name="rate")


@pytest.fixture(scope="module")
def written(drawn, tmp_path_factory):
    """A folder of modules, for numbers and for arrays."""
    folder = tmp_path_factory.mktemp("written")
    fixed = [*FIXED, *[plan for plan, _ in PLANS]]
    texts = [*[emit(one) for one in fixed], *[emit(one, numpy=True) for one in FIXED], *[one["text"] for one in drawn]]
    for i, text in enumerate(texts):
        (folder / f"m{i}.py").write_text(text)
    return folder, 2 * len(FIXED) + len(PLANS)


def tool(folder, *command):
    pytest.importorskip(command[0])
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr[-300:]


@pytest.mark.parametrize("width", [88, 120])
def test_the_text_is_as_ruff_leaves_it(width, written):
    options = ["--isolated", "--no-cache", f"--line-length={width}", "."]
    tool(written[0], "ruff", "format", "--diff", *options)
    tool(written[0], "ruff", "check", "--select=F,I,B,UP,E7,W", *options)


def test_type_checkers_take_the_text(written, tmp_path):
    folder, fixed = written
    tool(folder, "mypy", "--strict", "--cache-dir", str(tmp_path), *[f"m{i}.py" for i in range(fixed)])


@pytest.mark.parametrize("schedule", FIXED, ids=lambda schedule: repr(schedule)[:40])
def test_parse_reads_the_line_below_expression(schedule):
    assert parse(expression(names_of(emit(schedule))["learning_rate"].__doc__)) == schedule


def test_the_function_is_the_only_public_one_and_has_its_name():
    names = names_of(emit(MANY, name="beta1"))
    public = [name for name, thing in names.items() if callable(thing) and not name.startswith("_")]
    assert names["__all__"] == ["beta1"]
    defined = [name for name in public if getattr(names[name], "__module__", "") == "emitted"]
    assert defined == ["beta1", "test_beta1"]


@pytest.mark.parametrize("t", [-1, -0.5, float("nan"), float("inf"), -float("inf"), 10**400, True, "1", None, 1j, [1]])
def test_what_a_schedule_refuses_is_refused_alike(t):
    schedule = Cosine(0.3, steps=5).with_warmup(3)
    with pytest.raises((TypeError, ValueError)) as expected:
        schedule(t if t != [1] else None)
    with pytest.raises(expected.type, match=r"^`t` must be .*, got .*\.$"):
        names_of(emit(schedule))["learning_rate"](t)


def test_other_kinds_of_numbers_are_taken():
    np = pytest.importorskip("numpy")
    schedule = Cosine(0.3, steps=5).with_warmup(3)
    function = names_of(emit(schedule))["learning_rate"]
    for t in (np.int64(4), np.float32(3.5), np.float64(4), Fraction(9, 2)):
        assert function(t) == schedule(t)
        assert type(function(t)) is float


def test_a_growth_that_has_left_the_float_range_names_t():
    for schedule in (Factor(1.0, 2.0), Factor(1.0, 2.0).staircase(2), Constant(1e200) * Factor(1.0, 10.0)):
        with pytest.raises(OverflowError, match=r"`t` must be small enough .* got 3000\."):
            names_of(emit(schedule))["learning_rate"](3000)


def own(t):
    return 0.1


class Own(CustomSchedule):
    def value(self, t):
        return 0.1


@pytest.mark.parametrize("inner", [Function(own), Own()], ids=["Function", "CustomSchedule"])
def test_somebody_s_function_is_refused_by_name(inner):
    many = Sequence([inner, *[Linear(0.1, steps=3)] * 40], milestones=range(5, 205, 5))
    for schedule in (inner, inner.with_warmup(5), inner * 2 + Linear(0.1, steps=3), inner.staircase(3), many):
        name = "own" if isinstance(inner, Function) else "Own"
        with pytest.raises(TypeError, match=rf"`schedule` must be .*, got .*{name}"):
            emit(schedule)


@pytest.mark.parametrize("name", ["", "1a", "a b", "class", "t", "sin", "float", "_rate", "test_rate", "sys", "lambda"])
def test_a_name_that_the_module_cannot_use_is_refused(name):
    with pytest.raises(ValueError, match="`name` must be "):
        emit(Linear(0.1, steps=3), name=name)


def test_other_bad_arguments_are_refused():
    with pytest.raises(TypeError, match=r"`schedule` must be a schedule or a Plan, got 0\.1\."):
        emit(0.1)
    with pytest.raises(TypeError, match=r"`name` must be a string, got 3\."):
        emit(Linear(0.1, steps=3), name=3)
    with pytest.raises(TypeError, match=r"`numpy` must be True or False, got 1\."):
        emit(Linear(0.1, steps=3), numpy=1)


def test_the_test_of_a_module_fails_where_a_number_was_changed(tmp_path):
    text = emit(Cosine(0.3, 0.01, steps=15).with_warmup(5))
    assert "(20 - t)" in text
    for number, code in (("(20 - t)", 0), ("(21 - t)", 1)):
        path = tmp_path / "learning_rate.py"
        path.write_text(text.replace("(20 - t)", number))
        done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True)
        assert done.returncode == code, (number, done.stderr)
        found = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(path)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert found.returncode == code, found.stdout


def test_comments_name_the_pieces():
    text = emit(Sequence([Linear(0.1, 0.2, steps=5).with_warmup(3), SquareRoot(0.1)], milestones=[20]))
    for comment in (
        "# The warmup: Linear(0.0, 0.1, steps=3)",
        "# After the warmup of 3: Linear(0.1, 0.2, steps=5)",
        "# Since 20: SquareRoot(0.1)",
        "# Held.",
    ):
        assert f"        {comment}\n" in text or f"    {comment}\n" in text
