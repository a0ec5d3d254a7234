"""The functions of lrsched, another library without a framework."""

import lrsched

from benchmarks.policies import END, FLOOR, HOLD_UNTIL, MANY, MANY_FACTOR, PEAK, PERIOD, WARMUP, Policy, height
from benchmarks.rivals.table import Functions


def functions() -> Functions:
    """Closures."""
    cosine = lrsched.cosine(base_lr=PEAK, min_lr=FLOOR, total_steps=END - WARMUP)
    plateau_wave = lrsched.sequential(
        [
            (HOLD_UNTIL - WARMUP, lrsched.constant(lr=PEAK)),
            (END - HOLD_UNTIL, lrsched.cosine(base_lr=PEAK, min_lr=FLOOR, total_steps=END - HOLD_UNTIL)),
        ]
    )
    return {
        "lrsched": {
            Policy.CONSTANT: lrsched.constant(lr=PEAK),
            Policy.EXPONENTIAL: lrsched.exponential(base_lr=PEAK, gamma=0.9999),
            Policy.STEPS: lrsched.multi_step(base_lr=PEAK, milestones=[30_000, 60_000], gamma=0.1),
            Policy.MANY_STEPS: lrsched.multi_step(base_lr=PEAK, milestones=MANY, gamma=MANY_FACTOR),
            Policy.COSINE: lrsched.cosine(base_lr=PEAK, min_lr=FLOOR, total_steps=END),
            Policy.WARMUP_COSINE: lrsched.with_warmup(cosine, warmup_steps=WARMUP, start_lr=0.0),
            Policy.SQUARE_ROOT: lrsched.inverse_sqrt(base_lr=PEAK, warmup_steps=1),
            Policy.THREE_PHASES: lrsched.with_warmup(plateau_wave, warmup_steps=WARMUP, start_lr=0.0),
            Policy.ONE_CYCLE: lrsched.one_cycle(
                max_lr=PEAK, total_steps=END, pct_start=0.3, initial_div=25, final_div=1e5
            ),
            Policy.RESTARTS: lrsched.cosine_restarts(base_lr=PEAK, min_lr=FLOOR, period=PERIOD, t_mult=1),
            Policy.PHASES_100: _waves(100),
            Policy.PHASES_1000: _waves(1000),
        }
    }


def _waves(n: int) -> lrsched.Schedule:
    steps = END // n
    return lrsched.sequential(
        [(steps, lrsched.cosine(base_lr=height(i), min_lr=FLOOR, total_steps=steps)) for i in range(n)]
    )
