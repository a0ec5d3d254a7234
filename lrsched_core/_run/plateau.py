"""A rule that lowers the rate when a metric has stopped improving."""

from dataclasses import KW_ONLY
from typing import Any, NamedTuple

from lrsched_core._run.choice import metric_value, where
from lrsched_core._run.fields import Count, Mode, Reduction, Scale, Threshold, ThresholdMode
from lrsched_core._run.rule import Rule, better, state_of, worst


class PlateauState(NamedTuple):
    """What `Plateau` remembers: plain numbers, or traced ones.

    Attributes:
        scale: What multiplies the schedule.
        best: The best metric so far; at the start, infinity with the sign that is worst.
        bad: The number of observations in a row that were no improvement.
        cooldown: The number of coming observations that are not counted.
    """

    scale: Any
    best: Any
    bad: Any
    cooldown: Any


class Plateau(Rule):
    r"""Multiplies the rate by `factor` when a metric has not improved for more than `patience` observations in a row.

    An observation $x$ improves on the best one, $b$, in mode `"min"`, if $x < b - \theta |b|$ (`"rel"`) or
    $x < b - \theta$ (`"abs"`); in mode `"max"`, if $x > b + \theta |b|$ or $x > b + \theta$. After a reduction,
    `cooldown` observations are compared but not counted. NaN is never an improvement, and never the best.

    The order of operations is that of `torch.optim.lr_scheduler.ReduceLROnPlateau`, and so are the decisions, but for
    a relative threshold where the best metric is negative: torch takes it with the wrong sign there, so that an equal
    metric is an improvement. Nor is there torch's `eps`, which skips changes of the rate of at most 1e-8.
    `lrsched_core.compat` has the constructors of torch, Keras, optax and timm.

    Args:
        factor: What a reduction multiplies the scale by, > 0 and < 1.
        patience: How many observations in a row may be no improvement, a whole number >= 0.
        threshold: $\theta$, >= 0; below 1 where it is relative.
        threshold_mode: `"rel"` or `"abs"`.
        cooldown: How many observations are not counted after a reduction, a whole number >= 0.
        min_scale: The scale does not fall below it, from 0 to 1.
        mode: `"min"` if less is better, `"max"` if more is.

    Raises:
        TypeError: If an argument that is a number is given something else.
        ValueError: If an argument is out of its range, or not one of the words above.

    Example:
        >>> rule = Plateau(0.5, patience=1)
        >>> state = rule.start()
        >>> for loss in (1.0, 0.8, 0.8, 0.9, 0.7):
        ...     state = rule.update(state, loss)
        ...     print(state.scale, end=" ")
        1.0 1.0 1.0 0.5 0.5

    Reference:
        `torch.optim.lr_scheduler.ReduceLROnPlateau`.
    """

    factor: Reduction = 0.1
    patience: Count = 10
    _: KW_ONLY
    threshold: Threshold = 1e-4
    threshold_mode: ThresholdMode = "rel"
    cooldown: Count = 0
    min_scale: Scale = 0.0
    mode: Mode = "min"

    def start(self) -> PlateauState:
        """The state before the first observation."""
        return PlateauState(1.0, worst(self.mode), 0, 0)

    def update(self, state: Any, metric: Any) -> PlateauState:
        """The state after an observation.

        Args:
            state: What `start` or `update` gave, or a sequence of the same four numbers.
            metric: A number; or an array, or a tensor of PyTorch, JAX or TensorFlow, traced or not. The numbers of the
                new state are then of that kind, and each element follows the rule by itself.

        Returns:
            The new state; the old one is unchanged.

        Raises:
            TypeError: If `metric` is not a number, an array or a tensor, or `state` is not of this form.
            ValueError: If `metric` is beyond the float range, or the scale of a `state` that is not a `PlateauState` is
                negative or not finite.
        """
        # A training loop may observe at every update: what needs no reading is not read.
        x = metric if type(metric) is float else metric_value(metric)
        scale, best, bad, cooldown = state if type(state) is PlateauState else state_of(self, state)
        improved = better(self, x, best)
        best = where(improved, x, best)
        bad = where(improved, 0, bad + 1)
        cooling = cooldown > 0
        # Two shortcuts for numbers: as it is most of the time.
        if cooling is not False:
            bad = where(cooling, 0, bad)
            cooldown = where(cooling, cooldown - 1, cooldown)
        reduces = bad > self.patience
        if reduces is False:
            return PlateauState(scale, best, bad, cooldown)
        lowered = scale * self.factor
        lowered = where(lowered > self.min_scale, lowered, self.min_scale)
        return PlateauState(
            where(reduces, lowered, scale), best, where(reduces, 0, bad), where(reduces, self.cooldown, cooldown)
        )
