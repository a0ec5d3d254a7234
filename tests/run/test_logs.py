"""Logs as the known trainers write them, and as nobody should."""

import csv
import json
import tracemalloc

import numpy as np
import pytest

from lrsched_core import Cosine
from lrsched_core._run.logs.reading import read_log
from run.plans import PLANS

PLAN = Cosine(0.5, 0.01, steps=20)
RATES = [PLAN(t) for t in range(20)]


def written(rows, **options):
    """A CSV text of some dicts, with the header that all of them need."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *[[row.get(name, "") for name in names] for row in rows]]
    separator = options.get("separator", ",")
    return "".join(separator.join(map(str, line)) + options.get("end", "\n") for line in lines)


def lightning():
    # With accumulation, rows are repeated; the loss has rows of its own.
    rows = [{"epoch": "", "lr-SGD": RATES[t], "step": t, "train_loss": ""} for t in range(20) for _ in range(2)]
    losses = [{"epoch": 0, "lr-SGD": "", "step": t, "train_loss": 1.0} for t in range(4, 20, 5)]
    return written(rows + losses)


def csv_logger():
    rows = [{"epoch": e, "learning_rate": RATES[e], "loss": 1, "val_learning_rate": "NA"} for e in range(20)]
    return written(rows)


def trainer_state():
    rows = [{"loss": 1.0, "learning_rate": RATES[t], "epoch": t / 4, "step": t + 1} for t in range(20)]
    history = [*rows[:10], {"eval_loss": float("nan"), "epoch": 2.5, "step": 10}, *rows[10:], {"train_runtime": 3.2}]
    return json.dumps({"best_metric": None, "global_step": 20, "log_history": history}, indent=2)


def wandb_lines():
    return "".join(
        json.dumps({"_step": 3 * t, "train/global_step": t + 1, "train/learning_rate": RATES[t]}) + "\n"
        + json.dumps({"_step": 3 * t + 1, "eval/loss": 1.0}) + "\n"
        for t in range(20)
    )  # fmt: skip


LOGS = {
    "metrics.csv": (lightning, "lr-SGD"),
    "training.log": (csv_logger, "learning_rate"),
    "trainer_state.json": (trainer_state, "learning_rate"),
    "wandb.jsonl": (wandb_lines, "train/learning_rate"),
    "history.json": (lambda: json.dumps({"loss": [1.0] * 20, "learning_rate": RATES}), "learning_rate"),
    "history of an object.json": (lambda: json.dumps({"history": {"lr": RATES}, "epoch": [1]}), "lr"),
    "rows.json": (lambda: json.dumps([{"t": t, "lr": r} for t, r in enumerate(RATES)], indent=1), "lr"),
    "lr": (lambda: "".join(f"17000000{t:02} {r!r} {t}\n" for t, r in enumerate(RATES)), "value"),
    "semicolons.csv": (
        lambda: written([{"Step": t, "LR": r} for t, r in enumerate(RATES)], separator=";", end="\r\n"),
        "LR",
    ),
    "tabs.tsv": (lambda: written([{"rate": r, "t": t} for t, r in enumerate(RATES)], separator="\t"), "rate"),
    "rows.csv": (lambda: written([{"lr": r} for r in RATES]), "lr"),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
@pytest.mark.parametrize("name", LOGS)
def test_known_logs_say_which_update_used_which_rate(tmp_path, name, encoding):
    make, column = LOGS[name]
    path = tmp_path / name
    path.write_bytes(make().encode(encoding))
    log = read_log(path)
    assert log.column == column
    assert dict(zip(log.updates().tolist(), log.rates, strict=True)) == dict(enumerate(RATES))


def test_a_name_that_is_no_ascii_spoils_nothing(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes("größe,lr\n1,0.5\n".encode("latin-1"))
    assert list(read_log(path).rates) == [0.5]


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("train/learning_rate", -1),
        ("lr-AdamW", 0),
        ("lr-AdamW/pg1", 0),
        ("learning-rate", 0),
        ("lr/AdamW", -1),
        ("train/lr", 0),
        ("Learning Rate", 0),
        ("optimizer.lr.0", 0),
        # As exported from W&B.
        ("fancy-run-7 - train/learning_rate", -1),
        ("lr - 0.1 - train/learning_rate", -1),
    ],
)
def test_the_name_says_whose_habit_it_is(tmp_path, name, offset):
    path = tmp_path / "log.csv"
    path.write_text(f"step,loss,{name},{name}-momentum\n3,1,0.5,0.9\n", encoding="utf-8")
    log = read_log(path)
    assert (log.column, log.updates().tolist(), log.updates(7).tolist()) == (name, [3 + offset], [10])


def test_the_name_of_a_run_is_none_of_a_rate(tmp_path):
    path = tmp_path / "log.csv"
    names = ["Step", "lr-0.1 - epoch", "lr-0.1 - accuracy", "lr-0.1 - lr", "lr-0.1 - lr__MIN"]
    path.write_text(f"{','.join(names)}\n3,1,0.9,0.5,0.4\n", encoding="utf-8")
    assert read_log(path).column == "lr-0.1 - lr"


def test_a_column_may_be_named(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("a,b,step\n1,0.5,9\n", encoding="utf-8")
    log = read_log(path, column="b", time="a")
    assert (list(log.times), list(log.rates)) == ([1.0], [0.5])


def test_a_header_that_comes_again_is_skipped(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("epoch,lr\n0,0.5\nepoch,lr\n1,0.25\n", encoding="utf-8")
    assert list(read_log(path).rates) == [0.5, 0.25]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        # What a killed run leaves behind.
        (b"step,lr\n1,0.5\n2,0.25\n3\0\0\0\0", {1: 0.5, 2: 0.25}),
        (b"step,lr\n1,0.5\n2,0.25\n" + b"\0" * 5_000, {1: 0.5, 2: 0.25}),
        ("step,lr\n1,0.5\n2,0.25\n\0\0".encode("utf-16-le"), {1: 0.5, 2: 0.25}),
        (b'{"step": 1, "lr": 0.5}\n{"step": 2, "l', {1: 0.5}),
        (b'{"step": 1, "lr": 0.5}\n{"step": 2, "lr": 0.25}', {1: 0.5, 2: 0.25}),
        (b'{"step": 1, "lr": 0.5}\n{"step": 2, "lr": 0.25}\n\0\0\0', {1: 0.5, 2: 0.25}),
        # Lines that say nothing, and are no rows.
        (b"\n \r\nstep,lr\n\n1,0.5\n\n2,0.25\n", {1: 0.5, 2: 0.25}),
        (b"lr\n0.5\n\nlr\n0.25\n", {0: 0.5, 1: 0.25}),
        (b"step,lr\r1,0.5\r2,0.25\r", {1: 0.5, 2: 0.25}),
        # What is no number of a step has no place; a rate that is none has.
        (b"step,lr\nnan,0.5\n2,0.25\n", {2: 0.25}),
        (b"step,lr\n1,0.5\n1,0.5\n2,inf\n", {1: 0.5, 2: float("inf")}),
    ],
)
def test_lines_that_are_no_rows_are_passed_over(tmp_path, content, rows):
    path = tmp_path / "log"
    path.write_bytes(content)
    log = read_log(path)
    assert dict(zip(log.updates().tolist(), log.rates, strict=True)) == rows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "`log` must have rows, got an empty file."),
        (b"  \n", "`log` must have rows, got an empty file."),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x01\x02",
            "`log` must be text, or an event file of TensorBoard: this one is b",
        ),
        (b"step,loss\n1,2\n", "`log` has no column that is named as a rate: choose one. There are 'step', 'loss'."),
        (
            b"step,lr-A/x,lr-A/y\n1,2,3\n",
            "`log` has several columns that may hold rates: choose one. There are 'lr-A/x'",
        ),
        (b"step,lr\n", "`log` has no numbers in column 'lr'."),
        (b"step,lr\n1,NA\n2,\n", "`log` has no numbers in column 'lr'."),
        (b"step,lr\n1,0.5\n2,fast\n", "`log` must have a number in row 3, got 'fast'."),
        (b"\n\nstep,lr\n1,fast\n", "`log` must have a number in row 4, got 'fast'."),
        (b"\0" * 100, "`log` must have rows, got an empty file."),
        (b"\x1f\x8b\x08\0 packed", "`log` must be unpacked first: this one is compressed by gzip."),
        (b"step,lr,lr\n1,0.5,0.4\n", "`log` must have one column 'lr', got 2 of that name."),
        (b"step,step,lr\n1,1,0.4\n", "`log` must have one column 'step', got 2 of that name."),
        (b'{"lr": 0.5}\n{"lr": \n{"lr": 0.5}', "line 2 of `log` must be JSON"),
        (b"0,0.5\n1,0.4\n", "`log` must begin with the names of its columns, got numbers."),
        (b"{}", "`log` has no column that is named as a rate: choose one. There are none."),
        (b"[1, 2]", "`log` must have an object in row 1, got 1."),
        (b'{"lr": 0.5}\n{"lr": \n', "line 2 of `log` must be JSON"),
        (b'{"lr": "x"}\n{"lr": 1}\n', "`log` must have a number in row 1, got 'x'."),
        (b'{"lr": true}\n{"lr": 1}\n', "`log` must have a number in row 1, got True."),
        (b'{"lr": [0.5, {}]}', "`log` must have a number in item 2 of 'lr', got {}."),
        (b'{"log_history": []}', "`log` has no column that is named as a rate"),
        (b"[" * 100_000, "`log` must be JSON"),
        (b'{"lr": 1' + b"0" * 400 + b'}\n{"lr": 1}', "`log` must have a number in row 1, got 1000"),
        (b'step,lr\n1,"' + b"x" * 200_000, "`log` must be a table, got something else after row "),
    ],
)
def test_what_is_no_log_is_refused(tmp_path, content, message):
    path = tmp_path / "log"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="log") as raised:
        read_log(path)
    assert str(raised.value).startswith(message)
    assert len(str(raised.value)) < 400


def test_a_column_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step,lr\n1,0.5\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"`log` has no column 'rate'\. There are 'step', 'lr'\."):
        read_log(path, column="rate")
    with pytest.raises(ValueError, match=r"`log` has no column 'x'\. There are 'step', 'lr'\."):
        read_log(path, time="x")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_million_rows_take_little_memory(tmp_path, form):
    path = tmp_path / f"log.{form}"
    rates = PLANS[1](np.arange(100_000)).tolist()
    with path.open("w", encoding="utf-8", newline="") as file:
        if form == "csv":
            csv.writer(file).writerows([("step", "text", "lr"), *[(t, "x" * 50, r) for t, r in enumerate(rates)]])
        else:
            file.writelines(json.dumps({"step": t, "text": "x" * 50, "lr": r}) + "\n" for t, r in enumerate(rates))
    tracemalloc.start()
    log = read_log(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(log.rates) == rates
    assert peak < 40 * len(rates) + 2_000_000  # bytes, for two columns of doubles


def test_event_files_are_read_whole(tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(tmp_path / "runs"))
    rates = np.float32(PLAN(np.arange(20))).tolist()
    for step, rate in enumerate(rates, 1):
        summary = Summary(value=[Summary.Value(tag="train/learning_rate", simple_value=rate)])
        writer.add_event(Event(step=step, summary=summary))
    writer.close()
    log = read_log(tmp_path)
    assert (log.source, log.column) == ("TensorBoard", "train/learning_rate")
    assert log.updates().tolist() == list(range(20))
    assert list(log.rates) == rates
    with pytest.raises(ValueError, match="`log` has no column 'x'"):
        read_log(tmp_path, column="x")


def test_without_tensorboard_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorboard.backend.event_processing.event_accumulator", None)
    (tmp_path / "events.out.tfevents.1").write_bytes(b"")
    with pytest.raises(ImportError) as raised:
        read_log(tmp_path)
    assert str(raised.value) == 'Event files need TensorBoard: pip install "lrsched-core[tensorboard]"'
