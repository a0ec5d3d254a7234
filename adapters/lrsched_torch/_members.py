"""Which schedule of a sequence belongs to which parameter group."""

from operator import is_

from torch.optim import Optimizer

from lrsched_core._errors import refusal


class Members:
    """The parameter groups that there are at the beginning: each keeps its schedule when others go.

    A group is known by its list of parameters: its dict is another one after `load_state_dict`.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self._params = [group["params"] for group in optimizer.param_groups]

    def places(self, optimizer: Optimizer) -> list[int] | None:
        """Return the place that each of the groups had at the beginning, or nothing where it has it still.

        Raises:
            ValueError: If a group had none.
        """
        params = [group["params"] for group in optimizer.param_groups]
        same_number = len(params) == len(self._params)
        if same_number and all(map(is_, params, self._params)):
            return None
        known = {id(each): place for place, each in enumerate(self._params)}
        places = [known.get(id(each)) for each in params]
        if same_number and all(place is None for place in places):
            # The parameters were exchanged in every group, as sharding does it.
            self._params = params
            return None
        for index, place in enumerate(places):
            if place is None:
                raise refusal(
                    ValueError,
                    "schedule",
                    "have one schedule for each parameter group",
                    f"none for group {index}, which was added later",
                    hint="a single schedule also covers groups added later.",
                )
        return [place for place in places if place is not None]
