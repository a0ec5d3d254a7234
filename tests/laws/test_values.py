"""A schedule is a value."""

import copy
import pickle

import pytest
from hypothesis import given

import lrsched_core
from lrsched_core import Cosine, from_dict, parse
from strategies import schedules

NAMES = {name: getattr(lrsched_core, name) for name in lrsched_core.__all__}


@given(schedules())
def test_a_schedule_is_equal_to_all_that_is_made_of_it(schedule):
    made = [
        copy.copy(schedule),
        copy.deepcopy(schedule),
        pickle.loads(pickle.dumps(schedule)),
        eval(repr(schedule), dict(NAMES)),
        parse(repr(schedule)),
        from_dict(schedule.to_dict()),
    ]
    for other in made:
        assert other == schedule
        assert hash(other) == hash(schedule)
        assert repr(other) == repr(schedule)


@given(schedules(), schedules())
def test_schedules_are_equal_exactly_if_they_print_alike(first, second):
    assert (first == second) == (repr(first) == repr(second))


def test_a_schedule_is_not_equal_to_a_function():
    assert Cosine(0.3, steps=20) != (lambda t: t)


def test_whole_numbers_of_any_type_are_the_same_duration():
    np = pytest.importorskip("numpy")
    assert Cosine(1, steps=20.0) == Cosine(np.float32(1), steps=np.int64(20)) == Cosine(1.0, steps=20)
    assert repr(Cosine(np.float64(0.5), steps=np.int32(20))) == "Cosine(0.5, steps=20)"


def test_a_negative_zero_is_zero():
    assert repr(Cosine(-0.0, -0.0, steps=3)) == "Cosine(0.0, steps=3)"


@pytest.mark.parametrize("name", ["base_lr", "steps", "anything"])
def test_a_schedule_cannot_be_changed(name):
    schedule = Cosine(0.3, steps=20)
    with pytest.raises((AttributeError, TypeError)):
        setattr(schedule, name, 1.0)
    assert schedule == Cosine(0.3, steps=20)


def test_a_called_schedule_pickles_as_small_as_a_new_one():
    schedule = Cosine(0.3, steps=20).with_warmup(5)
    size = len(pickle.dumps(schedule))
    schedule(3), schedule([1, 2])
    assert len(pickle.dumps(schedule)) == size
