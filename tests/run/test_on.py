"""A schedule on the clock of a run: its value at what the loop has consumed."""

import itertools
import random
import re
from fractions import Fraction

import numpy as np
import pytest

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Factor,
    Interpolated,
    Linear,
    PiecewiseConstant,
    SquareRoot,
    batch_ramp,
    parse,
    wsd,
)
from own_code import ASKED
from run.loops import loop
from runtimes import WARNS
from thorough import some

RAMP = PiecewiseConstant((768, 1536, 3072), milestones=(250e9, 500e9))
TOKENS = Clock(batch_size=RAMP, batch_unit="tokens", tokens_per_sample=4096, tokens=1e12)
PARTIAL = Clock(batch_size=256, samples_per_epoch=60_000, epochs=30)
# Sizes that change within epochs, whose last batches are partial.
MIXED = Clock(
    batch_size=PiecewiseConstant((3, 8, 5), milestones=(100, 1000)),
    samples_per_epoch=77,
    tokens_per_sample=5,
    epochs=40.5,
)
DROPPED = Clock(
    batch_size=PiecewiseConstant((3, 8, 5), milestones=(100, 1000)), samples_per_epoch=77, drop_last=True, samples=3000
)
CLOCKS = [TOKENS, PARTIAL, MIXED, DROPPED]


def line(base, final, steps):
    """`Linear` without a rounding."""
    return lambda x: Fraction(base) + (Fraction(final) - Fraction(base)) * min(Fraction(x) / steps, 1)


@pytest.mark.parametrize("seed", range(20))
def test_the_value_is_that_at_what_a_loop_has_consumed(seed):
    rng = random.Random(seed)
    for _ in range(10):
        drop_last, per = rng.random() < 0.5, rng.choice([1, 4096])
        sizes = [rng.randint(1, 40) for _ in range(3)]
        milestones = sorted(rng.randint(0, 3000) for _ in sizes[1:])
        epoch = rng.choice([None, 61, 1000])
        counted = loop(sizes, milestones, "samples", 150, epoch=epoch, drop_last=drop_last and epoch is not None)
        clock = Clock(
            batch_size=PiecewiseConstant(sizes, milestones=milestones),
            samples_per_epoch=epoch,
            drop_last=drop_last and epoch is not None,
            tokens_per_sample=per,
        )
        steps = rng.randint(500, 2000)
        ramp, known = Linear(0.3, 0.01, steps=steps * per), line(0.3, 0.01, steps)
        on = ramp.on(clock, "tokens")
        # No product of the times is near the end of the line, where 0.3 - 0.01 loses no digits either.
        expected = [float(known(samples)) for samples in counted.samples]
        np.testing.assert_allclose([on(t) for t in range(151)], expected, rtol=1e-15)
        np.testing.assert_allclose(on(np.arange(151)), expected, rtol=1e-15)
        if epoch:
            on, known = Linear(0.3, 0.01, steps=3).on(clock, "epochs"), line(0.3, 0.01, 3)
            for t, epochs in enumerate(counted.epochs):
                if epochs is not None:
                    assert on(t) == pytest.approx(float(known(epochs)), rel=1e-15)


