"""A schedule as a PyTorch `LRScheduler`, `ScheduleLR`, and PyTorch's as schedules, `from_torch`."""

try:
    from . import _loading as _loading
    from ._reading import from_torch as from_torch
    from ._scheduler import ScheduleLR as ScheduleLR
except ModuleNotFoundError as error:
    # A torch that lacks a dependency of its own says so: installing it again is no cure.
    if error.name not in ("torch", "torch.optim"):
        raise
    message = 'lrsched_torch needs PyTorch. Hint: pip install "lrsched-core[torch]".'
    raise ModuleNotFoundError(message, name="torch") from error

__all__ = ["ScheduleLR", "from_torch"]
