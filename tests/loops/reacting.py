"""On each process: a rule that is shown metrics, reduced or not, and the horizon that Accelerate's loader has.

Prints what it found as JSON, one line for each process.
"""

import json
import math
import os
from pathlib import Path

import torch
import torch.distributed as dist
from accelerate import Accelerator
from torch.nn.parallel import DistributedDataParallel

from loops.recipes import LR
from loops.updates import recorded
from lrsched_core import Clock, Cosine, Plateau
from lrsched_torch import ScheduleLR
from test_pages import python_blocks

# What a validation finds on each process: by itself each would decide otherwise than by the mean.
METRICS = {0: [1.0, 0.5, 0.75, 0.75, 1.0], 1: [1.0, 1.25, 0.5, 0.5, 0.25]}

PAGE = Path(__file__).parents[2] / "docs" / "recipes" / "torch-runs.md"
[RECIPE] = [code for _, code in python_blocks(PAGE.read_text(encoding="utf-8")) if "def reduced" in code]
recipe = {"torch": torch}
exec(RECIPE, recipe)


def rates(reduce):
    """Return the rates of an update before each observation, and after the last."""
    model = DistributedDataParallel(torch.nn.Linear(1, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = ScheduleLR(optimizer, LR, rule=Plateau(0.5, patience=0))
    with recorded() as used:
        for metric in [*METRICS[dist.get_rank()], None]:
            optimizer.zero_grad()
            model(torch.ones(1, 1)).mean().backward()
            optimizer.step()
            scheduler.step()
            if metric is not None:
                scheduler.observe(reduce(metric))
    return used


def horizon(accumulate=4, epochs=3):
    """Return the updates that a clock says, by the loader that Accelerate prepared, and those that were made."""
    accelerator = Accelerator(cpu=True, gradient_accumulation_steps=accumulate, step_scheduler_with_optimizer=False)
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loader = torch.utils.data.DataLoader(torch.ones(50, 1), batch_size=4)  # 13 batches
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    clock = Clock(updates_per_epoch=math.ceil(len(loader) / accelerator.gradient_accumulation_steps), epochs=epochs)
    scheduler = ScheduleLR(optimizer, Cosine(0.1, steps=clock.steps()))
    with recorded() as used:
        for _ in range(epochs):
            for inputs in loader:
                with accelerator.accumulate(model):
                    accelerator.backward(model(inputs).mean())
                    optimizer.step()
                    optimizer.zero_grad()
                if accelerator.sync_gradients:
                    scheduler.step()
    return clock.steps(), len(used), scheduler.get_last_lr()


dist.init_process_group("gloo")
found = {"reduced": rates(recipe["reduced"]), "each its own": rates(float), "horizon": horizon()}
os.write(1, f"found {json.dumps(found)}\n".encode())  # at once: the processes share the output
# Without Python's own way out: on that, torch's threads of gloo may abort a process that has finished.
os._exit(0)
