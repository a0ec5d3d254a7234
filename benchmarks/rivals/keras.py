"""Keras' schedules, called outside of a graph."""

from benchmarks.quiet import quiet

with quiet():
    from keras.optimizers import schedules

from benchmarks.policies import END, FLOOR, PEAK, PERIOD, WARMUP, Policy
from benchmarks.rivals.table import Functions


def functions() -> Functions:
    """Each call gives a tensor."""
    alpha = FLOOR / PEAK
    return {
        "Keras": {
            Policy.EXPONENTIAL: schedules.ExponentialDecay(PEAK, 1, 0.9999),
            Policy.STEPS: schedules.PiecewiseConstantDecay([30_000, 60_000], [PEAK, 0.01, 0.001]),
            Policy.COSINE: schedules.CosineDecay(PEAK, END, alpha),
            Policy.WARMUP_COSINE: schedules.CosineDecay(
                0.0, END - WARMUP, alpha, warmup_target=PEAK, warmup_steps=WARMUP
            ),
            Policy.RESTARTS: schedules.CosineDecayRestarts(PEAK, PERIOD, t_mul=1.0, m_mul=1.0, alpha=alpha),
        }
    }
