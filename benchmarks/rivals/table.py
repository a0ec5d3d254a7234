"""What a module of rivals states: for each name in the tables, the function of time by policy."""

from collections.abc import Callable
from typing import Any, NamedTuple

from benchmarks.policies import Policy


class Anew(NamedTuple):
    """A schedule that changes when it is asked, and so has to be made again for each run through the times."""

    make: Callable[[], Callable[[int], Any]]


Function = Callable[[int], Any] | Anew
Functions = dict[str, dict[Policy, Function]]
