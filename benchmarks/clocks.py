"""A schedule of tokens on the clock of updates, whose batches grow on the way."""

from typing import Any

import numpy as np

from benchmarks.bars import Bar
from benchmarks.measure import Contestant
from benchmarks.policies import END, FLOOR, PEAK, WARMUP, in_order
from benchmarks.section import Bench, Section, ranking
from lrsched_core import Clock, Cosine, PiecewiseConstant

SIZES = PiecewiseConstant((256, 512, 1024), milestones=(5 * 10**9, 20 * 10**9))
CLOCK = Clock(batch_size=SIZES, batch_unit="tokens", tokens_per_sample=1024)
# So many tokens are consumed when the schedule ends.
TOKENS = CLOCK.tokens_at(END)
PLAIN, ON = "s, of updates", 's.on(clock, "tokens")'


def measure(bench: Bench) -> Section:
    """Numbers and arrays."""
    tokens = Cosine(PEAK, FLOOR, steps=TOKENS - WARMUP * 10**6).with_warmup(WARMUP * 10**6)
    schedules: dict[str, Any] = {
        PLAIN: Cosine(PEAK, FLOOR, steps=END - WARMUP).with_warmup(WARMUP),
        ON: tokens.on(CLOCK, "tokens"),
    }
    scalar = bench.race("clock: numbers", {name: Contestant(s, in_order) for name, s in schedules.items()})
    t = np.linspace(0, 1.05 * END, 1_000_000)
    arrays = bench.race("clock: arrays", {name: Contestant(s, lambda n: [t] * n) for name, s in schedules.items()})
    return Section(
        "A schedule of tokens on the clock of updates",
        "*s* is warmup + cosine. The batch has three sizes, one after the other, so that tokens are no multiple of "
        "updates.",
        [ranking("A number", scalar, PLAIN), ranking("A point of an array of 1e6", arrays, PLAIN, per=t.size)],
        {Bar.ON_CLOCK: scalar.ratio(ON, PLAIN), Bar.ON_CLOCK_ARRAY: arrays.ratio(ON, PLAIN)},
    )
