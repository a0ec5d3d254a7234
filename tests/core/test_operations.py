"""The vocabulary of formulas: each runtime has every operation, and emitted code too."""

import ast
from pathlib import Path

import pytest

import lrsched_core
from lrsched_core._evaluation import source

CORE = Path(lrsched_core.__file__).parent
# What `source` writes out itself.
STRUCTURE = {"time", "piecewise"}


VOCABULARY = source.OPERATIONS.keys() | STRUCTURE


def made(tree):
    """The operations that a module makes expressions of, as far as their names stand there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Expr":
            yield from (name.value for name in node.args[:1] if isinstance(name, ast.Constant))


def operations(runtime):
    pytest.importorskip("numpy")
    if runtime == "arrays":
        from lrsched_core._evaluation import array_operations

        return array_operations.OPERATIONS.keys()
    if runtime == "tensors":
        from lrsched_core._evaluation import tensors

        return tensors._OPERATIONS.keys()
    from lrsched_core._text.emission.arrays import _Emitted
    from lrsched_core._text.emission.numbers import Emitted

    return (Emitted if runtime == "emitted numbers" else _Emitted).text.keys() | STRUCTURE


@pytest.mark.parametrize("runtime", ["arrays", "tensors", "emitted numbers", "emitted arrays"])
def test_each_runtime_has_the_operations_that_numbers_have_and_no_others(runtime):
    assert operations(runtime) == VOCABULARY


def test_formulas_are_made_of_these():
    found = {op for path in CORE.rglob("*.py") for op in made(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(found) > 20
    assert found <= VOCABULARY


def test_an_operation_that_a_runtime_lacks_would_be_noticed():
    assert {*made(ast.parse("Expr('tan', x)"))} - VOCABULARY == {"tan"}
