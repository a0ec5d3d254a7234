"""The hand-written classes of the textbook chapter (Dive into Deep Learning, section 12.11), in our own words."""

import math

from benchmarks.policies import END, FLOOR, MANY, MANY_FACTOR, PEAK, WARMUP, Policy
from benchmarks.rivals.table import Anew, Functions


class FactorScheduler:
    """Multiplies whenever it is called."""

    def __init__(self, factor, stop_factor_lr, base_lr):
        self.factor, self.stop_factor_lr, self.base_lr = factor, stop_factor_lr, base_lr

    def __call__(self, num_update):
        """The rate."""
        self.base_lr = max(self.stop_factor_lr, self.base_lr * self.factor)
        return self.base_lr


class MultiFactorScheduler:
    """Multiplies if the step is one of its list."""

    def __init__(self, step, factor, base_lr):
        self.step, self.factor, self.base_lr = step, factor, base_lr

    def __call__(self, epoch):
        """The rate."""
        if epoch in self.step:
            self.base_lr = self.base_lr * self.factor
        return self.base_lr


class SquareRootScheduler:
    """The inverse square root."""

    def __init__(self, lr):
        self.lr = lr

    def __call__(self, num_update):
        """The rate."""
        return self.lr * pow(num_update + 1.0, -0.5)


class CosineScheduler:
    """Half a cosine wave, after a linear warmup if there is one."""

    def __init__(self, max_update, base_lr, final_lr, warmup_steps=0, warmup_begin_lr=0):
        self.base_lr_orig, self.final_lr = base_lr, final_lr
        self.max_update, self.max_steps = max_update, max_update - warmup_steps
        self.warmup_steps, self.warmup_begin_lr = warmup_steps, warmup_begin_lr

    def get_warmup_lr(self, epoch):
        """The ramp."""
        increase = (self.base_lr_orig - self.warmup_begin_lr) * float(epoch) / float(self.warmup_steps)
        return self.warmup_begin_lr + increase

    def __call__(self, epoch):
        """The rate."""
        if epoch < self.warmup_steps:
            return self.get_warmup_lr(epoch)
        if epoch <= self.max_update:
            wave = 1 + math.cos(math.pi * (epoch - self.warmup_steps) / self.max_steps)
            self.base_lr = self.final_lr + (self.base_lr_orig - self.final_lr) * wave / 2
        return self.base_lr


def functions() -> Functions:
    """The classes, by policy."""
    return {
        "textbook": {
            Policy.EXPONENTIAL: Anew(lambda: FactorScheduler(0.9999, 0.0, PEAK)),
            Policy.STEPS: Anew(lambda: MultiFactorScheduler([30_000, 60_000], 0.1, PEAK)),
            Policy.MANY_STEPS: Anew(lambda: MultiFactorScheduler(list(MANY), MANY_FACTOR, PEAK)),
            Policy.COSINE: CosineScheduler(END, PEAK, FLOOR),
            Policy.WARMUP_COSINE: CosineScheduler(END, PEAK, FLOOR, WARMUP),
            Policy.SQUARE_ROOT: SquareRootScheduler(PEAK),
        }
    }
