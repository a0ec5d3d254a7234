"""Values at given times, with ramps between them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from lrsched_core._errors import refuse
from lrsched_core._evaluation.pieces import MILESTONES_A_PIECE, Piece, Pieces, hold, piece, within
from lrsched_core._evaluation.times import exact, reached
from lrsched_core._value.checks import Milestones, Rates, positive
from lrsched_core._value.inspection import Times
from lrsched_core._value.schedule import Schedule
from lrsched_core._value.shapes import Shape, checked, ramp


class Interpolated(Schedule):
    r"""Given values at given times, with ramps in between; constant before the first time and after the last.

    With the shape `"linear"`,

    $$\eta(t) = \eta_i + (\eta_{i+1} - \eta_i)\,\frac{t - m_i}{m_{i+1} - m_i}, \quad m_i \le t < m_{i+1}$$

    Args:
        values: $\eta_0, \eta_1, \dots$, at least one.
        milestones: The times $m_0, m_1, \dots$ of the values, >= 0, in ascending order. Each value comes out exactly at
            its time; a time given twice is a jump, where the later value already holds.
        shape: How it goes from one value to the next: a shape of `with_warmup`. With `"exponential"`, all values must
            be > 0; with `"constant"`, each is held until the next time.

    Raises:
        ValueError: If an argument is out of its range, the milestones are not in order, or not as many as the values.
        TypeError: If an argument is of the wrong type.

    Example:
        >>> lr = Interpolated((0.0, 0.4, 0.1), milestones=(0, 4, 10))
        >>> [round(lr(t), 12) for t in (0, 1, 4, 6, 10, 99)]
        [0.0, 0.1, 0.4, 0.3, 0.1, 0.1]

    Reference:
        `numpy.interp`; ignite's `PiecewiseLinear`; `optax.piecewise_interpolate_schedule`, which takes factors, not
        values.
    """

    values: Rates
    _: KW_ONLY
    milestones: Milestones
    shape: Annotated[Shape, checked] = "linear"

    if TYPE_CHECKING:  # takes any iterable

        def __init__(
            self, values: Iterable[float], *, milestones: Iterable[float], shape: Shape = "linear"
        ) -> None: ...

    def _check_together(self) -> None:
        if len(self.milestones) != len(self.values):
            raise refuse(ValueError, "milestones", f"as many as the {len(self.values)} values", self.milestones)
        if self.shape == "exponential":
            for i, value in enumerate(self.values):
                positive(f"values[{i}]", value)

    def _most_pieces(self) -> int:
        count = len(self.values)
        return 3 + (count // MILESTONES_A_PIECE if self.shape == "linear" else 3 * count)

    def _pieces(self) -> Pieces:
        start, stop = self.milestones[0], self.milestones[-1]
        first = [hold(self.values[0])] if start > 0 else []
        if start == stop:
            between: Iterable[Piece] = ()
        elif self.shape == "linear":
            weight = len(self.milestones) // MILESTONES_A_PIECE
            between = (piece(lambda clock: clock.interpolated(self.milestones, self.values), start, weight),)
        else:
            between = self._ramps()
        return (*first, *between, hold(self.values[-1], stop))

    def _ramps(self) -> Iterator[Piece]:
        knots = zip(self.milestones, self.values, strict=True)
        for (start, base_lr), (stop, final_lr) in pairwise(knots):
            if start < stop:
                # Where no float is the difference, the next larger one: the ramp must not be over before `stop`.
                steps = reached(exact(stop) - exact(start))
                way = ramp(base_lr, final_lr, steps=steps, shape=self.shape)
                yield from within(way._pieces(), exact(start), exact(stop))

    def _times(self) -> Times:
        return map(exact, self.milestones)

    def _why(self, t: float) -> str:
        return f"{bisect_right(self.milestones, t)} of {len(self.milestones)} values reached"
