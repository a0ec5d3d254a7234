"""MXNet's schedulers."""

import numpy

# MXNet 1.9.1, the last release, uses the alias `numpy.bool` while it is imported; NumPy 1.24 took it away.
if "bool" not in vars(numpy):
    numpy.bool = bool  # type: ignore[attr-defined]  # what this is about

from mxnet.lr_scheduler import CosineScheduler, FactorScheduler, MultiFactorScheduler

from benchmarks.policies import END, FLOOR, MANY, MANY_FACTOR, PEAK, WARMUP, Policy
from benchmarks.rivals.table import Anew, Functions


def functions() -> Functions:
    """Those that count updates change when they are asked."""
    return {
        "MXNet": {
            Policy.EXPONENTIAL: Anew(lambda: FactorScheduler(step=1, factor=0.9999, base_lr=PEAK)),
            Policy.STEPS: Anew(lambda: MultiFactorScheduler(step=[30_000, 60_000], factor=0.1, base_lr=PEAK)),
            Policy.MANY_STEPS: Anew(lambda: MultiFactorScheduler(step=list(MANY), factor=MANY_FACTOR, base_lr=PEAK)),
            Policy.COSINE: CosineScheduler(END, PEAK, FLOOR),
            Policy.WARMUP_COSINE: CosineScheduler(END, PEAK, FLOOR, warmup_steps=WARMUP),
        }
    }
