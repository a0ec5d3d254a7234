"""The rule of a callback: what it is shown, and what it has made of that."""

import warnings
from typing import Any

import keras

from lrsched_core._errors import refusal, refuse
from lrsched_core._run.remembered import one_number
from lrsched_core._run.rule import Rule


class Reaction:
    """A rule and its state; without a rule, a scale of 1.

    Attributes:
        rule: The rule, None if there is none.
        monitor: The name in the logs of what it is shown.
        state: What it remembers.
    """

    def __init__(self, rule: Any, monitor: Any, hyperparameters: tuple[str, ...]) -> None:
        if rule is not None:
            if not isinstance(rule, Rule):
                raise refuse(TypeError, "rule", "a rule, such as Plateau(0.5, patience=3)", rule)
            if "learning_rate" not in hyperparameters:
                raise refusal(
                    ValueError, "rule", "be left out where no learning rate is set", f"{rule!r}: it scales that alone"
                )
            if monitor is not None and not isinstance(monitor, str):
                raise refuse(TypeError, "monitor", "a name in the logs, or None", monitor)
        self.rule = rule
        self.monitor = monitor
        self._warned = False
        self.begin()

    def begin(self) -> None:
        """Forgets what it was shown."""
        self.state = None if self.rule is None else self.rule.start()

    @property
    def scale(self) -> float:
        """What multiplies the learning rate."""
        return 1.0 if self.state is None else float(self.state.scale)

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric."""
        if self.rule is None:
            message = "`observe` needs a rule: ScheduleCallback(schedule, rule=Plateau(...))."
            raise TypeError(message)
        if keras.ops.is_tensor(metric) or isinstance(metric, keras.Variable):
            metric = keras.ops.convert_to_numpy(metric)
        # What Keras, NumPy and JAX give is an array of one element; a state is of plain numbers.
        self.state = self.rule.update(self.state, one_number(metric))

    def end_of_epoch(self, epoch: int, logs: dict[str, Any] | None) -> None:
        """Logs the scale that the epoch has used, and shows the rule the metric."""
        known = [] if logs is None else [*logs]
        metric = None if logs is None or self.monitor is None else logs.get(self.monitor)
        if logs is not None:
            logs["scale"] = self.scale
        if self.monitor is None:
            return
        if metric is not None:
            self.observe(metric)
        elif not self.monitor.startswith("val_"):
            raise refuse(ValueError, "monitor", f"in the logs, which have {', '.join(known)}", self.monitor)
        elif not self._warned:
            # With `validation_freq`, not every epoch has one.
            self._warned = True
            warnings.warn(
                f"`monitor` {self.monitor!r} is not in the logs of epoch {epoch + 1}, which have {', '.join(known)}: "
                "the rule is shown nothing. Hint: fit(..., validation_data=...), or another monitor.",
                UserWarning,
                stacklevel=4,
            )
