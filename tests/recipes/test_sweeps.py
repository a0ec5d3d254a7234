"""The recipes for sweeps run, from top to bottom, as a reader would run them."""

from pathlib import Path

import pytest

from test_pages import python_blocks, run_blocks

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "sweeps.md"


@pytest.mark.filterwarnings("ignore")  # Ray's and Optuna's own
def test_every_recipe_for_sweeps_runs(tmp_path, monkeypatch):
    for needed in ("optuna", "ray"):
        pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    assert len(list(python_blocks(text))) == text.count("```python") > 0
    run_blocks(text, PAGE.name)
