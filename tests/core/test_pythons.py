"""Each other Python of this machine imports every name, and has the values that were computed by hand.

It runs the standard library alone: without NumPy, and without what tests need. `make matrix` tries more.
"""

import json
import math
import os
import subprocess
from pathlib import Path

import pytest

import lrsched_core
import pythons
from examples import WRITTEN

PROGRAM = """
import json, sys
from lrsched_core import *
from lrsched_core import parse
json.dump([[[t, parse(text)(t).hex()] for t, _ in values] for text, values in json.load(sys.stdin)], sys.stdout)
"""


@pytest.fixture(scope="module")
def by_hand():
    """The table as plain data: expressions, and values by time."""
    return [
        [repr(schedule), [*values.items()]]
        for example in WRITTEN.values()
        for schedule, values in example.by_hand.items()
    ]


@pytest.mark.parametrize("python", pythons.params())
def test_another_python_has_the_values_by_hand(python, by_hand):
    done = subprocess.run(
        [python, "-W", "error", "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(Path(lrsched_core.__file__).parents[1])},
        input=json.dumps(by_hand),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(by_hand) > 100
    for (text, expected), given in zip(by_hand, answers, strict=True):
        for (t, value), (_, answer) in zip(expected, given, strict=True):
            assert math.isclose(float.fromhex(answer), value, rel_tol=1e-15), (text, t)
