"""What is known of a schedule before a tensor of times comes: what is computed of its constants alone.

That is most of the work where there are many pieces, and the same at every call. Since no value of a tensor is looked
at, the code asks for it in the same order each time, for times of one dtype on one device. So the first call writes
down what it finds, and the next ones read it.
"""

from collections.abc import Callable
from typing import Any

Notes = tuple[Any, ...]


class Known:
    """What one call asks for: read from the notes of an earlier one, if there was one, else computed and noted."""

    __slots__ = ("_found", "_next", "noted")

    def __init__(self, found: Notes | None = None) -> None:
        self._found = found
        self._next = 0
        self.noted: list[Any] = []

    def __call__(self, compute: Callable[[], Any]) -> Any:
        """What `compute` gives; it must depend on nothing but the constants, and dtype and device of the times."""
        if self._found is None:
            value = compute()
            self.noted.append(value)
            return value
        self._next += 1
        return self._found[self._next - 1]
