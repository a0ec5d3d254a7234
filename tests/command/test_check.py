"""`lrsched-core check`."""

import json

import pytest

for needed in ("numpy", "typer", "rich", "plotext", "matplotlib"):
    pytest.importorskip(needed)

import commanding
from lrsched_core import Cosine

PLAN = Cosine(0.5, 0.01, steps=20)


def run(*arguments):
    return commanding.run("check", *map(str, arguments))


@pytest.fixture
def log(tmp_path):
    def write(rates, first=1):
        path = tmp_path / "trainer_state.json"
        rows = [{"learning_rate": rate, "step": step} for step, rate in enumerate(rates, first)]
        path.write_text(json.dumps({"log_history": rows}), encoding="utf-8")
        return path

    return write


def test_a_log_as_planned_exits_with_0(log, tmp_path):
    picture = tmp_path / "picture.svg"
    done = run(log([PLAN(t) for t in range(20)]), PLAN, "-o", picture)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "trainer_state.json: rates from 'learning_rate'; the update is step -1 as transformers' Trainer writes it.\n"
        "All 20 rows are as planned.\n"
    )
    assert "logged" in picture.read_text(encoding="utf-8") or "<svg" in picture.read_text(encoding="utf-8")


def test_a_deviation_exits_with_1_and_says_why(log, tmp_path):
    done = run(log([PLAN(2 * t) for t in range(20)]), PLAN, "-o", tmp_path / "picture.png")
    assert done.returncode == 1
    assert "the clock runs 2 times as fast: update t used schedule(2 * t)." in done.stdout
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_an_offset_says_what_a_row_means(log):
    path = log([PLAN(t) for t in range(20)], first=0)
    assert run(path, PLAN, "--offset", "0").returncode == 0
    done = run(log([PLAN(t) for t in range(20)]), PLAN, "--offset", "0")
    assert done.returncode == 1
    assert "each rate comes one update late" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing.csv", "Cosine(0.5, steps=9)"), "No such file"),
        (("LOG", "Cosine(0.5, steps=0)"), "`steps` must be > 0, got 0."),
        (("LOG", "Cosine(0.5, steps=9)", "--column", "lr"), "`log` has no column 'lr'."),
        (("LOG", "Cosine(0.5, steps=9)", "--offset", "-9"), "--offset must make the first update at least 0"),
        (("LOG", "Cosine(0.5, steps=9)", "--tolerance", "0"), "`tolerance` must be > 0, got 0.0."),
    ],
)
def test_what_is_wrong_is_said_and_exits_with_2(log, arguments, message):
    path = log([0.5])
    done = run(*[path if argument == "LOG" else argument for argument in arguments])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert message in " ".join(done.stderr.replace("│", " ").split())
