"""torchvision's reference scripts, which no package holds."""

from torch.optim.lr_scheduler import LambdaLR

from lrsched_core.compat import torchvision as ours
from parity.case import Case
from parity.comparison import grid
from parity.torch import rates


def warmup_lr_scheduler(optimizer, warmup_iters, warmup_factor):
    """What references/detection/utils.py defined."""

    def factor(t):
        if t >= warmup_iters:
            return 1
        share = t / warmup_iters
        return warmup_factor * (1 - share) + share

    return LambdaLR(optimizer, factor)


CASES = [
    Case(
        "references/detection/utils.warmup_lr_scheduler",
        ours.warmup_lr_scheduler,
        rates(warmup_lr_scheduler),
        grid({"base_lr": 0.02}, warmup_iters=[1000, 0, 1, 7], warmup_factor=[0.001, 1.0, 0.0]),
        lambda warmup_iters, **_: warmup_iters + 1,
    )
]
