"""Hypothesis strategies: `schedules()` builds every public schedule, nested. A new schedule joins here."""

import operator

from hypothesis import assume, reject
from hypothesis import strategies as st

from lrsched_core import (
    Clock,
    Constant,
    Cosine,
    CosinePower,
    Exponential,
    ExponentialHyperbolic,
    Factor,
    Geometric,
    Hyperbolic,
    Interpolated,
    InverseTime,
    Linear,
    Logarithmic,
    MultiFactor,
    Noise,
    NormalizedExponential,
    PiecewiseConstant,
    Polynomial,
    Power,
    PowerDecay,
    RAdam,
    Rex,
    Saturating,
    Sequence,
    SquareRoot,
    Tanh,
    maximum,
    minimum,
)
from lrsched_core._value.shapes import SHAPES

# Rates that people use, and 0: products of several stay far from the ends of the float range.
positive_rates = st.floats(1e-10, 10.0)
rates = st.just(0.0) | positive_rates
# JAX, which has no float64 unless told so, cannot count fractional periods: a choice of whole ones for all runtimes.
periods = st.integers(1, 10**6)
durations = st.integers(1, 10**6) | st.floats(0.25, 1e6)
# TensorFlow takes subnormal numbers for 0.
moments = st.integers(0, 10**6) | st.floats(1e-9, 1e6)
small_powers = st.sampled_from([0.5, 1.0, 2.0]) | st.floats(0.4, 2.5)
powers = st.sampled_from([0.5, 1.0, 2.0, 3.0]) | st.floats(0.1, 8.0)
ratios = st.sampled_from([0.5, 0.1, 0.01]) | st.floats(1e-6, 0.999)
times = st.integers(0, 2 * 10**6) | st.floats(0.0, 2e6, allow_subnormal=False) | st.integers(0, 10**15)


def ramps():
    """Schedules that go from `base_lr` to `final_lr` in `steps`, then hold."""
    return st.one_of(
        st.builds(Linear, rates, rates, steps=durations),
        st.builds(Cosine, rates, rates, steps=durations),
        st.builds(Polynomial, rates, rates, steps=durations, power=powers),
        st.builds(Power, rates, rates, steps=durations, power=powers),
        # Greater powers of a sine multiply what float32 rounds; the class says how far.
        st.builds(CosinePower, rates, rates, steps=durations, power=st.floats(0.5, 1.25)),
        st.builds(CosinePower, rates, rates, steps=durations, time_power=st.sampled_from([0.5, 1.0, 2.0])),
        st.builds(Polynomial, rates, rates, steps=durations, power=small_powers, time_power=small_powers),
        st.builds(Geometric, positive_rates, positive_rates, steps=durations),
        st.builds(NormalizedExponential, rates, rates, steps=durations, ratio=ratios),
        st.builds(Tanh, rates, rates, steps=durations, lower=st.floats(-9.0, 0.0), upper=st.floats(0.25, 9.0)),
        st.builds(Rex, rates, rates, steps=durations),
        st.builds(Logarithmic, rates, rates, steps=durations),
        hyperbolas(Hyperbolic, rates),
        hyperbolas(ExponentialHyperbolic, st.floats(0.01, 1.0)),
    )


@st.composite
def hyperbolas(draw, kind, rates):
    """A hyperbola whose upper bound is not below its steps."""
    steps = draw(durations)
    return kind(draw(rates), draw(rates), steps=steps, upper_bound=steps * draw(st.integers(1, 10)))


