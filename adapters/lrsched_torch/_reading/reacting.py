"""Torch's scheduler that reacts to a metric, as a rule."""

from typing import Any

from torch.optim import lr_scheduler as theirs

from lrsched_core import Plateau
from lrsched_core._errors import refusal
from lrsched_core._run.plateau import PlateauState
from lrsched_core.compat.torch import ReduceLROnPlateau
from lrsched_torch._edits import LR


def rule_of(scheduler: theirs.ReduceLROnPlateau) -> tuple[Plateau, PlateauState]:
    """The rule and what it remembers, where the rates that the groups have now are those to scale."""
    rules: list[Any] = []
    for group, least in zip(scheduler.optimizer.param_groups, scheduler.min_lrs, strict=True):
        rate = LR.held(group)
        rule = ReduceLROnPlateau(
            # A rate of 0, which a warmup may begin with, is no measure of another one.
            rate if rate or least else 1.0,
            mode=scheduler.mode,
            factor=scheduler.factor,
            patience=scheduler.patience,
            threshold=scheduler.threshold,
            threshold_mode=scheduler.threshold_mode,
            cooldown=scheduler.cooldown,
            # What is below it already is not raised.
            min_lr=min(float(least), rate),
        )
        rules.append(rule)
    if any(rule != rules[0] for rule in rules):
        shares = ", ".join(repr(rule.min_scale) for rule in rules)
        raise refusal(
            ValueError,
            "scheduler",
            "have a `min_lr` that is the same part of every group's rate, as one scale serves them all",
            f"parts {shares}",
        )
    state = PlateauState(1.0, float(scheduler.best), scheduler.num_bad_epochs, scheduler.cooldown_counter)
    return rules[0], state
