"""Schedules as plain data."""

import json
import pickle
import re

import pytest

from lrsched_core import (
    Constant,
    Cosine,
    CustomSchedule,
    Function,
    MultiFactor,
    from_dict,
    from_json,
    parse,
    register,
    to_json,
)
from lrsched_core._text import data, names
from lrsched_core._text import parse as reader

WARM = Cosine(0.3, 0.01, steps=15).with_warmup(5)


def test_the_form_is_the_fields_by_name():
    assert WARM.to_dict() == {
        "version": 1,
        "type": "WithWarmup",
        "schedule": {"type": "Cosine", "base_lr": 0.3, "final_lr": 0.01, "steps": 15},
        "steps": 5,
        "start": 0.0,
        "shape": "linear",
        "delayed": True,
    }


def test_it_is_json():
    schedule = WARM.then(MultiFactor(0.1, 0.5, milestones=(3, 7.5)), at=20)
    assert from_dict(json.loads(json.dumps(schedule.to_dict()))) == schedule


def test_defaults_may_be_missing():
    assert from_dict({"version": 1, "type": "Cosine", "base_lr": 0.3, "steps": 15}) == Cosine(0.3, steps=15)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "`version` must be 1, got 2."),
        ({"version": None}, "`version` must be 1, got None."),
        ({"type": "Cosin"}, "`type` must be one of 'Clock', 'Constant', 'Cosine', "),
        ({"type": None}, "`type` must be one of 'Clock', 'Constant', 'Cosine', "),
        ({"max_lr": 1}, "`field of Cosine` must be one of base_lr, final_lr, steps, got 'max_lr'."),
        ({"steps": -1}, "`steps` must be > 0, got -1."),
        ({"base_lr": {"type": "Constant", "lr": 0.1}}, "`base_lr` must be a real number, got Constant(0.1)."),
    ],
)
def test_what_is_unknown_is_refused_by_name(change, message):
    data = Cosine(0.3, 0.01, steps=15).to_dict() | change
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        from_dict(data)


def test_data_must_be_a_mapping():
    with pytest.raises(TypeError, match=re.escape("`data` must be a mapping, got Constant(0.1).")):
        from_dict(Constant(0.1))


# JSON


def test_json_is_the_text_of_the_form():
    text = Cosine(0.3, 0.01, steps=20).to_json()
    assert text == '{"version": 1, "type": "Cosine", "base_lr": 0.3, "final_lr": 0.01, "steps": 20}'
    assert from_json(text) == from_json(text.encode()) == Cosine(0.3, 0.01, steps=20)
    assert json.loads(to_json(WARM, indent=2)) == WARM.to_dict()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"`text` must be JSON \(Expecting value: line 1 column 1 \(char 0\)\), got ''\."),
        ('{"version": 1,}', "`text` must be JSON"),
        (b"\xff\xfe", r"`text` must be JSON"),
        ("[1]", r"`data` must be a mapping, got \[1\]\."),
        ('{"version": 2, "type": "Constant", "lr": 1}', r"`version` must be 1, got 2\."),
        ('{"version": 1, "type": "Constant", "lr": NaN}', r"`number` must be finite, got 'NaN'\."),
        ('{"version": 1, "type": "Constant", "lr": 1, "lr": 2}', r"`field` must be given once, got 'lr'\."),
        ('{"version": 1, "type": "Constant"}', r"`field lr of Constant` must be given, got None\."),
        ('{"version": 1, "type": "Cos"}', r"`type` must be one of 'Clock', 'Constant', "),
        ('{"version": 1, "type": "Constant", "rate": 1}', r"`field of Constant` must be one of lr, got 'rate'\."),
        ("[" * 100_000, "`text` must be nested less deeply"),
        (" " * 2_000_001, r"`length of text` must be at most 2000000 characters, got 2000001\."),
    ],
)
def test_bad_json_is_refused(text, message):
    with pytest.raises((ValueError, TypeError), match=message):
        from_json(text)


def test_a_function_cannot_be_saved_and_is_refused_by_name():
    schedule = Function(abs) * 2
    with pytest.raises(TypeError, match=r"not functions, to be saved, got the function builtins\.abs\. Hint: derive"):
        schedule.to_json()


# Classes of one's own


class Homemade(CustomSchedule):
    base_lr: float

    def value(self, t):
        return self.base_lr / (1 + t)

    def check(self):
        if self.base_lr > 1:
            message = "`base_lr` must be <= 1."
            raise ValueError(message)


def test_a_class_of_ones_own_takes_part_once_it_is_registered(monkeypatch):
    monkeypatch.setattr(names, "CATALOGUE", dict(names.CATALOGUE))
    for module in (data, reader):
        monkeypatch.setattr(module, "CATALOGUE", names.CATALOGUE)
    schedule = Homemade(0.5).with_warmup(2) * 2
    assert schedule(3) == 0.5
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    with pytest.raises(TypeError, match=r"or is registered, to be saved, got Homemade\(0.5\)\."):
        schedule.to_dict()
    assert register(Homemade) is Homemade
    assert register(Homemade) is Homemade
    assert from_json(schedule.to_json()) == parse(repr(schedule)) == schedule
    with pytest.raises(ValueError, match=r"`base_lr` must be <= 1\. \(column 1: 'Homemade\(2\)'\)"):
        parse("Homemade(2)")


def test_what_cannot_be_registered_is_refused():
    class Cosine(CustomSchedule):
        def value(self, t):
            return t

    with pytest.raises(ValueError, match="`cls` must be of a name that is free; 'Cosine' is"):
        register(Cosine)
    for cls in (int, 3, CustomSchedule):
        with pytest.raises(TypeError, match="`cls` must be a class derived from CustomSchedule, with a `value`, got"):
            register(cls)
