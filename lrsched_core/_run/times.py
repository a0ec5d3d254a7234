"""Times that a clock is asked for."""

from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refuse
from lrsched_core._evaluation.refusals import real
from lrsched_core._value.checks import moment

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LAST = 2**62


def is_array(t: Any) -> bool:
    """Whether that is more than a number."""
    return isinstance(t, list | tuple | range) or (hasattr(t, "__array__") and getattr(t, "shape", ()) != ())


def time(t: Any) -> int | float:
    """A number, perhaps as an array of no dimension."""
    if hasattr(t, "__array__"):
        import numpy as np  # as below

        t = t.item() if isinstance(t, np.ndarray) else t
    return moment("t", real("t", t))


def times(t: Any) -> "NDArray[Any]":
    """An array of times, as int64 or float64."""
    import numpy as np  # only arrays need it

    from lrsched_core._evaluation.arrays import real_numbers

    array = real_numbers(t)
    wrong = array[~((array >= 0) & (array <= _LAST))]
    if wrong.size:
        value = wrong.flat[0].item()
        moment("t", value)
        raise refuse(OverflowError, "t", "small enough for 64-bit integers", value)
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)
