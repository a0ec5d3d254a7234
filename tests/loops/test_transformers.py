"""`ScheduleLR` in the Trainer of Hugging Face's transformers, given by `optimizers=`."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
transformers = pytest.importorskip("transformers")

from loops.recipes import RATES, launched_rates, run
from loops.updates import recorded


def test_the_recipe_goes_on_after_a_kill_as_if_nothing_had_been(tmp_path, monkeypatch):
    """Killed after update 5, resumed after 3, in the middle of an epoch. What is logged is what was used."""
    [before] = launched_rates("Hugging Face Trainer", tmp_path, kill_after=5)
    monkeypatch.chdir(tmp_path)
    with recorded() as after:
        names = run("Hugging Face Trainer")
    assert before == RATES[:5]
    assert after == RATES[3:]
    logged = {entry["step"]: entry["learning_rate"] for entry in names["trainer"].state.log_history if "loss" in entry}
    assert logged == dict(enumerate(RATES, start=1))
