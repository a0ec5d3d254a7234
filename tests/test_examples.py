"""The table of examples holds every public schedule, recipe and operator, and all of each."""

import inspect

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lrsched_core
from examples import CLASSES, EXAMPLES, FAMILIES, OPERATORS, RECIPES, WRITTEN
from lrsched_core import Schedule, parse
from lrsched_core._text import names

# The functions of operators that have a class.
FUNCTIONS_OF_OPERATORS = {"maximum", "minimum"}
# What makes no curve of a learning rate has no picture.
WITHOUT_PICTURE = {*OPERATORS, "batch_ramp", "extend"}

every = pytest.mark.parametrize("name", EXAMPLES)
every_written = pytest.mark.parametrize("name", WRITTEN)
every_class = pytest.mark.parametrize("name", {**CLASSES, **OPERATORS})


def missing(public, examples):
    """Those without an example."""
    return sorted(name for name in public if name not in examples and name not in FUNCTIONS_OF_OPERATORS)


HINT = "add an `Example` to the module of its family in tests/examples: "


def makes_a_schedule(thing):
    """Whether a public name is a class of schedules or a function that gives one."""
    if isinstance(thing, type):
        return issubclass(thing, Schedule) and thing is not Schedule
    readers = (lrsched_core.parse, lrsched_core.from_dict, lrsched_core.from_json)
    returned = inspect.signature(thing).return_annotation if inspect.isfunction(thing) else None
    return returned in (Schedule, "Schedule") and thing not in readers


def test_every_public_schedule_recipe_and_operator_is_in_the_table():
    public = [name for name in lrsched_core.__all__ if makes_a_schedule(getattr(lrsched_core, name))]
    text = [name for name, cls in names.BUILT_IN.items() if issubclass(cls, Schedule)]
    assert {"Rex", "wsd", "CustomSchedule"} < {*public}
    assert missing({*public, *text, *names.RECIPES}, EXAMPLES) == [], HINT
    assert missing(EXAMPLES, {*public, *text, *names.RECIPES}) == [], "is no public name"


def test_one_that_is_missing_is_found():
    assert missing(["Rex", "wsd", "Repeat", "maximum"], {}) == ["Repeat", "Rex", "wsd"]


@every
def test_the_example_is_of_that_name(name):
    example = EXAMPLES[name]
    if name not in WITHOUT_PICTURE:
        assert example.picture.startswith(f"{name}("), "`picture` is the expression that the catalogue draws"
    if name in CLASSES or name in OPERATORS:
        cls = names.BUILT_IN[name]
        assert all(isinstance(schedule, cls) for schedule in (example.trained, *example.by_hand, *example.measured))
        found = {type(inner) for case in (*example.tensors, example.trained) for inner in inside(case)}
        assert cls in found, "`tensors` hold it"
        assert example.exact, "`exact` is its formula"
        if example.rates or example.positive:
            assert example.wide or name == "Constant", "`wide` are schedules over the whole of int32"


def inside(schedule):
    """A schedule, and those in it."""
    yield schedule
    for inner in schedule._inner():
        yield from inside(inner)


@every
def test_there_are_values_by_hand(name):
    """At 0 and, of a ramp, where it ends."""
    assert any(0 in times for times in EXAMPLES[name].by_hand.values())
    for schedule, times in EXAMPLES[name].by_hand.items():
        if name in FAMILIES["Ramps"]:
            assert {0, 1, schedule.steps - 1, schedule.steps, schedule.steps + 1} <= times.keys()


@every_class
def test_every_argument_is_said_to_be_refused_somewhere(name):
    """As a rate, as a positive number, or by tests of its own."""
    example = EXAMPLES[name]
    said = [*example.rates.split(), *example.positive.split(), *example.others.split()]
    assert sorted(said) == sorted(field.name for field in names.BUILT_IN[name]._fields), (
        "`rates`, `positive`, `others` name its arguments"
    )


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_refuses_something(name):
    assert EXAMPLES[name].refused


@every_written
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_hypothesis_makes_it_and_text_holds_it(name, data):
    drawn = EXAMPLES[name].drawn
    schedule = data.draw(drawn(st.just(CLASSES["Rex"].trained)) if name in OPERATORS else drawn)
    if name in CLASSES:
        assert type(schedule).__name__ == name
    assert parse(repr(schedule)) == schedule
