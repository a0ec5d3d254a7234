"""What a rule remembers, and which rule may go on from it."""

import math

import pytest

from lrsched_core import Greedy, Plateau
from lrsched_core._run.remembered import gone_on_from, hint, is_taken, one_number, state_from

HALVE = Plateau(0.5, 0)
LATER = (0.25, 0.75, 1, 0)  # what it remembers after a few metrics

# The rule before, the rule now, the least that `on_change` must be to take it, and what that goes on from.
CHANGES = [
    (HALVE, HALVE, "refuse", LATER),
    (HALVE, Plateau(0.1, 9), "future", LATER),
    (HALVE, Plateau(0.5, 0, mode="max"), "future", (0.25, -math.inf, 0, 0)),
    (HALVE, Greedy(0.5), "keep", tuple(Greedy(0.5).start())),
    (HALVE, None, "keep", None),
    (None, HALVE, "future", tuple(HALVE.start())),
    (None, None, "refuse", None),
]


@pytest.mark.parametrize(("before", "now", "least", "state"), CHANGES)
def test_which_rule_is_taken_and_what_it_goes_on_from(before, now, least, state):
    words = ("refuse", "future", "keep")
    assert [is_taken(before, now, word) for word in words] == [place >= words.index(least) for place in range(3)]
    taken = gone_on_from(before, None if before is None else LATER, now, "state")
    assert (None if taken is None else tuple(taken)) == state
    assert ("'future', or" in hint(before, now, LATER)) == (least != "keep")


def test_over_another_window_the_scale_alone_lasts():
    before, now = Greedy(0.5, window=3), Greedy(0.5, window=5)
    state = before.update(before.update(before.start(), 1.0), 2.0)._replace(scale=0.5)
    assert gone_on_from(before, state, now, "state") == now.start()._replace(scale=0.5)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ((1.0, math.nan, 0, 0), r"^`state` must have a `best` that is no NaN, got NaN\."),
        ((1.0, 1.0, -1, 0), r"^`state` must have a count `bad` >= 0, got -1\."),
        ((1.0, 1.0, 0, -5), r"^`state` must have a count `cooldown` >= 0, got -5\."),
        ((math.inf, 1.0, 0, 0), r"^`state` must have a finite scale >= 0, got inf\."),
    ],
)
def test_numbers_that_no_metric_leaves_behind_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        state_from(HALVE, values, "state")


def test_a_metric_is_one_number():
    np = pytest.importorskip("numpy")
    assert [one_number(metric) for metric in (0.5, np.float32(0.5), np.array([0.5]), "x")] == [0.5, 0.5, 0.5, "x"]
    for several in (np.ones(2), np.ones((2, 2)), np.ones(0)):
        with pytest.raises(ValueError, match=rf"^`metric` must be one number, got {several.size}\. Hint: their mean"):
            one_number(several)
