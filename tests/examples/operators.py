"""What the methods and operators of a schedule give. Hypothesis makes each of a strategy for what is within."""

import operator

from hypothesis import assume, reject
from hypothesis import strategies as st
from mpmath import mp, mpf

from examples.draws import durations, moments, periods, rates
from examples.example import Example
from examples.reference import exact, limit, written
from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    Factor,
    Linear,
    MultiFactor,
    PiecewiseConstant,
    Polynomial,
    Sequence,
    SquareRoot,
    maximum,
    minimum,
)

LAST = 2**31 - 1
# What an operation on two numbers adds.
ONE = 2.0**-53
WARM = Cosine(0.3, 0.01, steps=4).with_warmup(3)
LINE = Linear(1.0, steps=4)
ROOT = SquareRoot(6.0)


def within(schedule):
    """How far the schedule within may be missed."""
    return limit(schedule.schedule)


def largest(schedule):
    """How far the worst of those within may be missed."""
    return max(map(limit, schedule.schedules))


# Drawn


@st.composite
def warmed_up(draw, inner):
    """A schedule with a warmup of any shape."""
    from lrsched_core._value.shapes import SHAPES

    schedule, steps, delay = draw(inner), draw(durations), draw(st.booleans())
    shape = draw(st.sampled_from(list(SHAPES)))
    start = draw(rates)
    if shape == "exponential":
        # A ratio that float32 can hold, too.
        assume(start > 0 and schedule(0 if delay else steps) > 1e-20)
    return schedule.with_warmup(steps, start=start, shape=shape, delay=delay)


@st.composite
def sequences(draw, inner):
    """Schedules one after the other."""
    schedules = draw(st.lists(inner, min_size=1, max_size=7))
    milestones = sorted(draw(moments) for _ in schedules[1:])
    return Sequence(schedules, milestones=milestones)


@st.composite
def clocks(draw):
    """The clock of a run, which knows all units but tokens."""
    sizes = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=4))
    return Clock(
        batch_size=PiecewiseConstant(sizes, milestones=sorted(draw(st.integers(0, 10**6)) for _ in sizes[1:])),
        samples_per_epoch=draw(st.none() | st.integers(1000, 10**6)),
        samples=draw(st.integers(1, 10**6)),
    )


def growing(schedule, every, growth, decay):
    """A repetition whose cycles grow, unless there are too many pieces in them."""
    try:
        return schedule.repeat(every, growth=growth, decay=decay)
    except ValueError as error:
        if "of at most 100000 pieces" not in str(error):
            raise
        reject()


def repeated(inner):
    """Cycles of one length, or longer and longer."""
    decays = st.just(1.0) | st.floats(0.5, 1)
    return st.builds(lambda s, every, decay: s.repeat(every, decay=decay), inner, periods, decays) | st.builds(
        growing, inner, periods, st.integers(2, 5) | st.floats(1.5, 3), st.floats(0.5, 1)
    )


# References


def warmup(schedule, t):
    """A straight line to the value where the schedule takes over; other shapes are those of the ramps."""
    steps, within = schedule.steps, schedule.schedule
    if t >= steps:
        return exact(within, t - written(steps) if schedule.delayed else t)
    assert schedule.shape == "linear"
    return exact(Linear(schedule.start, within(0 if schedule.delayed else steps), steps=steps), t)


def sequence(schedule, t):
    """The one whose turn it is, on its own clock."""
    i = sum(1 for milestone in schedule.milestones if milestone <= t)
    return exact(schedule.schedules[i], t - written(schedule.milestones[i - 1]) if i else t)


def repeat(schedule, t):
    """The cycle that `t` is in, found by counting or, where all are as long, by division."""
    every, slower, n = written(schedule.every), mpf(1), 0
    if schedule.growth == 1:
        n = int(mp.floor(t / every))
        t -= n * every
    else:
        while t >= every * slower:
            t, slower, n = t - every * slower, slower * written(schedule.growth), n + 1
    return exact(schedule.schedule, t / slower) * mpf(schedule.decay) ** n


def on(schedule, t):
    """At what is consumed of a run whose epochs are all as long."""
    clock = schedule.clock
    epochs = min(t / clock.updates_per_epoch, mpf(clock.epochs))
    return exact(schedule.schedule, {"epochs": epochs, "share": epochs / clock.epochs}[schedule.unit])


EPOCHS = Clock(updates_per_epoch=4, epochs=4)