SCHEDULES = [
    wsd(0.4, 0.01, warmup=0.1, stable=0.6, decay=0.3),
    Cosine(0.3, 0.01, steps=0.7).with_warmup(0.2, start=0.1),
    PiecewiseConstant((1, 2, 3), milestones=(0.1, 0.6)),
    Interpolated((0.1, 0.3, 0.2), milestones=(0.1, 0.3, 0.5)),
    Linear(0.3, 0.1, steps=0.25).repeat(0.25, decay=0.5),
    Factor(1.0, 0.7, every=0.125),
    SquareRoot(0.1).staircase(0.25),
    Constant(0.1),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
@pytest.mark.parametrize("clock", CLOCKS, ids=range(len(CLOCKS)))
def test_each_unit_measures_the_same_run(schedule, clock):
    end = clock.steps()
    times = np.unique(np.linspace(0, 1.2 * end, 500).astype(int))
    units = {"samples": clock.samples_at(end), "share": 1}
    for unit, length in units.items():
        # Stretched to whole numbers where that can be: the boundaries are then the same.
        stretched = schedule.stretch(length) if length != 1 else schedule
        on = stretched.on(clock, unit)
        at = getattr(clock, f"{unit}_at")
        known = [stretched(at(t)) for t in times.tolist()]
        np.testing.assert_allclose([on(t) for t in times.tolist()], known, rtol=1e-13)
        np.testing.assert_allclose(on(times), known, rtol=1e-13)
        shuffled = np.random.default_rng(0).permutation(times)
        np.testing.assert_allclose(on(shuffled), stretched(at(shuffled)), rtol=1e-13)


@pytest.mark.parametrize("clock", CLOCKS, ids=range(len(CLOCKS)))
def test_a_decay_in_samples_ends_exactly_where_the_run_does(clock):
    length = clock.samples_at(clock.steps())
    lr = wsd(0.4, 0.01, warmup=length // 10, stable=length - length // 10 - length // 5, decay=length // 5)
    on, end = lr.on(clock, "samples"), clock.steps()
    assert on(0) == 0
    assert on(end - 1) > 0.01
    assert on(end) == on(end + 1) == on(10**15) == 0.01
    assert on(clock.steps(samples=length // 10)) == 0.4
    assert on.boundaries[-1] == end


def test_the_boundaries_are_where_so_much_is_consumed():
    schedule = wsd(3e-4, warmup=2e9, stable=7.98e11, decay=2e11)
    on = schedule.on(TOKENS, "tokens")
    assert [-(-b // 1) for b in on.boundaries] == [TOKENS.steps(tokens=b) for b in schedule.boundaries]
    assert on(TOKENS.steps()) == 0
    for boundary, tokens in zip(on.boundaries, schedule.boundaries, strict=True):
        assert TOKENS.tokens_at(boundary) == pytest.approx(tokens, rel=1e-12)
    # A partial batch takes an update as well.
    epochs = PiecewiseConstant((0.3, 0.2, 0.1), milestones=(1, 10)).on(PARTIAL, "epochs")
    assert epochs.boundaries == (235, 2350)
    assert [epochs(t) for t in (234, 235, 2349, 2350)] == [0.3, 0.2, 0.2, 0.1]


def test_an_explanation_speaks_of_both_clocks():
    text = str(Cosine(0.3, steps=30).on(PARTIAL, "epochs").explain(235))
    assert "at t = 235" in text
    assert "Cosine(0.3, steps=30)  at t = 1:" in text
    assert "1 epochs consumed when 235 updates are completed" in text
    segments = wsd(3e-4, warmup=2e9, stable=7.98e11, decay=2e11).on(TOKENS, "tokens").segments()
    assert len(segments) == 4


def test_what_is_written_is_read():
    for clock in CLOCKS:
        for schedule in (*SCHEDULES, SCHEDULES[0] * 2, SCHEDULES[1].on(clock, "share")):
            on = schedule.on(clock, "share")
            assert parse(repr(on)) == on
    assert repr(Constant(0.1).on(Clock(updates=3), "share")) == "Constant(0.1).on(Clock(updates=3), 'share')"


def test_operators_apply_to_it_as_to_any_other():
    on = Cosine(0.3, 0.01, steps=30).on(PARTIAL, "epochs")
    for t in (0, 100, 234, 235, 1000, 7050, 10**6):
        assert on.delay(7)(t + 7) == on(t)
        assert (2 * on)(t) == 2 * on(t)
        assert on.advance(100)(t) == on(t + 100)
        assert on.stretch(3)(3 * t) == pytest.approx(on(t), rel=1e-14)
        assert on.then(Constant(1), at=10**7)(t) == on(t)
        assert on.repeat(7050)(t) == pytest.approx(on(t % 7050), rel=1e-14)


def test_between_two_updates_the_value_is_between_theirs():
    for clock in CLOCKS:
        on = Linear(0.3, 0.1, steps=1).on(clock, "share")
        for t in (0, 9, 12, 25, 34, 234, 235):
            between = [on(t + i / 7) for i in range(8)]
            assert between == sorted(between, reverse=True)
            assert between[3] == pytest.approx(between[0] + 3 / 7 * (between[7] - between[0]), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((Clock(), "samples"), ValueError, "`batch_size` is needed for samples."),
        (
            (PARTIAL, "updates"),
            ValueError,
            "`unit` must be one of 'samples', 'tokens', 'epochs', 'share', got 'updates'.",
        ),
        ((PARTIAL, "tokens"), ValueError, "`tokens_per_sample` is needed for tokens."),
        ((3, "epochs"), TypeError, "`clock` must be a Clock, got 3."),
    ],
)
def test_another_clock_or_unit_is_refused_by_name(arguments, kind, message):
    with pytest.raises(kind, match="^" + re.escape(message) + "$"):
        Constant(0.1).on(*arguments)


def test_hostile_texts_are_read_or_refused_soon():
    # Epochs without end, with a partial batch in each, are one piece.
    on = parse("Cosine(1, steps=1e9).on(Clock(batch_size=7, samples_per_epoch=10, epochs=1e9), 'epochs')")
    assert on(2 * 10**9) == 0
    assert len(on._pieces()) <= 3
    sizes, milestones = [",".join(map(str, range(1, n))) for n in (4001, 4000)]
    clock = f"Clock(batch_size=PiecewiseConstant([{sizes}],milestones=[{milestones}]),samples_per_epoch=1000000)"
    # Each of many sizes falls within an epoch.
    assert parse(f"Constant(1).on({clock},'epochs')")(10) == 1
    with pytest.raises(ValueError, match="nested"):
        parse("Constant(1)" + ".on(Clock(updates=3),'share')" * 200)


# Other runtimes

TENSORS = [
    (wsd(3e-4, 1e-5, warmup=2e9, stable=7.98e11, decay=2e11), TOKENS, "tokens"),
    (Cosine(0.3, 0.01, steps=30), PARTIAL, "epochs"),
    (Cosine(0.3, 0.01, steps=3000), MIXED, "samples"),
    (Linear(0.3, 0.01, steps=1), DROPPED, "share"),
    (PiecewiseConstant((0.3, 0.2, 0.1), milestones=(5, 17)), MIXED, "epochs"),
    (Factor(0.3, 0.5, every=7), PARTIAL, "epochs"),
    (SquareRoot(0.1), TOKENS, "tokens"),
    (Constant(0.2), TOKENS, "share"),
]


# bfloat16 does not hold these times, and a scan counts them one by one.
WAYS = [way for way in ASKED if "bfloat16" not in way and "scan" not in way]


@WARNS
@pytest.mark.parametrize(("way", "case"), some([*itertools.product(WAYS, TENSORS)], 3))
def test_every_runtime_says_the_same_compiled_or_not(way, case):
    schedule, clock, unit = case
    on, (ask, precision) = schedule.on(clock, unit), ASKED[way]
    times = np.unique(np.linspace(0, 1.1 * clock.steps(), 1000).astype(np.int64))
    np.testing.assert_allclose(
        ask(on, times), on(times), rtol=1e-13 if precision == "float64" else 1e-6 if "jax" in way else 5e-7
    )


# Sizes that grow


@pytest.mark.parametrize(
    ("arguments", "changes", "length", "updates", "consumed"),
    [
        ((4, 16, 4, 100), [(0, 0, 4), (9, 36, 8), (13, 68, 12), (16, 104, 16)], 1000, 72, 1000),
        (
            (32, 256, 32, 10_000),
            [
                (0, 0, 32),
                (45, 1440, 64),
                (68, 2912, 96),
                (83, 4352, 128),
                (94, 5760, 160),
                (103, 7200, 192),
                (111, 8736, 224),
                (117, 10_080, 256),
            ],
            32_345,
            203,
            32_096,
        ),
        (
            (16, 1024, 8, 300_000),
            [
                (0, 0, 16),
                (149, 2384, 24),
                (249, 4784, 32),
                (323, 7152, 40),
                (383, 9552, 48),
                (433, 11_952, 56),
                (1315, 296_048, 1008),
                (1317, 298_064, 1016),
                (1319, 300_096, 1024),
            ],
            612_345,
            1623,
            611_392,
        ),
    ],
)
def test_a_batch_ramp_grows_where_megatrons_did(arguments, changes, length, updates, consumed):
    clock = Clock(batch_size=batch_ramp(*arguments), samples=length)
    for t, samples, size in changes:
        assert (clock.samples_at(t), clock.batch_at(t)) == (samples, size)
        assert t == 0 or clock.batch_at(t - 1) < size
    # Megatron dropped the last batch where it was not whole; here it is taken.
    assert clock.samples_at(updates) == consumed <= length
    assert clock.steps() == updates + (consumed < length)


def test_a_decay_in_samples_under_megatrons_ramp():
    clock = Clock(batch_size=batch_ramp(16, 1024, 8, 300_000), samples=612_345)
    lr = wsd(1.0, warmup=10_000, stable=502_345, decay=100_000).on(clock, "samples")
    known = {0: 0, 1: 0.0016, 148: 0.2368, 149: 0.2384, 500: 1, 1524: 1, 1600: 0.24505, 1622: 0.01977, 1623: 0.00953}
    for t, value in known.items():
        assert lr(t) == pytest.approx(value, rel=1e-12)
    assert (clock.steps(samples=10_000), clock.steps(samples=512_345)) == (393, 1527)
    assert lr(clock.steps()) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 16, 4, 100), "`start` must be > 0, got 0."),
        ((4, 2, 4, 100), "`stop` must be >= `start`, which is 4, got 2."),
        ((4, 16, 5, 100), "`increment` must be a divisor of `stop` - `start`, which is 12, got 5."),
        ((4, 16, 4, 0.5), "`samples` must be a whole number, got 0.5."),
        ((2**53 + 1, 2**53 + 3, 2, 9), f"`stop` must be at most {2**53}, got {2**53 + 3}."),
        ((1, 100_001, 1, 9), "`increment` must be large enough for at most 100000 sizes, got 1."),
        ((1, 10**9 + 1, 1, 9), "`increment` must be large enough for at most 100000 sizes, got 1."),
    ],
)
def test_what_makes_no_ramp_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        batch_ramp(*arguments)


def test_a_ramp_to_its_own_beginning_is_constant():
    assert batch_ramp(4, 4, 2, 100) == PiecewiseConstant((4,), milestones=())


@pytest.mark.parametrize("arguments", [(4, 16, 4, 100), (1, 100, 1, 1001), (32, 2048, 32, 10**9 + 7), (3, 12, 3, 2)])
def test_the_sizes_of_a_ramp_are_held_equally_long(arguments):
    ramp = batch_ramp(*arguments)
    lengths = np.diff([0, *ramp.milestones])
    assert max(lengths) - min(lengths) <= 1
    assert (ramp.milestones[-1], len({*np.diff(ramp.values)})) == (arguments[-1], 1)


def test_the_largest_ramps_keep_their_sizes():
    clock = Clock(batch_size=batch_ramp(2**53 - 1, 2**53, 1, 1))
    assert [clock.batch_at(t) for t in (0, 1)] == [2**53 - 1, 2**53]
    assert batch_ramp(1, 100_000, 1, 10**9).values[-1] == 100_000
    # More sizes than samples: the last of those that begin together holds.
    assert [batch_ramp(4, 16, 4, 2)(t) for t in range(3)] == [4, 8, 16]


@pytest.mark.parametrize(("batch_size", "samples", "cycle"), [(512, 1_281_167, 10**7), (2, 17, 50)])
def test_without_64_bit_integers_a_cycle_is_right_to_a_part_of_what_was_consumed(batch_size, samples, cycle):
    jax = pytest.importorskip("jax")
    clock = Clock(batch_size=batch_size, samples_per_epoch=samples)
    t = np.unique(np.geomspace(1, 2**31 - 1, 500).astype(np.int64))
    repeated, once = Linear(0.5, steps=cycle).repeat(cycle).on(clock, "samples"), Linear(0.5, steps=cycle)
    missed = np.abs(np.asarray(jax.jit(repeated)(jax.numpy.asarray(t, "int32")), float) - repeated(t)) / 0.5
    missed = np.minimum(missed, 1 - missed)  # the end of a cycle is the beginning of the next
    assert (missed <= 5e-7 + clock.samples_at(t) / cycle * 2.0**-23).all()
    for ramp in (once, Linear(0.5, steps=2 * 10**9)):
        found = jax.jit(ramp.on(clock, "samples"))(jax.numpy.asarray(t, "int32"))
        np.testing.assert_allclose(found, ramp.on(clock, "samples")(t), rtol=0, atol=0.5 * 5e-7)
