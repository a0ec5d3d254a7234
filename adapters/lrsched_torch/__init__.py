"""A schedule as a PyTorch `LRScheduler`, `ScheduleLR`, and PyTorch's as schedules, `from_torch`."""

try:
    import torch
    from torch.optim.lr_scheduler import LRScheduler

    # What `step` and `SequentialLR` call; without it, options other than the rate would never move.
    if not hasattr(LRScheduler, "_update_lr"):
        hint = 'Hint: pip install "lrsched-core[torch]".'
        message = f"lrsched_torch needs PyTorch 2.9 or later, got {torch.__version__}. {hint}"
        raise ImportError(message, name="torch")

    from . import _loading as _loading
    from ._histories import plan_of as plan_of
    from ._reading import from_torch as from_torch
    from ._recording import record as record
    from ._scheduler import ScheduleLR as ScheduleLR
except ModuleNotFoundError as error:
    # A torch that lacks a dependency of its own says so: installing it again is no cure.
    if error.name not in ("torch", "torch.optim"):
        raise
    message = 'lrsched_torch needs PyTorch. Hint: pip install "lrsched-core[torch]".'
    raise ModuleNotFoundError(message, name="torch") from error

__all__ = ["ScheduleLR", "from_torch", "plan_of", "record"]
