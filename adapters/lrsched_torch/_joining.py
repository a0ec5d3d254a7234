"""Parameter groups that join while a schedule runs."""

from collections.abc import Iterable

from torch.optim import Optimizer

from ._courses import Course


class Joining:
    """The parameter groups that are known, so that one that joins is noticed.

    A group is known by its list of parameters: its dict is another one after `load_state_dict`.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._params = [group["params"] for group in optimizer.param_groups]
        # A group that joins comes last: while this one does, none has joined.
        self.last = self._params[-1] if self._params else None

    def admit(self, optimizer: Optimizer, courses: Iterable[Course], t: int, scale: float) -> None:
        """Take in the groups that have joined at `t`, where a rule scales the rates, or refuse them.

        Raises:
            ValueError: If a group would be flattened, or what it was given is no share of a factor of 0.
        """
        groups = optimizer.param_groups
        known = set(map(id, self._params))
        new = [index for index, group in enumerate(groups) if id(group["params"]) not in known]
        # If the parameters were exchanged in every group, as sharding does it, none has joined.
        if not len(new) == len(self._params) == len(groups):
            owns = [
                (course.option, groups[index], course.own_of_joined(groups, index, t, scale))
                for course in courses
                for index in new
            ]
            # Once all of them are taken.
            for option, group, own in owns:
                if own is not None:
                    option.set_own(group, own)
        self.accept(optimizer)

    def accept(self, optimizer: Optimizer) -> None:
        """Take the groups that there are for known."""
        self._params = [group["params"] for group in optimizer.param_groups]
        self.last = self._params[-1] if self._params else None
