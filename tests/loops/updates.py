"""The rate that each update of plain SGD used, seen by what it did to the weights, in anybody's loop."""

from contextlib import contextmanager

import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook


def local(tensor):
    """The numbers that this process holds of a tensor."""
    tensor = tensor.detach()
    return tensor.to_local() if hasattr(tensor, "to_local") else tensor


@contextmanager
def watched(report):
    """Call `report` with the rate of every update that moves a weight, in whatever optimizer.

    The move is computed again from the rate in the parameter group: an update that used another one is an error.
    """
    before = {}

    def note(optimizer, args, kwargs):
        for group in optimizer.param_groups:
            for weight in group["params"]:
                before[weight] = group["lr"], local(weight).clone()

    def check(optimizer, args, kwargs):
        [rate] = {before[weight][0] for group in optimizer.param_groups for weight in group["params"]}
        moved = False
        for group in optimizer.param_groups:
            for weight in group["params"]:
                _, old = before.pop(weight)
                if weight.grad is not None:
                    assert torch.equal(old.add(local(weight.grad), alpha=-rate), local(weight)), rate
                    moved |= not torch.equal(old, local(weight))
        # Distributed checkpoints prepare some optimizers by an update of 0.
        if moved:
            report(rate)

    handles = [register_optimizer_step_pre_hook(note), register_optimizer_step_post_hook(check)]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def recorded():
    """Give the list to which every update adds its rate."""
    rates = []
    with watched(rates.append):
        yield rates
