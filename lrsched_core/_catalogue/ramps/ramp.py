"""What all ramps have in common."""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial

from lrsched_core._evaluation.formula import Clock, Expr, Operand, between, pinned
from lrsched_core._evaluation.pieces import Pieces, hold, piece
from lrsched_core._evaluation.times import exact
from lrsched_core._value.inspection import Times
from lrsched_core._value.schedule import Schedule


class Ramp(Schedule):
    """From `base_lr` at `t = 0` to `final_lr` at `t = steps`, which it holds."""

    __slots__ = ()

    base_lr: float
    final_lr: float
    steps: float

    def _most_pieces(self) -> int:
        return 3  # two formulas, and what is held

    @abstractmethod
    def _formulas(self) -> Pieces:
        """The ramp itself."""

    def _pieces(self) -> Pieces:
        if self.base_lr == self.final_lr:
            return (hold(self.base_lr),)
        return (*self._formulas(), hold(self.final_lr, self.steps))

    def _times(self) -> Times:
        yield exact(self.steps)

    def _why(self, t: float) -> str:
        return f"{t!r} of {self.steps!r} steps" if t < self.steps else f"past its end at {self.steps!r}"


# The weight of the larger value, in pieces: when each formula begins to hold, and the formula.
Weights = list[tuple[float, Callable[[Clock], Expr]]]


class WeighedRamp(Ramp):
    """A ramp between two values by a weight, with a formula for each direction."""

    __slots__ = ()

    @abstractmethod
    def _falling(self) -> Weights:
        """The weight of `base_lr`: from 1 to 0."""

    @abstractmethod
    def _rising(self) -> Weights:
        """The weight of `final_lr`: from 0 to 1."""

    def _formulas(self) -> Pieces:
        weights = self._falling() if self.base_lr > self.final_lr else self._rising()
        (_, first), *others = weights
        return (
            piece(partial(self._first, first)),
            *[piece(partial(self._weighed, weight), start) for start, weight in others],
        )

    def _weighed(self, weight: Callable[[Clock], Expr], clock: Clock) -> Operand:
        return between(min(self.base_lr, self.final_lr), max(self.base_lr, self.final_lr), weight(clock))

    def _first(self, weight: Callable[[Clock], Expr], clock: Clock) -> Operand:
        # Runtimes round functions and constants differently, so the formula may miss `base_lr` in some of them.
        return pinned(self._weighed(weight, clock), clock, self.base_lr)


class SymmetricRamp(Ramp):
    """A ramp that is the same backwards: one weight serves both directions."""

    __slots__ = ()

    @abstractmethod
    def _weight(self, time: Expr) -> Expr:
        """Runs from 0 at `time = 0` to 1 at `time = steps`."""

    def _formulas(self) -> Pieces:
        return (piece(self._formula),)

    def _formula(self, clock: Clock) -> Operand:
        if self.base_lr > self.final_lr:
            value = between(self.final_lr, self.base_lr, self._weight(clock.left(self.steps)))
            # On a slower clock, what is left of fractional steps has been divided, and may not be all of them at 0.
            is_rounded = clock.scale != 1 and exact(self.steps).denominator != 1
            return pinned(value, clock, self.base_lr) if is_rounded else value
        return between(self.base_lr, self.final_lr, self._weight(clock.elapsed))
