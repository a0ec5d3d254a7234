"""The command line: what it prints, what it writes, how it ends."""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest

for needed in ("numpy", "typer", "rich", "plotext", "matplotlib"):
    pytest.importorskip(needed)

import typer

import lrsched_core
from commanding import run
from lrsched_core import Cosine, Linear
from lrsched_core._looks.command import tables
from lrsched_core._looks.command.expressions import read

WARM = "Cosine(0.3, 0.01, steps=15).with_warmup(5)"


def succeeded(done):
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(done, message):
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    # The words, without the frame around them.
    assert message in re.sub(r"[\s│]+", " ", done.stderr)


def test_show_prints_a_chart_the_phases_and_values():
    out = succeeded(run("show", WARM))
    assert "⠒" in out
    assert re.search(r"│ +5 │ +20 │ +0\.3 │ Cosine\(0\.3, 0\.01, steps=15\)", out)
    assert re.search(r"│ +23 │ +0\.01 │", out)
    assert "\x1b" not in out, "a pipe gets no colours"


def test_show_takes_a_range_and_a_schedule_without_an_end():
    out = succeeded(run("show", "Cosine(0.3, 0.01, steps=10).repeat(10)", "--to", "25", "--log"))
    assert re.search(r"│ +20 │ +25 │ +0\.3 │", out)


def test_an_expression_comes_from_a_file_or_a_pipe_as_text_or_json(tmp_path):
    (tmp_path / "schedule.json").write_text(Cosine(0.3, steps=2).to_json())
    expected = "t,rate\n0,0.3\n1,0.15\n2,0.0\n"
    assert succeeded(run("values", f"@{tmp_path / 'schedule.json'}", "--to", "2")).splitlines()[0] == "t,rate"
    assert succeeded(run("values", "-", "--to", "2", text="Linear(0.3, steps=2)\n")) == expected
    refused(run("values", f"@{tmp_path / 'nothing'}", "--to", "2"), "No such file")


@pytest.mark.parametrize("name", ["curve.png", "curve.svg", "curve.html", "curve.pdf"])
def test_plot_writes_a_picture(tmp_path, name):
    output = tmp_path / name
    assert succeeded(run("plot", WARM, "Linear(0.3, steps=20)", "-o", str(output))) == ""
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "html": b"<!doctype html>", "pdf": b"%PDF"}
    assert output.read_bytes().startswith(begins[output.suffix[1:]])


def test_plot_refuses_a_format_that_nobody_knows(tmp_path):
    refused(run("plot", WARM, "-o", str(tmp_path / "curve.what")), "Format 'what' is not supported")
    refused(
        run("plot", WARM, "-o", str(tmp_path / "curve.png"), "--label", "a", "--label", "b"), "`labels` must be as many"
    )


def test_values_as_csv_and_json():
    out = succeeded(run("values", WARM, "--from", "5", "--to", "6", "--step", "0.5"))
    schedule = Cosine(0.3, 0.01, steps=15).with_warmup(5)
    assert [[float(x) for x in row] for row in list(csv.reader(io.StringIO(out)))[1:]] == [
        [t, float(schedule([t])[0])] for t in (5, 5.5, 6)
    ]
    assert json.loads(succeeded(run("values", "Linear(0.4, steps=4)", "--to", "2", "--format", "json"))) == {
        "t": [0, 1, 2],
        "rate": Linear(0.4, steps=4)([0, 1, 2]).tolist(),
    }


