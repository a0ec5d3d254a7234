"""What may have gone wrong, in words, and what to do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrsched_core._run.audit.clocks import Clock


@dataclass(frozen=True)
class Cause:
    """One thing that went wrong.

    Attributes:
        kind: `"shift"`, `"fast"`, `"slow"`, `"epochs"`, `"phantom"`, `"factor"`, `"horizon"`, `"held"`,
            `"restart"`, `"twice"`, `"jump"` or `"stale"`.
        value: By how much: updates, a factor, a rate or a time, as `text` says.
        since: From which update on, 0 for the whole log.
        text: What happened.
        advice: What to do.
    """

    kind: str
    value: float
    since: float
    text: str
    advice: str

    def __str__(self) -> str:
        return f"{self.text}\n  {self.advice}"


def _from(since: float) -> str:
    return f"from t = {since:,.10g} on, " if since else ""


def of_clock(clock: "Clock", stop: float, since: float) -> Cause:
    """The clock is another one."""
    k, asked = clock.k, f"update t used schedule({clock.text})"
    if clock.kind == "shift":
        late = "late" if k < 0 else "early"
        by = "one update" if abs(k) == 1 else f"{abs(k):g} updates"
        advice = (
            "See when the scheduler is stepped: after each optimizer step, and only then. If a row of this log means "
            "the rate of another update than was assumed, say so by the offset."
        )
        return Cause("shift", k, since, f"{_from(since)}each rate comes {by} {late}: {asked}.", advice)
    if clock.kind.startswith("fast"):
        advice = (
            "Step the scheduler once for each optimizer update. Counted were perhaps processes (Accelerate steps a "
            f"prepared scheduler once for each), micro-batches of an accumulated update, or calls; "
            f"`schedule.stretch({k:g})` makes a plan in those."
        )
        return Cause("fast", k, since, f"{_from(since)}the clock runs {k:g} times as fast: {asked}.", advice)
    if clock.kind == "epochs":
        advice = (
            f'Step the scheduler at each update, not once in {k:g} of them: `interval="step"` in Lightning, '
            f'`unit="batch"` in Keras. A plan in epochs is made one in updates by `schedule.stretch({k:g})`.'
        )
        return Cause("epochs", k, since, f"{_from(since)}the clock counts epochs of {k:g} updates: {asked}.", advice)
    if clock.kind == "phantom":
        advice = (
            "Keras does so at the end of each epoch of data whose length it does not know, on TensorFlow: say "
            "`steps_per_epoch=`."
        )
        text = f"{_from(since)}the clock counts one more after every {k:g} updates: {asked}."
        return Cause("phantom", k, since, text, advice)
    if clock.kind == "slow":
        advice = "Count optimizer updates, and see that the horizon is in updates, too."
        return Cause("slow", k, since, f"{_from(since)}the clock runs {k:g} times as slowly: {asked}.", advice)
    end = clock.since + (stop - clock.since) / k
    end = float(round(end)) if abs(end - round(end)) < 1e-9 * end else end  # k is rounded
    return Cause(
        "horizon",
        end,
        since,
        f"{_from(since)}the plan ends at t = {end:,.10g}, not {stop:,.10g}: {asked}.",
        "Compare the number of updates of the run with that of the plan: epochs, batches that are left out, "
        "accumulation and processes change it.",
    )


def of_factor(factor: float, since: float) -> Cause:
    """Every rate is multiplied."""
    advice = (
        "A schedule is absolute. `LambdaLR` multiplies by the optimizer's own rate, which then has to be 1; a group's "
        "own base rate, or one that was scaled with the batch size, does as much."
    )
    return Cause("factor", factor, since, f"{_from(since)}every rate is multiplied by {factor:.9g}.", advice)


def of_ahead(ahead: float, resumed: float, since: float) -> Cause:
    """The clock jumped, by so much, where it said `resumed`."""
    if ahead == -resumed:
        return Cause(
            "restart",
            ahead,
            since,
            f"from t = {since:,.10g} on, the schedule began again at its own 0.",
            "Load the scheduler's state when the run is resumed, or build it with the number of completed updates.",
        )
    if ahead == resumed:
        return Cause(
            "twice",
            ahead,
            since,
            f"from t = {since:,.10g} on, what was completed before counts twice: the clock is {ahead:,.10g} ahead.",
            "Either load the scheduler's state or build it at the completed updates, not both.",
        )
    way = "ahead" if ahead > 0 else "behind"
    return Cause(
        "jump",
        ahead,
        since,
        f"from t = {since:,.10g} on, the clock is {abs(ahead):,.10g} {way}.",
        "See what the run was resumed from there: the scheduler's count and the log's do not belong together.",
    )


def of_stale(rate: float, since: float, until: float) -> Cause:
    """A rate that did not belong there, and then the right one again."""
    rows = f"at t = {since:,.10g}" if since == until else f"from t = {since:,.10g} to {until:,.10g}"
    return Cause(
        "stale",
        rate,
        since,
        f"{rows} an older rate was still in force: {rate:.9g}.",
        "After loading the optimizer's and the scheduler's state, set the rate anew before the first update "
        "(`ScheduleLR` does).",
    )


def of_held(rate: float, since: float, initial: bool) -> Cause:
    """A rate that nobody sets."""
    return Cause(
        "held",
        rate,
        since,
        f"{_from(since)}the rate is {rate:.9g} and does not change{', the first of the plan' if initial else ''}.",
        "Nobody schedules it: see whether this optimizer, or group, has a scheduler that is stepped.",
    )
