"""Batch sizes that grow during a run."""

from lrsched_core._catalogue.steps import PiecewiseConstant
from lrsched_core._errors import refuse
from lrsched_core._run.sizes import whole_number
from lrsched_core._value.calls import hinting
from lrsched_core._value.extent import MOST_PIECES
from lrsched_core._value.schedule import Schedule

# The schedule has its sizes as floats, which hold whole numbers up to here.
_LARGEST = 2**53


@hinting
def batch_ramp(start: int, stop: int, increment: int, samples: int) -> Schedule:
    r"""Batch sizes that grow from `start` to `stop` in equal steps.

    $$b(c) = \min(b_1,\; b_0 + i \lfloor c n / S \rfloor), \quad n = (b_1 - b_0) / i$$

    Each size but the last is held for the same number of samples, to within one. As the `batch_size` of a `Clock`,
    each size comes into force with the first update that begins at or after its milestone.

    Args:
        start: $b_0$, the first size, in samples.
        stop: $b_1$, the last, from `samples` on, >= `start`.
        increment: $i$, the step from one size to the next; divides `stop - start`.
        samples: $S$, the number of samples after which the last size holds.

    Returns:
        A `PiecewiseConstant` whose times are samples.

    Raises:
        TypeError: If an argument is not a number.
        ValueError: If an argument is not a whole number > 0, `stop` is below `start` or above 2**53, `increment` does
            not divide the difference, or there are more than 100,000 sizes.

    Example:
        >>> from lrsched_core import Clock, batch_ramp
        >>> ramp = batch_ramp(4, 16, 4, samples=100)
        >>> ramp
        PiecewiseConstant((4.0, 8.0, 12.0, 16.0), milestones=(34, 67, 100))
        >>> clock = Clock(batch_size=ramp, samples=1_000)
        >>> [clock.batch_at(t) for t in (8, 9, 13, 16)], clock.steps()
        ([4, 8, 12, 16], 72)

    Reference:
        The former `--rampup-batch-size` of Megatron-LM, `RampupBatchsizeNumMicroBatchesCalculator`, which has had no
        effect there since core 0.18. A run there dropped a last batch that was not whole; `Clock.steps` counts it.
    """
    first, last, by, until = [
        whole_number(name, value)
        for name, value in (("start", start), ("stop", stop), ("increment", increment), ("samples", samples))
    ]
    if last < first:
        raise refuse(ValueError, "stop", f">= `start`, which is {first}", stop)
    if (last - first) % by:
        raise refuse(ValueError, "increment", f"a divisor of `stop` - `start`, which is {last - first}", increment)
    if last > _LARGEST:
        raise refuse(ValueError, "stop", f"at most {_LARGEST}", stop)
    changes = (last - first) // by
    if changes >= MOST_PIECES:
        raise refuse(ValueError, "increment", f"large enough for at most {MOST_PIECES} sizes", increment)
    # The first whole number of samples that is not before each share.
    milestones = [-(-k * until // changes) for k in range(1, changes + 1)]
    return PiecewiseConstant(range(first, last + 1, by), milestones=milestones)
