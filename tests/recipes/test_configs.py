"""The recipes for configurations run, from top to bottom, as a reader would run them."""

import re
import sys
from pathlib import Path

import pytest

from test_pages import NOT_RUN, python_blocks, run_blocks

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "configs.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib is new in Python 3.11")
def test_every_recipe_for_configurations_runs():
    for needed in ("hydra", "jsonargparse", "omegaconf", "pydantic", "yaml"):
        pytest.importorskip(needed)
    from omegaconf import OmegaConf

    OmegaConf.clear_resolvers()
    assert len(list(python_blocks(TEXT))) == TEXT.count("```python") - TEXT.count(NOT_RUN) > 0
    run_blocks(TEXT, PAGE.name)


@pytest.mark.filterwarnings("ignore")  # Lightning has its own opinion about dataloaders
def test_the_lightning_cli_reads_an_expression(tmp_path, monkeypatch):
    for needed in ("jsonargparse", "torch", "pytorch_lightning", "docstring_parser", "typeshed_client"):
        pytest.importorskip(needed)
    [program] = re.findall(r"^<!-- not run:[^\n]*\n```python\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    module = tmp_path / "train.py"
    module.write_text(program)
    monkeypatch.syspath_prepend(tmp_path)
    quiet = ["--trainer.max_steps=3", "--trainer.logger=false", "--trainer.accelerator=cpu"]
    quiet += ["--trainer.enable_checkpointing=false", "--trainer.enable_progress_bar=false"]
    monkeypatch.setattr(sys, "argv", ["train.py", "--model.lr", "Cosine(0.3, steps=8).with_warmup(2)", *quiet])
    import train

    from lrsched_core import Cosine

    model, trainer = train.cli.model, train.cli.trainer
    assert model.lr == Cosine(0.3, steps=8).with_warmup(2)
    before = model.layer.bias.item()
    trainer.fit(model)
    # The bias has gradient 1.
    assert before - model.layer.bias.item() == pytest.approx(sum(model.lr(t) for t in range(3)))
