"""Twenty plans of a thousand updates, each with another form."""

# ruff: noqa: F403, F405  # the tables take all of the catalogue

import numpy as np

from lrsched_core import *

UPDATES = 1000
T = np.arange(UPDATES)
PLANS = [
    Cosine(0.3, steps=1000),
    Cosine(0.3, 0.001, steps=900).with_warmup(100),
    Linear(3e-4, steps=1000),
    Linear(3e-4, 1e-5, steps=950).with_warmup(50),
    Polynomial(0.1, steps=1000),
    Polynomial(0.1, 0.01, steps=600, power=0.5).with_warmup(30, shape="cosine"),
    wsd(3e-4, warmup=100, stable=600, decay=300),
    one_cycle(0.1, steps=1000),
    Cosine(0.1, 0.001, steps=300).repeat(300, decay=0.9),
    Factor(0.1, 0.5, every=150),
    MultiFactor(0.1, 0.1, milestones=(310, 620, 870)),
    PiecewiseConstant((0.01, 0.1, 0.03, 0.02), milestones=(70, 500, 800)),
    Exponential(0.1, 0.995),
    SquareRoot(0.1),
    inverse_sqrt(0.002, warmup=90),
    InverseTime(0.1, 0.01),
    PowerDecay(0.1, 0.7, timescale=30).with_warmup(80),
    Tanh(0.1, steps=1000).with_warmup(20),
    CosinePower(0.1, 0.001, steps=1000, power=1.5) * Rex(1.0, 0.5, steps=1000),
    Interpolated((0.01, 0.2, 0.05, 0.1, 0.0), milestones=(0, 180, 410, 700, 990)),
    Logarithmic(0.1, 0.01, steps=500).then(Constant(0.01).cooldown(at=200, steps=300), at=500),
]
