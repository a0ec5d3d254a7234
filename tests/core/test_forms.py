"""Text and JSON are the same for ever, everywhere: in another process, by another Python, a year from now."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

import lrsched_core
import pythons
from lrsched_core import CustomSchedule, from_json, json_schema, parse, register, to_json
from lrsched_core._text.names import BUILT_IN, CATALOGUE
from strategies import schedules

jsonschema = pytest.importorskip("jsonschema")

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMA = json_schema()


@given(schedules())
def test_a_schedule_comes_back_from_each_form(schedule):
    assert schedule == parse(repr(schedule)) == from_json(to_json(schedule)) == pickle.loads(pickle.dumps(schedule))


def written_by(python, **environment):
    """What a Python says about the golden forms."""
    path = str(Path(lrsched_core.__file__).parents[1])
    return subprocess.run(
        [python, "-W", "error", str(GOLDEN / "check.py")],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def here():
    """What this Python says."""
    result = written_by(sys.executable, PYTHONHASHSEED="1")
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_golden_forms_hold_the_whole_catalogue():
    lines = (GOLDEN / "version1.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 40
    text = "".join(lines)
    built_in = [name for name, cls in CATALOGUE.items() if BUILT_IN.get(name) is cls]  # other tests register theirs
    assert [name for name in built_in if f'"type": "{name}"' not in text] == [], "run `make docs`"


def test_another_process_with_other_hashes_writes_the_same(here):
    result = written_by(sys.executable, PYTHONHASHSEED="2")
    assert (result.returncode, result.stderr, result.stdout) == (0, "", here)


@pytest.mark.parametrize("python", pythons.params())
def test_another_python_reads_and_writes_the_same(python, here):
    result = written_by(python)
    assert (result.returncode, result.stderr, result.stdout) == (0, "", here)


# JSON Schema


def errors(form):
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(form)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_committed_schema_is_that_of_the_code():
    """Of a process in which nobody has registered a class."""
    docs = Path(__file__).parents[2] / "docs"
    code = "import json, lrsched_core; print(json.dumps(lrsched_core.json_schema()))"
    schema = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert json.loads((docs / "schedule.schema.json").read_text(encoding="utf-8")) == schema, "run `make pages`"


@given(schedules(max_leaves=4))
def test_every_form_obeys_the_schema(schedule):
    assert errors(schedule.to_dict()) == []


@pytest.mark.parametrize("line", (GOLDEN / "version1.jsonl").read_text(encoding="utf-8").splitlines())
def test_the_golden_forms_obey_the_schema(line):
    assert errors(json.loads(line)["form"]) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "Cosin"}, "'Cosin' is not one of ['Advance', "),
        ({"version": 2}, "1 was expected"),
        ({"version": None}, "1 was expected"),
        ({"max_lr": 1}, "('max_lr' was unexpected)"),
        ({"base_lr": -0.1}, "-0.1 is less than the minimum of 0"),
        ({"base_lr": "0.1"}, "'0.1' is not of type 'number'"),
        ({"steps": 0}, "0 is less than or equal to the minimum of 0"),
        ({"steps": {"type": "Constant", "lr": 1}}, "is not of type 'number'"),
        ({"steps": None, "type": "Delay", "schedule": {"type": "Constant", "lr": -1}}, "-1 is less than the minimum"),
        ({"type": "WithWarmup", "schedule": {"type": "SquareRoot"}}, "'base_lr' is a required property"),
        ({"type": "WithWarmup", "shape": "odd"}, "'odd' is not one of ['linear', "),
        ({"type": "Noise", "seed": 0.5}, "0.5 is not of type 'integer'"),
        ({"type": "Repeat", "growth": 0.5}, "0.5 is less than the minimum of 1"),
        ({"type": "Sum", "schedules": []}, "[] "),
        ({"type": "MultiFactor", "milestones": [1, -1]}, "-1 is less than the minimum of 0"),
    ],
)
def test_what_is_not_a_form_is_told_by_the_schema(change, message):
    form = {"version": 1, "type": "Cosine", "base_lr": 0.3, "final_lr": 0.01, "steps": 15}
    assert errors(form) == []
    assert any(message in error for error in errors(form | change)), errors(form | change)
    with pytest.raises((TypeError, ValueError)):
        lrsched_core.from_dict(form | change)


def test_missing_fields_are_told_by_the_schema():
    assert "'version' is a required property" in errors({"type": "Constant", "lr": 1})
    assert "'type' is a required property" in errors({"version": 1})
    assert "'steps' is a required property" in errors({"version": 1, "type": "Cosine", "base_lr": 1})


def test_the_schema_helps_editors_by_the_docstrings():
    cosine = SCHEMA["$defs"]["Cosine"]
    assert cosine["title"] == "Cosine"
    assert cosine["description"] == "Half a cosine wave, then constant."
    assert cosine["properties"]["final_lr"] == {
        "type": "number",
        "minimum": 0,
        "default": 0.0,
        "description": r"$\eta_1$, the value from `t = steps` on; above or below `base_lr`.",
    }
    assert SCHEMA["$defs"]["Repeat"]["description"] == "Starts over again and again: warm restarts."


def test_a_registered_class_is_in_the_schema(monkeypatch):

    monkeypatch.setattr("lrsched_core._text.names.CATALOGUE", catalogue := dict(CATALOGUE))
    monkeypatch.setattr("lrsched_core._text.schema.CATALOGUE", catalogue)

    @register
    class Plain(CustomSchedule):
        """Says what it is."""

        base_lr: float
        kind: str = "plain"

        def value(self, t):
            return self.base_lr

    assert json_schema()["$defs"]["Plain"] == {
        "title": "Plain",
        "description": "Says what it is.",
        "properties": {"base_lr": {"type": "number"}, "kind": {"type": "string", "default": "plain"}},
        "required": ["base_lr"],
    }
