"""What a clock says, found by going through all updates of a run, one by one."""

from fractions import Fraction
from typing import NamedTuple


class Loop(NamedTuple):
    """By the number of completed updates: samples, and epochs (None where the last epoch is not over)."""

    samples: list
    epochs: list


def loop(sizes, milestones, unit, updates, *, tokens_per_sample=1, epoch=None, drop_last=False):
    """So many updates, each of the size that holds when it begins."""
    samples, position, completed = [0], 0, 0
    after = [(0, 0)]
    taken = {}
    for t in range(updates):
        consumed = {"updates": t, "samples": samples[-1], "tokens": samples[-1] * tokens_per_sample}[unit]
        size = sizes[sum(milestone <= consumed for milestone in milestones)]
        if epoch and epoch - position < size:
            if drop_last:
                taken[completed] = position
                position, completed = 0, completed + 1
            else:
                size = epoch - position
        samples.append(samples[-1] + size)
        position += size
        after.append((completed, position))
        if position == epoch:
            taken[completed] = epoch
            position, completed = 0, completed + 1
    if epoch and not drop_last:
        taken[completed] = epoch
    epochs = [n + Fraction(p, taken[n]) if n in taken else None for n, p in after] if epoch else []
    return Loop(samples, epochs)
