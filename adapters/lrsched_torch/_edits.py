"""What others make of the rates that a schedule has set, where that is to last."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ._options import Group, Option, are_same

LR = Option("lr")


class Edits(NamedTuple):
    """By how much others have scaled the rate of each group, all in all.

    This is one scheduler's own: what a group was given stays as it was, for others on the same optimizer.

    Attributes:
        params: The groups, known by their lists of parameters.
        scales: The scale of each.
    """

    params: Sequence[Any] = ()
    scales: Sequence[float] = ()

    def of(self, groups: Sequence[Group]) -> Sequence[float]:
        """Return the scale of each group; 1 of one that is not known."""
        if are_same(groups, self.params):
            return self.scales
        known = {id(params): scale for params, scale in zip(self.params, self.scales, strict=True)}
        return [known.get(id(group["params"]), 1.0) for group in groups]

    def among(self, groups: Sequence[Group]) -> "Edits":
        """Return the edits of the groups that there are."""
        return edits(groups, self.of(groups))

    def seen(self, groups: Sequence[Group], last: Sequence[float], unscaled: Callable[[], Sequence[float]]) -> "Edits":
        """Return the edits with those that were made since the last step.

        Args:
            groups: The groups that there are.
            last: What the known groups had been set to.
            unscaled: Gives what the groups that there are would have without any edit.
        """
        if len(last) != len(self.params):
            return self.among(groups)
        if len(groups) == len(last) and all(
            group["params"] is params and type(rate := group["lr"]) is float and rate == before
            for group, params, before in zip(groups, self.params, last, strict=True)
        ):
            # As it mostly is.
            return self
        known = {id(params): rate for params, rate in zip(self.params, last, strict=True)}
        scales = []
        for index, (group, scale) in enumerate(zip(groups, self.of(groups), strict=True)):
            before = known.get(id(group["params"]))
            if before is None or LR.has(group, before):
                scales.append(scale)
            elif before:
                scales.append(scale * (LR.held(group) / before))
            else:
                share = unscaled()[index]
                # Nothing scales a rate of 0.
                scales.append(LR.held(group) / share if share else scale)
        return edits(groups, scales)


def edits(groups: Sequence[Group], scales: Sequence[float]) -> Edits:
    """Return the edits of the groups that there are."""
    return Edits([group["params"] for group in groups], scales)


def found(groups: Sequence[Group]) -> Edits:
    """Return what others have made of what each group was given, before a schedule begins."""
    pairs = [(LR.held(group), LR.own(group)) for group in groups]
    return edits(groups, [rate / own if rate and own else 1.0 for rate, own in pairs])
