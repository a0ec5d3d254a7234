"""The functions that transformers gives to torch's LambdaLR: factors of the rate, down to 0."""

import torch
from transformers import optimization

from benchmarks.policies import CYCLES, END, HOLD_UNTIL, PEAK, WARMUP, Policy
from benchmarks.rivals.table import Functions


def functions() -> Functions:
    """The one function inside each scheduler."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedulers = {
        Policy.CONSTANT: optimization.get_constant_schedule(optimizer),
        Policy.COSINE: optimization.get_cosine_schedule_with_warmup(optimizer, 0, END),
        Policy.WARMUP_COSINE: optimization.get_cosine_schedule_with_warmup(optimizer, WARMUP, END),
        Policy.SQUARE_ROOT: optimization.get_inverse_sqrt_schedule(optimizer, 0, timescale=1),
        Policy.THREE_PHASES: optimization.get_wsd_schedule(
            optimizer, WARMUP, END - HOLD_UNTIL, num_stable_steps=HOLD_UNTIL - WARMUP
        ),
        Policy.RESTARTS: optimization.get_cosine_with_hard_restarts_schedule_with_warmup(optimizer, 0, END, CYCLES),
    }
    return {"transformers": {policy: scheduler.lr_lambdas[0] for policy, scheduler in schedulers.items()}}
