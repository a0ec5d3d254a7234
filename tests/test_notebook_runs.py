"""What the notebooks of the three frameworks show of the chapter's runs."""

import re
from dataclasses import replace

import pytest

pytest.importorskip("IPython")
pytest.importorskip("matplotlib")

from fashion import data, measures, records, runs
from fashion.chapter import SCHEDULES
from fashion.records import Record, Run, Setting
from fashion.training import Epoch, History

from lrsched_core import Constant


def record(accuracies, *, losses=None, name="constant", seed=0):
    """A run on digits whose train accuracy is always 0.9."""
    epochs = [Epoch(loss, 0.9, x) for loss, x in zip(losses or [1.0] * len(accuracies), accuracies, strict=True)]
    setting = Setting(digits.name, 1000, 256, len(epochs))
    return Record(Run(name, "torch", seed), setting, SCHEDULES[name], [0.3] * len(epochs), epochs, 1.0, {})


digits = data.Data("digits", "", data.Split([0] * 1000, [0] * 1000), data.Split([], []))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder of results, and digits to train on for three epochs."""
    monkeypatch.setattr(records, "RESULTS", tmp_path)
    monkeypatch.setattr(runs, "SHORT", False)
    monkeypatch.setattr(runs, "EPOCHS", 3)
    monkeypatch.setattr(runs, "_images", lambda: digits)
    return tmp_path


@pytest.fixture
def trained(monkeypatch):
    """Which runs are trained, instead of training."""
    asked = []

    def train(framework, schedule, images, *, epochs, unit, seed):
        asked.append((framework, schedule, epochs, unit, seed))
        return History(framework, [0.3] * epochs, [Epoch(1.0, 0.9, 0.8)] * epochs, 1.0)

    monkeypatch.setattr(runs, "train", train)
    return asked


def test_runs_are_read_from_their_records_in_the_order_of_seeds(folder, trained):
    kept = [record([0.5, 0.6, 0.7 + seed / 100], seed=seed) for seed in range(3)]
    for one in (*kept[::-1], record([0.1] * 3, name="cosine")):
        records.save(one, folder)
    assert runs.runs_of("torch", "constant") == kept
    assert trained == []


def test_the_first_run_is_trained_where_it_has_no_record(folder, trained):
    records.save(record([0.5] * 3, seed=1), folder)
    first, second = runs.runs_of("torch", "constant")
    assert trained == [("torch", Constant(0.3), 3, "epoch", 0)]
    assert (first.run, second.run) == (Run("constant", "torch", 0), Run("constant", "torch", 1))
    assert not (folder / first.run.file_name).exists()


def test_in_short_mode_records_are_not_read(folder, trained, monkeypatch):
    monkeypatch.setattr(runs, "SHORT", True)
    records.save(record([0.5] * 3), folder)
    (only,) = runs.runs_of("torch", "constant")
    assert only.epochs[0].test_accuracy == 0.8
    assert len(trained) == 1


def test_a_record_of_another_length_is_refused(folder, trained):
    records.save(record([0.5] * 4), folder)
    with pytest.raises(ValueError, match=r"constant-torch-0\.json` must be a run with the setting .*epochs=3"):
        runs.runs_of("torch", "constant")


def test_the_table_has_the_numbers_of_each_seed():
    first, second = record([0.5, 0.8, 0.6]), record([0.4, 0.5, 0.5], seed=1)
    *_, row = measures.table({"constant": [first, second]}).data.replace("&nbsp;", " ").splitlines()
    gap, roughness = "30.0 · 40.0", "25.0 · 5.0"
    assert row == (f"| constant | 1.000 · 1.000 | 90.0 · 90.0 | 60.0 · 50.0 | {gap} | {roughness} |")


def test_claims_are_counted_seed_by_seed():
    every = {name: [record([0.5, 0.6], name=name), record([0.5, 0.6], name=name, seed=1)] for name in SCHEDULES}
    every["square-root"] = [record([0.5, 0.7], name="square-root"), record([0.5, 0.5], name="square-root", seed=1)]
    lines = measures.claims(every).data.replace("&nbsp;", " ").splitlines()
    (gap,) = [line for line in lines if "less overfitting" in line]
    assert gap.endswith("| constant → square-root | 30.0 → 20.0<br>30.0 → 40.0 | 1 of 2 |")


def test_runs_are_compared_where_they_had_learnt_as_much():
    slow = record([0.5, 0.6, 0.7], losses=[1.0, 0.9, 0.8], name="square-root")
    fast = record([0.5, 0.65, 0.6], losses=[0.9, 0.8, 0.2])
    *_, row = measures.at_equal_loss({"constant": [fast], "square-root": [slow]}, "square-root", "constant").data.split(
        "\n"
    )
    assert row == "| 0 | 3 | 0.800 | 70.0 | 2 | 0.800 | 65.0 |"


def test_a_network_that_guesses_is_stuck():
    learnt = record([0.5])
    assert not measures.stuck(learnt)
    assert measures.stuck(replace(learnt, epochs=[Epoch(2.3, 0.1, 0.1)]))


def test_code_is_shown_as_it_is_run():
    source = pytest.importorskip("fashion.source").source_of(measures.stuck, measures.late_accuracy).data
    assert re.match(r"```python\ndef stuck\(record: Record\) -> bool:\n", source)
    assert source.count("def ") == 2
