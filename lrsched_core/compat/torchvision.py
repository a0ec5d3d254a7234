"""The warmup of torchvision's reference training scripts."""

from lrsched_core import Constant, Schedule
from lrsched_core._value.arguments import checking
from lrsched_core._value.checks import moment, rate


@checking
def warmup_lr_scheduler(base_lr: float, warmup_iters: float, warmup_factor: float) -> Schedule:
    r"""A straight line from a part of the rate to all of it: $\eta_0 (f (1 - t / W) + t / W)$, then $\eta_0$.

    It was in `references/detection/utils.py`; the scripts now use torch's `LinearLR` in its place.

    Args:
        base_lr: The optimizer's rate.
        warmup_iters: $W$, >= 0.
        warmup_factor: $f$, >= 0.

    Returns:
        A constant with a warmup.

    Example:
        >>> warmup_lr_scheduler(0.5, warmup_iters=1000, warmup_factor=0.5)
        Constant(0.5).with_warmup(1000, start=0.25)
    """
    base_lr = rate("base_lr", base_lr)
    start = base_lr * rate("warmup_factor", warmup_factor)
    return Constant(base_lr).with_warmup(moment("warmup_iters", warmup_iters), start=start)
