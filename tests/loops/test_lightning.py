"""`ScheduleLR` in Lightning: by step and by epoch, automatic and manual optimization, monitored and resumed."""

import csv

import pytest
import yaml

torch = pytest.importorskip("torch")
pl = pytest.importorskip("pytorch_lightning")

from loops.recipes import LR, RATES, run
from loops.updates import recorded
from lrsched_core import register_with
from lrsched_torch import ScheduleLR

pytestmark = [
    # Its advice: more workers for the loader, a folder that is not empty.
    pytest.mark.filterwarnings("ignore::UserWarning:pytorch_lightning"),
    # It still asks torch for the leaves of a tree in the old way.
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*is deprecated:FutureWarning"),
]


def test_the_learning_rate_monitor_logs_the_rates_of_the_updates(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with recorded() as rates:
        run("Lightning")
    [path] = tmp_path.glob("**/metrics.csv")
    with path.open() as file:
        logged = {int(row["step"]): float(row["lr-SGD"]) for row in csv.DictReader(file)}
    assert rates == RATES
    assert [logged[n] for n in range(12)] == RATES


class Automatic(pl.LightningModule):
    """Weights with gradients, and a scheduler with the options given."""

    def __init__(self, **options):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)
        self.options = options

    def training_step(self, batch):
        return self.layer(batch).sum()

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=1.0)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": ScheduleLR(optimizer, LR), **self.options}}


class Manual(Automatic):
    """Updates the weights itself, at every second batch."""

    def __init__(self):
        super().__init__()
        self.automatic_optimization = False

    def training_step(self, batch, index):
        self.manual_backward(self.layer(batch).sum())
        if index % 2:
            optimizer = self.optimizers()
            optimizer.step()
            self.lr_schedulers().step()
            optimizer.zero_grad()


BATCHES = torch.utils.data.DataLoader(torch.ones(4, 1), batch_size=1)


def trained(model, epochs, folder, checkpoint=None):
    """Return the rates of the updates that the epochs make; a checkpoint is left in the folder."""
    trainer = pl.Trainer(
        max_epochs=epochs,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    with recorded() as rates:
        trainer.fit(model, BATCHES, ckpt_path=checkpoint)
    trainer.save_checkpoint(folder / f"{epochs}.ckpt")
    return rates


@pytest.mark.parametrize(
    ("make", "t"),
    [
        (lambda: Automatic(interval="step"), lambda n: n),
        (lambda: Automatic(interval="step", frequency=2), lambda n: n // 2),
        (lambda: Automatic(interval="epoch"), lambda n: n // 4),
        (Automatic, lambda n: n // 4),
        (Manual, lambda n: n),
    ],
    ids=["step", "every second step", "epoch", "unsaid: epoch", "manual"],
)
def test_the_clock_is_the_interval_s_before_and_after_a_resume(make, t, tmp_path):
    whole = trained(make(), 6, tmp_path)
    assert whole == [LR(t(n)) for n in range(len(whole))]
    assert len(whole) == (12 if make is Manual else 24)
    first = trained(make(), 3, tmp_path)
    second = trained(make(), 6, tmp_path, checkpoint=tmp_path / "3.ckpt")
    assert first + second == whole


class Configured(Automatic):
    """Keeps its arguments as hyperparameters."""

    def __init__(self, lr=LR):
        super().__init__(interval="step")
        self.save_hyperparameters()


def test_a_schedule_among_the_hyperparameters_is_logged_saved_and_loaded(tmp_path):
    register_with("yaml")
    log = pl.loggers.CSVLogger(tmp_path)
    trainer = pl.Trainer(
        max_epochs=1, accelerator="cpu", logger=log, enable_progress_bar=False, enable_model_summary=False
    )
    trainer.fit(Configured(lr=LR.delay(1)), BATCHES)
    trainer.save_checkpoint(tmp_path / "last.ckpt")
    assert Configured.load_from_checkpoint(tmp_path / "last.ckpt").hparams.lr == LR.delay(1)
    [path] = tmp_path.glob("**/hparams.yaml")
    assert yaml.safe_load(path.read_text()) == {"lr": repr(LR.delay(1))}
