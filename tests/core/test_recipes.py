"""Recipes, by hand: their values at the turning points, and what they refuse."""

import re

import pytest

from lrsched_core import (
    Cosine,
    exp_range,
    flat_cosine,
    fractal_chebyshev,
    from_dict,
    infinite,
    inverse_sqrt,
    noam,
    one_cycle,
    parse,
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

RECIPES = {
    wsd(0.4, 0.04, warmup=10, stable=20, decay=10, decay_shape="sqrt"): {0: 0, 10: 0.4, 30: 0.4, 40: 0.04, 99: 0.04},
    wsd_periods(0.4, 0.1, periods=(10, 20), decay=5, warmup=2, rewarmup=4): {
        0: 0,
        2: 0.4,
        5: 0.4,
        10: 0.1,
        14: 0.4,
        25: 0.4,
        30: 0.1,
        99: 0.1,
    },
    infinite(0.4, 0.1, warmup=10, cooldown=20): {0: 0, 10: 0.4, 20: 0.25, 30: 0.1, 10**6: 0.1},
    warmup_hold_cosine(0.4, 0.1, warmup=4, hold=6, steps=10, start=0.2): {0: 0.2, 4: 0.4, 10: 0.4, 15: 0.25, 20: 0.1},
    flat_cosine(0.4, 0.1, steps=100, flat=0.5): {0: 0.4, 50: 0.4, 75: 0.25, 100: 0.1},
    tri_stage(1.0, warmup=10, hold=10, decay=10): {0: 0.01, 10: 1, 20: 1, 25: 0.1, 30: 0.01, 99: 0.01},
    slanted_triangular(0.32, steps=100): {0: 0.01, 10: 0.32, 55: 0.165, 100: 0.01},
    one_cycle(1.0, steps=100, final_divisor=10): {0: 0.04, 15: 0.52, 30: 1, 65: 0.502, 100: 0.004, 999: 0.004},
    one_cycle(1.0, steps=100, final_divisor=10, phases=3, shape="linear"): {
        0: 0.04,
        30: 1,
        60: 0.04,
        80: 0.022,
        100: 0.004,
    },
    triangular(0.1, 0.5, up=10, down=30): {0: 0.1, 10: 0.5, 25: 0.3, 40: 0.1, 50: 0.5, 40 * 10**9 + 10: 0.5},
    triangular2(0.1, 0.5, up=10): {0: 0.1, 10: 0.5, 20: 0.1, 30: 0.3, 50: 0.2, 70: 0.15},
    exp_range(0.0, 1.0, up=10, factor=0.5): {0: 0, 10: 2.0**-10, 20: 0, 30: 2.0**-30},
    restarts(0.4, 0.1, steps=10, growth=2): {0: 0.4, 5: 0.25, 10: 0.4, 20: 0.25, 30: 0.4, 70: 0.4, 150: 0.4},
    restarts(0.4, 0.1, steps=10, peak_decay=0.5, floor_decay=0.25): {0: 0.4, 5: 0.25, 10: 0.2, 15: 0.1125, 20: 0.1},
    restarts(0.4, 0.1, steps=10, peak_decay=0.5, floor_decay=0.5): {0: 0.4, 5: 0.25, 10: 0.2, 15: 0.125},
    restarts(0.4, steps=10, warmup=2): {0: 0, 1: 0.2, 2: 0.4, 6: 0.2, 10: 0, 11: 0.2, 12: 0.4},
    restarts_at(0.4, periods=(4, 10), weights=(1, 0.5)): {0: 0.4, 2: 0.2, 4: 0.2, 9: 0.1, 14: 0, 99: 0},
    fractal_chebyshev(0.1, 1.0, steps=1): {0: 1 / 5.5, 9: 1 / 5.5},
    inverse_sqrt(0.4, warmup=10): {0: 0, 5: 0.2, 10: 0.4, 40: 0.2, 160: 0.1},
    inverse_sqrt(0.4, warmup=0, timescale=10): {0: 0.4, 30: 0.2},
    inverse_sqrt(0.4, warmup=10, timescale=1, start=0.2): {0: 0.2, 5: 0.3, 10: 0.4, 13: 0.2},
    noam(100, warmup=100, scale=2): {0: 0, 50: 0.01, 100: 0.02, 400: 0.01},
    token_power(0.02, scale=4, power=0.5): {0: 0.02, 10_000: 0.02, 160_000: 0.01, 4 * 10**6: 0.002},
    untuned_linear_warmup(beta2=0.9): {0: 0.05, 9: 0.5, 19: 1, 99: 1},
    untuned_exponential_warmup(beta2=0.5): {0: 0.3934693402873666, 1: 0.6321205588285577},
}


@pytest.mark.parametrize(("recipe", "expected"), RECIPES.items(), ids=map(repr, RECIPES))
def test_values_by_hand(recipe, expected):
    assert {t: recipe(t) for t in expected} == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("recipe", RECIPES, ids=repr)
def test_a_recipe_is_an_ordinary_schedule(recipe):
    assert parse(repr(recipe)) == from_dict(recipe.to_dict()) == recipe


def test_text_may_name_a_recipe():
    assert parse("wsd(0.4, warmup=10, stable=20, decay=10)") == wsd(0.4, warmup=10, stable=20, decay=10)
    assert parse("restarts(0.3, steps=10, growth=2) * 2") == Cosine(0.3, steps=10).repeat(10, growth=2) * 2


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: wsd(0.1, warmup=-1, stable=1, decay=1), "`warmup` must be >= 0, got -1."),
        (lambda: wsd(0.1, warmup=1, stable=-1, decay=1), "`stable` must be >= 0, got -1."),
        (lambda: wsd(0.1, warmup=1, stable=1, decay=0), "`decay` must be > 0, got 0."),
        (
            lambda: wsd_periods(0.1, periods=(10, 4), decay=3, rewarmup=2),
            "`periods[1]` must be at least as long as its warmup and decay together, 5, got 4.",
        ),
        (lambda: wsd_periods(0.1, periods=(), decay=3), "`periods` must be at least one length, got []."),
        (lambda: flat_cosine(0.1, steps=10, flat=1), "`flat` must be < 1, got 1."),
        (lambda: flat_cosine(0.1, steps=10, flat=1.5), "`flat` must be from 0 to 1, got 1.5."),
        (lambda: tri_stage(0.1, warmup=1, hold=1, decay=1, final_scale=0), "`final_scale` must be > 0, got 0."),
        (lambda: slanted_triangular(0.1, steps=10, cut=0), "`cut` must be > 0, got 0."),
        (lambda: slanted_triangular(0.1, steps=10, cut=1), "`cut` must be < 1, got 1."),
        (lambda: one_cycle(0.1, steps=10, up=1), "`up` must be < 1.0, got 1."),
        (lambda: one_cycle(0.1, steps=10, up=0.5, phases=3), "`up` must be < 0.5, got 0.5."),
        (lambda: one_cycle(0.1, steps=10, phases=4), "`phases` must be 2 or 3, got 4."),
        (lambda: triangular(0.1, 0.5, up=0), "`up` must be > 0, got 0."),
        (lambda: triangular2(0.5, 0.1, up=3), "`base_lr` must be >= `low_lr`, which is 0.5, got 0.1."),
        (lambda: restarts(0.1, steps=10, warmup=10), "`warmup` must be < `steps`, which is 10, got 10."),
        (lambda: restarts_at(0.1, periods=(3, 0)), "`periods[1]` must be > 0, got 0."),
        (
            lambda: restarts_at(0.1, periods=(3,), weights=(1, 2)),
            "`weights` must be as many as the 1 periods, got [1, 2].",
        ),
        (lambda: fractal_chebyshev(0.1, 1.0, steps=12), "`steps` must be a power of 2, at most 65536, got 12."),
        (
            lambda: fractal_chebyshev(0.1, 1.0, steps=2**40),
            f"`steps` must be a power of 2, at most 65536, got {2**40}.",
        ),
        (lambda: fractal_chebyshev(1.0, 0.1, steps=2), "`base_lr` must be > `low_lr`, which is 1.0, got 0.1."),
        (lambda: inverse_sqrt(0.1, warmup=0), "`warmup` must be > 0, got 0."),
        (lambda: noam(0, warmup=10), "`model_size` must be > 0, got 0."),
        (lambda: token_power(0.0, scale=1), "`base_lr` must be > 0, got 0.0."),
        (lambda: untuned_linear_warmup(beta2=1), "`beta2` must be < 1, got 1."),
    ],
)
def test_bad_arguments_are_refused(build, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        build()
