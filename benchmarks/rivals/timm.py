"""timm's schedulers: a list of rates, one for each group."""

import sys
from importlib.util import find_spec, module_from_spec

import torch

# Importing timm itself needs a torchvision that was built like this torch; its schedulers need neither. So the package
# is there, and was not run.
if "timm" not in sys.modules:
    spec = find_spec("timm")
    if spec is None:
        raise ModuleNotFoundError(name="timm")
    sys.modules["timm"] = module_from_spec(spec)

from timm.scheduler.cosine_lr import CosineLRScheduler

from benchmarks.policies import CYCLES, END, FLOOR, PEAK, PERIOD, WARMUP, Policy
from benchmarks.rivals.table import Functions


def functions() -> Functions:
    """What `step(t)` asks before it sets the rates."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    cosine = CosineLRScheduler(optimizer, END, FLOOR)
    warmup = CosineLRScheduler(optimizer, END - WARMUP, FLOOR, warmup_t=WARMUP, warmup_prefix=True)
    restarts = CosineLRScheduler(optimizer, PERIOD, FLOOR, cycle_limit=CYCLES)
    return {
        "timm": {Policy.COSINE: cosine._get_lr, Policy.WARMUP_COSINE: warmup._get_lr, Policy.RESTARTS: restarts._get_lr}
    }
