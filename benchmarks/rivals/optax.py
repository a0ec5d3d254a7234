"""optax's schedules, as they are and under `jax.jit` (which returns before the value is there)."""

import jax
import optax

from benchmarks.policies import CYCLES, END, FLOOR, HOLD_UNTIL, PEAK, PERIOD, WARMUP, Policy
from benchmarks.rivals.table import Functions


def functions() -> Functions:
    """Those with thousands of pieces are left out: a call takes seconds."""
    alpha = FLOOR / PEAK
    schedules = {
        Policy.CONSTANT: optax.constant_schedule(PEAK),
        Policy.EXPONENTIAL: optax.exponential_decay(PEAK, 1, 0.9999),
        Policy.STEPS: optax.piecewise_constant_schedule(PEAK, {30_000: 0.1, 60_000: 0.1}),
        Policy.COSINE: optax.cosine_decay_schedule(PEAK, END, alpha),
        Policy.WARMUP_COSINE: optax.warmup_cosine_decay_schedule(0.0, PEAK, WARMUP, END, FLOOR),
        Policy.THREE_PHASES: optax.join_schedules(
            [
                optax.linear_schedule(0.0, PEAK, WARMUP),
                optax.constant_schedule(PEAK),
                optax.cosine_decay_schedule(PEAK, END - HOLD_UNTIL, alpha),
            ],
            [WARMUP, HOLD_UNTIL],
        ),
        Policy.ONE_CYCLE: optax.cosine_onecycle_schedule(END, PEAK, 0.3, 25, 4e3),
        Policy.RESTARTS: optax.sgdr_schedule(
            [
                {"init_value": PEAK, "peak_value": PEAK, "warmup_steps": 0, "decay_steps": PERIOD, "end_value": FLOOR}
                for _ in range(CYCLES)
            ]
        ),
    }
    return {"optax": {**schedules}, "optax, jit": {policy: jax.jit(schedule) for policy, schedule in schedules.items()}}
