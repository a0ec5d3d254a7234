"""What a user writes. What runs it, and what it may be, is in `own_code.py`."""

from examples.example import Example
from lrsched_core import CustomSchedule, Function


def halving(t):
    """Falls by half in every step."""
    return 0.5**t


class Halving(CustomSchedule):
    """The same, as a class."""

    base_lr: float = 0.5

    def value(self, t):
        """Half of it, in every step."""
        return self.base_lr * 0.5**t


EXAMPLES = {
    "Function": Example(
        trained=Function(halving),
        picture="Function(f)",
        by_hand={Function(halving): {0: 1.0, 1: 0.5, 2: 0.25, 10: 2.0**-10}},
    ),
    "CustomSchedule": Example(
        trained=Halving(), picture="CustomSchedule()", by_hand={Halving(): {0: 0.5, 1: 0.25, 2: 0.125, 10: 2.0**-11}}
    ),
}
