"""The rule of a callback: what it is shown, and what it has made of that."""

import warnings
from typing import Any

import keras

from lrsched_core._errors import refusal, refuse
from lrsched_core._run import remembered


class Reaction(remembered.Reaction):
    """A rule at work; without a rule, a scale of 1.

    Attributes:
        monitor: The name in the logs of what it is shown.
    """

    def __init__(self, rule: Any, monitor: Any, hyperparameters: tuple[str, ...]) -> None:
        super().__init__(rule)
        if rule is not None:
            if "learning_rate" not in hyperparameters:
                raise refusal(
                    ValueError, "rule", "be left out where no learning rate is set", f"{rule!r}: it scales that alone"
                )
            if monitor is not None and not isinstance(monitor, str):
                raise refuse(TypeError, "monitor", "a name in the logs, or None", monitor)
        self.monitor = monitor
        self._warned = False

    def observe(self, metric: Any) -> None:
        """Shows the rule a metric."""
        if self.rule is None:
            message = "`observe` needs a rule: ScheduleCallback(schedule, rule=Plateau(...))."
            raise TypeError(message)
        if keras.ops.is_tensor(metric) or isinstance(metric, keras.Variable):
            metric = keras.ops.convert_to_numpy(metric)
        super().observe(metric)

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
