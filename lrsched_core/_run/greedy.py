"""A rule that raises the rate while a metric improves, and lowers it when it does not."""

from dataclasses import KW_ONLY
from typing import Any, NamedTuple

from lrsched_core._run.choice import either, metric_value, where
from lrsched_core._run.fields import (
    Ceiling,
    Count,
    Mode,
    PositiveCount,
    Reduction,
    Scale,
    Threshold,
    ThresholdMode,
    Window,
)
from lrsched_core._run.rule import Rule, better, state_of, worst


class GreedyState(NamedTuple):
    """What `Greedy` remembers: plain numbers, or traced ones.

    Attributes:
        scale: What multiplies the schedule.
        best: The best metric so far; at the start, infinity with the sign that is worst.
        good: The number of observations in a row that were an improvement.
        bad: The number of observations in a row that were none.
        cooldown: The number of coming observations that are skipped, after a reduction.
        warmup: The number of coming observations that are skipped, after a rise.
        left: The number of reductions at `min_scale` that are left before the rule starts over.
        seen: The number of values in `window` that were observed.
        window: The last observations, the newest last; empty where each counts alone.
    """

    scale: Any
    best: Any
    good: Any
    bad: Any
    cooldown: Any
    warmup: Any
    left: Any
    seen: Any
    window: tuple[Any, ...]


class Greedy(Rule):
    r"""Raises the rate after more than `patience` improvements in a row, lowers it after more than `patience` without.

    A rise divides the scale by `factor`, a reduction multiplies it. An observation improves on the best one as in
    `Plateau`; NaN never does. After a rise, `warmup` observations are skipped; after a reduction, `cooldown` of them.
    At the `reset`-th reduction that ends at `min_scale` without a rise between, the rule starts over.

    The decisions are those of `transformers.GreedyLR` on a rate of 1, with three differences: a relative threshold is
    of the metric's absolute value, as in `Plateau`; a NaN among the last `window` observations is forgotten with them
    (there it stays in the running sum); and there is no `eps`.

    Args:
        factor: What a reduction multiplies the scale by, and a rise divides it by, > 0 and < 1.
        patience: How many observations in a row change nothing yet, a whole number >= 0.
        threshold: How much better an improvement has to be, >= 0; below 1 where it is relative.
        threshold_mode: `"abs"` or `"rel"`.
        cooldown: How many observations are skipped after a reduction, a whole number >= 0.
        warmup: How many are skipped after a rise, a whole number >= 0.
        min_scale: The scale does not fall below it, from 0 to 1.
        max_scale: The scale does not rise above it, >= 1.
        window: The mean of so many observations is what is compared, a whole number from 1 to 10,000.
        reset: How many reductions may end at `min_scale`, a whole number >= 1.
        mode: `"min"` if less is better, `"max"` if more is.

    Raises:
        TypeError: If an argument that is a number is given something else.
        ValueError: If an argument is out of its range, or not one of the words above.

    Example:
        >>> rule = Greedy(0.5, patience=1, max_scale=4.0)
        >>> state = rule.start()
        >>> for loss in (1.0, 0.8, 0.6, 0.6, 0.6):
        ...     state = rule.update(state, loss)
        ...     print(state.scale, end=" ")
        1.0 2.0 2.0 2.0 1.0

    Reference:
        GreedyLR: A Novel Adaptive Learning Rate Scheduler, 2025, arXiv:2512.14527; `transformers.GreedyLR`.
    """

    factor: Reduction = 0.95
    patience: Count = 10
    _: KW_ONLY
    threshold: Threshold = 1e-6
    threshold_mode: ThresholdMode = "abs"
    cooldown: Count = 0
    warmup: Count = 0
    min_scale: Scale = 1e-3
    max_scale: Ceiling = 1.0
    window: Window = 1
    reset: PositiveCount = 500
    mode: Mode = "min"

    def start(self) -> GreedyState:
        """The state before the first observation."""
        window = (0.0,) * self.window if self.window > 1 else ()
        return GreedyState(1.0, worst(self.mode), 0, 0, 0, 0, self.reset, 0, window)

    def update(self, state: Any, metric: Any) -> GreedyState:
        """The state after an observation.

        Args:
            state: What `start` or `update` gave, or a sequence of the same values.
            metric: A number, an array or a tensor, as `Plateau.update` takes it.

        Returns:
            The new state; the old one is unchanged.

        Raises:
            TypeError: If `metric` is not a number, an array or a tensor, or `state` is not of this form.
            ValueError: If `metric` is beyond the float range, or the scale of a `state` that is not a `GreedyState` is
                negative or not finite.
        """
        old = state if type(state) is GreedyState and self._has(state.window) else state_of(self, state)
        x, seen, window = self._smoothed(old, metric_value(metric))
        cooling, warming = old.cooldown > 0, old.warmup > 0
        skips = either(cooling, warming)
        improved = where(skips, False, better(self, x, old.best))
        best = where(improved, x, old.best)
        good = where(improved, old.good + 1, 0)
        bad = where(skips, 0, where(improved, 0, old.bad + 1))
        cooldown = where(cooling, old.cooldown - 1, old.cooldown)
        warmup = where(cooling, old.warmup, where(warming, old.warmup - 1, old.warmup))
        rises, falls = good > self.patience, bad > self.patience
        raised, lowered = old.scale / self.factor, old.scale * self.factor
        raised = where(raised < self.max_scale, raised, self.max_scale)
        lowered = where(lowered > self.min_scale, lowered, self.min_scale)
        left = where(falls, where(lowered > self.min_scale, old.left, old.left - 1), old.left)
        begins_anew = left <= 0
        scale = where(rises, raised, where(falls, lowered, old.scale))
        return GreedyState(
            where(begins_anew, 1.0, scale),
            where(begins_anew, worst(self.mode), best),
            where(rises, 0, good),
            where(falls, 0, bad),
            where(falls, self.cooldown, cooldown),
            where(begins_anew, 0, where(rises, self.warmup, warmup)),
            where(either(begins_anew, rises), self.reset, left),
            where(begins_anew, 0, seen),
            tuple([where(begins_anew, 0.0, value) for value in window]),
        )

    def _has(self, window: Any) -> bool:
        return type(window) is tuple and len(window) == (self.window if self.window > 1 else 0)

    def _smoothed(self, state: GreedyState, x: Any) -> tuple[Any, Any, tuple[Any, ...]]:
        if self.window == 1:
            return x, state.seen, ()
        window = (*state.window[1:], x)
        seen = where(state.seen < self.window, state.seen + 1, state.seen)
        total = sum(window[1:], window[0])  # those that were not observed yet are 0
        mean = total
        for count in range(2, self.window + 1):
            # By a plain number, whatever the dtypes of metric and counter.
            mean = where(seen == count, total / count, mean)
        return mean, seen, window
