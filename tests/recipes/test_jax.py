"""The recipes for JAX run, from top to bottom, as a reader would run them."""

from pathlib import Path

import pytest

from test_pages import python_blocks, run_blocks

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "jax.md"


def test_every_recipe_for_jax_runs(tmp_path, monkeypatch):
    for needed in ("jax", "optax", "orbax.checkpoint"):
        pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)  # the recipes write checkpoints
    text = PAGE.read_text(encoding="utf-8")
    assert len(list(python_blocks(text))) == text.count("```python") > 0
    run_blocks(text, PAGE.name)
