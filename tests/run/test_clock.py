"""A clock: what a loop over all updates says, in closed form."""

import itertools
import random
import re

import numpy as np
import pytest

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Factor,
    Function,
    MultiFactor,
    PiecewiseConstant,
    Sequence,
)
from run.loops import loop
from run.values import assert_is_a_value

UPDATES = 120
RAMP = PiecewiseConstant((768, 1536, 3072, 6144), milestones=(250e9, 500e9, 750e9))


def random_clock(rng):
    """A clock, and what a loop says of it."""
    epoch = rng.choice([None, None, rng.randint(1, 60), rng.randint(60, 2000)])
    drop_last = epoch is not None and rng.random() < 0.5
    largest = min(epoch, 80) if drop_last else rng.choice([8, 80])
    sizes = [rng.randint(1, largest) for _ in range(rng.randint(1, 5))]
    unit = rng.choice(["samples", "tokens", "updates"])
    per = rng.choice([1, 7, 4096])
    scale = {"samples": 20, "tokens": 20 * per, "updates": 1}[unit]
    milestones = sorted(rng.randint(0, 4 * UPDATES * scale) / rng.choice([1, 1, 4]) for _ in sizes[1:])
    # Of two sizes at the same time the last holds.
    clock = Clock(
        batch_size=PiecewiseConstant(sizes, milestones=milestones),
        batch_unit=unit,
        samples_per_epoch=epoch,
        drop_last=drop_last,
        tokens_per_sample=per,
    )
    counted = loop(sizes, milestones, unit, UPDATES, tokens_per_sample=per, epoch=epoch, drop_last=drop_last)
    return clock, counted


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_random_clocks_say_what_a_loop_says_integer_for_integer(seed):
    rng = random.Random(seed)
    for _ in range(1000):
        clock, counted = random_clock(rng)
        per = clock.tokens_per_sample
        assert [clock.samples_at(t) for t in range(UPDATES + 1)] == counted.samples, clock
        some = rng.sample(range(UPDATES), 5)
        assert [clock.tokens_at(t) for t in some] == [counted.samples[t] * per for t in some], clock
        assert [clock.batch_at(t) for t in some] == [counted.samples[t + 1] - counted.samples[t] for t in some], clock
        for amount in [*rng.sample(range(counted.samples[-1]), 1), rng.randint(0, counted.samples[-1] * 4) / 4]:
            first = next(t for t, samples in enumerate(counted.samples) if samples >= amount)
            assert clock.steps(samples=amount) == clock.steps(tokens=amount * per) == first, (clock, amount)
        for t in some:
            if counted.epochs and counted.epochs[t] is not None:
                assert clock.epochs_at(t) == float(counted.epochs[t]), (clock, t)
                assert clock.steps(epochs=clock.epochs_at(t)) == t, (clock, t)


@pytest.mark.parametrize("seed", range(10))
def test_arrays_say_what_numbers_say(seed):
    rng = random.Random(seed)
    for _ in range(100):
        clock, counted = random_clock(rng)
        times = np.arange(UPDATES + 1)
        samples = clock.samples_at(times)
        assert samples.dtype == np.int64
        assert samples.tolist() == counted.samples
        assert clock.batch_at(times[:-1]).tolist() == np.diff(counted.samples).tolist()
        assert clock.tokens_at([[0, 1], [2, 3]]).tolist() == [
            [clock.tokens_at(t) for t in row] for row in ((0, 1), (2, 3))
        ]
        between = [rng.uniform(0, 2 * UPDATES) for _ in range(20)]
        np.testing.assert_allclose(clock.samples_at(between), [clock.samples_at(t) for t in between], rtol=1e-15)
        if clock.samples_per_epoch:
            epochs = clock.epochs_at(times)
            assert epochs.dtype == np.float64
            assert epochs.tolist() == [clock.epochs_at(t) for t in times.tolist()]


def test_a_shares_end_is_the_runs_whatever_measures_it():
    lengths = [{"updates": 1000}, {"samples": 60_001}, {"tokens": 10**6}, {"epochs": 2.5}]
    for length in lengths:
        clock = Clock(batch_size=48, samples_per_epoch=1001, tokens_per_sample=7, **length)
        end = clock.steps()
        assert clock.steps(share=1) == end
        assert clock.share_at(end) == clock.share_at(10 * end) == 1.0
        assert clock.share_at(end - 1) < 1
        assert clock.share_at([0, end]).tolist() == [0, 1]
        for share in (0.05, 0.1, 1 / 3, 0.7):
            t = clock.steps(share=share)
            assert clock.share_at(t) >= share > clock.share_at(t - 1)