EXAMPLES = {
    "WithWarmup": Example(
        trained=WARM,
        drawn=warmed_up,
        by_hand={
            LINE.with_warmup(2): {0: 0.0, 1: 0.5, 2: 1.0, 3: 0.75, 5: 0.25, 6: 0.0, 7: 0.0},
            LINE.with_warmup(2, start=0.1, delay=False): {0: 0.1, 1: 0.3, 2: 0.5, 3: 0.25, 4: 0.0, 5: 0.0},
            Constant(16.0).with_warmup(4, start=1.0, shape="exponential"): {0: 1.0, 1: 2.0, 3: 8.0, 4: 16.0, 5: 16.0},
            Constant(1.0).with_warmup(4, start=1e-4, shape="exponential"): {0: 1e-4, 1: 1e-3, 2: 1e-2, 3: 0.1, 4: 1.0},
            Constant(0.4).with_warmup(3, start=0.1, shape="constant"): {0: 0.1, 2: 0.1, 2.999: 0.1, 3: 0.4, 4: 0.4},
            Constant(0.4).with_warmup(4, shape="cosine"): {0: 0.0, 1: 0.058578643762690494, 2: 0.2, 4: 0.4},
            # From above zero, and from above its goal.
            Constant(0.5).with_warmup(4, start=0.25): {0: 0.25, 2: 0.375, 4: 0.5},
            Constant(0.25).with_warmup(4, start=0.5): {0: 0.5, 2: 0.375, 4: 0.25},
            # What is not delayed keeps its clock; the ramp aims at where it is by then, be that after its end.
            MultiFactor(1.0, 0.5, milestones=(3,)).with_warmup(2): {1: 0.5, 2: 1.0, 3: 1.0, 4: 1.0, 5: 0.5, 6: 0.5},
            MultiFactor(1.0, 0.5, milestones=(3,)).with_warmup(2, delay=False): {1: 0.5, 2: 1.0, 3: 0.5, 4: 0.5},
            LINE.with_warmup(2, delay=False): {0: 0.0, 1: 0.25, 2: 0.5, 3: 0.25, 4: 0.0, 5: 0.0},
            Linear(1.0, 0.5, steps=2).with_warmup(4, delay=False): {1: 0.125, 2: 0.25, 3: 0.375, 4: 0.5, 5: 0.5},
            # Of fractional length, and warmed up again.
            Cosine(0.3, 0.01, steps=9.7).with_warmup(0.5): {0.5: 0.3, 0.5 + 9.7: 0.01},
            # A fractional milestone is not moved by a shift.
            Constant(0.1).then(Constant(0.2), at=1e-100).with_warmup(1): {1: 0.1, 1.0000000000000002: 0.2},
            Constant(0.4).with_warmup(2, start=0.2).with_warmup(2): {0: 0.0, 1: 0.1, 2: 0.2, 3: 0.3, 4: 0.4, 5: 0.4},
        },
        exact=warmup,
        measured=[
            Cosine(0.3, 0.01, steps=90_000).with_warmup(10_000),
            Cosine(0.3, steps=9.7).with_warmup(0.1),
            Polynomial(0.3, steps=10**6, power=1.5).with_warmup(1000.5),
        ],
        limit=within,
        tensors=[
            Cosine(0.3, 0.01, steps=15).with_warmup(5),
            Linear(0.4, steps=9).with_warmup(4, start=0.01, shape="exponential"),
            Cosine(0.3, steps=100).with_warmup(20, delay=False, shape="constant", start=0.1),
        ],
        wide=[Cosine(0.1, steps=2**33).with_warmup(2**30), Linear(0.1, steps=LAST).with_warmup(1000.25)],
        rates="start",
        others="schedule steps shape delayed",
        refused={"`steps` must be >= 0, got -1.": lambda: LINE.with_warmup(-1)},
    ),
    "Sequence": Example(
        trained=Linear(0.5, 0.1, steps=3).then(Factor(0.3, 0.9), at=3),
        drawn=sequences,
        by_hand={
            LINE.then(Factor(0.5, 0.5), at=2): {0: 1.0, 1: 0.75, 2: 0.5, 3: 0.25, 4: 0.125},
            Sequence((LINE, LINE, Constant(0.1)), milestones=(1, 3.5)): {0: 1.0, 1: 1.0, 3: 0.5, 3.5: 0.1, 4: 0.1},
            LINE.then(Linear(1.0, steps=2), at=3): {0: 1.0, 1: 0.75, 2: 0.5, 3: 1.0, 4: 0.5, 5: 0.0, 6: 0.0},
            Sequence([Cosine(0.3, steps=2)], milestones=()): {0: 0.3, 1: 0.15, 2: 0.0, 3: 0.0},
            # One that has no time of its own is passed over.
            Sequence((Constant(0.1), Constant(0.2), Constant(0.3)), milestones=(5, 5)): {4: 0.1, 5: 0.3, 6: 0.3},
            Constant(0.1).then(Constant(0.2), at=0): {0: 0.2},
        },
        exact=sequence,
        measured=[Sequence((WARM, Cosine(0.1, steps=9), SquareRoot(0.1)), milestones=(5, 10**6 + 0.5))],
        limit=largest,
        tensors=[Cosine(0.3, 0.1, steps=9).then(Linear(0.1, steps=30.5), at=9.5).then(Factor(0.3, 0.99), at=100)],
        wide=[Linear(0.1, 0.01, steps=2**30).then(Cosine(0.01, steps=2**30), at=2**30 + 1)],
        others="schedules milestones",
        refused={"`schedules` must be at least one schedule, got ().": lambda: Sequence([], milestones=())},
    ),
    "Delay": Example(
        trained=Factor(0.5, 0.9).delay(2),
        drawn=lambda inner: st.builds(lambda s, n: s.delay(n), inner, moments),
        by_hand={LINE.delay(2): {0: 1.0, 1: 1.0, 2: 1.0, 3: 0.75, 5: 0.25, 6: 0.0, 7: 0.0}},
        exact=lambda s, t: exact(s.schedule, max(t - written(s.steps), 0)),
        measured=[Cosine(0.3, steps=1000).delay(17), SquareRoot(0.1).delay(10**9), Linear(0.1, steps=9).delay(2.5)],
        limit=within,
        tensors=[Cosine(0.3, steps=30).delay(2.5)],
        wide=[SquareRoot(0.1).delay(2**30 + 7)],
        positive="steps",
        others="schedule",
    ),
    "Advance": Example(
        trained=Factor(0.5, 0.9).advance(2),
        drawn=lambda inner: st.builds(lambda s, n: s.advance(n), inner, moments),
        by_hand={LINE.advance(1): {0: 0.75, 1: 0.5, 2: 0.25, 3: 0.0, 4: 0.0}},
        exact=lambda s, t: exact(s.schedule, t + written(s.steps)),
        measured=[Cosine(0.3, steps=1000).advance(17), SquareRoot(0.1).advance(10**9)],
        limit=within,
        tensors=[Cosine(0.3, steps=30).advance(2.5)],
        wide=[SquareRoot(0.1).advance(2**30 + 7), Factor(0.1, 0.999, every=12345).advance(2**30 + 7)],
        positive="steps",
        others="schedule",
    ),
    "Stretch": Example(
        trained=Linear(0.5, steps=5).stretch(2),
        drawn=lambda inner: st.builds(lambda s, k: s.stretch(k), inner, st.integers(1, 1000) | st.floats(0.25, 1000)),
        by_hand={LINE.stretch(2): {0: 1.0, 1: 0.875, 2: 0.75, 7: 0.125, 8: 0.0, 9: 0.0}},
        exact=lambda s, t: exact(s.schedule, t / written(s.k)),
        measured=[Cosine(0.3, steps=90).stretch(391), SquareRoot(0.1).stretch(2.5), Cosine(0.3, steps=90).stretch(0.5)],
        limit=within,
        tensors=[Cosine(0.3, 0.01, steps=20).stretch(7)],
        wide=[Cosine(0.1, steps=10**6).stretch(391)],
        positive="k",
        others="schedule",
    ),
    "Staircase": Example(
        trained=Linear(0.5, steps=9).staircase(2),
        drawn=lambda inner: st.builds(lambda s, every: s.staircase(every), inner, periods),
        by_hand={LINE.staircase(2): {0: 1.0, 1: 1.0, 2: 0.5, 3: 0.5, 4: 0.0, 5: 0.0}},
        exact=lambda s, t: exact(s.schedule, mp.floor(t / written(s.every)) * written(s.every)),
        measured=[Cosine(0.3, steps=10**6).staircase(391), SquareRoot(0.1).staircase(2.5)],
        limit=within,
        tensors=[Cosine(0.3, 0.01, steps=20).stretch(7).staircase(7)],
        wide=[Polynomial(0.1, steps=10**6).stretch(391).staircase(391)],
        positive="every",
        others="schedule",
    ),
    "Repeat": Example(
        trained=Linear(0.5, 0.1, steps=3).repeat(3, decay=0.5),
        drawn=repeated,
        by_hand={
            LINE.repeat(4, decay=0.5): {0: 1.0, 1: 0.75, 3: 0.25, 4: 0.5, 5: 0.375, 8: 0.25, 9: 0.1875},
            LINE.repeat(4, growth=2): {0: 1.0, 1: 0.75, 3: 0.25, 4: 1.0, 8: 0.5, 11: 0.125, 12: 1.0, 13: 0.9375},
        },
        exact=repeat,
        measured=[
            Cosine(0.3, steps=1000).repeat(1000),
            Cosine(0.3, 0.01, steps=70).repeat(77, decay=0.999),
            Cosine(0.3, 0.01, steps=70).repeat(70, growth=2, decay=0.9),
        ],
        # The height of a cycle is a power of the decay.
        limit=lambda s: within(s) + (0.0 if s.decay == 1 else 2 * ONE),
        tensors=[
            Cosine(0.3, steps=15).with_warmup(5).repeat(20, decay=0.9),
            Cosine(0.3, 0.01, steps=10).repeat(10, growth=2),
            # Its last bounds exceed 64 bits.
            minimum(Cosine(0.3, 0.01, steps=10), Linear(0.3, steps=20)).repeat(1, growth=2),
        ],
        wide=[
            Cosine(0.1, steps=1000).repeat(1000),
            Cosine(0.1, steps=2**29).with_warmup(2**29).repeat(2**30, decay=0.5),
            Cosine(0.1, steps=10).repeat(10, growth=3),
        ],
        positive="every decay",
        others="schedule growth",
        refused={"`growth` must be 1, or >= 1.01, got 0.5.": lambda: LINE.repeat(4, growth=0.5)},
    ),
    "On": Example(
        trained=Linear(0.5, steps=4).on(EPOCHS, "epochs"),
        drawn=lambda inner: st.builds(
            lambda s, clock, unit: s.on(clock, unit), inner, clocks(), st.sampled_from(["samples", "share"])
        ),
        by_hand={LINE.on(EPOCHS, "epochs"): {0: 1.0, 1: 0.9375, 4: 0.75, 15: 0.0625, 16: 0.0, 17: 0.0}},
        exact=on,
        measured=[
            Cosine(0.3, steps=30).on(Clock(updates_per_epoch=391, epochs=30), "epochs"),
            Cosine(0.3, 0.1, steps=1).on(Clock(updates_per_epoch=77, epochs=9), "share"),
        ],
        limit=within,
        tensors=[
            Cosine(0.3, 0.01, steps=30).on(Clock(updates_per_epoch=16, epochs=30), "epochs"),
            Cosine(0.3, steps=900).on(Clock(batch_size=3, samples_per_epoch=77, epochs=30), "samples"),
        ],
        wide=[Cosine(0.1, steps=90).on(Clock(updates_per_epoch=2**24 + 1, epochs=90), "epochs")],
        others="schedule clock unit",
        refused={
            "`unit` must be one of 'samples', 'tokens', 'epochs', 'share', got 'days'.": lambda: LINE.on(EPOCHS, "days")
        },
    ),
    "Sum": Example(
        trained=Linear(0.5, steps=5) + Factor(0.1, 0.9),
        drawn=lambda inner: st.builds(operator.add, inner, inner | rates),
        by_hand={LINE + 0.5: {0: 1.5, 1: 1.25, 3: 0.75, 4: 0.5, 5: 0.5}, LINE + ROOT: {0: 7.0, 3: 3.25, 8: 2.0}},
        exact=lambda s, t: sum(exact(each, t) for each in s.schedules),
        measured=[Cosine(0.3, steps=1000) + 0.01, Linear(0.1, steps=9) + SquareRoot(0.1) + Cosine(0.3, steps=77)],
        limit=lambda s: largest(s) + (len(s.schedules) - 1) * ONE,
        tensors=[SquareRoot(0.1) * Linear(0.0, 1.0, steps=10) + 0.01],
        wide=[Linear(0.1, steps=LAST) + SquareRoot(0.1)],
        others="schedules",
    ),
    "Difference": Example(
        trained=Constant(0.5) - Linear(0.3, steps=5),
        # Half of it is taken off, so that the difference is not below 0.
        drawn=lambda inner: st.builds(lambda s: s - s / 2, inner),
        by_hand={1.5 - LINE: {0: 0.5, 1: 0.75, 3: 1.25, 4: 1.5, 5: 1.5}, ROOT - 1.0: {0: 5.0, 3: 2.0, 35: 0.0}},
        exact=lambda s, t: exact(s.schedule, t) - exact(s.less, t),
        # Apart from each other: what is near is as exact as its operands allow.
        measured=[Constant(1.0) - Cosine(0.3, steps=1000), Linear(0.9, 0.5, steps=77) - SquareRoot(0.1)],
        limit=lambda s: 2 * (limit(s.schedule) + limit(s.less)) + ONE,
        tensors=[Constant(0.5) - Cosine(0.3, steps=15)],
        wide=[Constant(0.5) - Cosine(0.1, steps=LAST)],
        others="schedule less",
    ),
    "Product": Example(
        trained=Linear(0.5, 0.1, steps=5) * Factor(1.0, 0.9),
        drawn=lambda inner: st.builds(operator.mul, rates | inner, inner),
        by_hand={2 * LINE: {0: 2.0, 1: 1.5, 3: 0.5, 4: 0.0, 5: 0.0}, LINE * ROOT: {0: 6.0, 3: 0.75, 8: 0.0}},
        exact=lambda s, t: mp.fprod(exact(each, t) for each in s.schedules),
        measured=[SquareRoot(0.1) * Linear(0.0, 1.0, steps=1000), 0.3 * Cosine(0.3, steps=77)],
        limit=lambda s: sum(map(limit, s.schedules)) + (len(s.schedules) - 1) * ONE,
        tensors=[SquareRoot(0.1) * Linear(0.0, 1.0, steps=10)],
        wide=[Linear(0.1, steps=LAST) * Linear(0.0, 1.0, steps=2**30)],
        others="schedules",
    ),
    "Quotient": Example(
        trained=Linear(0.5, 0.1, steps=5) / 2,
        drawn=lambda inner: st.builds(operator.truediv, inner, st.floats(0.1, 10)),
        by_hand={LINE / 4: {0: 0.25, 1: 0.1875, 3: 0.0625, 4: 0.0, 5: 0.0}},
        exact=lambda s, t: exact(s.schedule, t) / mpf(s.divisor),
        measured=[Cosine(0.3, steps=1000) / 3, SquareRoot(0.1) / 0.7],
        limit=lambda s: within(s) + ONE,
        tensors=[Cosine(0.3, steps=15) / 3],
        wide=[Cosine(0.3, steps=LAST) / 3],
        positive="divisor",
        others="schedule",
    ),
    "Minimum": Example(
        trained=minimum(Linear(0.5, 0.1, steps=5), 0.3),
        drawn=lambda inner: st.builds(minimum, inner, inner | rates),
        by_hand={minimum(LINE, 0.5): {0: 0.5, 1: 0.5, 2: 0.5, 3: 0.25, 4: 0.0, 5: 0.0}},
        exact=lambda s, t: min(exact(each, t) for each in s.schedules),
        measured=[minimum(SquareRoot(0.3), Linear(0.3, steps=300), Constant(0.1))],
        limit=largest,
        tensors=[minimum(SquareRoot(0.3), Linear(0.3, steps=300)).delay(5).clip(0.01, 0.2)],
        wide=[minimum(SquareRoot(0.3), Linear(0.1, steps=LAST))],
        others="schedules",
    ),
    "Maximum": Example(
        trained=maximum(Linear(0.5, 0.1, steps=5), 0.3),
        drawn=lambda inner: st.builds(maximum, inner, inner, inner | rates),
        by_hand={maximum(LINE, 0.5, LINE.delay(1)): {0: 1.0, 1: 1.0, 2: 0.75, 3: 0.5, 4: 0.5, 5: 0.5}},
        exact=lambda s, t: max(exact(each, t) for each in s.schedules),
        measured=[maximum(SquareRoot(0.3), Linear(0.3, steps=300), Constant(0.1))],
        limit=largest,
        tensors=[maximum(SquareRoot(0.3), Linear(0.3, steps=300), Constant(0.05))],
        wide=[maximum(SquareRoot(0.3), Linear(0.1, steps=LAST))],
        others="schedules",
    ),
    "Clip": Example(
        trained=Linear(0.5, 0.1, steps=5).clip(0.15, 0.4),
        drawn=lambda inner: st.builds(lambda s, limits: s.clip(*sorted(limits)), inner, st.tuples(rates, rates)),
        by_hand={LINE.clip(0.3, 0.8): {0: 0.8, 1: 0.75, 2: 0.5, 3: 0.3, 4: 0.3, 5: 0.3}},
        exact=lambda s, t: min(max(exact(s.schedule, t), mpf(s.low)), mpf(s.high)),
        measured=[Cosine(0.3, steps=1000).clip(0.01, 0.2)],
        limit=within,
        tensors=[Cosine(0.3, steps=100).clip(0.01, 0.2)],
        wide=[Cosine(0.3, steps=LAST).clip(0.01, 0.2)],
        rates="low high",
        others="schedule",
    ),
}
