"""Second axes: the same times in another unit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lrsched_core._evaluation.times import exact
from lrsched_core._looks.pictures.labels import round_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import EngFormatter

    from lrsched_core._run.clock import Clock

# Between so many times, consumption is drawn as a straight line.
_KNOTS = 500
# Amounts from here on are written as 100k, as times are.
LONG = 100_000
# About so many amounts are marked on an axis.
_MARKS = 6
_NAMES = {"share": "share of the run"}
# Where an axis is, in points: above the names of phases, below the first axis; and how much room one takes.
_ABOVE, _BELOW, AXIS = 15, 34, 34

Convert = Callable[[Any], Any]


def add_epochs(ax: "Axes", every: float) -> None:
    """Adds an axis of epochs of so many steps, below that of steps."""

    def epoch(t: Any) -> Any:
        return t / every

    def steps(epoch: Any) -> Any:
        return epoch * every

    _add(ax, "bottom", _BELOW, (epoch, steps), "epoch")


def add_consumption(ax: "Axes", clock: "Clock", unit: str, *, away: bool) -> None:
    """Adds an axis of what is consumed, above the picture; `away` from it, where phases are named."""
    name = _NAMES.get(unit, unit)
    start, stop = ax.get_xlim()
    if any(other.get_xlabel() == name for other in ax.child_axes):
        return  # of another curve in the same picture
    axis = _add(ax, "top", _ABOVE if away else 0, _conversions(clock, unit, start, stop), name)
    if getattr(clock, f"{unit}_at")(stop) >= LONG:
        axis.xaxis.set_major_formatter(abbreviated())


def marks(clock: "Clock", unit: str, stop: float) -> tuple[str, dict[float, str]]:
    """What an axis of what is consumed is called, and its round amounts by the times that reach them."""
    most = getattr(clock, f"{unit}_at")(stop)
    amounts = round_numbers(0, most, _MARKS)
    text = abbreviated() if most >= LONG else "{:g}".format
    return _NAMES.get(unit, unit), {float(clock._consumed(unit).reached(exact(x))): text(x) for x in amounts}


def abbreviated() -> "EngFormatter":
    """Writes 100,000 as 100k, and 10**9 as 1B, as people count tokens."""
    from matplotlib.ticker import EngFormatter

    made = EngFormatter(sep="")
    made.ENG_PREFIXES = {**made.ENG_PREFIXES, 9: "B"}
    return made


def _add(ax: "Axes", side: Any, outward: float, functions: tuple[Convert, Convert], name: str) -> Any:
    axis = ax.secondary_xaxis(side, functions=functions)
    axis.spines[side].set_position(("outward", outward))
    axis.set_xlabel(name)
    return axis


def _conversions(clock: "Clock", unit: str, start: float, stop: float) -> tuple[Convert, Convert]:
    """From updates to what they consume, and back; on beyond the picture at the same pace."""
    consumed = getattr(clock, f"{unit}_at")
    turns = [turn for turn in clock._consumed(unit).starts if start < turn < stop]
    times = np.union1d(np.linspace(start, stop, _KNOTS), turns)
    amounts = np.array([consumed(t) for t in times.tolist()], dtype=np.float64)
    more = np.concatenate([[True], np.diff(amounts) > 0])  # after the end of a run, its share is no more
    times, amounts = _extended(times[more]), _extended(amounts[more])

    def amount(t: NDArray[Any]) -> NDArray[np.float64]:
        return np.interp(t, times, amounts)

    def time(amount: NDArray[Any]) -> NDArray[np.float64]:
        return np.interp(amount, amounts, times)

    return amount, time


def _extended(knots: NDArray[np.float64]) -> NDArray[np.float64]:
    span = knots[-1] - knots[0]
    return np.concatenate([[knots[0] - span], knots, [knots[-1] + span]])
