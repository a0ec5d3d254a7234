"""Clocks that a schedule may have been asked by, instead of the number of completed updates."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Clock(NamedTuple):
    """From the update to the time at which the schedule was asked.

    Attributes:
        kind: `"planned"`, `"shift"`, `"fast"`, `"fast-last"`, `"slow"`, `"epochs"`, `"phantom"` or `"horizon"`.
        k: How far it is shifted, how many times as fast or slow it is, or at how many times the pace a horizon comes.
        since: From when on, for a horizon.
    """

    kind: str
    k: Any = 0
    since: Any = 0

    def times(self, t: Any) -> Any:
        """The time at which the schedule is asked for update `t`."""
        return _TIMES[self.kind](t, self.k, self.since)

    @property
    def cost(self) -> float:
        """How far-fetched it is."""
        odd = abs(self.k) > 1 if self.kind == "shift" else self.kind in ("fast", "slow") and self.k % 1 != 0
        return _COSTS[self.kind] + (0.3 if odd else 0)

    @property
    def text(self) -> str:
        """For which argument the schedule was asked at update t."""
        return str(_TEXTS[self.kind](self.k, self.since))


def _signed(k: float) -> str:
    return f"t + {k:g}" if k > 0 else f"t - {-k:g}"


_TIMES: dict[str, Any] = {
    "planned": lambda t, k, since: t,
    "shift": lambda t, k, since: t + k,
    "fast": lambda t, k, since: t * k,
    "fast-last": lambda t, k, since: (t + 1) * k - 1,
    "slow": lambda t, k, since: t / k,
    "epochs": lambda t, k, since: t // k,
    "phantom": lambda t, k, since: t + t // k,
    "horizon": lambda t, k, since: t + (k - 1) * (abs(t - since) + t - since) / 2,
}
_COSTS = {
    "planned": 0.0, "shift": 1.0, "fast": 1.2, "fast-last": 1.25, "epochs": 1.2, "slow": 1.3, "horizon": 1.4,
    "phantom": 1.45,
}  # fmt: skip
_TEXTS: dict[str, Any] = {
    "planned": lambda k, since: "t",
    "shift": lambda k, since: _signed(k),
    "fast": lambda k, since: f"{k:g} * t",
    "fast-last": lambda k, since: f"{k:g} * (t + 1) - 1",
    "slow": lambda k, since: f"t / {k:g}",
    "epochs": lambda k, since: f"t // {k:g}",
    "phantom": lambda k, since: f"t + t // {k:g}",
    "horizon": lambda k, since: f"{since:g} + {k:.6g} * (t - {since:g})" if since else f"{k:.6g} * t",
}
PLANNED = Clock("planned")
