"""The notebooks: each runs from top to bottom, and what is stored is what its code shows."""

import ast
import base64
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")
pytest.importorskip("rich")
typer_testing = pytest.importorskip("typer.testing")

import execution
from execution import NOTEBOOKS, code_digest, execute, read, tidied

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def imported(notebook):
    """The top-level modules that the code names in imports."""
    code = "\n".join(cell.source for cell in code_cells(notebook))
    python = re.sub(r"^[!%].*", "", code, flags=re.MULTILINE)
    names = set()
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module else set()
    return {name.partition(".")[0] for name in names} | {
        framework
        for framework in ("torch", "keras", "mxnet")
        if any(name.partition(".")[0] == f"lrsched_{framework}" or f"lenet_{framework}" in name for name in names)
    }


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def kinds(cell):
    """What kinds of output a cell has: streams, pictures, values."""
    return {(output.output_type, output.get("name"), *sorted(output.get("data", ()))) for output in cell.outputs}


def texts(notebook):
    """All that is said in words."""
    for output in outputs(notebook):
        yield output.get("text", "")
        yield from (text for kind, text in output.get("data", {}).items() if not kind.startswith("image/"))


@every_notebook
def test_a_notebook_runs_from_top_to_bottom_without_a_warning(name):
    stored = read(NOTEBOOKS[name])
    needed = imported(stored) | ({"tensorflow"} if "keras" in imported(stored) else set())
    missing = sorted(module for module in needed if find_spec(module) is None)
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    executed = execute(stored, short=True)
    assert [kinds(cell) for cell in code_cells(stored)] == [kinds(cell) for cell in code_cells(executed)]
    assert [output.text for output in outputs(executed) if output.get("name") == "stderr"] == []
    # What a line that begins with ! calls may fail without an error.
    assert [text for text in texts(executed) if re.search("not found|No module named|Traceback", text)] == []


@every_notebook
def test_the_stored_outputs_are_those_of_the_stored_code(name):
    notebook = read(NOTEBOOKS[name])
    assert notebook.metadata.get("executed_code") == code_digest(notebook), f"stale: make notebooks ARGS={name}"
    assert [cell.execution_count for cell in code_cells(notebook)] == [*range(1, len(code_cells(notebook)) + 1)]


@every_notebook
def test_a_notebook_is_stored_tidy_and_complete(name):
    notebook = read(NOTEBOOKS[name])
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert NOTEBOOKS[name].read_text(encoding="utf-8") == nbformat.writes(tidied(notebook)) + "\n"


@every_notebook
def test_stored_outputs_tell_no_errors_warnings_or_places_on_a_machine(name):
    notebook = read(NOTEBOOKS[name])
    shown = {output.get("name", output.output_type) for output in outputs(notebook)}
    assert shown <= {"display_data", "execute_result", "stdout"}
    for text in texts(notebook):
        assert not re.search(r"(?<![\w.:/<])/\w+/\w|site-packages|\bat 0x[0-9a-f]+", text), text


@every_notebook
def test_a_notebook_is_small_enough_to_be_shown_by_code_hosts(name):
    assert NOTEBOOKS[name].stat().st_size < 1_000_000
    for output in outputs(read(NOTEBOOKS[name])):
        picture = base64.b64decode(output.get("data", {}).get("image/png", ""))
        assert len(picture) < 100_000


# What executes them


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder for notebooks of a test, which are found there."""
    monkeypatch.setattr(execution, "NOTEBOOKS", {})
    return tmp_path


def written(folder, *sources):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    path = folder / "some.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    execution.NOTEBOOKS["some"] = path
    return path


def run(*arguments):
    return typer_testing.CliRunner().invoke(execution.app, arguments)


def test_an_execution_is_stored_and_the_next_one_changes_nothing(folder):
    path = written(
        folder,
        "from matplotlib import pyplot as plt\n_ = plt.figure(figsize=(1, 1)).add_subplot().plot([1, 2])",
        "import sys\nprint(1)\nprint('beware', file=sys.stderr)\nprint(2)",
        "from fashion.short import SHORT, cut\nSHORT, cut(30, to=2)",
    )
    assert run().exit_code == 0
    first = path.read_bytes()
    picture, streams, values = code_cells(read(path))
    assert [{*output.data} for output in picture.outputs] == [{"image/png", "text/plain"}]
    assert [(output.name, output.text) for output in streams.outputs] == [("stdout", "1\n2\n"), ("stderr", "beware\n")]
    assert values.outputs[0].data["text/plain"] == "(False, 30)"
    assert run("some").exit_code == 0
    assert path.read_bytes() == first


def test_a_notebook_that_fails_is_left_as_it_was(folder):
    path = written(folder, "print(1)", "1 / 0")
    before = path.read_bytes()
    result = run()
    assert result.exit_code == 1
    assert ": division by zero" in result.output
    assert result.output.splitlines()[-1] == "Failed: some."
    assert path.read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["some.ipynb"]


def test_the_kernel_is_this_python_in_short_mode_whatever_kernels_there_are(folder, monkeypatch):
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["false"], "display_name": "Another", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    path = written(
        folder,
        "import os, sys\nfrom fashion.short import cut, images\n"
        "print(sys.executable, cut(30, to=2), cut(1, to=2), len(images().train), images().updates_per_epoch)",
        "os.write(2, b'from C++') and None",
        "!echo $PATH",
    )
    values, noise, shell = code_cells(execute(read(path), short=True))
    assert values.outputs[0].text.split() == [sys.executable, "2", "1", "256", "2"]
    assert [(output.name, output.text) for output in noise.outputs] == [("stderr", "from C++")]
    assert shell.outputs[0].text.startswith(f"{Path(sys.executable).parent}:")


def test_an_unknown_notebook_is_refused(folder):
    written(folder)
    result = run("other")
    assert result.exit_code == 2
    assert "must be one of some, got 'other'." in result.output
