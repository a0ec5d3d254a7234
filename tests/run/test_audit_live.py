"""`audit` on logs of live set-ups, broken in the ways that set-ups are broken."""

import json
import warnings

import numpy as np
import pytest

from run.plans import PLANS

torch = pytest.importorskip("torch")

from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR

from lrsched_core import Constant, Cosine, Linear, audit
from lrsched_core._run.logs.reading import read_log

UPDATES = 100
PLAN = Cosine(0.4, 0.01, steps=90).with_warmup(10)


class Run:
    """A loop that writes down the rate that each update uses."""

    def __init__(self, lr=1.0):
        self.weight = torch.zeros(1, requires_grad=True)
        self.optimizer = torch.optim.SGD([self.weight], lr=lr)
        self.rates = []

    def update(self):
        self.weight.grad = torch.ones(1)
        self.rates.append(self.optimizer.param_groups[0]["lr"])
        self.optimizer.step()

    def updates(self, count, scheduler, steps=1):
        for _ in range(count):
            self.update()
            for _ in range(steps):
                scheduler.step()
        return self


def planned(run, plan=PLAN):
    return LambdaLR(run.optimizer, plan)


def as_planned():
    run = Run()
    return run.updates(UPDATES, planned(run)).rates


def base_rate():
    run = Run(lr=0.1)
    return run.updates(UPDATES, planned(run)).rates


def stepped_twice():
    run = Run()
    return run.updates(UPDATES, planned(run), steps=2).rates


def micro_batches():
    run = Run()
    scheduler = planned(run)
    for micro_batch in range(4 * UPDATES):
        if micro_batch % 4 == 3:
            run.update()
        if run.rates:
            scheduler.step()
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # torch has its doubts, too
                scheduler.step()
    return run.rates


def built_anew():
    run = Run()
    run.updates(37, planned(run))
    for group in run.optimizer.param_groups:  # a checkpoint of the optimizer alone
        group["lr"] = group.pop("initial_lr")
    return run.updates(UPDATES - 37, planned(run)).rates


def wrong_horizon():
    run = Run()
    return run.updates(UPDATES, planned(run, Cosine(0.4, 0.01, steps=70).with_warmup(10))).rates


def second_optimizer():
    run, other = Run(), Run(lr=0.25)
    scheduler = planned(run)
    for _ in range(UPDATES):
        other.update()
        run.updates(1, scheduler)
    return other.rates


OLD = Linear(0.5, steps=10)
NEW = OLD.then(Constant(0.0625), at=5)


def stale_epoch():
    """A plan in epochs of ten updates, changed at a resume."""
    run = Run()
    scheduler = planned(run, OLD)
    for _ in range(5):
        run.updates(10, scheduler, steps=0)
        scheduler.step()
    resumed = Run()
    again = planned(resumed, NEW)
    again.load_state_dict(scheduler.state_dict())
    resumed.optimizer.load_state_dict(run.optimizer.state_dict())
    for _ in range(5):
        resumed.updates(10, again, steps=0)
        again.step()
    return run.rates + resumed.rates


SETUPS = {
    base_rate: [("factor", 0.1, 0)],
    stepped_twice: [("fast", 2, 0)],
    micro_batches: [("fast", 4, 0)],
    built_anew: [("restart", -37, 37)],
    wrong_horizon: [("horizon", 80, 0)],
    second_optimizer: [("held", 0.25, 0)],
}


def told(found):
    return [(cause.kind, pytest.approx(cause.value, rel=1e-6), cause.since) for cause in found.causes]


@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: setup.__name__)
def test_the_cause_is_named(setup):
    assert told(audit(PLAN, range(UPDATES), setup())) == SETUPS[setup]


def test_an_epoch_that_is_stale_after_a_load_is_named():
    plan = NEW.stretch(10).staircase(10)
    assert told(audit(plan, range(UPDATES), stale_epoch())) == [("stale", 0.25, 50)]


@pytest.mark.parametrize("plan", PLANS, ids=repr)
def test_a_run_that_is_right_gives_no_alarm(plan):
    schedule_lr = pytest.importorskip("lrsched_torch").ScheduleLR
    run = Run()
    run.updates(UPDATES, schedule_lr(run.optimizer, plan))
    audit(plan, range(UPDATES), run.rates).raise_for_deviation()


def test_torch_s_own_cosine_is_near_enough():
    run = Run(lr=0.3)
    run.updates(UPDATES, CosineAnnealingLR(run.optimizer, T_max=UPDATES))
    audit(Cosine(0.3, steps=UPDATES), range(UPDATES), run.rates).raise_for_deviation()


