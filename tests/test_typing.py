"""What type checkers are shown, when it runs: what they accept works, and what they refuse fails."""

import ast
import runpy
from pathlib import Path

import pytest

import lrsched_core
from lrsched_core._shapes import SHAPES, Shape

HERE = Path(__file__).parent / "typing"
REFUSED = ast.parse((HERE / "refused.py").read_text())
# What sets the scene: imports, classes, and what has a name.
SCENE = [node for node in REFUSED.body if isinstance(node, ast.ImportFrom | ast.ClassDef)]
LINES = [node for node in REFUSED.body[1:] if node not in SCENE and ast.unparse(node) != "lr = Cosine(0.3, steps=9)"]


def test_what_is_accepted_works():
    pytest.importorskip("typing_extensions")
    assert runpy.run_path(str(HERE / "accepted.py"))["a"] == lrsched_core.Cosine(0.3, 0.01, steps=15)


@pytest.mark.parametrize("line", LINES, ids=ast.unparse)
def test_what_is_refused_fails(line):
    scene = {"lr": lrsched_core.Cosine(0.3, steps=9), "__name__": "refused"}
    exec(compile(ast.Module(SCENE, []), "refused.py", "exec"), scene)
    with pytest.raises((TypeError, ValueError, AttributeError)):
        exec(compile(ast.Module([line], []), "refused.py", "exec"), scene)


def test_the_shapes_that_checkers_know_are_those_that_there_are():
    assert Shape.__args__ == tuple(SHAPES)
