"""Every schedule, recipe and operator has the values that were computed by hand."""

import pytest

from examples import EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_by_hand(name):
    for schedule, expected in EXAMPLES[name].by_hand.items():
        known = pytest.approx([*expected.values()], rel=1e-15, abs=0)
        assert [schedule(t) for t in expected] == known, schedule
        assert schedule([*expected]).tolist() == known, schedule
