"""Schedules by the names of parameter groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrsched_core import Plan
from lrsched_core._errors import refusal

from ._options import Group, names_of

# Where a parameter group has its name.
NAME = "name"
# What a name means that all frameworks share, where an optimizer has no option of that name itself.
_ELSEWHERE = {"momentum": "betas[0]", "beta1": "betas[0]", "beta2": "betas[1]"}


@dataclass(frozen=True)
class ByName:
    """What one option follows in each parameter group; nothing in those that leave it alone.

    Attributes:
        others: The schedule of the groups that are not named.
        named: The schedules of those that are.
    """

    others: Any
    named: Mapping[str, Any]

    def key(self, group: Group) -> str | None:
        """Return the name by which a group is known here; nothing if it is one of the others."""
        name = group.get("name")
        return name if name in self.named else None

    def of(self, group: Group) -> Any:
        """Return what a group follows."""
        key = self.key(group)
        return self.others if key is None else self.named[key]


def by_option(plan: Plan, groups: Sequence[Group]) -> dict[str, Any]:
    """Return what each option follows: a schedule, or, where groups are planned by name, the schedules by name.

    Raises:
        ValueError: If the plan names a group or an option that there is not, or a group follows no plan.
    """
    if not plan.groups:
        return _translated("schedule", plan, groups)
    names = [group.get("name") for group in groups]
    for name in plan.groups:
        if name not in names:
            known = ", ".join(repr(each) for each in names if each is not None) or "none"
            raise refusal(
                ValueError,
                "schedule.groups",
                "name parameter groups of the optimizer",
                f"{name!r}",
                hint=f'those that have a "name" are: {known}.',
            )
    for index, group in enumerate(groups):
        refuse_unplanned(plan, group, index)
    entries: dict[str | None, dict[str, Any]] = {
        None: _translated("schedule", plan, [group for group in groups if group.get("name") not in plan.groups])
    }
    for name, entry in plan.groups.items():
        members = [group for group in groups if group.get("name") == name]
        entries[name] = _translated(f"schedule.groups[{name!r}]", entry, members)
    options = dict.fromkeys(option for entry in entries.values() for option in entry)
    return {
        option: ByName(entries[None].get(option), {name: entries[name].get(option) for name in plan.groups})
        for option in options
    }


def names_lost(given: Any, groups: Sequence[Group], saved: Sequence[Group], *, keep: bool) -> list[tuple[int, Any]]:
    """Return the names that the groups lose when the optimizer's state is loaded, with the place of each.

    Args:
        given: What is followed; only a plan of groups goes by their names.
        groups: The groups that there are.
        saved: Those in the state. Torch takes them by their places, and takes over whatever they have.
        keep: Whether names may be others there; those that there are are kept.

    Raises:
        ValueError: If they are, since a group would then follow the plan of another.
    """
    if not isinstance(given, Plan) or not given.groups:
        return []
    lost = []
    for index, (group, other) in enumerate(zip(groups, saved, strict=False)):
        now, before = group.get(NAME), other.get(NAME)
        if now == before:
            continue
        if before is not None and not keep:
            raise refusal(
                ValueError,
                "state_dict",
                f"have {'no name' if now is None else repr(now)} for parameter group {index}, as the optimizer has",
                repr(before),
                hint="give it its groups in the order of the checkpoint; on_change='keep' takes them as they come.",
            )
        lost.append((index, now))
    return lost


def refuse_unplanned(plan: Plan, group: Group, index: int) -> None:
    """Refuse a parameter group that a plan of groups says nothing of.

    Raises:
        ValueError: If the plan has neither the group's name nor anything for the others.
    """
    name = group.get("name")
    if not len(plan) and name not in plan.groups:
        got = f'none for group {index}, which has no "name"' if name is None else f"none for group {index}, {name!r}"
        raise refusal(
            ValueError,
            "schedule.groups",
            "have a plan for each parameter group",
            got,
            hint="Plan(groups=..., lr=...) says what the others follow.",
        )


def _translated(argument: str, plan: Plan, groups: Sequence[Group]) -> dict[str, Any]:
    """Return the schedules of a plan by torch's options."""
    return {option: plan[name] for name, option in options_of(argument, [*plan], groups).items()}


def options_of(argument: str, names: Sequence[str], groups: Sequence[Group]) -> dict[str, str]:
    """Return the option of the parameter groups that each name means.

    Raises:
        ValueError: If it means none that all of the groups have, or two names mean the same.
    """
    known = names_of(groups)
    found: dict[str, str] = {}
    for name in names:
        meant = [each for each in (name, _ELSEWHERE.get(name, name)) if each in known or not groups]
        option = meant[0] if meant else None
        if option is None:
            whose = "every parameter group has" if argument == "schedule" else "its parameter groups have"
            raise refusal(
                ValueError,
                argument,
                f"name options that {whose}",
                f"{name!r}",
                hint=f"they have {', '.join(map(repr, known))}.",
            )
        for other, same in found.items():
            if same == option:
                raise refusal(ValueError, argument, "name each option once", f"{other!r} and {name!r}, both {option!r}")
        found[name] = option
    return found
