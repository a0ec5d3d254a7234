"""The experiment of the textbook's chapter: five schedules by epoch, each for 30 epochs.

The settings are those of Zhang, Lipton, Li and Smola, *Dive into Deep Learning*, section "Learning Rate Scheduling".
"""

from __future__ import annotations

from lrsched_core import Constant, Cosine, Factor, MultiFactor, Schedule, SquareRoot

EPOCHS = 30
# How many runs of each kind: chance is looked at in one framework, which stands for the others.
SEEDS = {"torch": 3, "keras": 1, "mxnet": 1}

SCHEDULES: dict[str, Schedule] = {
    "constant": Constant(0.3),
    "square-root": SquareRoot(0.1),
    "multi-factor": MultiFactor(0.5, 0.5, milestones=(15, 30)),
    "cosine": Cosine(0.3, 0.01, steps=20),
    # From 0 to 0.3 over the first 5 of the 20: the cosine itself takes the other 15.
    "cosine-warmup": Cosine(0.3, 0.01, steps=15).with_warmup(5),
}

# The chapter draws this one, over 50 epochs, and trains nothing with it.
FACTOR = Factor(2.0, 0.9, stop_factor_lr=1e-2)
