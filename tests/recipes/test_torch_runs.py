"""The recipes for PyTorch runs that change: from top to bottom, and with a kill in the middle."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from test_pages import python_blocks, run_blocks

torch = pytest.importorskip("torch")

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "torch-runs.md"


@pytest.mark.filterwarnings("ignore")  # Lightning's and the Trainer's own
def test_every_recipe_for_a_run_in_torch_runs(tmp_path, monkeypatch):
    for needed in ("pytorch_lightning", "transformers", "accelerate"):
        pytest.importorskip(needed)
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    assert len(list(python_blocks(text))) == text.count("```python") > 0
    run_blocks(text, PAGE.name)


def setup():
    """The names that the page defines first."""
    names = {"__name__": "__main__"}
    exec(next(python_blocks(PAGE.read_text(encoding="utf-8")))[1], names)
    return names


KILLED = """
import os, signal
for done in range(1, 100):
    train(parts, updates=done)
    save(parts, "run.part")
    Path("run.part").replace("run.pt")
    if done == KILL_AFTER:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("change", ["cooldown", "tail"])
def test_a_branch_of_a_killed_run_has_the_weights_of_one_planned_so(change, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    program = next(python_blocks(page))[1] + "parts = start(Constant(0.1).with_warmup(3))\n" + KILLED
    done = subprocess.run(
        [sys.executable, "-c", program.replace("KILL_AFTER", "7")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    names = setup()
    saved = torch.load("run.pt", weights_only=True)["scheduler"]

    def branched(lr):
        if change == "cooldown":
            return lr.cooldown(at=7, steps=5)
        return lr.then(names["Cosine"](0.05, steps=5), at=7)

    branch = names["start"](branched(names["plan_of"](saved)), on_change="future")
    names["load"](branch, "run.pt")
    names["train"](branch, 14)
    planned = names["start"](branched(names["Constant"](0.1).with_warmup(3)))
    names["train"](planned, 14)
    assert all(
        torch.equal(a, b) for a, b in zip(branch["model"].parameters(), planned["model"].parameters(), strict=True)
    )
