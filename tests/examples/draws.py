"""Numbers as Hypothesis draws them, and what is drawn around several schedules."""

from hypothesis import strategies as st

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


@st.composite
def hyperbolas(draw, kind, rates):
    """A hyperbola whose upper bound is not below its steps."""
    steps = draw(durations)
    return kind(draw(rates), draw(rates), steps=steps, upper_bound=steps * draw(st.integers(1, 10)))


@st.composite
def piecewise(draw, kind):
    """Values, and the times between them."""
    values = draw(st.lists(rates, min_size=1, max_size=7))
    return kind(values, milestones=sorted(draw(moments) for _ in values[1:]))


@st.composite
def interpolated(draw, kind):
    """Values at times."""
    values = draw(st.lists(rates, min_size=1, max_size=7))
    milestones = sorted(draw(st.integers(0, 10**6)) for _ in values)
    shape = draw(st.sampled_from(["linear", "linear", "cosine", "constant"]))
    return kind(values, milestones=milestones, shape=shape)


@st.composite
def lows_and_highs(draw, build, **options):
    """A recipe between two rates."""
    low, high = sorted((draw(rates), draw(rates)))
    return build(low, high, **{name: draw(strategy) for name, strategy in options.items()})
