"""The page of all schedules is what docs/write_catalogue.py writes of the table of examples."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

import lrsched_core

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("write_catalogue", ROOT / "docs" / "write_catalogue.py")
write_catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(write_catalogue)

EXAMPLES = [example for examples in write_catalogue.EXAMPLES.values() for example in examples]


def test_the_page_is_up_to_date():
    page = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    written = page.partition(write_catalogue.BEGIN)[2].partition(write_catalogue.END)[0]
    assert written.strip() == write_catalogue.entries().strip(), "run `make docs`"


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_has_a_picture_a_formula_and_a_source(example):
    name = write_catalogue.name_of(example)
    assert "<svg" in (ROOT / "docs" / "catalogue" / f"{name}.svg").read_text(encoding="utf-8")
    parts = write_catalogue.documented(getattr(lrsched_core, name))
    assert parts[""].endswith(".")
    if name not in ("Constant", "CustomSchedule"):
        assert parts["Reference"]
        assert "formula" in parts or parts["Returns"]
