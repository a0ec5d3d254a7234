"""The command line takes a plan where it takes a schedule."""

import csv
import io
import json
import re

import pytest

for needed in ("numpy", "typer", "rich", "plotext", "matplotlib"):
    pytest.importorskip(needed)

from commanding import run
from lrsched_core import parse

PLAN = "Plan(lr=Cosine(0.3, 0.01, steps=90).with_warmup(10), weight_decay=0.1, momentum=Linear(0.85, 0.95, steps=20))"
RUN = (
    "Plan(lr=wsd(0.4, warmup=200, stable=2800, decay=1000), "
    "groups={'muon': Plan(momentum=Linear(0.8, 0.9, steps=999))})"
    ".on(Clock(batch_size=PiecewiseConstant((8, 16), milestones=(800,)), tokens_per_sample=2, tokens=4000), 'tokens')"
)


def rows_of(out, name):
    """The rows of a quantity in the tables of `show`: from, until and first of each phase."""
    return re.findall(rf"^│ {name} +│ +(\S*) │ +(\S*) │ +(\S+) │ \S+\(", out, re.MULTILINE)


def test_show_has_a_curve_and_the_phases_of_each_quantity():
    done = run("show", PLAN, COLUMNS="80")
    assert done.returncode == 0
    assert rows_of(done.stdout, "lr") == [("0", "10", "0"), ("10", "100", "0.3"), ("100", "", "0.01")]
    assert rows_of(done.stdout, "weight_decay") == [("0", "", "0.1")]
    assert rows_of(done.stdout, "momentum") == [("0", "20", "0.85"), ("20", "", "0.95")]
    assert re.search(r"│ lr +│ +0 │ +0\.3 │ .*[⠁-⣿]{9}", done.stdout)
    assert "t = 0 to 120" in done.stdout


def test_show_has_the_batches_of_a_run_and_ends_with_it():
    out = run("show", RUN, COLUMNS="100").stdout
    assert "t = 0 to 175" in out
    assert re.search(r"│ batch size +│ +8 │ +16 │", out)
    assert rows_of(out, "muon.momentum") == [("0", "62.438", "0.8"), ("62.438", "", "0.9")]
    assert "Linear(0.8, 0.9, steps=999) " in out, "what holds is said in tokens"


@pytest.mark.parametrize("text", [PLAN, RUN, "Plan(a=1, b=2, c=3, d=4, e=5, lr=Factor(0.3, 0.9).repeat(9))"])
def test_show_of_a_plan_is_seen_at_once(text):
    for log in ([], ["--log"]):
        for columns in ("45", "80"):
            lines = run("show", text, *log, COLUMNS=columns).stdout.splitlines()
            assert len(lines) < 24
            assert max(map(len, lines)) <= int(columns)


TITLES = ("min", "max", "from", "until", "first", "t", "rate")
LONG = (
    "Plan(lr=wsd(3e-4, warmup=20_000, stable=7_980_000, decay=2_000_000), "
    "groups={'encoder.layers': Plan(weight_decay=0.2)})"
)


def numbers_of(out):
    """The tables of `show`, each as its columns of numbers."""
    for table in re.findall(r"^┏[^└]+", out, re.MULTILINE):
        head, *rows = [
            [cell.strip() for cell in re.split("[┃│]", line)[1:-1]] for line in re.findall("^[┃│].*", table, re.M)
        ]
        yield {title: [row[i] for row in rows if row[i]] for i, title in enumerate(head) if title in TITLES}


@pytest.mark.parametrize("text", [PLAN, RUN, LONG, "wsd(3e-4, warmup=2e6, stable=7.98e8, decay=2e8)"])
def test_no_number_is_cut_however_narrow_a_terminal_is(text):
    whole = [*numbers_of(run("show", text, COLUMNS="200").stdout)]
    every = {number for table in whole for column in table.values() for number in column}
    told = set()
    for columns in (30, 37, 41, 45, 62):
        out = run("show", text, COLUMNS=str(columns)).stdout
        assert max(map(len, out.splitlines())) <= columns
        for table in numbers_of(out):
            assert len(table) >= 2, "no column of numbers is left out but `until`"
            for title, column in table.items():
                assert column, title
                # The table of values has fewer rows in a narrow terminal, at other times.
                assert {*column} - {"..."} <= every or "rate" in table, (columns, title)
        needed = [int(n) for n in re.findall(r"\(a table that needs (\d+)\s+columns\)", out)]
        assert all(n > columns for n in needed)
        told |= {*needed}
    for n in told:
        shown = [len(re.findall("needs", run("show", text, COLUMNS=str(columns)).stdout)) for columns in (n - 1, n)]
        assert shown[0] > shown[1], "it needs what it says"


