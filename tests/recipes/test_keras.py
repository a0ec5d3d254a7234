"""The recipes for Keras run, from top to bottom, as a reader would run them."""

from pathlib import Path

import pytest

from test_pages import python_blocks, run_blocks

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "keras.md"


@pytest.mark.filterwarnings("ignore:Your `PyDataset` class:UserWarning")
def test_every_recipe_for_keras_runs(tmp_path, monkeypatch):
    pytest.importorskip("keras")
    pytest.importorskip("tensorflow")
    monkeypatch.chdir(tmp_path)  # the recipes write checkpoints
    text = PAGE.read_text(encoding="utf-8")
    assert len(list(python_blocks(text))) == text.count("```python") > 0
    run_blocks(text, PAGE.name)
