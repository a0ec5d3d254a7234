"""Random metrics, on which rules and their originals must decide alike."""

import os

import numpy as np

# So many sequences for each original; by hand, LRSCHED_TEST_SEQUENCES=100000.
SEQUENCES = int(os.environ.get("LRSCHED_TEST_SEQUENCES", "2000"))
OBSERVATIONS = 24
# Metrics are multiples of it, so that ties and distances of exactly a threshold are frequent, in float32 as well.
UNIT = 2.0**-10


def batches(seed, *, positive=False, first_is_finite=False):
    """Generators with metrics of shape (sequences, observations): as many as SEQUENCES, together."""
    rng = np.random.default_rng(seed)
    for count in np.diff(np.linspace(0, SEQUENCES, 41).astype(int)):
        steps = rng.choice([-64, -16, -8, -2, -1, 0, 0, 1, 2, 8, 64], size=(count, OBSERVATIONS))
        walk = 400 + np.cumsum(steps, axis=1) - rng.choice([0, 400, 800], size=(count, 1))
        metrics = (np.abs(walk) if positive else walk) * UNIT
        odd = rng.random((count, OBSERVATIONS)) < 0.04 * rng.integers(0, 3, size=(count, 1))
        strange = [np.nan, np.inf] if positive else [np.nan, np.inf, -np.inf]
        metrics[odd] = rng.choice(strange, size=(count, OBSERVATIONS))[odd]
        if first_is_finite:
            metrics[:, 0] = np.where(np.isfinite(metrics[:, 0]), metrics[:, 0], 1.0)
        yield rng, metrics


def scales(rule, metrics):
    """The scale after each observation, of all sequences at once."""
    state, found = rule.start(), []
    for x in metrics.T:
        with np.errstate(invalid="ignore"):  # the mean of two infinities is NaN, as it should be
            state = rule.update(state, x)
        found.append(np.broadcast_to(state.scale, x.shape))
    return np.stack(found, axis=1)