@pytest.mark.parametrize("samples", [31, 34, 42, 10**9 + 7])
@pytest.mark.parametrize("epochs", [1 / 3, 2 / 7, 2.1])
def test_what_updates_have_consumed_takes_no_more_of_them(samples, epochs):
    clock = Clock(batch_size=5, samples_per_epoch=samples, tokens_per_sample=3, epochs=epochs)
    for t in range(min(clock.steps(), 50)):
        for unit in ("samples", "tokens", "epochs", "share"):
            assert clock.steps(**{unit: getattr(clock, f"{unit}_at")(t)}) == t, (unit, t)


def test_shares_are_the_decimals_that_are_written():
    clock = Clock(updates=1000)
    # As floats, 0.1 * 1000 rounds well and 0.29 * 100 does not; 0.07 * 100 is 7.000000000000001.
    assert [clock.steps(share=share) for share in (0.1, 0.07, 0.29, 0.58)] == [100, 70, 290, 580]


# Known answers


@pytest.mark.parametrize(
    ("clock", "steps", "samples"),
    [
        (Clock(batch_size=256, samples_per_epoch=60_000, epochs=30), 7050, 1_800_000),
        (Clock(batch_size=256, samples_per_epoch=60_000, epochs=30, drop_last=True), 7020, 7020 * 256),
        # Megatron-LM's --step-batch-size-schedule: the last batch is taken whole.
        (Clock(batch_size=RAMP, batch_unit="tokens", tokens_per_sample=4096, tokens=1e12), 149_013, 244_146_432),
        (Clock(batch_size=PiecewiseConstant((8, 16, 32), milestones=(1500, 4000)), samples=10_000), 532, 10_016),
        # modded-nanogpt's stages; a sample is a token.
        (
            Clock(
                batch_size=PiecewiseConstant((131_072, 262_144, 393_216), milestones=(423, 847)),
                batch_unit="updates",
                tokens_per_sample=1,
                updates=1285,
            ),
            1285,
            338_821_120,
        ),
        # levanter: sizes by update.
        (
            Clock(batch_size=PiecewiseConstant((8, 16, 32), milestones=(100, 500)), batch_unit="updates", updates=501),
            501,
            7232,
        ),
    ],
)
def test_whole_runs_that_are_known(clock, steps, samples):
    assert clock.steps() == steps
    assert clock.samples_at(steps) == samples


def test_the_step_schedule_of_megatron_changes_where_megatron_does():
    clock = Clock(batch_size=RAMP, batch_unit="tokens", tokens_per_sample=4096, tokens=1e12)
    known = [(79_473, 61_035_264, 1536), (119_210, 122_071_296, 3072), (139_078, 183_105_792, 6144)]
    for t, samples, size in known:
        assert (clock.samples_at(t), clock.batch_at(t)) == (samples, size)
        assert clock.batch_at(t - 1) == size // 2


