"""The programs of docs/recipes/torch.md, run here or in processes of their own."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lrsched_core import Cosine

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "recipes" / "torch.md"
SECTION = re.compile(r"^## (.*?)\n(.*?)(?=^## |\Z)", flags=re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^```python\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)

# What they train with: 12 updates, every one at another rate.
LR = Cosine(0.1, 0.001, steps=9).with_warmup(3, start=0.01)
RATES = [LR(n) for n in range(12)]


def programs():
    """Return the program under each heading of the page."""
    found = {}
    for heading, section in SECTION.findall(PAGE.read_text(encoding="utf-8")):
        [found[heading]] = FENCE.findall(section)
    return found


def run(heading):
    """Run the program under a heading, and return its names."""
    names = {"__name__": "__main__"}
    exec(compile(programs()[heading], f"{PAGE.name}, {heading}", "exec"), names)
    return names


def launch(program, *arguments, folder, processes=None):
    """Run a program of this folder on one process, or with torchrun on some; return how it ended."""
    torchrun = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"] if processes else []
    return subprocess.run(
        [sys.executable, *torchrun, HERE / program, *arguments],
        cwd=folder,
        # One thread each: the processes share the machine, and their sums must not depend on that.
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent), *sys.path]), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,  # a process that waits for one that is gone would wait for half an hour
    )


def launched_rates(heading, folder, *, kill_after=0, processes=None):
    """Run a recipe in new processes, the last one killed where told so; return the rates of each one's updates."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system has no SIGKILL")
    for path in folder.glob("rates-*"):
        path.unlink()
    done = launch("train.py", heading, str(kill_after), folder=folder, processes=processes)
    # Torchrun is the one that is left to say that a process was killed.
    killed = 1 if processes else -signal.SIGKILL
    assert done.returncode == (killed if kill_after else 0), done.stderr
    assert "lr_scheduler.step()" not in done.stderr, done.stderr
    return [[float.fromhex(line) for line in path.read_text().splitlines()] for path in sorted(folder.glob("rates-*"))]
