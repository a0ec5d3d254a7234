"""A schedule that is approached by a ramp."""

from dataclasses import KW_ONLY, dataclass
from typing import Annotated, Any

from lrsched_core import _check
from lrsched_core._check import Duration, Flag, Rate
from lrsched_core._pieces import Pieces, before, shifted, since
from lrsched_core._schedule import Schedule, ScheduleField
from lrsched_core._shapes import SHAPES


def _shape(name: str, value: Any) -> str:
    return _check.choice(name, value, SHAPES)


@dataclass(frozen=True, slots=True, repr=False)
class WithWarmup(Schedule):
    """What `Schedule.with_warmup` gives; see there."""

    schedule: ScheduleField
    steps: Duration
    _: KW_ONLY
    start: Rate = 0.0
    shape: Annotated[str, _shape] = "linear"
    delay: Flag = True

    def _check_together(self) -> None:
        if self.shape == "exponential":
            _check.positive("start", self.start)
            _check.positive("schedule at the end of the warmup", self._target())

    def _target(self) -> float:
        return self.schedule(0 if self.delay else self.steps)

    def _pieces(self) -> Pieces:
        ramp = SHAPES[self.shape](self.start, self._target(), steps=self.steps)
        rest = self.schedule._pieces()
        rest = shifted(rest, self.steps) if self.delay else since(rest, self.steps)
        return before(ramp._pieces(), self.steps) + rest

    def __repr__(self) -> str:
        """The call that makes this schedule."""
        _, *arguments = self._arguments()
        return f"{self.schedule!r}.with_warmup({', '.join(arguments)})"
