"""docs/accuracy.md bounds what is measured now."""

import importlib.util
import re
from pathlib import Path

import pytest

import lrsched_core
from lrsched_core import Schedule

SCRIPT = Path(__file__).parent.parent / "docs" / "write_accuracy.py"
ROW = re.compile(r"\| `(\w+)` \| (\S+) \| (\S+) \|")


def test_no_error_is_larger_than_the_page_says():
    pytest.importorskip("torch")
    spec = importlib.util.spec_from_file_location("write_accuracy", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    now, then = ROW.findall(script.page()), ROW.findall(script.PAGE.read_text(encoding="utf-8"))
    assert [kind for kind, *_ in now] == [kind for kind, *_ in then]
    for (kind, *measured), (_, *stated) in zip(now, then, strict=True):
        # Another processor may round the last digit otherwise.
        hint = f"{kind}: run `python docs/write_accuracy.py`."
        assert all(float(m) <= 1.5 * float(s) for m, s in zip(measured, stated, strict=True)), hint


def test_every_class_with_a_formula_is_on_the_page():
    kinds = {kind for kind, *_ in ROW.findall((SCRIPT.parent / "accuracy.md").read_text(encoding="utf-8"))}
    public = {
        name
        for name in lrsched_core.__all__
        if isinstance(value := getattr(lrsched_core, name), type)
        and issubclass(value, Schedule)
        and value.__module__.startswith("lrsched_core._catalogue")
    }
    # What gives its values as they were written, or is a hash.
    assert public - kinds <= {"PiecewiseConstant", "Noise"}