def test_the_horizons_of_the_hugging_face_trainer():
    # Batches of one process, accumulation, epochs: the last updates of an epoch may be partial.
    for batches, accumulation, epochs, updates in [(13, 1, 3, 39), (13, 4, 3, 12), (12, 4, 3, 9), (13, 4, 2.5, 10)]:
        per_epoch = -(-batches // accumulation)
        assert Clock(updates_per_epoch=per_epoch, epochs=epochs).steps() == updates


def test_the_time_strings_of_composer():
    # 10 epochs of 7 batches: dur, ep, ba.
    clock = Clock(updates_per_epoch=7, epochs=10)
    assert clock.steps(share=0.1) == 7
    assert clock.steps(epochs=3) == 21
    assert clock.steps(updates=5) == 5
    # Composer rounds down to the update before: int(0.29 * 70) = 20, int(0.58 * 70) = 40.
    assert (clock.steps(share=0.29), clock.steps(share=0.58)) == (21, 41)
    assert Clock(batch_size=1, tokens_per_sample=1, tokens=4096).steps(share=0.1) == 410  # 409tok there


def test_the_same_samples_are_consumed_on_half_the_processes_with_twice_the_accumulation():
    four, two = [Clock(batch_size=p * k * 8, samples_per_epoch=1001, epochs=3) for p, k in ((4, 2), (2, 4))]
    assert four == two


def test_time_goes_on_after_the_run_and_costs_nothing():
    clock = Clock(batch_size=7, samples_per_epoch=10**9 + 1, epochs=10**9)
    end = clock.steps()
    assert end == 10**9 * 142_857_143
    assert clock.samples_at(end) == 10**9 * (10**9 + 1)
    assert clock.samples_at(10**30) > clock.samples_at(end)
    assert clock.epochs_at(2 * end) == 2e9


# A value


EXAMPLES = [
    Clock(),
    Clock(updates=10),
    Clock(updates_per_epoch=100, epochs=2.5),
    Clock(batch_size=256, samples_per_epoch=60_000, drop_last=True, samples=10**6),
    Clock(batch_size=RAMP, batch_unit="tokens", tokens_per_sample=4096, tokens=1e12),
]


@pytest.mark.parametrize("clock", EXAMPLES)
def test_a_clock_is_equal_to_all_that_is_made_of_it(clock):
    clock._consumed("updates")
    assert_is_a_value(clock)
    assert [other for other in EXAMPLES if other == clock] == [clock]


def test_whole_numbers_of_any_type_are_the_same_clock():
    assert Clock(batch_size=256.0, samples=np.int64(10)) == Clock(batch_size=np.int32(256), samples=10.0)


@pytest.mark.parametrize(
    "size",
    [
        Constant(16),
        MultiFactor(16, 2, milestones=(10, 20)),
        PiecewiseConstant((16, 32), milestones=(10,)).delay(3).stretch(2),
        Sequence((Constant(16), Constant(32)), milestones=(10,)),
        2 * PiecewiseConstant((16, 32), milestones=(10,)),
        Constant(16).then(PiecewiseConstant((32, 64), milestones=(5,)), at=10),
    ],
)
def test_a_schedule_of_whole_numbers_is_a_size(size):
    clock = Clock(batch_size=size, batch_unit="updates")
    assert clock.batch_at(np.arange(50)).tolist() == [size(t) for t in range(50)]


@pytest.mark.parametrize(
    "size",
    [
        Cosine(32, 16, steps=10),
        Factor(32, 0.5),
        Function(lambda t: 16.0),
        Constant(16).repeat(10),
        Constant(16).with_warmup(3),
    ],
    ids=lambda size: type(size).__name__,  # a function's own text differs from process to process
)
def test_another_schedule_is_none(size):
    with pytest.raises(
        ValueError,
        match=r"^`batch_size` must be a whole number, or a schedule that is constant between its milestones, such as ",
    ):
        Clock(batch_size=size)


REFUSED = {
    "batch_size=0": "`batch_size` must be > 0, got 0.",
    "batch_size=1.5": "`batch_size` must be a whole number, got 1.5.",
    "batch_size=PiecewiseConstant((4, 4.5), milestones=(8,))": "`batch_size` must be a whole number > 0 at every time"
    " (at 8), got 4.5.",
    "batch_size=Constant(0)": "`batch_size` must be a whole number > 0 at every time (at 0), got 0.0.",
    "updates_per_epoch=-3": "`updates_per_epoch` must be > 0, got -3.",
    "updates=2.5": "`updates` must be a whole number, got 2.5.",
    "epochs=0, updates_per_epoch=3": "`epochs` must be > 0, got 0.",
    "updates=3, samples=4": "`samples` must be left out where `updates` is given, got 4.",
    "tokens=3, batch_size=4": "`tokens_per_sample` is needed for tokens.",
    "tokens=3": "`batch_size` is needed for tokens.",
    "samples=3": "`batch_size` is needed for samples.",
    "epochs=3": "`updates_per_epoch` or `samples_per_epoch` is needed for epochs.",
    "samples_per_epoch=3": "`batch_size` is needed with `samples_per_epoch`.",
    "tokens_per_sample=3": "`batch_size` is needed with `tokens_per_sample`.",
    "batch_size=3, drop_last=True": "`samples_per_epoch` is needed with `drop_last`.",
    "batch_size=3, batch_unit='tokens'": "`tokens_per_sample` is needed for tokens.",
    "batch_size=30, samples_per_epoch=20, drop_last=True": "`batch_size` must be <= `samples_per_epoch`, which is 20,"
    " with `drop_last`, got 30.",
    "batch_size=3, samples_per_epoch=20, updates_per_epoch=6": "`updates_per_epoch` must be 7, as `samples_per_epoch`"
    " and `batch_size` say, got 6.",
    "batch_size=3, batch_unit='epochs'": "`batch_unit` must be one of 'samples', 'tokens', 'updates', got 'epochs'.",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_makes_no_clock_is_refused_by_name(arguments):
    with pytest.raises(ValueError, match=f"^{re.escape(REFUSED[arguments])}$"):
        eval(f"Clock({arguments})")


def test_what_is_no_number_is_refused_by_name():
    for name in ("batch_size", "updates", "epochs", "samples_per_epoch"):
        for value in ("3", True, [3]):
            with pytest.raises(TypeError, match=f"^`{name}` must be "):
                Clock(**{name: value})


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda c: c.tokens_at(3), "`batch_size` is needed for tokens."),
        (lambda c: c.samples_at(3), "`batch_size` is needed for samples."),
        (lambda c: c.batch_at(3), "`batch_size` is needed for the size of a batch."),
        (lambda c: c.epochs_at(3), "`updates_per_epoch` or `samples_per_epoch` is needed for epochs."),
        (lambda c: c.share_at(3), "`updates`, `samples`, `tokens` or `epochs` is needed for a share of the run."),
        (lambda c: c.steps(), "`updates`, `samples`, `tokens` or `epochs` is needed for the whole run."),
        (lambda c: c.steps(epochs=1), "`updates_per_epoch` or `samples_per_epoch` is needed for epochs."),
        (lambda c: Constant(1).on(c, "tokens"), "`batch_size` is needed for tokens."),
        (lambda c: c.steps(updates=1, share=0.5), "`share` must be left out where `updates` is given, got 0.5."),
        (lambda c: c.steps(updates=-1), "`updates` must be >= 0, got -1."),
    ],
)
def test_what_a_clock_does_not_know_is_refused_by_name(ask, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        ask(Clock())


@pytest.mark.parametrize(
    "clock",
    [
        Clock(batch_size=1000, samples=10_001),
        Clock(batch_size=1000, samples=1e300),
        Clock(batch_size=7, samples_per_epoch=10**25 + 7, epochs=2),
        Clock(batch_size=7, samples_per_epoch=10**12 + 7, drop_last=True, epochs=1 / 3),
        Clock(updates=3e17),
    ],
)
def test_an_array_of_shares_is_right_whatever_the_numbers(clock):
    t = [0, 1, 2.5, 7, 10**6, 10**15, 2**61, 2**62]
    np.testing.assert_allclose(clock.share_at(t), [clock.share_at(x) for x in t], rtol=1e-15)
    if clock.samples_per_epoch is not None:
        np.testing.assert_allclose(clock.epochs_at(t), [clock.epochs_at(x) for x in t], rtol=1e-15)


@pytest.mark.parametrize("method", ["samples_at", "tokens_at", "epochs_at", "share_at", "batch_at"])
def test_a_time_is_read_as_schedules_read_it(method):
    at = getattr(Clock(batch_size=3, samples_per_epoch=10, tokens_per_sample=2, epochs=1), method)
    assert at(np.array(2)) == at(2)
    assert type(at(np.array(2))) is type(at(2))
    with pytest.raises(ValueError, match=r"^`t` must be of one length in each dimension, got \[\[1\], \[2, 3\]\]\.$"):
        at([[1], [2, 3]])
    with pytest.raises(OverflowError, match=r"^`t` must be small enough for 64-bit integers, got "):
        at([2**64])


def test_amounts_are_of_the_kinds_that_are_said():
    clock = Clock(batch_size=3, samples_per_epoch=10, tokens_per_sample=2, epochs=1)
    for at in (clock.samples_at, clock.tokens_at, clock.batch_at):
        assert [type(at(t)) for t in (0, 2, 2.0, np.float32(2))] == [int] * 4
        for t in ([0, 2], range(3), np.array([2], np.uint8), np.array([[2**40]])):
            assert at(t).dtype == np.int64
    assert (clock.samples_at(2.5), type(clock.samples_at(2.25))) == (7.5, float)
    assert clock.samples_at([0.0, 2.0]).dtype == clock.tokens_at([0.5]).dtype == np.float64
    assert clock.batch_at([0.0, 3.5]).dtype == np.int64
    assert [clock.batch_at(t) for t in (2.5, 3, 3.99)] == [3, 1, 1]
    for at in (clock.epochs_at, clock.share_at):
        assert [type(at(t)) for t in (0, 2, 2.5)] == [float] * 3
        assert at([0, 2]).dtype == np.float64
    assert [clock.steps(updates=t) for t in (0, 1, 1.5, 2**70)] == [0, 1, 2, 2**70]


def test_what_a_float_cannot_hold_is_refused_by_name():
    clock = Clock(batch_size=3**630, tokens_per_sample=10**9 + 7)
    assert clock.tokens_at(2**40) == 2**40 * 3**630 * (10**9 + 7)
    with pytest.raises(OverflowError, match=r"^`t` must be small enough for tokens within the float range, got 10995"):
        clock.tokens_at(2**40 + 0.25)
    with pytest.raises(OverflowError, match=r"^`t` must be small enough for 64-bit integers, got 1\.$"):
        clock.tokens_at([0, 1])


@pytest.mark.parametrize("method", ["samples_at", "tokens_at", "epochs_at", "share_at", "batch_at"])
def test_a_bad_time_is_refused_by_name(method):
    at = getattr(Clock(batch_size=3, samples_per_epoch=10, tokens_per_sample=2, epochs=1), method)
    for t, kind in itertools.product(
        [lambda x: x, lambda x: [0, x], lambda x: np.array([0, x])], [-1, float("nan"), float("inf")]
    ):
        with pytest.raises(ValueError, match=r"^`t` must be "):
            at(t(kind))
    for t in ("3", True, 1j, ["3"], np.array([True]), None):
        with pytest.raises(TypeError, match=r"^`t` must be "):
            at(t)
