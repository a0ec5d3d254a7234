"""Formulas as the documentation has them, with 120 digits, and the schedules that are held against them."""

from mpmath import mp, mpf

mp.dps = 120


def exact(schedule, t):
    """The value at a time, by the reference of its class."""
    import examples  # the table, which is made of what stands here

    return examples.EXAMPLES[type(schedule).__name__].exact(schedule, mpf(t))


def written(time):
    """A duration, as it is written."""
    return mpf(repr(time))


def share(schedule, t):
    """What is left of a ramp."""
    return (written(schedule.steps) - t) / written(schedule.steps)


def gone(schedule, t):
    """What has gone by of a ramp."""
    return min(t / written(schedule.steps), 1)


def ramp(weight):
    """A formula between two rates, of the weight of the first."""

    def value(schedule, t):
        base, final = mpf(schedule.base_lr), mpf(schedule.final_lr)
        return final + (base - final) * weight(schedule, t) if t < schedule.steps else final

    return value


def hyperbola(schedule, t):
    """The weight of a hyperbola."""
    n, bound = written(schedule.steps), written(schedule.upper_bound)

    def h(t):
        return mp.sqrt((n - t) / bound * (2 - (n + t) / bound))

    return h(t) / h(0) if t < n else mpf(0)


def ramps(kind, *options):
    """Short and long, between rates that rise, fall and hardly differ; an option may depend on the steps."""
    return [
        kind(base, final, steps=steps, **(option(steps) if callable(option) else option))
        for steps in (1, 2, 7, 1000.25, 99_999, 10**6, 10**9 + 7, 10**15)
        for base, final in ((0.1, 0.0), (0.1, 0.001), (0.0, 0.1), (0.001, 0.3), (0.3, 0.29))
        for option in options or ({},)
    ]


def ratios(kind, *options):
    """The same for ramps between rates above 0."""
    return [
        kind(0.1, 0.1 * ratio, steps=steps, **(option(steps) if callable(option) else option))
        for steps in (1, 7, 1000.25, 99_999, 10**6, 10**9 + 7)
        for ratio in (0.5, 1e-2, 300)
        for option in options or ({},)
    ]


def bounds(*multiples):
    """Upper bounds, by multiples of the steps."""
    return [lambda steps, k=k: {"upper_bound": k * steps} for k in multiples]


def along(*values):
    """A ramp of 4 steps at 0, 1, steps - 1, steps, steps + 1 and long after."""
    return dict(zip((0, 1, 3, 4, 5, 10**12), values, strict=True))


def limit(schedule):
    """How far the value may be missed, relatively."""
    import examples  # as above

    return examples.EXAMPLES[type(schedule).__name__].limit(schedule)