def leaves():
    """Schedules that contain no other."""
    return st.one_of(
        st.builds(Constant, rates),
        st.builds(Factor, rates, st.floats(0.1, 1.0), every=durations, stop_factor_lr=rates),
        st.builds(
            MultiFactor,
            rates,
            st.floats(0.1, 1.5),
            milestones=st.lists(moments, max_size=6).map(sorted),
        ),
        piecewise(PiecewiseConstant),
        interpolated(),
        st.builds(SquareRoot, rates),
        st.builds(InverseTime, rates, st.floats(1e-6, 10.0), every=durations),
        st.builds(PowerDecay, rates, small_powers, timescale=durations),
        st.builds(Exponential, rates, st.floats(0.01, 1.0), every=durations),
        st.builds(Saturating, rates, timescale=durations),
        st.builds(RAdam, rates, beta2=st.sampled_from([0.9, 0.95, 0.98, 0.99, 0.999, 0.9999])),
        st.builds(Noise, st.floats(0.0, 0.9), seed=st.integers(0, 2**70), every=periods),
        ramps(),
    )


@st.composite
def piecewise(draw, kind):
    """Values, and the times between them."""
    values = draw(st.lists(rates, min_size=1, max_size=7))
    return kind(values, milestones=sorted(draw(moments) for _ in values[1:]))


@st.composite
def interpolated(draw):
    """Values at times."""
    values = draw(st.lists(rates, min_size=1, max_size=7))
    milestones = sorted(draw(st.integers(0, 10**6)) for _ in values)
    shape = draw(st.sampled_from(["linear", "linear", "cosine", "constant"]))
    return Interpolated(values, milestones=milestones, shape=shape)


@st.composite
def warmed_up(draw, inner):
    """A schedule with a warmup of any shape."""
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


def growing(schedule, every, growth, decay):
    """A repetition whose cycles grow, unless there are too many pieces in them."""
    try:
        return schedule.repeat(every, growth=growth, decay=decay)
    except ValueError as error:
        if "of at most 100000 pieces" not in str(error):
            raise
        reject()


@st.composite
def clocks(draw):
    """The clock of a run, which knows all units but tokens."""
    sizes = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=4))
    return Clock(
        batch_size=PiecewiseConstant(sizes, milestones=sorted(draw(st.integers(0, 10**6)) for _ in sizes[1:])),
        samples_per_epoch=draw(st.none() | st.integers(1000, 10**6)),
        samples=draw(st.integers(1, 10**6)),
    )


def on_other_clocks(inner):
    """A schedule that is late, early, slow, stepped or repeated."""
    return st.one_of(
        st.builds(lambda s, n: s.delay(n), inner, moments),
        st.builds(lambda s, n: s.advance(n), inner, moments),
        st.builds(lambda s, k: s.stretch(k), inner, st.integers(1, 1000) | st.floats(0.25, 1000)),
        st.builds(lambda s, clock, unit: s.on(clock, unit), inner, clocks(), st.sampled_from(["samples", "share"])),
        st.builds(lambda s, every: s.staircase(every), inner, periods),
        st.builds(
            lambda s, every, decay: s.repeat(every, decay=decay), inner, periods, st.just(1.0) | st.floats(0.5, 1)
        ),
        st.builds(
            growing,
            inner,
            periods,
            st.integers(2, 5) | st.floats(1.5, 3),
            st.floats(0.5, 1),
        ),
    )


def pointwise(inner):
    """Operations on values; a difference is not among them, since it may be negative."""
    return st.one_of(
        st.builds(operator.add, inner, inner | rates),
        st.builds(operator.mul, rates | inner, inner),
        st.builds(operator.truediv, inner, st.floats(0.1, 10)),
        st.builds(minimum, inner, inner | rates),
        st.builds(maximum, inner, inner, inner | rates),
        st.builds(lambda s, limits: s.clip(*sorted(limits)), inner, st.tuples(rates, rates)),
    )


def operators(inner):
    """A schedule made of schedules."""
    return warmed_up(inner) | sequences(inner) | on_other_clocks(inner) | pointwise(inner)


def schedules(max_leaves=8):
    """Every public schedule, nested."""
    return st.recursive(leaves(), operators, max_leaves=max_leaves)


@st.composite
def nested(draw, depth):
    """A schedule under so many operators, one within the other."""
    schedule = draw(leaves())
    for _ in range(depth):
        schedule = draw(operators(st.just(schedule)))
    return schedule
