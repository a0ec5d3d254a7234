"""The rows of a log: times, rates, and how far a rate may be from the plan without being another one."""

from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lrsched_core._value.schedule import Schedule

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]

# A rate is also near enough if it misses by this part of the tolerance of the greatest rate: shortly before a zero,
# what trainers compute in float32 or one step from the other has few right digits.
_FLOOR = 1e-3
# How a log's numbers are rounded is found out from so many of them.
_LOOKED_AT = 2_000
_MOST_DIGITS, _MOST_DECIMALS = 7, 9
_MANY = 8
# What is rounded more coarsely than to this part of the greatest rate is not a rounded log.
_COARSEST = 6e-3


class Rows:
    """What was logged, and what is near enough to it.

    Attributes:
        t: The update that each row speaks of.
        rates: The rate that it says was used there.
        allowed: How far each may be from the plan, beside the relative tolerance.
    """

    def __init__(self, t: "Floats", rates: "Floats", tolerance: float, allowed: "Floats | float") -> None:
        self.t, self.rates, self.tolerance, self.allowed = t, rates, tolerance, allowed

    def __len__(self) -> int:
        return len(self.t)

    def since(self, start: int) -> "Rows":
        """The rows from that number on."""
        import numpy as np

        allowed = self.allowed[start:] if isinstance(self.allowed, np.ndarray) else self.allowed
        return Rows(self.t[start:], self.rates[start:], self.tolerance, allowed)

    def only(self, chosen: Any) -> "Rows":
        """The rows with these numbers."""
        import numpy as np

        allowed = self.allowed[chosen] if isinstance(self.allowed, np.ndarray) else self.allowed
        return Rows(self.t[chosen], self.rates[chosen], self.tolerance, allowed)

    def match(self, values: "Floats") -> "Mask":
        """Which rows are near enough to these values, of which the last axis is that of the rows."""
        import numpy as np

        with np.errstate(invalid="ignore", over="ignore"):
            size = np.maximum(np.abs(values), np.abs(self.rates))
            near = np.abs(values - self.rates) <= self.tolerance * size + self.allowed
            return near & np.isfinite(self.rates)  # type: ignore[no-any-return]  # an array

    def prefix(self, values: "Floats") -> int:
        """How many rows from the first on are near enough."""
        import numpy as np

        wrong = np.flatnonzero(~self.match(values))
        return int(wrong[0]) if wrong.size else len(self)


def rows(schedule: "Schedule", times: Any, rates: Any, tolerance: float) -> Rows:
    """The rows of a log, checked, in the order of their times."""
    import numpy as np

    t, used = _column("times", times), _column("rates", rates)
    if len(t) != len(used):
        raise refuse(ValueError, "rates", f"as many as the {len(t)} times", len(used))
    if not len(t):
        raise refuse(ValueError, "times", "at least one", times)
    if not np.isfinite(t).all() or (t < 0).any():
        wrong = t[~np.isfinite(t) | (t < 0)][0]
        raise refuse(ValueError, "times", "finite and >= 0", float(wrong))
    order = np.argsort(t, kind="stable")
    t, used = t[order], used[order]
    planned = planned_at(schedule, t)
    sizes = np.abs(planned[np.isfinite(planned)])
    floor = _FLOOR * tolerance * float(sizes.max(initial=0.0))
    return Rows(t, used, tolerance, floor + _rounding(planned, used))


def planned_at(schedule: "Schedule", t: Any) -> "Floats":
    """The values of a schedule, NaN where it has left the float range; before 0 that at 0."""
    import numpy as np

    t = np.maximum(t, 0)
    try:
        return schedule(t)  # type: ignore[no-any-return]  # an array
    except OverflowError:
        return np.array([_finite(schedule, time) for time in t.ravel().tolist()]).reshape(t.shape)


def _finite(schedule: "Schedule", t: float) -> float:
    try:
        return schedule(t)
    except OverflowError:
        return float("nan")


def _column(name: str, values: Any) -> "Floats":
    import numpy as np

    try:
        column = np.asarray(values)
        if column.dtype == object and all(type(value) in (int, float) for value in column.flat):
            column = column.astype(np.float64)  # whole numbers beyond 64 bits
    except (TypeError, ValueError, OverflowError):
        raise refuse(TypeError, name, "a sequence of numbers", values) from None
    if column.ndim != 1 or (column.dtype.kind not in "iuf" and column.size):
        raise refuse(TypeError, name, "a sequence of numbers", values)
    found: Floats = column.astype(np.float64)
    return found


def _rounding(planned: "Floats", logged: "Floats") -> "Floats | float":
    """Half a unit of the last digit, where the log was written with few."""
    import numpy as np

    some = np.unique(np.linspace(0, len(logged) - 1, min(len(logged), _LOOKED_AT)).astype(int))
    written, meant = logged[some], planned[some]
    written = np.unique(written[np.isfinite(written) & (written != 0)])
    meant = np.unique(meant[np.isfinite(meant)])
    if len(written) < 3:
        return 0.0
    found = np.zeros(len(logged))
    greatest = float(np.abs(written).max())
    digits = _fewest(written, meant, ".{}e", range(1, _MOST_DIGITS))
    if digits is not None and 0.5 * 10.0**-digits <= _COARSEST:
        sizes = np.where(np.isfinite(logged), np.maximum(np.abs(logged), 1e-300), 1.0)
        found = 0.5001 * 10.0 ** (np.floor(np.log10(sizes)) - digits)
    decimals = _fewest(written, meant, ".{}f", range(1, _MOST_DECIMALS + 1))
    if decimals is not None and 0.5 * 10.0**-decimals <= _COARSEST * greatest:
        found = np.maximum(found, 0.5001 * 10.0**-decimals)
    return found


def _fewest(written: "Floats", meant: "Floats", form: str, counts: range) -> int | None:
    """With how few digits all of the log can be written, if that is no accident: few rates have few digits anyway."""
    for count in counts:
        rounded = form.format(count)
        if all(_short(value, rounded) for value in written.tolist()):
            last = sum(not _short(value, form.format(count - 1)) for value in written.tolist())
            if len(written) >= _MANY and 2 * last > len(written):
                return count
            # Of a rate that has more digits in the plan, the log has the rounded one.
            cut = {float(format(value, rounded)) for value in meant.tolist() if not _short(value, rounded)}
            return count if cut.intersection(written.tolist()) else None
    return None


def _short(value: float, form: str) -> bool:
    return float(format(value, form)) == value
