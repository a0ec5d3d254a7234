"""Hypothesis strategies, of the table: `schedules()` builds every public schedule, nested."""

from hypothesis import strategies as st

from examples import CLASSES, FAMILIES, OPERATORS, RECIPES
from examples.draws import durations, moments, periods, rates, times

__all__ = ["durations", "moments", "periods", "rates", "times"]


def ramps():
    """Schedules that go from `base_lr` to `final_lr` in `steps`, then hold."""
    return st.one_of([example.drawn for example in FAMILIES["Ramps"].values()])


def leaves():
    """Schedules that contain no other."""
    return st.one_of([example.drawn for example in CLASSES.values()])


def recipes():
    """Schedules that functions make of others."""
    return st.one_of([example.drawn for example in RECIPES.values()])


def operators(inner):
    """A schedule made of schedules."""
    return st.one_of([example.drawn(inner) for example in OPERATORS.values()])


def schedules(max_leaves=8):
    """Every public schedule, nested."""
    return st.recursive(leaves() | recipes(), operators, max_leaves=max_leaves)


@st.composite
def nested(draw, depth):
    """A schedule under so many operators, one within the other."""
    schedule = draw(leaves())
    for _ in range(depth):
        schedule = draw(operators(st.just(schedule)))
    return schedule