def test_values_have_a_column_for_each_quantity():
    plan = parse(RUN)
    [names, *rows] = csv.reader(io.StringIO(run("values", RUN, "--to", "170", "--step", "10").stdout))
    assert names == ["t", "lr", "muon.momentum"]
    for t, lr, momentum in rows:
        assert (float(lr), float(momentum)) == (plan["lr"](int(t)), plan.groups["muon"]["momentum"](int(t)))
    found = json.loads(run("values", PLAN, "--to", "1", "--format", "json").stdout)
    assert found == {"t": [0, 1], "lr": [0.0, 0.03], "weight_decay": [0.1, 0.1], "momentum": [0.85, 0.855]}


def test_values_as_parquet_have_them_too(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    output = tmp_path / "values.parquet"
    assert run("values", PLAN, "--to", "9", "--format", "parquet", "-o", str(output)).returncode == 0
    assert parquet.read_table(output).column_names == ["t", "lr", "weight_decay", "momentum"]


def test_plot_draws_one_plan_or_several(tmp_path):
    output = tmp_path / "plan.html"
    for plans in ([PLAN], [RUN], [PLAN, "Plan(lr=0.1, eps=1e-8)"]):
        done = run("plot", *plans, "-o", str(output))
        assert (done.returncode, done.stdout) == (0, "")
        assert output.read_text().startswith("<!doctype html>")


def test_many_schedules_have_a_panel_each(tmp_path):
    drawn = {}
    for count, options in ((2, []), (7, []), (2, ["--apart"]), (7, ["--together"])):
        output = tmp_path / "curves.svg"
        schedules = [f"Linear(0.{i + 1}, steps=9)" for i in range(count)]
        assert run("plot", *schedules, *options, "-o", str(output)).returncode == 0
        drawn[(count, *options)] = output.read_text().count('<g id="axes_')
    assert drawn == {(2,): 1, (7,): 7, (2, "--apart"): 2, (7, "--together"): 1}


def test_diff_says_which_quantity_differs_first():
    done = run("diff", RUN, RUN.replace("0.8, 0.9", "0.8, 0.91"))
    assert done.returncode == 1
    assert done.stdout.startswith("muon.momentum differs first, at t = 1\n")
    assert "1: muon.momentum=Linear(" in done.stdout, "the curves of that one"
    assert run("diff", PLAN, PLAN, "--to", "10").returncode == 0
    done = run("diff", PLAN, PLAN.replace("weight_decay", "eps"))
    assert done.returncode == 1
    assert "eps: only in the second, Constant(0.1)" in done.stdout


def test_check_takes_another_quantity_of_a_plan_by_its_column(tmp_path):
    log = tmp_path / "log.csv"
    plan = parse(PLAN)
    rows = "".join(f"{t},{plan(t)['lr']},{plan(t)['momentum']}\n" for t in range(30))
    log.write_text(f"step,lr,momentum\n{rows}", encoding="utf-8")
    assert run("check", str(log), PLAN, "--column", "momentum").returncode == 0
    grouped = f"Plan(groups={{'muon': {PLAN}}})"
    log.write_text(log.read_text(encoding="utf-8").replace("momentum", "muon.momentum"), encoding="utf-8")
    assert run("check", str(log), grouped, "--column", "muon.momentum").returncode == 0
    refused = run("check", str(log), grouped)
    assert (refused.returncode, "one with a quantity that is called as the" in refused.stderr) == (2, True)
    log.write_text(log.read_text(encoding="utf-8").replace("muon.momentum", "momentum"), encoding="utf-8")
    assert run("check", str(log), PLAN.replace("0.95", "0.94"), "--column", "momentum").returncode == 1


def test_check_takes_the_rate_of_a_plan(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("step,lr\n" + "".join(f"{t},{parse(PLAN)['lr'](t)!r}\n" for t in range(0, 90, 10)))
    assert run("check", str(log), PLAN).returncode == 0
    assert "a plan with an `lr`" in run("check", str(log), "Plan(eps=1)").stderr
