"""The command that runs the chapter's experiment, and the results that it left."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lrsched_core import Constant

pytest.importorskip("matplotlib")
pytest.importorskip("mxnet")
pytest.importorskip("rich")
pytest.importorskip("sklearn")
pytest.importorskip("typer")

from fashion import chapter, claims, findings, overview, records
from fashion.records import Record, Run, Setting
from fashion.training import FRAMEWORKS, Epoch

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SETTING = Setting("some images", images=600, batch_size=256, epochs=2)


def command(out, *options):
    few = ["--framework", "mxnet", "--data", "digits", "--limit", "300", "--epochs", "1", "--seeds", "1", "--jobs", "1"]
    return [sys.executable, str(NOTEBOOKS / "experiments.py"), "--out", str(out), *few, *options]


def record(schedule="constant", framework="torch", seed=0, *, accuracies=(0.5, 0.75), train_accuracy=0.875):
    of = chapter.SCHEDULES[schedule]
    epochs = [Epoch(train_loss=0.25, train_accuracy=train_accuracy, test_accuracy=x) for x in accuracies]
    rates = [of(0)] * 3 + [of(1)] * 3
    return Record(Run(schedule, framework, seed), SETTING, of, rates, epochs, 1.5, {"python": "3.11.0"})


def test_what_is_killed_goes_on_where_it_was(tmp_path):
    env = {**os.environ, "COLUMNS": "200"}
    running = subprocess.Popen(command(tmp_path), env=env, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (done := list(tmp_path.glob("*.json"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    output, _ = running.communicate()
    assert done, output
    assert not (tmp_path / findings.PAGE).exists()
    kept = {path: path.stat().st_mtime_ns for path in done}

    again = subprocess.run(command(tmp_path), env=env, capture_output=True, text=True, timeout=240, check=True)
    # One more may have ended while the first command was killed.
    assert any(f"Records: {n} of 5 runs" in again.stdout for n in range(len(done), 5))
    assert {path: path.stat().st_mtime_ns for path in done} == kept
    ran = records.load_all(tmp_path)
    assert {one.run.schedule for one in ran} == set(chapter.SCHEDULES)
    assert all(records.rates_as_asked(one) for one in ran)
    page = (tmp_path / findings.PAGE).read_text()
    assert "are `schedule(t)` of their epoch in every one" in page
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in overview.PICTURES)
    assert not list(tmp_path.glob("*.part"))


def test_records_of_other_epochs_are_neither_used_nor_overwritten(tmp_path):
    path = records.save(record(), tmp_path)
    before = path.read_bytes()
    refused = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=120)
    assert refused.returncode == 2
    message = " ".join(refused.stderr.split())
    assert "'--out'" in message
    assert "must be a run with the setting" in message
    assert path.read_bytes() == before


def test_a_record_of_another_schedule_is_refused_by_name(tmp_path):
    path = records.save(replace(record(), schedule=Constant(0.25)), tmp_path)
    with pytest.raises(ValueError, match=rf"{path.name}` must be a run with the schedule .*0\.3.*got Constant\(0\.25"):
        records.missing([], SETTING, chapter.SCHEDULES, tmp_path)


def test_a_record_is_read_as_it_was_written_also_of_a_run_that_diverged(tmp_path):
    kept = record()
    assert records.load(records.save(kept, tmp_path)) == kept
    diverged = replace(kept, epochs=[replace(kept.epochs[0], train_loss=float("nan"))])
    path = records.save(diverged, tmp_path)
    assert "NaN" not in path.read_text()
    assert repr(records.load(path)) == repr(diverged)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"run": {"schedule": "cosine"}}'])
def test_a_damaged_record_is_refused_with_its_name(tmp_path, content):
    path = tmp_path / "constant-torch-0.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"constant-torch-0\.json` must be the record of a run"):
        records.load_all(tmp_path)


def test_a_rate_that_differs_is_told():
    right = record("square-root")
    assert records.rates_as_asked(right)
    wrong = replace(right, rates=[*right.rates[:-1], right.rates[-1] * (1 + 1e-15)])
    assert not records.rates_as_asked(wrong)
    assert "differ in these runs: square-root, torch, seed 0." in findings.page([right, wrong])
    # Keras rounds to float32, no further.
    assert not records.rates_as_asked(replace(right, run=Run("square-root", "keras", 0)))


def test_a_claim_counts_pairs_of_one_framework_and_seed():
    overfitting = next(claim for claim in claims.CLAIMS if claim.measure is claims.gap)
    constant = [record(seed=seed) for seed in (0, 1)]
    better = record("square-root", train_accuracy=0.8)
    worse = record("square-root", seed=1, train_accuracy=0.9)
    alone = record("square-root", "mxnet", train_accuracy=0.8)
    assert overfitting.verdict([alone, *constant]) == "not run"
    assert overfitting.verdict([better, alone, *constant]) == "holds, in all 1 pairs of runs"
    assert overfitting.verdict([worse, *constant]) == "does not hold, in none of 1 pairs of runs"
    assert overfitting.verdict([better, worse, *constant]) == "does not hold mostly: in 1 of 2 pairs of runs"
    more = [record(seed=2), record("square-root", seed=2, train_accuracy=0.8)]
    assert overfitting.verdict([better, worse, *constant, *more]) == "holds mostly: in 2 of 3 pairs of runs"


def test_why_a_gap_is_smaller_is_counted():
    other, fitted_less = record(train_accuracy=0.9), record("square-root", train_accuracy=0.8)
    assert claims.because_fitted_less([other, fitted_less], "square-root", "constant").startswith("in 1 of 1 mostly")
    generalises = record("square-root", train_accuracy=0.9, accuracies=[1.0] * 30)
    assert claims.because_fitted_less([other, generalises], "square-root", "constant").startswith("in 0 of 1 mostly")


def test_what_the_pages_say_of_the_results_is_in_the_records():
    last = {record.run: record.epochs[-1] for record in records.load_all(records.RESULTS)}
    accuracy = {run: 100 * epoch.test_accuracy for run, epoch in last.items()}

    def spread(*names):
        found = [accuracy[run] for run in accuracy if run.schedule in names]
        return f"{min(found):.0f} to {max(found):.0f} %"

    gains = [
        accuracy[replace(run, schedule="cosine-warmup")] - a for run, a in accuracy.items() if run.schedule == "cosine"
    ]
    torch = [
        replace(run, schedule="cosine-warmup")
        for run in accuracy
        if run.schedule == "cosine" and run.framework == "torch"
    ]
    gained = [accuracy[run] - accuracy[replace(run, schedule="cosine")] for run in torch]
    page = (NOTEBOOKS.parent / "docs" / "notebooks.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"The cosines end with {spread('cosine', 'cosine-warmup')}" in page
    assert f"the constant rate with {spread('constant')}" in page
    assert f"in all {len(gains)} pairs, by {min(gains):.2f} to {max(gains):.2f} points" in page
    assert f"a gain, of {min(gained):.2f} to {max(gained):.2f} points" in (NOTEBOOKS / "torch.ipynb").read_text(
        encoding="utf-8"
    )


def test_roughness_and_early_accuracies_are_means_over_their_epochs():
    run = record(accuracies=[0.0, 0.25, 0.5, 0.5, 0.75, *[0.5] * 15, *[0.5, 0.75] * 5])
    assert claims.roughness(run) == 0.25
    assert claims.early_test_accuracy(run) == 0.4
    assert claims.accuracy_after_first(run) == 0.75


@pytest.fixture(scope="module")
def results():
    return records.load_all()


def test_the_results_are_whole(results):
    assert {one.run for one in results} == {
        Run(name, framework, seed)
        for name in chapter.SCHEDULES
        for framework in FRAMEWORKS
        for seed in range(chapter.SEEDS[framework])
    }
    assert {one.setting for one in results} == {Setting("Fashion-MNIST", 60_000, 256, chapter.EPOCHS)}
    assert all(one.schedule == chapter.SCHEDULES[one.run.schedule] for one in results)
    assert all(len(one.epochs) == chapter.EPOCHS for one in results)


def test_every_update_of_the_results_used_the_schedule(results):
    assert [str(one.run) for one in results if not records.rates_as_asked(one)] == []


def test_the_page_of_results_is_made_from_the_records(results):
    """Stale? `make experiments` writes it anew, without training."""
    assert (records.RESULTS / findings.PAGE).read_text(encoding="utf-8") == findings.page(results)
