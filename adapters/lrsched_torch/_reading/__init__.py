"""Torch's own schedulers, read back as schedules."""

from functools import partial
from typing import Any, overload

from torch.optim import lr_scheduler as theirs

from lrsched_core import Plateau, Schedule
from lrsched_core._run.plateau import PlateauState
from lrsched_torch._scheduler import ScheduleLR

from .composed import chain, sequence
from .groups import groups_of
from .options import options_of
from .ours import HINT, schedules_of
from .reacting import rule_of
from .schedulers import MULTIPLYING, OTHERS, carried_on
from .transformers import read_factor


@overload
def from_torch(  # type: ignore[overload-overlap]  # torch derives it from LRScheduler, whose clock it has not
    scheduler: theirs.ReduceLROnPlateau,
) -> tuple[Plateau, PlateauState]: ...
@overload
def from_torch(scheduler: theirs.LRScheduler) -> list[Schedule] | dict[str, list[Schedule]]: ...
def from_torch(scheduler: Any) -> Any:
    """The schedules that a torch scheduler follows, whatever step it stands at: one for each parameter group.

    The clock counts from the first update of the run: `schedule(t)` is the rate that update `t` has used or will use,
    if `step()` is called after every update. After `n` calls of `step()`, a `ScheduleLR` of them takes over with
    `last_epoch=n - 1`. That `n` is `scheduler.last_epoch`; a `ChainedScheduler` has no clock itself, but each of those
    in it: `scheduler.state_dict()["_schedulers"][0]["last_epoch"]`.

    A `OneCycleLR` or `CyclicLR` cycles the momentum as well, unless it was told not to. Then there is
    a mapping, of `"lr"` and of `"momentum"` or `"betas[0]"`, which `ScheduleLR` takes in the same way.

    Most of torch's schedulers compute a rate from the one before. Where such a scheduler finds another
    rate in a parameter group than it has set, it goes on from that, and so does the schedule. If a
    group had another rate already before the last step, that is taken to have been so from the first
    update on (with `CosineAnnealingLR`, from its last turn on), as with an optimizer that an earlier
    scheduler has left at another rate. Torch keeps no record, and a rate of 0 tells nothing of those
    before; the rates to come are right all the same.
    Schedulers that compute a rate from the time alone overwrite what they find; so a rate that was
    changed by hand under one of them is left out.

    - `SequentialLR` gives a sequence.
    - `ChainedScheduler` gives a product where it is one: of schedulers that multiply the rate that
      they find (`ConstantLR`, `LinearLR`, `PolynomialLR`, `StepLR`, `MultiStepLR`,
      `ExponentialLR`), with at most one `CosineAnnealingLR` down to 0 after whose `T_max` the
      others are constant.
    - `SWALR` is constant once its annealing is over: the rate that it found is lost.
    - `LambdaLR` is read where transformers has made it, or where its function is a schedule.
    - `ReduceLROnPlateau` gives no schedule, but the rule and what it remembers: what it decides from
      then on is what `ScheduleLR(optimizer, schedule, rule=rule, rule_state=state)` decides. Its scale
      is 1, so the schedule is one of the rates that the groups have now; so is the least rate a part of
      these. The differences are those of `lrsched_core.compat.torch.ReduceLROnPlateau`.

    Args:
        scheduler: A scheduler of `torch.optim.lr_scheduler` or `torch.optim.swa_utils`, or a
            `ScheduleLR`, which gives its schedules back.

    Returns:
        As many schedules as there are parameter groups; or, where the scheduler sets other options too, as
        many for each option, by its name. For a `ReduceLROnPlateau`, a pair: a `Plateau` and its state.

    Raises:
        TypeError: If the scheduler is of a class that cannot be read: one that is made from a function, is
            not torch's own, or is a `ScheduleLR` with a rule.
        ValueError: If what the scheduler will do is no function of time, or not known from what it
            keeps; the message says why.

    Example:
        >>> import torch
        >>> sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
        >>> halving = torch.optim.lr_scheduler.StepLR(sgd, step_size=10, gamma=0.5)
        >>> for _ in range(15):
        ...     sgd.step()
        ...     halving.step()
        >>> from_torch(halving)
        [Factor(0.5, 0.5, every=10)]
    """
    if type(scheduler) is theirs.ReduceLROnPlateau:
        return rule_of(scheduler)
    rates = _read(scheduler, live=True)
    options = options_of(scheduler, live=True)
    return {"lr": rates, **options} if options else rates


def _read(scheduler: Any, *, live: bool) -> list[Schedule]:
    """The schedules on the scheduler's own clock; only if it is `live`, the groups have rates that it has set."""
    kind = type(scheduler)
    if kind is theirs.SequentialLR:
        return sequence(scheduler, _read, live=live)
    if kind is theirs.ChainedScheduler:
        return chain(scheduler, _read, live=live)
    if kind is theirs.LambdaLR:
        return _factors(scheduler)
    if kind is ScheduleLR:
        return schedules_of(scheduler)
    if kind not in MULTIPLYING and kind not in OTHERS:
        raise _unreadable(scheduler)
    schedules = []
    for index, group in enumerate(groups_of(scheduler)):
        if kind in MULTIPLYING:
            made = partial(MULTIPLYING[kind], scheduler)
            schedules.append(carried_on(made, group, scheduler.last_epoch) if live else made(group.own))
        else:
            schedules.append(OTHERS[kind](scheduler, index, group, live))
    return schedules


def _factors(scheduler: theirs.LambdaLR) -> list[Schedule]:
    schedules = []
    for group, factor in zip(groups_of(scheduler), scheduler.lr_lambdas, strict=True):
        schedule = group.own * factor if isinstance(factor, Schedule) else read_factor(factor, group.own)
        if schedule is None:
            raise _unreadable(scheduler)
        schedules.append(schedule)
    return schedules


def _unreadable(scheduler: Any) -> TypeError:
    kind = type(scheduler).__name__
    if isinstance(scheduler, (theirs.LambdaLR, theirs.MultiplicativeLR)):
        return TypeError(f"`scheduler` must not be made from a function that torch only calls, got {kind}. {HINT}")
    if isinstance(scheduler, theirs.ReduceLROnPlateau):
        return TypeError(f"`scheduler` must be a function of time, got {kind}, which reacts to a metric.")
    return TypeError(f"`scheduler` must be one of torch's own classes, or a ScheduleLR, got {kind}. {HINT}")
