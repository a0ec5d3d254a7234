"""Schedules as plain data."""

import json
import re

import pytest

from lrsched_core import Constant, Cosine, MultiFactor, from_dict

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
        ({"type": "Cosin"}, "`type` must be one of 'Constant', 'Cosine', "),
        ({"type": None}, "`type` must be one of 'Constant', 'Cosine', "),
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
