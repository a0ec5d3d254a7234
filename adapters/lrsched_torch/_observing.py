"""What a scheduler makes of a metric, by its rule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lrsched_core._errors import refusal

from ._edits import Edits
from ._options import Group
from ._resuming import Resuming

if TYPE_CHECKING:
    from weakref import ref


class Observing(Resuming):
    """The part of a `ScheduleLR` that reacts to a metric: the rate in force is the schedule's times its scale."""

    # Who has set which option last, and who this is there.
    _writers: "dict[str, ref[Any] | None]"
    _me: "ref[Any]"
    # The groups that have the last rates, known by their lists of parameters.
    _holders: Sequence[Any] = ()
    # Whether the rates are asked for here, to be set.
    _setting: bool = False

    def _shares(self) -> list[Any]:
        raise NotImplementedError

    def _edits_at(self, edits: Edits, groups: Sequence[Group], epoch: int | None) -> Edits:
        raise NotImplementedError

    @property
    def scale(self) -> float:
        """What the rule multiplies the schedule by, 1.0 without one."""
        return 1.0 if self._reaction is None else self._reaction.scale

    @property
    def rule_state(self) -> Any:
        """What the rule remembers, plain numbers; `None` without a rule."""
        return None if self._reaction is None else self._reaction.state

    def observe(self, metric: Any) -> None:
        """Hands the rule a metric, as often as it is known: after an epoch, or after each validation.

        Where that changes the scale, the rates are changed at once, for the next update: those of all groups alike, and
        no other option. What somebody else has made of a rate since stays until the next `step()`, as it would have;
        with `on_edit="keep"` it is scaled as well.

        On several processes, each has to be handed the same metric: reduce it first.

        Args:
            metric: A number, or an array or tensor of one element.

        Raises:
            TypeError: If it is not a number.
            ValueError: If it has several elements; if there is no rule; if a rate leaves the float range.
        """
        reaction = self._reaction
        if reaction is None:
            raise refusal(
                ValueError, "rule", "be given for observe(metric)", "None", hint="ScheduleLR(..., rule=Plateau())."
            )
        before = reaction.state
        reaction.observe(metric)
        after = reaction.state
        if after.scale == before.scale:
            return
        if self.last_epoch < 0:
            return
        edits = self._edits
        if "lr" not in self._in_force():
            if edits is None or self._writers.get("lr") is not self._me:
                return
            # What others have made of the rates that were set, with the scale that held then.
            reaction.set(before)
            edits = self._edits_at(edits, self.optimizer.param_groups, None)
            reaction.set(after)
        try:
            rates = self._values_at(self.last_epoch, edits)["lr"]
        except BaseException:
            reaction.set(before)
            raise
        self._set({"lr": rates})

    def _scaled_shares(self) -> list[Any]:
        return [rate and rate * self.scale for rate in self._shares()]