def test_accelerate_s_prepared_scheduler_steps_once_for_each_process(monkeypatch):
    pytest.importorskip("accelerate")
    from accelerate import Accelerator
    from accelerate.state import PartialState

    accelerator = Accelerator(cpu=True)
    run = Run()
    scheduler = planned(run)
    run.optimizer, prepared = accelerator.prepare(run.optimizer, scheduler)
    monkeypatch.setitem(PartialState._shared_state, "num_processes", 2)
    rates = run.updates(UPDATES, prepared).rates
    assert told(audit(PLAN, range(UPDATES), rates)) == [("fast", 2, 0)]


@pytest.fixture
def module():
    lightning = pytest.importorskip("pytorch_lightning")

    class Module(lightning.LightningModule):
        def __init__(self, config):
            super().__init__()
            self.layer, self.config = torch.nn.Linear(1, 1), config

        def training_step(self, batch, _):
            return self.layer(batch).sum()

        def configure_optimizers(self):
            optimizer = torch.optim.SGD(self.parameters(), lr=1.0)
            return {"optimizer": optimizer, "lr_scheduler": {"scheduler": LambdaLR(optimizer, PLAN), **self.config}}

    return Module


@pytest.mark.parametrize(
    ("config", "options", "expected"),
    [
        ({"interval": "step"}, {}, []),
        ({"interval": "step"}, {"accumulate_grad_batches": 2}, []),
        ({}, {}, [("epochs", 13, 0)]),
    ],
)
def test_lightning_s_log_is_read_and_its_epochs_are_seen(tmp_path, module, config, options, expected):
    lightning = pytest.importorskip("pytorch_lightning")
    from pytorch_lightning.callbacks import LearningRateMonitor
    from pytorch_lightning.loggers import CSVLogger

    logger = CSVLogger(tmp_path, version=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it advises to use more workers
        trainer = lightning.Trainer(
            max_epochs=6, accelerator="cpu", logger=logger, log_every_n_steps=1, enable_progress_bar=False,
            enable_model_summary=False, enable_checkpointing=False,
            callbacks=[LearningRateMonitor(logging_interval="step")], **options,
        )  # fmt: skip
        trainer.fit(module(config), torch.utils.data.DataLoader(torch.ones(13, 1)))
    log = read_log(tmp_path / "lightning_logs" / "version_0" / "metrics.csv")
    assert log.column == "lr-SGD"
    found = audit(PLAN, log.updates(), log.rates)
    assert told(found) == expected
    assert found.ok == (not expected)


@pytest.mark.parametrize(("lr", "expected"), [(1.0, []), (0.1, [("factor", 0.1, 0)])])
@pytest.mark.parametrize("every", [1, 5])
def test_the_trainer_s_state_is_read(tmp_path, lr, expected, every):
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(1, 1)

        def forward(self, x):
            return {"loss": self.layer(x).sum()}

    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    arguments = transformers.TrainingArguments(
        output_dir=tmp_path, max_steps=60, per_device_train_batch_size=1, logging_steps=every, report_to=[],
        save_strategy="no", use_cpu=True, disable_tqdm=True,
    )  # fmt: skip
    trainer = transformers.Trainer(
        model, arguments, train_dataset=[{"x": torch.ones(1)}] * 60, optimizers=(optimizer, LambdaLR(optimizer, PLAN))
    )
    trainer.train()
    trainer.save_state()
    log = read_log(tmp_path / "trainer_state.json")
    assert log.updates().tolist() == list(range(every - 1, 60, every))
    assert told(audit(PLAN, log.updates(), log.rates)) == expected


def test_keras_history_is_read(tmp_path):
    keras = pytest.importorskip("keras")
    plan = Cosine(0.25, 0.0, steps=8)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    history = model.fit(
        np.ones((4, 1)), np.ones((4, 1)), epochs=8, verbose=0,
        callbacks=[
            keras.callbacks.LearningRateScheduler(lambda epoch, _: plan(epoch)),
            keras.callbacks.CSVLogger(tmp_path / "training.log"),
        ],
    )  # fmt: skip
    (tmp_path / "history.json").write_text(json.dumps(history.history), encoding="utf-8")
    for name in ("training.log", "history.json"):
        log = read_log(tmp_path / name)
        assert log.updates().tolist() == list(range(8))
        audit(plan, log.updates(), log.rates).raise_for_deviation()
