"""On each process: the pace at which Accelerate and the Trainer step a scheduler that is left to them.

Prints what it found as JSON, one line for each process.
"""

import json
import os

import torch
from accelerate import Accelerator
from accelerate.utils import DataLoaderConfiguration
from transformers import Trainer, TrainingArguments

from loops.recipes import LR
from loops.updates import recorded
from lrsched_torch import ScheduleLR


class Model(torch.nn.Module):
    """What both can train."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, inputs):
        outputs = self.layer(inputs)
        return {"loss": outputs.mean(), "logits": outputs}


def start(schedule):
    """Return a model, its optimizer and the scheduler."""
    model = Model()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    return model, optimizer, ScheduleLR(optimizer, schedule)


def prepared(schedule, *, split_batches=False, accumulate=1):
    """Return the rates that Accelerate's own pace gives 4 updates, and the clock in the end."""
    accelerator = Accelerator(
        cpu=True,
        gradient_accumulation_steps=accumulate,
        dataloader_config=DataLoaderConfiguration(split_batches=split_batches),
    )
    model, optimizer, scheduler = start(schedule(accelerator))
    samples = 4 * accumulate * (2 if split_batches else accelerator.num_processes)
    loader = torch.utils.data.DataLoader(torch.ones(samples, 1), batch_size=2 if split_batches else 1)
    model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)
    with recorded() as rates:
        for inputs in loader:
            with accelerator.accumulate(model):
                accelerator.backward(model(inputs)["loss"])
                optimizer.step()
                scheduler.step()
                optimizer.zero_grad()
    return rates, scheduler.state_dict()["last_epoch"]


def trainer():
    """Return the rates that the Trainer gives 4 updates, of 2 batches each, and the clock in the end."""
    settings = TrainingArguments(
        output_dir="run",
        max_steps=4,
        per_device_train_batch_size=1,
        gradient_accumulation_steps=2,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
    )
    model, optimizer, scheduler = start(LR)
    data = [{"inputs": torch.ones(1)}] * 64
    with recorded() as rates:
        Trainer(model, settings, train_dataset=data, optimizers=(optimizer, scheduler)).train()
    return rates, scheduler.last_epoch


found = {
    "left to Accelerate": prepared(lambda accelerator: LR),
    "stretched": prepared(lambda accelerator: LR.stretch(accelerator.num_processes)),
    "stretched, accumulating": prepared(lambda accelerator: LR.stretch(accelerator.num_processes), accumulate=2),
    "split batches": prepared(lambda accelerator: LR, split_batches=True),
    "Trainer": trainer(),
}
os.write(1, f"found {json.dumps(found)}\n".encode())  # at once: the processes share the output
# Without Python's own way out: on that, torch's threads of gloo may abort a process that has finished.
os._exit(0)
