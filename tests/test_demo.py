import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from lrsched_core import Linear

pytest.importorskip("matplotlib")
pytest.importorskip("rich")
pytest.importorskip("sklearn")
typer_testing = pytest.importorskip("typer.testing")

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

import demo
from fashion import data, report
from fashion.training import FRAMEWORKS, Epoch, Framework, HeldEachEpoch, History, largest_difference, train
from rich.console import Console


@pytest.fixture(params=FRAMEWORKS)
def framework(request):
    missing = FRAMEWORKS[request.param].missing
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}")
    return request.param


@pytest.fixture(scope="module")
def digits():
    return data.load("digits").limited(300)


def refusal(*options):
    result = typer_testing.CliRunner().invoke(demo.app, options)
    assert result.exit_code == 2
    return result.output.splitlines()[-1]


def test_the_demo_trains_and_reports_the_rates_used(framework, tmp_path):
    picture = tmp_path / "demo.png"
    options = ["--framework", framework, "--data", "digits", "--epochs", "1", "--limit", "1000"]
    done = subprocess.run(
        [sys.executable, NOTEBOOKS / "demo.py", *options, "--out", picture],
        env={**os.environ, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Data: scikit-learn's digits, not Fashion-MNIST, cut to 1,000")
    assert lines[-1] == f"Picture: {picture}"
    assert picture.read_bytes().startswith(b"\x89PNG")
    title = FRAMEWORKS[framework].title
    row = next(line for line in lines if line.startswith(f"│ {title}"))
    difference = float(row.split("│")[-2])
    assert difference <= (1e-7 if framework == "keras" else 0)


def test_a_schedule_by_epoch_is_held_through_each_epoch(framework, digits):
    schedule = Linear(0.5, 0.25, steps=2)
    history = train(framework, schedule, digits, epochs=3, unit="epoch")
    assert history.rates == [0.5] * 3 + [0.375] * 3 + [0.25] * 3
    by_update = HeldEachEpoch(schedule, digits.updates_per_epoch)
    assert largest_difference(history.rates, by_update) == 0


def test_a_history_is_plain_data(digits):
    pytest.importorskip("torch")
    history = asdict(train("torch", Linear(0.5, steps=9), digits, epochs=1))
    assert history["framework"] == "torch"
    assert [type(rate) for rate in history["rates"]] == [float] * 3
    assert set(history["epochs"][0]) == {"train_loss", "train_accuracy", "test_accuracy"}


def test_a_seed_gives_the_same_run_again(framework, digits):
    first, again, other = (
        train(framework, Linear(0.5, steps=9), digits, epochs=1, seed=seed).epochs for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


class Watched(data.Split):
    """Tells which labels were asked for, batch by batch."""

    asked: ClassVar[list[list[int]]] = []

    def batches(self, size, rng):
        for batch in super().batches(size, rng):
            self.asked.append(batch.labels.tolist())
            yield batch


def test_every_framework_trains_on_the_same_batches_in_an_order_that_changes_with_each_epoch(framework, digits):
    rng = np.random.default_rng(1)
    expected = [batch.labels.tolist() for _ in range(3) for batch in digits.train.batches(digits.batch_size, rng)]
    assert expected[: digits.updates_per_epoch] != expected[digits.updates_per_epoch : 2 * digits.updates_per_epoch]
    Watched.asked.clear()
    watched = Watched(digits.train.images, digits.train.labels)
    train(framework, Linear(0.5, steps=9), replace(digits, train=watched), epochs=3, seed=1)
    assert Watched.asked == expected


def test_the_largest_difference_is_seen_wherever_it_is():
    schedule = Linear(1.0, steps=4)
    assert largest_difference([1.0, 0.75, 0.5], schedule) == 0
    assert largest_difference([1.0, 0.25, 0.5], schedule) == 0.5
    assert largest_difference([1.0, 1.0, 0.75], schedule) == 0.25  # one update late


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--epochs", "0"], "'--epochs': must be a whole number from 1 to 2147483647, got 0."),
        (["--limit", "few"], "'--limit': must be a whole number from 1 to 2147483647, got few."),
        (["--seed", "-1"], "'--seed': must be a whole number from 0 to 2147483647, got -1."),
        (["--framework", "torch,jax"], "'--framework': must be one of torch, keras, mxnet, got 'jax'."),
        (["--out", "x.doc"], "'--out': must end in one of "),
        (["--out", "no such/x.png"], "'--out': must be in a folder that can be written, got "),
        (["--data", "no such"], "'--data': `no such` must be a folder with the files of"),
        (["--schedule", "Linear(1, steps=-1)"], "'--schedule': `steps` must be > 0, got -1"),
    ],
)
def test_a_bad_option_is_refused_with_its_name_the_rule_and_the_value(options, message):
    assert f"Invalid value for {message}" in refusal(*options)


def test_the_table_has_a_row_for_what_is_not_installed(digits):
    history = History("torch", rates=[0.5], epochs=[Epoch(0.25, 0.75, 0.5)], seconds=2)
    console = Console(width=120)
    with console.capture() as printed:
        console.print(report.table([history], Linear(0.5, steps=4), digits, missing=["mxnet"]))
    cells = [line.replace("│", " ").split() for line in printed.get().splitlines()]
    assert ["PyTorch", "2.0", "0.250", "75.0%", "50.0%", "0"] in cells
    assert ["MXNet", "not", "installed"] in cells


def test_a_framework_that_is_not_installed_is_refused_by_name(monkeypatch):
    lacking = Framework("Lasagne", "lenet_lasagne", ("lasagne_nets",))
    monkeypatch.setitem(FRAMEWORKS, "lasagne", lacking)
    message = "got 'lasagne'. Hint: pip install lasagne_nets"
    assert message in refusal("--framework", "lasagne")
