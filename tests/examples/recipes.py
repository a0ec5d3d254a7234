"""Functions that make a schedule of the others. Their reference is that of what they are made of."""

from hypothesis import strategies as st

from examples.draws import durations, lows_and_highs, moments, positive_rates, rates
from examples.example import Example
from lrsched_core import (
    Linear,
    batch_ramp,
    exp_range,
    extend,
    flat_cosine,
    fractal_chebyshev,
    infinite,
    inverse_sqrt,
    noam,
    one_cycle,
    range_test,
    restarts,
    restarts_at,
    slanted_triangular,
    token_power,
    tri_stage,
    triangular,
    triangular2,
    untuned_exponential_warmup,
    untuned_linear_warmup,
    warmup_hold_cosine,
    wsd,
    wsd_periods,
)

# Whole, for the same reason as periods.
lengths = st.integers(2, 10**5)
betas = st.sampled_from([0.9, 0.99, 0.999])

EXAMPLES = {
    "wsd": Example(
        trained=wsd(0.5, 0.1, warmup=2, stable=2, decay=3),
        picture="wsd(0.3, warmup=5, stable=20, decay=10)",
        drawn=st.builds(wsd, rates, rates, warmup=moments, stable=moments, decay=durations),
        by_hand={
            wsd(0.4, 0.04, warmup=10, stable=20, decay=10, decay_shape="sqrt"): {
                0: 0,
                1: 0.04,
                10: 0.4,
                30: 0.4,
                40: 0.04,
                41: 0.04,
                99: 0.04,
            }
        },
        refused={
            "`warmup` must be >= 0, got -1.": lambda: wsd(0.1, warmup=-1, stable=1, decay=1),
            "`stable` must be >= 0, got -1.": lambda: wsd(0.1, warmup=1, stable=-1, decay=1),
            "`decay` must be > 0, got 0.": lambda: wsd(0.1, warmup=1, stable=1, decay=0),
        },
    ),
    "wsd_periods": Example(
        trained=wsd_periods(0.5, 0.1, periods=(4, 4), decay=2, warmup=1, rewarmup=1),
        picture="wsd_periods(0.3, periods=(15, 20), decay=5, warmup=3, rewarmup=2)",
        drawn=st.builds(
            wsd_periods,
            rates,
            rates,
            periods=st.lists(st.integers(30, 1000), min_size=1, max_size=5),
            decay=st.integers(1, 10),
            warmup=st.integers(0, 10),
            rewarmup=st.integers(0, 10),
        ),
        by_hand={
            wsd_periods(0.4, 0.1, periods=(10, 20), decay=5, warmup=2, rewarmup=4): {
                0: 0,
                2: 0.4,
                5: 0.4,
                10: 0.1,
                14: 0.4,
                25: 0.4,
                30: 0.1,
                99: 0.1,
            }
        },
        refused={
            "`periods[1]` must be at least as long as its warmup and decay together, 5, got 4.": lambda: wsd_periods(
                0.1, periods=(10, 4), decay=3, rewarmup=2
            ),
            "`periods` must be at least one length, got [].": lambda: wsd_periods(0.1, periods=(), decay=3),
        },
    ),
    "infinite": Example(
        trained=infinite(0.5, 0.2, warmup=2, cooldown=4),
        picture="infinite(0.3, 0.1, warmup=5, cooldown=15)",
        drawn=st.builds(infinite, rates, rates, warmup=moments, cooldown=durations),
        by_hand={infinite(0.4, 0.1, warmup=10, cooldown=20): {0: 0, 10: 0.4, 20: 0.25, 30: 0.1, 31: 0.1, 10**6: 0.1}},
        refused={"`cooldown` must be > 0, got 0.": lambda: infinite(0.4, 0.1, warmup=10, cooldown=0)},
    ),
    "warmup_hold_cosine": Example(
        trained=warmup_hold_cosine(0.5, 0.1, warmup=2, hold=1, steps=6),
        picture="warmup_hold_cosine(0.3, warmup=5, hold=10, steps=20)",
        drawn=lows_and_highs(
            lambda low, high, **options: warmup_hold_cosine(high, low, **options),
            warmup=moments,
            hold=st.integers(0, 10),
            steps=st.integers(20, 10**6),
            start=rates,
        ),
        by_hand={
            warmup_hold_cosine(0.4, 0.1, warmup=4, hold=6, steps=10, start=0.2): {
                0: 0.2,
                4: 0.4,
                10: 0.4,
                15: 0.25,
                20: 0.1,
            }
        },
        refused={"`steps` must be > 0, got 0.": lambda: warmup_hold_cosine(0.4, warmup=1, hold=0, steps=0)},
    ),
    "flat_cosine": Example(
        trained=flat_cosine(0.5, 0.1, steps=8, flat_share=0.25),
        picture="flat_cosine(0.3, steps=35)",
        drawn=st.builds(flat_cosine, rates, rates, steps=lengths, flat_share=st.sampled_from([0.0, 0.25, 0.5, 0.75])),
        by_hand={
            flat_cosine(0.4, 0.1, steps=100, flat_share=0.5): {0: 0.4, 1: 0.4, 50: 0.4, 75: 0.25, 100: 0.1, 101: 0.1}
        },
        refused={
            "`flat_share` must be < 1, got 1.": lambda: flat_cosine(0.1, steps=10, flat_share=1),
            "`flat_share` must be from 0 to 1, got 1.5.": lambda: flat_cosine(0.1, steps=10, flat_share=1.5),
        },
    ),
    "tri_stage": Example(
        trained=tri_stage(0.5, warmup=2, hold=2, decay=4),
        picture="tri_stage(0.3, warmup=5, hold=10, decay=20)",
        drawn=st.builds(tri_stage, positive_rates, warmup=moments, hold=moments, decay=durations),
        by_hand={tri_stage(1.0, warmup=10, hold=10, decay=10): {0: 0.01, 10: 1, 20: 1, 25: 0.1, 30: 0.01, 99: 0.01}},
        refused={
            "`final_scale` must be > 0, got 0.": lambda: tri_stage(0.1, warmup=1, hold=1, decay=1, final_scale=0),
            "`base_lr` must be > 0, got 0.0.": lambda: tri_stage(0.0, warmup=1, hold=1, decay=1),
            "`base_lr * final_scale` must be > 0, got 0.0.": lambda: tri_stage(
                1e-200, warmup=1, hold=1, decay=1, final_scale=1e-200
            ),
            "`base_lr * init_scale` must be finite, got inf.": lambda: tri_stage(
                1e10, warmup=1, hold=1, decay=1, init_scale=1e300
            ),
        },
    ),
    "slanted_triangular": Example(
        trained=slanted_triangular(0.5, steps=10, warmup_share=0.2),
        picture="slanted_triangular(0.3, steps=36)",
        drawn=st.builds(
            slanted_triangular, rates, steps=st.integers(10, 10**6), warmup_share=st.sampled_from([0.1, 0.25, 0.5])
        ),
        by_hand={slanted_triangular(0.32, steps=100): {0: 0.01, 10: 0.32, 55: 0.165, 100: 0.01, 101: 0.01}},
        refused={
            "`warmup_share` must be > 0, got 0.": lambda: slanted_triangular(0.1, steps=10, warmup_share=0),
            "`warmup_share` must be < 1, got 1.": lambda: slanted_triangular(0.1, steps=10, warmup_share=1),
            "`base_lr / ratio` must be finite, got inf.": lambda: slanted_triangular(1e10, steps=10, ratio=1e-300),
        },
    ),
    "one_cycle": Example(
        trained=one_cycle(0.5, steps=10),
        picture="one_cycle(0.3, steps=36)",
        drawn=st.builds(one_cycle, rates, steps=lengths, warmup_share=st.sampled_from([0.1, 0.25, 0.3, 0.5])),
        by_hand={
            one_cycle(1.0, steps=100, final_divisor=10): {
                0: 0.04,
                15: 0.52,
                30: 1,
                65: 0.502,
                100: 0.004,
                101: 0.004,
                999: 0.004,
            },
            one_cycle(1.0, steps=100, final_divisor=10, phases=3, shape="linear"): {
                0: 0.04,
                30: 1,
                60: 0.04,
                80: 0.022,
                100: 0.004,
            },
        },
        refused={
            "`warmup_share` must be < 1.0, got 1.": lambda: one_cycle(0.1, steps=10, warmup_share=1),
            "`warmup_share` must be < 0.5, got 0.5.": lambda: one_cycle(0.1, steps=10, warmup_share=0.5, phases=3),
            "`phases` must be 2 or 3, got 4.": lambda: one_cycle(0.1, steps=10, phases=4),
            "`base_lr / start_divisor` must be finite, got inf.": lambda: one_cycle(
                1e10, steps=10, start_divisor=1e-300
            ),
            "`base_lr / start_divisor / final_divisor` must be finite, got inf.": lambda: one_cycle(
                1e10, steps=10, start_divisor=1, final_divisor=1e-300
            ),
        },
    ),
    "triangular": Example(
        trained=triangular(0.1, 0.5, up=3),
        picture="triangular(0.05, 0.3, up=6)",
        drawn=lows_and_highs(triangular, up=lengths, down=st.none() | lengths),
        by_hand={
            triangular(0.1, 0.5, up=10, down=30): {0: 0.1, 10: 0.5, 25: 0.3, 40: 0.1, 50: 0.5, 40 * 10**9 + 10: 0.5}
        },
        refused={"`up` must be > 0, got 0.": lambda: triangular(0.1, 0.5, up=0)},
    ),
    "triangular2": Example(
        trained=triangular2(0.1, 0.5, up=2),
        picture="triangular2(0.05, 0.3, up=6)",
        drawn=lows_and_highs(triangular2, up=lengths, down=st.none() | lengths),
        by_hand={triangular2(0.1, 0.5, up=10): {0: 0.1, 10: 0.5, 20: 0.1, 30: 0.3, 50: 0.2, 70: 0.15}},
        refused={"`base_lr` must be >= `low_lr`, which is 0.5, got 0.1.": lambda: triangular2(0.5, 0.1, up=3)},
    ),
    "exp_range": Example(
        trained=exp_range(0.1, 0.5, up=3, factor=0.9),
        picture="exp_range(0.05, 0.3, up=6, factor=0.95)",
        drawn=lows_and_highs(exp_range, up=lengths, factor=st.sampled_from([0.9, 0.999])),
        by_hand={exp_range(0.0, 1.0, up=10, factor=0.5): {0: 0, 10: 2.0**-10, 20: 0, 30: 2.0**-30}},
        refused={"`factor` must be > 0, got 0.": lambda: exp_range(0.1, 0.5, up=3, factor=0)},
    ),
    "restarts": Example(
        trained=restarts(0.5, 0.1, steps=3, peak_decay=0.5, floor_decay=0.5),
        picture="restarts(0.3, 0.01, steps=6, growth=2, peak_decay=0.7)",
        drawn=lows_and_highs(
            lambda low, high, **options: restarts(high, low, **options),
            steps=lengths,
            growth=st.sampled_from([1, 2, 1.5]),
            peak_decay=st.sampled_from([1.0, 0.5]),
        ),
        by_hand={
            restarts(0.4, 0.1, steps=10, growth=2): {0: 0.4, 5: 0.25, 10: 0.4, 20: 0.25, 30: 0.4, 70: 0.4, 150: 0.4},
            restarts(0.4, 0.1, steps=10, peak_decay=0.5, floor_decay=0.25): {
                0: 0.4,
                5: 0.25,
                10: 0.2,
                15: 0.1125,
                20: 0.1,
            },
            restarts(0.4, 0.1, steps=10, peak_decay=0.5, floor_decay=0.5): {0: 0.4, 5: 0.25, 10: 0.2, 15: 0.125},
            restarts(0.4, steps=10, warmup=2): {0: 0, 1: 0.2, 2: 0.4, 6: 0.2, 10: 0, 11: 0.2, 12: 0.4},
        },
        refused={"`warmup` must be < `steps`, which is 10, got 10.": lambda: restarts(0.1, steps=10, warmup=10)},
    ),
    "restarts_at": Example(
        trained=restarts_at(0.5, 0.1, periods=(2, 5), weights=(1, 0.5)),
        picture="restarts_at(0.3, periods=(8, 12, 18), weights=(1.0, 0.5, 0.8))",
        drawn=st.builds(restarts_at, rates, periods=st.lists(lengths, min_size=1, max_size=5)),
        by_hand={
            restarts_at(0.4, periods=(4, 10), weights=(1, 0.5)): {0: 0.4, 2: 0.2, 4: 0.2, 9: 0.1, 14: 0, 15: 0, 99: 0}
        },
        refused={
            "`periods[1]` must be > 0, got 0.": lambda: restarts_at(0.1, periods=(3, 0)),
            "`weights` must be as many as the 1 periods, got [1, 2].": lambda: restarts_at(
                0.1, periods=(3,), weights=(1, 2)
            ),
            "`base_lr * weights[1]` must be finite, got inf.": lambda: restarts_at(
                1e10, periods=(3, 3), weights=(1, 1e300)
            ),
        },
    ),
    "range_test": Example(
        trained=range_test(0.1, 0.5, steps=7),
        picture="range_test(0.001, 0.3, steps=36)",
        drawn=st.builds(range_test, st.floats(1e-6, 1e-3), st.floats(0.01, 10.0), steps=durations),
        by_hand={range_test(1.0, 16.0, steps=4): {0: 1.0, 1: 2.0, 3: 8.0, 4: 16.0, 5: 16.0}},
        refused={"`steps` must be > 0, got 0.": lambda: range_test(0.1, 0.5, steps=0)},
    ),
    "fractal_chebyshev": Example(
        trained=fractal_chebyshev(0.1, 1.0, steps=8),
        picture="fractal_chebyshev(0.03, 0.3, steps=32)",
        drawn=st.builds(
            fractal_chebyshev, st.floats(0.001, 0.1), st.floats(0.2, 1.0), steps=st.sampled_from([1, 2, 4, 8, 16])
        ),
        by_hand={fractal_chebyshev(0.1, 1.0, steps=1): {0: 1 / 5.5, 1: 1 / 5.5, 9: 1 / 5.5}},
        refused={
            "`steps` must be a power of 2, at most 65536, got 12.": lambda: fractal_chebyshev(0.1, 1.0, steps=12),
            f"`steps` must be a power of 2, at most 65536, got {2**40}.": lambda: fractal_chebyshev(
                0.1, 1.0, steps=2**40
            ),
            "`base_lr` must be > `low_lr`, which is 1.0, got 0.1.": lambda: fractal_chebyshev(1.0, 0.1, steps=2),
            "`1 / low_lr` must be finite, got inf.": lambda: fractal_chebyshev(1e-310, 0.1, steps=2),
        },
    ),
    "inverse_sqrt": Example(
        trained=inverse_sqrt(0.5, warmup=3),
        picture="inverse_sqrt(0.3, warmup=6)",
        drawn=st.builds(inverse_sqrt, rates, warmup=lengths),
        by_hand={
            inverse_sqrt(0.4, warmup=10): {0: 0, 5: 0.2, 10: 0.4, 40: 0.2, 160: 0.1},
            inverse_sqrt(0.4, warmup=0, timescale=10): {0: 0.4, 30: 0.2},
            inverse_sqrt(0.4, warmup=10, timescale=1, start=0.2): {0: 0.2, 5: 0.3, 10: 0.4, 13: 0.2},
        },
        refused={"`warmup` must be > 0, got 0.": lambda: inverse_sqrt(0.1, warmup=0)},
    ),
    "noam": Example(
        trained=noam(16, warmup=3),
        picture="noam(512, warmup=6)",
        drawn=st.builds(noam, st.integers(1, 10**5), warmup=lengths),
        by_hand={noam(100, warmup=100, scale=2): {0: 0, 50: 0.01, 100: 0.02, 400: 0.01}},
        refused={
            "`model_size` must be > 0, got 0.": lambda: noam(0, warmup=10),
            "`model_size * warmup` must be > 0, got 0.0.": lambda: noam(1e-200, warmup=1e-200),
            "`model_size * warmup` must be finite, got inf.": lambda: noam(1e200, warmup=1e200),
            "`scale / (model_size * warmup) ** 0.5` must be finite, got inf.": lambda: noam(
                1e-200, warmup=1, scale=1e300
            ),
        },
    ),
    "token_power": Example(
        trained=token_power(0.5, scale=1.0),
        picture="token_power(0.3, scale=1.0, power=0.5)",
        drawn=st.builds(token_power, st.floats(0.001, 1.0), scale=st.floats(0.1, 10.0)),
        by_hand={token_power(0.02, scale=4, power=0.5): {0: 0.02, 10_000: 0.02, 160_000: 0.01, 4 * 10**6: 0.002}},
        refused={
            "`base_lr` must be > 0, got 0.0.": lambda: token_power(0.0, scale=1),
            "`(scale / base_lr) ** (1 / power)` must be finite, got inf.": lambda: token_power(
                0.1, scale=1, power=1e-3
            ),
            "`(scale / base_lr) ** (1 / power)` must be > 0, got 0.0.": lambda: token_power(1, scale=0.1, power=1e-3),
        },
    ),
    "untuned_linear_warmup": Example(
        trained=untuned_linear_warmup(beta2=0.75),
        picture="untuned_linear_warmup(beta2=0.9)",
        drawn=st.builds(untuned_linear_warmup, beta2=betas),
        by_hand={untuned_linear_warmup(beta2=0.9): {0: 0.05, 9: 0.5, 19: 1, 20: 1, 99: 1}},
        refused={"`beta2` must be < 1, got 1.": lambda: untuned_linear_warmup(beta2=1)},
    ),
    "untuned_exponential_warmup": Example(
        trained=untuned_exponential_warmup(beta2=0.75),
        picture="untuned_exponential_warmup(beta2=0.9)",
        drawn=st.builds(untuned_exponential_warmup, beta2=betas),
        by_hand={untuned_exponential_warmup(beta2=0.5): {0: 0.3934693402873666, 1: 0.6321205588285577}},
        refused={"`beta2` must be < 1, got 1.": lambda: untuned_exponential_warmup(beta2=1)},
    ),
    "extend": Example(
        trained=extend(Linear(0.5, 0.1, steps=4), at=2, stop=4, new_stop=6),
        drawn=st.builds(
            lambda schedule, at, lasts, longer: extend(schedule, at=at, stop=at + lasts, new_stop=at + lasts + longer),
            st.builds(Linear, rates, rates, steps=lengths),
            *[lengths] * 3,
        ),
        by_hand={
            extend(Linear(1.0, steps=4), at=2, stop=4, new_stop=6): {
                0: 1.0,
                1: 0.75,
                2: 0.5,
                3: 0.375,
                5: 0.125,
                6: 0.0,
                7: 0.0,
            }
        },
        refused={
            "`stop` must be > `at`, which is 2, got 2.": lambda: extend(Linear(0.1, steps=4), at=2, stop=2, new_stop=6)
        },
    ),
    "batch_ramp": Example(
        trained=batch_ramp(1, 3, 1, samples=6),
        drawn=st.builds(
            lambda start, by, n, samples: batch_ramp(start, start + n * by, by, samples),
            st.integers(1, 100),
            st.integers(1, 100),
            st.integers(0, 9),
            st.integers(100, 10**6),
        ),
        by_hand={batch_ramp(4, 16, 4, 100): {0: 4, 1: 4, 33: 4, 34: 8, 66: 8, 67: 12, 99: 12, 100: 16, 101: 16}},
        refused={"`stop` must be >= `start`, which is 4, got 3.": lambda: batch_ramp(4, 3, 1, 100)},
    ),
}
