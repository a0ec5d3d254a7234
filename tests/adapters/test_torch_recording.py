"""`record`: what an optimizer really used."""

import csv
import subprocess
import sys

import pytest

from lrsched_core import Cosine, Linear, Plateau, audit
from lrsched_core._run.logs.reading import read_log

torch = pytest.importorskip("torch")

from lrsched_torch import ScheduleLR, record  # only where torch is installed
from torch_training import add_group, make_optimizer, rates_of, train, update  # as above

LR, MOMENTUM = Cosine(0.3, 0.01, steps=20), Linear(0.9, 0.5, steps=20)


def test_rates_and_options_of_each_update_are_recorded(tmp_path):
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, {"lr": LR, "momentum": MOMENTUM})
    with record(optimizer) as used:
        moves = train(optimizer, scheduler, 12)
    train(optimizer, scheduler, 3)
    assert [row["update"] for row in used.rows] == [*range(12)]
    assert [row["lr"] for row in used.rows] == [LR(t) for t in range(12)]
    assert [row["momentum"] for row in used.rows] == [MOMENTUM(t) for t in range(12)]
    assert moves[0] == [used.rows[0]["lr"]]
    used.save(tmp_path / "rates.csv")
    with (tmp_path / "rates.csv").open() as file:
        read = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert read == used.rows
    audit(LR, [row["update"] for row in read], [row["lr"] for row in read]).raise_for_deviation()


def test_the_command_finds_its_column(tmp_path):
    optimizer = make_optimizer()
    with record(optimizer) as used:
        train(optimizer, ScheduleLR(optimizer, LR), 12)
    used.save(tmp_path / "rates.csv")
    call = [sys.executable, "-m", "lrsched_core", "check", str(tmp_path / "rates.csv"), repr(LR)]
    assert subprocess.run(call, check=False, capture_output=True).returncode == 0


def test_a_rate_that_nobody_planned_is_found():
    optimizer = make_optimizer()
    scheduler = ScheduleLR(optimizer, LR)
    used = record(optimizer)
    train(optimizer, scheduler, 4)
    optimizer.param_groups[0]["lr"] = 0.125
    train(optimizer, scheduler, 4)
    assert [row["lr"] for row in used.rows] == [*map(LR, range(4)), 0.125, *map(LR, range(5, 8))]


def test_groups_have_columns_of_their_own(tmp_path):
    optimizer = torch.optim.Adam(
        [{"params": [torch.nn.Parameter(torch.zeros(1))], **group} for group in ({}, {"name": "head", "lr": 0.5})],
        lr=0.25,
    )
    used = record(optimizer, start=7)
    optimizer.step()
    (row,) = used.rows
    assert (row["update"], row["lr.0"], row["lr.head"], row["betas[0].head"]) == (7, 0.25, 0.5, 0.9)


def test_a_group_that_joins_has_a_column_from_then_on(tmp_path):
    optimizer = make_optimizer(0.5)
    used = record(optimizer)
    update(optimizer)
    add_group(optimizer, lr=0.25)
    update(optimizer)
    first, second = used.rows
    assert (first["lr"], "lr.1" in first, second["lr"], second["lr.1"]) == (0.5, False, 0.5, 0.25)
    used.save(tmp_path / "rates.csv")
    with (tmp_path / "rates.csv").open() as file:
        assert [row["lr.1"] for row in csv.DictReader(file)] == ["", "0.25"]


def test_an_update_that_is_skipped_is_no_update():
    optimizer = make_optimizer(0.5)
    used = record(optimizer)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    for gradient in (1.0, float("inf"), 1.0):
        weight = optimizer.param_groups[0]["params"][0]
        weight.grad = None
        scaler.scale(weight * gradient).backward()
        scaler.step(optimizer)
        scaler.update()
    assert len(used.rows) == 2


def test_tensors_are_numbers_and_a_wrapper_is_seen_through():
    class Wrapper:
        def __init__(self, optimizer):
            self.optimizer = optimizer

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=torch.tensor(0.5), foreach=False)
    used = record(Wrapper(optimizer))
    optimizer.step()
    assert (used.rows[0]["lr"], type(used.rows[0]["lr"])) == (0.5, float)
    used.remove()
    optimizer.step()
    assert len(used.rows) == 1


@pytest.mark.parametrize(
    ("given", "options", "error", "message"),
    [
        (0.5, {}, TypeError, "^`optimizer` must be a torch optimizer, got float"),
        (None, {"start": -1}, ValueError, "^`start` must be >= 0, got -1"),
        (None, {"start": 0.5}, TypeError, "^`start` must be a whole number, got 0.5"),
        (None, {"start": True}, TypeError, "^`start` must be a whole number, got True"),
    ],
)
def test_what_cannot_be_recorded_is_refused(given, options, error, message):
    with pytest.raises(error, match=message):
        record(make_optimizer() if given is None else given, **options)


def test_recording_changes_no_update():
    one, two = make_optimizer(0.5), make_optimizer(0.5)
    record(two)
    assert train(one, ScheduleLR(one, LR), 5) == train(two, ScheduleLR(two, LR), 5)
    assert rates_of(one) == rates_of(two)


def test_the_scale_of_a_rule_stands_beside_the_rate(tmp_path):
    optimizer, rule = make_optimizer(), Plateau(0.5, patience=0)
    scheduler = ScheduleLR(optimizer, LR, rule=rule)
    state, scales = rule.start(), []
    with record(optimizer) as used:
        for score in (1.0, 0.5, 0.5, 0.75, 0.25):
            train(optimizer, scheduler, 2)
            scheduler.observe(score)
            scales += [state.scale] * 2
            state = rule.update(state, score)
    assert [row["scale"] for row in used.rows] == scales
    assert [row["lr"] for row in used.rows] == [LR(t) * scale for t, scale in enumerate(scales)]
    used.save(tmp_path / "rates.csv")
    log = read_log(tmp_path / "rates.csv")
    assert [*log.times] == [*range(10)]
    assert not audit(LR, log.times, log.rates).ok
    planned = [row["lr"] / row["scale"] for row in used.rows]
    audit(LR, log.times, planned).raise_for_deviation()