def test_values_as_parquet(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    output = tmp_path / "values.parquet"
    assert succeeded(run("values", WARM, "--to", "30", "--format", "parquet", "-o", str(output))) == ""
    table = parquet.read_table(output).to_pydict()
    assert str(table["t"]) == str([*range(31)])  # integers, as in the other forms
    assert table["rate"] == Cosine(0.3, 0.01, steps=15).with_warmup(5)(range(31)).tolist()
    refused(run("values", WARM, "--to", "30", "--format", "parquet"), "say where to write it by --output")


def test_a_pipe_that_is_closed_ends_it_quietly():
    command = f"{sys.executable} -m lrsched_core values 'Constant(0.1)' --to 1000000 | head -2"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "t,rate\n0,0.1\n"
    assert done.stderr == ""


def test_diff_says_where_two_schedules_differ():
    done = run("diff", "Linear(0.4, steps=4)", "Linear(0.4, steps=4).then(Constant(0.3), at=3)", "--to", "10")
    assert done.returncode == 1
    assert "first difference:   t = 3: 0.1 and 0.3" in done.stdout
    assert "largest difference: t = 4: 0.0 and 0.3" in done.stdout
    assert "1: Linear(0.4, steps=4)" in done.stdout


def test_diff_of_equals_is_nothing():
    out = succeeded(run("diff", "Constant(0.1) * 3", "Constant(0.3)", "--to", "10", "--tolerance", "1e-15"))
    assert out == "No difference before t = 11.\n"
    assert run("diff", "Constant(0.1) * 3", "Constant(0.3)", "--to", "10").returncode == 1


def test_list_names_every_schedule_and_says_all_of_one():
    out = succeeded(run("list", COLUMNS="80"))
    for name, thing in tables.made().items():
        assert re.search(rf"^{name}\(", out, re.MULTILINE)
        assert thing.__name__ in entry(name)
    assert "Cosine(base_lr, final_lr=0.0, *, steps)" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "eta_0 gamma^floor(t / s)" in succeeded(run("list", "Factor", COLUMNS="80"))
    refused(run("list", "cosine"), "`NAME` must be the name of a schedule or a recipe (do you mean Cosine?)")


def entry(name):
    """An entry as `list NAME` prints it: no wider than asked, without LaTeX."""
    text = tables.entry(name, 80)
    assert max(map(len, text.splitlines())) <= 80
    assert "\\" not in text
    assert "$" not in text
    return text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "Cosin(0.3, steps=3)"), "must have the name of a schedule (do you mean Cosine?) here"),
        (("show", "Cosine(0.3, steps=0)"), "`steps` must be > 0, got 0."),
        (("show", '{"version": 1}'), "`type` must be one of"),
        (("values", "Constant(1)"), "Missing option '--to'"),
        (
            ("values", "Constant(1)", "--to", "9", "--step", "0"),
            "Invalid value for '--step': must be finite and > 0, got 0.",
        ),
        (("values", "Constant(1)", "--to", "1e15"), "values are too many"),
        (
            ("values", "Constant(1)", "--to", "9007199254740993", "--from", "9007199254740990"),
            "`--to` must be such that floats tell the times apart, got 9007199254740993.",
        ),
        (
            ("values", "Constant(1)", "--to", "1e17", "--from", "99999999999999990"),
            "`--to` must be such that floats tell the times apart, got 100000000000000000.",
        ),
        (("list", "nosuch"), "`NAME` must be the name of a schedule or a recipe, got 'nosuch'."),
        (("values", "Constant(1)", "--to", "9", "--format", "xml"), "'xml' is not one of"),
        (("nothing",), "No such command 'nothing'"),
    ],
)
def test_what_is_wrong_is_said_and_exits_with_2(arguments, message):
    refused(run(*arguments), message)


def test_help_has_examples_and_the_version_is_the_library_s():
    assert "lrsched-core diff" in succeeded(run("diff", "--help"))
    assert "--install-completion" in succeeded(run("--help"))
    assert succeeded(run("--version")) == f"lrsched-core {lrsched_core.__version__}\n"


def test_without_what_it_is_built_on_it_says_what_to_install():
    code = "import sys\nsys.modules['typer'] = None\nfrom lrsched_core.__main__ import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == 'The command line needs more than the library: pip install "lrsched-core[cli]"\n'


def test_emit_writes_a_module_whose_test_passes(tmp_path):
    printed = succeeded(run("emit", WARM, "--name", "lr"))
    assert printed == lrsched_core.emit(Cosine(0.3, 0.01, steps=15).with_warmup(5), name="lr")
    plan = lrsched_core.Plan(lr=Cosine(0.3, steps=15), weight_decay=0.1)
    assert succeeded(run("emit", repr(plan))) == lrsched_core.emit(plan)
    output = tmp_path / "lr.py"
    assert succeeded(run("emit", WARM, "--name", "lr", "-o", str(output))) == ""
    assert output.read_text(encoding="utf-8") == printed
    assert succeeded(subprocess.run([sys.executable, "-I", str(output)], capture_output=True, text=True)) == ""
    refused(run("emit", WARM, "--name", "class"), "`name` must be an identifier, got 'class'.")
    refused(run("emit", WARM, "-o", str(tmp_path / "nowhere" / "lr.py")), "No such file")


@pytest.mark.skipif(os.name == "nt", reason="pipes have no names there")
def test_a_pipe_is_read_once():
    out, into = os.pipe()
    os.write(into, b"Cosine(0.3, steps=10)")
    os.close(into)
    assert read(f"@/dev/fd/{out}").value == Cosine(0.3, steps=10)
    os.close(out)


def test_a_file_that_is_too_long_is_refused(tmp_path):
    path = tmp_path / "long"
    with path.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(typer.BadParameter, match="must have at most 10,000,000 bytes"):
        read(f"@{path}")
