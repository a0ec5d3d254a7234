"""The page of versions shows what was tried, and pyproject.toml promises no more than that."""

import importlib.util
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

tomllib = pytest.importorskip("tomllib")  # from Python 3.11 on

ROOT = Path(__file__).parent.parent
spec = importlib.util.spec_from_file_location("versions", ROOT / "tests" / "versions" / "page.py")
page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(page)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ASKED = {
    asked.name: asked
    for lines in [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for line in lines
    for asked in [Requirement(line)]
    if asked.name in ("numpy", "torch", "keras", "jax", "optax", "mxnet") and not str(asked.specifier).startswith("<")
}
PASSED = [found for found in page.read().values() if found["outcome"] == "passed"]


def test_what_is_tried_is_there():
    spec = importlib.util.spec_from_file_location("rows", ROOT / "tests" / "versions" / "rows.py")
    rows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rows)
    paths = {path for row in rows.ROWS for path in row.tests if path.startswith("tests/")}
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_page_shows_what_was_tried():
    assert page.PAGE.read_text(encoding="utf-8") == page.text(page.read()), "run `make matrix`"


@pytest.mark.parametrize("name", sorted(ASKED))
def test_the_oldest_version_that_is_allowed_was_tried(name):
    [least] = [one.version for one in ASKED[name].specifier]
    tried = [Version(found["versions"][name]) for found in PASSED if name in found["versions"]]
    assert tried, "run `make matrix`"
    assert str(min(tried)).startswith(least)


def test_every_python_that_is_promised_was_tried():
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert promised
    tried = {row["python"] for row in PASSED if row["subject"] == "core"}
    assert [one for one in promised if one not in tried] == []
