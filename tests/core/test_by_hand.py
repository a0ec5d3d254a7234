"""Every schedule, recipe and operator has the values that were computed by hand."""

import pytest

from examples import EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_by_hand(name):
    for schedule, expected in EXAMPLES[name].by_hand.items():
        assert {t: schedule(t) for t in expected} == pytest.approx(dict(expected), rel=1e-15, abs=0), schedule
